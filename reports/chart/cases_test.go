package chart_test

import (
	"html/template"
	"math"
	"strconv"
	"strings"
	"time"

	"strata/reports/chart"
)

// drawing is a chart with a name.
type drawing struct {
	name string
	svg  template.HTML
}

// points are a size a day with limits.
func points(days int) []chart.LinePoint {
	begin := time.Date(2026, 8, 5, 0, 0, 0, 0, time.UTC)
	list := make([]chart.LinePoint, days)
	for i := range list {
		value := 4000 + 200*math.Sin(float64(i)/7*2*math.Pi) + 12*float64(i)
		list[i] = chart.LinePoint{At: begin.AddDate(0, 0, i), Value: math.Round(value), Low: math.NaN(), High: math.NaN()}
		if i > 20 {
			list[i].Low, list[i].High = math.Round(value-420), math.Round(value+420)
		}
	}
	if days > 50 {
		list[45].Value, list[45].Alert = 3100, "size: −24%"
		list[30].Value = math.NaN()
	}
	return list
}

// square is how parts of n things overlap, by a rule of their numbers.
func square(n int) chart.HeatMapChart {
	h := chart.HeatMapChart{Format: chart.Decimals(2), Legend: "Jaccard: customers in both by those in either", High: 1}
	for i := range n {
		h.Names = append(h.Names, "segment_number_"+strconv.Itoa(i))
		row := make([]float64, n)
		for j := range n {
			row[j] = 1 / (1 + math.Abs(float64(i-j)))
			if i == j {
				row[j] = math.NaN()
			}
		}
		h.Cells = append(h.Cells, row)
	}
	h.Said = func(i, j int) string { return h.Names[i] + " in " + h.Names[j] }
	return h
}

func upset(parts int) chart.UpSetChart {
	u := chart.UpSetChart{Of: "customers"}
	for i := range 9 {
		u.Sets = append(u.Sets, chart.UpSetSet{Name: "a_rather_long_segment_name_" + strconv.Itoa(i), Size: float64(90000 - i*7001)})
	}
	for i := range parts {
		p := chart.UpSetPart{Count: math.Round(50000 / float64(i+1))}
		for k := range 9 {
			if (i+1)>>k&1 == 1 {
				p.Sets = append(p.Sets, k)
			}
		}
		u.Parts = append(u.Parts, p)
	}
	return u
}

func waterfall() chart.WaterfallChart {
	return chart.WaterfallChart{
		First: "members on 1 October", Last: "members on 31 October", Start: 14393,
		Steps: []chart.WaterfallStep{
			{Name: "clock: ordered in the last 90 days", Delta: -1640},
			{Name: "data: spend > 500", Delta: -402},
			{Name: "customers created or removed", Delta: 130},
			{Name: "edit of the rule", Delta: 0},
		},
	}
}

func forest() chart.DotChart {
	return chart.DotChart{
		Reference: 0.112, ReferenceName: "all customers", Format: chart.Percent,
		Groups: []chart.DotGroup{
			{Heading: "Conversion", Rows: []chart.DotRow{
				{Name: "vip", Value: 0.41, Low: 0.372, High: 0.449, Words: "41.0% (37.2–44.9) of 839", Star: true},
				{Name: "lapsed_6_months_fashion", Value: 0.02, Low: 0.011, High: 0.037, Words: "2.0% (1.1–3.7) of 1,204", Star: true},
				{Name: "buyers, circular by definition", Value: 1, Low: 0.99, High: 1, Words: "100% of 3,977", Muted: true},
			}},
			{Heading: "Too few", Rows: []chart.DotRow{{Name: "tiny", Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Words: "fewer than 30 members", Muted: true}}},
		},
	}
}

const hostile = `</text><script>alert("x")</script>` + "\u202e\x00\x1b[31m" + ` & 'friends' ` + "\u0e01\u0e33 汉字汉字汉字"

// figure is that of a case.
func figure(id string, width float64) chart.Figure {
	return chart.Figure{ID: id, Title: "What " + strings.ReplaceAll(id, "-", " ") + " shows", Desc: "A sentence about it.", Width: width}
}

// lines are two series around zero, the second one with a hole.
func lines(f chart.Figure) chart.LineChart {
	l := chart.LineChart{Figure: f, Name: "recipients", OtherName: "customers like them who got nothing", Format: chart.Decimals(1)}
	for i, p := range points(20) {
		p.Value = float64(i) - 6
		p.Low, p.High = p.Value-2, p.Value+2
		l.Points = append(l.Points, p)
		l.Others = append(l.Others, float64(i)/2-3)
	}
	l.Others[12] = math.NaN()
	return l
}

// shrunken are rows with a second number each.
func shrunken() chart.DotChart {
	d := forest()
	d.AlsoName = "drawn towards the mean of all by how little is known"
	for i := range d.Groups[0].Rows {
		r := &d.Groups[0].Rows[i]
		mid := (r.Value + d.Reference) / 2
		r.Also = &mid
	}
	return d
}

// drawings are all kinds of chart, wide and narrow.
func drawings() []drawing {
	var all []drawing
	for _, width := range []float64{720, 340} {
		at := func(name string) (string, chart.Figure) {
			name += "-" + strconv.Itoa(int(width))
			return name, figure(name, width)
		}
		add := func(name string, svg template.HTML) { all = append(all, drawing{name, svg}) }
		name, f := at("line")
		ps := points(80)
		add(name, chart.Line(chart.LineChart{Figure: f, Points: ps, From: ps[49].At}))
		name, f = at("line-two")
		add(name, chart.Line(lines(f)))
		name, f = at("heat")
		h := square(12)
		h.Figure = f
		add(name, chart.HeatMap(h))
		name, f = at("heat-dense")
		h = square(36)
		h.Figure = f
		add(name, chart.HeatMap(h))
		name, f = at("upset")
		u := upset(20)
		u.Figure = f
		add(name, chart.UpSet(u))
		name, f = at("waterfall")
		w := waterfall()
		w.Figure = f
		add(name, chart.Waterfall(w))
		name, f = at("dots")
		d := forest()
		d.Figure = f
		add(name, chart.DotPlot(d))
		name, f = at("dots-also")
		d = shrunken()
		d.Figure = f
		add(name, chart.DotPlot(d))
		name, f = at("bars")
		add(name, chart.Bars(chart.BarChart{Figure: f, Rows: []chart.BarRow{{Name: "up", Value: 12.5}, {Name: "down", Value: -7}, {Name: "?", Value: math.NaN()}}, Format: chart.Decimals(1)}))
		name, f = at("nothing")
		add(name, chart.Nothing(f, "no history yet: 5 points, 8 needed of one weekday or 14 of any"))
		name, f = at("hostile")
		f.Title, f.Desc = hostile, hostile
		d = forest()
		d.Figure, d.ReferenceName, d.Groups[0].Heading = f, hostile, hostile
		d.Groups[0].Rows[0].Name, d.Groups[0].Rows[1].Words, d.Groups[0].Rows[0].Note = hostile, hostile, hostile
		add(name, chart.DotPlot(d))
	}
	return all
}

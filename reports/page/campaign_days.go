package page

import (
	"fmt"
	"html/template"
	"math"
	"strconv"

	"strata/reports"
	"strata/reports/chart"
)

// days draws how the difference in the primary metric grew.
func (w *campaignWriter) days() []block {
	if len(w.Days) == 0 || len(w.Comparisons) == 0 || len(w.Comparisons[0].Effects) == 0 {
		return nil
	}
	e := w.Comparisons[0].Effects[0]
	band := "The band is the 95% interval of a single look at that day."
	if w.Interim {
		band = "The band holds at every look (95% confidence sequence), since the window is still open."
	}
	blocks := []block{{Text: []string{
		fmt.Sprintf("The difference in %s up to the end of each day since sending, of values as they are. %s Each day holds those before it, so that neighbours are alike.", labelOf(e), band),
	}}}
	var many []figure
	for i, d := range w.Days {
		switch {
		case len(d.Days) == 0:
		case i == 0:
			f := w.grown(d, e.Unit, false)
			blocks = append(blocks, block{Figure: &f})
		case i < campaignDrawn:
			many = append(many, w.grown(d, e.Unit, true))
		default:
			blocks = append(blocks, block{Heading: d.Treated + " against " + d.Control, Table: dayTable(d, e.Unit), Closed: true})
		}
	}
	if len(many) > 0 {
		blocks = append(blocks, block{Many: many})
	}
	return blocks
}

// grown draws a comparison, a small one for a place beside others.
func (w *campaignWriter) grown(d reports.CampaignDays, unit string, small bool) figure {
	points := make([]chart.LinePoint, len(d.Days))
	for i, day := range d.Days {
		points[i] = chart.LinePoint{At: day.Until.In(w.Manifest.Zone), Value: math.NaN(), Low: math.NaN(), High: math.NaN()}
		if day.Estimate != nil {
			points[i].Value = *day.Estimate
		}
		r := day.Range
		if w.Interim {
			r = day.Sequence
		}
		if r != nil {
			points[i].Low, points[i].High = r.Low, r.High
		}
	}
	line := chart.LineChart{Points: points, Zero: true, Format: func(x float64) string { return tickIn(unit, x) }}
	title := d.Treated + " against " + d.Control
	last := d.Days[len(d.Days)-1]
	desc := fmt.Sprintf("Difference of %s over %s.", title, plural(int64(len(d.Days)), "day", "days"))
	if last.Estimate != nil {
		desc += " At the end it is " + differenceIn(unit, *last.Estimate) + "."
	}
	draw := func(at chart.Figure) template.HTML {
		one := line
		one.Figure = at
		if at.Width > 400 {
			one.Height = 260
		}
		return chart.Line(one)
	}
	var f figure
	if small {
		f = figure{Wide: draw(chart.Figure{ID: w.id(), Title: title, Desc: desc, Width: 340})}
	} else {
		f = w.both(title, desc, draw)
	}
	f.Caption, f.Table = capital(d.Text), dayTable(d, unit)
	return f
}

// tickIn writes a difference on an axis, with the places that it needs.
func tickIn(unit string, x float64) string {
	sign := ""
	if x > 0 {
		sign = "+"
	}
	if unit == "percent" {
		return sign + chart.Decimals(places(100*x))(100*x) + " pp"
	}
	return sign + chart.Decimals(places(x))(x)
}

// places are the places that a round number has, four at most.
func places(x float64) int {
	for digits := range 4 {
		scaled := x * math.Pow(10, float64(digits))
		if math.Abs(scaled-math.Round(scaled)) < 1e-6 {
			return digits
		}
	}
	return 4
}

func dayTable(d reports.CampaignDays, unit string) *table {
	t := &table{Columns: columns("#day", "#"+d.Treated, "#"+d.Control, "#difference", "#95% interval, one look", "#95%, every look")}
	value := func(x *float64, write func(string, float64) string) string {
		if x == nil {
			return chart.Missing
		}
		return write(unit, *x)
	}
	for _, day := range d.Days {
		t.Rows = append(t.Rows, []string{
			strconv.Itoa(day.Day), value(day.Treated, valueIn), value(day.Control, valueIn), value(day.Estimate, differenceIn), rangeIn(unit, day.Range), rangeIn(unit, day.Sequence),
		})
	}
	return t
}

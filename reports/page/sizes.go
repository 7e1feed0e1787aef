package page

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"strata/reports"
	"strata/reports/chart"
)

// sizes shows the size of each unit in detail day by day, and all in a table.
func (w *writer) sizes() []block {
	if len(w.Drift) == 0 {
		return nil
	}
	shown, left := w.detailed()
	about := "The line is the size at each point; the band is where it would be as usual, judged by the same weekday of the eight weeks before (or by at least 14 days of any weekday), never by itself. " +
		"Marks are points beyond it, or days with unusual entries or exits. The dashed line is where the range begins; what is before is history."
	b := block{Text: []string{about}}
	if left > 0 {
		b.Text = append(b.Text, fmt.Sprintf("Shown are the %d of %d segments and stages with the worst verdict and, among these, the largest change; the other %d are in the table below.",
			len(shown), len(shown)+left, left))
	}
	for _, d := range shown {
		b.Many = append(b.Many, w.sizeFigure(d))
	}
	return []block{b, {Heading: "All sizes", Table: w.sizeTable()}}
}

// sizeFigure draws the series of a unit.
func (w *writer) sizeFigure(d reports.Drift) figure {
	m := d.Membership
	desc := fmt.Sprintf("Size of %s: %s, and %s at %s.", d.Name, w.sizeSentence(d), string(d.Size.Verdict), w.date(m.To))
	f := chart.Figure{ID: w.id(), Title: w.titled(d.Name), Desc: desc, Width: 340}
	out := figure{Caption: w.sizeSentence(d) + "; verdict: " + string(d.Size.Verdict)}
	if d.Size.Reason != "" && len(d.Size.Series) > 0 {
		out.Caption += " (" + d.Size.Reason + ")"
	}
	if text := w.leakSentence(d); text != "" {
		out.Caption += "; " + text
	}
	out.Caption = sentence(out.Caption)
	if len(d.Size.Series) == 0 {
		out.Wide = chart.Nothing(f, firstOf(d.Size.Reason, "there is no series of sizes"))
		return out
	}
	points, limits := w.linePoints(d)
	out.Wide = chart.Line(chart.LineChart{Figure: f, Points: points, From: m.From.In(w.Manifest.Zone), Height: 180})
	out.Table = w.seriesTable(d, limits)
	return out
}

// linePoints are the points of a series with the limits that there are, which are
// returned too, by time.
func (w *writer) linePoints(d reports.Drift) ([]chart.LinePoint, map[time.Time]reports.SizeLimit) {
	limits := map[time.Time]reports.SizeLimit{}
	for _, l := range d.Size.Limits(d.Membership.From, w.Manifest.Zone) {
		limits[l.At] = l
	}
	alerts := map[time.Time]string{}
	if l := d.Size.Leak; l != nil {
		alerts[l.Noticed] = w.leakSentence(d)
	}
	for _, f := range d.Size.Flags {
		alerts[f.At] = "unusual " + f.Flow
	}
	points := make([]chart.LinePoint, len(d.Size.Series))
	for i, p := range d.Size.Series {
		points[i] = chart.LinePoint{At: p.At.In(w.Manifest.Zone), Value: float64(p.Size), Low: math.NaN(), High: math.NaN(), Alert: alerts[p.At]}
		if l, ok := limits[p.At]; ok {
			points[i].Low, points[i].High = l.Low, l.High
		}
	}
	return points, limits
}

// seriesTable are the points of a series in the range.
func (w *writer) seriesTable(d reports.Drift, limits map[time.Time]reports.SizeLimit) *table {
	t := &table{Columns: columns("as of", "#size", "#entered", "#exited", "#limit below", "#limit above", "stands out")}
	flags := map[time.Time]string{}
	for _, f := range d.Size.Flags {
		flags[f.At] = fmt.Sprintf("%s, z %s", f.Flow, chart.Decimals(1)(f.Z))
	}
	before := 0
	for _, p := range d.Size.Series {
		if p.At.Before(d.Membership.From) {
			before++
			continue
		}
		row := []string{w.day(p.At), count(p.Size), count(p.Entered), count(p.Exited), "", "", flags[p.At]}
		if l, ok := limits[p.At]; ok {
			row[4], row[5] = chart.Count(math.Ceil(l.Low)), chart.Count(math.Floor(l.High))
		}
		t.Rows = append(t.Rows, row)
	}
	if before > 0 {
		t.Left = plural(int64(before), "point", "points") + " of history before the range have no row."
	}
	return t
}

// sizeTable has a row for each unit.
func (w *writer) sizeTable() *table {
	t := &table{Columns: columns("segment or stage", "#then", "#now", "#change", "#entered", "#exited", "#removed", "size", "members", "#note")}
	remarks := map[string]string{}
	note := func(text string) string {
		if text == "" {
			return ""
		}
		if remarks[text] == "" {
			remarks[text] = strconv.Itoa(len(remarks) + 1)
			t.Feet = append(t.Feet, remarks[text]+". "+sentence(text))
		}
		return remarks[text]
	}
	for _, d := range w.Drift {
		if d.Skipped != "" {
			t.Rows = append(t.Rows, []string{d.Name, "", "", "", "", "", "", "", "", note(d.Skipped)})
			continue
		}
		m := d.Membership
		composition, remark := chart.Missing, d.Size.Reason
		if c := d.Composition; c != nil {
			composition = string(c.Verdict)
			if remark == "" {
				remark = c.Reason
			}
		}
		t.Rows = append(t.Rows, []string{
			d.Name, count(m.Size0), count(m.Size1), change(m.Growth), count(m.Entered), count(m.Exited), count(m.Removed),
			string(d.Size.Verdict), composition, note(remark),
		})
	}
	return t
}

// titled is a unit's name, with what people call it where there is room.
func (w *writer) titled(name string) string {
	if title := w.Titles[name]; title != "" && title != name {
		return name + ": " + title
	}
	return name
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

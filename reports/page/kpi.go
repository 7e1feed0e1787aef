package page

import (
	"cmp"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"

	"strata/reports"
	"strata/reports/chart"
	"strata/reports/stats"
)

// mainMetrics are those that have a chart where nobody names any.
func mainMetrics() []string {
	return []string{"conversion", "revenue_per_customer", "aov", "repeat_rate", "click_rate", "unsubscribe_rate"}
}

// metrics shows a dot plot per metric, and all numbers in tables.
func (w *writer) metrics() []block {
	r := w.KPI
	if r == nil || len(r.Sets) == 0 || len(r.Metrics) == 0 {
		return nil
	}
	drawn := w.drawnMetrics()
	sets, left := w.drawnSets()
	about := block{Text: []string{
		"Members and all customers are those at the beginning of the period, so that nobody is a member because of what is then counted. " +
			"A dot is the value and the line its 95% interval; the dashed line is all customers. " +
			fmt.Sprintf("A star says that the difference from the rest is there after all %s of the report (false discovery rate below 5%%). ", plural(int64(r.Tests), "test", "tests")) +
			"What a rule decides by itself is marked as circular, in grey and without a star.",
	}}
	if left > 0 {
		about.Text = append(about.Text, fmt.Sprintf("Charts show %d of %s; the tables have all.", len(sets)-1, plural(int64(len(r.Sets)-1), "segment and stage", "segments and stages")))
	}
	blocks := []block{about}
	for _, j := range drawn {
		f := w.dots(j, sets)
		blocks = append(blocks, block{Figure: &f})
	}
	if more := len(r.Metrics) - len(drawn); more > 0 {
		blocks = append(blocks, block{
			Heading: "All metrics", Text: []string{fmt.Sprintf("%s without a chart, with the others, for all customers and each segment in detail.", plural(int64(more), "metric is", "metrics are"))},
			Table: w.metricTable(sets), Closed: true,
		})
	}
	return blocks
}

// drawnMetrics are the places of the metrics with a chart.
func (w *writer) drawnMetrics() []int {
	var places []int
	for j, m := range w.KPI.Metrics {
		name := m.Name
		if m.Currency != "" {
			name = strings.TrimSuffix(name, "_"+strings.ToLower(m.Currency))
		}
		if w.KPIAll || slices.Contains(mainMetrics(), name) || !m.BuiltIn && m.Form != reports.KPITotal {
			places = append(places, j)
		}
	}
	if len(places) == 0 {
		for j := range w.KPI.Metrics {
			places = append(places, j)
		}
	}
	return places
}

// drawnSets are the places of all customers and of the units in detail, and how
// many are left out.
func (w *writer) drawnSets() (places []int, left int) {
	r := w.KPI
	places = []int{0}
	shown, _ := w.detailed()
	for _, d := range shown {
		if i := slices.IndexFunc(r.Sets, func(s reports.KPISet) bool { return s.Name == d.Name }); i > 0 {
			places = append(places, i)
		}
	}
	if len(shown) == 0 {
		for i := 1; i < len(r.Sets) && i <= w.Detail; i++ {
			places = append(places, i)
		}
	}
	return places, len(r.Sets) - len(places)
}

// dots draws a metric.
func (w *writer) dots(metric int, sets []int) figure {
	r := w.KPI
	m := r.Metrics[metric]
	format := func(x float64) string { return inUnit(m, x) }
	d := chart.DotChart{Format: format, Ticks: ticksOf(m), Reference: math.NaN(), ReferenceName: "all customers", Zero: true}
	if v := r.Cells[0][metric].Value; v != nil && m.Form != reports.KPITotal {
		d.Reference = *v
	}
	var group chart.DotGroup
	stars := 0
	for _, i := range w.byValue(metric, sets) {
		c := r.Cells[i][metric]
		row := dotRow(m, c)
		row.Name = r.Sets[i].Name
		if i == 0 {
			row.Name, row.Muted = "all customers", true
		}
		if row.Star {
			stars++
		}
		group.Rows = append(group.Rows, row)
	}
	d.Groups = []chart.DotGroup{group}
	desc := fmt.Sprintf("%s of %s; %d differ from the rest.", m.Title, plural(int64(len(sets)-1), "segment or stage", "segments and stages"), stars)
	f := w.both(m.Title, desc, func(at chart.Figure) template.HTML {
		one := d
		one.Figure = at
		return chart.DotPlot(one)
	})
	f.Caption = "Counted as: " + m.Text
	f.Table = w.oneMetric(metric)
	return f
}

// byValue orders sets by their value, all customers first, those without at the
// end.
func (w *writer) byValue(metric int, sets []int) []int {
	order := slices.Clone(sets)
	value := func(i int) float64 {
		if v := w.KPI.Cells[i][metric].Value; v != nil {
			return *v
		}
		return math.Inf(-1)
	}
	slices.SortStableFunc(order[1:], func(a, b int) int { return cmp.Compare(value(b), value(a)) })
	return order
}

// dotRow is a cell as a row.
func dotRow(m reports.KPIMetric, c reports.KPICell) chart.DotRow {
	row := chart.DotRow{Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Star: c.Circle != reports.KPICircular && c.Difference.Star()}
	switch {
	case c.Few != "":
		row.Words, row.Muted = "too few to say: "+c.Few, true
		return row
	case c.Value == nil:
		row.Words, row.Muted = "n/a", true
		return row
	}
	row.Value, row.Words = *c.Value, inUnit(m, *c.Value)
	if c.Interval != nil {
		row.Low, row.High = c.Interval.Low, c.Interval.High
		row.Words += " (" + interval(m, c.Interval) + ")"
	}
	if c.Circle == reports.KPICircular {
		row.Muted = true
		row.Words += " circular"
	}
	if c.Lower > 0 {
		row.Note = "of " + chart.Count(c.Lower) + " " + m.Base
	}
	return row
}

// inUnit writes a value in the unit of its metric.
func inUnit(m reports.KPIMetric, x float64) string {
	switch m.Unit {
	case "percent":
		return chart.Percent(x)
	case "money":
		if math.Abs(x) >= 1000 || x == 0 {
			return chart.Count(x)
		}
		return chart.Decimals(2)(x)
	case "days":
		return chart.Decimals(1)(x)
	}
	if x == math.Trunc(x) {
		return chart.Count(x)
	}
	return chart.Decimals(2)(x)
}

func interval(m reports.KPIMetric, i *stats.Interval) string {
	if i == nil {
		return ""
	}
	return strings.TrimSuffix(inUnit(m, i.Low), "%") + "–" + inUnit(m, i.High)
}

// ticksOf writes the numbers of an axis: whole ones without places.
func ticksOf(m reports.KPIMetric) chart.Format {
	return func(x float64) string {
		switch {
		case m.Unit == "percent" && 100*x == math.Trunc(100*x):
			return chart.Count(100*x) + "%"
		case m.Unit != "percent" && x == math.Trunc(x):
			return chart.Count(x)
		}
		return inUnit(m, x)
	}
}

// oneMetric has a row for each set.
func (w *writer) oneMetric(metric int) *table {
	r := w.KPI
	m := r.Metrics[metric]
	t := &table{Columns: columns("segment or stage", "#value", "#95% interval", "#of", "#index", "#difference from the rest", "#q", "star", "remark")}
	for i, s := range r.Sets {
		c := r.Cells[i][metric]
		row := append([]string{s.Name}, metricCells(m, c)...)
		t.Rows = append(t.Rows, row)
	}
	return t
}

// metricCells are value, interval, denominator, index, difference, q, star and
// remark.
func metricCells(m reports.KPIMetric, c reports.KPICell) []string {
	cells := []string{chart.Missing, interval(m, c.Interval), "", "", "", "", "", ""}
	if c.Value != nil {
		cells[0] = inUnit(m, *c.Value)
	}
	if c.Lower > 0 {
		cells[2] = strings.TrimSpace(chart.Count(c.Lower) + " " + m.Base)
	}
	if c.Index != nil {
		cells[3] = chart.Count(*c.Index)
	}
	if d := c.Difference; d != nil {
		cells[4] = difference(m, d.Estimate)
		cells[5] = probability(d.Q)
		if d.Star() && c.Circle != reports.KPICircular {
			cells[6] = "*"
		}
	}
	var remarks []string
	for _, text := range []string{c.Few, c.Circle} {
		if text != "" {
			remarks = append(remarks, text)
		}
	}
	if c.Small && c.Few == "" {
		remarks = append(remarks, fmt.Sprintf("fewer than %d members", reports.KPISmall))
	}
	cells[7] = strings.Join(remarks, "; ")
	return cells
}

// difference writes a difference, of rates in percentage points.
func difference(m reports.KPIMetric, x float64) string {
	sign := ""
	if x > 0 {
		sign = "+"
	}
	if m.Unit == "percent" {
		return sign + chart.Decimals(2)(100*x) + " pp"
	}
	return sign + inUnit(m, x)
}

// metricTable has a row for each set in detail and metric.
func (w *writer) metricTable(sets []int) *table {
	r := w.KPI
	t := &table{Columns: columns("segment or stage", "metric", "#value", "#95% interval", "#of", "#index", "#difference from the rest", "#q", "star", "remark")}
	for _, i := range sets {
		for j, m := range r.Metrics {
			t.Rows = append(t.Rows, append([]string{r.Sets[i].Name, m.Title}, metricCells(m, r.Cells[i][j])...))
		}
	}
	if left := len(r.Sets) - len(sets); left > 0 {
		t.Left = plural(int64(left), "segment or stage has", "segments and stages have") + " no row; strata kpi --table metrics has them."
	}
	return t
}

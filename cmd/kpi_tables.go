package cmd

import (
	"math"
	"strings"

	"strata/reports"
	"strata/reports/render"
	reporting "strata/reports/run"
	"strata/segments/check"
)

// kpiMain are the metrics that the table of segments shows unless others are
// asked for, with the heads of their columns.
var kpiMain = map[string]string{
	"conversion": "conv.", "aov": "AOV", "click_rate": "CTR",
}

func kpiFields() []render.Column {
	return fieldsOf(kpiMetricColumns(true), kpiSegmentColumns(nil, false), kpiAgainstColumns(true), kpiDefinitionColumns())
}

func kpiMetricColumns(many bool) []render.Column {
	data := func(name string) render.Column { return render.Column{Name: name, Kind: render.Number, DataOnly: true} }
	text := func(name, title string) render.Column {
		return render.Column{Name: name, Title: title, Align: render.Right}
	}
	return []render.Column{
		{Name: "name", Title: "segment", DataOnly: !many},
		{Name: "title", Title: "metric"},
		text("shown", "value"), text("range", "95% interval"),
		{Name: "of", Kind: render.Count},
		text("versus_rest", "vs the rest"), text("shown_all", "all"),
		{Name: "index", Kind: render.Number, Digits: 0},
		{Name: "metric", DataOnly: true},
		{Name: "unit", DataOnly: true},
		{Name: "base", DataOnly: true},
		data("value"), data("low"), data("high"), data("upper"), data("lower"), data("total"), data("share_of_total"),
		data("all"), data("rest"), data("index_rest"), data("index_rest_low"), data("index_rest_high"),
		data("difference"), data("difference_low"), data("difference_high"), data("p"), data("q"),
		{Name: "star", Kind: render.Flag, DataOnly: true},
		{Name: "method", DataOnly: true},
		{Name: "circle", DataOnly: true},
		{Name: "too_few", DataOnly: true},
		data("median_by_customer"),
	}
}

func kpiMetricRow(r reports.KPIReport, c reports.KPICell) []any {
	m := r.Metrics[c.Metric]
	var of any
	if c.Lower != 0 {
		of = math.Round(c.Lower)
	}
	lower := any(nil)
	if m.Form != reports.KPITotal {
		lower = c.Lower
	}
	all := any(nil)
	if c.All != nil {
		all = kpiNumber(m, *c.All)
	}
	row := []any{
		r.Sets[c.Set].Name, m.Title, kpiValue(m, c), kpiRange(m, c.Interval), of, kpiVersus(m, c), all, kpiRounded(c.Index),
		m.Name, m.Unit, orUnknown(m.Base), known(c.Value), lowOf(c.Interval), highOf(c.Interval), c.Upper, lower,
		known(c.Total), known(c.Part), known(c.All), known(c.Rest), known(c.VersusRest), lowOf(c.VersusRestInterval), highOf(c.VersusRestInterval),
	}
	row = append(row, kpiDifferenceCells(c.Difference)...)
	median := any(nil)
	if c.Days != nil && c.Few == "" {
		median = c.Days.ByCustomer
	}
	return append(row, orUnknown(c.Circle), orUnknown(c.Few), median)
}

// kpiCustomersRow is the line of how many customers there are.
func kpiCustomersRow(r reports.KPIReport, set int) []any {
	own, all := r.Sets[set].Customers, r.Sets[0].Customers
	share := any(nil)
	versus := any(nil)
	if all > 0 && set > 0 {
		part := float64(own) / float64(all)
		share, versus = part, "share "+kpiFixed(100*part, kpiPlaces(100*part))+"%"
	}
	row := make([]any, len(kpiMetricColumns(true)))
	row[0], row[1], row[2], row[5], row[6] = r.Sets[set].Name, "customers", number(own), versus, number(all)
	row[8], row[9], row[11], row[14], row[16], row[17], row[18] = "customers", check.UnitCount, own, own, own, share, all
	return row
}

// kpiDifferenceCells are estimate, interval, p, q, star and method.
func kpiDifferenceCells(d *reports.KPIDifference) []any {
	if d == nil {
		return []any{nil, nil, nil, nil, nil, nil, nil}
	}
	return []any{d.Estimate, lowOf(d.Interval), highOf(d.Interval), kpiP(d.P), kpiP(d.Q), d.Star(), d.Method}
}

// kpiRounded rounds an index to whole numbers for people and programs alike: it
// is read as "a quarter more", not to the digit.
func kpiRounded(x *float64) any {
	if x == nil {
		return nil
	}
	return kpiFixedNumber(*x)
}

// kpiSegmentColumns are those of the table of segments, with the metrics that
// people see.
func kpiSegmentColumns(metrics []reports.KPIMetric, revenue bool) []render.Column {
	columns := []render.Column{
		{Name: "name", Title: "segment"},
		{Name: "customers", Kind: render.Count},
		{Name: "share_of_customers", Title: "share", Kind: render.Share},
		{Name: "share_of_revenue", Title: "of net", Kind: render.Share, DataOnly: !revenue},
		{Name: "revenue_index", Title: "index", Kind: render.Number, DataOnly: !revenue},
	}
	for _, m := range metrics {
		columns = append(columns, render.Column{Name: m.Name, Title: kpiShort(m), Align: render.Right, Kind: kpiKind(m), Digits: kpiDigits(m)})
	}
	return append(columns, render.Column{Name: "differs", Title: "differs from the rest"}, render.Column{Name: "circular", DataOnly: true})
}

// kpiShort is a title for the head of a column.
func kpiShort(m reports.KPIMetric) string {
	if title, ok := kpiMain[m.Name]; ok {
		return title
	}
	return strings.ReplaceAll(m.Name, "_", " ")
}

func kpiKind(m reports.KPIMetric) render.Kind {
	switch m.Unit {
	case check.UnitPercent:
		return render.Share
	case check.UnitCount:
		return render.Count
	}
	return render.Number
}

func kpiDigits(m reports.KPIMetric) int {
	switch m.Unit {
	case check.UnitPercent, check.UnitDays:
		return 1
	case check.UnitCount:
		return 0
	}
	return 2
}

// kpiSegmentRow is a row per set; differs lists the metrics with a star.
func kpiSegmentRow(r reports.KPIReport, set int, shown []int) []any {
	s := r.Sets[set]
	share := any(nil)
	if all := r.Sets[0].Customers; all > 0 {
		share = float64(s.Customers) / float64(all)
	}
	row := []any{s.Name, s.Customers, share, nil, nil}
	var differs, circular []string
	for j, m := range r.Metrics {
		c := r.Cells[set][j]
		if m.Name == "net" {
			row[3], row[4] = known(c.Part), kpiRounded(c.Index)
		}
		if c.Circle == reports.KPICircular {
			circular = append(circular, m.Name)
		} else if c.Difference.Star() {
			sign := "-"
			if c.Difference.Estimate > 0 {
				sign = "+"
			}
			differs = append(differs, sign+m.Name)
		}
	}
	for _, j := range shown {
		row = append(row, known(r.Cells[set][j].Value))
	}
	return append(row, orUnknown(strings.Join(differs, " ")), orUnknown(strings.Join(circular, " ")))
}

func kpiAgainstColumns(many bool) []render.Column {
	text := func(name, title string) render.Column {
		return render.Column{Name: name, Title: title, Align: render.Right}
	}
	data := func(name string) render.Column { return render.Column{Name: name, Kind: render.Number, DataOnly: true} }
	return []render.Column{
		{Name: "name", Title: "segment", DataOnly: !many},
		{Name: "title", Title: "metric"},
		text("shown_now", "now"), text("shown_before", "before"),
		{Name: "change", Kind: render.Share},
		text("shown_difference", "difference"),
		{Name: "metric", DataOnly: true},
		data("now"), data("before"), data("difference"), data("difference_low"), data("difference_high"), data("p"), data("q"),
		{Name: "star", Kind: render.Flag, DataOnly: true},
		{Name: "method", DataOnly: true},
		{Name: "too_few", DataOnly: true},
	}
}

func kpiAgainstRow(r reports.KPIReport, c reports.KPIChange) []any {
	m := r.Metrics[c.Metric]
	shown := func(x *float64) any {
		switch {
		case x != nil:
			return kpiNumber(m, *x)
		case c.Few != "":
			return "too few"
		}
		return nil
	}
	difference := any(nil)
	if c.Difference != nil {
		difference = kpiChange(m, c.Difference)
	}
	row := []any{r.Sets[c.Set].Name, m.Title, shown(c.Now), shown(c.Before), known(c.Relative), difference, m.Name, known(c.Now), known(c.Before)}
	row = append(row, kpiDifferenceCells(c.Difference)...)
	return append(row, orUnknown(c.Few))
}

func kpiDefinitionColumns() []render.Column {
	return []render.Column{
		{Name: "metric"},
		{Name: "unit"},
		{Name: "means"},
		{Name: "title", DataOnly: true},
		{Name: "form", DataOnly: true},
		{Name: "better", DataOnly: true},
		{Name: "built_in", Title: "built in", Kind: render.Flag, DataOnly: true},
		{Name: "description", DataOnly: true},
	}
}

// kpiDefinitions lists the metrics with what they mean.
func (s *session) kpiDefinitions(q reporting.KPIQuestion) error {
	metrics, err := reporting.KPIMetrics(s.program, q.Metrics, nil)
	if err != nil {
		return kpiError(err)
	}
	t := render.Table{Name: "kpi_definitions", Columns: kpiDefinitionColumns()}
	for _, m := range metrics {
		t.Rows = append(t.Rows, []any{
			m.Name, m.Unit, m.Text(), orUnknown(m.Title), string(m.Form), orUnknown(m.Better), m.BuiltIn, orUnknown(m.Description),
		})
	}
	if err := s.write(t); err != nil {
		return err
	}
	for _, note := range s.program.KPI.Notes {
		s.say("%s", note)
	}
	return nil
}

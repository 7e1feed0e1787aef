package cmd

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"strata/reports"
	"strata/reports/render"
	reporting "strata/reports/run"
	"strata/segments/check"
	"strata/segments/evaluate"
)

func kpiFixedNumber(x float64) float64 { return math.Round(x) }

// showKPI answers with a line per metric for one segment, and with a row per
// segment for many.
func (s *session) showKPI(opts kpiOptions, q reporting.KPIQuestion, names map[string]string, found *reporting.KPIAnswer) error {
	r := found.Report
	nameSets(&r, names)
	many := len(r.Sets) != 2
	metrics := render.Table{Name: "metrics", Columns: kpiMetricColumns(many)}
	for i := range r.Sets {
		if i == 0 && !many {
			continue
		}
		metrics.Rows = append(metrics.Rows, kpiCustomersRow(r, i))
		for j := range r.Metrics {
			metrics.Rows = append(metrics.Rows, kpiMetricRow(r, r.Cells[i][j]))
		}
	}
	tables := []render.Table{s.kpiSegments(r, opts), metrics}
	if !many {
		slices.Reverse(tables)
	}
	if found.Before != nil {
		against := render.Table{Name: "against", Columns: kpiAgainstColumns(many)}
		for _, c := range found.Changes {
			if c.Set > 0 || many {
				against.Rows = append(against.Rows, kpiAgainstRow(r, c))
			}
		}
		tables = append(tables, against)
	}
	tables[0].Meta = s.meta()
	tables = s.kpiShown(opts, tables, many)
	if err := s.writeTables("kpi", opts.table, tables...); err != nil {
		return err
	}
	s.sayKPI(q, found)
	return nil
}

// nameSets calls sets by the words that they were asked for with.
func nameSets(r *reports.KPIReport, names map[string]string) {
	for i := range r.Sets {
		if word, ok := names[r.Sets[i].Name]; ok {
			r.Sets[i].Name = word
		}
	}
}

// kpiShown leaves out of what people read the table that says the same in
// another form: of one segment the row, of many the lines.
func (s *session) kpiShown(opts kpiOptions, tables []render.Table, many bool) []render.Table {
	if opts.table != "" || s.tableFormat() == render.JSON {
		return tables
	}
	hidden := "segments"
	if many {
		hidden = "metrics"
	}
	return slices.DeleteFunc(tables, func(t render.Table) bool { return t.Name == hidden })
}

// kpiSegments is the table of segments with those metrics that were asked for,
// or the main ones.
func (s *session) kpiSegments(r reports.KPIReport, opts kpiOptions) render.Table {
	var shown []int
	var metrics []reports.KPIMetric
	revenue := false
	for j, m := range r.Metrics {
		revenue = revenue || m.Name == "net"
		if _, main := kpiMain[m.Name]; main || len(opts.metrics) > 0 {
			shown, metrics = append(shown, j), append(metrics, m)
		}
	}
	t := render.Table{Name: "segments", Columns: kpiSegmentColumns(metrics, revenue)}
	for i := range r.Sets {
		t.Rows = append(t.Rows, kpiSegmentRow(r, i, shown))
	}
	return t
}

// sayKPI says what the numbers are about.
func (s *session) sayKPI(q reporting.KPIQuestion, a *reporting.KPIAnswer) {
	when := "start"
	if q.AtEnd {
		when = "end"
	}
	period := func(p reporting.KPIPeriod) string { return s.shown(p.From) + " to " + s.shown(p.To) }
	s.say("period %s; members and all customers at its %s", period(q.KPIPeriod), when)
	if q.Against != nil {
		s.say("against %s, whose members are those at its %s", period(*q.Against), when)
	}
	if len(a.Report.Sets) == 2 {
		own, all := a.Report.Sets[1].Customers, a.Report.Sets[0].Customers
		share := ""
		if all > 0 {
			share = fmt.Sprintf(", %.1f%% of all %s", 100*float64(own)/float64(all), number(all))
		}
		s.say("%s%s", pluralWord(own, "customer", "customers"), share)
		switch {
		case own < reports.KPIFewest:
			s.say("fewer than %d members: too few to say more than counts", reports.KPIFewest)
		case own < reports.KPISmall:
			s.say("fewer than %d members: read the intervals", reports.KPISmall)
		}
	}
	for _, note := range s.kpiNotes(a) {
		s.say("%s", note)
	}
	if a.Report.Tests > 0 {
		s.say("* differs from the rest, q < 5%% over %s", plural(a.Report.Tests, "test"))
	}
}

// kpiNotes say what is missing from the numbers, and what is doubtful in them.
func (s *session) kpiNotes(a *reporting.KPIAnswer) []string {
	var notes []string
	if a.Newcomers > 0 {
		notes = append(notes, fmt.Sprintf("in no row: %s who came in the period (--membership end has them)", pluralWord(a.Newcomers, "customer", "customers")))
	}
	if len(a.Currencies) > 0 {
		notes = append(notes, fmt.Sprintf("orders are in %s: money is given for each, and never added up", strings.Join(a.Currencies, " and ")))
	}
	for _, skipped := range a.Skipped {
		notes = append(notes, skipped.Name+" is left out: "+skipped.Reason)
	}
	return slices.Concat(notes, circles(a.Report), s.program.KPI.Notes)
}

// circles say which metrics a rule decides by itself, and which members were
// chosen by their past.
func circles(r reports.KPIReport) (notes []string) {
	past, opaque := 0, 0
	for i, set := range r.Sets {
		var circular []string
		for j, circle := range set.Circles {
			switch circle {
			case reports.KPICircular:
				circular = append(circular, r.Metrics[j].Title)
			case reports.KPIPast:
				past++
			case reports.KPIOpaque:
				opaque++
			}
		}
		if len(circular) > 0 && i > 0 && len(r.Sets) == 2 {
			notes = append(notes, "circular by definition, since the rule reads the rows that are counted: "+strings.Join(circular, ", "))
		}
	}
	if past > 0 && len(r.Sets) == 2 {
		notes = append(notes, "members were chosen by earlier rows of what is counted: what was high by chance comes down by itself")
	}
	if opaque > 0 && len(r.Sets) == 2 {
		notes = append(notes, "the members are given by SQL, so nobody can tell whether a metric is circular")
	}
	return notes
}

// kpiSQL prints the statement behind a number.
func (s *session) kpiSQL(ctx context.Context, opts kpiOptions, q reporting.KPIQuestion, names map[string]string) error {
	metrics, err := reporting.KPIMetrics(s.program, []string{opts.sql}, nil)
	if err != nil {
		return kpiError(err)
	}
	var segments []*check.Segment
	for _, d := range q.Definitions {
		segment, ok := d.(*check.Segment)
		if !ok {
			return notSegment(d)
		}
		segments = append(segments, segment)
	}
	statement, err := s.evaluator.OpenKPI(ctx, evaluate.OpenedKPI{
		Metric: metrics[0], Segments: segments, From: q.From, To: q.To, At: q.At(q.KPIPeriod), Words: names,
	})
	if err != nil {
		return answerable(err)
	}
	text, err := statement.Literal()
	if err != nil {
		return err
	}
	s.say("%s: %s", metrics[0].Name, metrics[0].Text())
	if _, err := io.WriteString(s.env.Stdout, strings.TrimSpace(text)+"\n"); err != nil {
		return environment("write the statement: %w", err)
	}
	return nil
}

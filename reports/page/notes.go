package page

import (
	"fmt"
	"time"
)

// method says once how everything was counted.
func (w *writer) method() []block {
	zone := w.Manifest.Zone.String()
	return []block{{Points: []point{
		{Text: "Every number is as of one moment: only rows before it count. A window is half open: its beginning belongs to it, its end does not."},
		{Text: fmt.Sprintf("The unit is the customer. A rate has a denominator, which is shown; without one there is no rate. Days and months are those of %s.", zone)},
		{Text: "Rates have Wilson's interval at 95%, means and ratios that of the delta method with the customer as the unit, medians that of order statistics; differences are Newcombe's, Welch's on values cut at their 99.9th percentile, or the delta method's."},
		{Text: "Many comparisons are corrected for by Benjamini and Hochberg: of what has a star, at most 5% are expected to be chance. A p-value is printed down to 1e-15."},
		{Text: "Of fewer than 30 members, or where fewer than 5 have any, counts are shown and rates and verdicts are not: too few to say. Below 100 members there is a warning."},
		{Text: "Refunds are booked to the order. An order that was wholly refunded is no purchase. Money of different currencies is never added up."},
		{Text: "A size is judged by its flows: a day is an alert beyond 3.5 robust standard deviations of the days it is compared with, if it is 5% and 30 members as well. A slow leak is found by a moving average of the flows (EWMA, weight 0.2, 3 standard deviations)."},
		{Text: "Lift is how many times as many customers are in both as chance would bring about. Exclusive sets count each customer once."},
	}}}
}

// manifest is the table of what the page follows from.
func (w *writer) manifest() []block {
	m := w.Manifest
	t := &table{Columns: []column{{Name: "what"}, {Name: "value", Code: true}}}
	add := func(name, value string) {
		if value != "" {
			t.Rows = append(t.Rows, []string{name, value})
		}
	}
	add("as of", m.AsOf.UTC().Format(time.RFC3339Nano)+" ("+w.moment(m.AsOf)+")")
	if m.KnownAt != nil {
		add("as known at", m.KnownAt.UTC().Format(time.RFC3339Nano))
	}
	if !w.From.IsZero() {
		add("changes and metrics from", w.From.UTC().Format(time.RFC3339Nano))
	}
	add("time zone", m.Zone.String())
	add("definitions", fmt.Sprintf("%d, %s", m.Count, m.Definitions))
	add("strata", m.Strata)
	add("DuckDB", m.DuckDB)
	blocks := []block{{Table: t}}
	if len(m.Sources) == 0 {
		return blocks
	}
	sources := &table{
		Caption: "How far the data reaches before the as-of.",
		Columns: []column{{Name: "source"}, {Name: "rows", Number: true}, {Name: "newest row"}, {Name: "last loaded"}},
	}
	at := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return t.UTC().Format(time.RFC3339Nano)
	}
	for _, s := range m.Sources {
		sources.Rows = append(sources.Rows, []string{s.Name, count(s.Rows), at(s.Newest), at(s.Loaded)})
	}
	return append(blocks, block{Table: sources})
}

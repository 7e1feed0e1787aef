package cmd

import (
	"fmt"
	"slices"

	"strata/reports/render"
	"strata/segments/check"
	"strata/segments/history"
	"strata/segments/result"
)

// forecastTables are the tables of a forecast.
func forecastTables() []string { return []string{"sizes", "leavers", "falls"} }

func aheadColumns(gated bool) []render.Column {
	return []render.Column{
		{Name: "name"},
		{Name: "day", Kind: render.Count},
		{Name: "as_of", Title: "as of", Kind: render.Moment},
		{Name: "size", Kind: render.Count},
		{Name: "leaving", Kind: render.Count},
		{Name: "entering", Kind: render.Count},
		{Name: "contactable", Kind: render.Count, DataOnly: !gated},
		{Name: "exits", Kind: render.Count, DataOnly: true},
		{Name: "entries", Kind: render.Count, DataOnly: true},
	}
}

// leaverColumns are shown to people where there is something in them: stages,
// gates, a value by its words.
func leaverColumns(stages, gated bool, by string, value render.Kind) []render.Column {
	return []render.Column{
		{Name: "customer"},
		{Name: "day", Kind: render.Count},
		{Name: "leaves", Kind: render.Moment},
		{Name: "from", DataOnly: !stages},
		{Name: "to", DataOnly: !stages},
		{Name: "contactable", Kind: render.Flag, DataOnly: !gated},
		{Name: "value", Title: by, Kind: value, DataOnly: by == ""},
	}
}

// fallColumns are the numbers of customers by the time that it takes; people
// see those that are shorter than the whole.
func fallColumns(days int) []render.Column {
	columns := []render.Column{{Name: "from"}, {Name: "to"}, {Name: "members", Kind: render.Count}}
	for _, horizon := range history.Horizons() {
		columns = append(columns, render.Column{
			Name: fmt.Sprintf("within_%dd", horizon), Title: "in " + plural(horizon, "day"), Kind: render.Count, DataOnly: horizon >= days,
		})
	}
	return append(columns, render.Column{Name: "within_all", Title: "in " + plural(days, "day"), Kind: render.Count})
}

// forecastColumns are the fields of all tables.
func forecastColumns() []render.Column {
	var all []render.Column
	for _, c := range slices.Concat(aheadColumns(true), leaverColumns(true, true, "", render.Text), fallColumns(1)) {
		if !slices.ContainsFunc(all, func(other render.Column) bool { return other.Name == c.Name }) {
			all = append(all, c)
		}
	}
	return all
}

// showForecast answers with sizes, leavers and falls.
func (s *session) showForecast(opts forecastOptions, q history.Ahead, f result.Forecast) error {
	_, stages := q.Definition.(*check.Partition)
	gated := len(check.GatesOf(q.Definition)) > 0
	days := len(q.Days) - 1
	sizes := render.Table{Name: "sizes", Columns: aheadColumns(gated), Meta: s.meta()}
	members := int64(0)
	for _, h := range f.Sizes {
		members += h.Points[0].Size
		for i, p := range h.Points {
			sizes.Rows = append(sizes.Rows, []any{
				h.Name, i, p.At.In(s.program.Zone), p.Size, known(p.Exited), known(p.Entered), known(p.Contactable), known(p.Exits), known(p.Entries),
			})
		}
	}
	value := render.Text
	if q.By != nil {
		value = kindOf(q.By)
	}
	leavers := render.Table{Name: "leavers", Columns: leaverColumns(stages, gated, opts.by, value)}
	leavers.Columns[0].Kind = keyKind(s.program.Customers.Key)
	for _, l := range f.Leavers {
		leavers.Rows = append(leavers.Rows, s.leaverRow(l))
	}
	leavers.Meta.Total, leavers.Meta.Truncated = &f.Leaving, int64(len(f.Leavers)) < f.Leaving
	falls := render.Table{Name: "falls", Columns: fallColumns(days)}
	for _, fall := range f.Falls {
		falls.Rows = append(falls.Rows, fallRow(fall, days))
	}
	// --limit is about leavers here; each day is shown.
	s.flags.limit = 0
	if err := s.writeTables("forecast", opts.table, sizes, leavers, falls); err != nil {
		return err
	}
	s.sayLeaving(members, f.Leaving, days, stages)
	if opts.by != "" && !opts.chosen && len(f.Leavers) > 0 {
		s.say("leavers of a day are in the order of %s; --by takes another value", opts.by)
	}
	return nil
}

func (s *session) leaverRow(l result.Leaver) []any {
	var contactable any
	if l.Contactable != nil {
		contactable = *l.Contactable
	}
	return []any{l.Key, l.Day, l.At.In(s.program.Zone), orUnknown(l.From), orUnknown(l.To), contactable, l.Value}
}

func fallRow(fall result.Fall, days int) []any {
	row := []any{fall.From, fall.To, fall.Members}
	within := func(days int) any {
		for _, h := range fall.Within {
			if h.Days == days {
				return h.Customers
			}
		}
		return nil
	}
	for _, horizon := range history.Horizons() {
		row = append(row, within(horizon))
	}
	return append(row, within(days))
}

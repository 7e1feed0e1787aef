package plan

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"strata/segments/calendar"
	"strata/segments/check"
)

// What reading a row costs, in nanoseconds on the machine it was measured on;
// only the ratios matter. A row is scanned and grouped by its customer; three
// counts are one sum; any other aggregate looks at the row by itself. How many
// rows a customer has is not known to a plan: one in ten days is taken.
const (
	costOfRow      = 22.0
	costOfCount    = 1.4
	costOfFiltered = 6
	// costOfPass is what a table more costs to make and to join, for each
	// customer, over the rows that a customer has in a day.
	costOfPass = 1200.0
)

// mostFiltered and mostCounted bound the aggregates of one pass, because each
// customer's state of all of them is in memory at once.
const (
	mostFiltered = 32
	mostCounted  = 96
)

// passes groups the traits that one read of a source can compute: those of the
// same columns and the same filter of the stream. A few traits over a long
// time and many over a short one are cheaper in two reads.
func passes(p *Plan, keep bool) []*Pass {
	groups := map[string][]*Trait{}
	var keys []string
	for _, t := range p.Traits {
		if t.Kind != Counted && t.Kind != Filtered {
			continue
		}
		key := passKey(t)
		if keep && keepable(t) {
			key += "\x00kept"
		}
		if groups[key] == nil {
			keys = append(keys, key)
		}
		groups[key] = append(groups[key], t)
	}
	var list []*Pass
	for _, key := range keys {
		for _, traits := range divided(groups[key], p.Program.Zone) {
			pass := newPass(len(list), traits)
			pass.Kept = keep && keepable(traits[0])
			list = append(list, pass)
		}
	}
	return list
}

// keepable reports whether a trait's value can be kept from run to run: a source
// tells which rows are new by when they were loaded, or by promising that rows
// are only added.
func keepable(t *Trait) bool {
	source := t.Rows.Stream.Source
	return t.Additive && (source.LoadedAt != nil || source.AppendOnly)
}

// passKey is equal for traits that can be read together.
func passKey(t *Trait) string {
	parts := []string{t.Rows.Stream.Source.Name}
	for _, equal := range t.Equal {
		parts = append(parts, equal.Column.Column)
	}
	return strings.Join(parts, "\x00") + "\x00\x00" + check.Text(t.Rows.Stream.Where)
}

func newPass(id int, traits []*Trait) *Pass {
	stream := traits[0].Rows.Stream
	pass := &Pass{ID: id, Source: stream.Source, Traits: traits}
	if stream.Where != nil {
		pass.Common = []check.Expr{stream.Where}
	}
	for _, equal := range traits[0].Equal {
		pass.Columns = append(pass.Columns, equal.Column)
	}
	for _, t := range traits {
		t.Pass = id
	}
	return pass
}

// divided splits traits by the lengths of their windows into the groups that
// cost least, and groups that are too wide once more.
func divided(traits []*Trait, zone *time.Location) [][]*Trait {
	sorted := slices.Clone(traits)
	lengths := map[*Trait]float64{}
	for _, t := range sorted {
		lengths[t] = reach(t.Window, zone)
	}
	slices.SortStableFunc(sorted, func(a, b *Trait) int { return cmp.Compare(lengths[a], lengths[b]) })
	// best[i] is the least cost of the first i traits, from[i] where the last
	// group among them begins.
	best, from := make([]float64, len(sorted)+1), make([]int, len(sorted)+1)
	for end := 1; end <= len(sorted); end++ {
		perRow := costOfRow
		for begin := end - 1; begin >= 0; begin-- {
			perRow += costOf(sorted[begin])
			cost := best[begin] + costOfPass + perRow*lengths[sorted[end-1]]
			if begin == end-1 || cost < best[end] {
				best[end], from[end] = cost, begin
			}
		}
	}
	var groups [][]*Trait
	for end := len(sorted); end > 0; end = from[end] {
		groups = append(groups, bounded(sorted[from[end]:end])...)
	}
	slices.Reverse(groups)
	return groups
}

func costOf(t *Trait) float64 {
	if t.Kind == Counted {
		return costOfCount
	}
	return costOfFiltered
}

// bounded splits a group that has too many aggregates.
func bounded(traits []*Trait) [][]*Trait {
	var groups [][]*Trait
	var group []*Trait
	filtered, counted := 0, 0
	for _, t := range traits {
		if filtered == mostFiltered || counted == mostCounted {
			groups, group = append(groups, group), nil
			filtered, counted = 0, 0
		}
		if t.Kind == Counted {
			counted++
		} else {
			filtered++
		}
		group = append(group, t)
	}
	return append(groups, group)
}

// foreverDays stands for the length of a window without a start.
const foreverDays = 1461

// reach is how many days back a window reaches from a moment in the middle of
// nowhere special; only its size against others matters.
func reach(w check.Window, zone *time.Location) float64 {
	asOf := time.Date(2026, 5, 20, 12, 0, 0, 0, time.UTC)
	bounds := calendar.Rows(w.Calendar, asOf, zone)
	if bounds.From == nil {
		return foreverDays
	}
	return max(asOf.Sub(*bounds.From).Hours()/24, 1.0/24)
}

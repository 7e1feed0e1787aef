package timeline

import (
	"cmp"
	"slices"
)

// sequenceValues holds the rows of each step by the value in which rows must
// agree.
type sequenceValues struct {
	sorted [][]valuedRow
	at     [][]int64
	place  []int
	// since and till are those of the first step's rows, in the order of sorted.
	since, till []int64
}

// valuedRow is a row with its value and its place among the rows of its step.
type valuedRow struct {
	same  int64
	place int
}

func byValueAndPlace(a, b valuedRow) int {
	if a.same != b.same {
		return cmp.Compare(a.same, b.same)
	}
	return cmp.Compare(a.place, b.place)
}

// agreeing solves the pattern for each value by itself, since rows of
// different values never meet. Rows whose value is missing agree with none.
func (s *sequencer) agreeing(rows []stepRows) {
	v := &s.values
	v.sort(rows)
	// What the anchor allows is kept aside, in the order of the values.
	v.since, v.till = v.since[:0], v.till[:0]
	for _, row := range v.sorted[0] {
		if len(s.since) > 0 {
			v.since = append(v.since, s.since[row.place])
		}
		if len(s.till) > 0 {
			v.till = append(v.till, s.till[row.place])
		}
	}
	since, till, first := s.since, s.till, v.sorted[0]
	for from, to := 0, 0; from < len(first); from = to {
		for to < len(first) && first[to].same == first[from].same {
			to++
		}
		if len(v.since) > 0 {
			s.since = v.since[from:to]
		}
		if len(v.till) > 0 {
			s.till = v.till[from:to]
		}
		s.at[0] = v.at[0][from:to]
		for k := 1; k < len(rows); k++ {
			s.at[k] = v.of(k, first[from].same)
		}
		s.solve()
	}
	s.since, s.till = since, till
}

// sort brings the rows of each step into order of (value, at, id).
func (v *sequenceValues) sort(rows []stepRows) {
	for len(v.sorted) < len(rows) {
		v.sorted, v.at, v.place = append(v.sorted, nil), append(v.at, nil), append(v.place, 0)
	}
	for k, r := range rows {
		sorted, at := v.sorted[k][:0], v.at[k][:0]
		for place, same := range r.same {
			if same != missing {
				sorted = append(sorted, valuedRow{same, place})
			}
		}
		slices.SortFunc(sorted, byValueAndPlace)
		for _, row := range sorted {
			at = append(at, r.at[row.place])
		}
		v.sorted[k], v.at[k], v.place[k] = sorted, at, 0
	}
}

// of are the rows of step k with a value. Values are asked for in order.
func (v *sequenceValues) of(k int, same int64) []int64 {
	sorted, from := v.sorted[k], v.place[k]
	for from < len(sorted) && sorted[from].same < same {
		from++
	}
	to := from
	for to < len(sorted) && sorted[to].same == same {
		to++
	}
	v.place[k] = to
	return v.at[k][from:to]
}

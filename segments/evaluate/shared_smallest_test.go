package evaluate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"strata/segments/check"
	"strata/sql/warehouse"
)

// smallest leaves out of the definitions, and then of the data, what the
// disagreement does not need, and writes everything that shows it.
func (s together) smallest(t *testing.T, db *warehouse.DB) string {
	t.Helper()
	s.load(t, db, s.data)
	s.probes = fewer(s.probes, func(try []*check.Segment) bool {
		return together{batch: s.batch, definitions: s.definitions, probes: try, asWords: s.asWords}.difference(db, s.data) != ""
	})
	s.definitions = fewer(s.definitions, func(try []check.Definition) bool {
		return together{batch: s.batch, definitions: try, probes: s.probes, asWords: s.asWords}.difference(db, s.data) != ""
	})
	data := s.smallestData(func(try tables) bool {
		s.load(t, db, try)
		return s.difference(db, try) != ""
	})
	s.load(t, db, data)
	var text strings.Builder
	fmt.Fprintf(&text, "evaluated together at %s (%s, key %s, history %v, known at %v)\n%s\n",
		s.asOf.Format(time.RFC3339Nano), s.zone, s.key, s.history, s.knownAt, s.difference(db, data))
	shown := map[string]bool{}
	for _, d := range s.units() {
		text.WriteString("\n" + called(d))
		all := needed(d)
		for _, gate := range check.GatesOf(d) {
			all = append(all, needed(gate)...)
		}
		for _, need := range all {
			if name := need.DefinitionName(); !shown[name] {
				shown[name] = true
				text.WriteString("\n" + s.batch.definitions[name])
			}
		}
	}
	text.WriteString("\n" + strings.Join(s.statements(data), ";\n") + ";\n")
	return text.String()
}

// fewer leaves out of a list what is not needed for something to differ.
func fewer[T any](list []T, differs func([]T) bool) []T {
	for i := 0; i < len(list); {
		if try := slices.Delete(slices.Clone(list), i, i+1); differs(try) {
			list = try
		} else {
			i++
		}
	}
	return list
}

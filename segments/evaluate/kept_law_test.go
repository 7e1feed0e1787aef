package evaluate_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/sql/warehouse"
)

// stepsOfScript is the number of runs of a random script.
const stepsOfScript = 5

// TestContinuedRunsAreFullRuns lets random warehouses live on between runs and
// holds each run that continues the one before against one that begins anew.
// STRATA_KEPT_CASES is the number of warehouses, STRATA_SEED where they begin.
func TestContinuedRunsAreFullRuns(t *testing.T) {
	cases, seed := setting(t, "STRATA_KEPT_CASES", 8), setting(t, "STRATA_SEED", 1)
	t.Logf("STRATA_KEPT_CASES=%d STRATA_SEED=%d", cases, seed)
	db := scratch(t)
	told := &keptTold{full: map[string]int{}}
	var reports []string
	for i := uint64(0); i < cases && len(reports) < 3; i++ {
		s := newKeptScript(rand.New(rand.NewPCG(seed, i)), stepsOfScript)
		if diff := s.replay(db, told); diff != "" {
			reports = append(reports, fmt.Sprintf("STRATA_SEED=%d, case %d: %s\nis this:\n%s", seed, i, diff, s.smallest(db, told.failedAt)))
		}
	}
	require.Empty(t, strings.Join(reports, "\n\n"))
	steps := 0
	for _, reason := range slices.Sorted(maps.Keys(told.full)) {
		t.Logf("%4d %s", told.full[reason], why(reason))
		steps += told.full[reason]
	}
	t.Logf("%d changes", told.changes)
	later := steps - told.full[noRun]
	require.GreaterOrEqual(t, 2*told.full[""], later, "too few runs were continued")
	require.Greater(t, told.changes, told.full[""], "too little changed in the runs that were continued")
}

// smallest leaves out what a disagreement does not need and writes the rest.
func (s keptScript) smallest(db *warehouse.DB, last int) string {
	differs := func(try keptScript) bool {
		return len(try.asOfs) > 0 && try.keeps() && try.replay(db, &keptTold{full: map[string]int{}}) != ""
	}
	s.asOfs = s.asOfs[:last+1]
	s.definitions = fewer(s.definitions, func(list []check.Definition) bool {
		try := s
		try.definitions = list
		return differs(try)
	})
	// The steps that are left out still happen to the warehouse.
	for step := 0; step < len(s.asOfs); {
		if try := s.without(step); differs(try) {
			s = try
		} else {
			step++
		}
	}
	s.items = fewer(s.items, func(list []*keptItem) bool {
		try := s
		try.items = list
		return differs(try)
	})
	return s.text(db)
}

// without is a script that has no run at a step.
func (s keptScript) without(step int) keptScript {
	s.asOfs = slices.Delete(slices.Clone(s.asOfs), step, step+1)
	items := make([]*keptItem, len(s.items))
	for i, item := range s.items {
		c := *item
		if c.born > step {
			c.born--
		}
		if c.gone > step && c.gone != forever {
			c.gone--
		}
		items[i] = &c
	}
	s.items = items
	return s
}

// text writes a script and what disagrees in it.
func (s keptScript) text(db *warehouse.DB) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s\n(%s, key %s, history %v)\n", s.replay(db, &keptTold{full: map[string]int{}}), s.zone, s.key, s.history)
	for _, table := range s.layout.tables {
		fmt.Fprintf(&out, "%s: %s\n", table.source, table.mapping)
	}
	shown := map[string]bool{}
	for _, d := range s.definitions {
		all := needed(d)
		for _, gate := range check.GatesOf(d) {
			all = append(all, needed(gate)...)
		}
		for _, need := range all {
			if name := need.DefinitionName(); !shown[name] {
				shown[name] = true
				out.WriteString(s.batch.definitions[name])
			}
		}
	}
	for step, asOf := range s.asOfs {
		fmt.Fprintf(&out, "-- step %d, as of %s\n", step, asOf.Format(time.RFC3339Nano))
		out.WriteString(strings.Join(s.statements(s.tables(step)), ";\n") + ";\n")
	}
	return out.String()
}

package evaluate_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/compile"
	"strata/segments/evaluate"
)

// TestKeptMeaningChanges edits the project between two runs.
func TestKeptMeaningChanges(t *testing.T) {
	edited := func(old, new string) map[string]string {
		require.Contains(t, keptDefinitions, old)
		return map[string]string{"segments/all.yaml": strings.Replace(keptDefinitions, old, new, 1)}
	}
	remapped := func(old, new string) map[string]string {
		require.Contains(t, keptProject, old)
		return map[string]string{"strata.yaml": strings.Replace(keptProject, old, new, 1)}
	}
	s := keptShopAtNoon(t, nil)
	for _, c := range []struct {
		what   string
		change map[string]string
		reason string
	}{
		{"nothing", nil, ""},
		{"a title", edited("{where: count(visit)", "{title: Visitors, where: count(visit)"), ""},
		{"spelling", edited("sum(order.amount) ever >= 100", "SUM( order.amount ) ever >= 100.0"), ""},
		{"a list", map[string]string{"lists/chosen.csv": "customer_id\n2\n"}, ""},
		{"a param", edited("bound: 100", "bound: 101"), otherMeaning},
		{"a window", edited("count(order) last 7 days", "count(order) last 8 days"), otherMeaning},
		{"a bound", edited("last 24 hours >= 1", "last 24 hours >= 2"), otherMeaning},
		{"a stage", edited("      - small: count(order) ever >= 1\n", ""), otherMeaning},
		{"a new segment", map[string]string{"segments/more.yaml": "segments: {more: {where: count(visit) ever >= 1}}\n"}, otherMeaning},
		{"the same test in a new segment", map[string]string{"segments/more.yaml": "segments: {more: {where: count(visit) last 24 hours >= 1}}\n"}, otherMeaning},
		{"a name", edited("visitors: {where", "guests: {where"), otherMeaning},
		{"a gate", edited("consent = true", "consent = false"), otherMeaning},
		{"a stream's filter", remapped("status <> 'cancelled'", "status = 'paid'"), otherMeaning},
		{"a stream's type", remapped("type: help", "type: home"), otherMeaning},
		{"a time", remapped("at: ordered_at", "at: loaded_at"), otherMeaning},
		{"a query", remapped("visits: {table: visits, customer: customer_id", "visits: {query: \"SELECT customer_id, ts, page FROM visits WHERE customer_id < 9\", customer: customer_id"), otherMeaning},
		{"the zone", remapped("Europe/Berlin", "Europe/London"), otherMeaning},
		{"the promise", remapped("append_only: true", "append_only: false"), otherMeaning},
	} {
		if strings.Contains(c.change["strata.yaml"], "query:") {
			c.change["strata.schema.yaml"] = strings.Replace(keptSchema, ", due: DATE", "", 1)
		}
		edited := keptShop{tiny: s.tiny, store: s.store, files: maps.Clone(s.files)}
		edited.redefine(t, c.change)
		require.Equal(t, c.reason, edited.asks(t, edited.Evaluator, s.store.past).Full, c.what)
	}
}

// asks makes a run an hour after noon that the store does not take.
func (s *keptShop) asks(t *testing.T, e *evaluate.Evaluator, past *evaluate.Past) *keptRun {
	t.Helper()
	options := s.options(t, time.Hour)
	options.Keep, options.Past = true, past
	found, err := readRun(t.Context(), s.db, e, options)
	require.NoError(t, err)
	require.NoError(t, e.Release(t.Context()))
	return found
}

// TestKeptBySource has projects whose sources tell nothing, or not enough.
func TestKeptBySource(t *testing.T) {
	for _, c := range []struct{ definitions, reason string }{
		{
			"segments: {one: {where: count(click) ever >= 1}, two: {where: count(click) ever >= 2}}",
			"source clicks neither maps loaded_at nor says append_only: true, so rows that are new cannot be told",
		},
		{"segments: {one: {where: country = 'DE'}, two: {where: avg(order.amount) ever >= 2}}", "no definition counts or sums rows"},
	} {
		s := newKeptShop(t, map[string]string{"segments/all.yaml": c.definitions})
		for i := range 2 {
			found := s.begins(t, time.Duration(i)*time.Second, c.reason)
			require.Nil(t, found.State)
		}
	}
}

// TestKeptFiltersThatMove has filters and tests that mean something else at
// each as-of: the same rows do not add the same.
func TestKeptFiltersThatMove(t *testing.T) {
	project := strings.Replace(keptProject, "visit: {from: visits}", "visit: {from: visits}\n  fresh: {from: visits, where: ts in last 2 hours}", 1)
	s := keptShopAtNoon(t, map[string]string{"strata.yaml": project, "segments/all.yaml": `
segments:
  due_soon: {where: count(visit where due in next 7 days) ever >= 1}
  old: {where: count(order where days_since(at) >= 10) ever >= 1}
  paid_long_ago: {where: sum(order.amount where at in previous month) ever >= 1}
  fixed: {where: count(order where at in since date '2026-01-10' before date '2026-02-01') ever >= 1}
  in_stream: {where: count(fresh) last 30 days >= 1}
  one_a_day: {where: "count(order) ever >= days_since(date '2026-01-14')"}
  near: {where: "count(visit) ever = 1 and date '2026-01-16' in next 3 days"}
`})
	require.Equal(t, map[string]map[string]bool{
		"due_soon": {"1": true}, "old": {"2": true}, "paid_long_ago": {}, "fixed": {"1": true}, "in_stream": {}, "one_a_day": {"1": true, "2": true}, "near": {"1": true},
	}, s.store.units)
	s.continues(t, day1, "one_a_day -1", "one_a_day -2", "due_soon -1", "near -1")
	s.continues(t, 5*day1, "old +1")
	s.exec(t, `INSERT INTO visits VALUES (3, '2026-01-20 12:00:00+00', NULL, NULL)`)
	s.continues(t, 5*day1+3*time.Hour, "in_stream +3")
	s.continues(t, 5*day1+3*time.Hour+onlyMicro, "in_stream -3")
	s.continues(t, 20*day1, "paid_long_ago +1", "paid_long_ago +2")
}

// TestKeptWithSQL has a segment with a statement of its own: the run continues,
// but does not know who changed sides.
func TestKeptWithSQL(t *testing.T) {
	s := keptShopAtNoon(t, map[string]string{"segments/more.yaml": "segments: {in_sql: {sql: SELECT customer_id FROM visits WHERE ts < $as_of}}\n"})
	s.exec(t, `INSERT INTO visits (customer_id, ts) VALUES (2, '2026-01-15 12:00:00+00')`)
	found := s.continues(t, 2*time.Hour)
	require.Empty(t, found.Changes)
	require.Empty(t, found.PopulationChanges)
	require.Equal(t, map[string]bool{"1": true, "2": true}, found.units["in_sql"])
	require.Equal(t, map[string]bool{"1": true, "2": true}, found.units["visitors"])
	s.redefine(t, map[string]string{"segments/more.yaml": "segments: {in_sql: {sql: SELECT customer_id FROM orders WHERE ordered_at < $as_of}}\n"})
	found = s.runs(t, 3*time.Hour)
	require.Equal(t, map[string]bool{"1": true, "2": true}, found.units["in_sql"])
}

// TestKeptWhatWasKnown looks at what was known at an earlier time.
func TestKeptWhatWasKnown(t *testing.T) {
	s := keptShopAtNoon(t, nil)
	known := s.KnownAt(tinyNoon)
	found := s.asks(t, known, s.store.past)
	require.Equal(t, "it looks at what was known at an earlier time", found.Full)
	require.Nil(t, found.State)
	s.store.past.KnownAt = &tinyNoon
	s.begins(t, time.Hour, "the last run looked at what was known at an earlier time")
}

// TestKeptStateIsBroken gives a run what cannot be continued.
func TestKeptStateIsBroken(t *testing.T) {
	s := keptShopAtNoon(t, nil)
	for _, c := range []struct {
		spoil  func(past *evaluate.Past)
		reason string
	}{
		{func(past *evaluate.Past) { past.Fingerprint = "" }, keptNothing},
		{func(past *evaluate.Past) { past.Fingerprint = "other" }, otherMeaning},
		{func(past *evaluate.Past) { past.Marks = "{" }, keptUnreadable},
		{func(past *evaluate.Past) {
			past.Marks = `{"sources": {"orders": {"rows": 2, "loaded": "2026-01-11T00:00:00Z"}}}`
		}, "the last run kept nothing of visits"},
	} {
		past := *s.store.past
		c.spoil(&past)
		found := s.asks(t, s.Evaluator, &past)
		require.Equal(t, c.reason, found.Full)
		require.NotNil(t, found.State)
	}
}

// TestKeptStoreFails cannot read the store, and leaves nothing.
func TestKeptStoreFails(t *testing.T) {
	s := keptShopAtNoon(t, nil)
	before := s.left(t)
	locked := errors.New("the store is locked")
	past := *s.store.past
	for allowed := range 3 {
		asked := 0
		past.Read = func(ctx context.Context, statements []compile.Statement) error {
			for _, statement := range statements {
				if asked++; asked > allowed {
					return locked
				}
				if err := s.store.past.Read(ctx, []compile.Statement{statement}); err != nil {
					return err
				}
			}
			return nil
		}
		options := s.options(t, time.Hour)
		options.Keep, options.Past, options.Now = true, &past, clockwork()
		_, err := s.Run(t.Context(), options)
		require.ErrorIs(t, err, locked)
		require.Equal(t, before, s.left(t))
	}
	s.continues(t, time.Hour)
}

// TestKeptNobodyAsked makes a run that nobody wants to continue.
func TestKeptNobodyAsked(t *testing.T) {
	s := keptShopAtNoon(t, nil)
	options := s.options(t, time.Hour)
	options.Past = s.store.past
	found, err := readRun(t.Context(), s.db, s.Evaluator, options)
	require.NoError(t, err)
	require.Empty(t, found.Full)
	require.Nil(t, found.State)
	require.Zero(t, found.Base)
	require.NoError(t, s.Release(t.Context()))
}

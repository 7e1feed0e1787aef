package evaluate_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/result"
)

// all are the segments and partitions of a project.
func (s tiny) all(t *testing.T) []check.Definition {
	t.Helper()
	chosen, err := s.program.Select(nil)
	require.NoError(t, err)
	return chosen
}

// run evaluates everything at noon.
func (s tiny) run(t *testing.T) *evaluate.Result {
	t.Helper()
	found, err := s.Run(t.Context(), evaluate.RunOptions{AsOf: tinyNoon, Definitions: s.all(t), Now: clockwork()})
	require.NoError(t, err)
	return found
}

func TestRun(t *testing.T) {
	s := tinyShop(t, nil)
	var told []string
	steps := 0
	found, err := s.Run(t.Context(), evaluate.RunOptions{
		AsOf: tinyNoon, Definitions: s.all(t), Now: clockwork(),
		Progress: func(done, all int, name string) {
			require.Equal(t, len(told), done)
			require.True(t, steps == 0 || steps == all, "the number of steps stays what it is")
			steps = all
			told = append(told, name)
		},
	})
	require.NoError(t, err)
	require.Len(t, told, steps)
	require.Contains(t, told, "words")
	require.Contains(t, told, "steady", "what stands alone is told by its name")
	require.Equal(t, tinyNoon, found.AsOf)
	require.Nil(t, found.KnownAt)
	require.Equal(t, "Europe/Berlin", found.Zone)
	require.Equal(t, "BIGINT", found.KeyType)
	require.Equal(t, int64(5), found.Customers)
	require.Len(t, found.Sources, 3)
	require.Positive(t, found.Duration)
	require.Empty(t, found.Skipped)

	type size struct {
		kind              evaluate.UnitKind
		size, contactable int64
		dropped           result.Dropped
	}
	sizes := map[string]size{}
	for _, unit := range found.Units {
		sizes[unit.Name] = size{unit.Kind, unit.Size, unit.Contactable, unit.Dropped}
		require.Len(t, unit.Hash, 64)
	}
	require.Equal(t, map[string]size{
		"buyers":      {kind: evaluate.SegmentUnit, size: 4, contactable: 3},
		"germans":     {kind: evaluate.SegmentUnit, size: 2, contactable: 1},
		"spenders":    {kind: evaluate.SegmentUnit, size: 1, contactable: 1},
		"tree":        {kind: evaluate.SegmentUnit, size: 1, contactable: 1},
		"in_sql":      {kind: evaluate.SegmentUnit, size: 5, contactable: 3, dropped: result.Dropped{Duplicates: 3, Missing: 1, Unknown: 1}},
		"worth.big":   {kind: evaluate.StageUnit, size: 1, contactable: 1},
		"worth.small": {kind: evaluate.StageUnit, size: 2, contactable: 2},
		"worth.none":  {kind: evaluate.StageUnit, size: 2, contactable: 2},
		"steady":      {kind: evaluate.SegmentUnit, size: 3, contactable: 3},
	}, sizes)
}

// TestRunLeavesItsMembers looks at the tables that the store takes over.
func TestRunLeavesItsMembers(t *testing.T) {
	s := tinyShop(t, nil)
	s.run(t)
	found := s.run(t) // A second run replaces the tables of the first.
	keys := map[string][]int64{}
	rows, err := s.db.Query(t.Context(), "SELECT unit, key FROM "+found.Members+" ORDER BY unit, key")
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	for rows.Next() {
		var unit int
		var key int64
		require.NoError(t, rows.Scan(&unit, &key))
		name := found.Units[unit].Name
		keys[name] = append(keys[name], key)
	}
	require.NoError(t, rows.Err())
	require.Equal(t, map[string][]int64{
		"buyers": {1, 2, 3, 6}, "germans": {1, 2}, "spenders": {1}, "tree": {2}, "in_sql": {1, 2, 3, 4, 6}, "steady": {1, 2, 3},
		"worth.big": {1}, "worth.small": {2, 6}, "worth.none": {3, 4},
	}, keys)
	var customers int64
	require.NoError(t, s.db.Row(t.Context(), []any{&customers}, "SELECT count(*) FROM "+found.Population))
	require.Equal(t, found.Customers, customers)
	require.NoError(t, s.Release(t.Context()))
	require.NoError(t, s.Release(t.Context()))
	require.Error(t, s.db.Row(t.Context(), []any{&customers}, "SELECT count(*) FROM "+found.Population))
}

func TestRunRefusesWhatHasNoMembers(t *testing.T) {
	s := tinyShop(t, nil)
	_, err := s.Run(t.Context(), evaluate.RunOptions{AsOf: tinyNoon, Definitions: []check.Definition{s.definition(t, "spent")}, Now: clockwork()})
	require.EqualError(t, err, "evaluate spent: a trait has no members to commit")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = s.Run(ctx, evaluate.RunOptions{AsOf: tinyNoon, Definitions: s.all(t), Now: clockwork()})
	require.ErrorIs(t, err, context.Canceled)
}

// TestRunNamesFormerNames passes on what a definition was called before.
func TestRunNamesFormerNames(t *testing.T) {
	s := tinyShop(t, map[string]string{"segments/all.yaml": `
segments: {customers_with_orders: {where: count(order) ever >= 1, was: buyers}}
partitions: {value: {was: worth, stages: [{big: count(order) ever > 2}, {rest: else}]}}
`})
	was := map[string]string{}
	for _, unit := range s.run(t).Units {
		was[unit.Name] = unit.Was
	}
	require.Equal(t, map[string]string{"customers_with_orders": "buyers", "value.big": "worth.big", "value.rest": "worth.rest"}, was)
}

// TestHashIsTheMeaning changes the project and looks whose hash changes: those
// that mean something else now, and nobody else's.
func TestHashIsTheMeaning(t *testing.T) {
	db := tinyShop(t, nil).db
	hashes := func(change map[string]string) map[string]string {
		found := map[string]string{}
		for _, unit := range tinyOn(t, db, change).run(t).Units {
			found[unit.Name] = unit.Hash
			require.NotEmpty(t, unit.Canonical)
		}
		return found
	}
	before := hashes(nil)
	edited := func(old, new string) map[string]string {
		require.Contains(t, tinyDefinitions, old)
		return map[string]string{"segments/all.yaml": strings.Replace(tinyDefinitions, old, new, 1)}
	}
	remapped := func(old, new string) map[string]string {
		require.Contains(t, tinyProject, old)
		return map[string]string{"strata.yaml": strings.Replace(tinyProject, old, new, 1)}
	}
	worth := []string{"worth.big", "worth.small", "worth.none"}
	orders := append([]string{"buyers", "spenders", "tree", "steady"}, worth...)
	for _, c := range []struct {
		what    string
		change  map[string]string
		changed []string
	}{
		{"layout and case", edited("sum(order.amount) last $span days >= $bound", "SUM( order.amount )  LAST $span days  >= $bound"), nil},
		{"a title", edited("{where: count(order) ever >= 1, gate", "{title: Who buys, owner: crm, where: count(order) ever >= 1, gate"), nil},
		{"another file", map[string]string{"segments/all.yaml": "params: {unused: 1}\n", "segments/later.yaml": tinyDefinitions}, nil},
		{"a param", edited("bound: 100,", "bound: 101,"), append([]string{"spenders"}, worth...)},
		{"a param that begins like another", edited("bound_large: 7", "bound_large: 8"), nil},
		{"a rule", edited("country = 'DE'\"", "country = 'AT'\""), []string{"germans"}},
		{"a leaf of a tree", edited("german: country = 'DE'", "german: country = 'FR'"), []string{"tree"}},
		{"a trait", edited("sum(order.amount) ever", "sum(order.amount) last 1 year"), append([]string{"steady"}, worth...)},
		{"a gate", edited("consent = true", "consent = false"), []string{"buyers", "germans", "in_sql"}},
		{"a list", map[string]string{"lists/chosen.csv": "customer_id\n1\n"}, []string{"germans", "tree"}},
		{"a list in another order", map[string]string{"lists/chosen.csv": "customer_id\n77\n3\n1\n"}, nil},
		{"sql", edited("UNION ALL SELECT NULL", "UNION ALL SELECT 4"), []string{"in_sql"}},
		{"a stream's filter", remapped("status <> 'cancelled'", "status = 'paid'"), orders},
		{"a stream's type", remapped("type: open", "type: email"), []string{"tree"}},
		{"another stream", remapped("type: cart", "type: basket"), nil},
	} {
		var changed []string
		for name, hash := range hashes(c.change) {
			if before[name] != hash {
				changed = append(changed, name)
			}
		}
		require.ElementsMatch(t, c.changed, changed, c.what)
	}
	require.Len(t, before, 9)
	require.Equal(t, before["worth.big"], before["worth.none"])
}

// TestHashKnowsQueries shows that a source's query is part of the meaning of
// what reads it.
func TestHashKnowsQueries(t *testing.T) {
	db := tinyShop(t, nil).db
	hash := func(query string) string {
		return tinyOn(t, db, withBigOrders(query)).run(t).Units[0].Hash
	}
	first := hash("SELECT customer_id, ordered_at FROM orders WHERE amount >= 50")
	require.Equal(t, first, hash("SELECT customer_id, ordered_at FROM orders WHERE amount >= 50"))
	require.NotEqual(t, first, hash("SELECT customer_id, ordered_at FROM orders WHERE amount >= 60"))
}

// TestHashKnowsParamsByTheirWholeName edits a param whose name another begins
// with, and one that only a stream or a user's SQL names.
func TestHashKnowsParamsByTheirWholeName(t *testing.T) {
	db := tinyShop(t, nil).db
	hashes := func(params string) map[string]string {
		found := map[string]string{}
		for _, unit := range tinyOn(t, db, map[string]string{
			"strata.yaml": strings.Replace(tinyProject, "status <> 'cancelled'", "amount > $lowest", 1),
			"segments/all.yaml": "params: {" + params + "}" + `
segments:
  small: {where: count(email_open) last $n days >= 1}
  large: {where: count(email_open) last $n_large days >= 1}
  ordered: {where: count(order) ever >= 1}
  in_sql:
    sql: |
      SELECT customer_id FROM orders WHERE ordered_at < $as_of AND amount >
        $bound
`,
		}).run(t).Units {
			found[unit.Name] = unit.Hash
		}
		return found
	}
	before := hashes("n: 1, n_large: 2, lowest: 3, bound: 4")
	for params, changed := range map[string]string{
		"n: 9, n_large: 2, lowest: 3, bound: 4": "small", "n: 1, n_large: 9, lowest: 3, bound: 4": "large",
		"n: 1, n_large: 2, lowest: 9, bound: 4": "ordered", "n: 1, n_large: 2, lowest: 3, bound: 9": "in_sql",
	} {
		for name, hash := range hashes(params) {
			require.Equal(t, name == changed, hash != before[name], "%s: %s", params, name)
		}
	}
}

// A run takes as long as the clock says.
func TestRunDuration(t *testing.T) {
	s := tinyShop(t, nil)
	found, err := s.Run(t.Context(), evaluate.RunOptions{AsOf: tinyNoon, Definitions: []check.Definition{s.definition(t, "buyers")}, Now: clockwork()})
	require.NoError(t, err)
	require.Equal(t, time.Second, found.Units[0].Duration)
	require.Greater(t, found.Duration, found.Units[0].Duration)
}

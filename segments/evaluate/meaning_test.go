package evaluate_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/evaluate"
)

// A meaning is what a run keeps, taken apart: the same hash and text, and from the
// text the same parts.
func TestMeaningIsWhatARunKeeps(t *testing.T) {
	s := tinyShop(t, nil)
	run := s.run(t)
	for _, unit := range run.Units {
		if unit.Kind != evaluate.SegmentUnit {
			continue
		}
		m := evaluate.MeaningOf(s.program, s.definition(t, unit.Name))
		require.Equal(t, unit.Hash, m.Hash)
		require.Equal(t, unit.Canonical, m.Canonical)
		read := evaluate.ReadMeaning(unit.Canonical)
		read.Hash = m.Hash
		for name, text := range m.Parts {
			require.Equal(t, strings.TrimRight(text, "\n"), read.Parts[name], "%s of %s", name, unit.Name)
		}
		require.Len(t, read.Parts, len(m.Parts))
		require.Equal(t, strings.TrimRight(m.Own, "\n"), read.Own)
	}
	tree := evaluate.MeaningOf(s.program, s.definition(t, "spenders"))
	require.Contains(t, tree.Parts, "$bound")
	require.Contains(t, tree.Parts, "stream order")
	require.NotContains(t, tree.Parts, "spenders")
	require.NotContains(t, tree.Parts, "$bound_large", "a longer name is another one")
}

// What changed is what both have and is not the same.
func TestMeaningChanged(t *testing.T) {
	before := tinyShop(t, nil)
	after := tinyShop(t, map[string]string{"segments/all.yaml": strings.Replace(tinyDefinitions, "bound: 100", "bound: 90", 1), "lists/chosen.csv": "customer_id\n1\n"})
	changed := func(name string) []string {
		return evaluate.MeaningOf(before.program, before.definition(t, name)).Changed(evaluate.MeaningOf(after.program, after.definition(t, name)))
	}
	require.Equal(t, []string{"$bound"}, changed("spenders"))
	require.Equal(t, []string{"chosen"}, changed("tree"))
	require.Equal(t, []string{"chosen"}, changed("germans"), "through a gate")
	require.Empty(t, changed("buyers"))
	require.Equal(t, []string{"$bound"}, changed("worth"))
}

// An expression depends on what it names and on all that this needs.
func TestPartsOf(t *testing.T) {
	s := tinyShop(t, nil)
	worth := s.definition(t, "worth").(*check.Partition)
	require.Equal(t, []string{"$bound", "spent", "stream order"}, evaluate.PartsOf(s.program, worth.Stages[0].X))
	require.Equal(t, []string{"buyers", "stream order"}, evaluate.PartsOf(s.program, s.segment(t, "not buyers").Where.Leaves()[0].X))
	require.Empty(t, evaluate.PartsOf(s.program, s.segment(t, "country = 'DE'").Where.Leaves()[0].X))
}

// Members by key are those of words where there are any, and of a statement where
// there are none.
func TestMembersByKey(t *testing.T) {
	ctx := t.Context()
	s := tinyShop(t, nil)
	table := evaluate.KeyTable{Name: `memory.main."by key"`, KeyType: "VARCHAR"}
	read := func(d check.Definition) map[string]string {
		require.NoError(t, s.MembersByKey(ctx, d, tinyNoon, table))
		rows, err := s.db.Query(ctx, "SELECT key, stage || ' ' || contactable FROM "+table.Name)
		require.NoError(t, err)
		found := map[string]string{}
		for rows.Next() {
			var key, value string
			require.NoError(t, rows.Scan(&key, &value))
			require.NotContains(t, found, key)
			found[key] = value
		}
		require.NoError(t, rows.Err())
		require.NoError(t, rows.Close())
		return found
	}
	alone := map[string]map[string]string{}
	for _, name := range []string{"buyers", "germans", "tree", "in_sql", "worth"} {
		alone[name] = read(s.definition(t, name))
	}
	// 1, 2, 3 and 6 ordered; 3 gave no consent.
	require.Equal(t, map[string]string{"1": "0 true", "2": "0 true", "3": "0 false", "6": "0 true"}, alone["buyers"])
	require.Equal(t, "0 true", alone["worth"]["1"])
	require.Equal(t, "1 true", alone["worth"]["2"])
	require.Equal(t, "2 true", alone["worth"]["4"])
	require.Empty(t, read(nil))

	words, err := s.Words(ctx, []check.Definition{s.definition(t, "buyers"), s.definition(t, "germans"), s.definition(t, "tree"), s.definition(t, "worth")}, tinyNoon)
	require.NoError(t, err)
	for name, want := range alone {
		require.Equal(t, want, read(s.definition(t, name)), name)
	}
	// The leaves of the tree: a buyer, German, opened, and not chosen.
	leaves := evaluate.KeyTable{Name: `memory.main."leaves"`, KeyType: "VARCHAR"}
	read(s.definition(t, "buyers"))
	there, err := s.LeavesByKey(ctx, s.segment(t, "tree"), tinyNoon, table, leaves)
	require.NoError(t, err)
	require.True(t, there)
	var found string
	require.NoError(t, s.db.Row(ctx, []any{&found}, "SELECT string_agg(key || ':' || leaves, ' ' ORDER BY key) FROM "+leaves.Name))
	require.Equal(t, "1:1111 2:1100 3:1011 6:1000", found)
	require.NoError(t, words.Close(ctx))
	there, err = s.LeavesByKey(ctx, s.segment(t, "tree"), tinyNoon, table, leaves)
	require.NoError(t, err)
	require.False(t, there, "without words there are no leaves")
}

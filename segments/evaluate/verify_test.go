package evaluate_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/sql/dialect"
)

// verifyOptions ask for a comparison of some definitions at noon, of all where
// none is named.
func (s tiny) verifyOptions(t *testing.T, names ...string) evaluate.VerifyOptions {
	t.Helper()
	options := evaluate.VerifyOptions{AsOf: tinyNoon, Examples: 10, Now: clockwork()}
	for _, name := range names {
		options.Definitions = append(options.Definitions, s.definition(t, name))
	}
	if len(names) == 0 {
		options.Definitions = s.all(t)
	}
	return options
}

// left are the tables of the in-memory database.
func (s tiny) left(t *testing.T) []string {
	t.Helper()
	rows, err := s.db.Query(t.Context(), "SELECT table_name FROM duckdb_tables() WHERE database_name = 'memory' ORDER BY ALL")
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	names := []string{}
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		names = append(names, name)
	}
	require.NoError(t, rows.Err())
	return names
}

// table is the one table of the in-memory database whose name fits a pattern.
func (s tiny) table(t *testing.T, pattern string) string {
	t.Helper()
	var name string
	var tables int
	require.NoError(t, s.db.Row(t.Context(), []any{&name, &tables},
		"SELECT min(table_name), count(*) FROM duckdb_tables() WHERE database_name = 'memory' AND table_name LIKE ?", pattern))
	require.Equal(t, 1, tables, pattern)
	return dialect.Qualified("memory", "main", name)
}

// spoil runs a statement on tables of the verification just before a step.
// TABLE stands for the one that fits the pattern.
func (s tiny) spoil(t *testing.T, options *evaluate.VerifyOptions, before, pattern string, statements ...func(table, words string) string) {
	t.Helper()
	spoiled := false
	options.Progress = func(_, _ int, name string) {
		if name != before {
			return
		}
		require.False(t, spoiled)
		spoiled = true
		for _, statement := range statements {
			changed, err := s.db.Exec(t.Context(), statement(s.table(t, pattern), s.table(t, "strata % words %")))
			require.NoError(t, err)
			require.Positive(t, changed)
		}
	}
	t.Cleanup(func() { require.True(t, spoiled, "there is no step %s", before) })
}

// found is what a verification says of a definition.
type found struct {
	alone     string
	size      int64
	differing int64
	counts    map[evaluate.Difference]int64
}

func foundBy(v *evaluate.Verification) map[string]found {
	all := map[string]found{}
	for _, d := range v.Definitions {
		all[d.Definition.DefinitionName()] = found{alone: d.Alone, size: d.Size, differing: d.Differing(), counts: d.Counts}
	}
	return all
}

// none is what an equal definition has of differences.
var none = map[evaluate.Difference]int64{}

func TestVerifyFindsBothWaysEqual(t *testing.T) {
	s := tinyShop(t, nil)
	options := s.verifyOptions(t)
	var told []string
	steps := 0
	options.Progress = func(done, all int, name string) {
		require.Equal(t, len(told), done)
		require.Less(t, done, all)
		told, steps = append(told, name), all
	}
	v, err := s.Verify(t.Context(), options)
	require.NoError(t, err)
	require.Equal(t, map[string]found{
		"buyers": {size: 4, counts: none}, "germans": {size: 2, counts: none}, "spenders": {size: 1, counts: none}, "tree": {size: 1, counts: none},
		"worth": {size: 5, counts: none}, "in_sql": {alone: "it is given by sql"}, "steady": {alone: "it looks at more than one moment"},
	}, foundBy(v))
	compared, different := v.Counts()
	require.Equal(t, 5, compared)
	require.Zero(t, different)
	require.Equal(t, tinyNoon, v.AsOf)
	require.Nil(t, v.KnownAt)
	require.Equal(t, 5*time.Second, v.Standalone)
	require.Greater(t, v.Shared, time.Second)
	require.Len(t, told, steps)
	require.Equal(t, []string{"members", "buyers", "germans", "spenders", "tree", "worth"}, told[steps-6:])
	require.Empty(t, s.left(t))
}

// TestVerifySpeaksOfTheAsOf looks back, and at what was known.
func TestVerifySpeaksOfTheAsOf(t *testing.T) {
	s := tinyShop(t, nil)
	options := s.verifyOptions(t, "buyers", "worth")
	options.AsOf = time.Date(2025, time.June, 1, 0, 0, 0, 0, time.UTC)
	v, err := s.Verify(t.Context(), options)
	require.NoError(t, err)
	require.Equal(t, map[string]found{"buyers": {size: 1, counts: none}, "worth": {size: 4, counts: none}}, foundBy(v))
	known := time.Date(2026, time.January, 19, 0, 0, 0, 0, time.UTC)
	v, err = s.KnownAt(known).Verify(t.Context(), s.verifyOptions(t, "buyers", "worth"))
	require.NoError(t, err)
	require.Equal(t, map[string]found{"buyers": {size: 3, counts: none}, "worth": {size: 5, counts: none}}, foundBy(v))
	require.Equal(t, known, *v.KnownAt)
}

// TestVerifyOneOrNone compares what a run would not evaluate together.
func TestVerifyOneOrNone(t *testing.T) {
	s := tinyShop(t, nil)
	v, err := s.Verify(t.Context(), s.verifyOptions(t, "worth"))
	require.NoError(t, err)
	require.Equal(t, map[string]found{"worth": {size: 5, counts: none}}, foundBy(v))
	v, err = s.Verify(t.Context(), s.verifyOptions(t, "steady", "spent", "chosen", "mailable"))
	require.NoError(t, err)
	require.Equal(t, map[string]found{
		"steady": {alone: "it looks at more than one moment"}, "spent": {alone: "a trait has no members to keep"},
		"chosen": {alone: "a list has no members to keep"}, "mailable": {alone: "a gate has no members to keep"},
	}, foundBy(v))
	require.Zero(t, v.Shared)
	v, err = s.Verify(t.Context(), evaluate.VerifyOptions{AsOf: tinyNoon, Now: clockwork()})
	require.NoError(t, err)
	require.Empty(t, v.Definitions)
	require.Empty(t, s.left(t))
}

// turnedOver gives each condition of the words its opposite.
func (s tiny) turnedOver(t *testing.T) string {
	t.Helper()
	var assignments string
	require.NoError(t, s.db.Row(t.Context(), []any{&assignments}, "SELECT string_agg(column_name || ' = ~' || column_name, ', ') "+
		"FROM duckdb_columns() WHERE database_name = 'memory' AND table_name LIKE 'strata % words %' AND data_type = 'UBIGINT'"))
	return assignments
}

// TestVerifyFindsSpoiledWords turns over the conditions of some customers:
// those with an order have none any more, and the other way round.
func TestVerifyFindsSpoiledWords(t *testing.T) {
	s := tinyShop(t, nil)
	for _, c := range []struct {
		keys     string
		examples int64
		want     map[string]found
		named    []evaluate.Disagreement
	}{
		{
			keys: "2, 4", examples: 10,
			want: map[string]found{"buyers": {size: 4, differing: 2, counts: map[evaluate.Difference]int64{evaluate.SharedOnly: 1, evaluate.StandaloneOnly: 1}}},
			named: []evaluate.Disagreement{
				{Key: int64(4), Difference: evaluate.SharedOnly, Shared: &evaluate.Said{Contactable: true}},
				{Key: int64(2), Difference: evaluate.StandaloneOnly, Standalone: &evaluate.Said{Contactable: true}},
			},
		},
		{
			keys: "1, 2, 3, 4, 6", examples: 3,
			want: map[string]found{"buyers": {size: 4, differing: 5, counts: map[evaluate.Difference]int64{evaluate.SharedOnly: 1, evaluate.StandaloneOnly: 4}}},
			named: []evaluate.Disagreement{
				{Key: int64(4), Difference: evaluate.SharedOnly, Shared: &evaluate.Said{Contactable: true}},
				{Key: int64(1), Difference: evaluate.StandaloneOnly, Standalone: &evaluate.Said{Contactable: true}},
				{Key: int64(2), Difference: evaluate.StandaloneOnly, Standalone: &evaluate.Said{Contactable: true}},
			},
		},
		{
			keys: "3, 6", examples: 0,
			want: map[string]found{"buyers": {size: 4, differing: 2, counts: map[evaluate.Difference]int64{evaluate.StandaloneOnly: 2}}},
			named: []evaluate.Disagreement{
				{Key: int64(3), Difference: evaluate.StandaloneOnly, Standalone: &evaluate.Said{}},
				{Key: int64(6), Difference: evaluate.StandaloneOnly, Standalone: &evaluate.Said{Contactable: true}},
			},
		},
	} {
		options := s.verifyOptions(t, "buyers")
		options.Examples = c.examples
		s.spoil(t, &options, "members", "strata % words %", func(table, _ string) string {
			return "UPDATE " + table + " SET " + s.turnedOver(t) + " WHERE customer_id IN (" + c.keys + ")"
		})
		v, err := s.Verify(t.Context(), options)
		require.NoError(t, err)
		require.Equal(t, c.want, foundBy(v), c.keys)
		require.Equal(t, c.named, v.Definitions[0].Examples, c.keys)
		compared, different := v.Counts()
		require.Equal(t, []int{1, 1}, []int{compared, different})
		require.Empty(t, s.left(t))
	}
}

// ofCustomer is the condition that a row of members is a customer's.
func ofCustomer(key, words string) string {
	return " WHERE id = (SELECT \"row id\" FROM " + words + " WHERE customer_id = " + key + ")"
}

// TestVerifyFindsEachDifference spoils the members of the shared way in each
// way there is, and finds the spoiled definition alone.
func TestVerifyFindsEachDifference(t *testing.T) {
	s := tinyShop(t, nil)
	for _, c := range []struct {
		what       string
		statements []func(table, words string) string
		definition string
		named      []evaluate.Disagreement
	}{
		{
			what: "a member who is not there", definition: "buyers",
			statements: []func(table, words string) string{func(table, words string) string {
				return "DELETE FROM " + table + ofCustomer("1", words) + " AND unit = 0"
			}},
			named: []evaluate.Disagreement{{Key: int64(1), Difference: evaluate.StandaloneOnly, Standalone: &evaluate.Said{Contactable: true}}},
		},
		{
			what: "who may be contacted", definition: "buyers",
			statements: []func(table, words string) string{func(table, words string) string {
				return "UPDATE " + table + " SET contactable = NOT contactable" + ofCustomer("3", words) + " AND unit = 0"
			}},
			named: []evaluate.Disagreement{{
				Key: int64(3), Difference: evaluate.OtherContactable, Shared: &evaluate.Said{Contactable: true}, Standalone: &evaluate.Said{},
			}},
		},
		{
			what: "a member twice, and one who is none", definition: "germans",
			statements: []func(table, words string) string{
				func(table, words string) string {
					return "INSERT INTO " + table + " SELECT * FROM " + table + ofCustomer("2", words) + " AND unit = 1"
				},
				func(table, words string) string {
					return "INSERT INTO " + table + " SELECT 1, \"row id\", FALSE FROM " + words + " WHERE customer_id = 6"
				},
			},
			named: []evaluate.Disagreement{
				{Key: int64(2), Difference: evaluate.Repeated, Shared: &evaluate.Said{Contactable: true}, Standalone: &evaluate.Said{Contactable: true}},
				{Key: int64(6), Difference: evaluate.SharedOnly, Shared: &evaluate.Said{}},
			},
		},
		{
			what: "stages", definition: "worth",
			statements: []func(table, words string) string{
				func(table, words string) string {
					return "UPDATE " + table + " SET unit = 2" + ofCustomer("6", words) + " AND unit = 3"
				},
				func(table, words string) string {
					return "UPDATE " + table + " SET unit = NULL" + ofCustomer("4", words) + " AND unit = 4"
				},
			},
			named: []evaluate.Disagreement{
				{
					Key: int64(6), Difference: evaluate.OtherStage,
					Shared: &evaluate.Said{Stage: "big", Contactable: true}, Standalone: &evaluate.Said{Stage: "small", Contactable: true},
				},
				{Key: int64(4), Difference: evaluate.StandaloneOnly, Standalone: &evaluate.Said{Stage: "none", Contactable: true}},
			},
		},
	} {
		options := s.verifyOptions(t, "buyers", "germans", "worth")
		s.spoil(t, &options, "buyers", "strata verify % shared", c.statements...)
		v, err := s.Verify(t.Context(), options)
		require.NoError(t, err)
		for _, d := range v.Definitions {
			if d.Definition.DefinitionName() == c.definition {
				require.Equal(t, c.named, d.Examples, c.what)
				require.EqualValues(t, len(c.named), d.Differing(), c.what)
				continue
			}
			require.Zero(t, d.Differing(), "%s: %s", c.what, d.Definition.DefinitionName())
			require.Empty(t, d.Examples)
		}
	}
}

// TestVerifyLeavesNothing stops a verification before each of its steps.
func TestVerifyLeavesNothing(t *testing.T) {
	s := tinyShop(t, nil)
	steps := 1
	for at := 0; at < steps; at++ {
		ctx, cancel := context.WithCancel(t.Context())
		options := s.verifyOptions(t)
		options.Progress = func(done, all int, _ string) {
			if steps = all; done == at {
				cancel()
			}
		}
		_, err := s.Verify(ctx, options)
		require.ErrorIs(t, err, context.Canceled, at)
		require.Empty(t, s.left(t), at)
		cancel()
	}
	require.Greater(t, steps, 7)
}

func TestVerifyFails(t *testing.T) {
	s := tinyShop(t, nil)
	options := s.verifyOptions(t, "buyers", "spenders")
	options.Progress = func(_, _ int, name string) {
		if name == "spenders" {
			_, err := s.db.Exec(t.Context(), "DROP TABLE orders")
			require.NoError(t, err)
		}
	}
	_, err := s.Verify(t.Context(), options)
	require.ErrorContains(t, err, "verify spenders: ")
	require.Empty(t, s.left(t))
	_, err = s.db.Exec(t.Context(), "INSERT INTO customers SELECT * FROM customers")
	require.NoError(t, err)
	_, err = s.Verify(t.Context(), evaluate.VerifyOptions{AsOf: tinyNoon, Definitions: []check.Definition{s.definition(t, "buyers")}, Now: clockwork()})
	var repeated *evaluate.DuplicateKeyError
	require.ErrorAs(t, err, &repeated)
}

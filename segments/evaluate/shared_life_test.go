package evaluate_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/plan"
)

// tablesOf are the names of all tables and views of the in-memory database.
func (s tiny) tablesOf(t *testing.T) int64 {
	t.Helper()
	var n int64
	require.NoError(t, s.db.Row(t.Context(), []any{&n}, `SELECT count(*) FROM (SELECT table_name FROM duckdb_tables() WHERE database_name = 'memory'
		UNION ALL SELECT view_name FROM duckdb_views() WHERE database_name = 'memory' AND NOT internal) AS t`))
	return n
}

// TestSharedOfNothing asks for no definitions, and for one that is always true.
func TestSharedOfNothing(t *testing.T) {
	t.Parallel()
	s := edgeShop(t, edgeRows(t), "BIGINT", "VARCHAR", strconv.Itoa)
	words := s.words(t, tinyNoon)
	customers, sizes, err := words.Sizes(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, int64(81), customers)
	require.Empty(t, sizes)
	require.Len(t, s.keys(t, words, plan.Both()), 81)
	require.Empty(t, s.keys(t, words, plan.Either()))
	require.Len(t, s.shared(t, tinyNoon, "true")["true"], 81)
}

// TestSharedLeavesNothing ends an evaluation at each of its steps: the tables
// that it had made are gone.
func TestSharedLeavesNothing(t *testing.T) {
	t.Parallel()
	s := keyShop(t, "customer_id")
	definitions := s.all(t)
	options := evaluate.RunOptions{AsOf: tinyNoon, Definitions: definitions, Now: clockwork()}
	steps := 0
	options.Progress = func(int, int, string) { steps++ }
	_, err := s.Run(t.Context(), options)
	require.NoError(t, err)
	require.NotZero(t, s.tablesOf(t))
	require.NoError(t, s.Release(t.Context()))
	require.Zero(t, s.tablesOf(t))
	require.Greater(t, steps, 4)
	for last := range steps {
		ctx, cancel := context.WithCancel(t.Context())
		seen := 0
		options.Progress = func(int, int, string) {
			if seen++; seen > last {
				cancel()
			}
		}
		_, err := s.Run(ctx, options)
		cancel()
		require.ErrorIs(t, err, context.Canceled, "step %d", last)
		require.Zero(t, s.tablesOf(t), "step %d", last)
	}
}

// TestSharedByManyAtOnce evaluates in several goroutines and reads the words of
// one of them in all.
func TestSharedByManyAtOnce(t *testing.T) {
	t.Parallel()
	s := edgeShop(t, edgeRows(t), "BIGINT", "VARCHAR", strconv.Itoa)
	texts := []string{"count(event) ever >= 1", "count(open) last 7 days >= 1", "percentile(count(viax) ever) > 50", "customer_id > 40 and count(viax) ever = 0"}
	definitions := make([]check.Definition, len(texts))
	for i, text := range texts {
		definitions[i] = s.segment(t, text)
	}
	one := s.words(t, tinyNoon, definitions...)
	sizesOf := func(words *evaluate.Words) ([]int64, error) {
		var formulas []*plan.Formula
		for _, unit := range words.Plan.Units {
			formulas = append(formulas, unit.Members)
		}
		_, sizes, err := words.Sizes(t.Context(), formulas)
		return sizes, err
	}
	want, err := sizesOf(one)
	require.NoError(t, err)
	require.NotContains(t, want, int64(0))
	before := s.tablesOf(t)
	found, errs := make([][]int64, 8), make([]error, 8)
	var all sync.WaitGroup
	for i := range found {
		all.Go(func() {
			words := one
			if i%2 == 0 {
				if words, errs[i] = s.Words(t.Context(), definitions, tinyNoon); errs[i] != nil {
					return
				}
				defer func() { errs[i] = errors.Join(errs[i], words.Close(t.Context())) }()
			}
			found[i], errs[i] = sizesOf(words)
		})
	}
	all.Wait()
	for i := range found {
		require.NoError(t, errs[i])
		require.Equal(t, want, found[i])
	}
	require.Equal(t, before, s.tablesOf(t))
}

package run_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"strata/reports"
	"strata/reports/run"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/evaluate"
	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

const overlapProject = `
warehouse: warehouse.duckdb
store: strata.duckdb
timezone: Europe/Berlin
sources:
  customers: {table: customers, key: customer_id}
`

const overlapSchema = `
sources:
  customers: {customer_id: BIGINT, age: BIGINT, country: VARCHAR}
`

const overlapDefinitions = `
segments:
  young: {where: age <= %d}
  younger: {where: age <= 50}
  german: {where: country = 'DE'}
  young_germans: {where: german and young}
  by_sql: {sql: "SELECT customer_id FROM customers WHERE age <= 40 AND $as_of IS NOT NULL"}
partitions:
  half: {stages: [lower: age <= 60, upper: else]}
`

// overlapProgram checks the definitions, in which the young are so old at most.
func overlapProgram(t *testing.T, age int) *check.Program {
	t.Helper()
	set, problems := definition.Load(fstest.MapFS{
		"strata.yaml": {Data: []byte(overlapProject)}, "strata.schema.yaml": {Data: []byte(overlapSchema)},
		"segments/all.yaml": {Data: []byte(fmt.Sprintf(overlapDefinitions, age))},
	}, t.TempDir())
	require.NoError(t, problems.Err())
	program, problems := check.Check(set)
	require.NoError(t, problems.Err())
	return program
}

// overlapDB is a warehouse of 120 customers, of whom every second is German, with
// an empty store.
func overlapDB(t *testing.T) *warehouse.DB {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "warehouse.duckdb")
	require.NoError(t, warehouse.Build(t.Context(), path, []string{
		"CREATE TABLE customers AS SELECT i AS customer_id, i AS age, CASE WHEN i % 2 = 1 THEN 'DE' ELSE 'FR' END AS country FROM range(1, 121) AS t(i)",
	}))
	db, err := warehouse.Open(t.Context(), warehouse.Config{Warehouse: path, Store: filepath.Join(dir, "store.duckdb")})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// The same comes of an evaluation, of what a run left, and of the store.
func TestOverlapIsTheSameFromEverywhere(t *testing.T) {
	t.Parallel()
	ctx, db, program := t.Context(), overlapDB(t), overlapProgram(t, 60)
	definitions, err := program.Select(nil)
	require.NoError(t, err)
	at := time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)
	options := reports.OverlapOptions{Sets: 20, BaseRate: 0.02, Holdout: 0.1}
	evaluated, err := run.Overlap(ctx, evaluate.New(db, program), definitions, at, options)
	require.NoError(t, err)
	require.Empty(t, evaluated.Skipped)

	e := evaluate.New(db, program)
	result, err := e.Run(ctx, evaluate.RunOptions{AsOf: at, Definitions: definitions, Now: time.Now})
	require.NoError(t, err)
	left, err := run.Overlap(ctx, e, definitions, at, options)
	require.NoError(t, err)
	committed, err := snapshot.Commit(ctx, db, result, snapshot.CommitOptions{TakenAt: at, Complete: true})
	require.NoError(t, err)
	require.NoError(t, e.Release(ctx))
	stored, err := run.StoredOverlap(ctx, db, program, committed.ID, nil, options)
	require.NoError(t, err)
	require.Equal(t, committed.ID, *stored.Run)
	require.Empty(t, stored.Edited)

	for _, other := range []*run.OverlapAnswer{left, stored} {
		require.Equal(t, evaluated.Reach, other.Reach)
		require.Equal(t, evaluated.Cover, other.Cover)
		require.Len(t, other.Units, len(evaluated.Units))
		for i, u := range evaluated.Units {
			for j, v := range evaluated.Units {
				if i != j {
					require.Equal(t, evaluated.Pair(i, j), pairOf(t, other.Overlap, u.Name, v.Name))
				}
			}
		}
	}
	require.Equal(t, int64(240), evaluated.Reach.Gross, "60, 50, 60, 30 and 40")
	require.Equal(t, int64(90), evaluated.Reach.Net)
	young := pairOf(t, evaluated.Overlap, "young", "half.lower")
	require.Equal(t, reports.OverlapContainment{Which: reports.OverlapSame, ByDefinition: true}, young.Containment)
	require.Equal(t, reports.OverlapContainment{Which: reports.OverlapAInB, ByDefinition: true}, pairOf(t, evaluated.Overlap, "young_germans", "german").Containment)
	require.Equal(t, reports.OverlapContainment{Which: reports.OverlapAInB}, pairOf(t, evaluated.Overlap, "by_sql", "young").Containment)
}

func pairOf(t *testing.T, o *reports.Overlap, a, b string) reports.OverlapPair {
	t.Helper()
	at := map[string]int{}
	for i, u := range o.Units {
		at[u.Name] = i
	}
	require.Contains(t, at, a)
	require.Contains(t, at, b)
	return o.Pair(at[a], at[b])
}

// Rules that were edited after a run say nothing of its members.
func TestOverlapOfEditedSegments(t *testing.T) {
	t.Parallel()
	ctx, db, program := t.Context(), overlapDB(t), overlapProgram(t, 60)
	definitions, err := program.Select([]string{"young", "german", "half"})
	require.NoError(t, err)
	e := evaluate.New(db, program)
	result, err := e.Run(ctx, evaluate.RunOptions{AsOf: time.Now(), Definitions: definitions, Now: time.Now})
	require.NoError(t, err)
	committed, err := snapshot.Commit(ctx, db, result, snapshot.CommitOptions{TakenAt: time.Now()})
	require.NoError(t, err)
	require.NoError(t, e.Release(ctx))
	edited := overlapProgram(t, 70)
	all, err := edited.Select(nil)
	require.NoError(t, err)
	stored, err := run.StoredOverlap(ctx, db, edited, committed.ID, all, reports.OverlapOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"young"}, stored.Edited)
	require.Len(t, stored.Units, 4)
	require.Len(t, stored.Skipped, 3, "younger, young_germans and by_sql are not in the run")
	require.Equal(t, reports.OverlapContainment{Which: reports.OverlapSame}, pairOf(t, stored.Overlap, "young", "half.lower").Containment)

	missing, err := edited.Select([]string{"younger"})
	require.NoError(t, err)
	_, err = run.StoredOverlap(ctx, db, edited, committed.ID, missing, reports.OverlapOptions{})
	require.ErrorIs(t, err, run.ErrNothingToOverlap)
	_, err = run.StoredOverlap(ctx, db, edited, 99, nil, reports.OverlapOptions{})
	require.ErrorIs(t, err, snapshot.ErrNotFound)
	none, err := run.Overlap(ctx, evaluate.New(db, edited), nil, time.Now(), reports.OverlapOptions{})
	require.ErrorIs(t, err, run.ErrNothingToOverlap)
	require.Nil(t, none.Overlap)
}

package snapshot_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/evaluate"
	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

// The benchmark's store: 100 segments over a million customers, a segment holding up to a fifth of them.
const (
	benchUnits     = 100
	benchCustomers = 1_000_000
)

// BenchmarkCommit commits runs of which each differs from the one before by about 1.4% of its members, half of them
// leaving and half entering. Metrics are the first run, which writes all members, and the size of the file.
//
//	go test -tags duckdb_arrow -run - -bench Commit -benchtime 5x ./segments/snapshot
func BenchmarkCommit(b *testing.B) {
	benchCommit(b, func(*evaluate.Result, int) {})
}

// BenchmarkCommitOfKnownChanges commits the same runs with changes that the evaluation knows.
func BenchmarkCommitOfKnownChanges(b *testing.B) {
	benchCommit(b, func(r *evaluate.Result, at int) {
		r.Base, r.Changes, r.PopulationChanges = int64(at-1), "memory.main.changes", "memory.main.population_changes"
	})
}

func benchCommit(b *testing.B, prepare func(r *evaluate.Result, at int)) {
	b.Helper()
	db := open(b, storeAt(b))
	mustExec(b, db, `CREATE TABLE memory.main.population AS SELECT i * 7919 AS key FROM range(?) AS t(i)`, benchCustomers)
	mustExec(b, db, `CREATE TABLE memory.main.population_changes AS SELECT key, true AS entered FROM memory.main.population LIMIT 0`)
	result := benchResult(b, db, 1)
	_, err := snapshot.Commit(b.Context(), db, result, options())
	require.NoError(b, err)
	changes := int64(0)
	for at := 2; b.Loop(); at++ {
		b.StopTimer()
		mustExec(b, db, `CREATE OR REPLACE TABLE memory.main.before AS FROM memory.main.members`)
		result := benchResult(b, db, at)
		mustExec(b, db, `CREATE OR REPLACE TABLE memory.main.changes AS
			SELECT unit, key, m.contactable IS NOT NULL AS entered
			FROM memory.main.members m FULL JOIN memory.main.before b USING (unit, key)
			WHERE m.contactable IS NULL OR b.contactable IS NULL`)
		prepare(result, at)
		b.StartTimer()
		run, err := snapshot.Commit(b.Context(), db, result, options())
		require.NoError(b, err)
		changes = 0
		for _, u := range run.Units {
			changes += *u.Entered + *u.Exited
		}
	}
	b.ReportMetric(float64(changes), "changes/run")
}

// BenchmarkFirstCommit writes all members of all segments.
func BenchmarkFirstCommit(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		db := open(b, storeAt(b))
		mustExec(b, db, `CREATE TABLE memory.main.population AS SELECT i * 7919 AS key FROM range(?) AS t(i)`, benchCustomers)
		result := benchResult(b, db, 1)
		b.StartTimer()
		_, err := snapshot.Commit(b.Context(), db, result, options())
		require.NoError(b, err)
	}
}

// benchResult makes members whose changes follow from hashes: of every pair of segment and customer that changes at all,
// it depends on the run whether it is in.
func benchResult(b *testing.B, db *warehouse.DB, at int) *evaluate.Result {
	b.Helper()
	mustExec(b, db, `CREATE OR REPLACE TABLE memory.main.members AS
		SELECT u::INTEGER AS unit, key, true AS contactable
		FROM range(?) AS s(u), memory.main.population
		WHERE CASE WHEN hash(key * 11 + u * 5) % 1000 < 8 THEN hash(key * 3 + u + ?) % 1000 < 2 * u
			ELSE hash(key * 31 + u * 17) % 1000 < 2 * u END`, benchUnits, at)
	result := &evaluate.Result{
		AsOf: day(at), Zone: "UTC", KeyType: "BIGINT", Customers: benchCustomers,
		Members: `"memory"."main"."members"`, Population: `"memory"."main"."population"`,
	}
	sizes := column(b.Context(), b, db, `SELECT count(m.key) FROM range(?) AS s(u)
		LEFT JOIN memory.main.members m ON m.unit = s.u GROUP BY s.u ORDER BY s.u`, benchUnits)
	for i, size := range sizes {
		result.Units = append(result.Units, evaluate.Unit{
			Kind: evaluate.SegmentUnit, Name: "s" + strconv.Itoa(i), Hash: "h" + strconv.Itoa(i), Size: size,
		})
	}
	return result
}

func mustExec(t testing.TB, db *warehouse.DB, query string, args ...any) {
	t.Helper()
	_, err := db.Exec(t.Context(), query, args...)
	require.NoError(t, err)
}

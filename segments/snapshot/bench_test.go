package snapshot_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/evaluate"
	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

// The benchmarks' store: 100 segments over a million customers, a segment holding up to a fifth of them, which makes 9.9
// million memberships. From one run to the next 2% of them change, half of the changes entering and half leaving.
const (
	benchUnits     = 100
	benchCustomers = 1_000_000
	benchDays      = 30
)

// BenchmarkDailyCommit commits a run whose changes the evaluation knows, as a daily run does.
//
//	go test -tags duckdb_arrow -run - -bench DailyCommit -benchtime 10x ./segments/snapshot
func BenchmarkDailyCommit(b *testing.B) {
	s := newBenchStore(b)
	for b.Loop() {
		b.StopTimer()
		result := s.evaluate()
		s.tell(result)
		b.StartTimer()
		s.commit(result)
	}
	b.ReportMetric(float64(s.changes), "changes/run")
}

// BenchmarkComparedCommit commits the same runs without that knowledge: the commit finds the changes.
func BenchmarkComparedCommit(b *testing.B) {
	s := newBenchStore(b)
	for b.Loop() {
		b.StopTimer()
		result := s.evaluate()
		b.StartTimer()
		s.commit(result)
	}
	b.ReportMetric(float64(s.changes), "changes/run")
}

// BenchmarkFirstCommit writes all members of all segments.
func BenchmarkFirstCommit(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		s := &benchStore{B: b, db: open(b, storeAt(b))}
		s.prepare()
		result := s.evaluate()
		b.StartTimer()
		s.commit(result)
	}
}

// BenchmarkThirtyDays reads the members of a segment at a past run of a store of 30 daily runs, with the way there and back
// from the file. Metrics are the size of that file in megabytes, as it is and after a compaction, and the seconds that a
// compaction and a verification of everything take.
//
//	go test -tags duckdb_arrow -run - -bench ThirtyDays -benchtime 20x ./segments/snapshot
func BenchmarkThirtyDays(b *testing.B) {
	s := newBenchStore(b)
	for s.day < benchDays {
		result := s.evaluate()
		s.tell(result)
		s.commit(result)
	}
	for _, run := range []int64{1, benchDays / 2, benchDays} {
		for _, unit := range []string{"s5", "s50", "s99"} {
			b.Run(unit+"/day"+strconv.FormatInt(run, 10), func(b *testing.B) {
				rows := int64(0)
				for b.Loop() {
					relation, err := snapshot.Members(b.Context(), s.db, run, unit)
					require.NoError(b, err)
					rows = relation.Rows
				}
				b.ReportMetric(float64(rows), "members")
			})
		}
	}
	b.Run("verify", func(b *testing.B) {
		for b.Loop() {
			clean(b.Context(), b, s.db)
		}
	})
	b.Run("compact", func(b *testing.B) {
		var first, last snapshot.Compacted
		for b.Loop() {
			var err error
			last, err = snapshot.Compact(b.Context(), s.db)
			require.NoError(b, err)
			if first.Before == 0 {
				first = last
			}
		}
		b.ReportMetric(float64(first.Before)/1e6, "MB")
		b.ReportMetric(float64(last.After)/1e6, "MB-compacted")
	})
}

// benchStore makes runs of which each depends on its day alone.
type benchStore struct {
	*testing.B
	db      *warehouse.DB
	day     int
	last    int64 // The run before.
	changes int64 // Of the run before.
}

// newBenchStore makes a store with its first run.
func newBenchStore(b *testing.B) *benchStore {
	b.Helper()
	s := &benchStore{B: b, db: open(b, storeAt(b))}
	s.prepare()
	s.commit(s.evaluate())
	return s
}

// prepare makes the customers, who stay the same.
func (s *benchStore) prepare() {
	s.Helper()
	mustExec(s, s.db, `CREATE TABLE memory.main.population AS SELECT i * 7919 AS key FROM range(?) AS t(i)`, benchCustomers)
	mustExec(s, s.db, `CREATE TABLE memory.main.population_changes AS SELECT key, true AS entered FROM memory.main.population LIMIT 0`)
	mustExec(s, s.db, `CREATE TABLE memory.main.members AS SELECT 0 AS unit, key, true AS contactable FROM memory.main.population LIMIT 0`)
}

// evaluate makes the members of the next day. Of every pair of segment and customer that changes at all, it depends on the
// day whether it is in.
func (s *benchStore) evaluate() *evaluate.Result {
	s.Helper()
	s.day++
	mustExec(s, s.db, `CREATE OR REPLACE TABLE memory.main.before AS FROM memory.main.members`)
	mustExec(s, s.db, `CREATE OR REPLACE TABLE memory.main.members AS
		SELECT u::INTEGER AS unit, key, true AS contactable
		FROM range(?) AS s(u), memory.main.population
		WHERE CASE WHEN hash(key * 11 + u * 5) % 1000 < 12 THEN hash(key * 3 + u + ?) % 1000 < 2 * u
			ELSE hash(key * 31 + u * 17) % 1000 < 2 * u END`, benchUnits, s.day)
	result := &evaluate.Result{
		AsOf: day(s.day), Zone: "UTC", KeyType: "BIGINT", Customers: benchCustomers,
		Members: `"memory"."main"."members"`, Population: `"memory"."main"."population"`,
	}
	sizes := column(s.Context(), s, s.db, `SELECT count(m.key) FROM range(?) AS s(u)
		LEFT JOIN memory.main.members m ON m.unit = s.u GROUP BY s.u ORDER BY s.u`, benchUnits)
	for i, size := range sizes {
		result.Units = append(result.Units, evaluate.Unit{
			Kind: evaluate.SegmentUnit, Name: "s" + strconv.Itoa(i), Hash: "h" + strconv.Itoa(i), Size: size,
		})
	}
	return result
}

// tell adds to a result what changed since the day before.
func (s *benchStore) tell(r *evaluate.Result) {
	s.Helper()
	mustExec(s, s.db, `CREATE OR REPLACE TABLE memory.main.changes AS
		SELECT unit, key, m.contactable IS NOT NULL AS entered
		FROM memory.main.members m FULL JOIN memory.main.before b USING (unit, key)
		WHERE m.contactable IS NULL OR b.contactable IS NULL`)
	r.Base, r.Changes, r.PopulationChanges = s.last, "memory.main.changes", "memory.main.population_changes"
}

// commit commits a result.
func (s *benchStore) commit(r *evaluate.Result) {
	s.Helper()
	run, err := snapshot.Commit(s.Context(), s.db, r, options())
	require.NoError(s, err)
	s.last, s.changes = run.ID, 0
	for _, u := range run.Units {
		if u.Entered != nil {
			s.changes += *u.Entered + *u.Exited
		}
	}
}

func mustExec(t testing.TB, db *warehouse.DB, query string, args ...any) {
	t.Helper()
	_, err := db.Exec(t.Context(), query, args...)
	require.NoError(t, err)
}

package history_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/evaluate"
	"strata/segments/history"
	"strata/segments/result"
	"strata/segments/snapshot"
	"strata/segments/timeline"
	"strata/sql/warehouse"
)

// lateFiles are a project whose orders say when they were loaded and whose calls
// do not. Its zone has days of 24 hours, so that the test's own arithmetic is
// plain.
func lateFiles(segments string) map[string]string {
	return map[string]string{
		"strata.yaml": `
warehouse: warehouse.duckdb
store: strata.duckdb
timezone: UTC
sources:
  customers: {table: customers, key: customer_id, created_at: created_at}
  orders: {table: orders, customer: customer_id, at: ts, id: order_id, loaded_at: loaded_at}
  calls: {table: calls, customer: customer_id, at: ts}
streams:
  order: {from: orders}
  call: {from: calls}
`,
		"strata.schema.yaml": `
sources:
  customers: {customer_id: BIGINT, created_at: TIMESTAMPTZ}
  orders: {order_id: BIGINT, customer_id: BIGINT, ts: TIMESTAMPTZ, loaded_at: TIMESTAMPTZ}
  calls: {customer_id: BIGINT, ts: TIMESTAMPTZ}
`,
		"segments/all.yaml": segments,
	}
}

const lateSegments = `
segments:
  active: {where: count(order) last 10 days >= 1, gate: called}
  callers: {where: count(call) ever >= 1}
  both: {where: active and callers}
  old: {where: customer_id < 5}
  by_sql: {sql: "SELECT customer_id FROM orders WHERE ts < $as_of"}
  around: {where: active and by_sql}
partitions:
  recency:
    stages:
      - recent: count(order) last 10 days >= 1
      - cooling: count(order) last 20 days >= 1
      - lost: else
gates:
  called: {where: count(call) ever >= 1}
`

// lateShop is that project on a database in memory, with a store.
type lateShop struct {
	shop

	orders []lateOrder
	// customers are when they were created.
	customers map[int]time.Time
}

type lateOrder struct {
	customer   int
	at, loaded time.Time
}

// open reads the project again, as the next start of the program would.
func (s *lateShop) open(t *testing.T, segments string) {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range lateFiles(segments) {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	set, problems := definition.Load(fsys, "")
	require.False(t, problems.HasErrors(), problems.Error())
	s.program, problems = check.Check(set)
	require.False(t, problems.HasErrors(), problems.Error())
	e := evaluate.New(s.db, s.program)
	s.asker = &history.Asker{Follower: e, Evaluator: e, DB: s.db, Workers: 2}
}

func openLateShop(t *testing.T) *lateShop {
	t.Helper()
	db, err := warehouse.Open(t.Context(), warehouse.Config{Store: filepath.Join(t.TempDir(), "strata.duckdb")})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	s := &lateShop{shop: shop{db: db}, customers: map[int]time.Time{}}
	for _, statement := range []string{
		`CREATE TABLE customers (customer_id BIGINT, created_at TIMESTAMPTZ)`,
		`CREATE TABLE orders (order_id BIGINT, customer_id BIGINT, ts TIMESTAMPTZ, loaded_at TIMESTAMPTZ)`,
		`CREATE TABLE calls (customer_id BIGINT, ts TIMESTAMPTZ)`,
	} {
		s.exec(t, statement)
	}
	s.open(t, lateSegments)
	return s
}

func (s *lateShop) exec(t *testing.T, statement string, args ...any) {
	t.Helper()
	_, err := s.db.Exec(t.Context(), statement, args...)
	require.NoError(t, err)
}

func (s *lateShop) addCustomer(t *testing.T, key int, created time.Time) {
	t.Helper()
	s.customers[key] = created
	s.exec(t, "INSERT INTO customers VALUES (?, ?)", key, created)
}

func (s *lateShop) addOrder(t *testing.T, o lateOrder) {
	t.Helper()
	s.orders = append(s.orders, o)
	s.exec(t, "INSERT INTO orders VALUES (?, ?, ?, ?)", len(s.orders), o.customer, o.at, o.loaded)
}

// run commits a run that was taken at a moment and knows what was loaded until
// then; shown says that it was asked for what was known, and taken later.
func (s *lateShop) run(t *testing.T, asOf, taken time.Time, shown bool, names ...string) int64 {
	t.Helper()
	definitions, err := s.program.Select(names)
	require.NoError(t, err)
	found, err := s.asker.Evaluator.KnownAt(taken).Run(t.Context(), evaluate.RunOptions{AsOf: asOf, Definitions: definitions, Now: time.Now})
	require.NoError(t, err)
	options := snapshot.CommitOptions{TakenAt: taken}
	if shown {
		options.TakenAt = taken.AddDate(1, 0, 0)
	} else {
		found.KnownAt = nil
	}
	run, err := snapshot.Commit(t.Context(), s.db, found, options)
	require.NoError(t, err)
	require.NoError(t, s.asker.Evaluator.Release(t.Context()))
	return run.ID
}

// stages are the customers by stage of recency, by the test's own arithmetic.
func (s *lateShop) stages(asOf, known time.Time) map[string]map[int]bool {
	all := map[string]map[int]bool{"recent": {}, "cooling": {}, "lost": {}}
	for key, created := range s.customers {
		if !created.Before(asOf) {
			continue
		}
		stage := "lost"
		for _, o := range s.orders {
			if o.customer != key || o.loaded.After(known) || !o.at.Before(asOf) {
				continue
			}
			switch age := asOf.Sub(o.at); {
			case age <= 10*24*time.Hour:
				stage = "recent"
			case age <= 20*24*time.Hour && stage == "lost":
				stage = "cooling"
			}
		}
		all[stage][key] = true
	}
	return all
}

// movesBetween counts who is in one set and not in the other.
func movesBetween(before, after map[int]bool) *result.Sides {
	m := &result.Sides{}
	for key := range after {
		if !before[key] {
			m.Joined++
		}
	}
	for key := range before {
		if !after[key] {
			m.Left++
		}
	}
	return m
}

// doubting says of everything that it cannot be followed.
type doubting struct{ history.Follower }

func (d doubting) Follow(ctx context.Context, r timeline.Request, workers int, _ timeline.Visitor) (*timeline.Result, error) {
	begin := r.Begin
	doubt := []timeline.Dated{{Reason: "nobody believes it"}}
	r.Begin = func(found *timeline.Result) { found.Dated = doubt; begin(found) }
	return d.Follower.Follow(ctx, r, workers, func(int, *timeline.Customer) error { return nil })
}

// wantedRun is what is known of a run: the members of each stage when it was taken.
type wantedRun struct {
	id          int64
	asOf, known time.Time
	stored      map[string]map[int]bool
}

// TestLateRunsByLaw takes runs of random orders while they are loaded, then
// changes the data in other ways as well, and compares all numbers with those of
// plain sets.
func TestLateRunsByLaw(t *testing.T) {
	t.Parallel()
	moved, others := int64(0), int64(0)
	for seed := range uint64(4) {
		r := rand.New(rand.NewPCG(7, seed))
		s := openLateShop(t)
		wanted := s.live(t, r)
		s.disturb(t, r, seed%2 == 1)
		now := func(asOf time.Time) map[string]map[int]bool { return s.stages(asOf, january(400)) }
		for _, stage := range []string{"recent", "cooling", "lost"} {
			var want []result.LateRun
			for _, w := range wanted {
				known := s.stages(w.asOf, w.known)[stage]
				size := int64(len(now(w.asOf)[stage]))
				run := result.LateRun{
					Run: w.id, AsOf: w.asOf, KnownAt: w.known, Size: int64(len(w.stored[stage])), Now: &size, Removed: new(int64),
					Changed: movesBetween(w.stored[stage], now(w.asOf)[stage]),
					Late:    movesBetween(known, now(w.asOf)[stage]), Other: movesBetween(w.stored[stage], known),
				}
				for key := range w.stored[stage] {
					if _, there := s.customers[key]; !there {
						*run.Removed++
					}
				}
				moved, others = moved+run.Late.Joined+run.Late.Left, others+run.Other.Joined+run.Other.Left
				want = append(want, run)
			}
			for name, ask := range s.ways(t, stage) {
				found, err := ask()
				require.NoError(t, err)
				require.True(t, found.Tells)
				require.Len(t, found.Units, 1)
				require.Equal(t, "recency."+stage, found.Units[0].Name)
				require.Equal(t, want, plainRuns(found.Units[0].Runs), "seed %d, %s: %s", seed, stage, name)
			}
		}
		s.requireNoTables(t)
	}
	require.Greater(t, moved, int64(50))
	require.Greater(t, others, int64(10))
}

// live loads random orders and takes runs in between, in any order of as-of; of
// one as-of there may be several.
func (s *lateShop) live(t *testing.T, r *rand.Rand) []wantedRun {
	t.Helper()
	for key := range 12 {
		s.addCustomer(t, key, january(1-30*(key%2)).AddDate(0, 0, r.IntN(30)))
	}
	for range 60 {
		at := january(1).Add(time.Duration(r.IntN(40*24)) * time.Hour)
		s.addOrder(t, lateOrder{customer: r.IntN(13), at: at, loaded: at.Add(time.Duration(r.IntN(15*24)) * time.Hour)})
	}
	var wanted []wantedRun
	for range 6 {
		w := wantedRun{asOf: january(10 + 4*r.IntN(7))}
		w.known = w.asOf.Add(time.Duration(r.IntN(8*24)) * time.Hour)
		w.id = s.run(t, w.asOf, w.known, r.IntN(2) == 0, "recency")
		w.stored = s.stages(w.asOf, w.known)
		wanted = append(wanted, w)
	}
	slices.SortStableFunc(wanted, func(x, y wantedRun) int { return x.asOf.Compare(y.asOf) })
	return wanted
}

// disturb changes the data as no load does: orders that claim to have been there,
// orders and customers that vanish, a customer who is new.
func (s *lateShop) disturb(t *testing.T, r *rand.Rand, really bool) {
	t.Helper()
	if !really {
		return
	}
	for range 4 {
		at := january(5 + r.IntN(25))
		s.addOrder(t, lateOrder{customer: r.IntN(12), at: at, loaded: at})
	}
	for range 5 {
		gone := r.IntN(len(s.orders))
		s.exec(t, "DELETE FROM orders WHERE order_id = ?", gone+1)
		s.orders[gone].customer = -1
	}
	for range 2 {
		gone := slices.Sorted(maps.Keys(s.customers))[r.IntN(len(s.customers))]
		s.exec(t, "DELETE FROM customers WHERE customer_id = ?", gone)
		delete(s.customers, gone)
	}
	s.addCustomer(t, 100, january(1))
}

// ways are all ways to the same answer: by a sweep, by several, by evaluation at
// each as-of.
func (s *lateShop) ways(t *testing.T, stage string) map[string]func() (*result.Late, error) {
	t.Helper()
	q := history.Late{About: s.about(t, "recency", stage), Explain: true}
	slow := *s.asker
	slow.Follower = doubting{s.asker.Follower}
	return map[string]func() (*result.Late, error){
		"one sweep":      func() (*result.Late, error) { return s.asker.Late(t.Context(), q) },
		"several sweeps": func() (*result.Late, error) { return s.asker.LateWithin(t.Context(), q, 100) },
		"at each as-of":  func() (*result.Late, error) { return slow.Late(t.Context(), q) },
	}
}

// plainRuns leaves out what the law does not speak of.
func plainRuns(runs []result.LateRun) []result.LateRun {
	all := slices.Clone(runs)
	for i := range all {
		all[i].SupersededBy = nil
	}
	return all
}

// Without Explain a run that would come out the same is not looked at closely,
// and all others have the same numbers.
func TestLateLooksWhereSomethingChanged(t *testing.T) {
	t.Parallel()
	s := openLateShop(t)
	for key := range 3 {
		s.addCustomer(t, key, january(1))
	}
	s.addOrder(t, lateOrder{customer: 0, at: january(3), loaded: january(3)})
	s.addOrder(t, lateOrder{customer: 1, at: january(3), loaded: january(20)})
	s.run(t, january(5), january(5), false, "active")
	s.run(t, january(15), january(15), false, "active")
	q := history.Late{About: s.about(t, "active", "")}
	var steps []string
	s.asker.Step = func(done, all int) { steps = append(steps, fmt.Sprintf("%d of %d", done, all)) }
	found, err := s.asker.Late(t.Context(), q)
	require.NoError(t, err)
	require.Equal(t, []string{"0 of 2"}, steps)
	require.Equal(t, &result.Sides{Joined: 1}, found.Units[0].Runs[0].Late)
	require.Equal(t, &result.Sides{}, found.Units[0].Runs[1].Late)

	// An order that vanished makes up for the one that came late: members are the
	// same as before, and only a close look finds both.
	s.exec(t, "UPDATE orders SET customer_id = 0, loaded_at = '2026-01-20 00:00:00+00' WHERE order_id = 1")
	s.exec(t, "DELETE FROM orders WHERE order_id = 2")
	steps = nil
	found, err = s.asker.Late(t.Context(), q)
	require.NoError(t, err)
	require.Empty(t, steps)
	require.Equal(t, &result.Sides{}, found.Units[0].Runs[0].Other)
	q.Explain = true
	found, err = s.asker.Late(t.Context(), q)
	require.NoError(t, err)
	require.Equal(t, []string{"0 of 2", "1 of 2"}, steps)
	first := found.Units[0].Runs[0]
	require.Equal(t, []*result.Sides{{}, {Joined: 1}, {Left: 1}}, []*result.Sides{first.Changed, first.Late, first.Other})
}

// What cannot be told is not told: sources without loaded_at, and sql.
func TestLateTellsWhatItCan(t *testing.T) {
	t.Parallel()
	s := openLateShop(t)
	s.addCustomer(t, 1, january(1))
	s.addCustomer(t, 2, january(1))
	s.run(t, january(5), january(5), false)
	s.addOrder(t, lateOrder{customer: 1, at: january(4), loaded: january(6)})
	s.exec(t, "INSERT INTO calls VALUES (1, '2026-01-04 00:00:00+00')")
	s.exec(t, "INSERT INTO customers VALUES (3, NULL)")
	for _, c := range []struct {
		name        string
		tells       bool
		blind, sql  []string
		late, other *result.Sides
		changed     result.Sides
	}{
		// The gate of active reads calls, which decides nothing about members.
		{"active", true, nil, nil, &result.Sides{Joined: 1}, &result.Sides{}, result.Sides{Joined: 1}},
		{"callers", false, []string{"calls"}, nil, nil, nil, result.Sides{Joined: 1}},
		{"both", true, []string{"calls"}, nil, &result.Sides{Joined: 1}, &result.Sides{}, result.Sides{Joined: 1}},
		{"old", true, nil, nil, &result.Sides{}, &result.Sides{Joined: 1}, result.Sides{Joined: 1}},
		{"by_sql", false, nil, []string{"by_sql"}, nil, nil, result.Sides{Joined: 1}},
		{"around", true, nil, []string{"by_sql"}, &result.Sides{Joined: 1}, &result.Sides{}, result.Sides{Joined: 1}},
	} {
		found, err := s.asker.Late(t.Context(), history.Late{About: s.about(t, c.name, ""), Explain: true})
		require.NoError(t, err, c.name)
		require.Equal(t, c.tells, found.Tells, c.name)
		require.Equal(t, [][]string{c.blind, c.sql}, [][]string{found.Blind, found.SQL}, c.name)
		run := found.Units[0].Runs[0]
		require.Equal(t, &c.changed, run.Changed, c.name)
		require.Equal(t, []*result.Sides{c.late, c.other}, []*result.Sides{run.Late, run.Other}, c.name)
	}
	s.requireNoTables(t)
}

// A run of another definition is listed and not compared, and runs that took the
// place of others say what changed.
func TestLateOfOtherDefinitionsAndReruns(t *testing.T) {
	t.Parallel()
	s := openLateShop(t)
	for key := range 4 {
		s.addCustomer(t, key, january(1))
	}
	s.addOrder(t, lateOrder{customer: 0, at: january(3), loaded: january(3)})
	s.addOrder(t, lateOrder{customer: 1, at: january(3), loaded: january(20)})
	first := s.run(t, january(5), january(5), false, "active")
	_, err := s.asker.Late(t.Context(), history.Late{About: s.about(t, "recency", "")})
	require.ErrorIs(t, err, snapshot.ErrNotFound)

	s.open(t, "segments: {active: {where: count(order) last 1 day >= 1}}")
	second := s.run(t, january(5), january(6), false, "active")
	s.open(t, lateSegments)
	third := s.run(t, january(5), january(21), false, "active")
	later := s.run(t, january(6), january(21), false, "active")

	found, err := s.asker.Late(t.Context(), history.Late{About: s.about(t, "active", "")})
	require.NoError(t, err)
	runs := found.Units[0].Runs
	require.Equal(t, []int64{first, second, third, later}, []int64{runs[0].Run, runs[1].Run, runs[2].Run, runs[3].Run})
	require.Equal(t, []*int64{&second, &third, nil, nil}, []*int64{runs[0].SupersededBy, runs[1].SupersededBy, runs[2].SupersededBy, runs[3].SupersededBy})
	require.Equal(t, &result.Sides{Joined: 1}, runs[0].Late)
	require.Equal(t, history.NotComparable, runs[1].Reason)
	require.Nil(t, runs[1].Now)
	require.Nil(t, runs[1].Changed)
	require.Equal(t, &result.Sides{}, runs[2].Late)
	one, two := int64(1), int64(2)
	zero := int64(0)
	require.Equal(t, []result.Rerun{
		{Run: first, AsOf: january(5), SupersededBy: second, Size: 1, After: &zero, Joined: &zero, Left: &one, Edited: true},
		{Run: second, AsOf: january(5), SupersededBy: third, Size: 0, After: &two, Joined: &two, Left: &zero, Edited: true},
	}, found.Units[0].Reruns)

	from := january(5).Add(time.Microsecond)
	found, err = s.asker.Late(t.Context(), history.Late{About: s.about(t, "active", ""), From: &from})
	require.NoError(t, err)
	require.Len(t, found.Units[0].Runs, 1)
	require.Empty(t, found.Units[0].Reruns)
	to := january(5)
	found, err = s.asker.Late(t.Context(), history.Late{About: s.about(t, "active", ""), To: &to})
	require.NoError(t, err)
	require.Len(t, found.Units[0].Runs, 3)

	// A partition with a stage that no run has seen shows the others.
	s.run(t, january(7), january(21), false, "recency")
	s.open(t, "partitions: {recency: {stages: [{recent: count(order) last 10 days >= 1}, {middle: count(order) ever >= 1}, {lost: else}]}}")
	found, err = s.asker.Late(t.Context(), history.Late{About: s.about(t, "recency", "")})
	require.NoError(t, err)
	require.Len(t, found.Units, 2)
	require.Equal(t, []string{"recency.recent", "recency.lost"}, []string{found.Units[0].Name, found.Units[1].Name})
	require.Equal(t, history.NotComparable, found.Units[1].Runs[0].Reason)
}

// failing fails to follow.
type failing struct{}

func (failing) Follow(context.Context, timeline.Request, int, timeline.Visitor) (*timeline.Result, error) {
	return nil, errors.New("no more memory")
}

func TestLateSaysWhatFailed(t *testing.T) {
	t.Parallel()
	s := openLateShop(t)
	s.addCustomer(t, 1, january(1))
	s.run(t, january(5), january(5), false, "active")
	a := *s.asker
	a.Follower = failing{}
	_, err := a.Late(t.Context(), history.Late{About: s.about(t, "active", "")})
	require.EqualError(t, err, "follow active: no more memory")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = s.asker.Late(ctx, history.Late{About: s.about(t, "active", "")})
	require.ErrorIs(t, err, context.Canceled)
	s.requireNoTables(t)
}

package snapshot_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/evaluate"
	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

// nowhere is a relation that does not exist: a commit that reads it fails.
const nowhere = "memory.main.nowhere"

// tellChanges puts into a result what changed from one state to another, as an evaluation that knows it would.
func tellChanges(ctx context.Context, t tb, db *warehouse.DB, r *evaluate.Result, base int64, before, now state) {
	t.Helper()
	units, keys, entered := []int64{}, []int64{}, []bool{}
	for i, u := range r.Units {
		for key, in := range changed(before.units[u.Name], now.units[u.Name]) {
			units, keys, entered = append(units, int64(i)), append(keys, key), append(entered, in)
		}
	}
	_, err := db.Exec(ctx, `CREATE OR REPLACE TABLE memory.main.changes AS
		SELECT unnest(?::INTEGER[]) AS unit, unnest(?::BIGINT[]) AS key, unnest(?::BOOLEAN[]) AS entered`, units, keys, entered)
	require.NoError(t, err)
	people := changed(before.customers, now.customers)
	keys, entered = []int64{}, []bool{}
	for key, in := range people {
		keys, entered = append(keys, key), append(entered, in)
	}
	_, err = db.Exec(ctx, `CREATE OR REPLACE TABLE memory.main.population_changes AS
		SELECT unnest(?::BIGINT[]) AS key, unnest(?::BOOLEAN[]) AS entered`, keys, entered)
	require.NoError(t, err)
	r.Base, r.Changes, r.PopulationChanges = base, "memory.main.changes", "memory.main.population_changes"
}

// changed returns who is in one of two sets only, and whether in the second.
func changed(before, now set) map[int64]bool {
	changes := map[int64]bool{}
	for key := range now {
		if !before[key] {
			changes[key] = true
		}
	}
	for key := range before {
		if !now[key] {
			changes[key] = false
		}
	}
	return changes
}

// dump returns the rows of all tables of a store as text, each behind the name of its table, sorted. The project's id is
// left out, since it is random.
func dump(ctx context.Context, t tb, db *warehouse.DB) []string {
	t.Helper()
	lines := []string{}
	err := snapshot.View(ctx, db, func(ctx context.Context, tx warehouse.Session) error {
		var query string
		require.NoError(t, tx.Row(ctx, []any{&query}, `SELECT string_agg(
				'SELECT ''' || table_name || ' '' || t::VARCHAR FROM ('
					|| 'SELECT * ' || CASE WHEN table_name = 'meta' THEN 'EXCLUDE (project) ' ELSE '' END
					|| 'FROM store.main."' || table_name || '") AS t', ' UNION ALL ')
			FROM duckdb_tables() WHERE database_name = 'store'`))
		rows, err := tx.Query(ctx, query)
		require.NoError(t, err)
		for rows.Next() {
			var line string
			require.NoError(t, rows.Scan(&line))
			lines = append(lines, line)
		}
		require.NoError(t, rows.Err())
		return rows.Close()
	})
	require.NoError(t, err)
	slices.Sort(lines)
	return lines
}

func TestKnownChangesAreAllThatIsRead(t *testing.T) {
	db := open(t, storeAt(t))
	before := state{customers: upTo(6), units: map[string]set{"lead": of(6), "vip": of(1, 2, 3, 4)}}
	now := state{customers: of(1, 2, 5, 6, 7), units: map[string]set{"lead": of(6), "vip": of(1, 5, 7)}}
	commit(t, db, day(1), before)
	commit(t, db, day(0), now) // Before the base in time, so that the base is the newest all the same.
	result := evaluated(t.Context(), t, db, day(2), now)
	tellChanges(t.Context(), t, db, result, 1, before, now)
	result.Members, result.Population = nowhere, nowhere
	run, err := snapshot.Commit(t.Context(), db, result, options())
	require.NoError(t, err)

	vip := unit(t, run, "vip")
	require.Equal(t, []*int64{new(int64(2)), new(int64(3)), new(int64(2))}, []*int64{vip.Entered, vip.Exited, vip.Removed})
	lead := unit(t, run, "lead")
	require.Equal(t, []*int64{new(int64(0)), new(int64(0)), new(int64(0))}, []*int64{lead.Entered, lead.Exited, lead.Removed})
	require.Equal(t, []*int64{new(int64(1)), new(int64(2))}, []*int64{run.Arrived, run.Vanished})
	require.Equal(t, []int64{1, 5, 7}, members(t.Context(), t, db, run.ID, "vip"))
	require.Equal(t, []int64{1, 2, 3, 4}, members(t.Context(), t, db, 1, "vip"))
	clean(t.Context(), t, db)
}

// TestKnownChangesThatAreNotTheRuns are left alone, and all members are compared.
func TestKnownChangesThatAreNotTheRuns(t *testing.T) {
	before := state{customers: upTo(6), units: map[string]set{"lead": of(6), "vip": of(1, 2)}}
	other := state{customers: upTo(4), units: map[string]set{"vip": of(4)}}
	for name, test := range map[string]struct {
		day       int
		then      time.Time // When something else was committed after the base.
		also      state
		otherwise func(r *evaluate.Result)
	}{
		"somebody committed in between": {day: 9, then: day(6), also: before},
		"somebody committed one unit":   {day: 9, then: day(6), also: other},
		"the base was superseded":       {day: 9, then: day(5), also: before},
		"one unit of it was":            {day: 9, then: day(5), also: other},
		"the as-of is that of another":  {day: 9, then: day(9), also: before},
		"somebody committed what comes": {day: 9, then: day(12), also: before},
		"the as-of is that of the base": {day: 5},
		"the as-of is before the base":  {day: 4},
		"no base":                       {day: 9, otherwise: func(r *evaluate.Result) { r.Base = 0 }},
		"an unknown base":               {day: 9, otherwise: func(r *evaluate.Result) { r.Base = 8 }},
		"nothing about the population":  {day: 9, otherwise: func(r *evaluate.Result) { r.PopulationChanges = "" }},
		"a new unit":                    {day: 9, otherwise: func(r *evaluate.Result) { r.Units[0].Name = "fresh" }},
		"a renamed unit":                {day: 9, otherwise: func(r *evaluate.Result) { r.Units[0].Name, r.Units[0].Was = "fresh", "lead" }},
		"another definition":            {day: 9, otherwise: func(r *evaluate.Result) { r.Units[0].Hash = "other" }},
	} {
		t.Run(name, func(t *testing.T) {
			db := openNarrow(t, storeAt(t))
			commit(t, db, day(5), before)
			if test.also.units != nil {
				commit(t, db, test.then, test.also)
			}
			now := state{customers: upTo(5), units: map[string]set{"lead": of(1, 5), "vip": of(2, 3)}}
			result := evaluated(t.Context(), t, db, day(test.day), now)
			result.Base, result.Changes, result.PopulationChanges = 1, nowhere, nowhere
			if test.otherwise != nil {
				test.otherwise(result)
			}
			run, err := snapshot.Commit(t.Context(), db, result, options())
			require.NoError(t, err)
			require.Equal(t, []int64{2, 3}, members(t.Context(), t, db, run.ID, "vip"))
			require.Equal(t, []int64{1, 5}, members(t.Context(), t, db, run.ID, result.Units[0].Name))
			clean(t.Context(), t, db)
		})
	}
}

func TestKnownChangesThatContradictTheStore(t *testing.T) {
	for want, spoil := range map[string]string{
		"vip was counted as 3 customers, but 4 are known":                      "DELETE FROM memory.main.changes WHERE key = 1",
		"2 members left according to the evaluation, but 1 of them are stored": "INSERT INTO memory.main.changes VALUES (0, 5, false), (0, 6, true)",
		"population was counted as 6 customers, but 5 are known":               "INSERT INTO memory.main.population_changes VALUES (1, false)",
	} {
		db := open(t, storeAt(t))
		before := state{customers: upTo(6), units: map[string]set{"vip": of(1, 2, 3)}}
		now := state{customers: upTo(6), units: map[string]set{"vip": of(2, 3, 4)}}
		commit(t, db, day(1), before)
		kept := dump(t.Context(), t, db)
		result := evaluated(t.Context(), t, db, day(2), now)
		tellChanges(t.Context(), t, db, result, 1, before, now)
		mustExec(t, db, spoil)
		_, err := snapshot.Commit(t.Context(), db, result, options())
		require.ErrorContains(t, err, want)
		require.Equal(t, kept, dump(t.Context(), t, db))
	}
}

// twin is a pair of stores that get the same runs: one is told the changes, the other compares all members.
type twin struct {
	told, compared *warehouse.DB
	model          model
	hashes         []map[string]string // Of the definitions of each run.
	quick          int                 // How many runs were made of their changes alone.
}

func TestKnownChangesEqualTheComparison(t *testing.T) {
	paths := []string{storeAt(t), storeAt(t)}
	told, compared := openNarrow(t, paths[0]), openNarrow(t, paths[1])
	quick, others := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		for _, path := range paths {
			require.NoError(t, removeStore(path))
		}
		w := twin{told: told, compared: compared}
		for range rapid.IntRange(2, 4).Draw(t, "runs") {
			w.step(t)
		}
		ctx := context.Background()
		require.Equal(t, dump(ctx, t, compared), dump(ctx, t, told))
		quick, others = quick+w.quick, others+len(w.model.runs)-w.quick
	})
	require.Greater(t, 6*quick, others, "too few runs were a test of known changes")
}

// step commits the same state to both stores.
func (w *twin) step(t *rapid.T) {
	ctx := context.Background()
	now, at := w.drawState(t), day(len(w.model.runs)+1)
	if seldom(t, "out of order") {
		at = day(rapid.IntRange(1, 7).Draw(t, "day"))
	}
	base, before := int64(0), state{}
	if n := len(w.model.runs); n > 0 {
		from := w.model.runs[n-1]
		if seldom(t, "another base") {
			from = rapid.SampledFrom(w.model.runs).Draw(t, "base")
		}
		base, before = from.id, from.state
	}
	opt := options()
	opt.Complete = rapid.Bool().Draw(t, "complete")
	opt.BaseAfter = int64(rapid.SampledFrom([]int{1, 6}).Draw(t, "base after"))
	hashes, was := w.drawDefinitions(t, now)
	results := map[*warehouse.DB]*evaluate.Result{}
	for _, db := range []*warehouse.DB{w.told, w.compared} {
		results[db] = evaluated(ctx, t, db, at, now)
		for i := range results[db].Units {
			u := &results[db].Units[i]
			u.Hash, u.Was = hashes[u.Name], was[u.Name]
		}
	}
	told := results[w.told]
	renamed := w.rename(now, was)
	run := modelRun{id: int64(len(w.model.runs)) + 1, at: at, state: now}
	tellChanges(ctx, t, w.told, told, base, before, now)
	if !renamed && w.follows(run, hashes, base) {
		told.Members, told.Population = nowhere, nowhere
		w.quick++
	} else {
		told.Changes, told.PopulationChanges = nowhere, nowhere
	}
	w.model.runs, w.hashes = append(w.model.runs, run), append(w.hashes, hashes)
	first, err := snapshot.Commit(ctx, w.told, told, opt)
	require.NoError(t, err)
	second, err := snapshot.Commit(ctx, w.compared, results[w.compared], opt)
	require.NoError(t, err)
	require.Equal(t, second, first)
}

// seldom draws what happens once in twenty times. Small numbers come up more often than others.
func seldom(t *rapid.T, what string) bool { return rapid.IntRange(0, 19).Draw(t, what) == 19 }

// drawState draws customers and the members of nearly all units.
func (w *twin) drawState(t *rapid.T) state {
	now := state{customers: drawSet(t, "customers", upTo(8)), units: map[string]set{}}
	for _, name := range unitNames {
		if !seldom(t, "leaves out "+name) {
			now.units[name] = drawSet(t, name, now.customers)
		}
	}
	return now
}

// drawDefinitions edits a definition now and then, and calls alpha by another name from some run on.
func (w *twin) drawDefinitions(t *rapid.T, now state) (hashes, was map[string]string) {
	hashes, was = map[string]string{}, map[string]string{}
	if members, ok := now.units["alpha"]; ok && seldom(t, "rename") {
		delete(now.units, "alpha")
		now.units["omega"], was["omega"] = members, "alpha"
	}
	for name := range now.units {
		hashes[name] = "hash of " + name
		if was[name] != "" {
			hashes[name] = "hash of " + was[name]
		}
	}
	if seldom(t, "edit") {
		for _, name := range slices.Sorted(maps.Keys(hashes))[:min(1, len(hashes))] {
			hashes[name] += fmt.Sprint(" as edited for run ", len(w.model.runs))
		}
	}
	return hashes, was
}

// rename renames a unit in all runs of the model, where the store is to do so too.
func (w *twin) rename(now state, was map[string]string) (renamed bool) {
	stored := func(name string) bool {
		return slices.ContainsFunc(w.model.runs, func(r modelRun) bool { return r.has(name) })
	}
	for name, former := range was {
		if now.units[former] != nil || !stored(former) || stored(name) {
			continue
		}
		renamed = true
		for i, r := range w.model.runs {
			if members, ok := r.units[former]; ok {
				r.units[name], w.hashes[i][name] = members, w.hashes[i][former]
				delete(r.units, former)
			}
		}
	}
	return renamed
}

// follows says whether the run stands right behind its base for the population and every unit, none of which means
// anything else than it did.
func (w *twin) follows(run modelRun, hashes map[string]string, base int64) bool {
	for _, name := range append(slices.Collect(maps.Keys(run.units)), "") {
		newest := -1
		for i, r := range w.model.runs {
			if r.has(name) && (newest < 0 || !r.at.Before(w.model.runs[newest].at)) {
				newest = i
			}
		}
		if newest < 0 || w.model.runs[newest].id != base || !run.at.After(w.model.runs[newest].at) {
			return false
		}
		if w.hashes[newest][name] != hashes[name] {
			return false
		}
	}
	return true
}

package snapshot_test

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

// values are the rows of a table of the state: one number for each customer.
type values map[int64]int64

// kept is a state as it is read back.
type kept struct {
	info   snapshot.StateInfo
	tables map[string]values
}

// inMemory makes a table of the in-memory database of values and returns its relation.
func inMemory(ctx context.Context, t tb, db *warehouse.DB, name string, rows values) string {
	t.Helper()
	keys, numbers := []int64{}, []int64{}
	for _, key := range slices.Sorted(maps.Keys(rows)) {
		keys, numbers = append(keys, key), append(numbers, rows[key])
	}
	relation := `"memory"."main"."` + name + `"`
	_, err := db.Exec(ctx, `CREATE OR REPLACE TABLE `+relation+` AS
		SELECT unnest(?::BIGINT[]) AS "customer key", unnest(?::BIGINT[]) AS n`, keys, numbers)
	require.NoError(t, err)
	return relation
}

// readBack reads the state, nil where there is none.
func readBack(ctx context.Context, t tb, db *warehouse.DB) *kept {
	t.Helper()
	var k *kept
	err := snapshot.ReadState(ctx, db, func(ctx context.Context, tx warehouse.Session, info snapshot.StateInfo) error {
		k = &kept{info: info, tables: map[string]values{}}
		for _, name := range info.Tables {
			k.tables[name] = values{}
			rows, err := tx.Query(ctx, `SELECT "customer key", n FROM `+snapshot.StateRelation(name))
			require.NoError(t, err)
			for rows.Next() {
				var key, n int64
				require.NoError(t, rows.Scan(&key, &n))
				require.NotContains(t, k.tables[name], key, "%s holds a customer twice", name)
				k.tables[name][key] = n
			}
			require.NoError(t, rows.Err())
			require.NoError(t, rows.Close())
		}
		return nil
	})
	if k == nil {
		require.ErrorIs(t, err, snapshot.ErrEmpty)
		return nil
	}
	require.NoError(t, err)
	return k
}

// commitState commits a run of a segment that never changes, with a state.
func commitState(ctx context.Context, t tb, db *warehouse.DB, dayOf int, base int64, state *snapshot.State) snapshot.Run {
	t.Helper()
	result := evaluated(ctx, t, db, day(dayOf), stateOfVIP)
	result.Base = base
	opt := options()
	opt.State = state
	run, err := snapshot.Commit(ctx, db, result, opt)
	require.NoError(t, err)
	return run
}

var stateOfVIP = state{customers: upTo(3), units: map[string]set{"vip": of(1, 2)}}

func TestStateIsKeptWithItsRun(t *testing.T) {
	ctx := t.Context()
	db := open(t, storeAt(t))
	require.Nil(t, readBack(ctx, t, db), "there is no store")
	commitState(ctx, t, db, 1, 0, nil)
	require.Nil(t, readBack(ctx, t, db), "the run left none")

	sums := values{1: 10, 2: 20, 3: 30}
	commitState(ctx, t, db, 2, 0, &snapshot.State{
		Fingerprint: "plan 1", Marks: `{"orders":"x'y"}`,
		Tables: []snapshot.StateTable{
			{Name: "sums", Relation: inMemory(ctx, t, db, "a", sums), Key: "customer key", Replace: true},
			{Name: `it's "odd"`, Relation: inMemory(ctx, t, db, "b", values{}), Key: "customer key", Replace: true},
		},
	})
	info := snapshot.StateInfo{Run: 2, Fingerprint: "plan 1", Marks: `{"orders":"x'y"}`, Tables: []string{`it's "odd"`, "sums"}}
	require.Equal(t, &kept{info: info, tables: map[string]values{"sums": sums, `it's "odd"`: {}}}, readBack(ctx, t, db))
	clean(ctx, t, db)

	commitState(ctx, t, db, 1, 0, nil)
	require.Equal(t, info, readBack(ctx, t, db).info, "a run in the past is none of its business")
	commitState(ctx, t, db, 2, 0, nil)
	require.Nil(t, readBack(ctx, t, db), "the run was replaced by one that left none")
	require.NotContains(t, strings.Join(dump(ctx, t, db), "\n"), "state ")
}

// TestRowsThatDoNotFit are those for a state of another run than the base, for a table that is not there and for one with
// other columns: the run is committed and no state is left.
func TestRowsThatDoNotFit(t *testing.T) {
	ctx := t.Context()
	for name, test := range map[string]struct {
		base    int64
		table   string
		columns string
		fits    bool
	}{
		"a column of another type": {1, "sums", `2 AS n, 1::BIGINT AS "customer key"`, false},
		"columns in another order": {1, "sums", `2::BIGINT AS n, 1::BIGINT AS "customer key"`, true},
		"no base":                  {0, "sums", `1::BIGINT AS "customer key", 2::BIGINT AS n`, false},
		"another base":             {7, "sums", `1::BIGINT AS "customer key", 2::BIGINT AS n`, false},
		"another table":            {1, "counts", `1::BIGINT AS "customer key", 2::BIGINT AS n`, false},
		"a column more":            {1, "sums", `1::BIGINT AS "customer key", 2::BIGINT AS n, 3 AS more`, false},
		"a column less":            {1, "sums", `1::BIGINT AS "customer key"`, false},
		"a column of another name": {1, "sums", `1::BIGINT AS "customer key", 2::BIGINT AS m`, false},
		"a key of another type":    {1, "sums", `'1' AS "customer key", 2::BIGINT AS n`, false},
	} {
		t.Run(name, func(t *testing.T) {
			db := open(t, storeAt(t))
			table := snapshot.StateTable{
				Name: "sums", Relation: inMemory(ctx, t, db, "a", values{1: 10, 2: 20}), Key: "customer key", Replace: true,
			}
			commitState(ctx, t, db, 1, 0, &snapshot.State{Tables: []snapshot.StateTable{table}})
			mustExec(t, db, `CREATE OR REPLACE TABLE memory.main.b AS SELECT `+test.columns)
			table.Name, table.Relation, table.Replace = test.table, "memory.main.b", false
			run := commitState(ctx, t, db, 2, test.base, &snapshot.State{Tables: []snapshot.StateTable{table}})
			require.Equal(t, int64(2), run.ID)
			if test.fits {
				require.Equal(t, map[string]values{"sums": {1: 2, 2: 20}}, readBack(ctx, t, db).tables)
				return
			}
			require.Nil(t, readBack(ctx, t, db))
			require.NotContains(t, strings.Join(dump(ctx, t, db), "\n"), "state ")
		})
	}
}

// TestStateGoesWithItsRun makes a commit fail after its state was written.
func TestStateGoesWithItsRun(t *testing.T) {
	ctx := t.Context()
	db := open(t, storeAt(t))
	table := snapshot.StateTable{Name: "sums", Relation: inMemory(ctx, t, db, "a", values{1: 10}), Key: "customer key", Replace: true}
	commitState(ctx, t, db, 1, 0, &snapshot.State{Marks: "first", Tables: []snapshot.StateTable{table}})
	before := dump(ctx, t, db)

	table.Relation = inMemory(ctx, t, db, "b", values{1: 11})
	broken := snapshot.StateTable{Name: "broken", Relation: nowhere, Key: "customer key", Replace: true}
	opt := options()
	opt.State = &snapshot.State{Marks: "second", Tables: []snapshot.StateTable{table, broken}}
	_, err := snapshot.Commit(ctx, db, evaluated(ctx, t, db, day(2), stateOfVIP), opt)
	require.ErrorContains(t, err, "broken")
	require.Equal(t, before, dump(ctx, t, db))

	oops := errors.New("oops")
	require.ErrorIs(t, snapshot.ReadState(ctx, db, func(context.Context, warehouse.Session, snapshot.StateInfo) error {
		return oops
	}), oops)
}

func TestStateIsCopiedIntoMemory(t *testing.T) {
	ctx := t.Context()
	db := open(t, storeAt(t))
	commitState(ctx, t, db, 1, 0, &snapshot.State{Tables: []snapshot.StateTable{
		{Name: "sums", Relation: inMemory(ctx, t, db, "a", values{1: 10, 3: 7}), Key: "customer key", Replace: true},
	}})
	err := snapshot.ReadState(ctx, db, func(ctx context.Context, tx warehouse.Session, _ snapshot.StateInfo) error {
		_, err := tx.Exec(ctx, "CREATE TABLE memory.main.x AS SELECT * FROM "+snapshot.StateRelation("sums"))
		return err
	})
	require.NoError(t, err)
	require.Equal(t, []int64{10, 7}, column(ctx, t, db, "SELECT n FROM memory.main.x ORDER BY n DESC"))
}

// TestStateEqualsModel commits sixty runs with states of all kinds, prunes now and then, and demands what a plain model
// says.
func TestStateEqualsModel(t *testing.T) {
	ctx := t.Context()
	db := openNarrow(t, storeAt(t))
	dice := rand.New(rand.NewPCG(7, 2026))
	var want *kept
	newest, merges, refusals := 0, 0, 0
	for id := int64(1); id <= 60; id++ {
		at := newest + dice.IntN(3)
		if dice.IntN(6) == 0 {
			at = dice.IntN(newest + 1)
		}
		state, told := drawKept(ctx, t, db, dice, id)
		base := int64(0)
		if want != nil {
			base = want.info.Run
		}
		if dice.IntN(8) == 0 {
			base = id - 2
		}
		commitState(ctx, t, db, at, base, state)
		if at >= newest {
			want, newest = merged(want, state, told, base, id), at
		}
		switch {
		case state == nil || !slices.ContainsFunc(state.Tables, func(t snapshot.StateTable) bool { return !t.Replace }):
		case want == nil:
			refusals++
		default:
			merges++
		}
		require.Equal(t, want, readBack(ctx, t, db), "run %d", id)
		if dice.IntN(10) == 0 {
			_, err := snapshot.Prune(ctx, db, snapshot.Policy{KeepLast: 2})
			require.NoError(t, err)
			require.Equal(t, want, readBack(ctx, t, db), "run %d, pruned", id)
		}
	}
	require.Greater(t, merges, 5)
	require.Greater(t, refusals, 5)
	clean(ctx, t, db)
}

// drawKept draws a state and the rows that are told for each table, or no state at all.
func drawKept(
	ctx context.Context, t *testing.T, db *warehouse.DB, dice *rand.Rand, run int64,
) (*snapshot.State, map[string]values) {
	t.Helper()
	if dice.IntN(8) == 0 {
		return nil, nil
	}
	state := &snapshot.State{Fingerprint: "plan of " + strconv.FormatInt(run, 10), Marks: "marks"}
	told := map[string]values{}
	whole := dice.IntN(3) == 0
	for _, name := range []string{"a", "b", "c"} {
		if dice.IntN(12) == 0 {
			continue
		}
		rows := values{}
		for key := range int64(8) {
			if dice.IntN(2) == 0 {
				rows[key] = 100*run + key
			}
		}
		told[name] = rows
		state.Tables = append(state.Tables, snapshot.StateTable{
			Name: name, Relation: inMemory(ctx, t, db, name, rows), Key: "customer key",
			Replace: whole || dice.IntN(4) == 0,
		})
	}
	return state, told
}

// merged is the state that the store must hold after the newest run.
func merged(was *kept, state *snapshot.State, told map[string]values, base, run int64) *kept {
	if state == nil {
		return nil
	}
	is := &kept{
		info:   snapshot.StateInfo{Run: run, Fingerprint: state.Fingerprint, Marks: state.Marks},
		tables: map[string]values{},
	}
	for _, table := range state.Tables {
		rows := values{}
		if !table.Replace {
			if was == nil || was.info.Run != base || was.tables[table.Name] == nil {
				return nil
			}
			maps.Copy(rows, was.tables[table.Name])
		}
		maps.Copy(rows, told[table.Name])
		is.tables[table.Name] = rows
		is.info.Tables = append(is.info.Tables, table.Name)
	}
	return is
}

// TestStateDoesNotGrow replaces a tenth of the customers fifty times, which writes the table five times over, and demands
// that the file stays smaller than three of what the first run left.
func TestStateDoesNotGrow(t *testing.T) {
	ctx := t.Context()
	path := storeAt(t)
	db := open(t, path)
	mustExec(t, db, `CREATE TABLE memory.main.a AS SELECT i AS "customer key", hash(i) AS n FROM range(400_000) AS t(i)`)
	table := snapshot.StateTable{Name: "sums", Relation: "memory.main.a", Key: "customer key", Replace: true}
	commitState(ctx, t, db, 1, 0, &snapshot.State{Tables: []snapshot.StateTable{table}})
	first := sizeOf(t, path)
	table.Relation, table.Replace = "memory.main.b", false
	for i := range 50 {
		mustExec(t, db, `CREATE OR REPLACE TABLE memory.main.b AS
			SELECT "customer key", hash(n + ?) AS n FROM memory.main.a WHERE hash("customer key" + ?) % 10 = 0`, i, 7*i)
		commitState(ctx, t, db, i+2, int64(i+1), &snapshot.State{Tables: []snapshot.StateTable{table}})
	}
	require.Less(t, sizeOf(t, path), 3*first)
}

func sizeOf(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Size()
}

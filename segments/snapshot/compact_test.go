package snapshot_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/fixtures/process"
	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

// worn makes a store that has grown by runs which are gone again.
func worn(t *testing.T, path string) *warehouse.DB {
	t.Helper()
	db := openNarrow(t, path)
	opt := options()
	opt.BaseAfter = 1
	for n := range 6 {
		now := state{customers: upTo(2000), units: map[string]set{}}
		for u := range int64(20) {
			members := set{}
			for key := range now.customers {
				if (key*7919+u*104729+int64(n)*(key%97))%101 < 50 {
					members[key] = true
				}
			}
			now.units["u"+strconv.FormatInt(u, 10)] = members
		}
		result := evaluated(t.Context(), t, db, day(n+1), now)
		mustExec(t, db, `CREATE OR REPLACE TABLE memory.main.kept AS SELECT key, ? AS n FROM memory.main.population`, n)
		opt.State = &snapshot.State{Fingerprint: "f", Marks: "m", Tables: []snapshot.StateTable{
			{Name: "kept values", Relation: "memory.main.kept", Key: "key", Replace: true},
		}}
		_, err := snapshot.Commit(t.Context(), db, result, opt)
		require.NoError(t, err)
	}
	pruned, err := snapshot.Prune(t.Context(), db, snapshot.Policy{KeepLast: 1})
	require.NoError(t, err)
	require.Len(t, pruned.Runs, 5)
	return db
}

// fileSize is the size of a file in bytes.
func fileSize(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Size()
}

// onlyFile demands that nothing stands beside a store.
func onlyFile(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, entries, 1)
	require.Equal(t, filepath.Base(path), entries[0].Name())
}

func TestCompactGivesSpaceBackAndChangesNothingElse(t *testing.T) {
	path := storeAt(t)
	db := worn(t, path)
	require.NoError(t, os.Chmod(path, 0o640))
	before, size := dump(t.Context(), t, db), fileSize(t, path)
	compacted, err := snapshot.Compact(t.Context(), db)
	require.NoError(t, err)
	require.Equal(t, snapshot.Compacted{Before: size, After: fileSize(t, path)}, compacted)
	require.Less(t, compacted.After, compacted.Before)
	require.Equal(t, before, dump(t.Context(), t, db))
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o640), info.Mode())
	onlyFile(t, path)
	clean(t.Context(), t, db)

	// The tables still refuse what they refused, and the next run goes on from the state.
	again, err := snapshot.Compact(t.Context(), db)
	require.NoError(t, err)
	require.Equal(t, compacted.After, again.Before)
	require.Equal(t, int64(7), commit(t, db, day(9), state{customers: upTo(3), units: map[string]set{"u1": of(1)}}).ID)
	require.Contains(t, process.Run(t, path, `INSERT INTO store.main.run SELECT * FROM store.main.run`), "Duplicate key")
	clean(t.Context(), t, db)
}

func TestCompactRemovesWhatAKilledOneLeft(t *testing.T) {
	path := storeAt(t)
	db := worn(t, path)
	for _, left := range []string{path + ".compact", path + ".compact.wal"} {
		require.NoError(t, os.WriteFile(left, []byte("half a file"), 0o600))
	}
	before := dump(t.Context(), t, db)
	_, err := snapshot.Compact(t.Context(), db)
	require.NoError(t, err)
	require.Equal(t, before, dump(t.Context(), t, db))
	onlyFile(t, path)
}

func TestCompactOfAStoreInUse(t *testing.T) {
	path := storeAt(t)
	db := worn(t, path)
	before := dump(t.Context(), t, db)
	pid, release := process.Hold(t, path)
	_, err := snapshot.Compact(t.Context(), db)
	var failure *warehouse.Error
	require.ErrorAs(t, err, &failure)
	require.Equal(t, warehouse.Locked, failure.Kind)
	require.ErrorContains(t, err, "(process "+strconv.Itoa(pid)+") is using "+path)
	release()
	require.Equal(t, before, dump(t.Context(), t, db))
	onlyFile(t, path)
}

func TestNothingToCompact(t *testing.T) {
	path := storeAt(t)
	_, err := snapshot.Compact(t.Context(), open(t, path))
	require.ErrorIs(t, err, snapshot.ErrEmpty)
	require.NoFileExists(t, path)

	// A new file would take the place of the link, and the old file would stay where it is.
	worn(t, path)
	link := storeAt(t)
	require.NoError(t, os.Symlink(path, link))
	before := fileSize(t, path)
	_, err = snapshot.Compact(t.Context(), open(t, link))
	var failure *warehouse.Error
	require.ErrorAs(t, err, &failure)
	require.Equal(t, warehouse.Refused, failure.Kind)
	require.Equal(t, before, fileSize(t, path))
}

// TestFailedCompactLeavesTheStore: a folder stands where the new file should go.
func TestFailedCompactLeavesTheStore(t *testing.T) {
	path := storeAt(t)
	db := worn(t, path)
	before := dump(t.Context(), t, db)
	require.NoError(t, os.MkdirAll(filepath.Join(path+".compact", "x"), 0o700))
	_, err := snapshot.Compact(t.Context(), db)
	require.ErrorContains(t, err, path+".compact")
	require.Equal(t, before, dump(t.Context(), t, db))
	require.NoFileExists(t, path+".undo")
	clean(t.Context(), t, db)
}

// TestCommitsBesideCompactions lets one program commit while another puts new files in the place of the store: who has
// opened the old file in the very moment when it was replaced must notice, or the run is lost.
func TestCommitsBesideCompactions(t *testing.T) {
	path := storeAt(t)
	const runs = 12
	writer, said := child(t, path, runs, time.Minute)
	db, err := warehouse.Open(t.Context(), warehouse.Config{Store: path, Wait: time.Minute, Threads: 1})
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	commit(t, db, momentOf(1), stateOf(1, fewCustomers))
	require.NoError(t, writer.Start())
	ended := make(chan error, 1)
	go func() { ended <- writer.Wait() }()
	compacted := 0
	for running := true; running; {
		select {
		case err = <-ended:
			running = false
		default:
			_, failed := snapshot.Compact(t.Context(), db)
			require.NoError(t, failed)
			compacted++
		}
	}
	require.NoError(t, err, said.String())
	require.Greater(t, compacted, 1)
	listed, err := snapshot.List(t.Context(), db, snapshot.Filter{})
	require.NoError(t, err)
	require.Len(t, listed, runs+1)
	clean(t.Context(), t, db)
	onlyFile(t, path)
}

package warehouse_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/fixtures/process"
	"strata/sql/warehouse"
)

// Sizes of DuckDB's file format.
const (
	headers   = 3 * 4096
	blockSize = 256 << 10
	pageSize  = 4096
)

// writing is a store before and after a write, and the copy of blocks that was there in between.
type writing struct {
	before, after, undo []byte
}

// rowsBefore and rowsAfter are how many rows its table run holds.
const rowsBefore, rowsAfter = 9000, 9500

// written makes a store in steps, as runs do, and looks at the last one.
func written(t *testing.T) writing {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s.strata")
	db := open(t, warehouse.Config{Store: path})
	require.NoError(t, db.Store(t.Context(), warehouse.WriteStore, write(
		`CREATE TABLE store.main.run (id INTEGER PRIMARY KEY, name VARCHAR)`, `CREATE TABLE store.main.other AS SELECT range AS a FROM range(1000)`)))
	grow := func(from, to int) string {
		return fmt.Sprintf(`INSERT INTO store.main.run SELECT range, 'name ' || range FROM range(%d, %d)`, from, to)
	}
	for n := 0; n < rowsBefore; n += 1000 {
		require.NoError(t, db.Store(t.Context(), warehouse.WriteStore, write(grow(n, n+1000))))
	}
	var w writing
	var err error
	require.NoError(t, db.Store(t.Context(), warehouse.WriteStore, func(ctx context.Context, tx warehouse.Session) error {
		// Reading drops the lock of this process, which matters to others only.
		w.before, err = os.ReadFile(path)
		require.NoError(t, err)
		w.undo, err = os.ReadFile(path + ".undo")
		require.NoError(t, err)
		return write(grow(rowsBefore, rowsAfter))(ctx, tx)
	}))
	require.NoFileExists(t, path+".undo")
	require.NoFileExists(t, path+".wal")
	w.after, err = os.ReadFile(path)
	require.NoError(t, err)
	return w
}

// put makes a store of bytes, with a copy of blocks beside it where there is one.
func put(t *testing.T, store, undo []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s.strata")
	require.NoError(t, os.WriteFile(path, store, 0o600))
	if undo != nil {
		require.NoError(t, os.WriteFile(path+".undo", undo, 0o600))
	}
	return path
}

// torn returns what a writer leaves who is killed when so many pages of a block are written, for every block that the
// write changed. The headers are written last, so they are those of before.
func (w writing) torn(pages int) map[int][]byte {
	files := map[int][]byte{}
	for at := headers; at+blockSize <= len(w.after); at += blockSize {
		file := bytes.Clone(w.before)
		if at+blockSize > len(file) {
			file = append(file, make([]byte, at+blockSize-len(file))...)
		}
		if bytes.Equal(file[at:at+blockSize], w.after[at:at+blockSize]) {
			continue
		}
		copy(file[at:at+pages*pageSize], w.after[at:])
		files[at] = file
	}
	return files
}

// readable opens a store and returns how many rows the table run holds, or why it cannot be read.
func readable(t *testing.T, path string) (rows int64, err error) {
	t.Helper()
	db, err := warehouse.Open(t.Context(), warehouse.Config{Store: path, TempDir: t.TempDir(), Threads: 1})
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	err = db.Store(t.Context(), warehouse.ReadStore, func(ctx context.Context, tx warehouse.Session) error {
		return tx.Row(ctx, []any{&rows}, `SELECT count(name) FROM store.main.run, (SELECT count(a) FROM store.main.other)`)
	})
	return rows, err
}

// TestTornBlocks kills a writer in the middle of each block, as far as a file can tell. Some of these files cannot be read
// without the copied blocks: DuckDB writes blocks of metadata again where they stand.
func TestTornBlocks(t *testing.T) {
	w := written(t)
	lost := 0
	for _, pages := range []int{1, 40} {
		for at, file := range w.torn(pages) {
			if _, err := readable(t, put(t, file, nil)); err != nil {
				require.Equal(t, warehouse.NotDatabase, kindOf(t, err))
				require.ErrorContains(t, err, "is damaged: Corrupt database file: computed checksum")
				lost++
			}
			path := put(t, file, w.undo)
			rows, err := readable(t, path)
			require.NoError(t, err, "block at %d, %d pages", at, pages)
			require.EqualValues(t, rowsBefore, rows)
			require.NoFileExists(t, path+".undo")
		}
	}
	require.Positive(t, lost, "no block is written over where it stands: the copies are not needed any more")
}

// TestWriterGoesOnAfterRepair repairs and writes in one go.
func TestWriterGoesOnAfterRepair(t *testing.T) {
	w := written(t)
	for _, file := range w.torn(1) {
		if _, err := readable(t, put(t, file, nil)); err == nil {
			continue // The block was free.
		}
		path := put(t, file, w.undo)
		db := open(t, warehouse.Config{Store: path})
		require.NoError(t, db.Store(t.Context(), warehouse.WriteStore, write(`INSERT INTO store.main.run VALUES (-1, 'more')`)))
		rows, err := readable(t, path)
		require.NoError(t, err)
		require.EqualValues(t, rowsBefore+1, rows)
		require.NoFileExists(t, path+".undo")
	}
}

// TestCopyThatIsNotNeeded is left alone or removed, and the store stays as it is to the byte.
func TestCopyThatIsNotNeeded(t *testing.T) {
	w := written(t)
	foreign := bytes.Clone(w.before)
	for i := headers; i < len(foreign); i++ {
		foreign[i] ^= 1
	}
	for name, c := range map[string]struct {
		store, undo []byte
		rows        int64
	}{
		"the header has moved on":         {w.after, w.undo, rowsAfter},
		"nothing was written yet":         {w.before, w.undo, rowsBefore},
		"it was not written to its end":   {w.before, w.undo[:len(w.undo)-1], rowsBefore},
		"it was hardly begun":             {w.before, w.undo[:7], rowsBefore},
		"it is empty":                     {w.before, []byte{}, rowsBefore},
		"it is of another form":           {w.before, bytes.Repeat([]byte("x"), 100), rowsBefore},
		"it is damaged in the middle":     {w.after, spoiled(w.undo), rowsAfter},
		"the store is another one by now": {foreign, w.undo, -1},
	} {
		path := put(t, c.store, c.undo)
		rows, err := readable(t, path)
		if c.rows >= 0 {
			require.NoError(t, err, name)
			require.Equal(t, c.rows, rows, name)
		}
		require.NoFileExists(t, path+".undo", name)
		now, err := os.ReadFile(path)
		require.NoError(t, err)
		require.True(t, bytes.Equal(c.store, now), name)
	}

	// What belongs to a store that was removed must not meet the next one.
	path := put(t, w.before, w.undo)
	require.NoError(t, os.Remove(path))
	db := open(t, warehouse.Config{Store: path})
	require.NoError(t, db.Store(t.Context(), warehouse.WriteStore, write(`CREATE TABLE store.main.run AS SELECT 1 AS name`, `CREATE TABLE store.main.other AS SELECT 1 AS a`)))
	rows, err := readable(t, path)
	require.NoError(t, err)
	require.EqualValues(t, 1, rows)
	require.NoFileExists(t, path+".undo")
}

// spoiled returns bytes of which one is another.
func spoiled(b []byte) []byte {
	b = bytes.Clone(b)
	b[len(b)/2] ^= 1
	return b
}

// TestWriterWhoLives is not repaired: its copy stays until it is done.
func TestWriterWhoLives(t *testing.T) {
	w := written(t)
	path := put(t, w.before, nil)
	_, release := process.Hold(t, path)
	require.FileExists(t, path+".undo")
	undo, err := os.ReadFile(path + ".undo")
	require.NoError(t, err)
	_, err = readable(t, path)
	require.Equal(t, warehouse.Locked, kindOf(t, err))
	still, err := os.ReadFile(path + ".undo")
	require.NoError(t, err)
	require.Equal(t, undo, still)
	release()
	require.NoFileExists(t, path+".undo")
	rows, err := readable(t, path)
	require.NoError(t, err)
	require.EqualValues(t, rowsBefore, rows)
}

// TestNoRoomForTheCopy puts a folder where the copy should go: nothing is written then.
func TestNoRoomForTheCopy(t *testing.T) {
	w := written(t)
	path := put(t, w.before, nil)
	db := open(t, warehouse.Config{Store: path})
	require.NoError(t, db.Store(t.Context(), warehouse.ReadStore, write()))
	require.NoError(t, os.MkdirAll(filepath.Join(path+".undo", "x"), 0o700))
	err := db.Store(t.Context(), warehouse.WriteStore, write(`DELETE FROM store.main.run`))
	require.Equal(t, warehouse.Unreadable, kindOf(t, err))
	require.ErrorContains(t, err, path)
	now, err := os.ReadFile(path)
	require.NoError(t, err)
	require.True(t, bytes.Equal(w.before, now))
}

// TestStoreThatWasHardlyBegun was left by a writer who died within the first write: no commit can be in it.
func TestStoreThatWasHardlyBegun(t *testing.T) {
	w := written(t)
	for _, size := range []int{0, 4096, 8192, headers - 1} {
		path := put(t, w.before[:size], nil)
		db := open(t, warehouse.Config{Store: path})
		require.Equal(t, warehouse.Missing, kindOf(t, db.Store(t.Context(), warehouse.ReadStore, write())))
		// As long as it is fresh it may be somebody's who is at work.
		err := db.Store(t.Context(), warehouse.WriteStore, write())
		require.Equal(t, warehouse.Locked, kindOf(t, err))
		require.FileExists(t, path)
		past := time.Now().Add(-time.Minute)
		require.NoError(t, os.Chtimes(path, past, past))
		require.NoError(t, db.Store(t.Context(), warehouse.WriteStore, write(`CREATE TABLE store.main.run AS SELECT 7 AS a`)))
		require.EqualValues(t, 1, stored(t, db))
	}
	// What is short and no database stays what it is.
	for _, note := range []string{"x", "buy milk, and a store", strings.Repeat("-", headers)} {
		path := put(t, []byte(note), nil)
		require.NoError(t, os.Chtimes(path, time.Now().Add(-time.Hour), time.Now().Add(-time.Hour)))
		db := open(t, warehouse.Config{Store: path})
		for _, mode := range []warehouse.Mode{warehouse.ReadStore, warehouse.WriteStore} {
			require.Equal(t, warehouse.NotDatabase, kindOf(t, db.Store(t.Context(), mode, write())))
		}
		now, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, note, string(now))
	}
	// A writer who may wait gets there by itself.
	path := put(t, nil, nil)
	db := open(t, warehouse.Config{Store: path, Wait: time.Minute})
	require.NoError(t, db.Store(t.Context(), warehouse.WriteStore, write(`CREATE TABLE store.main.run AS SELECT 7 AS a`)))
	require.EqualValues(t, 1, stored(t, db))
}

// TestFailedWriteLeavesNoCopy ends a transaction without a commit.
func TestFailedWriteLeavesNoCopy(t *testing.T) {
	w := written(t)
	path := put(t, w.before, nil)
	db := open(t, warehouse.Config{Store: path})
	err := db.Store(t.Context(), warehouse.WriteStore, func(ctx context.Context, tx warehouse.Session) error {
		return errors.Join(write(`DELETE FROM store.main.run`)(ctx, tx), errOops)
	})
	require.ErrorIs(t, err, errOops)
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, entries, 1, "only the store")
	require.True(t, strings.HasSuffix(entries[0].Name(), ".strata"))
	rows, err := readable(t, path)
	require.NoError(t, err)
	require.EqualValues(t, rowsBefore, rows)
}

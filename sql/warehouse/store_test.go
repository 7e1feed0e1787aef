package warehouse_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"strata/fixtures/process"
	"strata/sql/warehouse"

	"github.com/stretchr/testify/require"
)

// errOops is a failure inside a session.
var errOops = errors.New("oops")

// write returns a session that runs statements.
func write(statements ...string) func(context.Context, warehouse.Session) error {
	return func(ctx context.Context, tx warehouse.Session) error {
		for _, statement := range statements {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	}
}

// stored counts the rows of a table of the store.
func stored(t *testing.T, db *warehouse.DB) (n int64) {
	t.Helper()
	require.NoError(t, db.Store(t.Context(), warehouse.ReadStore, func(ctx context.Context, tx warehouse.Session) error {
		return tx.Row(ctx, []any{&n}, `SELECT count(*) FROM store.main.run`)
	}))
	return n
}

func TestStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.strata")
	db := open(t, warehouse.Config{Warehouse: shop(t), Store: path})
	err := db.Store(t.Context(), warehouse.ReadStore, write())
	require.Equal(t, warehouse.Missing, kindOf(t, err))
	require.NoFileExists(t, path)

	// One statement reads what is in memory and the warehouse, and writes the store.
	_, err = db.Exec(t.Context(), `CREATE TABLE memory.main.words AS SELECT customer_id FROM customers WHERE customer_id < 4`)
	require.NoError(t, err)
	require.NoError(t, db.Store(t.Context(), warehouse.WriteStore, write(
		`CREATE TABLE store.main.run AS SELECT * FROM memory.main.words JOIN customers USING (customer_id)`)))
	require.EqualValues(t, 4, stored(t, db))

	require.ErrorIs(t, db.Store(t.Context(), warehouse.WriteStore, func(ctx context.Context, tx warehouse.Session) error {
		return errors.Join(write(`DELETE FROM store.main.run`)(ctx, tx), errOops)
	}), errOops)
	require.EqualValues(t, 4, stored(t, db))

	err = db.Store(t.Context(), warehouse.ReadStore, write(`DELETE FROM store.main.run`))
	require.Equal(t, warehouse.Refused, kindOf(t, err))
	_, err = db.Exec(t.Context(), `SELECT * FROM store.main.run`)
	require.Error(t, err, "the store is let go after each session")
	require.Contains(t, process.Run(t, path, `DELETE FROM store.main.run WHERE customer_id = 0`), "done <nil>")
	require.EqualValues(t, 3, stored(t, db))
}

func TestNoStore(t *testing.T) {
	db := open(t, warehouse.Config{})
	require.Equal(t, warehouse.Missing, kindOf(t, db.Store(t.Context(), warehouse.ReadStore, write())))
}

// TestStoreCancelled stops a writer in the middle: nothing is kept and the connections are good.
func TestStoreCancelled(t *testing.T) {
	db := open(t, warehouse.Config{Store: filepath.Join(t.TempDir(), "s.strata")})
	require.NoError(t, db.Store(t.Context(), warehouse.WriteStore, write(`CREATE TABLE store.run (a INTEGER)`)))
	for range 10 {
		ctx, cancel := context.WithCancelCause(t.Context())
		err := db.Store(ctx, warehouse.WriteStore, func(ctx context.Context, tx warehouse.Session) error {
			if err := write(`INSERT INTO store.run VALUES (1)`)(ctx, tx); err != nil {
				return err
			}
			cancel(errOops)
			_, err := tx.Exec(ctx, `INSERT INTO store.run SELECT 1 FROM range(1000000000)`)
			return err
		})
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, err, errOops)
	}
	require.Zero(t, stored(t, db))
}

// TestStoreLocked lets another process hold the store.
func TestStoreLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.strata")
	pid, release := process.Hold(t, path)
	db := open(t, warehouse.Config{Store: path})
	err := db.Store(t.Context(), warehouse.WriteStore, write())
	require.Equal(t, warehouse.Locked, kindOf(t, err))
	require.ErrorContains(t, err, "process "+strconv.Itoa(pid))
	require.ErrorContains(t, err, filepath.Base(os.Args[0]))
	require.ErrorContains(t, err, path)
	require.Equal(t, warehouse.Locked, kindOf(t, db.Store(t.Context(), warehouse.ReadStore, write())))

	// Who may wait gets it as soon as it is free.
	waiting := open(t, warehouse.Config{Store: path, Wait: time.Minute})
	done := make(chan error)
	go func() {
		done <- waiting.Store(t.Context(), warehouse.WriteStore, write(`CREATE TABLE store.run AS SELECT 1`))
	}()
	release()
	require.NoError(t, <-done)
	require.EqualValues(t, 1, stored(t, db))

	// Waiting ends with the context.
	_, release = process.Hold(t, path)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, waiting.Store(ctx, warehouse.ReadStore, write()), context.DeadlineExceeded)
	release()
}

// TestStoreSharing lets readers and writers of one process come at the same time.
func TestStoreSharing(t *testing.T) {
	db := open(t, warehouse.Config{Store: filepath.Join(t.TempDir(), "s.strata")})
	require.NoError(t, db.Store(t.Context(), warehouse.WriteStore, write(`CREATE TABLE store.run (a INTEGER)`)))
	var wg sync.WaitGroup
	errs := make([]error, 24)
	for i := range errs {
		wg.Go(func() {
			if i%3 == 0 {
				errs[i] = db.Store(t.Context(), warehouse.WriteStore, write(`INSERT INTO store.run VALUES (1)`))
				return
			}
			errs[i] = db.Store(t.Context(), warehouse.ReadStore, write(`SELECT count(*) FROM store.run`))
		})
	}
	wg.Wait()
	require.NoError(t, errors.Join(errs...))
	require.EqualValues(t, 8, stored(t, db))
}

func TestBuild(t *testing.T) {
	path := shop(t)
	before := fingerprint(t, filepath.Dir(path))
	require.Len(t, before, 2, "the folder and the file, no log and no rest")
	err := warehouse.Build(t.Context(), path, []string{`CREATE TABLE t AS SELECT 1`, `SELECT * FROM nowhere`})
	require.Equal(t, warehouse.NoTable, kindOf(t, err))
	require.Equal(t, before[1:], fingerprint(t, filepath.Dir(path))[1:])
	require.Equal(t, warehouse.Missing, kindOf(t, warehouse.Build(t.Context(), filepath.Join(filepath.Dir(path), "no", "x"), nil)))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, warehouse.Build(ctx, path, []string{`SELECT 1`}), context.Canceled)
	require.NoError(t, warehouse.Build(t.Context(), path, []string{`CREATE TABLE t AS SELECT 42 AS a`}))
	require.EqualValues(t, 42, one(t, open(t, warehouse.Config{Warehouse: path}), `SELECT a FROM "main"."t"`))
}

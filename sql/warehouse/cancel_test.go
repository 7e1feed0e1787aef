package warehouse_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"strata/sql/warehouse"

	"github.com/stretchr/testify/require"
)

// endless is a query that would run for hours.
const endless = `SELECT count(*) FROM range(10000000000) a, range(1000) b WHERE a.range * b.range % 7 = 3`

// startThenCancel cancels a query as soon as it runs, and returns how long it then took and its error.
func startThenCancel(t *testing.T, db *warehouse.DB, cause error) (time.Duration, error) {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := db.Exec(ctx, endless)
		done <- err
	}()
	for db.Running() == 0 {
		runtime.Gosched()
	}
	start := time.Now()
	cancel(cause)
	err := <-done
	return time.Since(start), err
}

// TestCancel measures the time from cancelling to the return. The driver alone needs half a second; the bound leaves
// room for a busy machine.
func TestCancel(t *testing.T) {
	db := open(t, warehouse.Config{Warehouse: shop(t)})
	fastest := time.Hour
	for range 5 {
		took, err := startThenCancel(t, db, errOops)
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, err, errOops)
		require.Equal(t, warehouse.Interrupted, kindOf(t, err))
		fastest = min(fastest, took)
		require.EqualValues(t, 10, one(t, db, `SELECT count(*) FROM customers`), "the connection is good afterwards")
	}
	require.Less(t, fastest, 100*time.Millisecond)
	_, running := db.Progress()
	require.False(t, running)
}

func TestDeadline(t *testing.T) {
	db := open(t, warehouse.Config{})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, queryError(ctx, db, endless), context.DeadlineExceeded)
	err := queryError(ctx, db, `SELECT 1`)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Equal(t, warehouse.Interrupted, kindOf(t, err))
}

// TestCloseStopsQueries closes while a query runs.
func TestCloseStopsQueries(t *testing.T) {
	db, err := warehouse.Open(t.Context(), warehouse.Config{TempDir: t.TempDir()})
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() {
		_, err := db.Exec(t.Context(), endless)
		done <- err
	}()
	for db.Running() == 0 {
		runtime.Gosched()
	}
	require.NoError(t, db.Close())
	require.Equal(t, warehouse.Interrupted, kindOf(t, <-done))
}

// TestProgress sees the percentage of a long query move. DuckDB does not know it for every run, so there are several.
func TestProgress(t *testing.T) {
	db := open(t, warehouse.Config{})
	_, err := db.Exec(t.Context(), `CREATE TABLE t AS SELECT range AS a FROM range(2000000)`)
	require.NoError(t, err)
	seen := warehouse.Progress{}
	for run := 0; run < 20 && seen.Percent == 0; run++ {
		seen = highest(t, db, `SELECT sum(length(repeat(md5(a::VARCHAR), 50))) FROM t`)
	}
	require.Greater(t, seen.Percent, 0.0)
	require.LessOrEqual(t, seen.Percent, 100.0)
	require.NotZero(t, seen.Total)
}

// highest runs a query until it reports progress, or to its end.
func highest(t *testing.T, db *warehouse.DB, query string) (seen warehouse.Progress) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = db.Exec(ctx, query)
	}()
	defer func() {
		cancel()
		<-done
	}()
	for seen.Percent == 0 {
		select {
		case <-done:
			return seen
		default:
			seen, _ = db.Progress()
		}
	}
	return seen
}

package warehouse_test

import (
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"strata/fixtures/process"
	"strata/sql/warehouse"

	"github.com/stretchr/testify/require"
)

// TestIdleLetsGo proves that another program may write the warehouse once it has been idle, and that what it wrote is
// seen.
func TestIdleLetsGo(t *testing.T) {
	path := shop(t)
	db := open(t, warehouse.Config{Warehouse: path, Idle: time.Millisecond, Wait: time.Minute})
	for i := range 3 {
		require.EqualValues(t, 10+i, one(t, db, `SELECT count(*) FROM "main"."customers"`))
		insert := `INSERT INTO store.main.customers SELECT max(customer_id) + 1, 'new', TIMESTAMPTZ '2026-02-01 00:00:00+00' FROM store.main.customers`
		require.Eventually(t, func() bool { return strings.Contains(process.Run(t, path, insert), "done <nil>") }, time.Minute, time.Millisecond)
	}
	require.EqualValues(t, 13, one(t, db, `SELECT count(*) FROM customers`))
}

// TestBusyHoldsOn shows that open rows keep the file attached however short the idle time is.
func TestBusyHoldsOn(t *testing.T) {
	path := shop(t)
	db := open(t, warehouse.Config{Warehouse: path, Idle: time.Nanosecond})
	func() {
		rows, err := db.Query(t.Context(), `SELECT customer_id FROM customers`)
		require.NoError(t, err)
		defer func() { require.NoError(t, rows.Close()) }()
		require.Contains(t, process.Run(t, path, `SELECT 1`), "is using "+path)
		require.True(t, rows.Next())
		require.NoError(t, rows.Err())
	}()
	require.Eventually(t, func() bool { return strings.Contains(process.Run(t, path, `SELECT 1`), "done <nil>") }, time.Minute, time.Millisecond)
}

// TestIdleRace attaches and lets go as fast as it can from several goroutines.
func TestIdleRace(t *testing.T) {
	db := open(t, warehouse.Config{Warehouse: shop(t), Idle: time.Nanosecond, Store: filepath.Join(t.TempDir(), "s.strata")})
	var wg sync.WaitGroup
	errs := make([]error, 12)
	for i := range errs {
		wg.Go(func() {
			for range 20 {
				var n int64
				if err := db.Row(t.Context(), []any{&n}, `SELECT count(*) FROM "main"."customers"`); err != nil || n != 10 {
					errs[i] = err
					return
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
}

func TestWarehouseLocked(t *testing.T) {
	path := shop(t)
	_, release := process.Hold(t, path)
	_, err := warehouse.Open(t.Context(), warehouse.Config{Warehouse: path})
	require.Equal(t, warehouse.Locked, kindOf(t, err))
	require.ErrorContains(t, err, path)
	release()
	open(t, warehouse.Config{Warehouse: path, Wait: time.Minute})
}

// TestReadersShare opens the same warehouse twice, as two processes that only read may.
func TestReadersShare(t *testing.T) {
	path := shop(t)
	for range 2 {
		require.EqualValues(t, 10, one(t, open(t, warehouse.Config{Warehouse: path}), `SELECT count(*) FROM customers`))
	}
}

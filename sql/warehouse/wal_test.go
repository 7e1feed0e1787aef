package warehouse_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"testing"

	"strata/sql/warehouse"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/stretchr/testify/require"
)

// interrupted builds a shop whose last writer ended before its log was worked into the file, and returns the path of the
// file. The log beside it holds the customers from 100 on.
func interrupted(t *testing.T) string {
	t.Helper()
	path := shop(t)
	connector, err := duckdb.NewConnector(path, nil)
	require.NoError(t, err)
	db := sql.OpenDB(connector)
	for _, statement := range []string{
		`PRAGMA disable_checkpoint_on_shutdown`,
		`SET TimeZone = 'UTC'`,
		`INSERT INTO customers SELECT range, 'late', TIMESTAMPTZ '2026-02-01 00:00:00+00' FROM range(100, 105)`,
		`CREATE VIEW late AS SELECT * FROM customers WHERE customer_id >= 100`,
	} {
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	require.NoError(t, errors.Join(db.Close(), connector.Close()))
	require.FileExists(t, path+".wal")
	return path
}

// TestLeftoverLog reads what the log says and leaves both files as they are: putting the log into the file is a write, and
// it is for the customer's own program to do.
func TestLeftoverLog(t *testing.T) {
	path := interrupted(t)
	before := fingerprint(t, filepath.Dir(path))
	require.Len(t, before, 3, "the folder, the file and its log")
	db, err := warehouse.Open(t.Context(), warehouse.Config{
		Warehouse: path, Store: filepath.Join(t.TempDir(), "s.strata"), TempDir: t.TempDir(),
	})
	require.NoError(t, err)
	require.EqualValues(t, 15, one(t, db, `SELECT count(*) FROM customers`))
	require.EqualValues(t, 5, one(t, db, `SELECT count(*) FROM late`))
	tables, err := db.Tables(t.Context())
	require.NoError(t, err)
	require.Len(t, tables, 4)
	require.NoError(t, db.Store(t.Context(), warehouse.WriteStore, write(`CREATE TABLE store.main.run AS FROM late`)))
	require.EqualValues(t, 5, stored(t, db))
	// The engine takes this one, and does nothing.
	_, err = db.Exec(t.Context(), `CHECKPOINT warehouse`)
	require.NoError(t, err)
	require.Equal(t, before, fingerprint(t, filepath.Dir(path)))
	require.NoError(t, db.Close())
	require.Equal(t, before, fingerprint(t, filepath.Dir(path)))
}

// TestLeftoverLogOfStore is another matter: the store is ours, and the next writer works its log in.
func TestLeftoverLogOfStore(t *testing.T) {
	path := interrupted(t)
	db := open(t, warehouse.Config{Store: path})
	require.NoError(t, db.Store(t.Context(), warehouse.WriteStore, write(`CREATE TABLE store.main.run AS FROM store.main.late`)))
	require.NoFileExists(t, path+".wal")
	require.EqualValues(t, 5, stored(t, db))
}

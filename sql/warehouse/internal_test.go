package warehouse

import (
	"context"
	"errors"
	"testing"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/stretchr/testify/require"
)

// TestHandle fails when a new driver keeps its handle elsewhere; cancelling would then take half a second.
func TestHandle(t *testing.T) {
	instance, err := duckdb.NewConnector("", nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, instance.Close()) }()
	c, err := instance.Connect(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, c.Close()) }()
	handle, ok := handleOf(c.(*duckdb.Conn))
	require.True(t, ok)
	require.NotNil(t, handle.Ptr)
	_, ok = handleOf(nil)
	require.False(t, ok)
	_, ok = handleOf(&duckdb.Conn{})
	require.False(t, ok)
}

// TestSlowCancel takes the way without a handle.
func TestSlowCancel(t *testing.T) {
	db, err := Scratch(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	raw, err := (&connector{inner: db.instance, running: db.running}).Connect(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, raw.Close()) }()
	slow := raw.(*conn)
	slow.quick = false
	ctx, cancel := context.WithCancel(t.Context())
	go cancel()
	_, err = slow.ExecContext(ctx, `SELECT count(*) FROM range(100000000) a, range(100000) b WHERE a.range * b.range % 7 = 3`, nil)
	require.ErrorIs(t, err, context.Canceled)
	_, err = slow.ExecContext(t.Context(), `SELECT 1`, nil)
	require.NoError(t, err)
}

// TestTranslateTexts checks texts of DuckDB's that are hard to bring about.
func TestTranslateTexts(t *testing.T) {
	for _, c := range []struct {
		kind duckdb.ErrorType
		text string
		want Kind
		says string
	}{
		{duckdb.ErrorTypeIO, `IO Error: Could not set lock on file "/x": Conflicting lock is held in /usr/bin/python3 (PID 77). See also https://x`, Locked, "/usr/bin/python3 (process 77) is using /x"},
		{duckdb.ErrorTypeIO, `IO Error: Could not set lock on file "/x": Conflicting lock is held in (PID 77)`, Locked, "another program (process 77) is using /x"},
		{duckdb.ErrorTypeIO, `IO Error: Could not set lock on file "/x": Resource temporarily unavailable`, Locked, "another program is using /x"},
		{duckdb.ErrorTypeIO, `IO Error: Could not write file: No space left on device`, Unreadable, "the disk is full"},
		{duckdb.ErrorTypeIO, `IO Error: Cannot open file "/x": Permission denied`, Unreadable, "rights"},
		{duckdb.ErrorTypeIO, `IO Error: Trying to read a database file with version number 99, but we can only read versions between 64 and 67.`, NewerVersion, "its format is 99, this program reads 64 and 67"},
		{duckdb.ErrorTypeSerialization, `Serialization Error: Corrupt database file`, NotDatabase, "/x is damaged: Corrupt database file"},
		{duckdb.ErrorTypeIO, `IO Error: Corrupt database file: computed checksum 5 does not match stored checksum 0 in block at location 67`, NotDatabase, "/x is damaged: Corrupt database file: computed checksum 5 does not match stored checksum 0 in block at location 67"},
		{duckdb.ErrorTypeOutOfMemory, `Out of Memory Error: failed to allocate`, OutOfMemory, "failed to allocate"},
		{duckdb.ErrorTypeInterrupt, `INTERRUPT Error: Interrupted!`, Interrupted, "Interrupted!"},
	} {
		err := translate(t.Context(), &duckdb.Error{Type: c.kind, Msg: c.text}, "/x")
		var e *Error
		require.ErrorAs(t, err, &e, c.text)
		require.Equal(t, c.want, e.Kind, c.text)
		require.Contains(t, err.Error(), c.says)
		require.Equal(t, err, translate(t.Context(), err, "/y"), "an error of ours passes")
	}
	require.NoError(t, translate(t.Context(), nil, ""))
	require.ErrorIs(t, translate(t.Context(), context.Canceled, ""), context.Canceled)
	require.ErrorContains(t, translate(t.Context(), errors.New("odd"), ""), "odd")
}

// TestPureFunctionsExist keeps the list to names that DuckDB has, as function, macro or syntax.
func TestPureFunctionsExist(t *testing.T) {
	db, err := Scratch(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	known := map[string]bool{}
	rows, err := db.Query(t.Context(), `SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE function_type <> 'pragma'`)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		known[name] = true
	}
	require.NoError(t, rows.Err())
	for _, name := range sortedKeys(pureFunctions) {
		if !known[name] {
			t.Errorf("DuckDB has no function %s", name)
		}
	}
	for _, banned := range []map[string]bool{clockFunctions, chanceFunctions, fileFunctions} {
		for name := range banned {
			require.False(t, pureFunctions[name], name)
		}
	}
}

package warehouse_test

import (
	"context"
	"database/sql"
	"encoding/binary"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"strata/sql/dialect"
	"strata/sql/warehouse"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func kindOf(t *testing.T, err error) warehouse.Kind {
	t.Helper()
	var e *warehouse.Error
	require.ErrorAs(t, err, &e)
	return e.Kind
}

func TestScratch(t *testing.T) {
	db, err := warehouse.Scratch(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	_, err = db.Exec(t.Context(), `CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1), (2)`)
	require.NoError(t, err)
	n, err := db.Exec(t.Context(), `INSERT INTO t SELECT a + ? FROM t`, 2)
	require.NoError(t, err)
	require.EqualValues(t, 2, n)
	require.EqualValues(t, 10, one(t, db, `SELECT sum(a)::INTEGER FROM warehouse.main.t`))
	require.ErrorIs(t, db.Row(t.Context(), []any{new(any)}, `SELECT a FROM t WHERE a > 10`), sql.ErrNoRows)
}

func TestCloseTwiceAndAfter(t *testing.T) {
	db, err := warehouse.Scratch(t.Context())
	require.NoError(t, err)
	require.NoError(t, db.Close())
	require.NoError(t, db.Close())
	require.Error(t, queryError(t.Context(), db, `SELECT 1`))
}

// TestSameEverywhere asks every connection of the pool at once for what must be the same on all of them.
func TestSameEverywhere(t *testing.T) {
	db := open(t, warehouse.Config{Warehouse: shop(t), Threads: 2, MemoryLimit: "512MiB"})
	sameOn(t, db, 8)
}

// sameOn asks so many connections. Each is kept until those after it have been asked, so that all are different.
func sameOn(t *testing.T, db *warehouse.DB, connections int) {
	t.Helper()
	if connections == 0 {
		return
	}
	rows, err := db.Query(t.Context(), `SELECT current_setting('TimeZone'), current_database(), current_setting('threads'),
		current_setting('memory_limit'), (SELECT count(*) FROM "main"."customers")`)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	sameOn(t, db, connections-1)
	require.True(t, rows.Next())
	got, err := warehouse.PlainRow(rows)
	require.NoError(t, err)
	require.Equal(t, []any{"UTC", "warehouse", int64(2), "512.0 MiB", int64(10)}, got)
	require.NoError(t, rows.Err())
}

// withFormat returns a DuckDB file whose first block claims another format. The block begins with a sum over its words.
func withFormat(t *testing.T, content []byte, format byte) []byte {
	t.Helper()
	const block = 4096
	sum := func() uint64 {
		total := uint64(5381)
		for at := 8; at < block; at += 8 {
			total ^= binary.LittleEndian.Uint64(content[at:]) * 0xbf58476d1ce4e5b9
		}
		return total
	}
	require.Equal(t, binary.LittleEndian.Uint64(content), sum(), "the block's sum is not computed as expected")
	content[12] = format
	binary.LittleEndian.PutUint64(content, sum())
	return content
}

func TestOpenErrors(t *testing.T) {
	path := shop(t)
	folder := filepath.Dir(path)
	text := filepath.Join(folder, "notes.txt")
	require.NoError(t, os.WriteFile(text, []byte("this is no database, whatever its name says; it has some length"), 0o600))
	newer := filepath.Join(folder, "newer.duckdb")
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(newer, withFormat(t, content, 250), 0o600))
	empty := t.TempDir()
	for _, c := range []struct {
		name string
		cfg  warehouse.Config
		kind warehouse.Kind
		says string
	}{
		{"missing", warehouse.Config{Warehouse: filepath.Join(folder, "shap.duckdb")}, warehouse.Missing, "did you mean " + path},
		{"missing folder", warehouse.Config{Warehouse: filepath.Join(folder, "no", "shop.duckdb")}, warehouse.Missing, "there is no"},
		{"no database", warehouse.Config{Warehouse: text}, warehouse.NotDatabase, "notes.txt is not a DuckDB database"},
		{"newer", warehouse.Config{Warehouse: newer}, warehouse.NewerVersion, "was written by a newer DuckDB"},
		{"empty folder", warehouse.Config{Warehouse: empty}, warehouse.Missing, "holds no data files"},
		{"store's folder", warehouse.Config{Store: filepath.Join(folder, "no", "s.strata")}, warehouse.Missing, "there is no"},
		{"no place to spill", warehouse.Config{TempDir: filepath.Join(folder, "no")}, warehouse.Unreadable, "temporary data"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := warehouse.Open(t.Context(), c.cfg)
			require.ErrorContains(t, err, c.says)
			require.Equal(t, c.kind, kindOf(t, err))
		})
	}
}

func TestQueryErrors(t *testing.T) {
	db := open(t, warehouse.Config{Warehouse: shop(t)})
	for _, c := range []struct {
		query string
		kind  warehouse.Kind
		says  string
	}{
		{`SELECT * FROM custmers`, warehouse.NoTable, `there is no table custmers (did you mean "customers"`},
		{`SELECT emall FROM customers`, warehouse.NoColumn, `there is no column "emall" (near to it: "email"`},
		{`SELECT c.emall FROM customers c`, warehouse.NoColumn, `there is no column "emall"`},
		{`SELECT CAST('x' AS INTEGER)`, warehouse.Failed, `Could not convert string 'x' to INT32`},
		{`SELECT ln(0)`, warehouse.Failed, `cannot take logarithm of zero`},
		{`SELEC 1`, warehouse.Failed, `syntax error`},
		{`CREATE TABLE warehouse.main.x (a INTEGER)`, warehouse.Refused, `read-only`},
	} {
		_, err := db.Exec(t.Context(), c.query)
		require.ErrorContains(t, err, c.says)
		require.Equal(t, c.kind, kindOf(t, err), c.query)
	}
	require.ErrorContains(t, queryError(t.Context(), db, `SELECT ?`), "1 placeholders for 0 values")
}

func TestOutOfMemory(t *testing.T) {
	db := open(t, warehouse.Config{MemoryLimit: "20MB", Threads: 1})
	_, err := db.Exec(t.Context(), `SELECT list(range::VARCHAR || repeat('x', 100)) FROM range(1000000)`)
	require.Equal(t, warehouse.OutOfMemory, kindOf(t, err))
	require.ErrorContains(t, err, "--memory-limit")
}

// TestLockedDown is what the engine itself refuses. What it permits (writing into the allowed folders) is why users' text goes
// through Guard.
func TestLockedDown(t *testing.T) {
	path := shop(t)
	folder := filepath.Dir(path)
	outside := filepath.Join(t.TempDir(), "x.csv")
	require.NoError(t, os.WriteFile(outside, []byte("a\n1\n"), 0o600))
	before := fingerprint(t, folder)
	db := open(t, warehouse.Config{Warehouse: path, Store: filepath.Join(t.TempDir(), "s.strata")})
	for _, statement := range []string{
		`CREATE TABLE warehouse.main.x (a INTEGER)`,
		`INSERT INTO customers VALUES (99, 'x', TIMESTAMPTZ '2026-01-01 00:00:00+00')`,
		`UPDATE customers SET email = 'x'`,
		`DELETE FROM customers`,
		`DROP TABLE customers`,
		`COPY (SELECT 1) TO '` + outside + `'`,
		`SELECT * FROM read_csv('` + outside + `')`,
		`SELECT * FROM '` + outside + `'`,
		`SELECT * FROM read_text('/etc/passwd')`,
		`ATTACH '` + outside + `.duckdb'`,
		`INSTALL httpfs`,
		`LOAD httpfs`,
		`SET memory_limit = '1TB'`,
		`SET enable_external_access = true`,
		`SET lock_configuration = false`,
		`SET TimeZone = 'Europe/Berlin'`,
		`SET temp_directory = '/tmp/elsewhere'`,
		`RESET allowed_directories`,
		`SET allowed_directories = ['/']`,
	} {
		_, err := db.Exec(t.Context(), statement)
		require.Error(t, err, statement)
		require.Contains(t, []warehouse.Kind{warehouse.Refused, warehouse.Failed}, kindOf(t, err), statement)
	}
	require.Equal(t, before, fingerprint(t, folder))
	// The engine alone would let this one through; the guard does not.
	_, err := db.Guard(t.Context(), `COPY (SELECT 1) TO '`+filepath.Join(folder, "x.csv")+`'`, warehouse.Allowed{})
	require.Equal(t, warehouse.Refused, kindOf(t, err))
	require.Equal(t, before, fingerprint(t, folder))
}

// TestNothingStaysBehind runs a query that needs the disk and looks for what it leaves.
func TestNothingStaysBehind(t *testing.T) {
	path := shop(t)
	before := fingerprint(t, filepath.Dir(path))
	here, err := os.Getwd()
	require.NoError(t, err)
	temp := t.TempDir()
	db, err := warehouse.Open(t.Context(), warehouse.Config{Warehouse: path, TempDir: temp, MemoryLimit: "60MB", Threads: 2})
	require.NoError(t, err)
	_, err = db.Exec(t.Context(), `CREATE TABLE memory.main.big AS SELECT range AS a, md5(range::VARCHAR) AS b FROM range(1500000) ORDER BY b`)
	require.NoError(t, err)
	spill, err := filepath.Glob(filepath.Join(temp, "strata-"+strconv.Itoa(os.Getpid())+"-*", "*"))
	require.NoError(t, err)
	require.NotEmpty(t, spill, "the query was meant to spill")
	require.NoError(t, db.Close())
	left, err := os.ReadDir(temp)
	require.NoError(t, err)
	require.Empty(t, left)
	require.NoDirExists(t, filepath.Join(here, ".tmp"))
	require.Equal(t, before, fingerprint(t, filepath.Dir(path)))
}

// TestSweep removes the spill folder of a process that is gone and keeps those of the living.
func TestSweep(t *testing.T) {
	gone := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	require.NoError(t, gone.Run())
	temp := filepath.Join(t.TempDir(), "a [b]*")
	dead := filepath.Join(temp, "strata-"+strconv.Itoa(gone.Process.Pid)+"-1")
	living := filepath.Join(temp, "strata-"+strconv.Itoa(os.Getpid())+"-1")
	other := filepath.Join(temp, "strata-notes-1")
	for _, dir := range []string{dead, living, other} {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, "x"), 0o700))
	}
	require.Equal(t, []string{dead}, warehouse.Abandoned(temp))
	open(t, warehouse.Config{TempDir: temp})
	require.Empty(t, warehouse.Abandoned(temp))
	require.NoDirExists(t, dead)
	require.DirExists(t, living)
	require.DirExists(t, other)
}

// TestAbandonedFolders demands that folders whose name only looks like ours are somebody else's.
func TestAbandonedFolders(t *testing.T) {
	for _, name := range []string{"strata-shop-1", "strata--1", "strata-0-1", "strata-99999999999999999999-1", "other"} {
		temp := t.TempDir()
		require.NoError(t, os.Mkdir(filepath.Join(temp, name), 0o700))
		require.Empty(t, warehouse.Abandoned(temp), name)
	}
}

// TestTables describes what is there.
func TestTables(t *testing.T) {
	db := open(t, warehouse.Config{Warehouse: shop(t, `CREATE VIEW crm.big AS SELECT * FROM crm.orders WHERE amount > 1`)})
	tables, err := db.Tables(t.Context())
	require.NoError(t, err)
	require.Len(t, tables, 4)
	require.Equal(t, warehouse.Table{Schema: "crm", Name: "orders", Rows: 2, Columns: []warehouse.Column{
		{Name: "order_id", Type: "BIGINT", Nullable: true},
		{Name: "customer_id", Type: "BIGINT", Nullable: true},
		{Name: "amount", Type: "DECIMAL(18,2)", Nullable: true},
		{Name: "paid_at", Type: "TIMESTAMP WITH TIME ZONE", Nullable: true},
	}}, tables[1])
	require.Equal(t, "big", tables[0].Name)
	require.True(t, tables[0].View)
	require.EqualValues(t, -1, tables[0].Rows)
	require.Equal(t, "customers", tables[2].Name)
	require.False(t, tables[2].Columns[0].Nullable)
	require.Equal(t, `"crm"."orders"`, db.Relation("crm", "orders"))
}

// TestBoundIsPrinted runs each value as a bound statement and as a printed one and wants the same back: what people see
// is what ran.
func TestBoundIsPrinted(t *testing.T) {
	db := open(t, warehouse.Config{})
	same := func(t require.TestingT, v any, want any) {
		printed, err := dialect.Render(`SELECT ? AS a`, []any{v})
		require.NoError(t, err)
		var bound, shown any
		require.NoError(t, db.Row(context.Background(), []any{&bound}, `SELECT ? AS a`, v))
		require.NoError(t, db.Row(context.Background(), []any{&shown}, printed))
		require.Equal(t, want, warehouse.Plain(bound))
		require.Equal(t, want, warehouse.Plain(shown))
	}
	same(t, nil, nil)
	same(t, true, true)
	same(t, int64(math.MaxInt64), int64(math.MaxInt64))
	same(t, math.SmallestNonzeroFloat64, math.SmallestNonzeroFloat64)
	same(t, math.Inf(-1), math.Inf(-1))
	same(t, dialect.Decimal("5000.00"), dialect.Decimal("5000.00"))
	same(t, dialect.Decimal("-0.07"), dialect.Decimal("-0.07"))
	same(t, []string{"a", "b"}, []any{"a", "b"})
	moment := time.Date(2026, 3, 29, 1, 59, 59, 123456000, time.UTC)
	same(t, moment, moment)
	same(t, dialect.Date{Year: 2026, Month: 1, Day: 2}, time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC))
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		same(t, s, s)
		f := rapid.Float64().Draw(t, "float")
		same(t, f, f)
		micros := rapid.Int64Range(-6e16, 2e17).Draw(t, "micros")
		same(t, time.UnixMicro(micros), time.UnixMicro(micros).UTC())
	})
}

// TestTimeAgainstDate shows why times are written into the text: bound to a DATE column they would lose their hours.
func TestTimeAgainstDate(t *testing.T) {
	db := open(t, warehouse.Config{})
	_, err := db.Exec(t.Context(), `CREATE TABLE t AS SELECT DATE '2026-01-02' AS d, TIMESTAMP '2026-01-02 00:00:00' AS local`)
	require.NoError(t, err)
	noon := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	require.EqualValues(t, 1, one(t, db, `SELECT count(*) FROM t WHERE d < ?`, noon))
	require.EqualValues(t, 1, one(t, db, `SELECT count(*) FROM t WHERE local < ?`, dialect.LocalTimestamp(noon)))
	require.EqualValues(t, 1, one(t, db, `SELECT count(*) FROM t WHERE d = ?`, dialect.Date{Year: 2026, Month: 1, Day: 2}))
}

func TestManyAtOnce(t *testing.T) {
	db := open(t, warehouse.Config{Warehouse: shop(t)})
	var wg sync.WaitGroup
	errs := make([]error, 40)
	for i := range errs {
		wg.Go(func() {
			var n int64
			errs[i] = db.Row(t.Context(), []any{&n}, `SELECT count(*) FROM customers WHERE customer_id < ?`, i)
		})
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
}

// TestPlaceholderOrder binds where DuckDB itself would number bare question marks from right to left.
func TestPlaceholderOrder(t *testing.T) {
	db := open(t, warehouse.Config{})
	require.Equal(t, "2026-01-02 01:00:00", warehouse.Text(one(t, db,
		`SELECT CAST(CAST(? AS TIMESTAMPTZ) AT TIME ZONE ? AS VARCHAR)`, "2026-01-02 00:00:00+00", "Europe/Berlin")))
}

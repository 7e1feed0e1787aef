package warehouse_test

import (
	"context"
	"math/big"
	"testing"
	"time"

	"strata/sql/dialect"
	"strata/sql/warehouse"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestPlain(t *testing.T) {
	db := open(t, warehouse.Config{})
	huge, _ := new(big.Int).SetString("170141183460469231731687303715884105727", 10)
	moment := time.Date(2026, 1, 2, 3, 4, 5, 600000000, time.UTC)
	for _, c := range []struct {
		expression string
		plain      any
		text       string
	}{
		{`NULL`, nil, ""},
		{`true`, true, "true"},
		{`1::TINYINT`, int64(1), "1"},
		{`255::UTINYINT`, uint64(255), "255"},
		{`-5::BIGINT`, int64(-5), "-5"},
		{`18446744073709551615::UBIGINT`, uint64(18446744073709551615), "18446744073709551615"},
		{`170141183460469231731687303715884105727::HUGEINT`, huge, "170141183460469231731687303715884105727"},
		{`5000.00::DECIMAL(18,2)`, dialect.Decimal("5000.00"), "5000.00"},
		{`-0.05::DECIMAL(38,4)`, dialect.Decimal("-0.0500"), "-0.0500"},
		{`0::DECIMAL(9,3)`, dialect.Decimal("0.000"), "0.000"},
		{`7::DECIMAL(9,0)`, dialect.Decimal("7"), "7"},
		{`0.1::DOUBLE`, 0.1, "0.1"},
		{`0.5::FLOAT`, 0.5, "0.5"},
		{`'größe'`, "größe", "größe"},
		{`'sad'::ENUM('sad', 'ok')`, "sad", "sad"},
		{`'01234567-89ab-cdef-0123-456789abcdef'::UUID`, "01234567-89ab-cdef-0123-456789abcdef", "01234567-89ab-cdef-0123-456789abcdef"},
		{`'\xAA'::BLOB`, `\xaa`, `\xaa`},
		{`TIMESTAMPTZ '2026-01-02 05:04:05.6+02'`, moment, "2026-01-02 03:04:05.6+00"},
		{`TIMESTAMP '2026-01-02 03:04:05.6'`, dialect.LocalTimestamp(moment), "2026-01-02 03:04:05.6"},
		{`DATE '2026-01-02'`, dialect.Date{Year: 2026, Month: 1, Day: 2}, "2026-01-02"},
		{`TIME '03:04:05'`, "03:04:05", "03:04:05"},
		{`INTERVAL '1 month 2 days 3 seconds'`, "1 months 2 days 3s", "1 months 2 days 3s"},
		{`INTERVAL '-90 minutes'`, "-5400s", "-5400s"},
		{`INTERVAL '-15 microseconds'`, "-0.000015s", "-0.000015s"},
		{`INTERVAL '0 seconds'`, "0s", "0s"},
		{`[1, NULL, 3]`, []any{int64(1), nil, int64(3)}, "[1,null,3]"},
		{`{'a': 1.50, 'b': 'x'}`, map[string]any{"a": dialect.Decimal("1.50"), "b": "x"}, `{"a":"1.50","b":"x"}`},
		{`MAP {'k': 1}`, map[string]any{"k": int64(1)}, `{"k":1}`},
		{`'1'::UNION(n INTEGER, s VARCHAR)`, "1", "1"},
		{`['NaN'::DOUBLE]`, nil, "[NaN]"},
	} {
		got := plainOne(t, db, `SELECT `+c.expression)
		if c.plain != nil {
			require.Equal(t, c.plain, got, c.expression)
		}
		require.Equal(t, c.text, warehouse.Text(got), c.expression)
	}
	require.Equal(t, "0", string(warehouse.Plain(dialect.Decimal("0")).(dialect.Decimal)))
}

// plainOne returns the first value of a query as PlainRow reads it.
func plainOne(t *testing.T, db *warehouse.DB, query string) any {
	t.Helper()
	rows, err := db.Query(t.Context(), query)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	require.True(t, rows.Next())
	got, err := warehouse.PlainRow(rows)
	require.NoError(t, err)
	require.NoError(t, rows.Err())
	return got[0]
}

// TestIntervalTextIsReadBack gives the text of any interval back to DuckDB, which must read the same one.
func TestIntervalTextIsReadBack(t *testing.T) {
	db := open(t, warehouse.Config{})
	rapid.Check(t, func(t *rapid.T) {
		want := duckdb.Interval{
			Months: rapid.Int32().Draw(t, "months"),
			Days:   rapid.Int32().Draw(t, "days"),
			Micros: rapid.OneOf(rapid.Int64(), rapid.Int64Range(-2e6, 2e6)).Draw(t, "micros"),
		}
		var got duckdb.Interval
		text := warehouse.Text(want)
		require.NoError(t, db.Row(context.Background(), []any{&got}, `SELECT CAST(? AS INTERVAL)`, text), text)
		require.Equal(t, want, got, text)
	})
}

// TestUUIDScans reads a UUID column into a string, as keys are read.
func TestUUIDScans(t *testing.T) {
	db := open(t, warehouse.Config{})
	var key string
	require.NoError(t, db.Row(t.Context(), []any{&key}, `SELECT 'FFFFFFFF-89ab-cdef-0123-456789abcdef'::UUID`))
	require.Equal(t, "ffffffff-89ab-cdef-0123-456789abcdef", key)
}

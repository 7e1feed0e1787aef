package warehouse_test

import (
	"context"
	"math"
	"math/big"
	"testing"
	"time"

	"strata/sql/dialect"
	"strata/sql/warehouse"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestLiteralsHaveTypes asks DuckDB for the type of each literal: a comparison computes with it, and a DECIMAL that became
// a DOUBLE would compute something else.
func TestLiteralsHaveTypes(t *testing.T) {
	db := open(t, warehouse.Config{})
	for _, c := range []struct {
		value any
		want  string
	}{
		{nil, `"NULL"`},
		{true, "BOOLEAN"},
		{1, "INTEGER"},
		{int64(math.MaxInt32) + 1, "BIGINT"},
		{uint64(math.MaxUint64), "HUGEINT"},
		{new(big.Int).Lsh(big.NewInt(1), 100), "HUGEINT"},
		{1.0, "DOUBLE"},
		{0.1, "DOUBLE"},
		{math.MaxFloat64, "DOUBLE"},
		{math.NaN(), "DOUBLE"},
		{math.Inf(1), "DOUBLE"},
		{dialect.Decimal("5000"), "DECIMAL(4,0)"},
		{dialect.Decimal("-100."), "DECIMAL(3,0)"},
		{dialect.Decimal("5000.00"), "DECIMAL(6,2)"},
		{dialect.Decimal("-.05"), "DECIMAL(2,2)"},
		{dialect.Decimal("12345678901234567890123456789012345.678"), "DECIMAL(38,3)"},
		{"", "VARCHAR"},
		{"2026-01-02", "VARCHAR"},
		{"a\nb", "VARCHAR"},
		{dialect.Date{Year: 2026, Month: 1, Day: 2}, "DATE"},
		{dialect.LocalTimestamp(asOf), "TIMESTAMP"},
		{asOf, "TIMESTAMP WITH TIME ZONE"},
		{[]string{"a"}, "VARCHAR[]"},
		{[]int64{1, 2}, "INTEGER[]"},
		{[]dialect.Decimal{"1.5", "10.25"}, "DECIMAL(4,2)[]"},
		{[]time.Time{asOf}, "TIMESTAMP WITH TIME ZONE[]"},
	} {
		printed, err := dialect.Render(`SELECT typeof(?)`, []any{c.value})
		require.NoError(t, err)
		require.Equal(t, c.want, one(t, db, printed), printed)
	}
}

// TestDecimalsStayExact puts the digits of any number that fits into a statement and wants the same ones back.
func TestDecimalsStayExact(t *testing.T) {
	db := open(t, warehouse.Config{})
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?([1-9][0-9]{0,18}|0)(\.[0-9]{1,18})?`).Draw(t, "number")
		want, ok := new(big.Rat).SetString(text)
		require.True(t, ok)
		var v any
		require.NoError(t, db.Row(context.Background(), []any{&v}, `SELECT ? AS a`, dialect.Decimal(text)))
		shown := warehouse.Text(v)
		got, ok := new(big.Rat).SetString(shown)
		require.True(t, ok, shown)
		require.Zero(t, want.Cmp(got), "%s became %s", text, shown)
		if want.Sign() != 0 {
			require.Equal(t, text, shown)
		}
	})
}

// TestStatementsKeepTheirPlaceholders composes statements of quoted texts, names and comments, in which a ? means nothing,
// and values, and runs them: had one ? too many or too few been filled, a value would come back in another place.
func TestStatementsKeepTheirPlaceholders(t *testing.T) {
	db := open(t, warehouse.Config{})
	body := rapid.StringOf(rapid.SampledFrom([]rune("ab ?-;é$")))
	rapid.Check(t, func(t *rapid.T) {
		query, want, args := `SELECT [''`, []any{""}, []any{}
		for range rapid.IntRange(0, 6).Draw(t, "pieces") {
			s := body.Draw(t, "body")
			switch rapid.IntRange(0, 5).Draw(t, "kind") {
			case 0:
				query, want = query+`, '`+s+`'`, append(want, s)
			case 1:
				query, want = query+`, E'`+s+`\'?'`, append(want, s+`'?`)
			case 2:
				query, want = query+`, $q$`+s+`$q$`, append(want, s)
			case 3:
				query += ` /* ` + s + ` /* ? */ */ `
			case 4:
				query += ` -- ` + s + "\n"
			default:
				query, want, args = query+`,?`, append(want, s), append(args, s)
			}
		}
		query += `] AS "?"`
		printed, err := dialect.Render(query, args)
		require.NoError(t, err)
		var bound, shown any
		require.NoError(t, db.Row(context.Background(), []any{&bound}, query, args...), query)
		require.NoError(t, db.Row(context.Background(), []any{&shown}, printed), printed)
		require.Equal(t, want, bound, query)
		require.Equal(t, want, shown, printed)
	})
}

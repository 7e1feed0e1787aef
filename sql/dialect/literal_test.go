package dialect_test

import (
	"math"
	"math/big"
	"strings"
	"testing"
	"time"
	"unicode"

	"strata/sql/dialect"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestLiteral(t *testing.T) {
	berlin := time.FixedZone("CEST", 2*60*60)
	type status string
	huge, _ := new(big.Int).SetString("170141183460469231731687303715884105727", 10)
	for _, c := range []struct {
		value any
		want  string
	}{
		{nil, "NULL"},
		{true, "true"},
		{false, "false"},
		{5, "5"},
		{int8(-5), "-5"},
		{int64(math.MinInt64), "-9223372036854775808"},
		{uint64(math.MaxUint64), "18446744073709551615"},
		{big.NewInt(7), "7"},
		{(*big.Int)(nil), "NULL"},
		{huge, "170141183460469231731687303715884105727"},
		{0.5, "0.5e0"},
		{-2.0, "-2e0"},
		{1e300, "1e+300"},
		{math.NaN(), "'NaN'::DOUBLE"},
		{math.Inf(1), "'Infinity'::DOUBLE"},
		{math.Inf(-1), "'-Infinity'::DOUBLE"},
		{"", "''"},
		{"o'hara", "'o''hara'"},
		{`a\b`, `'a\b'`},
		{"a\nb", "('a' || chr(10) || 'b')"},
		{"\x1b[31m", "(chr(27) || '[31m')"},
		{"\n", "chr(10)"},
		{"abc\u202etxt", "('abc' || chr(8238) || 'txt')"},
		{"größe 👍", "'größe 👍'"},
		{status("paid"), "'paid'"},
		{dialect.Decimal("5000.00"), "5000.00"},
		{dialect.Decimal("-0.5"), "-0.5"},
		{dialect.Decimal("7"), "CAST(7 AS DECIMAL(1,0))"},
		{dialect.Decimal("-100."), "CAST(-100 AS DECIMAL(3,0))"},
		{dialect.Date{Year: 2026, Month: 1, Day: 2}, "DATE '2026-01-02'"},
		{time.Date(2026, 1, 2, 5, 4, 5, 123456789, berlin), "TIMESTAMPTZ '2026-01-02 03:04:05.123456+00'"},
		{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), "TIMESTAMPTZ '2026-01-02 03:04:05+00'"},
		{dialect.LocalTimestamp(time.Date(2026, 1, 2, 3, 4, 5, 0, berlin)), "TIMESTAMP '2026-01-02 03:04:05'"},
		{[]string{"a", "o'b"}, "['a', 'o''b']"},
		{[]any{1, nil, dialect.Decimal("1.5")}, "[1, NULL, 1.5]"},
		{[]int64{}, "[]"},
		{[][]int{{1}, {2, 3}}, "[[1], [2, 3]]"},
	} {
		got, err := dialect.Literal(c.value)
		require.NoError(t, err)
		require.Equal(t, c.want, got)
	}
}

func TestLiteralRefuses(t *testing.T) {
	for _, value := range []any{
		"\xff",
		struct{}{},
		map[string]int{},
		[]byte("x"), make(chan int),
		dialect.Decimal(""), dialect.Decimal("1e5"), dialect.Decimal("."), dialect.Decimal("1,5"), dialect.Decimal("--1"),
		dialect.Decimal("1; DROP TABLE x"), dialect.Decimal(strings.Repeat("9", 39)),
		dialect.Date{Year: 2026, Month: 2, Day: 29},
		dialect.Date{},
		dialect.Date{Year: 12026, Month: 1, Day: 1},
		time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC),
		[]any{struct{}{}},
		new(big.Int).Lsh(big.NewInt(1), 127),
	} {
		_, err := dialect.Literal(value)
		require.ErrorContains(t, err, "write literal", "%v", value)
	}
}

func TestValueText(t *testing.T) {
	require.Equal(t, "0987-03-04", dialect.Date{Year: 987, Month: 3, Day: 4}.String())
	require.Equal(t, "2026-01-02 03:04:05.5", dialect.LocalTimestamp(time.Date(2026, 1, 2, 3, 4, 5, 5e8, time.UTC)).String())
}

// TestTextIsInert shows that no text can end its own quotes or move a terminal's cursor.
func TestTextIsInert(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune("'\"\\?-/*$;\n\t\x00")))).Draw(t, "value")
		got, err := dialect.Literal(value)
		require.NoError(t, err)
		require.Zero(t, strings.Count(got, "'")%2)
		require.NotContains(t, got, "\x1b")
		require.Equal(t, -1, strings.IndexFunc(got, unicode.IsControl))
		// Neither is a placeholder left over: a rendered statement has none.
		again, err := dialect.Render("SELECT "+got, nil)
		require.NoError(t, err)
		require.Equal(t, "SELECT "+got, again)
	})
}

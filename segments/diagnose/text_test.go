package diagnose

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/sql/warehouse"
)

func TestNumbersForPeople(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 12: "12", 999: "999", 1000: "1,000", -1000: "-1,000", 1234567: "1,234,567", -999: "-999"} {
		require.Equal(t, want, number(n))
	}
	require.Equal(t, "-9,223,372,036,854,775,808", number(math.MinInt64))
	require.Equal(t, "1 row", some(1, "row"))
	require.Equal(t, "0 rows", some(0, "row"))
	require.Equal(t, "2,000 rows", some(2000, "row"))
}

// Commas change nothing but how a number looks.
func TestNumbersReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64().Draw(t, "n")
		back, err := strconv.ParseInt(strings.ReplaceAll(number(n), ",", ""), 10, 64)
		require.NoError(t, err)
		require.Equal(t, n, back)
	})
}

func TestShares(t *testing.T) {
	for _, test := range []struct {
		part, whole int64
		want        string
	}{
		{0, 0, "0%"},
		{0, 10, "0%"},
		{10, 10, "100%"},
		{1, 2, "50%"},
		{1, 3, "33.33%"},
		{1, 10, "10%"},
		{1, 40, "2.5%"},
		{1, 1000000, "less than 0.01%"},
		{999999, 1000000, "more than 99.99%"},
		{125, 113173, "0.11%"},
	} {
		require.Equal(t, test.want, share(test.part, test.whole), "%d of %d", test.part, test.whole)
	}
	require.Equal(t, "125 of 113,173 (0.11%)", tally(125, 113173))
}

// Something is never written as nothing, nor a part as everything.
func TestSharesAreHonest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.Int64Range(1, 1<<40).Draw(t, "whole")
		part := rapid.Int64Range(0, whole).Draw(t, "part")
		require.Equal(t, part == 0, share(part, whole) == "0%")
		require.Equal(t, part == whole, share(part, whole) == "100%")
	})
}

func TestSizes(t *testing.T) {
	for bytes, want := range map[int64]string{0: "0 bytes", 1: "1 byte", 999: "999 bytes", 1000: "1.0 kB", 999949: "999.9 kB", 999950: "1.0 MB", 56635392: "56.6 MB", 5e15: "5000.0 TB"} {
		require.Equal(t, want, size(bytes))
	}
}

func TestSpans(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 seconds", 59 * time.Second: "59 seconds", time.Minute: "1 minute", 59 * time.Minute: "59 minutes",
		time.Hour: "1 hour", 47 * time.Hour: "47 hours", 48 * time.Hour: "2 days", 1000 * time.Hour: "41 days",
	} {
		require.Equal(t, want, span(d))
	}
	now := time.Date(2026, 1, 20, 12, 0, 0, 0, time.UTC)
	require.Equal(t, "3 hours ago", ago(now.Add(-3*time.Hour), now))
	require.Equal(t, "2 days ahead", ago(now.Add(48*time.Hour), now))
}

func TestEnumerations(t *testing.T) {
	var names []string
	for i := range 10 {
		names = append(names, strconv.Itoa(i))
	}
	require.Equal(t, "0, 1", enumerated(names[:2]))
	require.Equal(t, "0, 1, 2, 3, 4, 5, 6, 7 and 2 more", enumerated(names))
	require.Empty(t, enumerated(nil))
}

// The hint of the database's errors does not stand in the detail as well.
func TestExplanations(t *testing.T) {
	cause := &warehouse.Error{Message: "there is no shop.duckdb", Hint: "did you mean shop2.duckdb?"}
	message, hint := explained(fmt.Errorf("open: %w", cause))
	require.Equal(t, "open: there is no shop.duckdb", message)
	require.Equal(t, "did you mean shop2.duckdb?", hint)
	message, hint = explained(errors.New("something else"))
	require.Equal(t, "something else", message)
	require.Empty(t, hint)
}

func TestNamesOfStreams(t *testing.T) {
	for kind, want := range map[string]string{"view": "view", "App Open": "app_open", "2nd view": "nd_view", "Ärger": "rger", "日本": "other", "": "other", "_x": "x"} {
		require.Equal(t, want, asName(kind), kind)
	}
}

func TestWorst(t *testing.T) {
	require.Equal(t, OK, Worst(nil))
	require.Equal(t, Warning, Worst([]Finding{{Status: Note}, {Status: Warning}, {Status: OK}}))
	require.Equal(t, Error, Worst([]Finding{{Status: Error}, {Status: Warning}}))
}

func TestTypesAreComparedByMeaning(t *testing.T) {
	for _, same := range [][2]string{
		{"TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE"},
		{"text", "VARCHAR"},
		{"int", "INTEGER"},
		{"DECIMAL(12, 2)", "decimal(12,2)"},
		{"NUMERIC(12,2)", "DECIMAL(12,2)"},
		{"DECIMAL", "DECIMAL(18,3)"},
		{"VARCHAR[]", "text []"},
		{"ENUM('a','b')", "enum('a', 'b')"},
		{`STRUCT(brand VARCHAR, size VARCHAR)`, `STRUCT("brand" TEXT, "size" TEXT)`},
		{"STRUCT(a INT)[]", "STRUCT(a INTEGER)[]"},
	} {
		require.True(t, sameType(same[0], same[1]), same)
		require.True(t, sameType(same[1], same[0]), same)
	}
	for _, other := range [][2]string{
		{"TIMESTAMP", "TIMESTAMPTZ"},
		{"DATE", "TIMESTAMP"},
		{"BIGINT", "INTEGER"},
		{"DECIMAL(12,2)", "DECIMAL(12,3)"},
		{"VARCHAR", "VARCHAR[]"},
		{"STRUCT(a INT)", "STRUCT(b INT)"},
		{"STRUCT(a INT)", "STRUCT(a INT, b INT)"},
		{"STRUCT(a INT)", "VARCHAR"},
		{"ENUM('a')", "ENUM('A')"},
	} {
		require.False(t, sameType(other[0], other[1]), other)
		require.False(t, sameType(other[1], other[0]), other)
	}
}

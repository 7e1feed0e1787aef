package dialect_test

import (
	"strings"
	"testing"
	"time"

	"strata/sql/dialect"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestRender(t *testing.T) {
	for _, c := range []struct {
		sql  string
		args []any
		want string
	}{
		{"SELECT 1", nil, "SELECT 1"},
		{"SELECT ?", []any{5}, "SELECT 5"},
		{"x -?", []any{-5}, "x -(-5)"},
		{"x = ? AND y = ?", []any{"a?b", 2}, "x = 'a?b' AND y = 2"},
		{"LIMIT?OFFSET?", []any{1, 2}, "LIMIT 1 OFFSET 2"},
		{"SELECT '?', ?", []any{1}, "SELECT '?', 1"},
		{"SELECT 'it''s ?', ?", []any{1}, "SELECT 'it''s ?', 1"},
		{`SELECT "?""?", ?`, []any{1}, `SELECT "?""?", 1`},
		{`SELECT E'\'?', ?`, []any{1}, `SELECT E'\'?', 1`},
		{`SELECT e'a''?\\', ?`, []any{1}, `SELECT e'a''?\\', 1`},
		{`SELECT date'?', ?`, []any{1}, `SELECT date'?', 1`},
		{`SELECT '\', ?`, []any{1}, `SELECT '\', 1`},
		{"SELECT $$?'$$, ?", []any{1}, "SELECT $$?'$$, 1"},
		{"SELECT $a$ $$ ? $a$, ?", []any{1}, "SELECT $a$ $$ ? $a$, 1"},
		{"SELECT $as_of, ?", []any{1}, "SELECT $as_of, 1"},
		{"SELECT a$b$, ?", []any{1}, "SELECT a$b$, 1"},
		{"SELECT 1 -- ?\n, ?", []any{1}, "SELECT 1 -- ?\n, 1"},
		{"SELECT 1 -- ?", nil, "SELECT 1 -- ?"},
		{"SELECT /* ? /* ? */ ? */ ?", []any{1}, "SELECT /* ? /* ? */ ? */ 1"},
		{"SELECT 5 / ? * ?", []any{1, 2}, "SELECT 5 / 1 * 2"},
		{"SELECT '?", nil, "SELECT '?"},
		{"SELECT /* ?", nil, "SELECT /* ?"},
		{"SELECT größe?", []any{1}, "SELECT größe 1"},
	} {
		got, err := dialect.Render(c.sql, c.args)
		require.NoError(t, err, c.sql)
		require.Equal(t, c.want, got)
	}
}

func TestRenderErrors(t *testing.T) {
	_, err := dialect.Render("SELECT ?", nil)
	require.ErrorContains(t, err, "1 placeholders for 0 values")
	_, err = dialect.Render("SELECT '?'", []any{1})
	require.ErrorContains(t, err, "0 placeholders for 1 values")
	_, err = dialect.Render("SELECT ?, ?", []any{1, struct{}{}})
	require.ErrorContains(t, err, "value 2")
}

func TestBind(t *testing.T) {
	noon := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	text, rest, err := dialect.Bind("SELECT ?, ?, ?, ?, ?, ?",
		[]any{1, dialect.Decimal("1.50"), "x", noon, []int{1, 2}, nil})
	require.NoError(t, err)
	require.Equal(t, "SELECT $1, 1.50, $2, TIMESTAMPTZ '2026-01-02 12:00:00+00', [1, 2], $3", text)
	require.Equal(t, []any{1, "x", nil}, rest)
	_, rest, err = dialect.Bind("SELECT ?", []any{[]byte("blob")})
	require.NoError(t, err)
	require.Equal(t, []any{[]byte("blob")}, rest)
}

// inert is a stretch of SQL in which a ? is no placeholder.
func inert() *rapid.Generator[string] {
	body := rapid.StringOf(rapid.SampledFrom([]rune("ab ?-\n;é")))
	return rapid.Custom(func(t *rapid.T) string {
		s := body.Draw(t, "body")
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			return "'" + s + "'"
		case 1:
			return `"` + s + `"`
		case 2:
			return "/*" + s + "*/"
		case 3:
			return "--" + strings.ReplaceAll(s, "\n", "") + "\n"
		default:
			return "$q$" + s + "$q$"
		}
	})
}

// TestRenderFindsPlaceholders composes statements whose placeholders are known.
func TestRenderFindsPlaceholders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var sql, want, numbered strings.Builder
		var args []any
		for i, piece := range rapid.SliceOfN(inert(), 0, 8).Draw(t, "pieces") {
			sql.WriteString(piece + " ? ")
			want.WriteString(piece + " " + string(rune('0'+i)) + " ")
			numbered.WriteString(piece + " $" + string(rune('1'+i)) + " ")
			args = append(args, i)
		}
		got, err := dialect.Render(sql.String(), args)
		require.NoError(t, err)
		require.Equal(t, want.String(), got)
		bound, rest, err := dialect.Bind(sql.String(), args)
		require.NoError(t, err)
		require.Equal(t, numbered.String(), bound)
		require.Len(t, rest, len(args))
	})
}

// FuzzRender demands that no text makes it panic, and that what it did not touch is unchanged.
func FuzzRender(f *testing.F) {
	f.Add("SELECT ?, '?' -- ?")
	f.Add("$a$ $b$ E'\\")
	f.Fuzz(func(t *testing.T, sql string) {
		if out, err := dialect.Render(sql, nil); err == nil {
			require.Equal(t, sql, out)
		}
	})
}

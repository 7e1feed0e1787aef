package dialect_test

import (
	"strings"
	"testing"

	"strata/sql/dialect"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// params returns the parameters that a statement names, as they stand there.
func params(sql string) string {
	var found []string
	for _, at := range dialect.Params(sql) {
		found = append(found, sql[at.From:at.To])
	}
	return strings.Join(found, " ")
}

func TestParams(t *testing.T) {
	for sql, want := range map[string]string{
		"":                                    "",
		"SELECT $a, $b_2":                     "$a $b_2",
		"SELECT x<$as_of AND y=$as_of":        "$as_of $as_of",
		"SELECT $a::BIGINT, $a":               "$a $a",
		"SELECT '$no', 'it''s $no', $a":       "$a",
		`SELECT "$no""$no", $a`:               "$a",
		`SELECT E'\'$no', $a`:                 "$a",
		"SELECT 1 -- $no\n, $a":               "$a",
		"SELECT 1 /* $no /* $no */ $no */,$a": "$a",
		"SELECT $$ $no $$, $t$ $no $t$, $a":   "$a",
		"SELECT $1, $ x, $":                   "",
		"SELECT price$no, $a":                 "$a",
		"SELECT $größe":                       "$größe",
		"SELECT 'never closed $no":            "",
	} {
		require.Equal(t, want, params(sql), sql)
	}
}

// TestParamsAreFound composes statements whose parameters are known.
func TestParamsAreFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var sql strings.Builder
		var want []string
		for _, piece := range rapid.SliceOfN(inert(), 0, 8).Draw(t, "pieces") {
			name := rapid.StringMatching(`\$[a-z_][a-z0-9_]{0,5}`).Draw(t, "name")
			sql.WriteString(piece + " " + name + " ")
			want = append(want, name)
		}
		require.Equal(t, strings.Join(want, " "), params(sql.String()))
	})
}

// FuzzParams demands ranges that are names, in order and apart.
func FuzzParams(f *testing.F) {
	f.Add("SELECT $a, '$b' -- $c")
	f.Add("$a$ $b$ E'\\")
	f.Fuzz(func(t *testing.T, sql string) {
		end := 0
		for _, at := range dialect.Params(sql) {
			require.GreaterOrEqual(t, at.From, end)
			require.Greater(t, at.To, at.From+1)
			require.LessOrEqual(t, at.To, len(sql))
			require.Equal(t, byte('$'), sql[at.From])
			end = at.To
		}
	})
}

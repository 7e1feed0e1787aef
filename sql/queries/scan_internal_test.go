package queries

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParametersOutsideOfQuotesAndComments(t *testing.T) {
	for text, want := range map[string]string{
		"SELECT $a, $b_2":                "$a $b_2",
		"SELECT '$a', $b":                "$b",
		"SELECT 'it''s $a', $b":          "$b",
		`SELECT "$a""$b", $c`:            "$c",
		"SELECT 1 -- $a\n, $b":           "$b",
		"SELECT 1 /* $a */ + $b":         "$b",
		"SELECT $1, $ x, $":              "",
		"SELECT $a::BIGINT, $a":          "$a $a",
		"SELECT 'never closed $a":        "",
		"SELECT /* never closed $a":      "",
		"SELECT $b -- and to the end $a": "$b",
	} {
		var found []string
		for _, p := range parameters(text) {
			found = append(found, text[p.from:p.to])
		}
		require.Equal(t, want, strings.Join(found, " "), text)
	}
}

func FuzzParameters(f *testing.F) {
	for _, name := range Names() {
		f.Add(Text(name))
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, p := range parameters(text) {
			require.GreaterOrEqual(t, p.from, end)
			require.Greater(t, p.to, p.from+1)
			require.LessOrEqual(t, p.to, len(text))
			require.Equal(t, byte('$'), text[p.from])
			end = p.to
		}
	})
}

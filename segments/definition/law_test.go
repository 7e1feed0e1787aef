package definition

import (
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestOffsets counts lines and columns the slow way, in any order of asking.
func TestOffsets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "ü", "😀", "\n", "\r\n", "\r", "\u0085", "\u2028", " "}), 0, 40).Draw(t, "parts")
		text := strings.Join(parts, "")
		lines := newYAMLLines(text)
		for range 10 {
			at := rapid.IntRange(0, len(parts)).Draw(t, "at")
			line, column := 1, 1
			offset := 0
			for i := range at {
				offset += len(parts[i])
				column++
				if width, _ := breakAt(text, offset-len(parts[i])); width == len(parts[i]) && parts[i] != " " {
					// A carriage return before a line feed is half a break.
					if parts[i] == "\r" && i+1 < len(parts) && parts[i+1] == "\n" {
						continue
					}
					line, column = line+1, 1
				} else if width == 2 && parts[i] == "\n" {
					line, column = line+1, 1
				}
			}
			if inBreak(text, offset) {
				continue
			}
			require.Equal(t, offset, lines.offset(line, column), "%q %d:%d", text, line, column)
		}
	})
	lines := newYAMLLines("a\nb")
	require.Equal(t, 0, lines.offset(0, 5))
	require.Equal(t, 3, lines.offset(9, 1))
	require.Equal(t, 3, lines.offset(2, 99))
}

// inBreak reports an offset between the two characters of one line break.
func inBreak(text string, at int) bool {
	return at > 0 && at < len(text) && text[at-1] == '\r' && text[at] == '\n'
}

// TestStyled demands of any text that the style it is written in reads back
// as the text.
func TestStyled(t *testing.T) {
	words := rapid.SampledFrom([]string{
		"a", "'", "''", `"`, `\`, " ", ": ", " #", "#", ",", "[", "]", "{", "}", ">", ">=", "|", "*", "&", "%", "@", "!", "-", "- ", "?", "? ",
		":", "ä", "\t", "\n", "\r", "\u0085", "\u2028", "\ufeff", "😀", "null", "~", "<<", "=", "---", "...", "\x00", "\x7f",
	})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(words, 0, 8).Draw(t, "words"), "")
		for _, c := range []struct {
			before, after string
			flow          bool
		}{{"k: ", "\n", false}, {"- ", "\n", false}, {"k: [", "]", true}, {"k: {a: ", ", b: c}", true}, {"- - k: ", "", false}} {
			n := firstScalar(t, c.before+styled(text, c.flow)+c.after)
			require.Equal(t, text, n.scalar.Value)
			require.False(t, n.scalar.Null)
		}
	})
}

// spelled is a rule around its one mistake, the operator ==.
type spelled struct{ before, after string }

// TestRuleSpans writes a rule with a wrong operator in every style and demands
// that the report underlines exactly that operator.
func TestRuleSpans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"x = 'it''s' and ", "name = 'Käse' or ", "not (a > 1) and ", "count(order where b = '\"') last 3 days > 1 and "})
		rule := spelled{before: strings.Join(rapid.SliceOfN(word, 0, 3).Draw(t, "words"), "") + "z ", after: " 1"}
		style := rapid.SampledFrom([]func(spelled) string{
			func(s spelled) string { return s.before + "==" + s.after },
			func(s spelled) string { return "'" + strings.ReplaceAll(s.before, "'", "''") + "==" + s.after + "'" },
			func(s spelled) string { return `"` + strings.ReplaceAll(s.before, `"`, `\"`) + "==" + s.after + `"` },
			func(s spelled) string {
				return `"` + strings.ReplaceAll(s.before, `"`, `\x22`) + "\\\n       ==\n      " + s.after + `"`
			},
			func(s spelled) string { return "|\n      " + s.before + "\n      ==" + s.after },
			func(s spelled) string {
				return ">-\n\n      " + strings.ReplaceAll(s.before, "and ", "and\n      ") + "==" + s.after
			},
			func(s spelled) string {
				return strings.ReplaceAll(s.before, "and ", "and\n       ") + "\n      ==" + s.after
			},
		}).Draw(t, "style")
		text := "segments:\n  a:\n    where: " + style(rule) + "\n"
		if rapid.Bool().Draw(t, "windows") {
			text = strings.ReplaceAll(text, "\n", "\r\n")
		}
		_, list := Load(fstest.MapFS{
			"strata.yaml":     {Data: []byte("warehouse: w\ntimezone: UTC\nsources: {customers: {table: c, key: id}}\n")},
			"segments/a.yaml": {Data: []byte(text)},
		}, "")
		require.Len(t, list, 1, "%s", text)
		require.Equal(t, "==", list[0].Span.Text())
		require.Equal(t, strings.Index(text, "=="), list[0].Span.Start)
		place := list[0].Span.File.Position(list[0].Span.Start)
		line := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")[place.Line-1]
		before, _, found := strings.Cut(line, "==")
		require.True(t, found, "%s", line)
		require.Equal(t, utf8.RuneCountInString(before)+1, place.Column)
	})
}

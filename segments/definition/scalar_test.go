package definition

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/source"
)

// TestScalarSpans demands for a token of a decoded value the exact characters
// that wrote it.
func TestScalarSpans(t *testing.T) {
	cases := []struct {
		name, yaml, value, token, want string
	}{
		{"plain", "k: a = 1", "a = 1", "=", "="},
		{"plain behind other letters", "k: straße = 'Köln'", "straße = 'Köln'", "'Köln'", "'Köln'"},
		{"plain over lines", "k: a and\n   b", "a and b", "and b", "and\n   b"},
		{"plain over a blank line", "k: a\n\n   b", "a\nb", "b", "b"},
		{"plain with tabs", "k: a\t=\t1", "a\t=\t1", "1", "1"},
		{"plain with CRLF", "k: a and\r\n   b\r\nx: 1", "a and b", "b", "b"},
		{"single", "k: 'a = 1'", "a = 1", "a", "a"},
		{"single with a quote", "k: 'x = ''it'''", "x = 'it'", "'it'", "''it''"},
		{"single over lines", "k: 'a  \n\n\n  b'", "a\n\nb", "b", "b"},
		{"single with blanks at its ends", "k: ' a '", " a ", "a ", "a "},
		{"double", `k: "a = 1"`, "a = 1", "= 1", "= 1"},
		{"double with escapes", `k: "\x41\u00e9\U0001F600\"\\\/\t\_"`, "Aé😀\"\\/\t\u00a0", "é😀\"", `\u00e9\U0001F600\"`},
		{"double with a continued line", "k: \"ab\\\n   cd\"", "abcd", "bc", "b\\\n   c"},
		{"double with an escaped blank", "k: \"a\\ b\"", "a b", " ", "\\ "},
		{"double with a folded line", "k: \"ab\n   cd\"", "ab cd", "cd", "cd"},
		{"double continued over blank lines", "k: \"ab\\\n\n   cd\"", "ab\ncd", "cd", "cd"},
		{"double with CRLF", "k: \"ab\r\n   cd\"", "ab cd", "cd", "cd"},
		{"literal", "k: |\n  a\n  = 1\n", "a\n= 1\n", "= 1", "= 1"},
		{"literal, stripped", "k: |-\n  a\n\n", "a", "a", "a"},
		{"literal, kept", "k: |+\n  a\n\n\n", "a\n\n\n", "a", "a"},
		{"literal, deeper lines", "k: |\n  a\n    b\n  c\n", "a\n  b\nc\n", "b", "b"},
		{"literal with an indicator", "k: |2\n    a\n  b\n", "  a\nb\n", "b", "b"},
		{"literal with a comment in its header", "k: |- # c\n  a\n", "a", "a", "a"},
		{"literal with CRLF", "k: |\r\n  a\r\n  b\r\n", "a\nb\n", "b", "b"},
		{"literal without a last break", "k: |\n  a", "a", "a", "a"},
		{"folded", "k: >\n  a\n  b\n", "a b\n", "a b", "a\n  b"},
		{"folded, blank line", "k: >-\n  a\n\n  b\n", "a\nb", "b", "b"},
		{"folded, deeper lines", "k: >-\n  a\n    b\n  c\n", "a\n  b\nc", "c", "c"},
		{"folded, leading blank line", "k: >-\n\n  a\n  b\n", "\na b", "b", "b"},
		{"in a flow map", "k: {a: b c, d: e}", "b c", "c", "c"},
		{"in a flow list over lines", "k: [a\n  b]", "a b", "b", "b"},
		{"after a byte order mark", "\ufeffk: a b", "a b", "b", "b"},
		{"with a line separator", "k: 'a\u2028b'", "a\u2028b", "b", "b"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			n := firstScalar(t, c.yaml)
			require.Equal(t, c.value, n.scalar.Value)
			requireWalked(t, n)
			at := strings.LastIndex(c.value, c.token)
			require.Equal(t, c.want, n.scalar.Text.Span(at, at+len(c.token)).Text())
		})
	}
}

// firstScalar returns the first value of a file that is no key.
func firstScalar(tb tester, text string) *node {
	tb.Helper()
	root, list := readYAML(source.NewFile("a.yaml", text))
	require.Empty(tb, list)
	n := root
	for n.kind != scalarNode {
		if n.kind == mapNode {
			n = n.pairs[0].value
		} else {
			n = n.items[0]
		}
	}
	return n
}

// piece is a stretch of a scalar's source and what it decodes to.
type piece struct{ source, decoded string }

// pieces are what scalars of each style are made of in TestScalarWalk. None
// begins or ends in a way that changes the meaning of its neighbours.
var pieces = map[style][]piece{
	plain:  {{"a", "a"}, {"é", "é"}, {"=", "="}, {"''", "''"}, {"x y", "x y"}, {"x\n       y", "x y"}, {"x  \r\n       y", "x y"}, {"x\n\n\n       y", "x\n\ny"}, {"\\n", "\\n"}},
	single: {{"a", "a"}, {"''", "'"}, {"\"", "\""}, {"世", "世"}, {"x \n  y", "x y"}, {"x\n \n  y", "x\ny"}, {"\\x41", "\\x41"}, {"# ", "# "}, {": ", ": "}},
	double: {{"a", "a"}, {"'", "'"}, {`\"`, `"`}, {`\n`, "\n"}, {`\x41`, "A"}, {`\u00fc`, "ü"}, {`\U0001F600`, "😀"}, {"x\\\n  y", "xy"}, {"x\n\n y", "x\ny"}, {`\P`, "\u2029"}, {"x \\\n  \\ y", "x  y"}},
}

// TestScalarWalk makes scalars of random pieces and demands that each decoded
// piece is mapped to exactly its source.
func TestScalarWalk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom([]style{plain, single, double}).Draw(t, "style")
		parts := rapid.SliceOfN(rapid.SampledFrom(pieces[s]), 1, 12).Draw(t, "parts")
		quote := map[style]string{plain: "", single: "'", double: `"`}[s]
		prefix := rapid.SampledFrom([]string{"k: ", "- ", "é: ", "a:\n  - k: ", "\ufeffk: ", "# c\r\nk:   "}).Draw(t, "prefix")
		// The edges are letters: what stands there otherwise is a question of
		// the style and has its own cases.
		parts = append(append([]piece{{"b", "b"}}, parts...), piece{"e", "e"})
		text := prefix + quote
		for _, p := range parts {
			text += p.source
		}
		root, list := readYAML(source.NewFile("a.yaml", text+quote+"\n"))
		require.Empty(t, list)
		for root.kind != scalarNode {
			root = append(append([]*node{}, root.items...), valuesOf(root)...)[0]
		}
		decoded, at := 0, len(prefix)+len(quote)
		for _, p := range parts {
			span := root.scalar.Text.Span(decoded, decoded+len(p.decoded))
			require.Equal(t, p.decoded, root.scalar.Value[decoded:decoded+len(p.decoded)])
			require.Equal(t, p.source, span.Text(), "in %q", text)
			require.Equal(t, at, span.Start)
			decoded, at = decoded+len(p.decoded), at+len(p.source)
		}
		require.Equal(t, len(text+quote), root.span.End)
	})
}

func valuesOf(n *node) []*node {
	var values []*node
	for _, p := range n.pairs {
		values = append(values, p.value)
	}
	return values
}

// TestBlockWalk makes literal and folded scalars of random lines, whose
// letters must all be found where they stand.
func TestBlockWalk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SampledFrom([]string{"", "a", "  b c", "\td", "é # x", "- y", "z: 1"})
		lines := rapid.SliceOfN(line, 1, 8).Draw(t, "lines")
		end := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "end")
		header := rapid.SampledFrom([]string{"|", ">", "|2", ">2-", "|2+", ">2+"}).Draw(t, "header")
		if !strings.Contains(header, "2") {
			lines = append([]string{"f"}, lines...)
		}
		text := "k: " + header + end
		for _, l := range lines {
			text += strings.TrimRight("  "+l, " ") + end
		}
		root, list := readYAML(source.NewFile("a.yaml", text+"m: 1"))
		require.Empty(t, list)
		n := root.pairs[0].value
		requireWalked(t, n)
		for i := range len(n.scalar.Value) {
			if c := n.scalar.Value[i]; c != ' ' && c != '\n' {
				require.Equal(t, n.scalar.Value[i:i+1], text[n.scalar.Text.Starts[i]:n.scalar.Text.Ends[i]])
			}
		}
	})
}

package source

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestPosition(t *testing.T) {
	f := NewFile("f", "ab\nä日c\r\n\nx")
	for _, c := range []struct{ offset, line, column int }{
		{-3, 1, 1},
		{0, 1, 1},
		{2, 1, 3},
		{3, 2, 1},
		{5, 2, 2}, // behind ä, which takes two bytes
		{8, 2, 3},
		{9, 2, 4},
		{11, 3, 1},
		{12, 4, 1},
		{13, 4, 2},
		{99, 4, 2},
	} {
		require.Equal(t, Position{c.line, c.column}, f.Position(c.offset), "offset %d", c.offset)
	}
}

func TestLines(t *testing.T) {
	f := NewFile("f", "ab\r\n\nlast")
	require.Equal(t, "ab", f.Line(1))
	require.Empty(t, f.Line(2))
	require.Equal(t, "last", f.Line(3))
	require.Empty(t, f.Line(0))
	require.Empty(t, f.Line(4))
	require.Empty(t, NewFile("f", "").Line(1))
	require.Empty(t, NewFile("f", "a\n").Line(2))
}

// TestPositionCounts counts lines and code points anew for every offset at
// which a code point begins.
func TestPositionCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("ab ä日\U0001F600\n"))).Draw(t, "text")
		f := NewFile("f", text)
		lines := strings.Split(text, "\n")
		for i := 0; i <= len(text); i++ {
			if i < len(text) && !utf8.RuneStart(text[i]) {
				continue
			}
			p := f.Position(i)
			require.Equal(t, strings.Count(text[:i], "\n")+1, p.Line)
			require.Equal(t, len([]rune(text[strings.LastIndex(text[:i], "\n")+1:i]))+1, p.Column)
			require.Equal(t, lines[p.Line-1], f.Line(p.Line))
		}
	})
}

func TestSpan(t *testing.T) {
	f, g := NewFile("f", "hello world"), NewFile("g", "other")
	a, b := Span{f, 0, 5}, Span{f, 6, 11}
	require.Equal(t, "world", b.Text())
	require.Equal(t, Span{f, 0, 11}, a.To(b))
	require.Equal(t, Span{f, 0, 11}, b.To(a))
	require.Equal(t, a, Span{}.To(a))
	require.Equal(t, a, a.To(Span{g, 0, 5}))
	require.True(t, Span{}.IsZero())
	require.False(t, a.IsZero())
	require.Empty(t, Span{}.Text())
}

func TestVerbatimFragment(t *testing.T) {
	f := NewFile("f", "key: a > 5\n")
	part := Verbatim(f, 5, 10)
	require.Equal(t, "a > 5", part.Text)
	require.Equal(t, ">", part.Span(2, 3).Text())
	require.Equal(t, Span{f, 10, 10}, part.Span(5, 5))
	require.Equal(t, Span{f, 7, 7}, part.Span(2, 2))
	require.Equal(t, Span{f, 5, 10}, part.Span(-4, 99))
	require.Equal(t, f.Text, WholeFile(f).Span(0, len(f.Text)).Text())
}

func TestDecodedFragment(t *testing.T) {
	// The scalar 'it''s' is decoded to it's: the quote came from two bytes.
	f := NewFile("f", "k: 'it''s'")
	part := Fragment{File: f, Text: "it's", Starts: []int{4, 5, 6, 8}, Ends: []int{5, 6, 8, 9}, At: 3}
	require.Equal(t, "''", part.Span(2, 3).Text())
	require.Equal(t, "it''s", part.Span(0, 4).Text())
	require.Equal(t, Span{f, 9, 9}, part.Span(4, 4))
}

func TestEmptyFragment(t *testing.T) {
	f := NewFile("f", "where:\n")
	require.Equal(t, Span{f, 6, 6}, Fragment{File: f, At: 6}.Span(0, 0))
	require.Equal(t, Span{f, 6, 6}, Fragment{File: f, At: 6}.Span(3, 9))
}

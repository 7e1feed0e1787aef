package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// rendered writes one diagnostic about the first place of marked in text.
func rendered(t *testing.T, text, marked string, opt TextOptions) string {
	t.Helper()
	start := strings.Index(text, marked)
	require.GreaterOrEqual(t, start, 0)
	d := Diagnostic{Code: "E204", Severity: Error, Message: "wrong", Span: Span{NewFile("f.yaml", text), start, start + len(marked)}}
	var out strings.Builder
	require.NoError(t, RenderText(&out, List{d}, opt))
	return out.String()
}

// TestTextForm is the example of the language's description.
func TestTextForm(t *testing.T) {
	line := "        - saw: count(product_veiw where category = 'Luxury Watches') last 48 hours >= 1"
	text := strings.Repeat("\n", 6) + line + "\n"
	start := strings.Index(text, "product_veiw")
	file := NewFile("segments/vip.yaml", text)
	d := Diagnostic{
		Code: "E204", Severity: Error, Message: `unknown stream "product_veiw"`, Span: Span{file, start, start + 12},
		Hint: `did you mean "product_view"?`,
	}
	var out strings.Builder
	require.NoError(t, RenderText(&out, List{d}, TextOptions{}))
	require.Equal(t, `segments/vip.yaml:7:22: unknown stream "product_veiw" [E204]
   7 |         - saw: count(product_veiw where category = 'Luxury Watches') last 48 hours >= 1
     |                      ^^^^^^^^^^^^
   hint: did you mean "product_view"?
`, out.String())
}

func TestCaretsAlign(t *testing.T) {
	for _, c := range []struct{ text, marked, want string }{
		{"a bad c", "bad", "   1 | a bad c\n     |   ^^^\n"},
		{"日本 = bad", "bad", "   1 | 日本 = bad\n     |        ^^^\n"},
		{"x = '日本' or", "'日本'", "   1 | x = '日本' or\n     |     ^^^^^^\n"},
		{"😀 bad", "bad", "   1 | 😀 bad\n     |    ^^^\n"},
		{"e\u0301 bad", "bad", "   1 | e\u0301 bad\n     |   ^^^\n"},
		{"\tbad", "bad", "   1 |     bad\n     |     ^^^\n"},
		{"a\tb\tc", "\t", "   1 | a    b    c\n     |  ^^^^\n"},
		{"ＡＢ bad", "ＡＢ", "   1 | ＡＢ bad\n     | ^^^^\n"},
		{"a\r\nbad\r\n", "bad", "   2 | bad\n     | ^^^\n"},
		{"\x1b[31mbad", "bad", "   1 | \uFFFD[31mbad\n     |      ^^^\n"},
		{"a\xffbad", "bad", "   1 | a\uFFFDbad\n     |   ^^^\n"},
	} {
		_, got, _ := strings.Cut(rendered(t, c.text, c.marked, TextOptions{}), "\n")
		require.Equal(t, c.want, got, "%q", c.text)
	}
}

func TestEmptySpanGetsOneCaret(t *testing.T) {
	file := NewFile("f", "ab\n")
	for start, want := range map[int]string{0: "     | ^\n", 2: "     |   ^\n"} {
		var out strings.Builder
		require.NoError(t, RenderText(&out, List{{Code: "E1", Message: "m", Span: Span{file, start, start}}}, TextOptions{}))
		require.True(t, strings.HasSuffix(out.String(), "   1 | ab\n"+want), out.String())
	}
}

func TestSpanOverSeveralLines(t *testing.T) {
	got := rendered(t, "k: >\n  a and\n  b = 1\n", "a and\n  b = 1", TextOptions{})
	require.Equal(t, "f.yaml:2:3: wrong [E204]\n   2 |   a and\n     |   ^^^^^ to line 3, column 8\n", got)
}

func TestContextAndWideLineNumbers(t *testing.T) {
	text := strings.Repeat("x\n", 12344) + "  bad"
	require.Equal(t, "f.yaml:12345:3: wrong [E204]\n12344 | x\n12345 |   bad\n      |   ^^^\n",
		rendered(t, text, "bad", TextOptions{Context: 1}))
	require.Equal(t, "f.yaml:1:1: wrong [E204]\n   1 | bad\n     | ^^^\n", rendered(t, "bad", "bad", TextOptions{Context: 3}))
}

func TestLongLinesAreCut(t *testing.T) {
	text := strings.Repeat("a", 50) + "BAD" + strings.Repeat("z", 50)
	_, got, _ := strings.Cut(rendered(t, text, "BAD", TextOptions{Width: 21}), "\n")
	require.Equal(t, "   1 | …aaaaaaBADzzzzzzzzzz…\n     |        ^^^\n", got)
	_, got, _ = strings.Cut(rendered(t, "BAD"+text, "BAD", TextOptions{Width: 10}), "\n")
	require.Equal(t, "   1 | BADaaaaaa…\n     | ^^^\n", got)
	_, got, _ = strings.Cut(rendered(t, "short BAD", "BAD", TextOptions{Width: 10}), "\n")
	require.Equal(t, "   1 | short BAD\n     |       ^^^\n", got)
}

// TestCutKeepsCaretsUnderTheirText holds for lines of any characters and any
// width that leaves room for the place.
func TestCutKeepsCaretsUnderTheirText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.RuneFrom([]rune("ab 日😀\t")), 0, 60, -1)
		before, after := word.Draw(t, "before"), word.Draw(t, "after")
		opt := TextOptions{Width: rapid.IntRange(30, 80).Draw(t, "width")}
		file := NewFile("f", before+"BAD"+after)
		var out strings.Builder
		require.NoError(t, RenderText(&out, List{{Code: "E1", Message: "m", Span: Span{file, len(before), len(before) + 3}}}, opt))
		lines := strings.Split(out.String(), "\n")
		line, carets := strings.TrimPrefix(lines[1], "   1 | "), strings.TrimPrefix(lines[2], "     | ")
		require.LessOrEqual(t, width(line), opt.Width)
		require.Equal(t, "^^^", strings.TrimLeft(carets, " "))
		column := strings.Index(line, "BAD")
		require.GreaterOrEqual(t, column, 0, line)
		require.Equal(t, width(line[:column]), strings.Index(carets, "^"))
	})
}

func TestRelatedPlacesAndSummary(t *testing.T) {
	file := NewFile("f", "vip\nvip\n")
	list := List{
		{Code: "E9", Severity: Error, Message: "no project"},
		{
			Code: "W2", Severity: Warning, Message: "twice", Span: Span{file, 4, 7},
			Related: []Related{{Span{file, 0, 3}, "first here"}, {Message: "nowhere"}},
		},
		{Code: "E3", Severity: Error, Message: "m\x1b", Hint: "h\n"},
	}
	var out strings.Builder
	require.NoError(t, RenderText(&out, list, TextOptions{Summary: true}))
	require.Equal(t, "no project [E9]\n\n"+
		"f:2:1: twice [W2]\n   2 | vip\n     | ^^^\n   see: f:1:1: first here\n   see: nowhere\n\n"+
		"m\uFFFD [E3]\n   hint: h\uFFFD\n\n2 errors, 1 warning\n", out.String())

	out.Reset()
	require.NoError(t, RenderText(&out, list[1:2], TextOptions{Summary: true}))
	require.True(t, strings.HasSuffix(out.String(), "\n\n1 warning\n"))
	out.Reset()
	require.NoError(t, RenderText(&out, nil, TextOptions{Summary: true}))
	require.Empty(t, out.String())
}

// TestColorChangesNothingElse strips the colours and demands the plain form.
func TestColorChangesNothingElse(t *testing.T) {
	file := NewFile("f", "a bad\n")
	list := List{
		{Code: "E1", Severity: Error, Message: "m", Hint: "h", Span: Span{file, 2, 5}, Related: []Related{{Span{file, 0, 1}, "r"}}},
		{Code: "W1", Severity: Warning, Message: "m", Span: Span{file, 2, 5}},
	}
	var plain, colored strings.Builder
	require.NoError(t, RenderText(&plain, list, TextOptions{Summary: true}))
	require.NoError(t, RenderText(&colored, list, TextOptions{Summary: true, Color: true}))
	require.Contains(t, colored.String(), styleError+"^^^"+styleEnd)
	require.Contains(t, colored.String(), styleWarning+"^^^"+styleEnd)
	stripped := strings.NewReplacer(stylePlace, "", styleError, "", styleWarning, "", styleHint, "", styleEnd, "").Replace(colored.String())
	require.Equal(t, plain.String(), stripped)
}

func TestJSON(t *testing.T) {
	file := NewFile("f", "日 <bad>\n")
	var out bytes.Buffer
	require.NoError(t, RenderJSON(&out, List{
		{Code: "E1", Severity: Error, Message: "a <b>", Hint: "h", Span: Span{file, 4, 9}, Related: []Related{{Span{file, 0, 3}, "r"}}},
		{Code: "E2", Message: "nowhere"},
	}))
	require.JSONEq(t, `[
		{"code": "E1", "severity": "error", "message": "a <b>", "file": "f", "line": 1, "column": 3, "end_line": 1, "end_column": 8,
		 "hint": "h", "related": [{"message": "r", "file": "f", "line": 1, "column": 1, "end_line": 1, "end_column": 2}]},
		{"code": "E2", "severity": "error", "message": "nowhere", "file": "", "line": 0, "column": 0, "end_line": 0, "end_column": 0,
		 "hint": "", "related": []}
	]`, out.String())
	require.Contains(t, out.String(), "a <b>")

	out.Reset()
	require.NoError(t, RenderJSON(&out, nil))
	require.Equal(t, "[]\n", out.String())
	require.True(t, json.Valid(out.Bytes()))
}

func TestGitHub(t *testing.T) {
	file := NewFile("a,b:c.yaml", "x bad\nmore\n")
	var out strings.Builder
	require.NoError(t, RenderGitHub(&out, List{
		{Code: "E1", Severity: Error, Message: "100% wrong: a,b", Hint: "h\r\nk", Span: Span{file, 2, 5}},
		{Code: "W2", Severity: Warning, Message: "long", Span: Span{file, 2, 8}},
		{Code: "E3", Message: "nowhere"},
	}))
	require.Equal(t, `::error file=a%2Cb%3Ac.yaml,line=1,col=3,endLine=1,endColumn=6,title=E1::100%25 wrong: a,b%0Ahint: h%0D%0Ak
::warning file=a%2Cb%3Ac.yaml,line=1,endLine=2,title=W2::long
::error title=E3::nowhere
`, out.String())
}

// broken is a writer that cannot write.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.ErrUnsupported }

func TestWriteErrorsAreReturned(t *testing.T) {
	list := List{{Code: "E1", Message: "m"}}
	require.ErrorIs(t, RenderText(broken{}, list, TextOptions{}), errors.ErrUnsupported)
	require.ErrorIs(t, RenderJSON(broken{}, list), errors.ErrUnsupported)
	require.ErrorIs(t, RenderGitHub(broken{}, list), errors.ErrUnsupported)
}

func TestWidths(t *testing.T) {
	for text, want := range map[string]int{"abc": 3, "": 0, "日本": 4, "ｱ": 1, "한": 2, "é": 1, "e\u0301": 1, "👍": 2, "→": 1, "\u200d": 0} {
		require.Equal(t, want, width(text), "%q", text)
	}
}

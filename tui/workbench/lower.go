package workbench

import (
	"slices"
	"strings"
	"unicode"

	"strata/tui/draw"
	"strata/tui/page"
)

// drawLower draws the SQL or the difference to the saved text.
func (p *Page) drawLower(c *page.Context, a draw.Area, v view) {
	title, lines := "SQL", []line(nil)
	var waiting page.State
	switch v {
	case viewDiff:
		title = "Difference to the saved text"
		lines = p.diffLines()
	case viewSQL:
		got := page.Answer[stated](c, "sql")
		waiting = got.State
		if got.Has {
			old := got.Old || got.Value.key != p.key() || !p.shownIsGood()
			if old {
				title = "SQL of the rule before"
			}
			lines = sqlLines(got.Value.text, old)
		}
	case viewNothing:
	}
	in := a.Panel(framed(a, draw.Frame{Title: title, Zone: "lower"}))
	in.Zone("lower")
	if lines == nil {
		if p.word() == "" {
			in.Wrap(0, 0, draw.Dim, "the statement behind the number comes here")
			return
		}
		page.DrawState(c, in, waiting, "compiling")
		return
	}
	p.viewTop = max(0, min(p.viewTop, len(lines)-in.H))
	for y := range in.H {
		if p.viewTop+y < len(lines) {
			in.Spans(0, y, lines[p.viewTop+y]...)
		}
	}
	if rest := len(lines) - p.viewTop - in.H; rest > 0 && in.H > 0 {
		text := " " + in.Look().Sign(draw.SignMore) + " " + draw.Plural(int64(rest), "line", "lines") + " more"
		in.Right(in.W, in.H-1, draw.Dim, text)
	}
}

// sqlLines marks the words that SQL writes in capitals.
func sqlLines(text string, old bool) []line {
	var lines []line
	for text := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		if old {
			lines = append(lines, said(draw.Dim, text))
			continue
		}
		var l line
		start := 0
		for start < len(text) {
			end := start
			word := isCapital(rune(text[start]))
			for end < len(text) && isCapital(rune(text[end])) == word {
				end++
			}
			style := draw.Normal
			if word && end-start > 1 {
				style = draw.Accent
			}
			l = append(l, draw.Span{Style: style, Text: text[start:end]})
			start = end
		}
		lines = append(lines, l)
	}
	return lines
}

func isCapital(r rune) bool { return r == '_' || unicode.IsUpper(r) }

// diffLines are the lines of the saved text and of this one, with a sign before
// those that differ.
func (p *Page) diffLines() []line {
	before, after := strings.Split(p.shownBase(), "\n"), strings.Split(p.buf.Text(), "\n")
	var lines []line
	for _, d := range diff(before, after) {
		style := draw.Dim
		if d.sign != " " {
			style = draw.Normal
		}
		l := line{{Style: draw.Bold, Text: d.sign + " "}, {Style: style, Text: d.text}}
		lines = append(lines, l)
	}
	if p.base == p.buf.Text() || p.shownBase() == p.buf.Text() {
		lines = append([]line{said(draw.Dim, "nothing was changed"), nil}, lines...)
	}
	return lines
}

// changedLine is a line of a difference.
type changedLine struct{ sign, text string }

// mostCompared bounds the work of a difference.
const mostCompared = 400

// diff compares lines by their longest common part.
func diff(before, after []string) []changedLine {
	if len(before) > mostCompared || len(after) > mostCompared {
		return append(signed("-", before), signed("+", after)...)
	}
	common := commonLengths(before, after)
	var out []changedLine
	i, j := 0, 0
	for i < len(before) && j < len(after) {
		switch {
		case before[i] == after[j]:
			out = append(out, changedLine{" ", before[i]})
			i, j = i+1, j+1
		case common[i+1][j] >= common[i][j+1]:
			out = append(out, changedLine{"-", before[i]})
			i++
		default:
			out = append(out, changedLine{"+", after[j]})
			j++
		}
	}
	return append(append(out, signed("-", before[i:])...), signed("+", after[j:])...)
}

func signed(sign string, lines []string) []changedLine {
	out := make([]changedLine, len(lines))
	for i, text := range lines {
		out[i] = changedLine{sign, text}
	}
	return out
}

// commonLengths has for each two places the length of the longest common part
// behind them.
func commonLengths(before, after []string) [][]int {
	common := make([][]int, len(before)+1)
	for i := range common {
		common[i] = make([]int, len(after)+1)
	}
	for i, text := range slices.Backward(before) {
		for j, other := range slices.Backward(after) {
			common[i][j] = max(common[i+1][j], common[i][j+1])
			if text == other {
				common[i][j] = common[i+1][j+1] + 1
			}
		}
	}
	return common
}

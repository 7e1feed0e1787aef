package workbench

import (
	"strings"

	"strata/segments/rule"
	"strata/segments/source"
	"strata/tui/draw"
	"strata/tui/edit"
)

// row is a line of the text on the screen: a line of the text or a part of one,
// or what is wrong with the row above.
type row struct {
	// number is that of the line, from 1, 0 on its further rows.
	number     int
	start, end int
	cells      []edit.Cell
	// spans are what is drawn on a row that is no text.
	spans   []draw.Span
	problem bool
}

// shownProblems is how many mistakes are shown below their lines.
const shownProblems = 3

// rows breaks the text at a width and puts mistakes below their lines.
func (p *Page) rows(width int, look draw.Look) []row {
	var rows []row
	text, at, shown := p.buf.Text(), 0, 0
	if strings.TrimSpace(text) == "" {
		shown = shownProblems // That nothing is there is seen.
	}
	for number := 1; ; number++ {
		end := strings.IndexByte(text[at:], '\n')
		if end < 0 {
			end = len(text) - at
		}
		parts := wrapped(text[at:at+end], at, width)
		parts[0].number = number
		for i, part := range parts {
			rows = append(rows, part)
			for _, d := range p.reading.Problems {
				if shown < shownProblems && part.holds(d.Span.Start, i == len(parts)-1) && p.reading.Text == text {
					shown++
					rows = append(rows, p.problemRows(part, d, width, look)...)
				}
			}
		}
		at += end + 1
		if at > len(text) {
			return rows
		}
	}
}

// wrapped cuts a line into rows, behind a blank where there is one.
func wrapped(line string, at, width int) []row {
	width = max(1, width)
	cells := edit.Cells(line)
	var rows []row
	for from := 0; ; {
		to, blank := from, -1
		for to < len(cells) && cells[to].X+cells[to].Width-cells[from].X <= width {
			if cells[to].Text == " " {
				blank = to
			}
			to++
		}
		if to == len(cells) || to == from {
			rows = append(rows, row{start: at + offsetOf(cells, from, line), end: at + len(line), cells: cells[from:]})
			return rows
		}
		if blank > from {
			to = blank + 1
		}
		rows = append(rows, row{start: at + cells[from].Start, end: at + cells[to].Start, cells: cells[from:to]})
		from = to
	}
}

func offsetOf(cells []edit.Cell, i int, line string) int {
	if i < len(cells) {
		return cells[i].Start
	}
	return len(line)
}

// holds reports whether an offset lies in the row; the last row of a line has its
// end as well.
func (r row) holds(offset int, last bool) bool {
	return !r.problem && offset >= r.start && (offset < r.end || last && offset == r.end)
}

// x is the column of an offset of the text in the row.
func (r row) x(offset int) int {
	x := 0
	for _, cell := range r.cells {
		if r.start+cell.Start-r.cells[0].Start >= offset {
			break
		}
		x = cell.X + cell.Width - r.cells[0].X
	}
	return x
}

// offset is the place for a cursor that is nearest to a column.
func (r row) offset(x int) int {
	for _, cell := range r.cells {
		if x < cell.X+cell.Width-r.cells[0].X {
			return r.start + cell.Start - r.cells[0].Start
		}
	}
	return r.end
}

// problemRows are carets below what is wrong, and why. The reason goes behind the
// carets where it fits, and below them otherwise.
func (p *Page) problemRows(at row, d source.Diagnostic, width int, look draw.Look) []row {
	style := draw.Bad
	if d.Severity == source.Warning {
		style = draw.Warn
	}
	from := at.x(d.Span.Start)
	long := max(1, at.x(min(d.Span.End, at.end))-from)
	reason := p.reason(d, look)
	carets := strings.Repeat(" ", from) + strings.Repeat("^", long)
	if from+long+1+draw.Width(reason) <= width {
		return []row{{problem: true, spans: []draw.Span{{Style: style | draw.Bold, Text: carets + " "}, {Style: style, Text: reason}}}}
	}
	rows := []row{{problem: true, spans: []draw.Span{{Style: style | draw.Bold, Text: carets}}}}
	indent := min(from, max(0, width-40)) //nolint:mnd // As much room as a sentence needs.
	const most = 3
	for i, line := range draw.Lines(reason, max(10, width-indent)) { //nolint:mnd // Some letters at least.
		if i < most {
			rows = append(rows, row{problem: true, spans: []draw.Span{{Style: style, Text: strings.Repeat(" ", indent) + line}}})
		}
	}
	return rows
}

// reason is a mistake in words, with what to do.
func (p *Page) reason(d source.Diagnostic, look draw.Look) string {
	text := d.Message
	if d.Hint != "" {
		text += dotted(" · ", look) + strings.ReplaceAll(d.Hint, "`", "")
	}
	for _, fix := range p.fixes {
		if fix.Problem.Span == d.Span && fix.Problem.Code == d.Code {
			return text + " (tab mends it)"
		}
	}
	return text
}

// tokenStyles are how the pieces of a rule look.
var tokenStyles = map[rule.TokenKind]draw.Style{
	rule.KeywordToken: draw.Accent, rule.FunctionToken: draw.Accent | draw.Bold, rule.StreamToken: draw.Bold, rule.NumberToken: draw.Bold,
	rule.DurationToken: draw.Bold, rule.ParamToken: draw.Bold, rule.OperatorToken: draw.Normal, rule.BracketToken: draw.Normal,
	edit.KeyToken: draw.Accent, edit.CommentToken: draw.Dim, rule.InvalidToken: draw.Bad,
}

// styles gives each byte of the text its style.
func (p *Page) styles() []draw.Style {
	text := p.buf.Text()
	styles := make([]draw.Style, len(text)+1)
	for _, s := range edit.Highlight(text) {
		for i := s.Start; i < s.End; i++ {
			styles[i] = tokenStyles[s.Kind]
		}
	}
	for _, d := range p.reading.Problems {
		if d.Severity == source.Warning || p.reading.Text != text {
			continue
		}
		for i := max(0, d.Span.Start); i < min(len(text), d.Span.End); i++ {
			styles[i] = draw.Bad | draw.Squiggle
		}
	}
	return styles
}

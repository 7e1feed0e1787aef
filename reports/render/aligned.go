package render

import (
	"bufio"
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// gap stands between two columns of an aligned table.
const gap = "  "

// narrowest is the width below which a column of text is not squeezed: a few
// letters and an ellipsis still tell one name from another.
const narrowest = 8

// layout is an aligned table on its way to the writer.
type layout struct {
	columns []Column
	titles  []string
	cells   [][]string
	widths  []int
}

// writeAligned writes columns under each other. Text is cut to fit the width,
// numbers never are; columns that do not fit even so are left out from the
// right and returned.
func writeAligned(w io.Writer, t *Table, opt Options) ([]string, error) {
	out := bufio.NewWriter(w)
	if t.Record {
		writeRecord(out, t, opt)
		return nil, out.Flush()
	}
	l := newLayout(t)
	hidden := l.fit(opt.Width)
	l.writeRow(out, l.titles, opt.Color)
	for _, row := range l.cells {
		l.writeRow(out, row, false)
	}
	return hidden, out.Flush()
}

func newLayout(t *Table) *layout {
	l := &layout{columns: t.Columns, widths: make([]int, len(t.Columns))}
	for i, c := range t.Columns {
		title := strings.ToUpper(Clean(c.title()))
		l.titles = append(l.titles, title)
		l.widths[i] = ansi.StringWidth(title)
	}
	for _, row := range t.Rows {
		cells := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			cells[i] = forEyes(row[i], c)
			l.widths[i] = max(l.widths[i], ansi.StringWidth(cells[i]))
		}
		l.cells = append(l.cells, cells)
	}
	return l
}

// fit squeezes text columns, the widest first, until a row fits into width
// cells, and then drops columns from the right. The first column names what
// the row is about: it is squeezed last and always stays.
func (l *layout) fit(width int) (hidden []string) {
	if width <= 0 {
		return nil
	}
	for {
		for l.width() > width && l.squeeze() {
			// Each turn takes one cell from the widest column of text.
			continue
		}
		last := len(l.widths) - 1
		if l.width() <= width || last < 1 {
			return hidden
		}
		hidden = append([]string{l.columns[last].title()}, hidden...)
		l.widths = l.widths[:last]
	}
}

// width is the number of cells of a row.
func (l *layout) width() int {
	sum := len(gap) * max(0, len(l.widths)-1)
	for _, w := range l.widths {
		sum += w
	}
	return sum
}

// squeeze takes one cell from the widest column of text, from the first column
// only when no other has one to spare. It reports whether there was any.
func (l *layout) squeeze() bool {
	widest := -1
	for i, w := range l.widths {
		squeezable := (l.columns[i].Kind == Text || l.columns[i].Kind == Nested) && w > narrowest
		if squeezable && (widest <= 0 || w > l.widths[widest]) {
			widest = i
		}
	}
	if widest < 0 {
		return false
	}
	l.widths[widest]--
	return true
}

// writeRow writes one line; the last cell of a line is not filled up.
func (l *layout) writeRow(out *bufio.Writer, cells []string, bold bool) {
	var line strings.Builder
	for i, width := range l.widths {
		if i > 0 {
			line.WriteString(gap)
		}
		cell := ansi.Truncate(cells[i], width, "…")
		fill := strings.Repeat(" ", max(0, width-ansi.StringWidth(cell)))
		if l.columns[i].right() {
			cell = fill + cell
		} else {
			cell += fill
		}
		line.WriteString(cell)
	}
	writeStyled(out, strings.TrimRight(line.String(), " "), bold)
	_ = out.WriteByte('\n')
}

// writeRecord writes each property of a record on a line of its own.
func writeRecord(out *bufio.Writer, t *Table, opt Options) {
	widest := 0
	for _, c := range t.Columns {
		widest = max(widest, ansi.StringWidth(c.title()))
	}
	for _, row := range t.Rows {
		for i, c := range t.Columns {
			title := c.title()
			writeStyled(out, title, opt.Color)
			fill := strings.Repeat(" ", widest-ansi.StringWidth(title))
			_, _ = out.WriteString(fill + gap + forEyes(row[i], c) + "\n")
		}
	}
}

// writeStyled writes text, bold where that is allowed.
func writeStyled(out *bufio.Writer, text string, bold bool) {
	if bold {
		text = "\x1b[1m" + text + "\x1b[0m"
	}
	_, _ = out.WriteString(text)
}

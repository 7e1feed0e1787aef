package draw

import "strings"

// Column is a column of a table.
type Column struct {
	Title string
	// Right aligns numbers.
	Right bool
	// Min is the width below which the column is dropped; a column never gets
	// narrower than its title. Grow takes what is left over.
	Min  int
	Grow bool
	// Drop is when the column goes where there is no room: the highest first, 0
	// never.
	Drop int
}

// Cell is a text of a table with its style.
type Cell struct {
	Text  string
	Style Style
	// Spans replace Text where a cell has several styles.
	Spans []Span
}

// Table is a table as it is to be drawn. Only rows that are seen are asked for.
type Table struct {
	Columns []Column
	List    *List
	Row     func(i int) []Cell
	// Zone names what the mouse hits: "row" gives "row:0".
	Zone string
	// Dim draws all rows as old.
	Dim bool
	// NoCursor draws no selected row.
	NoCursor bool
	// Widths are asked of the first rows that are seen, so that columns do not
	// jump about while one scrolls; Fixed gives the widths instead.
	Fixed []int
}

// Table draws a table with its head and returns the number of rows that fit.
func (a Area) Table(t Table) int {
	if a.H < 1 {
		return 0
	}
	height := max(1, a.H-1)
	from, to := t.List.Visible(height)
	rows := make([][]Cell, 0, to-from)
	for i := from; i < to; i++ {
		rows = append(rows, t.Row(i))
	}
	widths := a.widths(t, rows)
	margin := 2 //nolint:mnd // The sign of the cursor and a blank.
	if t.NoCursor {
		margin = 0
	}
	a.row(0, margin, t.Columns, widths, headOf(t.Columns), Dim)
	for i, cells := range rows {
		line := a.Sub(0, i+1, a.W, 1)
		flags := Normal
		if from+i == t.List.Cursor && !t.NoCursor {
			flags = Selected
			line.Fill(flags)
			line.Put(0, 0, Accent|Selected, a.Look().Sign(SignCursor))
			if a.Look().Plain {
				line.Cursor(0, 0)
			}
		}
		if t.Zone != "" {
			line.Zone(t.Zone + ":" + itoa(from+i))
		}
		if t.Dim {
			cells = dimmed(cells)
		}
		a.row(i+1, margin, t.Columns, widths, cells, flags)
	}
	return height
}

func headOf(columns []Column) []Cell {
	cells := make([]Cell, len(columns))
	for i, c := range columns {
		cells[i] = Cell{Text: c.Title}
	}
	return cells
}

func dimmed(cells []Cell) []Cell {
	out := make([]Cell, len(cells))
	for i, c := range cells {
		out[i] = Cell{Text: c.text(), Style: Dim}
	}
	return out
}

func (c Cell) text() string {
	if c.Spans == nil {
		return c.Text
	}
	var text strings.Builder
	for _, s := range c.Spans {
		text.WriteString(s.Text)
	}
	return text.String()
}

// row draws the cells of a line; a column without a width is left out.
func (a Area) row(y, x int, columns []Column, widths []int, cells []Cell, flags Style) {
	for i, width := range widths {
		if width == 0 || i >= len(cells) {
			continue
		}
		cell := cells[i]
		at := x
		if columns[i].Right {
			at += max(0, width-Width(cell.text()))
		}
		room := a.Sub(at, y, x+width-at, 1)
		if cell.Spans != nil {
			for _, s := range cell.Spans {
				at = room.Put(at-room.x+a.x, 0, s.Style|flags, s.Text) + room.x - a.x
			}
		} else {
			room.Fit(0, 0, room.W, cell.Style|flags, cell.Text)
		}
		x += width + 2 //nolint:mnd // Blanks between columns.
	}
}

// widths gives each column a width, 0 to those that are dropped.
func (a Area) widths(t Table, rows [][]Cell) []int {
	widths := make([]int, len(t.Columns))
	for i, c := range t.Columns {
		widths[i] = max(c.Min, Width(c.Title))
		for _, cells := range rows {
			if i < len(cells) {
				widths[i] = max(widths[i], Width(cells[i].text()))
			}
		}
		if i < len(t.Fixed) && t.Fixed[i] > 0 {
			widths[i] = t.Fixed[i]
		}
	}
	room := a.W
	if !t.NoCursor {
		room -= 2
	}
	for taken(widths) > room {
		if !narrow(t.Columns, widths, room) {
			break
		}
	}
	for i, c := range t.Columns {
		if c.Grow && widths[i] > 0 {
			widths[i] += max(0, room-taken(widths))
		}
	}
	return widths
}

// narrow takes room from the columns that grow, then drops a column; false where
// nothing is left to take.
func narrow(columns []Column, widths []int, room int) bool {
	over := taken(widths) - room
	for i, c := range columns {
		least := max(c.Min, Width(c.Title))
		if c.Grow && widths[i] > least {
			widths[i] -= min(over, widths[i]-least)
			return true
		}
	}
	drop := -1
	for i, c := range columns {
		if widths[i] > 0 && c.Drop > 0 && (drop < 0 || c.Drop > columns[drop].Drop) {
			drop = i
		}
	}
	if drop < 0 {
		return false
	}
	widths[drop] = 0
	return true
}

// taken is the room of columns with the blanks between them.
func taken(widths []int) int {
	sum := 0
	for _, w := range widths {
		if w > 0 {
			sum += w + 2 //nolint:mnd // Blanks between columns.
		}
	}
	return max(0, sum-2) //nolint:mnd // None behind the last.
}

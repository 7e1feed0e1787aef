package rules

import (
	"math"
	"strings"
	"time"

	"strata/reports/render"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// widest is how wide a value of a column may be before it is cut.
const widest = 28

// Draw implements page.Page.
func (p *Members) Draw(c *page.Context, a draw.Area) {
	p.recall(c)
	s := p.read(c, p.word)
	if s.wrong != "" {
		a.Panel(draw.Frame{Title: "Members", Focus: true}).Wrap(0, 0, draw.Normal, s.wrong)
		return
	}
	got := p.answer(c)
	foot := page.Waiting(c, got.State, "listing")
	in := a.Panel(draw.Frame{Title: "Members of " + oneLine(p.stages.word(s)), Foot: foot, Focus: p.choose == nil, Zone: "members"})
	if s.partition != nil && s.stage < 0 {
		in = drawStages(in, s, p.stages.chosen)
	}
	if p.finding || p.find.Text() != "" {
		in = p.drawFind(c, in)
	}
	p.drawRows(c, in, got)
	if p.choose != nil {
		p.choose.draw(a)
	}
}

func (p *Members) drawFind(c *page.Context, a draw.Area) draw.Area {
	x := a.Put(0, 0, draw.Accent|draw.Bold, "/ ")
	p.find.Draw(a.Sub(x, 0, a.W-x, 1), p.finding, "the beginning of "+keyName(c))
	skip := 1
	if a.H > 10 { //nolint:mnd // A blank line where there is room.
		skip++
	}
	return a.Sub(0, skip, a.W, a.H-skip)
}

func (p *Members) drawRows(c *page.Context, a draw.Area, got page.Got[ask.MembersList]) {
	if !got.Has {
		page.DrawState(c, a, got.State, "listing")
		return
	}
	if got.Err != nil && !got.Loading {
		a = drawTrouble(a, got.Err)
	}
	t := got.Value.Table
	if len(t.Rows) == 0 {
		a.Wrap(0, 0, draw.Normal, p.nobody(got.Value.Total))
		return
	}
	p.list.Resize(len(t.Rows))
	rest, below := a.Bottom(1)
	if a.H > 8 { //nolint:mnd // The value of the row, and a blank line, where there is room.
		rest, below = a.Bottom(3) //nolint:mnd // A blank line, the row, the page.
		p.drawRow(below.Sub(0, 1, below.W, 1), t)
		_, below = below.Bottom(1)
	}
	p.drawTable(rest, t, got.Old)
	below.Fit(0, 0, below.W, draw.Dim, p.pageLine(c, got.Value.Total, len(t.Rows), below.W))
}

// nobody says why there are no rows.
func (p *Members) nobody(total int64) string {
	switch {
	case strings.TrimSpace(p.find.Text()) != "":
		return "No member's key begins with " + strings.TrimSpace(p.find.Text()) + ". esc shows all."
	case total > 0:
		return "This page is behind the last member. p goes back."
	}
	return "There are no members at this moment. The funnel shows which condition removes them all."
}

// drawTable draws the rows that are seen: long values are cut before a column is
// left out.
func (p *Members) drawTable(a draw.Area, t render.Table, old bool) {
	look := a.Look()
	titles, signs := make([]string, len(t.Columns)), make([]string, len(t.Columns))
	for i, column := range t.Columns {
		titles[i] = oneLine(column.Name)
		if i == 0 && p.taste.Sort == "" || i > 0 && column.Name == p.taste.Sort {
			signs[i] = " " + look.Sign(map[bool]draw.Sign{false: draw.SignUp, true: draw.SignDown}[p.taste.Down])
		}
	}
	widths, least := p.measure(a, t, titles, signs)
	widths = fit(widths, least, a.W-2) //nolint:mnd // The sign of the cursor and a blank.
	p.hidden = len(t.Columns) - len(widths)
	columns := make([]draw.Column, len(widths))
	for i := range widths {
		// The sign of the order stays, whatever is cut.
		title := draw.Cut(titles[i], max(1, widths[i]-draw.Width(signs[i])), look) + signs[i]
		columns[i] = draw.Column{Title: draw.Cut(title, widths[i], look), Right: t.Columns[i].RightAligned() && i > 0}
	}
	a.Table(draw.Table{
		Columns: columns, List: &p.list, Zone: "row", Dim: old, Fixed: widths,
		Row: func(i int) []draw.Cell {
			cells := make([]draw.Cell, 0, len(widths))
			for at := range widths {
				style := draw.Normal
				if t.Rows[i][at] == nil {
					style = draw.Dim
				}
				cells = append(cells, draw.Cell{Text: p.cell(t.Rows[i][at], t.Columns[at]), Style: style})
			}
			return cells
		},
	})
}

// measure gives each column the width that it needs for the rows that are seen,
// and that below which it is left out: a number or a time is never cut.
func (p *Members) measure(a draw.Area, t render.Table, titles, signs []string) (widths, least []int) {
	widths, least = make([]int, len(t.Columns)), make([]int, len(t.Columns))
	from, to := p.list.Visible(max(1, a.H-1))
	for i, column := range t.Columns {
		for _, row := range t.Rows[from:to] {
			widths[i] = max(widths[i], draw.Width(p.cell(row[i], column)))
		}
		least[i] = max(widths[i], draw.Width("a…"+signs[i]))
		if text := column.Kind == render.Text || column.Kind == render.Nested; text && i > 0 {
			widths[i] = min(widths[i], widest)
			least[i] = max(min(widths[i], narrowest), draw.Width("a…"+signs[i]))
		}
		widths[i] = max(widths[i], min(draw.Width(titles[i]+signs[i]), widest))
	}
	return widths, least
}

// narrowest is how narrow a text may become before its column is left out.
const narrowest = 10

// fit takes width from the widest columns behind the first. The last ones are
// left out where that is not enough; then the others have their width again as far
// as there is room.
func fit(widths, least []int, room int) []int {
	for n := len(widths); n > 1; n-- {
		fitted := append([]int(nil), widths[:n]...)
		for over := total(fitted) - room; over > 0; over-- {
			most := 0
			for i, w := range fitted {
				if i > 0 && w > least[i] && (most == 0 || w > fitted[most]) {
					most = i
				}
			}
			if most == 0 {
				break
			}
			fitted[most]--
		}
		if total(fitted) <= room {
			return fitted
		}
	}
	return widths[:min(1, len(widths))]
}

// total is the width of columns with the blanks between them.
func total(widths []int) int {
	sum := -2 //nolint:mnd // No blanks behind the last column.
	for _, w := range widths {
		sum += w + 2 //nolint:mnd // The blanks between columns.
	}
	return sum
}

// cell is a value of a column as people read it, on one line: times in the zone
// of the project, and no more places behind the point than tell values apart.
func (p *Members) cell(v any, column render.Column) string {
	switch x := v.(type) {
	case time.Time:
		if column.Kind != render.Date && p.program != nil && p.program.Zone != nil {
			return x.In(p.program.Zone).Format("2006-01-02 15:04")
		}
	case float64:
		if column.Kind == render.Number && x != math.Trunc(x) {
			column.Digits = 2
			if math.Abs(x) < 1 {
				column.Digits = 4
			}
		}
	}
	return oneLine(render.Cell(v, column))
}

// drawRow writes all values of the row under the cursor out.
func (p *Members) drawRow(a draw.Area, t render.Table) {
	x := 0
	for i, v := range t.Rows[p.list.Cursor] {
		if i == 0 {
			x = a.Put(0, 0, draw.Bold, p.cell(v, t.Columns[i]))
			continue
		}
		if x = a.Fit(x, 0, a.W-x, draw.Dim, dot(a.Look())+oneLine(t.Columns[i].Name)+" "); x >= a.W {
			return
		}
		text := p.cell(v, t.Columns[i])
		if i == len(t.Columns)-1 || x+draw.Width(text) > a.W {
			a.Fit(x, 0, a.W-x, draw.Normal, text)
			x += draw.Width(text)
			continue
		}
		x = a.Put(x, 0, draw.Normal, text)
	}
}

// pageLine says which page this is, and how it is sorted.
func (p *Members) pageLine(c *page.Context, total int64, rows, width int) string {
	sep, dash := dot(c.Look), "–"
	if c.Look.Simple() {
		dash = "-"
	}
	pages := max(1, (total+pageRows-1)/pageRows)
	of := draw.Count(total)
	if strings.TrimSpace(p.find.Text()) != "" {
		of += " found"
	}
	text := "page " + draw.Count(p.offset/pageRows+1) + " of " + draw.Count(pages) + sep +
		"rows " + draw.Count(p.offset+1) + dash + draw.Count(p.offset+int64(rows)) + " of " + of
	by := p.taste.Sort
	if by == "" {
		by = keyName(c)
	}
	order := sep + "sorted by " + oneLine(by)
	if p.taste.Down {
		order += ", descending"
	}
	if p.hidden > 0 {
		order += sep + draw.Plural(int64(p.hidden), "column", "columns") + " without room"
	}
	if draw.Width(text+order) > width {
		return text
	}
	return text + order
}

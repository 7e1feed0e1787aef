package analyses

import (
	"fmt"
	"strconv"

	"strata/reports"
	"strata/tui/draw"
	"strata/tui/page"
)

// Draw implements page.Page.
func (p *Overlap) Draw(c *page.Context, a draw.Area) {
	g, got := p.look(c)
	usual := p.usual()
	foot := status(c, got.State, "comparing", usual)
	inside := body(a, true, p.title(c, got), foot, usual)
	if g == nil {
		if !got.Loading && !got.Queued && got.Err == nil && !got.Stopped && got.State.Value != nil {
			inside.Wrap(0, 0, draw.Dim, "no segment can be compared · strata list shows what there is")
			return
		}
		page.DrawState(c, inside, got.State, "comparing segments")
		return
	}
	head, rest := inside.Top(1)
	drawParts(head, overlapParts(), p.part)
	if rest.H >= airyFrom {
		_, rest = rest.Top(1)
	}
	style := page.StyleOf(got.State)
	switch {
	case p.venn:
		p.drawVenn(c, rest)
	case len(got.Value.Units) == 0:
		rest.Wrap(0, 0, draw.Dim, "there is no segment to compare · n on the first page makes one")
	case p.part == partReach:
		p.drawReach(rest, got.Value, style)
	case p.part == partSets:
		p.drawSets(rest, got.Value, style)
	case p.part == partAdvice:
		p.drawAdvice(rest, got.Value, style)
	default:
		p.drawMap(c, rest, g, style)
	}
}

// usual is what the foot says where nothing runs.
func (p *Overlap) usual() string {
	text := "tab goes to the next part"
	switch {
	case p.venn:
		return "esc goes back to the map"
	case p.part != partMap:
		return text
	case p.shape.similar:
		return "alike side by side · " + text
	}
	return "in their own order · " + text
}

// title says how many are compared.
func (p *Overlap) title(c *page.Context, got page.Got[*reports.Overlap]) string {
	if !got.Has || p.grid == nil {
		return "Overlap"
	}
	all := 0
	for _, u := range got.Value.Units {
		if p.shape.stages || u.Counted {
			all++
		}
	}
	text := "Overlap · " + draw.Plural(int64(all), "segment", "segments")
	if p.shape.stages {
		text = "Overlap · " + strconv.Itoa(all) + " segments and stages"
	}
	if p.shape.only {
		text = fmt.Sprintf("Overlap · %d of %d segments", len(p.grid.order), all)
	} else if n := len(picked(c)); n > 0 {
		text += " · " + strconv.Itoa(n) + " picked"
	}
	return text
}

// The widths of a cell of the map: where shades stand in for colours they have a
// place of their own, so that none is taken for a part of the number.
const (
	cellWidth   = 5
	shadedWidth = 6
	cellText    = 4
)

// shaded reports whether cells have shades in place of colours.
func shaded(look draw.Look) bool { return look.NoColor || look.Theme == draw.ANSI || look.Plain }

func widthOf(look draw.Look) int {
	if shaded(look) {
		return shadedWidth
	}
	return cellWidth
}

// heatCell draws a cell with its number.
func heatCell(a draw.Area, x, y int, share float64, text string, extra draw.Style) {
	if shaded(a.Look()) {
		text = draw.PadLeft(text, cellText)
	}
	a.HeatCell(x, y, widthOf(a.Look()), share, text, extra)
}

// plainCell draws a cell without a colour or shade.
func plainCell(a draw.Area, x, y int, s draw.Style, text string) {
	if !shaded(a.Look()) {
		text += " "
	}
	a.Put(x, y, s, draw.PadLeft(text, widthOf(a.Look())))
}

// mapSeen is where the cells of the map stand on the screen.
type mapSeen struct{ row, column, names, rows, columns, width int }

// hit is the cell that was clicked.
func (s mapSeen) hit(click page.Click) (row, column int, ok bool) {
	if click.ID != "map" || click.Y < 0 || click.Y >= s.rows {
		return 0, 0, false
	}
	at := (click.X - s.names) / max(1, s.width)
	if click.X < s.names || at >= s.columns {
		return 0, 0, false
	}
	return s.row + click.Y, s.column + at, true
}

// drawMap draws the map and what it says of the pair under the cursor.
func (p *Overlap) drawMap(c *page.Context, a draw.Area, g *grid, style draw.Style) {
	if len(g.order) == 0 {
		a.Wrap(0, 0, draw.Dim, "nothing is picked · p shows all, space picks")
		return
	}
	below := 1
	switch {
	case a.H >= airyFrom:
		below = 6
	case a.H >= previewTall:
		below = 4
	case a.H >= 5: //nolint:mnd // A head and two rows above.
		below = 2
	}
	airy := a.H >= airyFrom
	rest := a
	if a.H >= previewTall {
		top, under := a.Top(1)
		p.drawScaleName(top, g)
		rest = under
		if airy {
			_, rest = rest.Top(1)
		}
	}
	cells, said := stack(rest, len(g.order), below)
	p.drawCells(c, cells, g, style)
	if airy {
		_, said = said.Top(1)
	}
	l := &lines{a: said.Sub(0, 0, said.W, below-boolInt(airy)-boolInt(below > 2))} //nolint:mnd // A line for the scale.
	p.drawPair(l)
	if below > 2 { //nolint:mnd // As above.
		p.drawLegend(said.Sub(0, below-boolInt(airy)-1, said.W, 1))
	}
}

// drawScaleName says what a cell says, and which part of the map is seen.
func (p *Overlap) drawScaleName(a draw.Area, g *grid) {
	x := a.Fit(0, 0, a.W, draw.Bold, p.measure.short())
	n := len(g.order)
	where := ""
	if p.seen.rows < n || p.seen.columns < n {
		where = fmt.Sprintf("row %d, column %d of %d", p.rows.Cursor+1, p.columns.Cursor+1, n)
	}
	if room := a.W - x - 2; room > 12 { //nolint:mnd // A word or two.
		a.Fit(x+2, 0, room-draw.Width(where)-2, draw.Dim, p.measure.said()) //nolint:mnd // Blanks between.
		a.Right(a.W, 0, draw.Dim, where)
	}
}

// drawCells draws the cells that are seen, and no others.
func (p *Overlap) drawCells(c *page.Context, a draw.Area, g *grid, style draw.Style) {
	n := len(g.order)
	names := p.namesWidth(a, g)
	from, to := p.rows.Visible(a.H - 1)
	width := widthOf(a.Look())
	left, right := p.columns.Visible(max(1, (a.W-names)/width))
	p.tall = max(1, a.H-1)
	p.seen = mapSeen{row: from, column: left, names: names, rows: to - from, columns: right - left, width: width}
	for column := left; column < right; column++ {
		s := draw.Dim
		if column == p.columns.Cursor {
			s = draw.Accent | draw.Bold
		}
		plainCell(a, names+(column-left)*width, 0, s, g.mark(column))
	}
	a.Sub(0, 1, a.W, to-from).Zone("map")
	markWidth := draw.Width(g.mark(n - 1))
	chosen := picked(c)
	for row := from; row < to; row++ {
		y := row - from + 1
		s := style
		if row == p.rows.Cursor {
			s = draw.Accent | draw.Bold
			a.Put(0, y, draw.Accent, a.Look().Sign(draw.SignCursor))
		}
		if chosen[g.unit(row).Name] {
			a.Put(1, y, draw.Accent|draw.Bold, a.Look().Sign(draw.SignPin))
		}
		a.Put(2, y, draw.Dim, draw.PadLeft(g.mark(row), markWidth+1))
		a.Fit(4+markWidth, y, names-markWidth-5, s, g.unit(row).Name) //nolint:mnd // Behind cursor, pin, mark and blanks.
		for column := left; column < right; column++ {
			p.drawCell(a, names+(column-left)*width, y, g, row, column)
		}
	}
	p.drawCursor(a, g)
}

// drawCursor sets brackets around the cell under the cursor, since a cell that is
// turned over may look like any other.
func (p *Overlap) drawCursor(a draw.Area, g *grid) {
	x, y := p.seen.names+(p.columns.Cursor-p.seen.column)*p.seen.width, p.rows.Cursor-p.seen.row+1
	share, text, ok := p.cell(g, p.rows.Cursor, p.columns.Cursor)
	style := draw.Dim | draw.Reverse | draw.Bold
	if ok && share > 0 && !shaded(a.Look()) {
		style = draw.Heat(share) | draw.Reverse | draw.Bold
	}
	end := x + cellWidth - 1
	if shaded(a.Look()) {
		style, end = draw.Reverse|draw.Bold, x+shadedWidth
	}
	if shaded(a.Look()) || draw.Width(text) < cellText {
		a.Put(x, y, style, "[")
	}
	a.Put(end, y, style, "]")
}

// namesWidth is the room for the names of rows.
func (p *Overlap) namesWidth(a draw.Area, g *grid) int {
	const besides = 5 // Cursor, pin, and blanks around the mark.
	widest := 0
	for at := range g.order {
		widest = max(widest, draw.Width(g.unit(at).Name))
	}
	most := max(10, a.W/3)
	if a.W < middleFrom {
		most = 16
	}
	return min(most, widest+draw.Width(g.mark(len(g.order)-1))+besides)
}

// drawCell draws a cell: a colour or a shade, and always the number.
func (p *Overlap) drawCell(a draw.Area, x, y int, g *grid, row, column int) {
	cursor := row == p.rows.Cursor && column == p.columns.Cursor
	extra := draw.Normal
	if cursor {
		extra = draw.Reverse | draw.Bold
		if a.Look().Plain {
			a.Cursor(x, y)
		}
	}
	share, text, ok := p.cell(g, row, column)
	if !ok || !(share > 0) {
		plainCell(a, x, y, draw.Dim|extra, text)
		return
	}
	heatCell(a, x, y, share, text, extra)
}

// cell is what a cell shows; false where nothing is known.
func (p *Overlap) cell(g *grid, row, column int) (share float64, text string, ok bool) {
	if row == column {
		if p.measure == lift || g.unit(row).Size == 0 {
			return 0, draw.Unknown, false
		}
		return 1, p.measure.text(1), true
	}
	pair := g.of.Pair(g.order[row], g.order[column])
	value := p.measure.of(pair)
	switch {
	case pair.SamePartition:
		return 0, draw.Unknown, false
	case pair.Few:
		return 0, "few", false
	case value == nil:
		return 0, draw.Unknown, false
	}
	return p.measure.shade(*value), p.measure.text(*value), true
}

// drawLegend shows the scale.
func (p *Overlap) drawLegend(a draw.Area) {
	x := a.Fit(0, 0, a.W, draw.Dim, "scale  ")
	for _, value := range p.measure.legend() {
		if x+widthOf(a.Look()) > a.W {
			return
		}
		heatCell(a, x, 0, p.measure.shade(value), p.measure.text(value), draw.Normal)
		x += widthOf(a.Look())
	}
	text := "  few: fewer than " + strconv.Itoa(reports.OverlapFewest) + " members"
	a.Fit(x, 0, a.W-x, draw.Dim, text)
}

// drawPair says what is to be known of the pair under the cursor.
func (p *Overlap) drawPair(l *lines) {
	g, row, column := p.grid, p.rows.Cursor, p.columns.Cursor
	look := l.a.Look()
	if row == column {
		u := g.unit(row)
		if l.a.H > 2 { //nolint:mnd // A line for the name.
			l.say(draw.Bold, g.mark(row)+" "+u.Name)
		}
		l.say(draw.Normal, unitWords(g.of, u))
		return
	}
	pair := g.pair(row, column)
	text := pairWords(pair, g.called("row", row), g.called("column", column))
	if l.a.H > 2 { //nolint:mnd // A line for the names.
		l.say(draw.Bold, pairName(look, pair, g.mark(row), g.mark(column)))
	} else {
		text = g.mark(row) + " " + andSign(look) + " " + g.mark(column) + " " + text
	}
	l.say(draw.Normal, text)
	if inside := insideWords(pair); inside != "" {
		l.say(draw.Accent, inside)
	}
}

// pairText is the pair under the cursor in words, as it is copied.
func (p *Overlap) pairText(c *page.Context) string {
	row, column, ok := p.at(c)
	if !ok {
		return ""
	}
	if row == column {
		u := p.grid.unit(row)
		return u.Name + ": " + unitWords(p.grid.of, u)
	}
	pair := p.grid.pair(row, column)
	return words(pairName(draw.Look{}, pair, "", "")+": "+pairWords(pair, pair.A, pair.B), insideWords(pair))
}

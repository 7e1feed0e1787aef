package workbench

import (
	"strings"

	"strata/segments/source"
	"strata/tui/draw"
	"strata/tui/page"
)

// From which sizes on there is room for more.
const (
	twoPanes   = 100
	liveWidth  = 42
	tallEnough = 30
	leastTall  = 10
)

// lower is what stands in the lower pane.
func (p *Page) lower(c *page.Context) view {
	if !p.chosen && c.Width >= twoPanes && c.Height >= tallEnough {
		return viewSQL
	}
	return p.view
}

// Draw implements page.Page.
func (p *Page) Draw(c *page.Context, a draw.Area) {
	p.sync(c)
	if p.refused != "" {
		in := a.Panel(framed(a, draw.Frame{Title: "Rule", Focus: true}))
		n := in.Wrap(0, 0, draw.Normal, p.refused)
		in.Sub(0, n+1, in.W, in.H).Wrap(0, 0, draw.Dim, dotted("E opens the file in your editor · esc goes back", a.Look()))
		return
	}
	cursor := point{-1, -1}
	switch {
	case a.H < leastTall:
		cursor = p.drawSmall(c, a)
	case a.W >= twoPanes:
		cursor = p.drawWide(c, a)
	default:
		cursor = p.drawTall(c, a)
	}
	switch {
	case p.naming != nil:
		p.drawNaming(a)
	case p.conflict != nil:
		p.drawConflict(a)
	case p.popup.open && cursor.x >= 0:
		p.drawPopup(c, a, cursor)
	}
}

// resize tells the lists how long they are.
func (p *Page) resize(c *page.Context) {
	leaves := 0
	if got := page.Answer[sieved](c, "funnel"); got.Has {
		leaves = len(got.Value.funnel.Leaves)
	}
	p.funnel.Resize(leaves + 1)
	p.samples.Resize(len(p.sampleList(c)))
	if p.focus == onSample && p.samples.Len == 0 {
		p.focus = onFunnel
	}
}

// framed writes the words of a frame in the characters of the look.
func framed(a draw.Area, f draw.Frame) draw.Frame {
	f.Title, f.Foot = dotted(f.Title, a.Look()), dotted(f.Foot, a.Look())
	return f
}

// dotted is a text whose parts are set apart by dots, or by what ASCII has.
func dotted(text string, look draw.Look) string {
	if look.Simple() {
		return strings.ReplaceAll(text, " · ", " - ")
	}
	return text
}

// point is a place of the page's area.
type point struct{ x, y int }

// drawWide is the text above, the funnel and the size below it side by side, and
// the SQL or the difference at the bottom.
func (p *Page) drawWide(c *page.Context, a draw.Area) point {
	rows := len(p.rows(p.width(c), a.Look()))
	height := max(6, min(rows+3, a.H*2/5)) //nolint:mnd // Two fifths are left to the numbers.
	top, rest := a.Top(height)
	cursor := p.drawText(c, top)
	if v := p.lower(c); v != viewNothing {
		var below draw.Area
		rest, below = rest.Bottom(max(6, rest.H*2/5)) //nolint:mnd // As above.
		p.drawLower(c, below, v)
	}
	left, right := rest.Left(rest.W - liveWidth)
	p.drawFunnel(c, left)
	p.drawLive(c, right)
	return cursor
}

// drawTall is the text above, and the numbers or the lower pane below.
func (p *Page) drawTall(c *page.Context, a draw.Area) point {
	rows := len(p.rows(p.width(c), a.Look()))
	height := max(4, min(rows+2, a.H*9/20)) //nolint:mnd // Less than half.
	top, rest := a.Top(height)
	cursor := p.drawText(c, top)
	if v := p.lower(c); v != viewNothing {
		p.drawLower(c, rest, v)
		return cursor
	}
	p.drawNumbers(c, rest)
	return cursor
}

// drawSmall is the pane that takes the keys, alone.
func (p *Page) drawSmall(c *page.Context, a draw.Area) point {
	if v := p.lower(c); v != viewNothing && p.focus != onText {
		p.drawLower(c, a, v)
		return point{-1, -1}
	}
	if p.focus != onText {
		p.drawNumbers(c, a)
		return point{-1, -1}
	}
	return p.drawText(c, a)
}

// gutter is how wide the numbers of lines are, with their blank.
const gutter = 4

// drawText draws the panel of the text and returns where its cursor stands.
func (p *Page) drawText(c *page.Context, a draw.Area) point {
	look := a.Look()
	in := a.Panel(framed(a, draw.Frame{Title: p.title(), Foot: p.verdict(c, a), Focus: p.focus == onText && p.naming == nil && p.conflict == nil, Zone: "panel"}))
	in.Zone("text")
	rows := p.rows(in.W-gutter-1, look)
	at := p.cursorRow(rows)
	p.scroll(rows, at, in.H)
	styles := p.styles()
	if p.buf.Text() == "" {
		in.Fit(gutter, 0, in.W-gutter, draw.Dim, emptyHint)
	}
	place := point{-1, -1}
	for y := range in.H {
		i := p.top + y
		if i >= len(rows) {
			break
		}
		r := rows[i]
		if r.number > 0 {
			in.Put(0, y, draw.Dim, draw.PadLeft(itoa(r.number), gutter-1))
		}
		if r.problem {
			in.Spans(gutter, y, r.spans...)
			continue
		}
		for _, cell := range r.cells {
			offset := r.start + cell.Start - r.cells[0].Start
			in.Put(gutter+cell.X-r.cells[0].X, y, styles[offset], cell.Text)
		}
		if i == at {
			x := gutter + r.x(p.buf.Cursor())
			place = point{x, y}
			if p.Typing() && p.naming == nil {
				in.Cursor(x, y)
			}
		}
	}
	if place.x < 0 {
		return place
	}
	if look.Plain {
		return point{place.x, place.y + 1}
	}
	return point{place.x + 2, place.y + 1} //nolint:mnd // An edge and a blank.
}

// emptyHint stands in an empty text.
const emptyHint = "type a rule, such as count(order) last 30 days >= 3"

func (p *Page) title() string {
	name := p.name
	if name == "" {
		name = "new"
	}
	switch {
	case p.changed:
		return "Rule · " + name + " (draft; the file has changed)"
	case p.dirty():
		return "Rule · " + name + " (draft, not saved)"
	}
	return "Rule · " + name
}

// verdict says whether the text is right, and on a small screen how large the
// rule is.
func (p *Page) verdict(c *page.Context, a draw.Area) string {
	text := p.judged(a.Look())
	if a.H < leastTall && a.H == c.Height {
		if size := p.sizeText(c); size != "" {
			return size + " · " + text
		}
	}
	return text
}

func (p *Page) judged(look draw.Look) string {
	errors := 0
	var first *source.Diagnostic
	for i := range p.reading.Problems {
		if d := &p.reading.Problems[i]; d.Severity != source.Warning {
			errors++
			if first == nil {
				first = d
			}
		}
	}
	switch {
	case strings.TrimSpace(p.buf.Text()) == "":
		return "nothing typed yet"
	case first != nil:
		at := first.Span.File.Position(first.Span.Start)
		return look.Sign(draw.SignNo) + " " + source.Counted(errors, "mistake") + " · " + itoa(at.Line) + ":" + itoa(at.Column) + " " + first.Message
	case len(p.reading.Problems) > 0:
		return look.Sign(draw.SignWarn) + " right, with " + source.Counted(len(p.reading.Problems), "warning")
	}
	leaves := draw.Plural(int64(len(p.reading.Leaves)), "leaf", "leaves")
	return look.Sign(draw.SignYes) + " right · " + leaves
}

// cursorRow is the row that the cursor stands in.
func (p *Page) cursorRow(rows []row) int {
	cursor, found := p.buf.Cursor(), 0
	for i, r := range rows {
		if r.holds(cursor, true) {
			found = i // Of two rows that meet at the cursor the second.
		}
	}
	return found
}

// scroll keeps the cursor in view, and what is wrong below it where there is room.
func (p *Page) scroll(rows []row, at, height int) {
	last := at
	for last+1 < len(rows) && rows[last+1].problem {
		last++
	}
	if last >= p.top+height {
		p.top = last - height + 1
	}
	if at < p.top || at >= p.top+height {
		p.top = at
	}
	p.top = max(0, min(p.top, len(rows)-height))
}

// placeAt is the place in the text that was clicked.
func (p *Page) placeAt(c *page.Context, x, y int) int {
	rows := p.rows(p.width(c), c.Look)
	i := min(len(rows)-1, p.top+y)
	for i > 0 && rows[i].problem {
		i--
	}
	return rows[i].offset(max(0, x-gutter))
}

// width is that of the rows of the text.
func (p *Page) width(c *page.Context) int {
	if c.Look.Plain {
		return c.Width - gutter - 1
	}
	return c.Width - 4 - gutter - 1 //nolint:mnd // The frame.
}

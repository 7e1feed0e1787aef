package picture

import (
	"fmt"
	"html"
	"image/color"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"

	"strata/tui/draw"
)

// The size of a cell and what lies around the cells, in units of the picture.
const (
	cellWide = 8.43
	cellTall = 18.0
	fontSize = 14.0
	// baseline is where characters stand in a cell.
	baseline = 13.5
	// bar is the height of the window's title bar, margin what is free around the
	// cells.
	bar    = 30.0
	margin = 12.0
	round  = 9.0
)

// theme are the colours of a window that cells without colours have.
type theme struct {
	background, text, bar, title, edge color.Color
	dots                               [3]color.Color
}

var (
	darkTheme = theme{
		background: rgb(0x0D1117), text: rgb(0xE6EDF3), bar: rgb(0x1B222C), title: rgb(0x9AA5B1), edge: rgb(0x30363D),
		dots: [3]color.Color{rgb(0x596473), rgb(0x596473), rgb(0x596473)},
	}
	lightTheme = theme{
		background: rgb(0xFFFFFF), text: rgb(0x1F2328), bar: rgb(0xEEF1F4), title: rgb(0x57606A), edge: rgb(0xC9D1D9),
		dots: [3]color.Color{rgb(0xB4BDC7), rgb(0xB4BDC7), rgb(0xB4BDC7)},
	}
)

func rgb(hex uint32) color.Color {
	return color.RGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff} //nolint:gosec,mnd // The bytes of a colour.
}

// SVG is a picture of a screen in a window with a title.
func SVG(canvas *draw.Canvas, title string) string {
	p := &painter{canvas: canvas, theme: darkTheme}
	if canvas.Look().Theme == draw.Light {
		p.theme = lightTheme
	}
	p.w, p.h = canvas.Size()
	p.window(title)
	p.backgrounds()
	p.shapes()
	for y := range p.h {
		p.texts(y)
	}
	p.cursor()
	p.out.WriteString("</g>\n</svg>\n")
	return p.out.String()
}

// painter writes a picture.
type painter struct {
	canvas *draw.Canvas
	theme  theme
	w, h   int
	out    strings.Builder
}

// number writes a length with as few places as it needs.
func number(x float64) string {
	text := fmt.Sprintf("%.2f", x)
	text = strings.TrimRight(text, "0")
	text = strings.TrimSuffix(text, ".")
	if text == "-0" {
		return "0"
	}
	return text
}

// hex writes a colour.
func hex(c color.Color) string {
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8) //nolint:mnd // The high bytes.
}

// window draws the frame, and opens the group of the cells.
func (p *painter) window(title string) {
	wide := float64(p.w)*cellWide + 2*margin
	tall := float64(p.h)*cellTall + bar + 2*margin
	label := html.EscapeString(printable(title))
	fmt.Fprintf(&p.out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" height="%s" role="img" aria-label="%s">`+"\n",
		number(wide), number(tall), number(wide), number(tall), label)
	fmt.Fprintf(&p.out, "<title>%s</title>\n", label)
	t := p.theme
	fmt.Fprintf(&p.out, `<rect x=".5" y=".5" width="%s" height="%s" rx="%s" fill="%s" stroke="%s"/>`+"\n", number(wide-1), number(tall-1), number(round), hex(t.background), hex(t.edge))
	fmt.Fprintf(&p.out, `<path d="M1 %sV%sA%s %s 0 0 1 %s 1H%sA%s %s 0 0 1 %s %sV%sZ" fill="%s"/>`+"\n",
		number(bar), number(round), number(round-1), number(round-1), number(round), number(wide-round), number(round-1), number(round-1), number(wide-1), number(round), number(bar), hex(t.bar))
	for i, dot := range t.dots {
		fmt.Fprintf(&p.out, `<circle cx="%s" cy="%s" r="5" fill="%s"/>`+"\n", number(18+17*float64(i)), number(bar/2), hex(dot)) //nolint:mnd // Places of the buttons.
	}
	fmt.Fprintf(&p.out, `<text x="%s" y="%s" text-anchor="middle" font-family="sans-serif" font-size="12.5" fill="%s">%s</text>`+"\n", number(wide/2), number(bar/2+4.5), hex(t.title), label) //nolint:mnd // The middle of the letters.
	fmt.Fprintf(&p.out, `<g transform="translate(%s %s)" font-family="'DejaVu Sans Mono','Noto Sans Mono',Menlo,Consolas,'Liberation Mono','Noto Sans Mono CJK JP',monospace" font-size="%s">`+"\n",
		number(margin), number(bar+margin), number(fontSize))
}

// look is how a cell is drawn.
type look struct {
	fg, bg                color.Color
	bold, faint, underbar bool
	curly                 bool
}

// lookOf are the colours of a cell, with what reverses and weakens them.
func (p *painter) lookOf(s uv.Style) look {
	l := look{fg: s.Fg, bg: s.Bg, bold: s.Attrs&uv.AttrBold != 0, faint: s.Attrs&uv.AttrFaint != 0}
	l.underbar = s.Underline != uv.UnderlineNone
	l.curly = s.Underline == uv.UnderlineCurly
	if l.fg == nil {
		l.fg = p.theme.text
	}
	if s.Attrs&uv.AttrReverse != 0 {
		if l.bg == nil {
			l.bg = p.theme.background
		}
		l.fg, l.bg = l.bg, l.fg
	}
	return l
}

// fill is the colour of a text; faint ones are half way to the background.
func (p *painter) fill(l look) string {
	if !l.faint {
		return hex(l.fg)
	}
	under := l.bg
	if under == nil {
		under = p.theme.background
	}
	r, g, b, _ := l.fg.RGBA()
	ur, ug, ub, _ := under.RGBA()
	mix := func(a, b uint32) uint8 { return uint8((a*6 + b*4) / 10 >> 8) } //nolint:gosec,mnd // Six parts of ten.
	return hex(color.RGBA{R: mix(r, ur), G: mix(g, ug), B: mix(b, ub), A: 0xff})
}

// cell is what stands at a place; ok is false for the second half of a wide
// character.
func (p *painter) cell(x, y int) (text string, l look, width int, ok bool) {
	c := p.canvas.Cell(x, y)
	if c == nil {
		return " ", look{fg: p.theme.text}, 1, true
	}
	if c.Width == 0 {
		return "", look{}, 0, false
	}
	text = printable(c.Content)
	if text == "" {
		text = " "
	}
	return text, p.lookOf(c.Style), max(1, c.Width), true
}

// printable leaves out what XML does not allow.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0xFFFE || r == 0xFFFF || r == 0x7F || r >= 0xD800 && r <= 0xDFFF {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
}

// backgrounds draws a rectangle for each run of cells with one background.
func (p *painter) backgrounds() {
	for y := range p.h {
		for x := 0; x < p.w; {
			from, bg := x, p.backAt(x, y)
			for x < p.w && p.backAt(x, y) == bg {
				x++
			}
			if bg != "" {
				p.rect(float64(from)*cellWide, float64(y)*cellTall, float64(x-from)*cellWide, cellTall, bg)
			}
		}
	}
}

// backAt is the background of a cell, "" for that of the window. The second half
// of a wide character has that of the first.
func (p *painter) backAt(x, y int) string {
	for ; x >= 0; x-- {
		if _, l, _, ok := p.cell(x, y); ok {
			if l.bg == nil {
				return ""
			}
			return hex(l.bg)
		}
	}
	return ""
}

func (p *painter) rect(x, y, w, h float64, fill string) {
	fmt.Fprintf(&p.out, `<rect x="%s" y="%s" width="%s" height="%s" fill="%s"/>`+"\n", number(x), number(y), number(w), number(h), fill)
}

// texts draws the characters of a line, runs of one style as one text.
func (p *painter) texts(y int) {
	for x := 0; x < p.w; {
		text, l, width, ok := p.cell(x, y)
		if !ok || strings.TrimSpace(text) == "" && !l.underbar || shaped(text) {
			x += max(1, width)
			continue
		}
		switch {
		case simple(text):
			x = p.run(x, y, l, simple)
		case turned(text):
			x = p.run(x, y, l, turned)
		default:
			p.text(x, y, width, text, l, false)
			x += width
		}
	}
}

// run draws cells of one kind and style as one text, and returns the place behind
// them. It ends at two blanks, so that nothing shifts where the viewer's font is
// of another width.
func (p *painter) run(x, y int, l look, kind func(string) bool) int {
	from, words := x, ""
	for x < p.w {
		next, nl, w, ok := p.cell(x, y)
		if !ok || w != 1 || !sameText(l, nl) || !kind(next) || strings.HasSuffix(words, "  ") && !l.underbar {
			break
		}
		words += next
		x += w
	}
	if !l.underbar {
		words = strings.TrimRight(words, " ")
	}
	p.text(from, y, min(x-from, cells(words)), words, l, true)
	return x
}

// cells is how many cells characters of one cell each take.
func cells(words string) int { return draw.Width(words) }

// simple reports whether a character is surely one cell wide in all fonts: others
// are placed one by one.
func simple(text string) bool {
	r := []rune(text)
	return len(r) == 1 && r[0] >= ' ' && r[0] < 0x250 && r[0] != 0xAD
}

// turned reports whether a character is written from right to left; a run of them
// is left to the viewer, who joins and turns them.
func turned(text string) bool {
	r := []rune(text)
	if len(r) == 0 {
		return false
	}
	return r[0] >= 0x590 && r[0] < 0x900 || r[0] >= 0xFB1D && r[0] < 0xFE00 || r[0] >= 0xFE70 && r[0] < 0xFEFD
}

// sameText reports whether two cells can be one text; a background is drawn
// apart.
func sameText(a, b look) bool {
	return a.fg == b.fg && a.bold == b.bold && a.faint == b.faint && a.underbar == b.underbar && a.curly == b.curly && (!a.faint || a.bg == b.bg)
}

// text draws a text that takes so many cells. textLength holds it to the cells
// where the viewer's font is of another width.
func (p *painter) text(x, y, cells int, text string, l look, many bool) {
	attributes := ""
	if l.bold {
		attributes += ` font-weight="bold"`
	}
	left := float64(x) * cellWide
	if l.underbar {
		p.underline(x, y, cells, l)
	}
	if strings.TrimSpace(text) == "" {
		return
	}
	if many {
		attributes += fmt.Sprintf(` textLength="%s"`, number(float64(cells)*cellWide))
	} else { // One by one they stand in the middle of their cells.
		left += float64(cells) * cellWide / 2
		attributes += ` text-anchor="middle"`
	}
	fmt.Fprintf(&p.out, `<text x="%s" y="%s" fill="%s"%s>%s</text>`+"\n", number(left), number(float64(y)*cellTall+baseline), p.fill(l), attributes, spaced(text))
}

// spaced is a text whose blanks are not joined to one.
func spaced(text string) string {
	return html.EscapeString(strings.ReplaceAll(text, "  ", "\u00a0\u00a0"))
}

// underline draws a line below a text, a wave for what is wrong.
func (p *painter) underline(x, y, cells int, l look) {
	left, right, at := float64(x)*cellWide, float64(x+cells)*cellWide, float64(y)*cellTall+cellTall-2.5 //nolint:mnd // A little above the next line.
	d := "M" + number(left) + " " + number(at) + "H" + number(right)
	if l.curly {
		d = "M" + number(left) + " " + number(at)
		for i := range cells * 2 {
			d += "q" + number(cellWide/4) + " " + map[bool]string{true: "-3", false: "3"}[i%2 == 0] + " " + number(cellWide/2) + " 0"
		}
	}
	fmt.Fprintf(&p.out, `<path d="%s" fill="none" stroke="%s"/>`+"\n", d, p.fill(l))
}

// cursor draws the terminal's cursor.
func (p *painter) cursor() {
	x, y, ok := p.canvas.Cursor()
	if !ok {
		return
	}
	fmt.Fprintf(&p.out, `<rect x="%s" y="%s" width="2" height="%s" fill="%s"/>`+"\n", number(float64(x)*cellWide), number(float64(y)*cellTall+1), number(cellTall-2), hex(p.theme.text))
}

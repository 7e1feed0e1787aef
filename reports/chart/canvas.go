package chart

import (
	"fmt"
	"html/template"
	"strings"
)

// Figure is what every chart has.
type Figure struct {
	// ID makes the ids of the drawing, which a document may have once.
	ID string
	// Title stands above, and Desc says in a sentence what the chart shows, to
	// those who do not see it.
	Title, Desc string
	// Width is that of the drawing in CSS pixels, 0 for 720. It shrinks with its
	// place and never grows beyond it.
	Width float64
}

// Width is that of drawings where nobody says.
const Width = 720.0

func (f Figure) width() float64 {
	if f.Width <= 0 || !known(f.Width) {
		return Width
	}
	return max(f.Width, 200)
}

// narrow reports whether names stand above what they name, not beside.
func (f Figure) narrow() bool { return f.width() < 480 }

// Nothing is the figure of a chart that cannot be drawn, and why.
func Nothing(f Figure, reason string) template.HTML {
	c := newCanvas(f)
	for _, line := range wrapped("nothing to show: "+Clean(reason), labelSize, c.w-16) {
		c.y += 18
		c.text(0, c.y, "dim", start, labelSize, line)
	}
	return c.done(c.y + 10)
}

// canvas is a drawing on its way.
type canvas struct {
	b   strings.Builder
	fig Figure
	w   float64
	// y is how far down the drawing has come: below the title at first.
	y float64
}

// anchor says which point of a text a place is.
type anchor string

const (
	start  anchor = "start"
	middle anchor = "middle"
	end    anchor = "end"
)

func newCanvas(f Figure) *canvas {
	c := &canvas{fig: f, w: f.width()}
	if f.Title != "" {
		c.cut(0, 16, "title", start, titleSize*1.08, f.Title, c.w)
		c.y = 24
	}
	return c
}

// done closes the drawing at a height.
func (c *canvas) done(height float64) template.HTML {
	f := c.fig
	w, h := coordinate(c.w), coordinate(height)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" height="%s" role="img"`, w, h, w, h)
	id := plain(f.ID)
	if f.ID != "" {
		fmt.Fprintf(&b, ` aria-labelledby="%s-t %s-d"`, id, id)
	}
	b.WriteString(">\n")
	label := func(element, suffix, text string) {
		b.WriteString("<" + element)
		if f.ID != "" {
			b.WriteString(` id="` + id + suffix + `"`)
		}
		b.WriteString(">" + plain(text) + "</" + element + ">\n")
	}
	label("title", "-t", f.Title)
	label("desc", "-d", f.Desc)
	b.WriteString(c.b.String())
	b.WriteString("</svg>\n")
	return template.HTML(b.String()) //nolint:gosec // Texts went through plain.
}

// text writes a text that fits.
func (c *canvas) text(x, y float64, class string, at anchor, size float64, text string) {
	c.write(x, y, class, at, size, text, "", false)
}

// cut writes a text cut to a width; the whole of it shows where it is pointed at.
func (c *canvas) cut(x, y float64, class string, at anchor, size float64, text string, width float64) {
	text = Clean(text)
	short, whole := fitted(text, size, width), ""
	if short != text {
		whole = text
	}
	c.write(x, y, class, at, size, short, whole, false)
}

// upright writes a text from below to above, cut to a length.
func (c *canvas) upright(x, y float64, class string, size float64, text string, length float64) {
	text = Clean(text)
	short, whole := fitted(text, size, length), ""
	if short != text {
		whole = text
	}
	c.write(x, y, class, start, size, short, whole, true)
}

func (c *canvas) write(x, y float64, class string, at anchor, size float64, text, whole string, upright bool) {
	if text == "" {
		return
	}
	if size == smallSize {
		class = strings.TrimSpace(class + " small")
	}
	fmt.Fprintf(&c.b, `<text x="%s" y="%s"`, coordinate(x), coordinate(y))
	if class != "" {
		fmt.Fprintf(&c.b, ` class="%s"`, class)
	}
	if at != start {
		fmt.Fprintf(&c.b, ` text-anchor="%s"`, at)
	}
	if upright {
		fmt.Fprintf(&c.b, ` transform="rotate(-90 %s %s)"`, coordinate(x), coordinate(y))
	}
	c.b.WriteString(">" + plain(text))
	if whole != "" {
		c.b.WriteString("<title>" + plain(whole) + "</title>")
	}
	c.b.WriteString("</text>\n")
}

// rect draws a box; what is said shows where it is pointed at.
func (c *canvas) rect(x, y, w, h float64, class, said string) {
	fmt.Fprintf(&c.b, `<rect x="%s" y="%s" width="%s" height="%s" class="%s"`,
		coordinate(x), coordinate(y), coordinate(max(w, 0)), coordinate(max(h, 0)), class)
	c.close("rect", said)
}

// circle draws a disk.
func (c *canvas) circle(x, y, r float64, class, said string) {
	fmt.Fprintf(&c.b, `<circle cx="%s" cy="%s" r="%s" class="%s"`, coordinate(x), coordinate(y), coordinate(r), class)
	c.close("circle", said)
}

func (c *canvas) close(element, said string) {
	if said == "" {
		c.b.WriteString("/>\n")
		return
	}
	c.b.WriteString("><title>" + plain(said) + "</title></" + element + ">\n")
}

// line draws a straight line.
func (c *canvas) line(x1, y1, x2, y2 float64, class string) {
	fmt.Fprintf(&c.b, `<line x1="%s" y1="%s" x2="%s" y2="%s" class="%s"/>`+"\n",
		coordinate(x1), coordinate(y1), coordinate(x2), coordinate(y2), class)
}

// path draws through points; a closed one is an area.
func (c *canvas) path(points [][2]float64, class string, closed bool) {
	if len(points) == 0 {
		return
	}
	c.b.WriteString(`<path d="`)
	for i, p := range points {
		letter := "L"
		if i == 0 {
			letter = "M"
		}
		c.b.WriteString(letter + coordinate(p[0]) + " " + coordinate(p[1]))
	}
	if closed {
		c.b.WriteString("Z")
	}
	c.b.WriteString(`" class="` + class + `"/>` + "\n")
}

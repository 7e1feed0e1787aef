package draw

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"strata/reports/render"
)

// Area is a part of a screen. Places are counted from its corner, and nothing is
// drawn outside of it.
type Area struct {
	canvas *Canvas
	x, y   int
	// W and H are the size in cells.
	W, H int
}

// Look is how the screen is drawn.
func (a Area) Look() Look { return a.canvas.look }

// Sub is a part of the area, cut where it does not fit.
func (a Area) Sub(x, y, w, h int) Area {
	x, y = max(0, x), max(0, y)
	w, h = max(0, min(w, a.W-x)), max(0, min(h, a.H-y))
	return Area{canvas: a.canvas, x: a.x + x, y: a.y + y, W: w, H: h}
}

// Top cuts n lines off the top.
func (a Area) Top(n int) (top, rest Area) {
	n = max(0, min(n, a.H))
	return a.Sub(0, 0, a.W, n), a.Sub(0, n, a.W, a.H-n)
}

// Bottom cuts n lines off the bottom.
func (a Area) Bottom(n int) (rest, bottom Area) {
	n = max(0, min(n, a.H))
	return a.Sub(0, 0, a.W, a.H-n), a.Sub(0, a.H-n, a.W, n)
}

// Left cuts n columns off the left.
func (a Area) Left(n int) (left, rest Area) {
	n = max(0, min(n, a.W))
	return a.Sub(0, 0, n, a.H), a.Sub(n, 0, a.W-n, a.H)
}

// Inset leaves columns free on both sides.
func (a Area) Inset(columns int) Area { return a.Sub(columns, 0, a.W-2*columns, a.H) }

// Center is an area of a size in the middle.
func (a Area) Center(w, h int) Area {
	w, h = min(w, a.W), min(h, a.H)
	return a.Sub((a.W-w)/2, (a.H-h)/2, w, h)
}

// Put writes a text on one line and returns the column behind it. Characters that
// would move the cursor are not let through; what does not fit is cut.
func (a Area) Put(x, y int, s Style, text string) int {
	if y < 0 || y >= a.H || a.W <= 0 {
		return x
	}
	text = render.Clean(text)
	for text != "" {
		cluster, width := ansi.FirstGraphemeCluster(text, ansi.GraphemeWidth)
		if cluster == "" {
			break
		}
		text = text[len(cluster):]
		if width <= 0 {
			continue
		}
		if x+width > a.W {
			if x < a.W && x >= 0 {
				a.canvas.put(a.x+x, a.y+y, 1, " ", s)
			}
			return x + width
		}
		if x >= 0 {
			a.canvas.put(a.x+x, a.y+y, width, cluster, s)
		}
		x += width
	}
	return x
}

// Fit writes a text and says with a sign at its end that it was cut.
func (a Area) Fit(x, y, width int, s Style, text string) int {
	width = min(width, a.W-x)
	if width <= 0 {
		return x
	}
	return a.Put(x, y, s, Cut(text, width, a.Look()))
}

// Right writes a text so that it ends at a column, counted from the left.
func (a Area) Right(end, y int, s Style, text string) {
	a.Put(end-Width(text), y, s, text)
}

// Span is a text with its style.
type Span struct {
	Style Style
	Text  string
}

// Spans writes texts of several styles one behind the other and returns the
// column behind them.
func (a Area) Spans(x, y int, spans ...Span) int {
	for _, s := range spans {
		x = a.Put(x, y, s.Style, s.Text)
	}
	return x
}

// Wrap writes a text on as many lines as it needs and returns how many these are.
func (a Area) Wrap(x, y int, s Style, text string) int {
	lines := Lines(text, a.W-x)
	for i, line := range lines {
		a.Put(x, y+i, s, line)
	}
	return len(lines)
}

// Fill gives the whole area a style and empties it.
func (a Area) Fill(s Style) {
	for y := range a.H {
		a.FillLine(y, s)
	}
}

// FillLine empties one line.
func (a Area) FillLine(y int, s Style) {
	if y < 0 || y >= a.H {
		return
	}
	for x := range a.W {
		a.canvas.put(a.x+x, a.y+y, 1, " ", s)
	}
}

// Zone lets the mouse hit the area under a name.
func (a Area) Zone(id string) {
	if a.W > 0 && a.H > 0 {
		a.canvas.zones = append(a.canvas.zones, zone{x: a.x, y: a.y, w: a.W, h: a.H, id: id})
	}
}

// Cursor shows the terminal's cursor at a place, if it lies in the area.
func (a Area) Cursor(x, y int) {
	if x >= 0 && x < a.W && y >= 0 && y < a.H {
		a.canvas.cursor = &point{a.x + x, a.y + y}
	}
}

// Width is how many cells a text takes.
func Width(text string) int { return ansi.StringWidth(render.Clean(text)) }

// Cut shortens a text to a width, with a sign where something is missing.
func Cut(text string, width int, look Look) string {
	tail := "…"
	if look.Simple() {
		tail = "~"
	}
	return ansi.Truncate(render.Clean(text), width, tail)
}

// Lines breaks a text at blanks into lines of a width; a word that is longer is
// cut into pieces. Line breaks of the text stay.
func Lines(text string, width int) []string {
	if width <= 0 {
		return nil
	}
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		out = append(out, broken(render.Clean(line), width)...)
	}
	return out
}

// broken breaks one line. Blanks at its beginning stay, as an indentation.
func broken(text string, width int) []string {
	indent := text[:len(text)-len(strings.TrimLeft(text, " "))]
	if len(indent) >= width {
		indent = ""
	}
	var out []string
	line := indent
	for i, word := range strings.Split(text[len(text)-len(strings.TrimLeft(text, " ")):], " ") {
		switch {
		case i == 0 || line == "":
			line += word
		case Width(line)+1+Width(word) <= width:
			line += " " + word
		default:
			out, line = append(out, line), word
		}
		for Width(line) > width {
			head := ansi.Truncate(line, width, "")
			if head == "" { // A character that is wider than the line.
				return append(out, line)
			}
			out, line = append(out, head), line[len(head):]
		}
	}
	return append(out, line)
}

package draw

import (
	"slices"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// Canvas is a screen of cells. It is drawn once and then read.
type Canvas struct {
	buffer *uv.Buffer
	look   Look
	styles map[Style]uv.Style
	zones  []zone
	cursor *point
}

type point struct{ x, y int }

// zone is a part of the screen that the mouse can hit.
type zone struct {
	x, y, w, h int
	id         string
}

// NewCanvas makes an empty screen of a size in cells.
func NewCanvas(w, h int, look Look) *Canvas {
	return &Canvas{buffer: uv.NewBuffer(max(0, w), max(0, h)), look: look, styles: map[Style]uv.Style{}}
}

// Area is the whole screen.
func (c *Canvas) Area() Area { return Area{canvas: c, W: c.buffer.Width(), H: c.buffer.Height()} }

// Look is how the screen is drawn.
func (c *Canvas) Look() Look { return c.look }

// Frame is the screen for the terminal.
func (c *Canvas) Frame() string { return c.buffer.Render() }

// Text is the screen without styles, a line each, without blanks at the ends.
func (c *Canvas) Text() string {
	var out strings.Builder
	for y := range c.buffer.Height() {
		line := ansi.Strip(c.buffer.Line(y).Render())
		out.WriteString(strings.TrimRight(line, " "))
		out.WriteByte('\n')
	}
	return out.String()
}

// Size is the number of cells in a line and the number of lines.
func (c *Canvas) Size() (w, h int) { return c.buffer.Width(), c.buffer.Height() }

// Cell is what stands at a place: its text, empty for the second half of a wide
// character, its width and its style in colours.
func (c *Canvas) Cell(x, y int) *uv.Cell { return c.buffer.CellAt(x, y) }

// Cursor is where the terminal's cursor stands; ok is false where none is shown.
func (c *Canvas) Cursor() (x, y int, ok bool) {
	if c.cursor == nil {
		return 0, 0, false
	}
	return c.cursor.x, c.cursor.y, true
}

// Hit names what lies at a place, and the place counted from its corner. What
// was drawn last lies on top.
func (c *Canvas) Hit(x, y int) (id string, dx, dy int, ok bool) {
	for _, z := range slices.Backward(c.zones) {
		if x >= z.x && x < z.x+z.w && y >= z.y && y < z.y+z.h {
			return z.id, x - z.x, y - z.y, true
		}
	}
	return "", 0, 0, false
}

// style resolves each style once.
func (c *Canvas) style(s Style) uv.Style {
	known, ok := c.styles[s]
	if !ok {
		known = c.look.resolve(s)
		c.styles[s] = known
	}
	return known
}

// put writes one grapheme; what is cut in half by the edge becomes a blank.
func (c *Canvas) put(x, y, width int, text string, s Style) {
	style := c.style(s)
	if c.look.Simple() {
		if simple, ok := plainer[text]; ok {
			text, width = simple, 1
		}
	}
	if s.has(Selected) || s.role() != Normal || text != " " {
		c.buffer.SetCell(x, y, &uv.Cell{Content: text, Width: width, Style: style})
		return
	}
	c.buffer.SetCell(x, y, &uv.Cell{Content: " ", Width: 1, Style: style})
}

// plainer are the signs of our own texts in ASCII. Names from the data keep their
// letters.
var plainer = map[string]string{
	"–": "-", "—": "-", "−": "-", "…": "~", "·": "|", "±": "~", "≈": "~", "×": "x", "∩": "&", "∪": "+", "›": ">", "‹": "<",
	"↑": "^", "↓": "v", "←": "<", "→": ">", "▸": ">", "▾": "v", "◂": "<", "▲": "^", "▼": "v", "✓": "+", "✗": "x", "•": "*",
	"“": "\"", "”": "\"", "’": "'", "‘": "'", "\u00a0": " ", "½": "~", "↵": ">", "⋯": "~", "≤": "<", "≥": ">",
}

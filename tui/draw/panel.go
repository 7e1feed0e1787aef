package draw

// Frame are the lines around a panel.
type Frame struct {
	// Title stands in the upper edge, Foot in the lower one.
	Title, Foot string
	// Focus says that the panel takes the keys.
	Focus bool
	// Zone is what the mouse hits, "" for nothing.
	Zone string
}

// Panel draws a frame and returns what is inside, with a blank on both sides.
// Without frames the title is a line of its own.
func (a Area) Panel(f Frame) Area {
	if f.Zone != "" {
		a.Zone(f.Zone)
	}
	if a.Look().Plain {
		return a.plainPanel(f)
	}
	if a.W < 4 || a.H < 2 { //nolint:mnd // Two corners with something between them.
		return a.Sub(0, 0, 0, 0)
	}
	edge := Border
	if f.Focus {
		edge = BorderFocus
	}
	l := a.Look()
	a.edge(0, edge, l.pick("╭", "+"), l.pick("╮", "+"), f.Title, f.Focus)
	a.edge(a.H-1, edge, l.pick("╰", "+"), l.pick("╯", "+"), f.Foot, false)
	side := l.pick("│", "|")
	for y := 1; y < a.H-1; y++ {
		a.Put(0, y, edge, side)
		a.Put(a.W-1, y, edge, side)
	}
	return a.Sub(2, 1, a.W-4, a.H-2) //nolint:mnd // An edge and a blank on each side.
}

// edge draws the upper or lower line of a frame with its text.
func (a Area) edge(y int, s Style, left, right, text string, bold bool) {
	a.Put(0, y, s, left)
	line := a.Look().pick("─", "-")
	for x := 1; x < a.W-1; x++ {
		a.Put(x, y, s, line)
	}
	a.Put(a.W-1, y, s, right)
	if text == "" {
		return
	}
	style := Normal
	if bold {
		style = Bold
	}
	shown := Cut(text, a.W-6, a.Look()) //nolint:mnd // Corner, line and blank on each side.
	if shown == "" {
		return
	}
	a.Put(2, y, style, " "+shown+" ")
}

// plainPanel is a panel for a screen reader.
func (a Area) plainPanel(f Frame) Area {
	y := 0
	if f.Title != "" {
		a.Fit(0, 0, a.W, Bold, f.Title+":")
		y = 1
	}
	inside := a.Sub(0, y, a.W, a.H-y)
	if f.Foot == "" || inside.H < 2 {
		return inside
	}
	inside, foot := inside.Bottom(1)
	foot.Fit(0, 0, foot.W, Dim, f.Foot)
	return inside
}

// Tabs draws the names of tabs on one line, the chosen one marked, and lets the
// mouse hit them as "tab:0" and so on. Where they do not fit, those around the
// chosen one are shown.
func (a Area) Tabs(y int, names []string, chosen int) {
	from := 0
	for from < chosen && tabsWidth(names[from:chosen+1]) > a.W {
		from++
	}
	x := 0
	for i := from; i < len(names); i++ {
		text, style := " "+names[i]+" ", Dim
		if i == chosen {
			text, style = "["+names[i]+"]", Accent|Bold
		}
		if x+Width(text) > a.W {
			a.Put(a.W-1, y, Dim, Cut("››", 1, a.Look()))
			return
		}
		a.Sub(x, y, Width(text), 1).Zone("tab:" + itoa(i))
		x = a.Put(x, y, style, text)
	}
}

func tabsWidth(names []string) int {
	width := 0
	for _, name := range names {
		width += Width(name) + 2 //nolint:mnd // A blank or bracket on each side.
	}
	return width
}

// Keys draws hints such as "e edit" with the keys marked, cuts behind the last
// that fits, and lets the mouse hit them as "key:e".
func (a Area) Keys(y int, hints []KeyHint) {
	x := 0
	for _, h := range hints {
		width := Width(h.Key) + 1 + Width(h.Does)
		if x+width > a.W {
			return
		}
		a.Sub(x, y, width, 1).Zone("key:" + h.Key)
		x = a.Put(x, y, Accent|Bold, h.Key)
		x = a.Put(x+1, y, Dim, h.Does) + 2 //nolint:mnd // Blanks between hints.
	}
}

// KeyHint is a key and what it does, in a word.
type KeyHint struct{ Key, Does string }

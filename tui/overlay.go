package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"strata/tui/draw"
	"strata/tui/page"
	"strata/tui/prompt"
)

// overlay lies on top of a page and takes all keys but esc, which closes it.
type overlay interface {
	update(m *Model, msg tea.Msg) tea.Cmd
	draw(m *Model, body draw.Area)
}

// overlayZone begins the names of what the mouse hits in an overlay.
const overlayZone = "over:"

// window draws the frame of an overlay over a page and returns what is inside.
func window(body draw.Area, w, h int, title, foot string) draw.Area {
	a := body.Center(w, h)
	a.Fill(draw.Normal)
	return a.Panel(draw.Frame{Title: title, Foot: foot, Focus: true, Zone: overlayZone + "window"})
}

// drawLine draws a line to type into behind its prompt.
func drawLine(a draw.Area, y int, before string, l *prompt.Line, empty string) {
	x := a.Put(0, y, draw.Accent|draw.Bold, before)
	l.Draw(a.Sub(x, y, a.W-x, 1), true, empty)
}

// choice is a line of a chooser.
type choice struct {
	title, key, note string
	off              string
	do               func() tea.Cmd
}

// chooser is a list to search and to choose from.
type chooser struct {
	title  string
	all    []choice
	shown  []choice
	search prompt.Line
	list   draw.List
	height int
}

func newChooser(title string, all []choice) *chooser {
	c := &chooser{title: title, all: all}
	c.filter()
	return c
}

// String and Len let the choices be searched.
func (c *chooser) String(i int) string { return c.all[i].title + " " + c.all[i].note }

// Len is the number of choices.
func (c *chooser) Len() int { return len(c.all) }

// filter keeps what fits the text, the best first.
func (c *chooser) filter() {
	text := strings.TrimSpace(c.search.Text())
	c.shown = c.all
	if text != "" {
		c.shown = nil
		for _, match := range fuzzy.FindFrom(text, c) {
			c.shown = append(c.shown, c.all[match.Index])
		}
	}
	c.list.Resize(len(c.shown))
	c.list.To(0)
}

func (c *chooser) update(m *Model, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		switch name := msg.String(); name {
		case "enter":
			return c.choose(m)
		case "up", "down", "pgup", "pgdown", "ctrl+u", "ctrl+d":
			c.list.Key(name, c.height)
			return nil
		}
		c.typed(msg)
	case tea.PasteMsg:
		c.typed(msg)
	case page.Click:
		if msg.Wheel != 0 {
			c.list.Move(msg.Wheel)
			return nil
		}
		if n, ok := number(strings.TrimPrefix(msg.ID, "choice:")); ok {
			c.list.To(n)
			return c.choose(m)
		}
	}
	return nil
}

// typed takes a key or a paste for the search.
func (c *chooser) typed(msg tea.Msg) {
	before := c.search.Text()
	c.search.Update(msg)
	if c.search.Text() != before {
		c.filter()
	}
}

// choose does what is chosen.
func (c *chooser) choose(m *Model) tea.Cmd {
	if c.list.Len == 0 {
		return nil
	}
	chosen := c.shown[c.list.Cursor]
	m.overlay = nil
	if chosen.off != "" {
		m.say(chosen.title+": "+chosen.off, true)
		return nil
	}
	return chosen.do()
}

func (c *chooser) draw(_ *Model, body draw.Area) {
	const most, frame = 78, 4
	height := min(body.H, len(c.all)+frame)
	in := window(body, min(body.W, most), height, c.title, "type to search · ↵ does it · esc closes")
	drawLine(in, 0, "/ ", &c.search, "type to search")
	if len(c.shown) == 0 {
		in.Put(0, 1, draw.Dim, "nothing fits · backspace")
		return
	}
	c.height = max(1, in.H-1)
	c.list.Resize(len(c.shown))
	from, to := c.list.Visible(c.height)
	for i := from; i < to; i++ {
		c.line(in.Sub(0, 1+i-from, in.W, 1), c.shown[i], i)
	}
}

// line draws one choice: its title, why it is off, its key.
func (c *chooser) line(a draw.Area, item choice, i int) {
	flags := draw.Normal
	if i == c.list.Cursor {
		flags = draw.Selected
		a.Fill(flags)
		a.Put(0, 0, draw.Accent|flags, a.Look().Sign(draw.SignCursor))
	}
	a.Zone(overlayZone + "choice:" + draw.Count(int64(i)))
	style := draw.Normal
	if item.off != "" {
		style = draw.Dim
	}
	room := a.W - 4 //nolint:mnd // The sign, and air before the key.
	if item.key != "" {
		a.Right(a.W, 0, draw.Accent|flags, item.key)
		room -= draw.Width(item.key) + 1
	}
	x := a.Fit(2, 0, room, style|flags, item.title) //nolint:mnd // Behind the sign.
	note := item.note
	if item.off != "" {
		note = item.off
	}
	if note != "" {
		a.Fit(x+2, 0, room-x, draw.Dim|flags, note) //nolint:mnd // Blanks between.
	}
}

// number reads a number as draw.Count writes it.
func number(text string) (int, bool) {
	n := 0
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			n = n*10 + int(r-'0') //nolint:mnd // Decimal.
		case r != ',':
			return 0, false
		}
	}
	return n, text != ""
}

// confirm asks before something is done.
type confirm struct{ ask page.Confirm }

func newConfirm(ask page.Confirm) *confirm { return &confirm{ask} }

func (c *confirm) update(m *Model, msg tea.Msg) tea.Cmd {
	name := ""
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		name = msg.String()
	case page.Click:
		name = msg.ID
	}
	switch name {
	case "y", "enter":
		m.overlay = nil
		return c.ask.Yes
	case "n", "q":
		m.overlay = nil
	}
	return nil
}

func (c *confirm) draw(_ *Model, body draw.Area) {
	const most, frame = 64, 5
	width := min(body.W, most)
	lines := draw.Lines(c.ask.Question, width-4)                            //nolint:mnd // Edges and blanks.
	in := window(body, width, min(body.H, len(lines)+frame-1), "Sure?", "") //nolint:mnd // A blank line between.
	in.Wrap(0, 0, draw.Normal, c.ask.Question)
	y := in.H - 1
	in.Sub(0, y, 5, 1).Zone(overlayZone + "y") //nolint:mnd // The word.
	x := in.Spans(0, y, draw.Span{Style: draw.Accent | draw.Bold, Text: "y"}, draw.Span{Text: " yes"})
	in.Sub(x+3, y, 4, 1).Zone(overlayZone + "n")                                                   //nolint:mnd // The word.
	in.Spans(x+3, y, draw.Span{Style: draw.Accent | draw.Bold, Text: "n"}, draw.Span{Text: " no"}) //nolint:mnd // Blanks between.
}

// details is a long text to read.
type details struct {
	title, text string
	list        draw.List
	height      int
}

func newDetails(err error) *details {
	text := err.Error()
	if hint := page.HintOf(err); hint != "" {
		text += "\n\nWhat to do: " + hint
	}
	return &details{title: "What went wrong", text: text}
}

func (d *details) update(m *Model, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		switch name := msg.String(); name {
		case "enter", "q":
			m.overlay = nil
		case "y":
			return m.copyText("the message", d.text)
		default:
			d.list.Key(name, d.height)
		}
	case page.Click:
		d.list.Move(msg.Wheel)
	}
	return nil
}

func (d *details) draw(_ *Model, body draw.Area) {
	const most, frame = 100, 2
	width := min(body.W, most)
	lines := draw.Lines(d.text, width-4) //nolint:mnd // Edges and blanks.
	in := window(body, width, min(body.H, len(lines)+frame), d.title, "y copies · esc closes")
	d.height = in.H
	// The cursor is the first line that is seen, so that each key scrolls.
	d.list.Resize(max(1, len(lines)-in.H+1))
	for i := 0; i < in.H && d.list.Cursor+i < len(lines); i++ {
		in.Put(0, i, draw.Normal, lines[d.list.Cursor+i])
	}
}

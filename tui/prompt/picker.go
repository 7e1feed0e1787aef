package prompt

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"strata/tui/draw"
)

// Item is something to pick. Note says what it is.
type Item struct{ Text, Note string }

// Picker is a line with a list below it.
type Picker struct {
	// Title says what is asked for, Empty stands in the line while it is empty, and
	// Help stands in the lower edge.
	Title, Empty, Help string
	Line               Line
	// Items are what can be picked now.
	Items []Item
	// Marks, where set, says which items are picked already; each shows it.
	Marks func(i int) bool
	// Free says that the text itself can be picked: then no item is chosen until the
	// user moves into the list.
	Free bool
	// Say stands below the line: that something is looked for, or why a text is
	// wrong; Bad tells the two apart.
	Say string
	Bad bool
	// Off draws the line without a cursor.
	Off bool
	// Below is how many lines are kept free below the list.
	Below int

	list draw.List
	// inside says that the cursor is in the list.
	inside bool
}

// Chosen is the place of the chosen item, -1 for the text itself.
func (p *Picker) Chosen() int {
	p.list.Resize(len(p.Items))
	if len(p.Items) == 0 || p.Free && !p.inside {
		return -1
	}
	return p.list.Cursor
}

// Top goes back to the first item, or to the text.
func (p *Picker) Top() {
	p.list.To(0)
	p.inside = false
}

// Move moves the choice.
func (p *Picker) Move(by int) {
	p.list.Resize(len(p.Items))
	switch {
	case len(p.Items) == 0:
		p.inside = false
	case p.Free && !p.inside:
		if by > 0 {
			p.inside = true
			p.list.To(0)
		}
	case p.Free && by < 0 && p.list.Cursor == 0:
		p.inside = false
	default:
		p.list.Move(by)
	}
}

// jump is how far a page moves.
const jump = 8

// Update takes a key or a paste. It reports whether the text has changed, and
// whether it knew the key.
func (p *Picker) Update(msg tea.Msg) (changed, known bool) {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		switch key.String() {
		case "up", "ctrl+p":
			p.Move(-1)
			return false, true
		case "down", "ctrl+n":
			p.Move(1)
			return false, true
		case "pgup":
			p.Move(-jump)
			return false, true
		case "pgdown":
			p.Move(jump)
			return false, true
		}
	}
	before := p.Line.Text()
	known = p.Line.Update(msg)
	if changed = p.Line.Text() != before; changed {
		p.Top()
	}
	return changed, known
}

// The size of a picker, which stays while the list gets shorter.
const (
	pickerWidth  = 64
	pickerHeight = 15
)

// Draw draws the picker in the middle of an area, over what is there, and lets
// the mouse hit its items as "pick:0" and so on. It returns the lines that were
// kept free.
func (p *Picker) Draw(a draw.Area) (below draw.Area) {
	p.list.Resize(len(p.Items))
	height := pickerHeight + p.Below
	if a.H <= height+4 { // Little room: all of it.
		height = a.H
	}
	box := a.Center(pickerWidth, height)
	box.Fill(draw.Normal)
	box.Zone("picker")
	in := box.Panel(draw.Frame{Title: p.Title, Foot: p.Help, Focus: true})
	in, below = in.Bottom(p.Below)
	mark := in.Put(0, 0, draw.Accent|draw.Bold, "> ")
	p.Line.Draw(in.Sub(mark, 0, in.W-mark, 1), !p.Off, p.Empty)
	top := 1
	if p.Say != "" {
		style := draw.Dim
		if p.Bad {
			style = draw.Bad
		}
		top += min(in.Sub(0, 1, in.W, 2).Wrap(0, 0, style, p.Say), 2) //nolint:mnd // More would leave no room for items.
	} else if in.H > 4 { //nolint:mnd // A blank line where there is room.
		top++
	}
	p.items(in.Sub(0, top, in.W, in.H-top))
	return below
}

// Clicked is the place of the item that a zone of the picker stands for, -1 for
// none.
func Clicked(zone string) int {
	place, ok := strings.CutPrefix(zone, "pick:")
	if !ok {
		return -1
	}
	i, err := strconv.Atoi(place)
	if err != nil {
		return -1
	}
	return i
}

// items draws the list.
func (p *Picker) items(a draw.Area) {
	if a.H <= 0 {
		return
	}
	width := 0
	for _, item := range p.Items {
		width = max(width, draw.Width(item.Text))
	}
	width = min(width, a.W*2/3)
	from, to := p.list.Visible(a.H)
	for i := from; i < to; i++ {
		item, line, style := p.Items[i], a.Sub(0, i-from, a.W, 1), draw.Normal
		if i == p.list.Cursor && (p.inside || !p.Free) {
			style = draw.Selected
			line.FillLine(0, style)
			line.Put(0, 0, draw.Accent|style, a.Look().Sign(draw.SignCursor))
			if a.Look().Plain && p.Off {
				line.Cursor(0, 0)
			}
		}
		x := 2
		if p.Marks != nil {
			sign := "[ ] "
			if p.Marks(i) {
				sign = "[x] "
			}
			x = line.Put(x, 0, style, sign)
		}
		line.Fit(x, 0, width, style, item.Text)
		line.Fit(x+width+2, 0, line.W-x-width-2, style|draw.Dim, item.Note)
		line.Zone("pick:" + strconv.Itoa(i))
	}
}

// Filter are the items whose text or note holds all words of a text, those first
// whose text begins with it.
func Filter(items []Item, text string) []Item {
	words := strings.Fields(strings.ToLower(text))
	if len(words) == 0 {
		return items
	}
	var first, rest []Item
	for _, item := range items {
		switch name := strings.ToLower(item.Text); {
		case !holdsAll(name+" "+strings.ToLower(item.Note), words):
		case strings.HasPrefix(name, words[0]):
			first = append(first, item)
		default:
			rest = append(rest, item)
		}
	}
	return append(first, rest...)
}

func holdsAll(text string, words []string) bool {
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

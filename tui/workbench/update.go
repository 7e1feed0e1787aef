package workbench

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"strata/tui/edit"
	"strata/tui/page"
)

// Update implements page.Page.
func (p *Page) Update(c *page.Context, msg tea.Msg) tea.Cmd {
	p.sync(c)
	if p.refused != "" {
		return nil
	}
	cmd := p.update(c, msg)
	p.sync(c)
	return cmd
}

func (p *Page) update(c *page.Context, msg tea.Msg) tea.Cmd {
	if p.naming != nil {
		return p.updateNaming(c, msg)
	}
	switch msg := msg.(type) {
	case *saving:
		return p.savedNow(c, msg)
	case tea.PasteMsg:
		if p.focus == onText {
			p.buf = p.buf.Insert(msg.Content)
			p.popup = popup{}
		}
	case page.Click:
		return p.click(c, msg)
	case tea.KeyPressMsg:
		if p.focus == onText {
			p.typed(c, msg)
			return nil
		}
		return p.moved(c, msg)
	}
	return nil
}

// typed handles a key of the text.
func (p *Page) typed(c *page.Context, msg tea.KeyPressMsg) {
	if msg.Text != "" && msg.Mod&(tea.ModCtrl|tea.ModAlt) == 0 {
		p.buf = p.buf.Insert(msg.Text)
		p.complete(false)
		return
	}
	name := msg.String()
	if p.popup.open && p.popupKey(c, name) {
		return
	}
	if step, ok := erasing[name]; ok {
		p.buf = step(p.buf)
		open := p.popup.open
		p.popup = popup{}
		if open {
			p.complete(false)
		}
		return
	}
	if step, ok := moving[name]; ok {
		p.buf = step(p.buf)
		p.popup = popup{}
		return
	}
	switch name {
	case "ctrl+space", "ctrl+@":
		p.complete(true)
	case "shift+tab":
		p.turn(-1)
	case "esc":
		p.Close()
	}
}

// popupKey handles a key while the popup is open.
func (p *Page) popupKey(c *page.Context, name string) bool {
	items := p.items(c)
	p.popup.list.Resize(len(items))
	switch {
	case len(items) == 0:
		return false
	case name == "up" || name == "down":
		p.popup.list.Key(name, 1)
		p.popup.moved = true
	case name == "enter" && p.popup.moved:
		p.accept(items[p.popup.list.Cursor])
	default:
		return false
	}
	return true
}

// erasing are the keys that change the text, moving those that do not.
var (
	erasing = map[string]func(edit.Buffer) edit.Buffer{
		"enter": edit.Buffer.Newline, "backspace": edit.Buffer.Backspace, "ctrl+h": edit.Buffer.Backspace, "delete": edit.Buffer.Delete,
		"ctrl+w": edit.Buffer.DeleteWordLeft, "alt+backspace": edit.Buffer.DeleteWordLeft, "ctrl+backspace": edit.Buffer.DeleteWordLeft,
		"alt+d": edit.Buffer.DeleteWordRight, "ctrl+delete": edit.Buffer.DeleteWordRight, "ctrl+u": edit.Buffer.DeleteLineLeft,
	}
	moving = map[string]func(edit.Buffer) edit.Buffer{
		"left": edit.Buffer.Left, "right": edit.Buffer.Right, "up": edit.Buffer.Up, "down": edit.Buffer.Down,
		"home": edit.Buffer.Home, "ctrl+a": edit.Buffer.Home, "end": edit.Buffer.End, "ctrl+e": edit.Buffer.End,
		"ctrl+left": edit.Buffer.WordLeft, "alt+left": edit.Buffer.WordLeft, "alt+b": edit.Buffer.WordLeft,
		"ctrl+right": edit.Buffer.WordRight, "alt+right": edit.Buffer.WordRight, "alt+f": edit.Buffer.WordRight,
		"ctrl+home": edit.Buffer.Top, "pgup": edit.Buffer.Top, "ctrl+end": edit.Buffer.Bottom, "pgdown": edit.Buffer.Bottom,
	}
)

// moved handles a key of the other panes.
func (p *Page) moved(c *page.Context, msg tea.KeyPressMsg) tea.Cmd {
	const rows = 6
	name := msg.String()
	switch name {
	case "esc":
		p.Close()
		return nil
	case "shift+tab":
		p.turn(-1)
		return nil
	case "i":
		p.focus = onText
		return nil
	case "left", "right", "up", "down", "enter":
		if p.conflict != nil {
			return nil
		}
	case "pgup", "pgdown":
		if p.lower(c) != viewNothing {
			step := rows
			if name == "pgup" {
				step = -rows
			}
			p.viewTop = max(0, p.viewTop+step)
			return nil
		}
	}
	if p.focus == onSample {
		p.samples.Key(name, samplesShown)
		return nil
	}
	if p.funnel.Key(name, rows) {
		return nil
	}
	switch name {
	case "left", ",":
		p.slide(-1)
	case "right", ".":
		p.slide(1)
	case "enter":
		p.toLeaf()
	}
	return nil
}

// toLeaf puts the cursor of the text behind the leaf that is chosen.
func (p *Page) toLeaf() {
	p.focus = onText
	if leaf := p.funnel.Cursor - 1; p.reading.Segment != nil && leaf >= 0 && leaf < len(p.reading.Leaves) {
		if end := p.reading.Leaves[leaf].End; end > 0 {
			p.buf = p.buf.At(end)
		}
	}
}

// turn goes to another pane.
func (p *Page) turn(by int) {
	panes := []focus{onText, onFunnel}
	if p.samples.Len > 0 {
		panes = append(panes, onSample)
	}
	at := 0
	for i, f := range panes {
		if f == p.focus {
			at = i
		}
	}
	p.focus = panes[(at+by+len(panes))%len(panes)]
	p.popup = popup{}
}

// toggle switches the leaf under the cursor off or on.
func (p *Page) toggle() {
	leaf := p.funnel.Cursor - 1
	if leaf < 0 {
		p.off = map[int]bool{}
		return
	}
	if p.off[leaf] {
		delete(p.off, leaf)
	} else {
		p.off[leaf] = true
	}
}

// click handles the mouse.
func (p *Page) click(c *page.Context, msg page.Click) tea.Cmd {
	zone, number, _ := strings.Cut(msg.ID, ":")
	at, err := strconv.Atoi(number)
	if err != nil {
		at = -1
	}
	switch zone {
	case "text":
		if msg.Wheel != 0 {
			p.buf = moving[map[int]string{-1: "up", 1: "down"}[msg.Wheel]](p.buf)
			break
		}
		p.focus, p.popup = onText, popup{}
		p.buf = p.buf.At(p.placeAt(c, msg.X, msg.Y))
	case "leaf", "funnel":
		p.focus, p.popup = onFunnel, popup{}
		if at >= 0 && msg.Wheel == 0 {
			p.funnel.To(at)
		}
		p.funnel.Move(msg.Wheel)
	case "sample":
		p.focus, p.popup = onSample, popup{}
		p.samples.To(at)
		p.samples.Move(msg.Wheel)
	case "offer":
		items := p.items(c)
		p.popup.list.Resize(len(items))
		p.popup.list.Move(msg.Wheel)
		if msg.Wheel == 0 && at >= 0 && at < len(items) {
			p.accept(items[at])
		}
	case "lower":
		p.viewTop = max(0, p.viewTop+msg.Wheel)
	}
	return nil
}

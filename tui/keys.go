package tui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"strata/tui/page"
)

// key hands a key to the overlay, to what is typed, to an action, or to the page.
func (m *Model) key(msg tea.KeyPressMsg) tea.Cmd {
	name := msg.String()
	if name == "ctrl+c" {
		return m.interrupted()
	}
	if m.overlay != nil {
		return m.overlayKey(msg)
	}
	if !m.ready() {
		return m.keyBefore(name)
	}
	f := m.top()
	if m.typing() && msg.Text != "" {
		return f.page.Update(m.context(f), msg)
	}
	if name == "esc" {
		return m.escape()
	}
	for _, a := range m.actions() {
		if slices.Contains(a.Keys, name) {
			return m.act(a)
		}
	}
	return f.page.Update(m.context(f), msg)
}

// typing reports whether characters are text for the page.
func (m *Model) typing() bool {
	typing, ok := m.top().page.(page.Typing)
	return ok && m.ready() && typing.Typing()
}

// act does what an action does, or says why it cannot be done.
func (m *Model) act(a page.Action) tea.Cmd {
	if a.Off != "" {
		m.say(a.Title+": "+a.Off, true)
		return nil
	}
	if a.Do == nil {
		return nil
	}
	return a.Do()
}

// keyBefore handles keys while there is no project to show.
func (m *Model) keyBefore(name string) tea.Cmd {
	switch name {
	case "d":
		return m.makeDemo()
	case "r":
		return m.readProject()
	}
	for _, a := range m.everywhere() {
		if slices.Contains(a.Keys, name) {
			return m.act(a)
		}
	}
	return nil
}

// paste hands a pasted text to what is typed.
func (m *Model) paste(msg tea.PasteMsg) tea.Cmd {
	if m.overlay != nil {
		return m.overlay.update(m, msg)
	}
	return m.deliver(msg)
}

// overlayKey hands a key to the overlay; esc closes it.
func (m *Model) overlayKey(msg tea.KeyPressMsg) tea.Cmd {
	if msg.String() == "esc" {
		m.overlay = nil
		return nil
	}
	return m.overlay.update(m, msg)
}

// click does what was clicked.
func (m *Model) click(mouse tea.Mouse, wheel int) tea.Cmd {
	if m.canvas == nil || wheel == 0 && mouse.Button != tea.MouseLeft {
		return nil
	}
	id, x, y, ok := m.canvas.Hit(mouse.X, mouse.Y)
	if m.overlay != nil {
		if !ok || !strings.HasPrefix(id, overlayZone) {
			if wheel == 0 {
				m.overlay = nil
			}
			return nil
		}
		return m.overlay.update(m, page.Click{ID: strings.TrimPrefix(id, overlayZone), X: x, Y: y, Wheel: wheel})
	}
	if !ok {
		return nil
	}
	if key, found := strings.CutPrefix(id, "key:"); found && wheel == 0 {
		for _, a := range m.actions() {
			if slices.Contains(a.Keys, keyName(key)) {
				return m.act(a)
			}
		}
		return nil
	}
	if id == "travel" && wheel == 0 {
		return m.openTravel()
	}
	return m.deliver(page.Click{ID: id, X: x, Y: y, Wheel: wheel})
}

// wheel scrolls what lies under the mouse.
func (m *Model) wheel(mouse tea.Mouse) tea.Cmd {
	switch mouse.Button {
	case tea.MouseWheelUp:
		return m.click(mouse, -1)
	case tea.MouseWheelDown:
		return m.click(mouse, 1)
	default:
		return nil
	}
}

// keySigns are how keys are shown.
var keySigns = map[string]string{"enter": "↵", "space": "space", "f1": "F1", "f2": "F2", "f3": "F3", "f4": "F4", "f5": "F5", "f6": "F6"}

// keyShown is a key as it is shown, keyName the key of what is shown.
func keyShown(name string, simple bool) string {
	if sign, ok := keySigns[name]; ok && (!simple || name != "enter") {
		return sign
	}
	return name
}

func keyName(shown string) string {
	for name, sign := range keySigns {
		if sign == shown {
			return name
		}
	}
	return shown
}

// firstLine is the first line of a text.
func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

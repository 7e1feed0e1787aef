package tui

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/tui/ask"
	"strata/tui/page"
	"strata/tui/picture"
)

// openPalette opens the list of all actions and segments.
func (m *Model) openPalette() tea.Cmd {
	choices := m.choices()
	if m.ready() && m.opt.Pages.Segment != nil {
		for _, name := range m.names() {
			choices = append(choices, choice{title: name, note: "segment", do: func() tea.Cmd {
				return page.Send(page.Open{Page: m.opt.Pages.Segment(name)})
			}})
		}
	}
	m.overlay = newChooser("Commands", choices)
	return nil
}

// openKeys opens the keys of the screen.
func (m *Model) openKeys() tea.Cmd {
	choices := m.choices()
	for _, fixed := range [][2]string{
		{"up and down", "↑ ↓ j k"},
		{"a page up and down", "PgUp PgDn"},
		{"first and last", "g G Home End"},
		{"next and previous pane", "tab"},
		{"tabs", "[ ] 1-8"},
		{"stop a question, close, back", "esc"},
		{"stop all; twice quits", "ctrl+c"},
	} {
		choices = append(choices, choice{title: fixed[0], key: fixed[1], do: func() tea.Cmd { return nil }})
	}
	m.overlay = newChooser("Keys of "+m.top().page.ID(), choices)
	return nil
}

// choices are all actions as lines to choose from.
func (m *Model) choices() []choice {
	actions := m.actions()
	choices := make([]choice, 0, len(actions))
	for _, a := range actions {
		keys := make([]string, 0, len(a.Keys))
		for _, key := range a.Keys {
			keys = append(keys, keyShown(key, m.look.Simple()))
		}
		choices = append(choices, choice{title: a.Title, key: strings.Join(keys, " "), note: a.ID, off: a.Off, do: func() tea.Cmd { return m.act(a) }})
	}
	return choices
}

// names are all segments and partitions.
func (m *Model) names() []string {
	var names []string
	for _, s := range m.project.Program.Segments {
		names = append(names, s.DefinitionName())
	}
	for _, p := range m.project.Program.Partitions {
		names = append(names, p.DefinitionName())
	}
	slices.Sort(names)
	return names
}

// openCopy opens what can be copied.
func (m *Model) openCopy() tea.Cmd {
	var choices []choice
	add := func(what, text string) {
		choices = append(choices, choice{title: what, note: firstLine(text), do: func() tea.Cmd { return m.copyText(what, text) }})
	}
	f := m.top()
	if s, ok := f.page.(page.Subject); ok && m.ready() {
		for _, c := range s.Copies(m.context(f)) {
			add(c.What, c.Text)
		}
	}
	if m.ready() {
		if command := m.command(); command != "" {
			add("the command", command)
		}
	}
	add("this screen as text", m.draw().Text())
	m.overlay = newChooser("Copy", choices)
	return nil
}

// copyText copies by the terminal's own sequence, which works over ssh, and by
// other means where there are some.
func (m *Model) copyText(what, text string) tea.Cmd {
	m.overlay = nil
	other, ctx := m.opt.Copy, m.asker.ctx
	also := func() tea.Msg {
		if other == nil {
			return copied{what: what}
		}
		_, err := guarded(func() (any, error) { return nil, other(ctx, text) })
		return copied{what: what, err: err}
	}
	return tea.Batch(tea.SetClipboard(text), also)
}

// sayCopied tells that something was copied. The terminal does not say whether it
// took it.
func (m *Model) sayCopied(msg copied) {
	text := "copied " + msg.what + " (if nothing comes, the terminal does not allow it)"
	if msg.err != nil {
		text += "; " + firstLine(msg.err.Error())
	}
	m.say(text, false)
}

// openExport opens what can be written to a file: the answers of the page, and
// the screen.
func (m *Model) openExport() tea.Cmd {
	var choices []choice
	f := m.top()
	if exporting, ok := f.page.(page.Exporting); ok && m.ready() {
		for _, e := range exporting.Exports(m.context(f)) {
			for _, format := range e.Formats {
				choices = append(choices, m.exportChoice(e, format))
			}
		}
	}
	svg, name := picture.SVG(m.draw(), "strata"), "strata-"+f.page.ID()+".svg"
	choices = append(choices, choice{title: "this screen as a picture", note: name, do: func() tea.Cmd {
		return page.Send(page.Start{Title: "write " + name, Writes: true, Do: func(ctx context.Context, b ask.Backend, _ time.Time, _ func(string)) (string, error) {
			return b.Keep(ctx, name, svg)
		}})
	}})
	m.overlay = newChooser("Export", choices)
	return nil
}

// exportChoice writes one answer in one format.
func (m *Model) exportChoice(e page.Export, format string) choice {
	path := e.Name + "." + format
	command := slices.Clone(e.Command)
	if m.travel != nil {
		command = append(command, "--at", momentArg(m.at))
	}
	if format != "html" {
		command = append(command, "-o", format)
	}
	return choice{title: e.What + " as " + format, note: path, do: func() tea.Cmd {
		return page.Send(page.Start{Title: "export " + path, Writes: true, Do: func(ctx context.Context, b ask.Backend, _ time.Time, _ func(string)) (string, error) {
			return b.Export(ctx, command, path)
		}})
	}}
}

// openDetails shows the last error.
func (m *Model) openDetails() tea.Cmd {
	err := m.failed
	if m.ready() {
		for _, s := range m.top().slots {
			if s.state.Err != nil {
				err = s.state.Err
			}
		}
	}
	if err == nil && m.projectErr != nil {
		err = m.projectErr
	}
	if err == nil && m.project != nil && m.project.Problems.HasErrors() {
		err = errors.New(m.project.Problems.Error())
	}
	if err == nil {
		m.say("nothing went wrong so far", false)
		return nil
	}
	m.overlay = newDetails(err)
	return nil
}

// edit opens the user's editor on a file of the project.
func (m *Model) edit(msg page.EditFile) tea.Cmd {
	if m.opt.Editor == nil {
		m.say("no editor: set VISUAL or EDITOR", true)
		return nil
	}
	command := m.opt.Editor(msg.File, max(1, msg.Line))
	if command == nil {
		m.say("no editor: set VISUAL or EDITOR", true)
		return nil
	}
	return tea.Exec(&patient{Cmd: command}, func(err error) tea.Msg { return edited{err} })
}

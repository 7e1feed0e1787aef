package tui

import (
	"maps"
	"slices"

	tea "charm.land/bubbletea/v2"

	"strata/tui/draw"
	"strata/tui/page"
)

// actions are what can be done now: on the page first, then everywhere.
func (m *Model) actions() []page.Action {
	var list []page.Action
	if m.ready() {
		f := m.top()
		list = append(list, f.page.Actions(m.context(f))...)
	}
	list = append(list, m.everywhere()...)
	// Keys that the user chose come before all others, those of a page before those
	// of everywhere.
	taken := map[string]bool{}
	for i := range list {
		if keys, ok := m.opt.Keys[list[i].ID]; ok {
			list[i].Keys = take(taken, keys)
		}
	}
	for i := range list {
		if _, ok := m.opt.Keys[list[i].ID]; !ok {
			list[i].Keys = take(taken, list[i].Keys)
		}
	}
	return list
}

// take keeps the keys that nobody has, and has them.
func take(taken map[string]bool, keys []string) []string {
	var free []string
	for _, key := range keys {
		if !taken[key] {
			taken[key] = true
			free = append(free, key)
		}
	}
	return free
}

// everywhere are the actions of all pages.
func (m *Model) everywhere() []page.Action {
	do := func(id, title, hint string, f func() tea.Cmd, keys ...string) page.Action {
		return page.Action{ID: id, Title: title, Hint: hint, Keys: keys, Do: f}
	}
	list := []page.Action{
		do("app.palette", "all commands and segments", "commands", m.openPalette, ":", "ctrl+k"),
		do("app.keys", "the keys of this screen", "keys", m.openKeys, "?", "f1"),
		do("app.travel", "go to another as-of", "", m.openTravel, "t"),
		do("app.earlier", "a day back", "", func() tea.Cmd { return m.days(-1) }, "<"),
		do("app.later", "a day forward", "", func() tea.Cmd { return m.days(1) }, ">"),
		do("app.now", "back from time travel", "", func() tea.Cmd { return m.travelTo(nil) }),
		do("app.refresh", "ask again", "", func() tea.Cmd { m.asker.forget(m.top()); return nil }, "r"),
		do("app.copy", "copy the name, the SQL, the command …", "", m.openCopy, "y"),
		do("app.export", "export to a file", "", m.openExport, "x"),
		do("app.doctor", "look for what is wrong with project and data", "", m.openDoctor, "f6"),
		do("app.details", "details of the last error", "", m.openDetails, "!"),
		do("app.theme", "next theme: dark, light, 16 colours", "", m.nextTheme, "T"),
		do("app.mouse", "mouse on or off (off selects text; so does shift while dragging)", "", m.toggleMouse, "M"),
		do("app.redraw", "draw the screen again", "", func() tea.Cmd { return tea.ClearScreen }, "ctrl+l"),
		m.suspendAction(),
		do("app.quit", "quit", "quit", m.quit, "q"),
	}
	return append(list, m.pageActions()...)
}

// suspendAction goes to the shell, where there is one. The data is let go of first:
// who sleeps must not keep others from writing.
func (m *Model) suspendAction() page.Action {
	a := page.Action{ID: "app.suspend", Title: "suspend to the shell", Keys: []string{"ctrl+z"}}
	if m.opt.NoSuspend {
		a.Off = "no shell waits for that"
	}
	a.Do = func() tea.Cmd {
		m.asker.stop(m.stack, true)
		ctx, backend := m.asker.ctx, m.asker.backend
		rest := func() tea.Msg {
			_, _ = guarded(func() (any, error) { return nil, backend.Rest(ctx) })
			return nil
		}
		return tea.Sequence(rest, tea.Suspend)
	}
	return a
}

// pageActions open pages from anywhere.
func (m *Model) pageActions() []page.Action {
	var list []page.Action
	add := func(id, title string, make func() page.Page, keys ...string) {
		if make != nil && m.ready() {
			list = append(list, page.Action{ID: id, Title: title, Keys: keys, Do: func() tea.Cmd { return page.Send(page.Open{Page: make()}) }})
		}
	}
	p := m.opt.Pages
	add("app.runs", "runs of the store, and what runs now", p.Runs, "R")
	add("app.campaigns", "campaigns and post-mortems", p.Campaigns)
	add("app.overlap", "overlap of segments", p.Overlap)
	add("app.drift", "drift of all segments", p.Drift)
	add("app.kpi", "metrics of all segments", p.KPIs)
	add("app.problems", "problems of the definitions", p.Problems)
	if p.Workbench != nil {
		add("app.new", "type a rule", func() page.Page { return p.Workbench("", "") })
	}
	return list
}

// nextTheme goes through the themes.
func (m *Model) nextTheme() tea.Cmd {
	themes := draw.Themes()
	at := slices.Index(themes, m.look.Theme)
	m.look.Theme = themes[(at+1)%len(themes)]
	m.say("theme: "+string(m.look.Theme), false)
	return nil
}

// toggleMouse gives the mouse to the terminal, or takes it.
func (m *Model) toggleMouse() tea.Cmd {
	m.mouse = !m.mouse
	if m.mouse {
		m.say("mouse on: click and scroll; shift while dragging selects text", false)
	} else {
		m.say("mouse off: the terminal selects text", false)
	}
	return nil
}

// Known are the names of all actions that keys can be given to, as the pages
// have them at the moment.
func (m *Model) Known() []string {
	names := map[string]bool{}
	for _, a := range m.actions() {
		names[a.ID] = true
	}
	return slices.Sorted(maps.Keys(names))
}

package workbench

import (
	tea "charm.land/bubbletea/v2"

	"strata/tui/edit"
	"strata/tui/page"
)

// Actions implements page.Page.
func (p *Page) Actions(c *page.Context) []page.Action {
	p.sync(c)
	if p.refused != "" {
		file, line := p.file()
		if file == "" {
			return nil
		}
		return []page.Action{{
			ID: "workbench.editor", Keys: []string{"E", "ctrl+o"}, Title: "Open the file in $EDITOR", Hint: "open file",
			Do: func() tea.Cmd { return page.Send(page.EditFile{File: file, Line: line}) },
		}}
	}
	if p.conflict != nil {
		return p.conflictActions(c)
	}
	actions := []page.Action{{
		ID: "workbench.next", Keys: []string{"tab"}, Title: "Complete, mend the mistake, or go to the next pane", Hint: p.tabHint(c),
		Do: func() tea.Cmd { return p.tab(c) },
	}, {
		ID: "workbench.save", Keys: []string{"ctrl+s"}, Title: "Save the rule into its file", Hint: "save", Off: p.noSave(),
		Do: func() tea.Cmd { return p.save(c) },
	}, {
		ID: "workbench.diff", Keys: []string{"f2"}, Title: "Show the difference to the saved text", Hint: "diff", Off: p.noBase(),
		Do: func() tea.Cmd { p.show(c, viewDiff); return nil },
	}, {
		ID: "workbench.sql", Keys: []string{"f3"}, Title: "Show the SQL", Hint: "SQL",
		Do: func() tea.Cmd { p.show(c, viewSQL); return nil },
	}}
	if p.links.Members != nil {
		actions = append(actions, page.Action{
			ID: "workbench.members", Keys: []string{"f4"}, Title: "List the members of the rule", Hint: "members", Off: p.noNumbers(),
			Do: func() tea.Cmd { return page.Send(page.Open{Page: p.links.Members(p.word())}) },
		})
	}
	actions = append(actions, p.historyActions()...)
	return append(actions, p.paneActions(c)...)
}

// historyActions go back and forth.
func (p *Page) historyActions() []page.Action {
	return []page.Action{{
		ID: "workbench.undo", Keys: []string{"ctrl+z"}, Title: "Undo", Hint: "undo",
		Do: func() tea.Cmd { return p.jump(p.buf.Undo()) },
	}, {
		ID: "workbench.redo", Keys: []string{"ctrl+y"}, Title: "Redo",
		Do: func() tea.Cmd { return p.jump(p.buf.Redo()) },
	}, {
		ID: "workbench.editor", Keys: []string{"ctrl+o"}, Title: "Open the file in $EDITOR", Off: p.noBase(),
		Do: func() tea.Cmd {
			file, line := p.file()
			return page.Send(page.EditFile{File: file, Line: line})
		},
	}, {
		ID: "workbench.earlier", Keys: []string{"alt+up"}, Title: "Go to the draft before",
		Do: func() tea.Cmd { return p.recall(p.past.earlier(p.buf.Text())) },
	}, {
		ID: "workbench.later", Keys: []string{"alt+down"}, Title: "Go to the draft after",
		Do: func() tea.Cmd { return p.recall(p.past.later(p.buf.Text())) },
	}}
}

// paneActions are those of the pane that takes the keys.
func (p *Page) paneActions(c *page.Context) []page.Action {
	switch p.focus {
	case onFunnel:
		none := ""
		if p.threshold() == nil {
			none = "the leaf compares with no number of the text"
		}
		return []page.Action{{
			ID: "workbench.toggle", Keys: []string{"space"}, Title: "Switch the leaf off or on", Hint: "on/off", Off: p.noNumbers(),
			Do: func() tea.Cmd { p.toggle(); return nil },
		}, {
			ID: "workbench.less", Keys: []string{",", "left"}, Title: "Lower the threshold", Hint: "less", Off: none,
			Do: func() tea.Cmd { p.slide(-1); return nil },
		}, {
			ID: "workbench.more", Keys: []string{".", "right"}, Title: "Raise the threshold", Hint: "more", Off: none,
			Do: func() tea.Cmd { p.slide(1); return nil },
		}}
	case onSample:
		if p.links.Why == nil {
			return nil
		}
		return []page.Action{{
			ID: "workbench.why", Keys: []string{"enter", "w"}, Title: "Why is the customer in the rule or not", Hint: "why",
			Do: func() tea.Cmd {
				sample := p.sampleList(c)
				if at := p.samples.Cursor; at >= 0 && at < len(sample) {
					return page.Send(page.Open{Page: p.links.Why(sample[at].key, p.word())})
				}
				return nil
			},
		}}
	case onText:
	}
	return nil
}

func (p *Page) tabHint(c *page.Context) string {
	switch {
	case p.focus != onText:
		return "next pane"
	case len(p.items(c)) > 0:
		return "complete"
	case len(p.fixes) > 0:
		return "mend"
	}
	return "funnel"
}

// tab completes, mends, or goes to the next pane.
func (p *Page) tab(c *page.Context) tea.Cmd {
	if p.naming != nil {
		p.naming.turn()
		return nil
	}
	items := p.items(c)
	p.popup.list.Resize(len(items))
	switch {
	case p.focus != onText:
		p.turn(1)
	case len(items) > 0:
		p.accept(items[p.popup.list.Cursor])
	case p.mend():
	default:
		p.turn(1)
	}
	p.sync(c)
	return nil
}

// noSave says why there is nothing to save, noBase why there is nothing to
// compare with, noNumbers why there are none.
func (p *Page) noSave() string {
	switch {
	case p.reading.Segment == nil:
		return "the rule has a mistake"
	case !p.dirty():
		return "nothing was changed"
	}
	return ""
}

func (p *Page) noBase() string {
	if p.base == "" {
		return "the rule was not saved yet"
	}
	return ""
}

func (p *Page) noNumbers() string {
	if p.word() == "" {
		return "there is no rule yet"
	}
	return ""
}

// show opens a lower pane, or closes it.
func (p *Page) show(c *page.Context, v view) {
	if p.lower(c) == v {
		v = viewNothing
	}
	p.view, p.chosen, p.viewTop = v, true, 0
}

// jump takes a buffer that undo or redo gave.
func (p *Page) jump(to edit.Buffer, ok bool) tea.Cmd {
	if !ok {
		return page.Send(page.Toast{Text: "there is nothing more to undo or redo"})
	}
	p.buf, p.popup = to, popup{}
	return nil
}

// recall shows an earlier draft.
func (p *Page) recall(text string, ok bool) tea.Cmd {
	if !ok {
		return page.Send(page.Toast{Text: "there is no other draft"})
	}
	p.buf, p.popup = p.buf.SetText(text), popup{}
	return nil
}

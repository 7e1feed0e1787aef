package workbench

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/segments/definition"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/edit"
	"strata/tui/page"
	"strata/tui/prompt"
)

// saving is a rule that is being written, and how it ended.
type saving struct {
	edit     ask.Edit
	saved    ask.Saved
	conflict *ask.ConflictError
}

// naming asks for the name and the file of a new segment.
type naming struct {
	name, file prompt.Line
	// onFile says that the file takes the keys; own that it was typed.
	onFile, own bool
	wrong       string
}

func (n *naming) turn() { n.onFile = !n.onFile }

// path is the file, by default named after the segment.
func (n *naming) path() string {
	if n.own {
		return strings.TrimSpace(n.file.Text())
	}
	name := strings.TrimSpace(n.name.Text())
	if name == "" {
		name = "NAME"
	}
	return "segments/" + name + ".yaml"
}

// save asks before it writes; a new rule gets a name first.
func (p *Page) save(c *page.Context) tea.Cmd {
	if p.noSave() != "" {
		return page.Send(page.Toast{Text: p.noSave(), Bad: true})
	}
	if p.base == "" {
		p.naming, p.popup = &naming{}, popup{}
		p.naming.name.Set(p.name)
		return nil
	}
	file, line := p.file()
	question := fmt.Sprintf("Write the rule of %s into %s:%d?", p.name, file, line)
	if got := page.Answer[compared](c, "compare"); got.Has && !got.Old && got.Value.key == p.key() {
		question += fmt.Sprintf(" %s join, %s leave.", draw.Count(got.Value.comparison.Joins), draw.Count(got.Value.comparison.Leaves))
	}
	return page.Send(page.Confirm{Question: question, Yes: p.write(ask.Edit{Name: p.name, Text: p.buf.Text(), Base: p.base})})
}

// write starts the task that writes. A conflict is an answer, not a failure.
func (p *Page) write(draft ask.Edit) tea.Cmd {
	result := &saving{edit: draft}
	return page.Send(page.Start{
		Title: "save " + draft.Name, Writes: true, Then: result,
		Do: func(ctx context.Context, b ask.Backend, _ time.Time, _ func(string)) (string, error) {
			saved, err := b.Save(ctx, draft)
			if errors.As(err, &result.conflict) {
				return result.conflict.Error() + " by somebody else", nil
			}
			if err != nil {
				return "", err
			}
			result.saved = saved
			return fmt.Sprintf("saved %s in %s:%d", draft.Name, saved.File, saved.Line), nil
		},
	})
}

// savedNow takes what came of a task that wrote.
func (p *Page) savedNow(c *page.Context, s *saving) tea.Cmd {
	if s.conflict != nil {
		p.conflict, p.focus = s.conflict, onFunnel
		return nil
	}
	delete(c.Memory, p.draftKey())
	p.name, p.changed = s.edit.Name, false
	if base, err := definition.FormatRule(s.edit.Text); err == nil {
		p.base = base
	}
	if p.buf.Text() == s.edit.Text {
		p.saved = p.reading
		p.buf = p.buf.SetText(spread(p.base))
	}
	return nil
}

// conflictActions are what can become of a conflict.
func (p *Page) conflictActions(c *page.Context) []page.Action {
	theirs := p.conflict.Theirs
	return []page.Action{{
		ID: "workbench.overwrite", Keys: []string{"o"}, Title: "Overwrite what somebody else wrote", Hint: "overwrite",
		Do: func() tea.Cmd {
			p.conflict, p.base = nil, theirs
			return p.write(ask.Edit{Name: p.name, Text: p.buf.Text(), Base: theirs})
		},
	}, {
		ID: "workbench.theirs", Keys: []string{"u"}, Title: "Use what somebody else wrote", Hint: "use theirs",
		Do: func() tea.Cmd {
			p.conflict, p.base, p.changed = nil, theirs, false
			p.buf, p.focus = p.buf.SetText(spread(theirs)), onText
			p.saved = edit.Read(p.program, theirs)
			return nil
		},
	}, {
		ID: "workbench.keep", Keys: []string{"k", "enter"}, Title: "Keep editing", Hint: "keep editing",
		Do: func() tea.Cmd {
			p.conflict, p.focus = nil, onText
			p.sync(c)
			return nil
		},
	}}
}

// updateNaming handles what is typed for a new name.
func (p *Page) updateNaming(_ *page.Context, msg tea.Msg) tea.Cmd {
	n := p.naming
	if key, ok := msg.(tea.KeyPressMsg); ok {
		switch key.String() {
		case "enter":
			return p.named()
		case "esc":
			p.Close()
			return nil
		case "up", "down", "shift+tab":
			n.turn()
			return nil
		}
	}
	n.wrong = ""
	if !n.onFile {
		n.name.Update(msg)
		return nil
	}
	if !n.own {
		n.file.Set(n.path())
		n.own = true
	}
	n.file.Update(msg)
	return nil
}

// named writes the new segment, or says what is wrong with its name.
func (p *Page) named() tea.Cmd {
	n := p.naming
	name := strings.TrimSpace(n.name.Text())
	if err := definition.ValidName(name); err != nil {
		n.wrong = definition.ErrBadName.Error()
		return nil
	}
	if d, taken := p.program.Lookup(name); taken {
		n.wrong = "there is a " + d.DefinitionKind() + " of this name"
		return nil
	}
	file := n.path()
	if !strings.HasPrefix(file, "segments/") || !strings.HasSuffix(file, ".yaml") && !strings.HasSuffix(file, ".yml") {
		n.wrong = "definitions are in files such as segments/" + name + ".yaml"
		return nil
	}
	p.naming = nil
	return p.write(ask.Edit{Name: name, Text: p.buf.Text(), File: file})
}

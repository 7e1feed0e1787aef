package rules

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/segments/definition"
	"strata/segments/result"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// Funnel is what each leaf of a rule does to its size.
type Funnel struct {
	word  string
	links Links
	reader
	stages stages

	list draw.List
	// off are the places of leaves that were taken out, in order.
	off []int
}

// NewFunnel makes the page of a word.
func NewFunnel(word string, links Links) *Funnel {
	return &Funnel{word: word, links: links, list: draw.List{Cursor: 1, Len: 2}}
} //nolint:mnd // The first leaf, below all customers.

// ID implements page.Page.
func (*Funnel) ID() string { return "funnel" }

// Crumb implements page.Page.
func (p *Funnel) Crumb() string { return oneLine(p.word) + " funnel" }

// CLI implements page.Page.
func (p *Funnel) CLI(c *page.Context) []string {
	return []string{"funnel", p.stages.word(p.read(c, p.word))}
}

// subject is what is counted: the word, or a stage of it. wrong says why it has
// no leaves.
func (p *Funnel) subject(c *page.Context) (word string, s subject, wrong string) {
	s = p.read(c, p.word)
	word = p.stages.word(s)
	switch {
	case s.wrong != "":
		return word, s, s.wrong
	case s.segment != nil && s.segment.SQL != "":
		return word, s, p.word + " is given by sql, so it has no leaves to count one by one."
	}
	return word, s, ""
}

// Needs implements page.Page.
func (p *Funnel) Needs(c *page.Context) []page.Need {
	word, _, wrong := p.subject(c)
	if wrong != "" {
		return nil
	}
	need := func(slot string, off []int) page.Need {
		return page.Need{
			Slot: slot, Key: fmt.Sprintf("funnel:%s:%v", word, off), Doing: "counting",
			Ask: func(ctx context.Context, b ask.Backend, at time.Time) (any, error) {
				return b.Funnel(ctx, word, off, at)
			},
		}
	}
	needs := []page.Need{need("funnel", nil)}
	if len(p.off) > 0 {
		needs = append(needs, need("off", slices.Clone(p.off)))
	}
	return needs
}

// Update implements page.Page.
func (p *Funnel) Update(c *page.Context, msg tea.Msg) tea.Cmd {
	if f, has := p.funnel(c); has {
		p.list.Resize(len(f.Leaves) + 1)
	}
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		switch key := msg.String(); key {
		case "left", "h", "right", "l":
			by := 1
			if key == "left" || key == "h" {
				by = -1
			}
			if p.stages.move(p.read(c, p.word), by) {
				p.off = nil
				p.list.To(1)
			}
		default:
			p.list.Key(key, 10) //nolint:mnd // A page of a short list.
		}
	case page.Click:
		if msg.Wheel != 0 {
			p.list.Move(msg.Wheel)
			return nil
		}
		var at int
		if n, err := fmt.Sscanf(msg.ID, "row:%d", &at); err == nil && n == 1 {
			p.list.To(at)
		} else if n, err := fmt.Sscanf(msg.ID, "stage:%d", &at); err == nil && n == 1 && p.stages.move(p.read(c, p.word), at-p.stages.chosen) {
			p.off = nil
		}
	}
	return nil
}

// Actions implements page.Page.
func (p *Funnel) Actions(c *page.Context) []page.Action {
	word, s, wrong := p.subject(c)
	var actions []page.Action
	if wrong == "" {
		actions = append(actions, p.toggle(c))
		if p.links.Members != nil {
			actions = append(actions, p.members(c, word, s))
		}
		if len(p.off) > 0 {
			actions = append(actions, page.Action{
				ID: "funnel.all", Keys: []string{"a"}, Title: "Put all leaves back", Hint: "all back",
				Do: func() tea.Cmd { p.off = nil; return nil },
			})
		}
	}
	if p.links.Workbench != nil && s.wrong == "" && s.segment != nil && s.segment.SQL == "" {
		name, text := "", ruleText(s)
		if s.definition() != nil && s.partition == nil {
			name, text = p.word, ""
		}
		actions = append(actions, page.Action{
			ID: "funnel.edit", Keys: []string{"e"}, Title: "Edit the rule in the workbench", Hint: "edit",
			Do: func() tea.Cmd { return page.Send(page.Open{Page: p.links.Workbench(name, text)}) },
		})
	}
	return actions
}

// funnel is the answer that is there.
func (p *Funnel) funnel(c *page.Context) (result.Funnel, bool) {
	got := page.Answer[result.Funnel](c, "funnel")
	return got.Value, got.Has
}

// toggle takes the leaf under the cursor out of the rule, or puts it back.
func (p *Funnel) toggle(c *page.Context) page.Action {
	f, has := p.funnel(c)
	at := p.list.Cursor - 1
	off := ""
	switch {
	case !has:
		off = "the leaves are not counted yet"
	case at < 0 || at >= len(f.Leaves):
		off = "choose a leaf with the arrows first"
	case len(f.Leaves) == 1:
		off = "the rule has only one leaf"
	case !slices.Contains(p.off, at) && len(p.off) == len(f.Leaves)-1:
		off = "one leaf has to stay"
	}
	return page.Action{
		ID: "funnel.toggle", Keys: []string{"space"}, Title: "Take the leaf out of the rule, or put it back", Hint: "take out", Off: off,
		Do: func() tea.Cmd {
			if i := slices.Index(p.off, at); i >= 0 {
				p.off = slices.Delete(slices.Clone(p.off), i, i+1)
				return nil
			}
			p.off = append(slices.Clone(p.off), at)
			slices.Sort(p.off)
			return nil
		},
	}
}

// members opens the members of the rule up to a leaf.
func (p *Funnel) members(c *page.Context, word string, s subject) page.Action {
	f, has := p.funnel(c)
	upTo, off := "", ""
	switch at := p.list.Cursor - 1; {
	case !has:
		off = "the leaves are not counted yet"
	case at < 0 || at >= len(f.Leaves):
		off = "choose a leaf with the arrows first"
	case at == len(f.Leaves)-1:
		upTo = word
	default:
		upTo, off = partRule(s, f, at)
	}
	return page.Action{
		ID: "funnel.members", Keys: []string{"enter"}, Title: "Members of the rule up to this leaf", Hint: "members", Off: off,
		Do: func() tea.Cmd { return page.Send(page.Open{Page: p.links.Members(upTo)}) },
	}
}

// partRule is the rule of the leaves up to one. off says why it cannot be
// written.
func partRule(s subject, f result.Funnel, upTo int) (text, off string) {
	if s.segment == nil || s.segment.Definition == nil || s.segment.Definition.Where == nil {
		return "", "the rule has no parts"
	}
	tree := s.segment.Definition.Where
	word := joins[tree.Kind]
	nested := slices.ContainsFunc(tree.Children, func(t *definition.Tree) bool { return t.Kind != definition.Leaf })
	if word == "" || nested || len(tree.Children) != len(f.Leaves) {
		return "", "only a rule without groups can be cut after a leaf"
	}
	var parts []string
	for _, leaf := range f.Leaves[:upTo+1] {
		part := leaf.Rule
		if upTo > 0 && !isWord(part) {
			part = "(" + part + ")"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, word), ""
}

// Copies implements page.Subject.
func (p *Funnel) Copies(c *page.Context) []page.Copy {
	word, s, wrong := p.subject(c)
	copies := []page.Copy{{What: "name", Text: word}}
	if f, has := p.funnel(c); has && wrong == "" {
		if at := p.list.Cursor - 1; at >= 0 && at < len(f.Leaves) {
			copies = append(copies, page.Copy{What: "leaf", Text: f.Leaves[at].Rule})
			if text, off := partRule(s, f, at); off == "" {
				copies = append(copies, page.Copy{What: "rule up to this leaf", Text: text})
			}
		}
	}
	return copies
}

// Exports implements page.Exporting.
func (p *Funnel) Exports(c *page.Context) []page.Export {
	word, s, wrong := p.subject(c)
	if wrong != "" {
		return nil
	}
	return []page.Export{{
		What: "funnel", Command: []string{"funnel", word}, Name: fileName(s.name()) + "-funnel", Formats: tableFormats(),
	}}
}

// tableFormats are the endings of files that hold a table.
func tableFormats() []string { return []string{"csv", "tsv", "json", "jsonl"} }

// fileName is a name that can stand in a path.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_', r == '-', r == '.':
			return r
		}
		return '-'
	}, name)
}

package customers

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/segments/result"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// Why is the proof that a customer is in a segment, or is not.
type Why struct {
	customer, word string
	links          Links
	prompt         *asking

	list draw.List
	// open are nodes whose rows are shown, and folded those whose parts are not.
	open, folded map[string]bool
	// lead are lines of facts that scroll with the proof.
	lead []string
}

// NewWhy makes the page of a customer and a word; what is "" is asked for.
func NewWhy(customer, word string, links Links) *Why {
	p := &Why{customer: customer, word: word, links: links, open: map[string]bool{}, folded: map[string]bool{}}
	if customer == "" {
		p.prompt = askCustomer()
	}
	return p
}

// ID implements page.Page.
func (*Why) ID() string { return "why" }

// Crumb implements page.Page.
func (p *Why) Crumb() string {
	switch {
	case p.customer == "":
		return "why?"
	case p.word == "":
		return "why? " + p.customer
	}
	return "why? " + p.customer + " in " + strings.Join(strings.Fields(p.word), " ")
}

// CLI implements page.Page.
func (p *Why) CLI(*page.Context) []string {
	if p.customer == "" || p.word == "" {
		return nil
	}
	return []string{"why", p.customer, p.word}
}

// Typing implements page.Typing.
func (p *Why) Typing() bool { return p.prompt != nil }

// Close implements page.Closing. A prompt without which there is nothing to show
// is not closed.
func (p *Why) Close() bool {
	if p.prompt == nil || p.customer == "" || p.word == "" {
		return false
	}
	p.prompt = nil
	return true
}

// ready asks for the segment where the customer is known and the segment is not.
func (p *Why) ready(c *page.Context) bool {
	if c.Project == nil || c.Project.Program == nil {
		return false
	}
	if p.prompt == nil && p.word == "" {
		p.prompt = askSegment(c.Project.Program)
	}
	return true
}

// Needs implements page.Page.
func (p *Why) Needs(c *page.Context) []page.Need {
	if !p.ready(c) {
		return nil
	}
	var needs []page.Need
	if p.customer != "" && p.word != "" {
		customer, word := p.customer, p.word
		needs = append(needs, page.Need{
			Slot: "why", Key: fmt.Sprintf("why:%q:%q", customer, word), Doing: "explaining",
			Ask: func(ctx context.Context, b ask.Backend, at time.Time) (any, error) {
				return b.Why(ctx, customer, word, at)
			},
		})
	}
	if p.prompt != nil {
		needs = append(needs, p.prompt.need()...)
	}
	return needs
}

// Update implements page.Page.
func (p *Why) Update(c *page.Context, msg tea.Msg) tea.Cmd {
	if !p.ready(c) {
		return nil
	}
	if p.prompt != nil {
		choice, done := p.prompt.update(c, msg)
		if !done {
			return nil
		}
		if p.prompt.customer {
			p.customer = choice
		} else {
			p.word = choice
		}
		p.prompt = nil
		p.list.To(0)
		p.open, p.folded = map[string]bool{}, map[string]bool{}
		p.ready(c)
		return nil
	}
	rows := p.rows(c)
	p.list.Resize(len(rows))
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		p.key(msg.String(), rows, c.Height)
	case page.Click:
		var row int
		if msg.Wheel != 0 {
			p.list.Move(3 * msg.Wheel) //nolint:mnd // As other programs do.
		} else if n, err := fmt.Sscanf(msg.ID, "row:%d", &row); err == nil && n == 1 {
			if row == p.list.Cursor {
				p.key("enter", rows, c.Height)
			}
			p.list.To(row)
		}
	}
	return nil
}

// key moves, and folds what is under the cursor.
func (p *Why) key(key string, rows []row, height int) {
	if p.list.Key(key, max(2, height-8)) || len(rows) == 0 { //nolint:mnd // What stands above the proof.
		return
	}
	r := rows[p.list.Cursor]
	if r.key == "" {
		return
	}
	switch key {
	case "enter", "space":
		if r.evidence {
			p.open[r.key] = !p.open[r.key]
		} else if r.parts {
			p.folded[r.key] = !p.folded[r.key]
		}
	case "right", "l":
		if p.folded[r.key] {
			p.folded[r.key] = false
		} else if r.evidence {
			p.open[r.key] = true
		}
	case "left", "h":
		if p.open[r.key] {
			p.open[r.key] = false
		} else if r.parts {
			p.folded[r.key] = true
		}
	}
}

// answer is the proof that is there, of this customer and segment.
func (p *Why) answer(c *page.Context) page.Got[result.Why] {
	return page.Answer[result.Why](c, "why")
}

// Actions implements page.Page.
func (p *Why) Actions(c *page.Context) []page.Action {
	if p.prompt != nil || !p.ready(c) {
		return nil
	}
	actions := []page.Action{
		{ID: "why.customer", Keys: []string{"/"}, Title: "Another customer", Hint: "other customer", Do: func() tea.Cmd {
			p.prompt = askCustomer()
			return nil
		}},
		{ID: "why.segment", Keys: []string{"s"}, Title: "Another segment", Hint: "other segment", Do: func() tea.Cmd {
			p.prompt = askSegment(c.Project.Program)
			return nil
		}},
	}
	got := p.answer(c)
	if got.Has && got.Value.Rule != nil {
		actions = append(actions, page.Action{
			ID: "why.rows", Keys: []string{"a"}, Title: "Show the rows behind all values, or none", Hint: "all rows",
			Do: func() tea.Cmd { p.openAll(c); return nil },
		})
	}
	return append(actions, p.elsewhere(c)...)
}

// elsewhere opens other pages.
func (p *Why) elsewhere(c *page.Context) []page.Action {
	var actions []page.Action
	if p.links.Customer != nil {
		actions = append(actions, page.Action{
			ID: "why.profile", Keys: []string{"p"}, Title: "Profile and all segments of this customer", Hint: "profile",
			Do: func() tea.Cmd { return page.Send(page.Open{Page: p.links.Customer(p.customer)}) },
		})
	}
	d, named := c.Project.Program.Lookup(p.word)
	if p.links.Segment != nil && named {
		actions = append(actions, page.Action{
			ID: "why.open", Keys: []string{"o"}, Title: "Open the segment", Hint: "segment",
			Do: func() tea.Cmd { return page.Send(page.Open{Page: p.links.Segment(p.word)}) },
		})
	}
	if p.links.Workbench != nil && (!named || d.DefinitionKind() == "segment") {
		name, rule := p.word, ""
		if !named {
			name, rule = "", p.word
		}
		actions = append(actions, page.Action{
			ID: "why.edit", Keys: []string{"e"}, Title: "Try another rule in the workbench", Hint: "try",
			Do: func() tea.Cmd { return page.Send(page.Open{Page: p.links.Workbench(name, rule)}) },
		})
	}
	return actions
}

// openAll shows the rows of all values, or hides them where they are shown.
func (p *Why) openAll(c *page.Context) {
	p.folded = map[string]bool{}
	all := true
	for _, r := range p.rows(c) {
		all = all && (!r.evidence || p.open[r.key])
	}
	for _, r := range p.rows(c) {
		if r.evidence {
			p.open[r.key] = !all
		}
	}
}

// Copies implements page.Subject.
func (p *Why) Copies(c *page.Context) []page.Copy {
	copies := []page.Copy{{What: "customer", Text: p.customer}, {What: "name", Text: p.word}}
	if got := p.answer(c); got.Has && !got.Old {
		copies = append(copies, page.Copy{What: "proof", Text: p.proof(c, got.Value)})
	}
	return copies
}

// proof is the page as text.
func (p *Why) proof(c *page.Context, why result.Why) string {
	var b strings.Builder
	_, line := headline(why, p.word)
	b.WriteString(line + "\n")
	for _, line := range teller(c).Course(why) {
		b.WriteString("  " + line + "\n")
	}
	t := tree{zone: zone(c), look: draw.Look{}, open: map[string]bool{}, folded: map[string]bool{}, all: true}
	for _, r := range t.rows(why) {
		b.WriteString(strings.TrimRight(strings.Join([]string{r.prefix + r.sign + " " + r.label, r.value, r.note}, "   "), " ") + "\n")
	}
	return b.String()
}

// Exports implements page.Exporting.
func (p *Why) Exports(*page.Context) []page.Export {
	if p.customer == "" || p.word == "" {
		return nil
	}
	return []page.Export{{What: "proof", Command: []string{"why", p.customer, p.word}, Name: "why-" + fileName(p.customer), Formats: []string{"json"}}}
}

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

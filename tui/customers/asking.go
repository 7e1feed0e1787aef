package customers

import (
	"context"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/segments/check"
	"strata/segments/source"
	"strata/tui/ask"
	"strata/tui/page"
	"strata/tui/prompt"
)

// Links makes pages of other packages. What is nil cannot be opened.
type Links struct {
	Why       func(customer, word string) page.Page
	Customer  func(customer string) page.Page
	Segment   func(name string) page.Page
	Workbench func(name, rule string) page.Page
}

// asking is a prompt for a customer or for a segment.
type asking struct {
	picker prompt.Picker
	// customer tells what is asked for.
	customer bool
	names    []prompt.Item
}

// found is how many customers are offered.
const found = 8

// askCustomer asks for the key of a customer.
func askCustomer() *asking {
	return &asking{customer: true, picker: prompt.Picker{
		Title: "Which customer?", Empty: "the key of a customer", Help: "enter looks · arrows choose", Free: true,
	}}
}

// askSegment asks for a name, or a rule.
func askSegment(program *check.Program) *asking {
	a := &asking{picker: prompt.Picker{Title: "Which segment?", Empty: "a name, or a rule", Help: "enter looks · arrows choose"}}
	for _, s := range program.Segments {
		a.names = append(a.names, prompt.Item{Text: s.DefinitionName(), Note: s.About().Title})
	}
	for _, p := range program.Partitions {
		note := "partition"
		if title := p.About().Title; title != "" {
			note += ": " + title
		}
		a.names = append(a.names, prompt.Item{Text: p.DefinitionName(), Note: note})
	}
	slices.SortStableFunc(a.names, func(x, y prompt.Item) int { return strings.Compare(x.Text, y.Text) })
	a.picker.Items = a.names
	return a
}

// need asks for customers whose keys begin with what was typed.
func (a *asking) need() []page.Need {
	if !a.customer {
		return nil
	}
	text := strings.TrimSpace(a.picker.Line.Text())
	return []page.Need{{
		Slot: "find", Key: "find:" + text, Typed: true, Doing: "looking",
		Ask: func(ctx context.Context, b ask.Backend, at time.Time) (any, error) {
			return b.Find(ctx, text, found, at)
		},
	}}
}

// refresh shows what was found.
func (a *asking) refresh(c *page.Context) {
	if !a.customer {
		return
	}
	got := page.Answer[[]string](c, "find")
	a.picker.Items = a.picker.Items[:0]
	text := strings.TrimSpace(a.picker.Line.Text())
	for _, key := range got.Value {
		if strings.HasPrefix(strings.ToLower(key), strings.ToLower(text)) { // An old answer may not fit any more.
			a.picker.Items = append(a.picker.Items, prompt.Item{Text: key})
		}
	}
	a.picker.Say, a.picker.Bad = "", false
	switch {
	case got.Err != nil:
		a.picker.Say, a.picker.Bad = got.Err.Error(), true
	case got.Has && !got.Old && len(got.Value) == 0 && text != "":
		a.picker.Say = "no customer's key begins with " + text
	}
}

// update takes a key, a paste or a click. done says that a choice was made.
func (a *asking) update(c *page.Context, msg tea.Msg) (choice string, done bool) {
	a.refresh(c)
	if click, ok := msg.(page.Click); ok {
		if click.Wheel != 0 {
			a.picker.Move(click.Wheel)
			return "", false
		}
		if i := prompt.Clicked(click.ID); i >= 0 && i < len(a.picker.Items) {
			return a.picker.Items[i].Text, true
		}
		return "", false
	}
	if key, ok := msg.(tea.KeyPressMsg); ok {
		switch key.String() {
		case "enter":
			return a.enter(c)
		case "tab":
			if i := max(0, a.picker.Chosen()); i < len(a.picker.Items) {
				a.picker.Line.Set(a.picker.Items[i].Text)
				a.typed()
			}
			return "", false
		}
	}
	if changed, _ := a.picker.Update(msg); changed {
		a.typed()
	}
	return "", false
}

// typed narrows the list to the new text.
func (a *asking) typed() {
	if !a.customer {
		a.picker.Items = prompt.Filter(a.names, a.picker.Line.Text())
		a.picker.Say, a.picker.Bad = "", false
		if len(a.picker.Items) == 0 {
			a.picker.Say = "no such name; enter reads it as a rule"
		}
	}
}

// enter takes the chosen item, or the text itself.
func (a *asking) enter(c *page.Context) (choice string, done bool) {
	text := strings.TrimSpace(a.picker.Line.Text())
	if i := a.picker.Chosen(); i >= 0 && i < len(a.picker.Items) {
		return a.picker.Items[i].Text, true
	}
	if text == "" {
		return "", false
	}
	if a.customer {
		return text, true
	}
	if wrong := wrongRule(c.Project.Program, text); wrong != "" {
		a.picker.Say, a.picker.Bad = wrong, true
		return "", false
	}
	return text, true
}

// wrongRule says why a text is no rule.
func wrongRule(program *check.Program, text string) string {
	if name, stage, ok := strings.Cut(text, "."); ok {
		if d, ok := program.Lookup(name); ok {
			if p, ok := d.(*check.Partition); ok && slices.ContainsFunc(p.Stages, func(s check.Stage) bool { return s.Name == stage }) {
				return ""
			}
		}
	}
	_, problems := program.RuleText(source.WholeFile(source.NewFile("rule", text)))
	for _, d := range problems {
		if d.Severity != source.Error {
			continue
		}
		if d.Hint != "" {
			return d.Message + "; " + d.Hint
		}
		return d.Message
	}
	return ""
}

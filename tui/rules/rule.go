package rules

import (
	"context"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/rule"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// twoPanes is the width from which there are two panes.
const twoPanes = 100

// briefBelow is the height below which there is room for the rule only.
const briefBelow = 12

// Rule is a rule in its own words, and the SQL that it comes to.
type Rule struct {
	word  string
	links Links
	reader

	// sql says that the SQL has the keys, and is what is seen where only one of both
	// has room.
	sql       bool
	text, out view
}

// NewRule makes the page of a word.
func NewRule(word string, links Links) *Rule { return &Rule{word: word, links: links} }

// ID implements page.Page.
func (*Rule) ID() string { return "rule" }

// Crumb implements page.Page.
func (p *Rule) Crumb() string { return oneLine(p.word) + " rule" }

// CLI implements page.Page.
func (p *Rule) CLI(*page.Context) []string { return []string{"sql", p.word} }

// Needs implements page.Page.
func (p *Rule) Needs(c *page.Context) []page.Need {
	if p.read(c, p.word).wrong != "" {
		return nil
	}
	return []page.Need{{
		Slot: "sql", Key: "sql:" + p.word, Doing: "writing the SQL",
		Ask: func(ctx context.Context, b ask.Backend, at time.Time) (any, error) {
			return b.Statement(ctx, p.word, at)
		},
	}}
}

// Update implements page.Page.
func (p *Rule) Update(_ *page.Context, msg tea.Msg) tea.Cmd {
	seen := &p.text
	if p.sql {
		seen = &p.out
	}
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		switch key := msg.String(); key {
		case "tab", "shift+tab", "right", "left", "l", "h":
			p.sql = !p.sql
		default:
			seen.key(key)
		}
	case page.Click:
		if msg.Wheel == 0 {
			p.sql = msg.ID == "sql"
			return nil
		}
		if msg.ID == "sql" {
			seen = &p.out
		}
		seen.scroll(3 * msg.Wheel) //nolint:mnd // As other programs do.
	}
	return nil
}

// Actions implements page.Page.
func (p *Rule) Actions(c *page.Context) []page.Action {
	does := "sql"
	if p.sql {
		does = "rule"
	}
	actions := []page.Action{{
		ID: "rule.view", Keys: []string{"v"}, Title: "Look at the rule, or at its SQL", Hint: does,
		Do: func() tea.Cmd { p.sql = !p.sql; return nil },
	}}
	if file, line := p.read(c, p.word).place(); file != "" {
		actions = append(actions, page.Action{
			ID: "rule.file", Keys: []string{"E"}, Title: "Open the file in your editor", Hint: "file",
			Do: func() tea.Cmd { return page.Send(page.EditFile{File: file, Line: line}) },
		})
	}
	return actions
}

// Copies implements page.Subject.
func (p *Rule) Copies(c *page.Context) []page.Copy {
	s := p.read(c, p.word)
	copies := []page.Copy{{What: "name", Text: p.word}}
	if s.wrong != "" {
		return copies
	}
	if text := ruleText(s); text != "" {
		copies = append(copies, page.Copy{What: "rule", Text: text})
	}
	if sql := page.Answer[string](c, "sql"); sql.Has && !sql.Old {
		copies = append(copies, page.Copy{What: "SQL", Text: sql.Value})
	}
	if file, line := s.place(); file != "" {
		copies = append(copies, page.Copy{What: "link to the file", Text: file + ":" + strconv.Itoa(line)})
	}
	return copies
}

// ruleText is a rule as one could type it.
func ruleText(s subject) string {
	switch {
	case s.partition != nil && s.stage >= 0:
		return s.partition.DefinitionName() + " = '" + s.partition.Stages[s.stage].Name + "'"
	case s.partition != nil:
		return ""
	case s.segment.SQL != "":
		return s.segment.SQL
	}
	return treeText(s.segment.Definition.Where)
}

// joins are the words between the parts of a group.
var joins = map[definition.TreeKind]string{definition.All: " and ", definition.Any: " or "}

// treeText is a tree as one expression.
func treeText(t *definition.Tree) string {
	switch t.Kind {
	case definition.Leaf:
		return rule.Format(t.X)
	case definition.None:
		return "not (" + treeText(t.Children[0]) + ")"
	case definition.All, definition.Any:
	}
	parts := make([]string, 0, len(t.Children))
	for _, child := range t.Children {
		text := treeText(child)
		if len(t.Children) > 1 && !t.Implicit && !isWord(text) {
			text = "(" + text + ")"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, joins[t.Kind])
}

// isWord reports whether a text is a single name.
func isWord(text string) bool { return !strings.ContainsAny(text, " ()'<>=") }

// Draw implements page.Page.
func (p *Rule) Draw(c *page.Context, a draw.Area) {
	s := p.read(c, p.word)
	if s.wrong != "" {
		a.Wrap(0, 0, draw.Bad, s.wrong)
		return
	}
	if a.W < twoPanes || a.Look().Plain {
		if p.sql {
			p.drawSQL(c, a, true)
		} else {
			p.drawRule(c.Project.Program, s, a, true)
		}
		return
	}
	left, right := a.Left(a.W / 2)
	p.drawRule(c.Project.Program, s, left, !p.sql)
	p.drawSQL(c, right, p.sql)
}

func (p *Rule) drawRule(program *check.Program, s subject, a draw.Area, focus bool) {
	lines := p.text.fit(a, ruleLines(program, s, a.Look(), a.H < briefBelow))
	p.text.draw(a.Panel(draw.Frame{Title: "Rule", Foot: p.text.more(), Focus: focus, Zone: "rule"}), lines, false)
}

func (p *Rule) drawSQL(c *page.Context, a draw.Area, focus bool) {
	sql := page.Answer[string](c, "sql")
	lines := p.out.fit(a, sqlLines(sql.Value))
	foot := p.out.more()
	if wait := page.Waiting(c, sql.State, "writing the SQL"); wait != "" && sql.Has {
		foot = wait
	}
	in := a.Panel(draw.Frame{Title: "SQL", Foot: foot, Focus: focus, Zone: "sql"})
	if !sql.Has {
		page.DrawState(c, in, sql.State, "writing the SQL")
		return
	}
	if sql.Err != nil && !sql.Loading {
		in = drawTrouble(in, sql.Err)
	}
	p.out.draw(in, lines, sql.Old)
}

// drawTrouble draws an error over an answer that is there, and returns what is
// left of the area.
func drawTrouble(a draw.Area, err error) (rest draw.Area) {
	used := min(page.DrawError(a, err)+1, a.H)
	return a.Sub(0, used, a.W, a.H-used)
}

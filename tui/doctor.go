package tui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// doctor lists what was found wrong, or right, with project, data and machine.
type doctor struct {
	list   draw.List
	height int
}

func (m *Model) openDoctor() tea.Cmd { return page.Send(page.Open{Page: &doctor{}}) }

// ID implements page.Page.
func (d *doctor) ID() string { return "doctor" }

// Crumb implements page.Page.
func (d *doctor) Crumb() string { return "doctor" }

// CLI implements page.Page.
func (d *doctor) CLI(*page.Context) []string { return []string{"doctor"} }

// Needs implements page.Page.
func (d *doctor) Needs(*page.Context) []page.Need {
	return []page.Need{{
		Slot: "findings", Key: "doctor", Timeless: true, Doing: "looking",
		Ask: func(ctx context.Context, b ask.Backend, _ time.Time) (any, error) { return b.Doctor(ctx) },
	}}
}

// Actions implements page.Page.
func (d *doctor) Actions(c *page.Context) []page.Action {
	found := page.Answer[[]ask.Finding](c, "findings")
	return []page.Action{{
		ID: "doctor.copy", Title: "copy the finding", Hint: "copy", Keys: []string{"enter"},
		Do: func() tea.Cmd {
			if d.list.Cursor >= len(found.Value) {
				return nil
			}
			f := found.Value[d.list.Cursor]
			return page.Send(page.Clip{What: "the finding", Text: f.Check + " " + f.Subject + ": " + f.Detail + " " + f.Hint})
		},
	}}
}

// Update implements page.Page.
func (d *doctor) Update(_ *page.Context, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		d.list.Key(msg.String(), d.height)
	case page.Click:
		d.list.Move(msg.Wheel)
	}
	return nil
}

// Draw implements page.Page.
func (d *doctor) Draw(c *page.Context, a draw.Area) {
	found := page.Answer[[]ask.Finding](c, "findings")
	in := a.Panel(draw.Frame{Title: "Doctor", Foot: findingsFoot(found.Value), Focus: true})
	if !found.Has {
		page.DrawState(c, in, found.State, "looking at project and data")
		return
	}
	d.list.Resize(len(found.Value))
	const below = 4
	list, detail := in.Bottom(min(below, max(0, in.H-below)))
	d.height = list.Table(draw.Table{
		Columns: []draw.Column{{Title: "", Min: 9}, {Title: "looked at", Min: 9}, {Title: "about", Min: 8, Drop: 1}, {Title: "found", Min: 10, Grow: true}}, //nolint:mnd // Widths.
		List:    &d.list, Dim: found.Old,
		Row: func(i int) []draw.Cell {
			f := found.Value[i]
			sign, style := findingSign(c.Look, f.Status)
			return []draw.Cell{{Text: sign + " " + f.Status, Style: style}, {Text: f.Check}, {Text: f.Subject}, {Text: f.Detail}}
		},
	})
	if d.list.Cursor < len(found.Value) {
		f := found.Value[d.list.Cursor]
		y := detail.Sub(0, 1, detail.W, detail.H-1).Wrap(0, 0, draw.Normal, f.Detail)
		detail.Sub(0, 1+y, detail.W, detail.H-1-y).Wrap(0, 0, draw.Accent, f.Hint)
	}
}

// findingSign is how bad a finding is.
func findingSign(look draw.Look, status string) (string, draw.Style) {
	switch status {
	case "error":
		return look.Sign(draw.SignNo), draw.Bad
	case "warning":
		return look.Sign(draw.SignWarn), draw.Warn
	case "note":
		return look.Sign(draw.SignUnknown), draw.Accent
	}
	return look.Sign(draw.SignYes), draw.Good
}

// findingsFoot counts what needs somebody.
func findingsFoot(found []ask.Finding) string {
	counts := map[string]int64{}
	for _, f := range found {
		counts[f.Status]++
	}
	return draw.Plural(counts["error"], "error", "errors") + " · " + draw.Plural(counts["warning"], "warning", "warnings") +
		" · " + draw.Count(counts["ok"]) + " ok"
}

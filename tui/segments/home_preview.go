package segments

import (
	"strata/tui/draw"
	"strata/tui/page"
)

// drawPreview draws the overview of the selected row.
func (h *home) drawPreview(c *page.Context, a draw.Area, k known, tabs bool) {
	r := h.current()
	if r == nil || h.typing && h.input.String() == "" {
		drawFilterHelp(panel(a, draw.Frame{Title: "What a filter can say"}))
		return
	}
	title := r.name
	if text := r.about().Title; text != "" && !tabs {
		title += " · " + text
	}
	inside := panel(a, draw.Frame{Title: title, Zone: "preview"})
	if tabs {
		s := newSegment(r.name, h.links)
		top, rest := inside.Top(1)
		drawTabs(top, s.names(), 0, "open")
		_, inside = rest.Top(1)
	}
	f := factsOf(k, r.unit)
	if !tabs {
		compose(inside, brief(c, f, inside.W))
		return
	}
	compose(inside, overview(c, f, inside.W))
}

// drawFilterHelp says what can be typed.
func drawFilterHelp(a draw.Area) {
	for y, l := range [][2]string{
		{"vip", "name or title holds the text"},
		{"tag:crm", "has a tag"},
		{"owner:ana", "belongs to"},
		{"size>1000", "also <, <=, =, >= and 20k"},
		{"drift", "changes unlike before"},
	} {
		a.Put(0, y, draw.Accent, l[0])
		a.Fit(12, y, a.W, draw.Normal, l[1]) //nolint:mnd // Behind the longest of them.
	}
	a.Wrap(0, 6, draw.Dim, "Several together must all hold.") //nolint:mnd // Below the list and a blank line.
}

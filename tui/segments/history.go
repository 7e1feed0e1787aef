package segments

import (
	"context"
	"fmt"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/segments/result"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// aheadDays is how far the forecast looks.
const aheadDays = 30

// history is how a segment came to its size, and what the clock alone does to it.
type history struct {
	word  string
	links Links
	// ahead says that the forecast has the keys; where there is no room for both
	// sides it is the one that is shown.
	ahead bool
	// both says that both were drawn last.
	both    bool
	days    draw.List
	leavers draw.List
	window  int
}

// newHistory makes the page of a segment's history and forecast.
func newHistory(word string, links Links) page.Page {
	return &history{word: word, links: links, window: 1}
}

// ID implements page.Page.
func (h *history) ID() string { return "history" }

// Crumb implements page.Page.
func (h *history) Crumb() string { return "history" }

// CLI implements page.Page.
func (h *history) CLI(c *page.Context) []string {
	if h.ahead {
		return []string{"forecast", h.word}
	}
	return h.past(c)
}

// past is the command of the history over the days that are shown.
func (h *history) past(c *page.Context) []string {
	points := page.Answer[ask.Course](c, slotCourse).Value.Points
	if u, ok := find(programOf(c), h.word); ok && u.partition() != nil && len(u.stages()) > 0 {
		points = knownOf(c).courses[u.stages()[0].name].Points
	}
	args := []string{"history", h.word, "--exact"}
	days, apart := span(points)
	if days > 0 {
		args = append(args, "--from", "-"+strconv.Itoa(days)+"d")
	}
	if apart > 1 {
		args = append(args, "--every", "week")
	}
	return args
}

// Needs implements page.Page. The stages of a partition are followed with all
// others.
func (h *history) Needs(c *page.Context) []page.Need {
	u, ok := find(programOf(c), h.word)
	if !ok {
		return nil
	}
	past := courseNeed(h.word)
	if u.partition() != nil {
		past = coursesNeed()
	}
	word := h.word
	return []page.Need{past, {
		Slot: slotAhead, Key: "Forecast " + strconv.Itoa(aheadDays) + " " + word, Doing: "looking ahead",
		Ask: func(ctx context.Context, b ask.Backend, at time.Time) (any, error) {
			return b.Forecast(ctx, word, aheadDays, at)
		},
	}}
}

// Update implements page.Page.
func (h *history) Update(c *page.Context, msg tea.Msg) tea.Cmd {
	h.resize(c)
	list := &h.days
	if h.ahead {
		list = &h.leavers
	}
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		switch msg.String() {
		case "tab", "shift+tab":
			h.ahead = !h.ahead
		default:
			list.Key(msg.String(), h.window)
		}
	case page.Click:
		h.click(msg)
	}
	return nil
}

// resize tells the lists how long they are now.
func (h *history) resize(c *page.Context) {
	ahead := page.Answer[result.Forecast](c, slotAhead).Value
	h.leavers.Resize(max(len(ahead.Leavers), len(ahead.Falls)))
	h.days.Resize(len(page.Answer[ask.Course](c, slotCourse).Value.Points))
	if u, ok := find(programOf(c), h.word); ok && u.partition() != nil {
		h.days.Resize(len(u.stages()))
	}
}

func (h *history) click(msg page.Click) {
	var n int
	switch {
	case msg.ID == "past" || isZone(msg.ID, "day", &n):
		h.ahead = h.ahead && msg.Wheel != 0
		h.days.Move(msg.Wheel)
		if msg.Wheel == 0 && msg.ID != "past" {
			h.days.To(n)
		}
	case msg.ID == "ahead" || isZone(msg.ID, "leaver", &n):
		h.ahead = h.ahead || msg.Wheel == 0
		h.leavers.Move(msg.Wheel)
		if msg.Wheel == 0 && msg.ID != "ahead" {
			h.leavers.To(n)
		}
	}
}

// Actions implements page.Page.
func (h *history) Actions(c *page.Context) []page.Action {
	title, hint := "Look ahead", "forecast"
	if h.ahead {
		title, hint = "Look back", "history"
	}
	list := []page.Action{{ID: "history.side", Keys: []string{"tab"}, Title: title, Hint: hint, Do: func() tea.Cmd {
		h.ahead = !h.ahead
		return nil
	}}}
	u, ok := find(programOf(c), h.word)
	if !ok {
		return list
	}
	if stages := u.stages(); len(stages) > 0 {
		stage := stages[max(0, min(h.days.Cursor, len(stages)-1))]
		return append(list, page.Action{
			ID: "history.stage", Keys: []string{"enter"}, Title: "Open the stage " + stage.stage, Hint: "stage",
			Do: func() tea.Cmd { return page.Send(page.Open{Page: newSegment(stage.name, h.links)}) },
		})
	}
	leavers := page.Answer[result.Forecast](c, slotAhead).Value.Leavers
	if h.links.WhyCustomer == nil || !h.ahead || len(leavers) == 0 {
		return list
	}
	customer := fmt.Sprint(leavers[max(0, min(h.leavers.Cursor, len(leavers)-1))].Key)
	return append(list, page.Action{
		ID: "history.customer", Keys: []string{"enter"}, Title: "Why is customer " + customer + " in it?", Hint: "customer",
		Do: func() tea.Cmd { return page.Send(page.Open{Page: h.links.WhyCustomer(customer, h.word)}) },
	})
}

// Exports implements page.Exporting.
func (h *history) Exports(c *page.Context) []page.Export {
	return []page.Export{
		{What: "history of its size", Command: h.past(c), Name: h.word + "_history", Formats: tableFormats()},
		{What: "forecast of its size", Command: []string{"forecast", h.word}, Name: h.word + "_forecast", Formats: tableFormats()},
	}
}

// Draw implements page.Page.
func (h *history) Draw(c *page.Context, a draw.Area) {
	u, ok := find(programOf(c), h.word)
	if !ok {
		a.Wrap(0, 0, draw.Warn, a.Look().Sign(draw.SignWarn)+" "+h.word+" is not defined any more. esc goes back.")
		return
	}
	h.both = beside(a)
	if !h.both {
		if h.ahead {
			h.drawAhead(c, a, u)
		} else {
			h.drawPast(c, a, u)
		}
		return
	}
	left, right := a.Left(a.W * 54 / 100) //nolint:mnd // The past has more days.
	h.drawPast(c, left, u)
	h.drawAhead(c, right, u)
}

// frame is the frame of one side.
func (h *history) frame(c *page.Context, title, zone string, ahead bool, s page.State, doing string) draw.Frame {
	if text := page.Waiting(c, s, doing); text != "" && s.Value != nil { // The first time it stands inside.
		title += " · " + text
	}
	f := draw.Frame{Title: title, Zone: zone, Focus: h.ahead == ahead}
	if !h.both {
		f.Foot = "tab: forecast"
		if ahead {
			f.Foot = "tab: history"
		}
	}
	return f
}

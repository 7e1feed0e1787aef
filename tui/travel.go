package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/tui/draw"
	"strata/tui/page"
	"strata/tui/prompt"
)

// momentArg is a moment as --at takes it, exact and with its zone.
func momentArg(at time.Time) string { return at.Format(time.RFC3339) }

// days moves the as-of by days of the project's zone.
func (m *Model) days(n int) tea.Cmd {
	if !m.ready() {
		return nil
	}
	at := m.at.AddDate(0, 0, n)
	return m.travelTo(&at)
}

// openTravel opens the choice of another as-of.
func (m *Model) openTravel() tea.Cmd {
	if !m.ready() {
		return nil
	}
	m.overlay = &journey{at: m.at}
	return nil
}

// journey is the choice of another as-of: arrows move, or a moment is typed.
type journey struct {
	at   time.Time
	text prompt.Line
}

func (j *journey) update(m *Model, msg tea.Msg) tea.Cmd {
	if click, ok := msg.(page.Click); ok {
		j.at = j.at.AddDate(0, 0, -click.Wheel)
		if click.ID == "now" && click.Wheel == 0 {
			m.overlay = nil
			return m.travelTo(nil)
		}
		return nil
	}
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		j.text.Update(msg)
		return nil
	}
	switch key.String() {
	case "left", "<":
		j.at = j.at.AddDate(0, 0, -1)
	case "right", ">":
		j.at = j.at.AddDate(0, 0, 1)
	case "up":
		j.at = j.at.AddDate(0, 0, -7) //nolint:mnd // A week.
	case "down":
		j.at = j.at.AddDate(0, 0, 7) //nolint:mnd // A week.
	case "pgup":
		j.at = j.at.AddDate(0, -1, 0)
	case "pgdown":
		j.at = j.at.AddDate(0, 1, 0)
	case "home":
		m.overlay = nil
		return m.travelTo(nil)
	case "enter":
		return j.depart(m)
	default:
		j.text.Update(key)
	}
	return nil
}

// depart goes to the moment that was typed, or else to the one that was moved to.
func (j *journey) depart(m *Model) tea.Cmd {
	m.overlay = nil
	text := j.text.Text()
	if text == "" {
		at := j.at
		return m.travelTo(&at)
	}
	ctx, backend, from := m.asker.ctx, m.asker.backend, m.at
	return func() tea.Msg {
		value, err := guarded(func() (any, error) { return backend.Moment(ctx, text, from) })
		at, _ := value.(time.Time)
		return traveled{at, err}
	}
}

func (j *journey) draw(m *Model, body draw.Area) {
	in := window(body, min(body.W, 64), min(body.H, 11), "Time travel", "↵ goes there · esc stays") //nolint:mnd // As the text needs.
	in.Spans(0, 0, draw.Span{Style: draw.Accent | draw.Bold, Text: j.at.Format("Monday, 2006-01-02 15:04 MST")})
	if days := int(m.usualOr(m.at).Sub(j.at).Hours() / 24); days != 0 { //nolint:mnd // Hours of a day.
		in.Put(0, 1, draw.Dim, draw.Plural(int64(abs(days)), "day", "days")+map[bool]string{true: " before", false: " behind"}[days > 0]+" the project's as-of")
	}
	in.Put(0, 3, draw.Dim, "← → a day · ↑ ↓ a week · PgUp PgDn a month")     //nolint:mnd // A line.
	drawLine(in, 5, "or type  ", &j.text, "2026-08-01, -7d, run:12, latest") //nolint:mnd // A line.
	in.Sub(0, 7, in.W, 1).Zone(overlayZone + "now")                          //nolint:mnd // A line.
	in.Spans(0, 7, draw.Span{Style: draw.Accent | draw.Bold, Text: "Home"}, draw.Span{Style: draw.Dim, Text: " back to the project's own as-of"})
}

func abs(n int) int { return max(n, -n) }

// usualOr is the project's own as-of, another one where it is not known.
func (m *Model) usualOr(at time.Time) time.Time {
	if m.usual.IsZero() {
		return at
	}
	return m.usual
}

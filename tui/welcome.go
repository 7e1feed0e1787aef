package tui

import (
	"errors"

	tea "charm.land/bubbletea/v2"

	"strata/tui/ask"
	"strata/tui/draw"
)

// welcome reports whether there is no project to show.
func (m *Model) welcome() bool { return errors.Is(m.projectErr, ask.ErrNoProject) }

// drawWelcome tells a newcomer what to do.
func (m *Model) drawWelcome(a draw.Area) {
	in := a.Center(min(a.W, 76), min(a.H, 17)).Panel(draw.Frame{Title: "Welcome to Strata", Focus: true}) //nolint:mnd // As the text needs.
	y := in.Wrap(0, 0, draw.Normal, "There is no project in this folder or above it.") + 1
	lines := [][2]string{
		{"d", "make a sample shop in ./strata-demo and open it: 20,000 customers, 60 segments"},
		{"q", "quit"},
	}
	if m.opt.Demo == nil {
		lines = lines[1:]
	}
	for _, l := range lines {
		in.Sub(0, y, in.W, 1).Zone("key:" + l[0])
		in.Put(0, y, draw.Accent|draw.Bold, l[0])
		y += in.Sub(3, y, in.W-3, in.H-y).Wrap(0, 0, draw.Normal, l[1]) //nolint:mnd // Behind the key.
	}
	y++
	for _, l := range []string{"Or on the command line:", "  strata init --demo shop && strata -C shop", "  strata init --from warehouse.duckdb    for data of your own", "  strata help rules        the language of conditions"} {
		in.Fit(0, y, in.W, draw.Dim, l)
		y++
	}
	if m.reading {
		in.Put(0, in.H-1, draw.Accent, m.look.Spinner(m.turn)+" making the sample shop …")
	}
}

// drawProblems lists what is wrong where no definition could be read so far.
func (m *Model) drawProblems(a draw.Area) {
	in := a.Panel(draw.Frame{Title: "The definitions have errors", Foot: "r reads again · q quits", Focus: true})
	y := 0
	for _, d := range m.project.Problems {
		if y >= in.H {
			return
		}
		in.Put(0, y, draw.Bad|draw.Bold, m.look.Sign(draw.SignNo))
		y += in.Sub(2, y, in.W-2, in.H-y).Wrap(0, 0, draw.Normal, d.Error()) //nolint:mnd // Behind the sign.
	}
}

// reopened is the sample shop, ready to be shown.
type reopened struct {
	backend ask.Backend
	err     error
}

// makeDemo makes the sample shop.
func (m *Model) makeDemo() tea.Cmd {
	if m.opt.Demo == nil || m.reading || !m.welcome() {
		return nil
	}
	m.reading = true
	ctx, demo := m.asker.ctx, m.opt.Demo
	return func() tea.Msg {
		value, err := guarded(func() (any, error) { return demo(ctx, func(string) {}) })
		backend, _ := value.(ask.Backend)
		return reopened{backend, err}
	}
}

// reopen goes on with another project.
func (m *Model) reopen(msg reopened) tea.Cmd {
	m.reading = false
	if msg.err != nil {
		m.fail("make the sample shop", msg.err)
		return nil
	}
	m.asker = newAsker(m.asker.ctx, msg.backend, m.opt)
	m.stack = nil
	m.push(m.opt.Pages.Home())
	m.projectErr = nil
	return m.readProject()
}

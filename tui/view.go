package tui

import (
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"

	"strata/tui/draw"
	"strata/tui/page"
)

// chromeLines are the lines around a page: head, status and keys.
const chromeLines = 3

// The smallest screen.
const (
	leastWidth  = 40
	leastHeight = 10
)

// View draws the screen.
func (m *Model) View() tea.View {
	m.canvas = m.draw()
	v := tea.NewView(m.canvas.Frame())
	v.AltScreen = true
	v.WindowTitle = "strata"
	if m.mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	if x, y, ok := m.canvas.Cursor(); ok {
		v.Cursor = tea.NewCursor(x, y)
		v.Cursor.Blink = false
	}
	return v
}

// Screen is what is seen now, for tests and pictures.
func (m *Model) Screen() *draw.Canvas { return m.draw() }

// draw draws everything on a new screen.
func (m *Model) draw() *draw.Canvas {
	canvas := draw.NewCanvas(m.w, m.h, m.look)
	a := canvas.Area()
	if m.w == 0 || m.h == 0 {
		return canvas
	}
	if m.w < leastWidth || m.h < leastHeight {
		a.Wrap(0, 0, draw.Normal, "strata needs 40x10")
		return canvas
	}
	head, rest := a.Top(1)
	body, foot := rest.Bottom(2) //nolint:mnd // Status and keys.
	m.drawHead(head)
	if !m.survive(func() { m.drawBody(body) }) {
		body.Fill(draw.Normal)
		page.DrawError(body.Inset(2), m.failed) //nolint:mnd // Some air.
	}
	m.drawStatus(foot.Sub(0, 0, foot.W, 1))
	m.drawKeys(foot.Sub(0, 1, foot.W, 1))
	if m.overlay != nil {
		m.overlay.draw(m, body)
	}
	return canvas
}

// drawBody draws the page, or why there is none.
func (m *Model) drawBody(a draw.Area) {
	if !m.ready() {
		m.drawBefore(a)
		return
	}
	f := m.top()
	c := m.context(f)
	c.Width, c.Height = a.W, a.H
	f.page.Draw(c, a)
}

// drawHead draws where one is, the as-of and whether something runs.
func (m *Model) drawHead(a draw.Area) {
	right := m.activity()
	end := a.W - 1
	a.Right(end, 0, m.activityStyle(), right)
	end -= draw.Width(right) + 3 //nolint:mnd // Blanks between.
	if !m.at.IsZero() {
		text, style := m.asOfText(a.W), draw.Dim
		if m.travel != nil {
			style = draw.Banner
		}
		from := end - draw.Width(text)
		a.Sub(from, 0, draw.Width(text), 1).Zone("travel")
		a.Put(from, 0, style, text)
		end = from - 2 //nolint:mnd // Blanks between.
	}
	crumbs := []string{}
	for _, f := range m.stack {
		crumbs = append(crumbs, f.page.Crumb())
	}
	left := a.Sub(0, 0, max(0, end), 1)
	x := left.Put(1, 0, draw.Accent|draw.Bold, "strata")
	if m.project != nil && a.W >= 100 {
		x = left.Put(x+1, 0, draw.Dim, filepath.Base(m.project.Warehouse))
	}
	sep := " › "
	if m.look.Simple() {
		sep = " > "
	}
	path := strings.Join(crumbs, sep)
	if over := draw.Width(path) - (left.W - x - 1); over > 0 && len(crumbs) > 1 {
		path = "…" + sep + crumbs[len(crumbs)-1]
	}
	left.Fit(x+1, 0, left.W-x-1, draw.Bold, path)
}

// asOfText is the as-of for the head.
func (m *Model) asOfText(width int) string {
	form := "2006-01-02 15:04"
	switch {
	case m.travel != nil && width >= 80:
		return " TIME TRAVEL as of " + m.at.Format(form) + " · t "
	case m.travel != nil:
		return " as of " + m.at.Format("01-02 15:04") + " "
	case width >= 80:
		return "as of " + m.at.Format(form) + " · t"
	}
	return "as of " + m.at.Format("01-02")
}

// activity says whether something runs.
func (m *Model) activity() string {
	running := m.asker.busy()
	if m.asker.writing() != "" {
		running++
	}
	if m.reading {
		running++
	}
	if running == 0 {
		return m.look.Sign(draw.SignIdle) + " idle"
	}
	text := m.look.Spinner(m.turn) + " " + draw.Count(int64(running)) + " running"
	if m.progress != nil && m.progress.Percent > 0 {
		text += " " + draw.Number(m.progress.Percent, 0) + "%"
	}
	return text
}

func (m *Model) activityStyle() draw.Style {
	if m.asker.busy() > 0 || m.reading {
		return draw.Accent
	}
	return draw.Dim
}

// drawStatus draws a message, or the command that prints the same.
func (m *Model) drawStatus(a draw.Area) {
	switch {
	case m.toast.text != "" && m.toast.bad:
		x := a.Put(1, 0, draw.Bad|draw.Bold, m.look.Sign(draw.SignNo))
		a.Fit(x+1, 0, a.W-x-2, draw.Bad, m.toast.text) //nolint:mnd // A blank on both sides.
	case m.toast.text != "":
		a.Fit(1, 0, a.W-2, draw.Good, m.toast.text) //nolint:mnd // A blank on both sides.
	case m.ready():
		if command := m.command(); command != "" {
			x := a.Put(1, 0, draw.Dim, "CLI: ")
			a.Fit(x, 0, a.W-x-1, draw.Dim, command)
		}
	}
}

// command is the command that prints what the page shows.
func (m *Model) command() string {
	f := m.top()
	args := f.page.CLI(m.context(f))
	if len(args) == 0 {
		return ""
	}
	return m.shell(args)
}

// shell is a command with the as-of of the page, as a shell takes it.
func (m *Model) shell(args []string) string {
	words := []string{"strata"}
	for _, arg := range args {
		words = append(words, quoted(arg))
	}
	if m.travel != nil {
		words = append(words, "--at", quoted(momentArg(m.at)))
	}
	return strings.Join(words, " ")
}

// quoted is a word for a POSIX shell.
func quoted(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:=,+@%", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// drawKeys draws the keys of the page.
func (m *Model) drawKeys(a draw.Area) {
	var hints []draw.KeyHint
	typing := m.typing()
	for _, action := range m.actions() {
		if key := hinted(action.Keys, typing); action.Hint != "" && key != "" && action.Off == "" {
			hints = append(hints, draw.KeyHint{Key: keyShown(key, m.look.Simple()), Does: action.Hint})
		}
	}
	if len(m.stack) > 1 && m.ready() {
		at := max(0, len(hints)-3) //nolint:mnd // In front of commands, keys and quit.
		hints = append(hints[:at], append([]draw.KeyHint{{Key: "esc", Does: "back"}}, hints[at:]...)...)
	}
	a.Sub(1, 0, a.W-2, 1).Keys(0, fitting(hints, a.W-2)) //nolint:mnd // A blank on both sides.
}

// hinted is the key that is shown, "" for none: while one types, characters are
// text.
func hinted(keys []string, typing bool) string {
	for _, key := range keys {
		if !typing || len([]rune(key)) > 1 && key != "space" {
			return key
		}
	}
	return ""
}

// lastHints is how many hints at the end stay, whatever goes: commands, keys and
// quit, and the way back.
const lastHints = 3

// fitting leaves out hints in the middle until the rest fits.
func fitting(hints []draw.KeyHint, width int) []draw.KeyHint {
	for len(hints) > lastHints+1 && hintsWidth(hints) > width {
		at := len(hints) - lastHints - 1
		if hints[at].Key == "esc" && at > 0 {
			at--
		}
		hints = append(hints[:at:at], hints[at+1:]...)
	}
	return hints
}

func hintsWidth(hints []draw.KeyHint) int {
	width := -2
	for _, h := range hints {
		width += draw.Width(h.Key) + draw.Width(h.Does) + 3 //nolint:mnd // A blank inside, two between.
	}
	return width
}

// drawBefore draws what is seen before there is a project.
func (m *Model) drawBefore(a draw.Area) {
	switch {
	case m.welcome():
		m.drawWelcome(a)
	case m.projectErr != nil:
		page.DrawError(a.Inset(2).Sub(0, 1, a.W, a.H), m.projectErr) //nolint:mnd // Some air.
	case m.atErr != nil:
		page.DrawError(a.Inset(2).Sub(0, 1, a.W, a.H), m.atErr) //nolint:mnd // Some air.
	case m.project != nil && m.project.Program == nil:
		m.drawProblems(a)
	default:
		m.drawSkeleton(a)
	}
}

// drawSkeleton is the first frame: the shape of what comes.
func (m *Model) drawSkeleton(a draw.Area) {
	left, right := a, draw.Area{}
	if a.W >= 100 { //nolint:mnd // Two panes.
		left, right = a.Left(a.W * 9 / 20) //nolint:mnd // A little less than half.
	}
	left.Panel(draw.Frame{Title: "Segments", Focus: true}).Put(0, 0, draw.Dim, "reading definitions …")
	if right.W > 0 {
		right.Panel(draw.Frame{})
	}
}

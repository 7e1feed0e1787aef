package tui

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// How long things are shown, and how often what changes by itself is looked at.
const (
	toastFor   = 4 * time.Second
	turnEvery  = 120 * time.Millisecond
	stampEvery = 2 * time.Second
	quitWithin = time.Second
)

// Model is the program. It implements tea.Model.
type Model struct {
	opt  Options
	look draw.Look
	// mouse says that clicks come to the program.
	mouse bool
	w, h  int

	asker   *asker
	stack   []*frame
	overlay overlay
	memory  map[string]any

	project    *ask.Project
	projectErr error
	reading    bool
	stamp      ask.Stamp
	// at is the as-of of everything, zero until it is known; travel is the user's
	// own.
	at     time.Time
	travel *time.Time
	atErr  error
	// usual is the project's own as-of.
	usual time.Time

	toast struct {
		text  string
		bad   bool
		until time.Time
	}
	failed    error
	progress  *ask.Progress
	turn      int
	ticking   bool
	interrupt time.Time
	quitting  bool
	canvas    *draw.Canvas
}

// New makes a program.
func New(ctx context.Context, opt Options) *Model {
	if opt.Tick == nil {
		opt.Tick = tea.Tick
	}
	m := &Model{opt: opt, look: opt.Look, mouse: !opt.NoMouse, memory: map[string]any{}, asker: newAsker(ctx, opt.Backend, opt)}
	if m.opt.Pages.Home == nil {
		m.opt.Pages = pagesOf()
	}
	m.push(m.opt.Pages.Home())
	if opt.Name != "" && m.opt.Pages.Segment != nil {
		m.push(m.opt.Pages.Segment(opt.Name))
	}
	return m
}

// What the program tells itself.
type (
	projectRead struct {
		project *ask.Project
		at      time.Time
		atErr   error
		err     error
		backend ask.Backend
	}
	stamped struct {
		stamp ask.Stamp
		err   error
		// once says that nobody looks again because of it.
		once bool
	}
	ticked     struct{ at time.Time }
	progressed struct {
		progress ask.Progress
		ok       bool
	}
	traveled struct {
		at  time.Time
		err error
	}
	edited struct{ err error }
	copied struct {
		what string
		err  error
	}
)

// known is the progress, nil where nobody knows.
func (p progressed) known() *ask.Progress {
	if !p.ok {
		return nil
	}
	return &p.progress
}

// Init paints first; the project is read behind the first frame.
func (m *Model) Init() tea.Cmd {
	cmds := []tea.Cmd{m.readProject(), m.watch()}
	if m.opt.Look.Theme == draw.Auto && !m.look.NoColor {
		cmds = append(cmds, tea.RequestBackgroundColor)
	}
	return tea.Batch(cmds...)
}

// readProject reads the definitions and finds the project's own as-of.
func (m *Model) readProject() tea.Cmd {
	m.reading = true
	ctx, backend, first, text := m.asker.ctx, m.asker.backend, m.at.IsZero(), m.opt.At
	now := m.opt.Now
	return func() tea.Msg {
		value, err := guarded(func() (any, error) { return backend.Project(ctx) })
		project, _ := value.(*ask.Project)
		msg := projectRead{project: project, err: err, backend: backend}
		if err != nil || project == nil || project.Program == nil {
			return msg
		}
		if !first {
			text = ""
		}
		value, msg.atErr = guarded(func() (any, error) { return backend.Moment(ctx, text, now()) })
		msg.at, _ = value.(time.Time)
		return msg
	}
}

// watch looks for changed files after a while.
func (m *Model) watch() tea.Cmd {
	ctx, backend := m.asker.ctx, m.asker.backend
	return m.opt.Tick(stampEvery, func(time.Time) tea.Msg { return stampOf(ctx, backend, false) })
}

func stampOf(ctx context.Context, backend ask.Backend, once bool) tea.Msg {
	value, err := guarded(func() (any, error) { return backend.Stamp(ctx) })
	stamp, _ := value.(ask.Stamp)
	return stamped{stamp, err, once}
}

// take takes the project that was read.
func (m *Model) take(msg projectRead) tea.Cmd {
	m.reading = false
	if msg.backend != m.asker.backend {
		return nil
	}
	if msg.err != nil && m.project != nil && (m.projectErr == nil || m.projectErr.Error() != msg.err.Error()) {
		m.fail("read the project", msg.err)
	}
	m.projectErr = msg.err
	if msg.project == nil {
		return nil
	}
	if m.project != nil && m.stamp.Files != msg.project.Stamp.Files {
		m.say("definitions changed, read again", false)
	}
	m.project, m.stamp = msg.project, msg.project.Stamp
	m.atErr = msg.atErr
	if msg.atErr != nil || msg.at.IsZero() {
		return nil
	}
	at := msg.at
	if m.opt.At != "" {
		m.at, m.travel, m.opt.At = at, &at, ""
		return nil
	}
	m.usual = at
	if m.travel == nil {
		m.at = at
	}
	return nil
}

// changed compares stamps and reads again what has changed. Answers follow the
// definitions only once they were read: a question that is asked in between is
// answered by the ones before.
func (m *Model) changed(msg stamped) tea.Cmd {
	var cmds []tea.Cmd
	if !msg.once {
		cmds = append(cmds, m.watch())
	}
	if msg.err != nil || m.reading { // What changes while it is read is seen the next time.
		return tea.Batch(cmds...)
	}
	files, data := msg.stamp.Files != m.stamp.Files, msg.stamp.Warehouse != m.stamp.Warehouse
	missing := m.project == nil && !errors.Is(m.projectErr, ask.ErrNoProject)
	m.stamp.Store, m.stamp.Warehouse = msg.stamp.Store, msg.stamp.Warehouse
	if missing || files || data {
		cmds = append(cmds, m.readProject())
	}
	return tea.Batch(cmds...)
}

// top is the page that is seen.
func (m *Model) top() *frame { return m.stack[len(m.stack)-1] }

func (m *Model) push(p page.Page) { m.stack = append(m.stack, newFrame(p, m.asker)) }

// moment is what answers depend on now.
func (m *Model) moment() moment { return moment{at: m.at, stamp: m.stamp} }

// ready reports whether pages can be drawn with a project.
func (m *Model) ready() bool { return m.project != nil && m.project.Program != nil && !m.at.IsZero() }

// context is what a page of the stack may know.
func (m *Model) context(f *frame) *page.Context {
	return &page.Context{
		Look: m.look, Project: m.project, AsOf: m.at, Traveling: m.travel != nil, Now: m.opt.Now(), Turn: m.turn,
		Width: m.w, Height: max(0, m.h-chromeLines), Answers: f, Work: m.asker.work(), Memory: m.memory, Progress: m.progress,
	}
}

// sync asks what the page on top needs.
func (m *Model) sync() tea.Cmd {
	if !m.ready() {
		return nil
	}
	f := m.top()
	return m.asker.sync(f, append(f.page.Needs(m.context(f)), warm()), m.moment())
}

// warm readies estimates behind everything else, on every page: whoever opens the
// workbench should not wait for them.
func warm() page.Need {
	return page.Need{
		Slot: "estimates", Key: "warm", Timeless: true, Background: true, Doing: "readying",
		Ask: func(ctx context.Context, b ask.Backend, _ time.Time) (any, error) { return true, b.Warm(ctx) },
	}
}

// tick keeps the time going while something turns or will go away.
func (m *Model) tick() tea.Cmd {
	if m.ticking || m.asker.busy() == 0 && m.toast.text == "" && m.asker.writing() == "" && !m.reading {
		return nil
	}
	m.ticking = true
	return m.opt.Tick(turnEvery, func(at time.Time) tea.Msg { return ticked{at} })
}

// ticked turns what turns.
func (m *Model) ticked() tea.Cmd {
	m.ticking = false
	m.turn++
	if m.toast.text != "" && m.opt.Now().After(m.toast.until) {
		m.toast.text = ""
	}
	if m.asker.busy() == 0 {
		m.progress = nil
		return nil
	}
	backend := m.asker.backend
	return func() tea.Msg {
		p, ok := backend.Progress()
		return progressed{p, ok}
	}
}

// say shows a line for some seconds.
func (m *Model) say(text string, bad bool) {
	m.toast.text, m.toast.bad, m.toast.until = text, bad, m.opt.Now().Add(toastFor)
}

// colors takes what the terminal says of its colours.
func (m *Model) colors(p colorprofile.Profile) {
	switch p {
	case colorprofile.NoTTY, colorprofile.ASCII:
		m.look.NoColor = true
	case colorprofile.ANSI:
		m.look.Theme = draw.ANSI
	default:
	}
}

package tui

import (
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/tui/draw"
	"strata/tui/page"
)

// Update handles a message, then asks what is needed now. A fault is shown and is
// not the end of the session.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	m.survive(func() { cmd = m.handle(msg) })
	if m.quitting {
		return m, tea.Quit
	}
	m.survive(func() { cmd = tea.Batch(cmd, m.sync()) })
	return m, tea.Batch(cmd, m.tick())
}

// survive does something and shows a fault of it.
func (m *Model) survive(do func()) bool {
	_, err := guarded(func() (any, error) { do(); return true, nil })
	if err != nil {
		m.overlay = nil
		m.fail("this should not happen", err)
	}
	return err == nil
}

// handle is Update without what follows every message.
func (m *Model) handle(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
	case tea.BackgroundColorMsg:
		m.background(msg)
	case tea.ColorProfileMsg:
		m.colors(msg.Profile)
	case tea.KeyPressMsg:
		return m.key(msg)
	case tea.PasteMsg:
		return m.paste(msg)
	case tea.MouseClickMsg:
		return m.click(msg.Mouse(), 0)
	case tea.MouseWheelMsg:
		return m.wheel(msg.Mouse())
	case tea.InterruptMsg:
		return m.interrupted()
	default:
		return m.told(msg)
	}
	return nil
}

// told handles what the program and its pages tell.
func (m *Model) told(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case projectRead:
		return m.take(msg)
	case stamped:
		return m.changed(msg)
	case ticked:
		return m.ticked()
	case progressed:
		m.progress = msg.known()
	case answered:
		return m.asker.answer(msg, m.stack)
	case paused:
		msg.seq.pausing = false
		return m.asker.start()
	case finished:
		return m.finish(msg)
	case traveled:
		return m.arrive(msg)
	case edited:
		if msg.err != nil {
			m.say("the editor ended with: "+msg.err.Error(), true)
		}
		return m.readProject()
	case copied:
		m.sayCopied(msg)
	case reopened:
		return m.reopen(msg)
	case quitNow:
		m.quitting = true
	default:
		return m.sent(msg)
	}
	return nil
}

// sent handles what pages send; what is nothing of it goes to the page.
func (m *Model) sent(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case page.Open:
		if msg.Page != nil {
			m.push(msg.Page)
			return m.deliver(page.Shown{})
		}
	case page.Replace:
		m.stack = m.stack[:len(m.stack)-1]
		m.push(msg.Page)
		return m.deliver(page.Shown{})
	case page.Back:
		return m.back()
	case page.Travel:
		return m.travelTo(msg.At)
	case page.Refresh:
		m.asker.forget(m.top())
	case page.Toast:
		m.say(msg.Text, msg.Bad)
	case page.Clip:
		return m.copyText(msg.What, msg.Text)
	case page.EditFile:
		return m.edit(msg)
	case page.Start:
		return m.asker.run(msg, m.at, m.top().page)
	case page.Confirm:
		m.overlay = newConfirm(msg)
	case page.Failed:
		m.failed = msg.Err
		m.overlay = newDetails(msg.Err)
	case page.Cancel:
		m.asker.stopJob(msg.ID)
	default:
		return m.deliver(msg)
	}
	return nil
}

// deliver hands a message to the page on top.
func (m *Model) deliver(msg tea.Msg) tea.Cmd {
	if !m.ready() {
		return nil
	}
	f := m.top()
	return f.page.Update(m.context(f), msg)
}

// finish shows how a task ended.
func (m *Model) finish(msg finished) tea.Cmd {
	m.asker.end(msg.job, msg.err)
	switch {
	case errors.Is(msg.err, page.ErrStopped):
		m.say(msg.job.Title+": stopped, nothing was written", true)
		return nil
	case msg.err != nil:
		m.fail(msg.job.Title, msg.err)
	case msg.text != "":
		m.say(firstLine(msg.text), false)
	}
	cmds := []tea.Cmd{m.stampNow()}
	if msg.err == nil && msg.then != nil {
		for _, f := range m.stack {
			if f.page == msg.of {
				cmds = append(cmds, f.page.Update(m.context(f), msg.then))
			}
		}
	}
	return tea.Batch(cmds...)
}

// fail keeps an error for its details and shows a line of it.
func (m *Model) fail(doing string, err error) {
	m.failed = err
	m.say(doing+": "+firstLine(err.Error())+" · ! details", true)
}

// stampNow looks for changed files at once.
func (m *Model) stampNow() tea.Cmd {
	ctx, backend := m.asker.ctx, m.asker.backend
	return func() tea.Msg { return stampOf(ctx, backend, true) }
}

// back goes to the page below.
func (m *Model) back() tea.Cmd {
	if len(m.stack) == 1 {
		m.say("this is the first page · q quits", false)
		return nil
	}
	m.stack = m.stack[:len(m.stack)-1]
	return m.deliver(page.Shown{})
}

// escape closes what lies on top, then stops what runs, then goes back.
func (m *Model) escape() tea.Cmd {
	if m.asker.stop(m.stack, false) {
		m.say("stopped · r asks again", false)
		return nil
	}
	if closing, ok := m.top().page.(page.Closing); ok && m.ready() && closing.Close() {
		return nil
	}
	if len(m.stack) > 1 {
		return m.back()
	}
	if m.asker.stop(m.stack, true) || m.asker.stopTasks() {
		m.say("stopped · r asks again", false)
		return nil
	}
	return m.back()
}

// interrupted stops everything; twice in a second it quits.
func (m *Model) interrupted() tea.Cmd {
	now := m.opt.Now()
	if now.Sub(m.interrupt) < quitWithin {
		m.quitting = true
		return nil
	}
	m.interrupt = now
	m.overlay = nil
	m.asker.stop(m.stack, true)
	m.asker.stopTasks()
	m.say("stopped · ctrl+c once more quits", false)
	return nil
}

// quit asks where something would be lost.
func (m *Model) quit() tea.Cmd {
	lost := m.asker.writing()
	if lost != "" {
		lost += " is still running and would be stopped"
	}
	for _, f := range m.stack {
		if u, ok := f.page.(page.Unsaved); ok && u.Unsaved() != "" {
			lost = u.Unsaved()
		}
	}
	if lost == "" {
		m.quitting = true
		return nil
	}
	m.overlay = newConfirm(page.Confirm{Question: lost + ". Quit?", Yes: page.Send(quitNow{})})
	return nil
}

// quitNow is the answer to the question whether to quit.
type quitNow struct{}

// background takes the terminal's background.
func (m *Model) background(msg tea.BackgroundColorMsg) {
	if m.opt.Look.Theme != draw.Auto || m.look.Theme == draw.ANSI {
		return
	}
	m.look.Theme = draw.Light
	if msg.IsDark() {
		m.look.Theme = draw.Dark
	}
}

// travelTo goes to another as-of.
func (m *Model) travelTo(at *time.Time) tea.Cmd {
	m.travel = at
	if at != nil {
		m.at = *at
		return nil
	}
	if m.usual.IsZero() { // The first as-of was the user's own, so the project's is not known yet.
		return m.readProject()
	}
	m.at = m.usual
	return nil
}

// arrive takes a moment that was read.
func (m *Model) arrive(msg traveled) tea.Cmd {
	if msg.err != nil {
		m.fail("time travel", msg.err)
		return nil
	}
	at := msg.at
	return m.travelTo(&at)
}

// Package drive runs the terminal UI without a terminal. In come options and keys;
// out come screens. Commands run beside it as they do in a program; what waits for
// time runs when it is told to, so a test never sleeps.
package drive

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/tui"
	"strata/tui/draw"
	"strata/tui/pagetest"
)

// ErrSlow says that nothing came for a long time.
var ErrSlow = errors.New("nothing came for two minutes")

// patience is how long one message may take.
const patience = 2 * time.Minute

// Driver is a running UI.
type Driver struct {
	Model *tui.Model
	// Clock is what the UI takes for now, unless Now is set.
	Clock time.Time
	Now   func() time.Time
	ticks []func() tea.Msg
	inbox chan tea.Msg
	open  int
}

// New starts a UI of a size. Now and Tick of the options are the driver's.
func New(ctx context.Context, opt tui.Options, clock time.Time, width, height int) *Driver {
	d := &Driver{Clock: clock, inbox: make(chan tea.Msg, 1000)} //nolint:mnd // More than ever run at once.
	opt.Now = d.now
	opt.Tick = func(_ time.Duration, make func(time.Time) tea.Msg) tea.Cmd {
		d.ticks = append(d.ticks, func() tea.Msg { return make(d.now()) })
		return nil
	}
	d.Model = tui.New(ctx, opt)
	d.Run(d.Model.Init())
	d.Send(tea.WindowSizeMsg{Width: width, Height: height})
	return d
}

func (d *Driver) now() time.Time {
	if d.Now != nil {
		return d.Now()
	}
	return d.Clock
}

// Send hands a message to the UI and starts what follows.
func (d *Driver) Send(msg tea.Msg) {
	_, cmd := d.Model.Update(msg)
	d.Run(cmd)
}

// Run starts a command; its message comes later.
func (d *Driver) Run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	d.open++
	go func() { d.inbox <- cmd() }()
}

// Press presses keys by their names, one after the other.
func (d *Driver) Press(keys ...string) *Driver {
	for _, key := range keys {
		d.Send(pagetest.KeyOf(key))
	}
	return d
}

// Type types a text.
func (d *Driver) Type(text string) *Driver {
	for _, r := range text {
		key := string(r)
		switch r {
		case ' ':
			key = "space"
		case '\n':
			key = "enter"
		}
		d.Send(pagetest.KeyOf(key))
	}
	return d
}

// Waiting reports whether commands still run.
func (d *Driver) Waiting() bool { return d.open > 0 }

// Ready reports whether a message is there to be handled.
func (d *Driver) Ready() bool { return len(d.inbox) > 0 }

// Step waits for one message and handles it.
func (d *Driver) Step() error {
	select {
	case msg := <-d.inbox:
		d.open--
		if batch, ok := msg.(tea.BatchMsg); ok {
			for _, cmd := range batch {
				d.Run(cmd)
			}
			return nil
		}
		if msg != nil {
			d.Send(msg)
		}
		return nil
	case <-time.After(patience):
		return ErrSlow
	}
}

// Settle handles what comes until no command runs any more.
func (d *Driver) Settle() error {
	for d.Waiting() {
		if err := d.Step(); err != nil {
			return err
		}
	}
	return nil
}

// Tick runs what waited for time.
func (d *Driver) Tick() *Driver {
	now := d.ticks
	d.ticks = nil
	for _, make := range now {
		d.Send(make())
	}
	return d
}

// Rest lets time go on until nothing changes any more: questions that follow what
// is typed wait for a moment, and others wait for their turn behind them.
func (d *Driver) Rest() error {
	const rounds = 4
	for range rounds {
		if err := d.Settle(); err != nil {
			return err
		}
		d.Tick()
	}
	return d.Settle()
}

// Screen is what is seen.
func (d *Driver) Screen() *draw.Canvas { return d.Model.Screen() }

// Text is what is seen, without styles.
func (d *Driver) Text() string { return d.Screen().Text() }

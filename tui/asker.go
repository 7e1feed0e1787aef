package tui

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/tui/ask"
	"strata/tui/page"
)

// How much is asked at once, and how much is kept.
const (
	atOnce   = 4
	keep     = 256
	logged   = 100
	leastGap = 80 * time.Millisecond
	mostGap  = 400 * time.Millisecond
	// idleGap is how long nothing was typed before a question is asked at once.
	idleGap = time.Second
)

// errSuperseded is the cause of a question that ends because nobody needs its
// answer any more.
var errSuperseded = errors.New("nobody needs the answer any more")

// moment is what an answer depends on besides its question.
type moment struct {
	at    time.Time
	stamp ask.Stamp
}

// keyOf is a question with all that its answer depends on.
func (m moment) keyOf(n page.Need) string {
	key := n.Key
	if !n.Timeless {
		key += " @ " + m.at.UTC().Format(time.RFC3339Nano)
	}
	if n.Stored {
		return key + " # " + m.stamp.Store
	}
	return key + " # " + m.stamp.Files + " # " + m.stamp.Warehouse
}

// asker asks the questions of pages. It is used by the loop alone; what it starts
// runs as commands.
type asker struct {
	ctx     context.Context //nolint:containedctx // The life of the program: every question ends with it.
	backend ask.Backend
	now     func() time.Time
	tick    func(d time.Duration, make func(time.Time) tea.Msg) tea.Cmd

	journal *slog.Logger
	known   *answers
	flights map[string]*flight
	// queue are the keys of flights that wait for their turn, in order.
	queue []string
	jobs  []*job
	next  int
	// typed is when a typed question was last wanted, and latency how long the last
	// one took.
	typed   time.Time
	latency time.Duration
}

// flight is a question that is being asked or waits for it.
type flight struct {
	need    page.Need
	key     string
	about   string
	at      time.Time
	since   time.Time
	cancel  context.CancelCauseFunc
	running bool
	// pausing says that the user may still be typing.
	pausing bool
	job     *job
}

// The messages of the asker.
type (
	answered struct {
		key   string
		seq   *flight
		value any
		err   error
		took  time.Duration
	}
	paused struct{ seq *flight }
)

func newAsker(ctx context.Context, backend ask.Backend, opt Options) *asker {
	return &asker{ctx: ctx, backend: backend, now: opt.Now, tick: opt.Tick, journal: opt.Log, known: newAnswers(keep), flights: map[string]*flight{}}
}

// sync makes what is asked fit what the page on top needs.
func (a *asker) sync(f *frame, needs []page.Need, m moment) tea.Cmd {
	wanted := map[string]bool{}
	for _, n := range needs {
		key := m.keyOf(n)
		wanted[key] = true
		a.want(f, n, key, m)
	}
	for key, fl := range a.flights {
		if wanted[key] || fl.need.Background && m.keyOf(fl.need) == key {
			continue
		}
		a.drop(fl, errSuperseded)
	}
	return a.start()
}

// want fills a slot with what is known, or asks.
func (a *asker) want(f *frame, n page.Need, key string, m moment) {
	s := f.slot(n.Slot)
	if s.key == key && (s.settled() || a.flights[key] != nil) {
		return
	}
	if value, ok := a.known.get(key); ok {
		*s = slot{key: key, state: value}
		return
	}
	s.key = key
	s.state.Old, s.state.Err, s.state.Stopped = s.state.Value != nil, nil, false
	if a.flights[key] != nil {
		return
	}
	fl := &flight{need: n, key: key, at: m.at, since: a.now(), about: f.page.Crumb()}
	a.flights[key] = fl
	a.queue = append(a.queue, key)
	if n.Typed {
		fl.pausing = a.now().Sub(a.typed) < idleGap
		a.typed = a.now()
	}
}

// start starts what may run now.
func (a *asker) start() tea.Cmd {
	var cmds []tea.Cmd
	for _, key := range slices.Clone(a.queue) {
		fl := a.flights[key]
		switch {
		case fl == nil:
			a.unqueue(key)
		case fl.pausing && fl.cancel == nil:
			cmds = append(cmds, a.pause(fl))
		case fl.pausing || !a.room(fl):
		default:
			a.unqueue(key)
			cmds = append(cmds, a.launch(fl))
		}
	}
	return tea.Batch(cmds...)
}

// pause waits for the user to stop typing.
func (a *asker) pause(fl *flight) tea.Cmd {
	fl.cancel = func(error) {}                      // The wait itself needs no end: its message is dropped.
	gap := max(leastGap, min(a.latency/2, mostGap)) //nolint:mnd // Half of what the last one took.
	return a.tick(gap, func(time.Time) tea.Msg { return paused{fl} })
}

// room reports whether a question may start. Those in the background wait for all
// others.
func (a *asker) room(fl *flight) bool {
	front, back := 0, 0
	for _, other := range a.flights {
		switch {
		case other.need.Background && other.running:
			back++
		case !other.need.Background && (other.running || fl.need.Background):
			front++
		}
	}
	if fl.need.Background {
		return front == 0 && back == 0
	}
	return front < atOnce
}

func (a *asker) unqueue(key string) {
	a.queue = slices.DeleteFunc(a.queue, func(k string) bool { return k == key })
}

// launch asks.
func (a *asker) launch(fl *flight) tea.Cmd {
	ctx, cancel := context.WithCancelCause(a.ctx)
	fl.cancel, fl.running, fl.since = cancel, true, a.now()
	doing := fl.need.Doing
	if doing == "" {
		doing = "asking"
	}
	fl.job = a.log(doing+" · "+fl.about, false)
	now, backend, at := a.now, a.backend, fl.at
	return func() tea.Msg {
		began := now()
		value, err := guarded(func() (any, error) { return fl.need.Ask(ctx, backend, at) })
		if cause := context.Cause(ctx); err != nil && cause != nil {
			err = cause
		}
		cancel(nil)
		return answered{key: fl.key, seq: fl, value: value, err: err, took: now().Sub(began)}
	}
}

// panicked is a fault of the program, which must not take the screen with it.
type panicked struct {
	what  any
	stack []byte
}

// Error tells the fault and where it happened.
func (p *panicked) Error() string { return fmt.Sprintf("a fault in strata: %v\n%s", p.what, p.stack) }

// guarded turns a panic into an error.
func guarded(do func() (any, error)) (value any, err error) {
	defer func() {
		if r := recover(); r != nil {
			value, err = nil, &panicked{r, debug.Stack()}
		}
	}()
	return do()
}

// answer takes an answer, unless nobody waits for it any more.
func (a *asker) answer(msg answered, frames []*frame) tea.Cmd {
	fl := a.flights[msg.key]
	if fl != msg.seq {
		a.end(msg.seq.job, msg.err)
		return a.start()
	}
	delete(a.flights, msg.key)
	a.end(fl.job, msg.err)
	if fl.need.Typed {
		a.latency = msg.took
	}
	state := page.State{Value: msg.value, Took: msg.took, At: a.now(), AsOf: fl.at}
	if msg.err == nil {
		a.known.put(msg.key, state)
	}
	for _, f := range frames {
		for _, s := range f.slots {
			if s.key != msg.key {
				continue
			}
			if msg.err == nil {
				s.state = state
				continue
			}
			s.state.Old = s.state.Value != nil
			if errors.Is(msg.err, page.ErrStopped) || errors.Is(msg.err, context.Canceled) {
				s.state.Stopped = true
			} else {
				s.state.Err = msg.err
			}
		}
	}
	return a.start()
}

// drop ends a question early.
func (a *asker) drop(fl *flight, cause error) {
	if fl.cancel != nil {
		fl.cancel(cause)
	}
	delete(a.flights, fl.key)
	a.unqueue(fl.key)
}

// stop ends what the user waits for and reports whether there was something. With
// all questions in the background end too.
func (a *asker) stop(frames []*frame, all bool) bool {
	stopped := false
	for key, fl := range a.flights {
		if fl.need.Background && !all {
			continue
		}
		stopped = true
		a.drop(fl, page.ErrStopped)
		for _, f := range frames {
			for _, s := range f.slots {
				if s.key == key {
					s.state.Stopped, s.state.Old = true, s.state.Value != nil
				}
			}
		}
	}
	return stopped
}

// forget asks everything of a page again.
func (a *asker) forget(f *frame) {
	for _, s := range f.slots {
		a.known.drop(s.key)
		s.key = ""
	}
}

// busy reports how many questions are asked or wait.
func (a *asker) busy() int { return len(a.flights) }

// state is a slot with what is being asked for it.
func (a *asker) state(s *slot) page.State {
	state := s.state
	if fl := a.flights[s.key]; fl != nil {
		state.Loading, state.Since = true, fl.since
		state.Queued = !fl.running && !fl.pausing && a.now().Sub(fl.since) > idleGap
	}
	return state
}

package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"strata/segments/check"
	"strata/segments/source"
)

// desk answers the questions of the screens with the functions that commands
// print with. It lives as long as the screens do: between questions it keeps the
// checked program and one open database, whose files it lets go when nobody asks.
// All of its methods may be called by several goroutines at once.
type desk struct {
	// cli is what strata was started with.
	cli   *factory
	notes notes
	// log is told of what fails, nil for nobody.
	log *slog.Logger
	// opening holds a token while somebody may change what follows.
	opening chan struct{}
	closed  bool
	// dir is the project's folder; read says that files were read; program is the last one that was right,
	// and problems what is wrong in the files now.
	dir      string
	read     bool
	program  *check.Program
	problems source.List
	stamp    string
	// stand is what questions stand on, nil before the first. Without one, failed
	// is why, and failures counts how often that happened.
	stand    *footing
	failed   error
	failures atomic.Int64
	// asked is the same, and seen the program, for those who do not wait.
	asked atomic.Pointer[footing]
	seen  atomic.Pointer[check.Program]
	// writing holds a token while something is written to the store or a file.
	writing chan struct{}
	// asking are the questions that are not answered yet. None begins once over is
	// set.
	beginning sync.Mutex
	over      bool
	asking    sync.WaitGroup
}

// newDesk makes a desk for what strata was started with. Nothing is read or
// opened before the first question.
func newDesk(f *factory) *desk {
	return &desk{cli: f, opening: make(chan struct{}, 1), writing: make(chan struct{}, 1)}
}

// The limits of the desk.
const (
	// deskIdle is how long files stay attached when nobody asks: a load or a run
	// of another process must not wait longer than that.
	deskIdle = 2 * time.Second
	// deskWait is the longest that a question waits for a locked file.
	deskWait = 2 * time.Second
	// deskGrace is how long after the end of its context a question may take to
	// end by itself.
	deskGrace = 40 * time.Millisecond
	// deskTries is how often a question is asked again because the data was
	// changed under it.
	deskTries = 3
)

// factory makes what sessions of the desk work with: nobody reads their streams,
// so that nothing is written over the screens.
func (d *desk) factory() *factory {
	env := d.cli.env
	env.Args, env.Stdin, env.Stdout, env.Stderr, env.Terminal = nil, strings.NewReader(""), io.Discard, &d.notes, Terminal{}
	f := newFactory(env)
	f.flags = globalFlags{
		dir: d.cli.flags.dir, knownAt: d.cli.flags.knownAt, threads: d.cli.flags.threads,
		memoryLimit: d.cli.flags.memoryLimit, wait: min(d.cli.flags.wait, deskWait), color: "never",
	}
	return f
}

// session is what a command works with, at an as-of. It shares the desk's
// database; its evaluator shares nothing with those of other sessions. Use
// answer, which also frees what the session has evaluated.
func (d *desk) session(ctx context.Context, at time.Time) (*session, error) {
	stand, err := d.footing(ctx)
	if err != nil {
		return nil, err
	}
	return stand.session(d.factory(), at)
}

// lock takes the token, at once if nobody has it, or ends with the context.
func (d *desk) lock(ctx context.Context) error {
	select {
	case d.opening <- struct{}{}:
		return nil
	default:
	}
	select {
	case d.opening <- struct{}{}:
		return nil
	case <-ctx.Done():
		return endedBy(ctx)
	}
}

// endedBy is the error of a context that ended, and its cause.
func endedBy(ctx context.Context) error {
	if cause := context.Cause(ctx); !errors.Is(cause, ctx.Err()) {
		return errors.Join(ctx.Err(), cause)
	}
	return ctx.Err()
}

func (d *desk) unlock() { <-d.opening }

// errClosed says that the program is ending.
var errClosed = errors.New("strata is closing")

// Close ends all questions and lets go of everything.
func (d *desk) Close(ctx context.Context) error {
	if err := d.lock(ctx); err != nil {
		return err
	}
	d.closed = true
	err := d.leave()
	d.unlock()
	d.beginning.Lock()
	d.over = true
	d.beginning.Unlock()
	d.asking.Wait()
	return err
}

// outcome is what a question came to.
type outcome[T any] struct {
	value T
	err   error
}

// answer asks a question with a session at an as-of. It ends soon after its
// context does, whatever the question is busy with; a panic becomes an error; all
// errors know their hint. Where the data was changed under the question it is
// asked again.
func answer[T any](ctx context.Context, d *desk, at time.Time, ask func(ctx context.Context, s *session) (T, error)) (T, error) {
	return answerOn(ctx, d, at, func(ctx context.Context, s *standing) (T, error) { return ask(ctx, s.session) })
}

// answerOn is answer for questions that use what the desk keeps.
func answerOn[T any](ctx context.Context, d *desk, at time.Time, ask func(ctx context.Context, s *standing) (T, error)) (T, error) {
	return guarded(ctx, d, func() (T, error) { return again(ctx, d, at, ask) })
}

// again asks, and once more where the data was changed under the question.
func again[T any](ctx context.Context, d *desk, at time.Time, ask func(ctx context.Context, s *standing) (T, error)) (value T, err error) {
	for range deskTries {
		var changed bool
		if value, changed, err = attempt(ctx, d, at, ask); !changed {
			break
		}
	}
	return value, err
}

// attempt asks once, and says whether to ask again.
func attempt[T any](ctx context.Context, d *desk, at time.Time, ask func(ctx context.Context, s *standing) (T, error)) (value T, again bool, err error) {
	stand, err := d.footing(ctx)
	if err != nil {
		return value, false, err
	}
	s, err := stand.session(d.factory(), at)
	if err != nil {
		return value, false, err
	}
	value, err = ask(ctx, &standing{session: s, desk: d, stand: stand})
	if freed := s.evaluator.Forget(ctx); err == nil && freed != nil && !stand.gone.Load() {
		err = freed
	}
	return value, err != nil && ctx.Err() == nil && stand.gone.Load(), err
}

// guarded runs work beside the caller, who gets its outcome, or leaves soon after
// the context ended: a database that reads a file cannot always be interrupted.
func guarded[T any](ctx context.Context, d *desk, work func() (T, error)) (T, error) {
	done := make(chan outcome[T], 1)
	var o outcome[T]
	if !d.begin(func() {
		var o outcome[T]
		defer func() { done <- o }()
		defer caught(&o.err)
		o.value, o.err = work()
	}) {
		return o.value, deskError(errClosed)
	}
	select {
	case o = <-done:
		return o.value, d.ended(ctx, o.err)
	case <-ctx.Done():
	}
	grace := time.NewTimer(deskGrace)
	defer grace.Stop()
	select {
	case o = <-done:
	case <-grace.C:
		o.err = endedBy(ctx)
	}
	return o.value, d.ended(ctx, o.err)
}

// begin runs work beside the caller, unless the desk is closed.
func (d *desk) begin(work func()) bool {
	d.beginning.Lock()
	defer d.beginning.Unlock()
	if !d.over {
		d.asking.Go(work)
	}
	return !d.over
}

// notes collects what commands would say to people.
type notes struct {
	mu    sync.Mutex
	lines []string
}

// notesKept is how many lines are kept.
const notesKept = 50

// Write keeps lines.
func (n *notes) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for line := range strings.SplitSeq(strings.TrimRight(string(p), "\n"), "\n") {
		n.lines = append(n.lines, line)
	}
	n.lines = n.lines[max(0, len(n.lines)-notesKept):]
	return len(p), nil
}

// caught turns a panic into an error.
func caught(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("this question failed inside strata: %v", r)
	}
}

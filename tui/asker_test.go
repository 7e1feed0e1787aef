package tui_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"strata/tui"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/drive"
	"strata/tui/page"
	"strata/tui/pagetest"
)

// backend answers what the program itself asks.
type backend struct {
	ask.Backend

	project *ask.Project
	err     error
	stamp   ask.Stamp
	// gate holds the reading of the project back, where it is set.
	gate chan struct{}
}

func (b *backend) Project(context.Context) (*ask.Project, error) {
	if b.gate != nil {
		<-b.gate
	}
	if b.err != nil {
		return nil, b.err
	}
	p := *b.project
	p.Stamp = b.stamp
	return &p, nil
}

func (b *backend) Stamp(context.Context) (ask.Stamp, error) { return b.stamp, nil }

func (b *backend) Moment(_ context.Context, text string, _ time.Time) (time.Time, error) {
	if text == "" {
		return pagetest.AsOf(), nil
	}
	return time.Parse(time.DateOnly, text)
}

func (b *backend) Rest(context.Context) error { return nil }

func (b *backend) Warm(context.Context) error { return nil }

func (b *backend) Progress() (ask.Progress, bool) { return ask.Progress{}, false }

// echo is a page that asks one question, and shows the state of its answer.
type echo struct {
	word   string
	typed  bool
	back   bool
	typing bool
	ask    func(ctx context.Context, word string, at time.Time) (any, error)
	asked  atomic.Int64
	keys   []string
	lost   string
	// faults are the keys that break the page, broken that it cannot be drawn.
	faults string
	broken bool
}

func (e *echo) ID() string                 { return "echo" }
func (e *echo) Crumb() string              { return "echo" }
func (e *echo) CLI(*page.Context) []string { return []string{"count", e.word} }
func (e *echo) Typing() bool               { return e.typing }
func (e *echo) Unsaved() string            { return e.lost }
func (e *echo) Needs(*page.Context) []page.Need {
	word := e.word
	return []page.Need{{
		Slot: "answer", Key: "echo " + word, Typed: e.typed, Background: e.back, Doing: "echoing",
		Ask: func(ctx context.Context, _ ask.Backend, at time.Time) (any, error) {
			e.asked.Add(1)
			return e.ask(ctx, word, at)
		},
	}}
}

func (e *echo) Update(_ *page.Context, msg tea.Msg) tea.Cmd {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		if e.faults == key.String() {
			panic("boom")
		}
		e.keys = append(e.keys, key.String())
	}
	return nil
}

func (e *echo) Draw(c *page.Context, a draw.Area) {
	if e.broken {
		panic("boom")
	}
	got := page.Answer[string](c, "answer")
	text := "value=" + got.Value
	switch {
	case got.Err != nil:
		text += " error=" + got.Err.Error()
	case got.Stopped:
		text += " stopped"
	case got.Loading:
		text += " loading"
	}
	if got.Old {
		text += " old"
	}
	a.Put(0, 0, draw.Normal, text)
}

func (e *echo) Actions(*page.Context) []page.Action {
	return []page.Action{
		{ID: "echo.open", Keys: []string{"o"}, Title: "open another", Hint: "open", Do: func() tea.Cmd {
			return page.Send(page.Open{Page: &echo{word: "second", ask: e.ask}})
		}},
		{ID: "echo.off", Keys: []string{"z"}, Title: "never", Off: "it is off", Do: func() tea.Cmd { panic("an action that is off was done") }},
	}
}

// world is a program on the bench.
type world struct {
	*drive.Driver

	t *testing.T
}

func newWorld(t *testing.T, b ask.Backend, home page.Page, change ...func(*tui.Options)) *world {
	t.Helper()
	opt := tui.Options{Backend: b, Look: draw.Look{Theme: draw.Dark}, Pages: tui.Pages{Home: func() page.Page { return home }}}
	for _, c := range change {
		c(&opt)
	}
	return &world{t: t, Driver: drive.New(t.Context(), opt, pagetest.AsOf().Add(time.Hour), 80, 24)}
}

func (w *world) key(names ...string) *world {
	w.Press(names...)
	return w
}

func (w *world) settle() *world {
	w.t.Helper()
	require.NoError(w.t, w.Settle())
	return w
}

func (w *world) tick() *world {
	w.Tick()
	return w
}

// until handles what comes until something is so.
func (w *world) until(so func() bool) {
	w.t.Helper()
	for range 10_000 {
		if so() {
			return
		}
		if w.Ready() {
			require.NoError(w.t, w.Step())
		} else {
			time.Sleep(time.Millisecond)
		}
	}
	w.t.Fatal("it never came to be so")
}

func (w *world) screen() string { return w.Text() }

func shopBackend(t *testing.T) *backend {
	t.Helper()
	return &backend{project: pagetest.Project(t)}
}

func upper(_ context.Context, word string, at time.Time) (any, error) {
	return strings.ToUpper(word) + at.Format("@01-02"), nil
}

func TestAnAnswerComesAndIsKept(t *testing.T) {
	t.Parallel()
	e := &echo{word: "vip", ask: upper}
	w := newWorld(t, shopBackend(t), e).settle()
	require.Contains(t, w.screen(), "value=VIP@10-31")
	e.word = "other"
	w.key("j").settle()
	require.Contains(t, w.screen(), "value=OTHER@10-31")
	e.word = "vip"
	w.key("j").settle()
	require.Contains(t, w.screen(), "value=VIP@10-31")
	require.EqualValues(t, 2, e.asked.Load(), "going back is answered by what is kept")
	w.key("r").settle()
	require.EqualValues(t, 3, e.asked.Load(), "r asks again")
}

func TestAnotherQuestionCancelsTheFirstAndDropsItsAnswer(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 1)
	e := &echo{word: "slow"}
	e.ask = func(ctx context.Context, word string, _ time.Time) (any, error) {
		if word != "slow" {
			return word, nil
		}
		<-ctx.Done()
		ended <- context.Cause(ctx)
		return "too late", nil
	}
	w := newWorld(t, shopBackend(t), e)
	w.until(func() bool { return e.asked.Load() > 0 })
	e.word = "quick"
	w.key("j").settle()
	require.ErrorContains(t, <-ended, "nobody needs the answer")
	require.Contains(t, w.screen(), "value=quick")
	require.NotContains(t, w.screen(), "too late")
}

func TestEscStopsBeforeItGoesBack(t *testing.T) {
	t.Parallel()
	e := &echo{word: "slow", ask: func(ctx context.Context, _ string, _ time.Time) (any, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	w := newWorld(t, shopBackend(t), e)
	w.until(func() bool { return e.asked.Load() > 0 })
	w.key("esc").settle()
	require.Contains(t, w.screen(), "value= stopped")
	require.Contains(t, w.screen(), "stopped · r asks again")
}

func TestTimeTravelKeepsTheOldAnswerUntilTheNewOneComes(t *testing.T) {
	t.Parallel()
	gate := make(chan struct{}, 1)
	e := &echo{word: "vip"}
	e.ask = func(ctx context.Context, word string, at time.Time) (any, error) {
		if at.Equal(pagetest.AsOf()) {
			return upper(ctx, word, at)
		}
		<-gate
		return upper(ctx, word, at)
	}
	w := newWorld(t, shopBackend(t), e).settle()
	w.key("<")
	require.Contains(t, w.screen(), "value=VIP@10-31 loading old")
	require.Contains(t, w.screen(), "TIME TRAVEL as of 2026-10-30 23:59")
	require.Contains(t, w.screen(), "CLI: strata count vip --at 2026-10-30T23:59:32Z")
	gate <- struct{}{}
	w.settle()
	require.Contains(t, w.screen(), "value=VIP@10-30")
	w.key(">").settle()
	require.Contains(t, w.screen(), "value=VIP@10-31")
	w.key("t", "-", "x", "esc", "t").key(strings.Split("2026-08-01", "")...).key("enter")
	gate <- struct{}{}
	w.settle()
	require.Contains(t, w.screen(), "as of 2026-08-01")
	w.key("t", "home").settle()
	require.NotContains(t, w.screen(), "TIME TRAVEL")
}

func TestTypedQuestionsWaitForAPause(t *testing.T) {
	t.Parallel()
	e := &echo{word: "a", typed: true, ask: upper}
	w := newWorld(t, shopBackend(t), e).settle()
	require.EqualValues(t, 1, e.asked.Load(), "after a pause the first one is asked at once")
	for _, word := range []string{"ab", "abc", "abcd"} {
		e.word = word
		w.key("j")
	}
	w.settle()
	require.EqualValues(t, 1, e.asked.Load())
	w.tick().settle()
	require.EqualValues(t, 2, e.asked.Load(), "only the last of the typed questions is asked")
	require.Contains(t, w.screen(), "value=ABCD")
}

func TestChangedFilesAreReadAgain(t *testing.T) {
	t.Parallel()
	b := shopBackend(t)
	e := &echo{word: "vip", ask: upper}
	w := newWorld(t, b, e).settle()
	require.EqualValues(t, 1, e.asked.Load())
	b.stamp.Warehouse = "loaded"
	w.tick().settle()
	require.EqualValues(t, 2, e.asked.Load(), "new data asks again")
	b.stamp.Store = "a run"
	w.tick().settle()
	require.EqualValues(t, 2, e.asked.Load(), "a run of the store changes no answer of the data")
	b.stamp.Files = "edited"
	w.tick().settle()
	require.EqualValues(t, 3, e.asked.Load())
	require.Contains(t, w.screen(), "definitions changed, read again")
}

func TestAFaultIsAnErrorAndNotTheEnd(t *testing.T) {
	t.Parallel()
	e := &echo{word: "vip", ask: func(context.Context, string, time.Time) (any, error) { panic("boom") }}
	w := newWorld(t, shopBackend(t), e).settle()
	require.Contains(t, w.screen(), "error=a fault in strata: boom")
	w.key("!")
	require.Contains(t, w.screen(), "What went wrong")
}

func TestAnErrorIsShownAndAskedAgain(t *testing.T) {
	t.Parallel()
	failed := errors.New("the warehouse is locked by PID 12")
	e := &echo{word: "vip"}
	e.ask = func(ctx context.Context, word string, at time.Time) (any, error) {
		if e.asked.Load() == 1 {
			return nil, failed
		}
		return upper(ctx, word, at)
	}
	w := newWorld(t, shopBackend(t), e).settle()
	require.Contains(t, w.screen(), "locked by PID 12")
	w.key("j").settle()
	require.EqualValues(t, 1, e.asked.Load(), "an error is not asked again by itself")
	w.key("r").settle()
	require.Contains(t, w.screen(), "value=VIP")
}

// TestAnswersFollowTheDefinitionsOnceTheyWereRead asks nothing between the moment
// that a file changed and the moment that it was read: the answer would be that of
// the old definitions under the name of the new ones.
func TestAnswersFollowTheDefinitionsOnceTheyWereRead(t *testing.T) {
	t.Parallel()
	b := shopBackend(t)
	e := &echo{word: "vip", ask: upper}
	w := newWorld(t, b, e).settle()
	b.gate = make(chan struct{})
	b.stamp.Files = "edited"
	w.tick()
	w.until(func() bool { return !w.Ready() })
	w.key("j")
	w.until(func() bool { return !w.Ready() })
	require.EqualValues(t, 1, e.asked.Load())
	close(b.gate)
	w.settle()
	require.EqualValues(t, 2, e.asked.Load())
}

func TestAProjectThatIsLostIsSaidAndComesBack(t *testing.T) {
	t.Parallel()
	b := shopBackend(t)
	w := newWorld(t, b, &echo{word: "vip", ask: upper}).settle()
	b.err, b.stamp.Files = errors.New("strata.yaml: permission denied"), "gone"
	w.tick().settle()
	require.Contains(t, w.screen(), "read the project: strata.yaml: permission denied")
	require.Contains(t, w.screen(), "value=VIP", "what was there stays")
	b.err, b.stamp.Files = nil, "back"
	w.tick().settle()
	require.Contains(t, w.screen(), "definitions changed, read again")
}

package runs_test

import (
	"context"
	"errors"
	"flag"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
	"strata/tui/pagetest"
	"strata/tui/runs"
)

var _ = flag.Bool("update", false, "rewrite expected frames")

// lost is an error that knows what to do.
type lost struct{}

func (lost) Error() string {
	return "the store strata.store cannot be opened: it is held by process 4711"
}
func (lost) Hint() string { return "end the program that holds it, or wait" }

type fake struct {
	ask.Backend

	runs    []ask.Run
	err     error
	written int
}

func (f *fake) Runs(context.Context) ([]ask.Run, error) { return f.runs, f.err }

func (f *fake) RunDetail(_ context.Context, id int64) (ask.RunDetail, error) {
	for _, r := range f.runs {
		if r.ID == id {
			return detail(r), f.err
		}
	}
	return ask.RunDetail{}, errors.New("there is no such run")
}

func (f *fake) Run(_ context.Context, _ []string, _ time.Time, say func(string)) (ask.Run, error) {
	f.written++
	say("writing")
	return ask.Run{ID: 13, Units: 66, Customers: 20000, Took: 2500 * time.Millisecond}, f.err
}

// detail has a segment with an Arabic name, one with a Japanese name, and the
// first run knows no changes.
func detail(r ask.Run) ask.RunDetail {
	d := ask.RunDetail{Run: r, Fingerprint: "7a2d17c6"}
	for i, name := range []string{"active_readers", "contactable", "lifecycle.loyal", "東京_ÜberKäufer", "عملاء_مميزون", "vip"} {
		u := ask.RunUnit{Name: name, Size: int64(12378 - 1900*i), Contactable: int64(12378 - 2000*i)}
		if r.ID > 1 {
			entered, exited := int64(40*i), int64(7*(i%3))
			u.Entered, u.Exited = &entered, &exited
		}
		d.Units = append(d.Units, u)
	}
	return d
}

func backend() *fake {
	f := &fake{}
	for id := int64(12); id > 0; id-- {
		at := pagetest.AsOf().AddDate(0, 0, int(id)-12)
		r := ask.Run{ID: id, AsOf: at, TakenAt: at.Add(20 * time.Minute), Kind: "live", Customers: 19000 + 83*id, Units: 66, Took: time.Duration(id) * 190 * time.Millisecond}
		if id == 11 {
			r.Kind, r.Supersedes = "backfill", new(int64(9))
		}
		f.runs = append(f.runs, r)
	}
	return f
}

func work() []page.Job {
	now := pagetest.AsOf().Add(time.Hour)
	return []page.Job{
		{ID: 9, Title: "run of all segments", Started: now.Add(-3400 * time.Millisecond), Running: true, Writes: true, Log: []string{"reading 66 definitions", "evaluating", "writing memberships"}},
		{ID: 8, Title: "counting vip", Started: now.Add(-9 * time.Second), Took: 210 * time.Millisecond},
		{ID: 7, Title: "measuring the campaign", Started: now.Add(-20 * time.Second), Took: 4 * time.Second, Err: page.ErrStopped},
		{ID: 6, Title: "comparing 東京_ÜberKäufer with عملاء_مميزون", Started: now.Add(-40 * time.Second), Took: 1300 * time.Millisecond, Err: lost{}},
		{ID: 5, Title: "reading campaigns", Started: now.Add(-50 * time.Second), Took: 30 * time.Millisecond},
	}
}

func bench(t testing.TB) *pagetest.Bench {
	t.Helper()
	b := pagetest.New(t, runs.New(), backend())
	b.Context.Work = work()
	b.Context.Progress = &ask.Progress{Percent: 63.4, Done: 12_600_000, Total: 20_000_000}
	return b.Settle()
}

func TestFrames(t *testing.T) {
	b := bench(t)
	b.Goldens("now")
	b.Key("down", "down", "down").Goldens("failed_job")
	bench(t).Key("2").Goldens("store")
	bench(t).Key("2", "down", "enter", "down").Goldens("run")
	bench(t).Key("3").Goldens("slow")
}

func TestLooks(t *testing.T) {
	for name, look := range map[string]draw.Look{
		"light": {Theme: draw.Light}, "ansi": {Theme: draw.ANSI}, "nocolor": {NoColor: true}, "ascii": {ASCII: true}, "plain": {Plain: true},
	} {
		b := bench(t)
		b.Context.Look = look
		pagetest.Golden(t, "now_"+name, b.Frame(100, 26))
		pagetest.Golden(t, "store_"+name, b.Key("2").Frame(100, 26))
	}
}

// States: the first load, a store that cannot be opened, an empty one, old runs,
// nothing that ran.
func TestStates(t *testing.T) {
	b := pagetest.New(t, runs.New(), backend())
	pagetest.Golden(t, "state_nothing_ran", b.Settle().Frame(80, 12))
	b.Hold = map[string]bool{"runs": true}
	b = pagetest.New(t, runs.New(), backend())
	b.Hold["runs"] = true
	b.Key("2")
	b.Context.Now = b.Context.Now.Add(3 * time.Second)
	pagetest.Golden(t, "state_loading", b.Frame(80, 12))

	f := backend()
	f.err = lost{}
	pagetest.Golden(t, "state_failed", pagetest.New(t, runs.New(), f).Key("2").Frame(80, 12))
	pagetest.Golden(t, "state_empty", pagetest.New(t, runs.New(), &fake{}).Key("2").Frame(80, 12))
}

// A job that is selected stays selected when others begin above it.
func TestSelectionStays(t *testing.T) {
	b := bench(t).Key("down")
	b.Context.Work = append([]page.Job{{ID: 10, Title: "counting", Running: true, Started: b.Context.Now}}, b.Context.Work...)
	b.Send(page.Shown{})
	require.Contains(t, b.Frame(100, 20), "▌ counting vip")
}

// A task that writes is selected when it begins and stays so when questions follow
// and when it ends; what the user selects then stays as well.
func TestTaskIsWatched(t *testing.T) {
	b := bench(t)
	b.Context.Work = append([]page.Job{{ID: 10, Title: "counting", Running: true, Started: b.Context.Now}}, b.Context.Work...)
	require.Contains(t, b.Frame(100, 20), "▌ run of all segments")
	b.Context.Work[1].Running = false
	require.Contains(t, b.Frame(100, 20), "▌ run of all segments")
	b.Key("g")
	require.Contains(t, b.Frame(100, 20), "▌ counting")
	b.Context.Work[1].Running = true
	require.Contains(t, b.Frame(100, 20), "▌ counting", "the user has chosen")
}

// A long line of the log is read to its end.
func TestLogIsBroken(t *testing.T) {
	b := bench(t)
	b.Context.Work[0].Log = []string{"everything was evaluated anew: the last run is not of the same definitions and so it cannot be carried on"}
	require.Contains(t, b.Frame(120, 20), "carried on")
}

func TestCancelAndWrite(t *testing.T) {
	b := bench(t).Key("X")
	require.Equal(t, page.Cancel{ID: 9}, b.Last())
	b.Key("down", "X")
	require.Equal(t, page.Toast{Text: "counting vip has ended"}, b.Last())

	b.Key("W")
	confirm, ok := b.Last().(page.Confirm)
	require.True(t, ok)
	require.Contains(t, confirm.Question, "2026-10-31 23:59:32")
	start, ok := confirm.Yes().(page.Start)
	require.True(t, ok)
	require.True(t, start.Writes)
	text, err := start.Do(t.Context(), b.Backend, b.Context.AsOf, func(string) {})
	require.NoError(t, err)
	require.Equal(t, "run 13: 66 segments and stages, 20,000 customers, in 2.5 s", text)
	b.Send(start.Then)
	require.Equal(t, page.Refresh{}, b.Last())
}

// A task that says its steps shows how far it is by them.
func TestStepsOfATask(t *testing.T) {
	b := bench(t)
	b.Context.Work[0].Log = []string{"evaluating 53 definitions", "pass over orders (7 of 28)", "a remark (with brackets)"}
	require.Contains(t, b.Frame(120, 20), "step 7 of 28")
	require.NotContains(t, b.Frame(120, 20), "63%")
	b.Context.Work[0].Log = []string{"odd (9 of 3)", "odd (x of 3)", "odd ( of )"}
	require.Contains(t, b.Frame(120, 20), "63% of 20M rows")
}

// What is shown below the number of a run is that run.
func TestEnterShowsTheRun(t *testing.T) {
	b := bench(t).Key("2", "G", "enter")
	require.Contains(t, b.Frame(80, 24), "Run 1 ")
	require.Equal(t, []string{"runs", "show", "1"}, b.Page.CLI(&b.Context))
	require.NotContains(t, b.Frame(80, 24), "+40", "a first run knows nobody who entered")
	closing, ok := b.Page.(page.Closing)
	require.True(t, ok)
	require.True(t, closing.Close())
	require.False(t, closing.Close())
	require.Equal(t, []string{"runs"}, b.Page.CLI(&b.Context))
}

// Whatever is pressed, clicked or resized, no line is wider than the screen and
// nothing breaks.
func TestRandom(t *testing.T) {
	keys := []string{"up", "down", "left", "right", "tab", "shift+tab", "[", "]", "1", "2", "3", "enter", "esc", "g", "G", "pgup", "pgdown", "X", "W", "j", "k", "x"}
	rapid.Check(t, func(rt *rapid.T) {
		b := bench(t)
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			switch rapid.IntRange(0, 4).Draw(rt, "what") {
			case 0, 1:
				b.Key(rapid.SampledFrom(keys).Draw(rt, "key"))
			case 2:
				id := rapid.SampledFrom([]string{"row:", "unit:", "tab:", "work", "row:x"}).Draw(rt, "zone")
				if strings.HasSuffix(id, ":") {
					id += rapid.SampledFrom([]string{"0", "1", "3", "99", "-1"}).Draw(rt, "at")
				}
				b.Send(page.Click{ID: id, Wheel: rapid.IntRange(-1, 1).Draw(rt, "wheel")})
			case 3:
				b.Context.Work = b.Context.Work[:rapid.IntRange(0, len(b.Context.Work)).Draw(rt, "work")]
			default:
				b.Send(tea.PasteMsg{Content: rapid.String().Draw(rt, "paste")})
			}
			w, h := rapid.IntRange(1, 160).Draw(rt, "w"), rapid.IntRange(1, 50).Draw(rt, "h")
			for line := range strings.SplitSeq(b.Frame(w, h), "\n") {
				require.LessOrEqual(rt, draw.Width(line), w)
			}
		}
	})
}

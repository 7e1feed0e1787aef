package tui_test

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/tui"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
	"strata/tui/pagetest"
)

func TestTheFirstFrameNeedsNoAnswer(t *testing.T) {
	t.Parallel()
	m := tui.New(t.Context(), tui.Options{Now: time.Now, Backend: nil, Pages: tui.Pages{Home: func() page.Page { return &echo{} }}})
	m.Update(tea.WindowSizeMsg{Width: 120, Height: 36})
	require.Contains(t, m.Screen().Text(), "reading definitions")
}

func TestASmallScreenSaysWhatIsNeeded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shopBackend(t), &echo{word: "vip", ask: upper}).settle()
	w.Send(tea.WindowSizeMsg{Width: 39, Height: 9})
	require.Equal(t, "strata needs 40x10", strings.TrimSpace(w.screen()))
	w.Send(tea.WindowSizeMsg{Width: 40, Height: 10})
	require.Contains(t, w.screen(), "value=VIP")
}

func TestThePaletteFindsAndDoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shopBackend(t), &echo{word: "vip", ask: upper}).settle()
	w.key(":")
	require.Contains(t, w.screen(), "open another")
	w.key(strings.Split("another", "")...)
	require.NotContains(t, w.screen(), "next theme")
	w.key("enter").settle()
	require.Contains(t, w.screen(), "value=SECOND")
	require.Contains(t, w.screen(), "echo › echo")
	w.key("esc").settle()
	require.Contains(t, w.screen(), "value=VIP")
}

func TestAnActionThatIsOffSaysWhy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shopBackend(t), &echo{word: "vip", ask: upper}).settle()
	w.key("z")
	require.Contains(t, w.screen(), "never: it is off")
	w.key("?").key(strings.Split("never", "")...).key("enter")
	require.Contains(t, w.screen(), "never: it is off")
}

func TestWhileOneTypesKeysAreText(t *testing.T) {
	t.Parallel()
	e := &echo{word: "vip", ask: upper, typing: true}
	w := newWorld(t, shopBackend(t), e).settle()
	w.key("q", "o", ":", "space", "left", "ctrl+k")
	require.Equal(t, []string{"q", "o", ":", "space", "left"}, e.keys)
	require.Contains(t, w.screen(), "Commands")
}

func TestKeysCanBeChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shopBackend(t), &echo{word: "vip", ask: upper}, func(o *tui.Options) {
		o.Keys = map[string][]string{"echo.open": {"b"}}
	}).settle()
	w.key("o")
	require.NotContains(t, w.screen(), "echo › echo")
	w.key("b").settle()
	require.Contains(t, w.screen(), "echo › echo")
	require.Contains(t, w.Model.Known(), "app.palette")
}

func TestQuitAsksWhereSomethingWouldBeLost(t *testing.T) {
	t.Parallel()
	e := &echo{word: "vip", ask: upper, lost: "the draft of vip is not saved"}
	w := newWorld(t, shopBackend(t), e).settle()
	w.key("q")
	require.Contains(t, w.screen(), "the draft of vip is not saved. Quit?")
	w.key("n")
	require.NotContains(t, w.screen(), "Quit?")
	e.lost = ""
	_, cmd := w.Model.Update(pagetest.KeyOf("q"))
	require.Equal(t, tea.QuitMsg{}, cmd())
}

func TestControlCTwiceQuits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shopBackend(t), &echo{word: "vip", ask: upper}).settle()
	w.key("ctrl+c")
	require.Contains(t, w.screen(), "ctrl+c once more quits")
	w.Clock = w.Clock.Add(2 * time.Second)
	w.key("ctrl+c").settle()
	require.Contains(t, w.screen(), "ctrl+c once more quits")
	_, cmd := w.Model.Update(pagetest.KeyOf("ctrl+c"))
	require.Equal(t, tea.QuitMsg{}, cmd())
}

func TestTasksRunAndTellHowTheyEnded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shopBackend(t), &echo{word: "vip", ask: upper}).settle()
	task := func(err error) page.Start {
		return page.Start{Title: "snapshot", Writes: true, Do: func(_ context.Context, _ ask.Backend, _ time.Time, say func(string)) (string, error) {
			say("evaluating")
			return "run 7: 66 segments", err
		}}
	}
	w.Send(task(nil))
	w.settle()
	require.Contains(t, w.screen(), "run 7: 66 segments")
	w.Send(task(errors.New("the store is locked")))
	w.settle()
	require.Contains(t, w.screen(), "snapshot: the store is locked · ! details")
	w.key("!")
	require.Contains(t, w.screen(), "What went wrong")
}

func TestARunningTaskIsStoppedByHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shopBackend(t), &echo{word: "vip", ask: upper}).settle()
	w.Send(page.Start{Title: "snapshot", Writes: true, Do: func(ctx context.Context, _ ask.Backend, _ time.Time, _ func(string)) (string, error) {
		<-ctx.Done()
		return "", ctx.Err()
	}})
	w.key("q")
	require.Contains(t, w.screen(), "snapshot is still running and would be stopped. Quit?")
	w.key("n", "ctrl+c").settle()
	require.Contains(t, w.screen(), "snapshot: stopped, nothing was written")
}

func TestWelcomeWhereThereIsNoProject(t *testing.T) {
	t.Parallel()
	b := &backend{err: ask.ErrNoProject}
	w := newWorld(t, b, &echo{word: "vip", ask: upper}, func(o *tui.Options) {
		o.Demo = func(context.Context, func(string)) (ask.Backend, error) { return shopBackend(t), nil }
	}).settle()
	pagetest.Golden(t, "welcome_80x24", w.screen())
	w.key("d").settle()
	require.Contains(t, w.screen(), "value=VIP")
}

func TestAProjectThatNeverWasRightShowsWhatIsWrong(t *testing.T) {
	t.Parallel()
	b := shopBackend(t)
	b.project.Program = nil
	w := newWorld(t, b, &echo{word: "vip", ask: upper}).settle()
	require.Contains(t, w.screen(), "The definitions have errors")
}

func TestCopyGoesThroughTheTerminalAndBesideIt(t *testing.T) {
	t.Parallel()
	beside := ""
	w := newWorld(t, shopBackend(t), &echo{word: "vip's", ask: upper}, func(o *tui.Options) {
		o.Copy = func(_ context.Context, text string) error { beside = text; return nil }
	}).settle()
	w.key("y").key(strings.Split("command", "")...).key("enter").settle()
	require.Equal(t, `strata count 'vip'\''s'`, beside)
	require.Contains(t, w.screen(), "copied the command")
}

func TestTheEditorOfTheUser(t *testing.T) {
	t.Parallel()
	var file string
	var line int
	w := newWorld(t, shopBackend(t), &echo{word: "vip", ask: upper}, func(o *tui.Options) {
		o.Editor = func(f string, l int) *exec.Cmd { file, line = f, l; return exec.CommandContext(t.Context(), "true") }
	}).settle()
	_, cmd := w.Model.Update(page.EditFile{File: "segments/vip.yaml", Line: 4})
	require.NotNil(t, cmd)
	require.Equal(t, "segments/vip.yaml", file)
	require.Equal(t, 4, line)
}

func TestClicksOnKeysAndCrumbs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shopBackend(t), &echo{word: "vip", ask: upper}).settle()
	w.Model.View()
	w.Send(tea.MouseClickMsg{X: 2, Y: 23, Button: tea.MouseLeft})
	w.settle()
	require.Contains(t, w.screen(), "echo › echo", "the first key of the line is open")
	for x := range 80 {
		w.Model.View()
		if id, _, _, ok := w.Model.Screen().Hit(x, 0); ok && id == "travel" {
			w.Send(tea.MouseClickMsg{X: x, Y: 0, Button: tea.MouseLeft})
			break
		}
	}
	require.Contains(t, w.screen(), "Time travel")
	w.Model.View()
	w.Send(tea.MouseClickMsg{X: 0, Y: 20, Button: tea.MouseLeft})
	require.NotContains(t, w.screen(), "Time travel", "a click beside an overlay closes it")
}

// anyKey are keys and characters that users press.
func anyKey() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{
			"enter", "esc", "tab", "shift+tab", "up", "down", "left", "right", "home", "end", "pgup", "pgdown", "backspace", "delete", "space",
			"alt+d", "alt+backspace", "alt+delete", "ctrl+w", "ctrl+z", "ctrl+k", "ctrl+s", "ctrl+u", "ctrl+d", "ctrl+y", "ctrl+o", "ctrl+l", "alt+up", "alt+down", "f1", "f2", "f3", "f4", "f6",
		}),
		rapid.SampledFrom(strings.Split("abcdefghijklmnoprstuvwxyzABCDEFGHIJKLNOPRSTUVWXYZ0123456789:?!<>[]/.,+-_|=()'\"", "")),
	)
}

// TestNoKeyBreaksTheScreen presses keys, clicks, pastes and resizes at random.
func TestNoKeyBreaksTheScreen(t *testing.T) {
	t.Parallel()
	outer := t
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(outer, shopBackend(outer), &echo{word: "vip", ask: upper})
		width, height := 80, 24
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			switch rapid.IntRange(0, 9).Draw(t, "what") {
			case 0:
				width, height = rapid.IntRange(1, 140).Draw(t, "w"), rapid.IntRange(1, 45).Draw(t, "h")
				w.Send(tea.WindowSizeMsg{Width: width, Height: height})
			case 1:
				w.Send(tea.MouseClickMsg{X: rapid.IntRange(0, 140).Draw(t, "x"), Y: rapid.IntRange(0, 45).Draw(t, "y"), Button: tea.MouseLeft})
			case 2:
				w.Send(tea.PasteMsg{Content: rapid.String().Draw(t, "paste")})
			case 3:
				w.Send(tea.MouseWheelMsg{X: 5, Y: 5, Button: tea.MouseWheelDown})
			default:
				w.key(anyKey().Draw(t, "key"))
			}
			w.tick()
			view := w.Model.View()
			lines := strings.Split(view.Content, "\n")
			require.LessOrEqual(t, len(lines), height)
			for _, l := range lines {
				require.LessOrEqual(t, ansi.StringWidth(l), width)
			}
		}
	})
}

// TestAFaultOfAPageIsShown breaks a page by a key, and one that cannot be drawn.
func TestAFaultOfAPageIsShown(t *testing.T) {
	t.Parallel()
	e := &echo{word: "vip", ask: upper, faults: "j"}
	w := newWorld(t, shopBackend(t), e).settle()
	w.key("j")
	require.Contains(t, w.screen(), "this should not happen: a fault in strata: boom")
	w.key("k").settle()
	require.Contains(t, w.screen(), "value=VIP", "the session goes on")
	e.broken = true
	require.Contains(t, w.screen(), "a fault in strata: boom")
	e.broken = false
	require.Contains(t, w.screen(), "value=VIP")
}

func TestALongPasteIsNoBurden(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shopBackend(t), &echo{word: "vip", ask: upper}).settle()
	w.key(":")
	w.Send(tea.PasteMsg{Content: strings.Repeat("xyz ", 10_000)})
	w.key("left", "home", "end", "backspace")
	require.Contains(t, w.screen(), "nothing fits")
}

func TestAChosenKeyIsTakenFromOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shopBackend(t), &echo{word: "vip", ask: upper}, func(o *tui.Options) {
		o.Keys = map[string][]string{"app.theme": {"o"}}
	}).settle()
	w.key("o")
	require.Contains(t, w.screen(), "theme: light")
	require.NotContains(t, w.screen(), "echo › echo")
}

func TestWithoutAShellNothingIsSuspended(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shopBackend(t), &echo{word: "vip", ask: upper}, func(o *tui.Options) { o.NoSuspend = true }).settle()
	w.key("ctrl+z").settle()
	require.Contains(t, w.screen(), "no shell waits for that")
}

func BenchmarkView(b *testing.B) {
	m := tui.New(context.Background(), tui.Options{Now: time.Now, Look: draw.Look{Theme: draw.Dark}, Pages: tui.Pages{Home: func() page.Page { return &echo{} }}})
	m.Update(tea.WindowSizeMsg{Width: 120, Height: 36})
	b.ReportAllocs()
	for b.Loop() {
		m.View()
	}
}

// Package pagetest tries a page without a program around it. In come a page, a
// backend with prepared answers, and keys; out come frames as text and what the
// page sent.
package pagetest

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"strata/fixtures/shop"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// Update reports whether expected frames are to be rewritten: the test binary
// has the flag -update.
func Update() bool {
	f := flag.Lookup("update")
	return f != nil && f.Value.String() == "true"
}

// AsOf is the as-of of all frames.
func AsOf() time.Time { return time.Date(2026, 10, 31, 23, 59, 32, 0, time.UTC) }

// Bench is a page on a bench.
type Bench struct {
	t       testing.TB
	Page    page.Page
	Backend ask.Backend
	Context page.Context
	// Sent is what the page sent, in order. Commands that tell of time are run too.
	Sent []tea.Msg

	slots map[string]page.State
	asked map[string]string
	// Hold keeps slots of these names loading.
	Hold map[string]bool
}

// New puts a page on a bench, on the demo shop's definitions.
func New(t testing.TB, p page.Page, backend ask.Backend) *Bench {
	t.Helper()
	b := &Bench{t: t, Page: p, Backend: backend, slots: map[string]page.State{}, asked: map[string]string{}, Hold: map[string]bool{}}
	b.Context = page.Context{
		Look: draw.Look{Theme: draw.Dark}, Project: Project(t), AsOf: AsOf(), Now: AsOf().Add(time.Hour),
		Answers: b, Memory: map[string]any{}, Width: 120, Height: 32, //nolint:mnd // The usual size.
	}
	return b
}

// Slot implements page.Answers.
func (b *Bench) Slot(slot string) page.State { return b.slots[slot] }

// Program is that of the demo shop.
func Program(t testing.TB) *check.Program {
	t.Helper()
	set, problems := definition.Load(shop.Files(), "/shop")
	require.Empty(t, problems)
	program, more := check.Check(set)
	require.False(t, more.HasErrors(), more.Error())
	return program
}

// Project is the demo shop.
func Project(t testing.TB) *ask.Project {
	t.Helper()
	return &ask.Project{Dir: "/shop", Warehouse: "warehouse.duckdb", Program: Program(t)}
}

// Settle asks all that the page needs until it needs nothing more.
func (b *Bench) Settle() *Bench {
	b.t.Helper()
	for range 10 {
		open := false
		for _, need := range b.Page.Needs(&b.Context) {
			key := need.Key + "@" + b.Context.AsOf.String()
			if b.asked[need.Slot] == key {
				continue
			}
			open = true
			b.asked[need.Slot] = key
			state := b.slots[need.Slot]
			if b.Hold[need.Slot] {
				state.Old, state.Loading, state.Since = state.Value != nil, true, b.Context.Now
				b.slots[need.Slot] = state
				continue
			}
			value, err := need.Ask(context.Background(), b.Backend, b.Context.AsOf)
			b.slots[need.Slot] = page.State{Value: value, Err: err, AsOf: b.Context.AsOf, At: b.Context.Now, Took: 12 * time.Millisecond} //nolint:mnd // Any.
			if err != nil {
				b.slots[need.Slot] = page.State{Value: state.Value, Old: state.Value != nil, Err: err}
			}
		}
		if !open {
			return b
		}
	}
	b.t.Fatal("the page never has enough answers: a Key changes with every answer")
	return b
}

// Key presses keys by their names, such as "enter", "j" or "ctrl+s": an action
// of the page if one has the key, else the page itself. Answers are settled in
// between.
func (b *Bench) Key(keys ...string) *Bench {
	b.t.Helper()
	for _, key := range keys {
		b.Settle()
		b.run(b.press(key))
	}
	return b.Settle()
}

// Type types a text, a character at a time.
func (b *Bench) Type(text string) *Bench {
	b.t.Helper()
	for _, r := range text {
		key := string(r)
		if r == ' ' {
			key = "space"
		}
		b.run(b.press(key))
	}
	return b.Settle()
}

// Send hands a message to the page.
func (b *Bench) Send(msg tea.Msg) *Bench {
	b.t.Helper()
	b.run(b.Page.Update(&b.Context, msg))
	return b.Settle()
}

func (b *Bench) press(key string) tea.Cmd {
	msg := KeyOf(key)
	typing, ok := b.Page.(page.Typing)
	if ok && typing.Typing() && msg.Text != "" {
		return b.Page.Update(&b.Context, msg)
	}
	for _, a := range b.Page.Actions(&b.Context) {
		if slices.Contains(a.Keys, key) {
			if a.Off != "" {
				b.Sent = append(b.Sent, page.Toast{Text: a.Off})
				return nil
			}
			return a.Do()
		}
	}
	return b.Page.Update(&b.Context, msg)
}

// run runs a command and keeps what it sends.
func (b *Bench) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			b.run(c)
		}
	default:
		b.Sent = append(b.Sent, msg)
	}
}

// Last is what the page sent last.
func (b *Bench) Last() tea.Msg {
	b.t.Helper()
	require.NotEmpty(b.t, b.Sent, "the page sent nothing")
	return b.Sent[len(b.Sent)-1]
}

// Canvas draws the page at a size.
func (b *Bench) Canvas(w, h int) *draw.Canvas {
	canvas := draw.NewCanvas(w, h, b.Context.Look)
	b.Context.Width, b.Context.Height = w, h
	b.Page.Draw(&b.Context, canvas.Area())
	return canvas
}

// Frame is the page at a size as text.
func (b *Bench) Frame(w, h int) string { return b.Canvas(w, h).Text() }

// Sizes are the sizes of screens that are looked at, less the lines around a page.
func Sizes() [][2]int {
	return [][2]int{{120, 32}, {100, 26}, {80, 20}, {60, 16}, {40, 7}}
}

// Goldens compares the page at all sizes with testdata/NAME_WxH.txt.
func (b *Bench) Goldens(name string) {
	b.t.Helper()
	for _, size := range Sizes() {
		Golden(b.t, name+"_"+strconv.Itoa(size[0])+"x"+strconv.Itoa(size[1]), b.Frame(size[0], size[1]))
	}
}

// Golden compares a text with testdata/NAME.txt.
func Golden(t testing.TB, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	if Update() {
		require.NoError(t, os.MkdirAll("testdata", 0o755))         //nolint:mnd // As folders are.
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644)) //nolint:gosec,mnd // It is read by everyone.
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "rewrite expected frames with -update")
	require.Equal(t, string(want), got)
}

// keyCodes are the keys without a character.
var keyCodes = map[string]rune{
	"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft,
	"right": tea.KeyRight, "home": tea.KeyHome, "end": tea.KeyEnd, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown,
	"backspace": tea.KeyBackspace, "delete": tea.KeyDelete, "f1": tea.KeyF1, "f2": tea.KeyF2, "f3": tea.KeyF3, "f4": tea.KeyF4,
	"f5": tea.KeyF5, "f6": tea.KeyF6,
}

// KeyOf is the message of a key by its name.
func KeyOf(name string) tea.KeyPressMsg {
	rest, mod := name, tea.KeyMod(0)
	for _, m := range []struct {
		name string
		mod  tea.KeyMod
	}{{"ctrl+", tea.ModCtrl}, {"alt+", tea.ModAlt}, {"shift+", tea.ModShift}} {
		if len(rest) > len(m.name) && strings.HasPrefix(rest, m.name) {
			rest, mod = rest[len(m.name):], mod|m.mod
		}
	}
	if code, ok := keyCodes[rest]; ok {
		return tea.KeyPressMsg{Code: code, Mod: mod}
	}
	if rest == "space" {
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " ", Mod: mod}
	}
	r := []rune(rest)[0]
	if mod != 0 {
		return tea.KeyPressMsg{Code: r, Mod: mod}
	}
	return tea.KeyPressMsg{Code: r, Text: rest}
}

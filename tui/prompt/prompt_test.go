package prompt_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/tui/draw"
	"strata/tui/pagetest"
	"strata/tui/prompt"
)

func press(l *prompt.Line, keys ...string) {
	for _, key := range keys {
		l.Update(pagetest.KeyOf(key))
	}
}

func TestLineIsEdited(t *testing.T) {
	t.Parallel()
	var l prompt.Line
	press(&l, "a", "b", "c", "left", "x", "home", "y", "end", "z", "left", "left", "delete")
	require.Equal(t, "yabxz", l.Text())
	press(&l, "backspace", "ctrl+u")
	require.Equal(t, "z", l.Text())
	l.Update(tea.PasteMsg{Content: "one two\nthree\u202e\x1b"})
	require.Equal(t, "one two threez", l.Text())
	press(&l, "ctrl+w")
	require.Equal(t, "one two z", l.Text())
	require.False(t, l.Update(pagetest.KeyOf("f1")))
	l.Set("e\u0301x")
	press(&l, "left", "backspace")
	require.Equal(t, "x", l.Text(), "a letter goes with its accent")
}

// A line keeps what was typed, and is never drawn outside of its area.
func TestLineTakesAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		var l prompt.Line
		for range rapid.IntRange(0, 20).Draw(r, "steps") {
			if rapid.Bool().Draw(r, "paste") {
				l.Update(tea.PasteMsg{Content: rapid.String().Draw(r, "text")})
				continue
			}
			press(&l, rapid.SampledFrom([]string{"left", "right", "home", "end", "backspace", "delete", "ctrl+u", "ctrl+w", "a", "日", "space"}).Draw(r, "key"))
		}
		require.NotContains(r, l.Text(), "\n")
		w := rapid.IntRange(0, 20).Draw(r, "w")
		canvas := draw.NewCanvas(w, 1, draw.Look{})
		l.Draw(canvas.Area(), true, "nothing")
		if x, _, ok := canvas.Cursor(); w > 0 {
			require.True(r, ok, "the cursor is seen")
			require.Less(r, x, w)
		}
	})
}

func TestPicker(t *testing.T) {
	t.Parallel()
	items := []prompt.Item{{Text: "vip", Note: "Very important"}, {Text: "lapsed_vip"}, {Text: "buyers", Note: "who bought"}}
	require.Equal(t, []prompt.Item{items[0], items[1]}, prompt.Filter(items, "VIP"))
	require.Equal(t, []prompt.Item{items[2]}, prompt.Filter(items, "who bu"))
	require.Empty(t, prompt.Filter(items, "nobody"))
	p := prompt.Picker{Free: true, Items: items}
	require.Equal(t, -1, p.Chosen())
	p.Update(pagetest.KeyOf("down"))
	require.Equal(t, 0, p.Chosen())
	p.Update(pagetest.KeyOf("down"))
	p.Update(pagetest.KeyOf("down"))
	p.Update(pagetest.KeyOf("down"))
	require.Equal(t, 2, p.Chosen())
	changed, _ := p.Update(pagetest.KeyOf("x"))
	require.True(t, changed)
	require.Equal(t, -1, p.Chosen(), "typing goes back to the text")
	p.Free = false
	require.Equal(t, 0, p.Chosen())
	p.Items = nil
	require.Equal(t, -1, p.Chosen())
	require.Equal(t, 7, prompt.Clicked("pick:7"))
	require.Equal(t, -1, prompt.Clicked("row:7"))
	require.Equal(t, -1, prompt.Clicked("pick:x"))
	for _, size := range [][2]int{{0, 0}, {3, 2}, {40, 7}, {120, 40}} {
		canvas := draw.NewCanvas(size[0], size[1], draw.Look{})
		p.Items, p.Say, p.Below = items, strings.Repeat("long ", 40), 2
		p.Draw(canvas.Area())
	}
}

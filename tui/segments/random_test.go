package segments_test

import (
	"strconv"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/tui/draw"
	"strata/tui/page"
	"strata/tui/pagetest"
	"strata/tui/segments"
)

// TestAnything presses, clicks, pastes and resizes at random: no page panics, and
// nothing is wider or higher than the screen.
func TestAnything(t *testing.T) {
	pages := map[string]func() page.Page{
		"home": func() page.Page { return segments.New(links()) }, "problems": segments.NewProblems,
		"vip": func() page.Page { return segments.NewSegment("vip", segments.Links{}) }, "lifecycle": func() page.Page { return segments.NewSegment("lifecycle", segments.Links{}) },
		"lifecycle.new": func() page.Page { return segments.NewSegment("lifecycle.new", segments.Links{}) },
		"gone":          func() page.Page { return segments.NewSegment("nobody", segments.Links{}) },
	}
	keys := []string{
		"up", "down", "left", "right", "pgup", "pgdown", "home", "end", "g", "G", "space", "s", "p", "/", "1", "2", "[", "]", "tab", "enter",
		"x", "backspace", "delete", "ctrl+w", "ctrl+u", ":", ">", "W", "ä",
	}
	looks := []draw.Look{{}, {ASCII: true}, {Plain: true}, {NoColor: true}, {Theme: draw.ANSI}, {Theme: draw.Light}}
	rapid.Check(t, func(rt *rapid.T) {
		name := rapid.SampledFrom([]string{"home", "home", "problems", "vip", "lifecycle", "lifecycle.new", "gone"}).Draw(rt, "page")
		f := newFake(t)
		b := pagetest.New(t, pages[name](), f)
		b.Context.Look = rapid.SampledFrom(looks).Draw(rt, "look")
		if rapid.Bool().Draw(rt, "broken") {
			b.Context.Project.Problems = broken()
		}
		for _, q := range []string{"Stored", "Sizes", "Courses", "Course", "Count", "Forecast"} {
			if rapid.IntRange(0, 5).Draw(rt, q) == 0 {
				f.failing[q] = errLocked
			}
		}
		for range rapid.IntRange(0, 12).Draw(rt, "steps") {
			switch rapid.IntRange(0, 5).Draw(rt, "what") {
			case 0:
				zone := rapid.SampledFrom([]string{"row:%d", "list", "problem:%d", "open:%d", "segment.tab:%d", "day:%d", "leaver:%d", "past", "ahead", "filter", "overview", "row:x"}).Draw(rt, "zone")
				b.Send(page.Click{ID: strings.Replace(zone, "%d", strconv.Itoa(rapid.IntRange(-1, 99).Draw(rt, "n")), 1), Wheel: rapid.IntRange(-1, 1).Draw(rt, "wheel")})
			case 1:
				b.Send(tea.PasteMsg{Content: rapid.SampledFrom([]string{"tag:crm\n", "\x1b[31m", "東京 مرحبا", "size>", strings.Repeat("long ", 40)}).Draw(rt, "paste")})
			case 2:
				b.Context.AsOf = pagetest.AsOf().AddDate(0, 0, -rapid.IntRange(0, 3).Draw(rt, "days"))
				b.Settle()
			default:
				b.Key(rapid.SampledFrom(keys).Draw(rt, "key"))
			}
			w, h := rapid.IntRange(0, 180).Draw(rt, "w"), rapid.IntRange(0, 50).Draw(rt, "h")
			lines := strings.Split(strings.TrimSuffix(b.Frame(w, h), "\n"), "\n")
			require.LessOrEqual(t, len(lines), max(1, h))
			for _, l := range lines {
				require.LessOrEqual(t, ansi.StringWidth(l), w)
			}
		}
	})
}

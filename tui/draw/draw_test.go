package draw_test

import (
	"image/color"
	"math"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/tui/draw"
)

// ugly are texts as data holds them: wide and combining characters, such that
// are written from right to left, and what would steer a terminal.
func ugly() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{
			"", "vip", "ÜberKäufer_東京", "שלום עולם", "مرحبا", "a\u202eb", "\x1b[31mred", "tab\there", "two\nlines", "👩‍👩‍👧‍👦 family",
			"é́́", "\u200b\u200d", "🇩🇪🇫🇷", "\x00\x07", strings.Repeat("wide 東京 ", 20),
		}),
		rapid.String(),
	)
}

func look() *rapid.Generator[draw.Look] {
	return rapid.Custom(func(t *rapid.T) draw.Look {
		return draw.Look{
			Theme:   rapid.SampledFrom(draw.Themes()).Draw(t, "theme"),
			NoColor: rapid.Bool().Draw(t, "no colour"), ASCII: rapid.Bool().Draw(t, "ascii"), Plain: rapid.Bool().Draw(t, "plain"),
		}
	})
}

// fits demands that a screen has its size, whatever was drawn.
func fits(t require.TestingT, c *draw.Canvas, w, h int) {
	frame := c.Frame()
	lines := strings.Split(frame, "\n")
	require.LessOrEqual(t, len(lines), max(1, h))
	for _, line := range lines {
		require.LessOrEqual(t, ansi.StringWidth(line), w, "%q", line)
		rest := ansi.Strip(line)
		require.NotContains(t, rest, "\x1b")
	}
}

func TestNothingGetsOutOfTheScreen(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(0, 60).Draw(t, "w"), rapid.IntRange(0, 12).Draw(t, "h")
		c := draw.NewCanvas(w, h, look().Draw(t, "look"))
		for range rapid.IntRange(1, 6).Draw(t, "texts") {
			a := c.Area().Sub(small(t), small(t), rapid.IntRange(-2, 70).Draw(t, "aw"), rapid.IntRange(-2, 14).Draw(t, "ah"))
			style := draw.Style(rapid.Uint32Range(0, 0xffff).Draw(t, "style"))
			text := ugly().Draw(t, "text")
			switch rapid.IntRange(0, 9).Draw(t, "what") {
			case 0:
				a.Put(small(t), small(t), style, text)
			case 1:
				a.Fit(small(t), small(t), rapid.IntRange(-1, 80).Draw(t, "width"), style, text)
			case 2:
				a.Wrap(small(t), small(t), style, text)
			case 3:
				a.Panel(draw.Frame{Title: text, Foot: text, Focus: true, Zone: "z"}).Wrap(0, 0, style, text)
			case 4:
				a.Tabs(small(t), []string{"one", text, "three"}, rapid.IntRange(0, 2).Draw(t, "tab"))
			case 5:
				a.Keys(small(t), []draw.KeyHint{{Key: "e", Does: text}, {Key: "q", Does: "quit"}})
			case 6:
				a.Columns(draw.Columns{Values: rapid.SliceOf(rapid.Float64()).Draw(t, "values"), Labels: []string{"Jan", text, "Mar"}})
			case 7:
				a.Table(draw.Table{
					Columns: []draw.Column{{Title: "name", Grow: true, Min: 4}, {Title: text, Right: true, Drop: 1}, {Title: "x", Drop: 2}},
					List:    &draw.List{Len: 5, Cursor: 2},
					Row: func(int) []draw.Cell {
						return []draw.Cell{{Text: text}, {Spans: []draw.Span{{Text: text}, {Text: "!"}}}, {Text: "y"}}
					},
				})
			case 8:
				a.HeatCell(small(t), small(t), rapid.IntRange(0, 9).Draw(t, "cell"), rapid.Float64().Draw(t, "share"), text, style)
			case 9:
				s := draw.Around(small(t), rapid.IntRange(0, 40).Draw(t, "plot"), rapid.Float64().Draw(t, "a"), rapid.Float64().Draw(t, "b"))
				a.Interval(small(t), s, style, rapid.Float64().Draw(t, "low"), rapid.Float64().Draw(t, "mid"), rapid.Float64().Draw(t, "high"))
				a.Zero(0, 5, s)
				a.Step(small(t), s, style, rapid.Float64().Draw(t, "from"), rapid.Float64().Draw(t, "to"))
			}
		}
		fits(t, c, w, h)
	})
}

func small(t *rapid.T) int { return rapid.IntRange(-3, 15).Draw(t, "place") }

// TestColoursCanBeRead demands the contrast that WCAG asks of text, 4.5, on the
// background, on the selected row, and in every step of a heat map.
func TestColoursCanBeRead(t *testing.T) {
	t.Parallel()
	var styles []draw.Style
	for _, role := range []draw.Style{draw.Dim, draw.Accent, draw.Good, draw.Warn, draw.Bad} {
		styles = append(styles, role, role|draw.Selected)
	}
	styles = append(styles, draw.Banner)
	for step := range draw.HeatSteps {
		styles = append(styles, draw.Heat((float64(step)+.5)/draw.HeatSteps))
	}
	for theme, background := range map[draw.Theme]color.Color{draw.Dark: color.Black, draw.Light: color.White} {
		for _, style := range styles {
			c := draw.NewCanvas(1, 1, draw.Look{Theme: theme})
			c.Area().Put(0, 0, style, "x")
			cell := c.Cell(0, 0)
			on := background
			if cell.Style.Bg != nil {
				on = cell.Style.Bg
			}
			require.GreaterOrEqual(t, draw.Contrast(cell.Style.Fg, on), 4.5, "%s %d", theme, style)
		}
	}
	require.InDelta(t, 21, draw.Contrast(color.Black, color.White), 1e-9)
}

func TestNoColourMeansNone(t *testing.T) {
	t.Parallel()
	c := draw.NewCanvas(20, 2, draw.Look{NoColor: true})
	for style := range draw.Style(30) {
		c.Area().Put(0, 0, style|draw.Selected, "text")
		require.Nil(t, c.Cell(0, 0).Style.Fg)
		require.Nil(t, c.Cell(0, 0).Style.Bg)
	}
	c.Area().Put(0, 1, draw.Bad, "bad")
	require.NotZero(t, c.Cell(0, 1).Style.Attrs, "what colour says is said in bold")
}

func TestASCIIDrawsNothingElse(t *testing.T) {
	t.Parallel()
	c := draw.NewCanvas(60, 20, draw.Look{ASCII: true})
	in := c.Area().Panel(draw.Frame{Title: "panel", Foot: "foot"})
	in.Columns(draw.Columns{Values: []float64{1, 2, 3, 9}, Labels: []string{"a", "b"}})
	in.Put(0, 1, draw.Normal, in.Look().Spark([]float64{1, math.NaN(), 3})+in.Look().Bar(.5, 10)+in.Look().Spinner(3))
	in.Interval(3, draw.Around(0, 30, -1, 2), draw.Good, -1, 0, 2)
	in.Step(4, draw.Around(0, 30, -1, 2), draw.Good, -1, 2)
	in.HeatCell(0, 5, 6, .7, "70", draw.Normal)
	in.Table(draw.Table{Columns: []draw.Column{{Title: "n", Grow: true}}, List: &draw.List{Len: 1}, Row: func(int) []draw.Cell {
		return []draw.Cell{{Text: strings.Repeat("long ", 30)}}
	}})
	for _, r := range c.Text() {
		require.Less(t, r, rune(128), "%q in\n%s", r, c.Text())
	}
}

func TestABarGrowsWithItsShare(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := look().Draw(t, "look")
		a, b := rapid.Float64Range(0, 1).Draw(t, "a"), rapid.Float64Range(0, 1).Draw(t, "b")
		width := rapid.IntRange(1, 40).Draw(t, "width")
		shorter, longer := l.Bar(min(a, b), width), l.Bar(max(a, b), width)
		require.LessOrEqual(t, draw.Width(shorter), draw.Width(longer))
		require.LessOrEqual(t, draw.Width(longer), width)
		if max(a, b) > 0 {
			require.NotEmpty(t, longer, "what is more than nothing shows")
		}
	})
	require.Equal(t, 10, draw.Width(draw.Look{}.Bar(1, 10)))
	require.Empty(t, draw.Look{}.Bar(0, 10))
	require.Empty(t, draw.Look{}.Bar(math.NaN(), 10))
}

func TestASparkFollowsTheValues(t *testing.T) {
	t.Parallel()
	require.Equal(t, "▁▄█", draw.Look{}.Spark([]float64{0, 3, 8}))
	require.Equal(t, "▅▅", draw.Look{}.Spark([]float64{3, 3}))
	require.Equal(t, "▁ █", draw.Look{}.Spark([]float64{1, math.NaN(), 2}))
	require.Equal(t, []float64{2, 4}, draw.Resampled([]float64{1, 2, 3, 4}, 2), "a column shows what was at its end")
}

func TestAListKeepsItsCursorInRangeAndInSight(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var l draw.List
		for range 20 {
			height := rapid.IntRange(1, 10).Draw(t, "height")
			switch rapid.IntRange(0, 2).Draw(t, "what") {
			case 0:
				l.Resize(rapid.IntRange(0, 30).Draw(t, "rows"))
			case 1:
				l.Key(rapid.SampledFrom([]string{"up", "down", "pgup", "pgdown", "home", "end", "g", "G", "x"}).Draw(t, "key"), height)
			case 2:
				l.To(rapid.IntRange(-5, 40).Draw(t, "to"))
			}
			from, to := l.Visible(height)
			require.LessOrEqual(t, to-from, height)
			require.GreaterOrEqual(t, from, 0)
			if l.Len > 0 {
				require.True(t, l.Cursor >= from && l.Cursor < to && l.Cursor < l.Len, "%d in %d..%d of %d", l.Cursor, from, to, l.Len)
			}
		}
	})
}

func TestColumnsGoInTheirOrder(t *testing.T) {
	t.Parallel()
	head := func(width int) string {
		c := draw.NewCanvas(width, 2, draw.Look{})
		c.Area().Table(draw.Table{
			Columns:  []draw.Column{{Title: "segment", Grow: true}, {Title: "members", Right: true}, {Title: "7d", Drop: 1}, {Title: "spark", Min: 12, Drop: 3}, {Title: "tags", Drop: 2}},
			List:     &draw.List{Len: 1},
			NoCursor: true,
			Row: func(int) []draw.Cell {
				return []draw.Cell{{Text: "vip"}, {Text: "12,481"}, {Text: "+2%"}, {}, {Text: "crm"}}
			},
		})
		return strings.Join(strings.Fields(strings.SplitN(c.Text(), "\n", 2)[0]), " ")
	}
	require.Equal(t, "segment members 7d spark tags", head(60))
	require.Equal(t, "segment members 7d tags", head(34))
	require.Equal(t, "segment members 7d", head(22))
	require.Equal(t, "segment members", head(17))
}

func TestNumbersForEyes(t *testing.T) {
	t.Parallel()
	require.Equal(t, "12,481", draw.Count(12481))
	require.Equal(t, "+257", draw.Signed(257))
	require.Equal(t, "-1,000", draw.Signed(-1000))
	require.Equal(t, "+2.1%", draw.Change(12224, 12481))
	require.Equal(t, "–", draw.Change(0, 5))
	require.Equal(t, "-100.0%", draw.Change(5, 0))
	require.Equal(t, "12k", draw.Short(12481))
	require.Equal(t, "4.1M", draw.Short(4_100_000))
	require.Equal(t, "1 member", draw.Plural(1, "member", "members"))
	require.Equal(t, "–", draw.Percent(math.NaN(), 1))
}

func TestTheMouseHitsWhatWasDrawnLast(t *testing.T) {
	t.Parallel()
	c := draw.NewCanvas(10, 3, draw.Look{})
	c.Area().Zone("all")
	c.Area().Sub(2, 1, 3, 1).Zone("some")
	id, x, y, ok := c.Hit(3, 1)
	require.True(t, ok)
	require.Equal(t, "some", id)
	require.Equal(t, [2]int{1, 0}, [2]int{x, y})
	id, _, _, _ = c.Hit(9, 2)
	require.Equal(t, "all", id)
	_, _, _, ok = c.Hit(10, 0)
	require.False(t, ok)
}

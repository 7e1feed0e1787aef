package picture_test

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/tui/draw"
	"strata/tui/pagetest"
	"strata/tui/picture"
)

var _ = flag.Bool("update", false, "rewrite expected pictures")

// The places of cells in a picture, as a reader of it would measure them.
const (
	wide, tall = 8.43, 18.0
)

// sample is a screen with everything that pages draw.
func sample(look draw.Look) *draw.Canvas {
	c := draw.NewCanvas(64, 16, look)
	a := c.Area().Panel(draw.Frame{Title: "Sample & <signs>", Foot: "lines 1-14 of 20", Focus: true})
	for i := range 9 {
		a.HeatCell(6*i, 0, 6, float64(i)/8, "12", draw.Normal)
	}
	a.Put(0, 2, draw.Accent, "▁▂▃▄▅▆▇█ ▏▎▍▌▋▊▉█ ▖▗▘▙▚▛▜▝▞▟ ░▒▓ ▀▐▔▕")
	a.Put(0, 4, draw.Border, "┌┬┐├┼┤└┴┘╭─╮│╰╯╴╵╶╷")
	a.Put(24, 4, draw.Good, "✓ ✗ ▲ ▼ ● ○ • ◂ ▸ ⋯ ? ≈ ∩ ↵")
	s := draw.Around(0, 40, -3, 9)
	a.Zero(5, 7, s)
	a.Interval(5, s, draw.Good, -3, 2, 9)
	a.Put(0, 8, draw.Bad|draw.Squiggle, "contry")
	a.Put(8, 8, draw.Underline, "under  line")
	a.Put(22, 8, draw.Bold|draw.Reverse, " reverse ")
	a.Put(34, 8, draw.Banner, " READ ONLY ")
	a.Put(0, 10, draw.Selected, "東京_ÜberKäufer عملاء_مميزون & <b>\"x\"</b> 👍🏽 é")
	a.Put(0, 12, draw.Dim, "the quick brown fox   jumps over 0123456789|")
	a.Cursor(6, 8)
	return c
}

// drawing is a picture as it was read back.
type drawing struct {
	texts []struct {
		x, y   float64
		cells  float64
		middle bool
		text   string
	}
	// spots are points that shapes begin at, go to, or lie between.
	spots map[[2]int]bool
	names map[string]int
}

var numbers = regexp.MustCompile(`-?[0-9]*\.?[0-9]+|[A-Za-z]`)

// read reads a picture back; it fails where it is no XML.
func read(t require.TestingT, svg string) drawing {
	d := drawing{spots: map[[2]int]bool{}, names: map[string]int{}}
	decoder := xml.NewDecoder(strings.NewReader(svg))
	depth, inText := 0, false
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			depth++
			attributes := map[string]string{}
			for _, a := range token.Attr {
				attributes[a.Name.Local] = a.Value
				require.NotContains(t, a.Value, "url(", "a picture needs nothing but itself")
				require.NotEqual(t, "href", a.Name.Local)
			}
			d.names[token.Name.Local]++
			inText = false
			switch {
			case token.Name.Local == "text" && attributes["font-family"] == "":
				inText = true
				one := struct {
					x, y   float64
					cells  float64
					middle bool
					text   string
				}{x: number(attributes["x"]), y: number(attributes["y"]), cells: number(attributes["textLength"]) / wide, middle: attributes["text-anchor"] == "middle"}
				d.texts = append(d.texts, one)
			case token.Name.Local == "path":
				d.path(attributes["d"])
			}
		case xml.CharData:
			if inText {
				d.texts[len(d.texts)-1].text += string(token)
			}
		case xml.EndElement:
			depth--
			inText = false
		}
	}
	require.Zero(t, depth)
	return d
}

func number(text string) float64 {
	x, _ := strconv.ParseFloat(text, 64)
	return x
}

// path notes the cells that the parts of a path lie in: of lines all cells on the
// way.
func (d *drawing) path(text string) {
	tokens := numbers.FindAllString(text, -1)
	x, y := 0.0, 0.0
	take := func(i int) float64 { return number(tokens[min(i, len(tokens)-1)]) }
	for i := range tokens {
		fromX, fromY := x, y
		switch tokens[i] {
		case "M":
			x, y = take(i+1), take(i+2)
			d.spot(x, y)
			continue
		case "H":
			x = take(i + 1)
		case "h":
			x += take(i + 1)
		case "V":
			y = take(i + 1)
		case "v":
			y += take(i + 1)
		default:
			continue
		}
		const steps = 2000
		for n := range steps + 1 {
			share := float64(n) / steps
			d.spot(fromX+(x-fromX)*share, fromY+(y-fromY)*share)
		}
	}
}

// spot notes a point, and those a hair beside it, as edges belong to both sides.
func (d *drawing) spot(x, y float64) {
	for _, dx := range []float64{-0.3, 0.3} {
		for _, dy := range []float64{-0.3, 0.3} {
			d.spots[[2]int{int((x + dx) / wide), int((y + dy) / tall)}] = true
		}
	}
}

// covered reports whether a text of the picture covers a cell with its content.
func (d *drawing) covered(x, y int, content string) bool {
	for _, one := range d.texts {
		if int(one.y/tall) != y || !strings.Contains(one.text, content) {
			continue
		}
		from, to := one.x/wide, one.x/wide+one.cells
		if one.middle && one.cells == 0 {
			from, to = one.x/wide-1.01, one.x/wide+1.01
		}
		if float64(x) >= from-0.05 && float64(x) <= to {
			return true
		}
	}
	return false
}

// complete requires that every cell that is not blank is in the picture.
func complete(t require.TestingT, c *draw.Canvas) {
	d := read(t, picture.SVG(c, "a <title> & more"))
	w, h := c.Size()
	for y := range h {
		for x := range w {
			cell := c.Cell(x, y)
			if cell == nil || strings.TrimSpace(cell.Content) == "" {
				continue
			}
			if !d.covered(x, y, cell.Content) {
				require.True(t, d.spots[[2]int{x, y}], "cell %d,%d %q is not in the picture", x, y, cell.Content)
			}
		}
	}
}

func TestEveryCellIsThere(t *testing.T) {
	for _, look := range []draw.Look{{Theme: draw.Dark}, {Theme: draw.Light}, {Theme: draw.ANSI}, {NoColor: true}, {ASCII: true}} {
		complete(t, sample(look))
	}
}

func TestGoldens(t *testing.T) {
	for name, look := range map[string]draw.Look{"dark": {Theme: draw.Dark}, "light": {Theme: draw.Light}, "nocolor": {NoColor: true}} {
		got := picture.SVG(sample(look), "strata")
		require.Equal(t, got, picture.SVG(sample(look), "strata"), "equal screens give equal bytes")
		path := filepath.Join("testdata", name+".svg")
		if pagetest.Update() {
			require.NoError(t, os.MkdirAll("testdata", 0o755))
			require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
			continue
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(want), got)
	}
}

// A screen full of one style is few elements.
func TestRunsAreJoined(t *testing.T) {
	c := draw.NewCanvas(120, 36, draw.Look{Theme: draw.Dark})
	for y := range 36 {
		c.Area().Put(0, y, draw.Accent, strings.Repeat("─", 60)+strings.Repeat("█", 60))
	}
	d := read(t, picture.SVG(c, "x"))
	require.LessOrEqual(t, d.names["path"], 3)
	c = draw.NewCanvas(120, 36, draw.Look{Theme: draw.Dark})
	for y := range 36 {
		c.Area().Put(0, y, draw.Normal, strings.Repeat("word ", 24))
	}
	require.Equal(t, 36+1, read(t, picture.SVG(c, "x")).names["text"], "a text for each line, and the title")
}

// Whatever stands on a screen, the picture is well-formed and has all of it.
func TestRandom(t *testing.T) {
	styles := []draw.Style{draw.Normal, draw.Dim, draw.Accent, draw.Bad | draw.Bold, draw.Selected, draw.Warn | draw.Squiggle, draw.Banner, draw.Heat(0.7), draw.Reverse}
	texts := []string{"a <b> & 'c' \"d\"", "├──●──┤", "▁▃▅█▌", "東京", "عملاء", "   ", "👍🏽", "╭──╮", "x\u00ad\u200by"}
	rapid.Check(t, func(rt *rapid.T) {
		look := rapid.SampledFrom([]draw.Look{{Theme: draw.Dark}, {Theme: draw.Light}, {NoColor: true}}).Draw(rt, "look")
		c := draw.NewCanvas(rapid.IntRange(0, 30).Draw(rt, "w"), rapid.IntRange(0, 6).Draw(rt, "h"), look)
		for range rapid.IntRange(0, 8).Draw(rt, "texts") {
			text := rapid.OneOf(rapid.SampledFrom(texts), rapid.String()).Draw(rt, "text")
			c.Area().Put(rapid.IntRange(-3, 30).Draw(rt, "x"), rapid.IntRange(0, 6).Draw(rt, "y"), rapid.SampledFrom(styles).Draw(rt, "style"), text)
		}
		read(rt, picture.SVG(c, rapid.String().Draw(rt, "title")))
	})
}

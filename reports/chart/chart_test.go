package chart_test

import (
	"encoding/xml"
	"errors"
	"flag"
	"html/template"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/reports/chart"
)

var update = flag.Bool("update", false, "rewrite expected drawings")

func TestDrawings(t *testing.T) {
	t.Parallel()
	var sheet strings.Builder
	sheet.WriteString("<!DOCTYPE html><meta charset=utf-8><style>" + string(chart.CSS()) + "body{background:var(--paper);color:var(--ink)}</style>\n")
	for _, d := range drawings() {
		golden := filepath.Join("testdata", d.name+".svg")
		sheet.WriteString(string(d.svg) + "<hr>\n")
		if *update {
			require.NoError(t, os.WriteFile(golden, []byte(d.svg), 0o644))
		}
		want, err := os.ReadFile(golden)
		require.NoError(t, err)
		require.Equal(t, string(want), string(d.svg), "%s", d.name)
	}
	if path := os.Getenv("STRATA_SHEET"); path != "" { // To look at them all in a browser.
		require.NoError(t, os.WriteFile(path, []byte(sheet.String()), 0o644))
	}
}

// box is where a text stands.
type box struct {
	text                   string
	left, top, right, down float64
}

var rotated = regexp.MustCompile(`^rotate\(-90 ([-0-9.]+) ([-0-9.]+)\)$`)

// number reads an attribute.
func number(t require.TestingT, start xml.StartElement, name string) float64 {
	for _, a := range start.Attr {
		if a.Name.Local == name {
			x, err := strconv.ParseFloat(a.Value, 64)
			require.NoError(t, err, "%s of %s", name, start.Name.Local)
			require.False(t, math.IsNaN(x) || math.IsInf(x, 0))
			return x
		}
	}
	return 0
}

func attribute(start xml.StartElement, name string) string {
	for _, a := range start.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// advance is how wide DejaVu Sans draws most characters, at the least: it is
// not the table of the package, so that what does not fit there shows here.
func advance(text string, size float64) float64 {
	sum := 0.0
	for _, r := range text {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case strings.ContainsRune("ftr-", r):
			sum += 0.38
		case strings.ContainsRune("ijlI.,:;|' !()[]/", r):
			sum += 0.3
		case r > 0x2e80:
			sum += 1
		case r > 0x7f:
			sum += 0.5
		default:
			sum += 0.58
		}
	}
	return sum * size
}

// read checks that a drawing is well formed, that it holds only what drawings
// hold, and that what it draws lies within; it returns where texts stand.
func read(t require.TestingT, svg template.HTML) []box {
	decoder := xml.NewDecoder(strings.NewReader(string(svg)))
	var boxes []box
	var w, h float64
	var open []xml.StartElement
	var text strings.Builder
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err, "%s", svg)
		switch x := token.(type) {
		case xml.StartElement:
			require.Contains(t, []string{"svg", "title", "desc", "text", "rect", "circle", "line", "path"}, x.Name.Local)
			switch x.Name.Local {
			case "svg":
				w, h = number(t, x, "width"), number(t, x, "height")
				require.Positive(t, w)
				require.Positive(t, h)
			case "rect":
				require.GreaterOrEqual(t, number(t, x, "x"), -1.0)
				require.LessOrEqual(t, number(t, x, "x")+number(t, x, "width"), w+1)
				require.LessOrEqual(t, number(t, x, "y")+number(t, x, "height"), h+1)
			case "circle":
				require.LessOrEqual(t, number(t, x, "cx"), w)
				require.LessOrEqual(t, number(t, x, "cy"), h)
			}
			if x.Name.Local == "text" {
				text.Reset()
			}
			open = append(open, x.Copy())
		case xml.CharData:
			if len(open) > 0 && open[len(open)-1].Name.Local == "text" {
				text.Write(x)
			}
		case xml.EndElement:
			top := open[len(open)-1]
			open = open[:len(open)-1]
			if top.Name.Local == "text" {
				boxes = append(boxes, boxOf(t, top, text.String()))
			}
		}
	}
	for _, b := range boxes {
		require.GreaterOrEqual(t, b.left, -1.0, "%+v", b)
		require.GreaterOrEqual(t, b.top, -1.0, "%+v", b)
		require.LessOrEqual(t, b.right, w+1, "%+v of %v", b, w)
		require.LessOrEqual(t, b.down, h+1, "%+v of %v", b, h)
	}
	return boxes
}

func boxOf(t require.TestingT, start xml.StartElement, text string) box {
	size := 12.0
	switch class := attribute(start, "class"); {
	case strings.Contains(class, "title"):
		size = 14
	case strings.Contains(class, "small"):
		size = 11
	}
	x, y, wide := number(t, start, "x"), number(t, start, "y"), advance(text, size)
	if attribute(start, "transform") != "" {
		require.Regexp(t, rotated, attribute(start, "transform"))
		return box{text, x - size*0.7, y - wide, x, y}
	}
	switch attribute(start, "text-anchor") {
	case "middle":
		x -= wide / 2
	case "end":
		x -= wide
	}
	return box{text, x, y - size*0.7, x + wide, y}
}

// apart demands that no two texts overlap.
func apart(t require.TestingT, boxes []box) {
	for i, a := range boxes {
		for _, b := range boxes[:i] {
			require.False(t, a.left < b.right && b.left < a.right && a.top < b.down && b.top < a.down, "%+v over %+v", a, b)
		}
	}
}

func TestTextsKeepApart(t *testing.T) {
	t.Parallel()
	for _, d := range drawings() {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			boxes := read(t, d.svg)
			require.NotEmpty(t, boxes)
			apart(t, boxes)
		})
	}
}

func TestHostileTextIsText(t *testing.T) {
	t.Parallel()
	for _, d := range drawings() {
		require.NotContains(t, string(d.svg), "<script", "%s", d.name)
		for _, c := range "\x00\x1b\u202e" {
			require.NotContains(t, string(d.svg), string(c), "%s", d.name)
		}
	}
}

// Whatever the numbers and names are, a drawing is well formed, nothing leaves
// it and texts keep apart.
func TestAnyNumbers(t *testing.T) {
	t.Parallel()
	value := rapid.OneOf(rapid.Float64Range(-1e9, 1e9), rapid.Float64Range(0, 1), rapid.Float64(),
		rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, 1e-300, 1e300}))
	name := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-z_]{0,60}`))
	rapid.Check(t, func(t *rapid.T) {
		f := chart.Figure{
			ID: "x", Title: name.Draw(t, "title"), Desc: name.Draw(t, "desc"),
			Width: rapid.SampledFrom([]float64{0, 250, 340, 720, 1000}).Draw(t, "width"),
		}
		n := rapid.IntRange(0, 24).Draw(t, "n")
		begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		line := chart.LineChart{Figure: f}
		heat := chart.HeatMapChart{Figure: f, Legend: name.Draw(t, "legend")}
		sets := chart.UpSetChart{Figure: f, Of: "customers"}
		fall := chart.WaterfallChart{Figure: f, First: name.Draw(t, "first"), Last: name.Draw(t, "last"), Start: value.Draw(t, "start")}
		dots := chart.DotChart{Figure: f, Reference: value.Draw(t, "reference"), ReferenceName: "all"}
		bars := chart.BarChart{Figure: f}
		var group chart.DotGroup
		for i := range n {
			word, x := name.Draw(t, "name"), value.Draw(t, "x")
			line.Points = append(line.Points, chart.LinePoint{At: begin.AddDate(0, 0, i*7), Value: x, Low: value.Draw(t, "low"), High: value.Draw(t, "high"), Alert: word})
			line.Others = append(line.Others, value.Draw(t, "other"))
			heat.Names = append(heat.Names, word)
			row := make([]float64, n)
			for j := range row {
				row[j] = value.Draw(t, "cell")
			}
			heat.Cells = append(heat.Cells, row)
			sets.Sets = append(sets.Sets, chart.UpSetSet{Name: word, Size: x})
			sets.Parts = append(sets.Parts, chart.UpSetPart{Sets: []int{i, rapid.IntRange(-1, n).Draw(t, "set")}, Count: x})
			fall.Steps = append(fall.Steps, chart.WaterfallStep{Name: word, Delta: x})
			group.Rows = append(group.Rows, chart.DotRow{Name: word, Value: x, Low: value.Draw(t, "low"), High: value.Draw(t, "high"), Words: word, Also: &x})
			bars.Rows = append(bars.Rows, chart.BarRow{Name: word, Value: x})
		}
		dots.Groups = []chart.DotGroup{group}
		dots.AlsoName, line.Name, line.OtherName = name.Draw(t, "also"), name.Draw(t, "one line"), name.Draw(t, "other line")
		for _, svg := range []template.HTML{
			chart.Line(line), chart.HeatMap(heat), chart.UpSet(sets), chart.Waterfall(fall), chart.DotPlot(dots), chart.Bars(bars),
		} {
			require.NotContains(t, string(svg), "NaN\"")
			require.NotContains(t, string(svg), "Inf\"")
			apart(t, read(t, svg))
		}
	})
}

func TestTextCanBeRead(t *testing.T) {
	t.Parallel()
	for _, p := range []chart.Palette{chart.Light(), chart.Dark()} {
		for _, color := range []string{p.Ink, p.Dim} {
			require.GreaterOrEqual(t, chart.Contrast(color, p.Paper), 4.5, "%s", color)
		}
		for _, color := range []string{p.Gain, p.Loss} {
			require.GreaterOrEqual(t, chart.Contrast(color, p.Paper), 4.5, "%s", color)
		}
		light := -1.0
		for i, color := range p.Heat {
			require.GreaterOrEqual(t, chart.Contrast(color, chart.TextOn(color)), 4.5, "%s", color)
			far := chart.Contrast(color, p.Paper)
			require.Greater(t, far, light, "step %d stands out more than the one before", i)
			light = far
		}
	}
	require.InDelta(t, 21, chart.Contrast("#000000", "#ffffff"), 1e-9)
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{
		"1,234,567": chart.Count(1234567), "−1,000": chart.Count(-1000), "0": chart.Count(-0.2), "–": chart.Count(math.NaN()),
		"+5": chart.SignedCount(5), "12.3%": chart.Percent(0.12345), "0.40%": chart.Percent(0.004), "0.050%": chart.Percent(0.0005),
		"12.5": chart.Short(12.46), "123": chart.Short(123.4), "0.0010": chart.Short(0.001),
	} {
		require.Equal(t, want, got)
	}
}

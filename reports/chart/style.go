package chart

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// Steps is how many steps the scale of a heat map has.
const Steps = 9

// Palette are the colours of one mode, as #rrggbb. Gain and loss are blue and
// orange, which people who do not tell red from green can tell apart.
type Palette struct {
	Paper, Ink, Dim, Grid, Gain, Loss string
	Heat                              [Steps]string
}

// Light is the palette of day and of paper.
func Light() Palette {
	return Palette{
		Paper: "#ffffff", Ink: "#1b1f24", Dim: "#57606a", Grid: "#d5dbe1", Gain: "#0f5fa6", Loss: "#a34700",
		Heat: [Steps]string{"#f3f7fb", "#deebf7", "#c6dbef", "#9ecae1", "#6baed6", "#4292c6", "#2171b5", "#08519c", "#08306b"},
	}
}

// Dark is the palette of night.
func Dark() Palette {
	return Palette{
		Paper: "#0d1117", Ink: "#e6edf3", Dim: "#9da7b3", Grid: "#30363d", Gain: "#6cb6ff", Loss: "#ffb454",
		Heat: [Steps]string{"#15202e", "#15293f", "#163655", "#194a73", "#1e5f93", "#3580bb", "#5a9fd4", "#8fc2ec", "#c9e3fa"},
	}
}

// Contrast is the contrast of two colours after WCAG, from 1 to 21.
func Contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is how light a colour is, from 0 to 1.
func luminance(color string) float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(color[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return 0
		}
		part := float64(n) / 255
		if part <= 0.04045 {
			part /= 12.92
		} else {
			part = math.Pow((part+0.055)/1.055, 2.4)
		}
		sum += weight * part
	}
	return sum
}

// TextOn is black or white, whichever is read better on a colour.
func TextOn(color string) string {
	if Contrast(color, "#000000") >= Contrast(color, "#ffffff") {
		return "#000000"
	}
	return "#ffffff"
}

// variables are the palette as CSS.
func (p Palette) variables() string {
	var b strings.Builder
	fmt.Fprintf(&b, "--paper:%s;--ink:%s;--dim:%s;--grid:%s;--gain:%s;--loss:%s;", p.Paper, p.Ink, p.Dim, p.Grid, p.Gain, p.Loss)
	for i, color := range p.Heat {
		fmt.Fprintf(&b, "--h%d:%s;--t%d:%s;", i, color, i, TextOn(color))
	}
	return b.String()
}

// CSS is the style sheet of all charts, which a document has once. Its
// variables (--paper, --ink, --dim, --grid, --gain, --loss) serve the rest of
// the document too.
func CSS() template.CSS {
	var b strings.Builder
	fmt.Fprintf(&b, ":root{color-scheme:light dark;%s}\n", Light().variables())
	fmt.Fprintf(&b, "@media screen and (prefers-color-scheme:dark){:root{%s}}\n", Dark().variables())
	b.WriteString(`.chart{display:block;height:auto;max-width:100%;font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif}
.chart text{fill:var(--ink);font-size:12px}
.chart .title{font-size:14px;font-weight:600}
.chart .small{font-size:11px}
.chart .dim{fill:var(--dim)}
.chart .over{paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}
.chart .grid{stroke:var(--grid);stroke-width:1;fill:none}
.chart .axis{stroke:var(--dim);stroke-width:1;fill:none}
.chart .ref{stroke:var(--dim);stroke-width:1.5;stroke-dasharray:4 3;fill:none}
.chart .line{stroke:var(--gain);stroke-width:2;fill:none;stroke-linejoin:round}
.chart .line.other{stroke:var(--loss);stroke-dasharray:6 3}
.chart .also{fill:var(--paper);stroke:var(--ink);stroke-width:1.5}
.chart .band{fill:var(--gain);fill-opacity:.16}
.chart .gain{fill:var(--gain)}
.chart .loss{fill:var(--loss)}
.chart .flat{fill:var(--dim)}
.chart .off{fill:var(--grid)}
.chart .faint{fill:var(--grid);fill-opacity:.45}
.chart .whisker{stroke:var(--gain);stroke-width:2;fill:none}
.chart .whisker.muted{stroke:var(--dim)}
.chart .dot{fill:var(--gain);stroke:var(--paper);stroke-width:1.5}
.chart .dot.muted{fill:var(--dim)}
.chart .alert{fill:var(--loss);stroke:var(--paper);stroke-width:1.5}
.chart .join{stroke:var(--ink);stroke-width:2.5;fill:none}
.chart .on{fill:var(--ink)}
`)
	for i := range Steps {
		fmt.Fprintf(&b, ".chart .h%d{fill:var(--h%d)}.chart text.t%d{fill:var(--t%d)}\n", i, i, i, i)
	}
	b.WriteString("@media print{.chart{break-inside:avoid}.chart *{-webkit-print-color-adjust:exact;print-color-adjust:exact}}\n")
	return template.CSS(b.String()) //nolint:gosec // All of it is written here.
}

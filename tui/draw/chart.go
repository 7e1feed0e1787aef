package draw

import (
	"math"
	"strings"
)

// levels are blocks of rising height, and what ASCII has for them.
var levels = [2][]rune{[]rune("▁▂▃▄▅▆▇█"), []rune(".:-=+*#%@")}

func (l Look) levels() []rune {
	if l.Simple() {
		return levels[1]
	}
	return levels[0]
}

// Spark is a line of values as blocks, one cell each, between the smallest and
// the largest. Unknown values (NaN) are blanks; where all are equal they stand in
// the middle.
func (l Look) Spark(values []float64) string {
	low, high := extent(values)
	steps := l.levels()
	var out strings.Builder
	for _, v := range values {
		switch {
		case math.IsNaN(v):
			out.WriteByte(' ')
		case high <= low:
			out.WriteRune(steps[len(steps)/2])
		default:
			out.WriteRune(steps[stepOf((v-low)/(high-low), len(steps))])
		}
	}
	return out.String()
}

func stepOf(share float64, steps int) int {
	return max(0, min(steps-1, int(share*float64(steps))))
}

// extent is the smallest and the largest number; 0 and 0 without one.
func extent(values []float64) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			low, high = min(low, v), max(high, v)
		}
	}
	if low > high {
		return 0, 0
	}
	return low, high
}

// eighths are the left parts of a block.
var eighths = []rune(" ▏▎▍▌▋▊▉")

// Bar is a bar of a share of 0 to 1 in a width of cells. What is more than
// nothing always shows.
func (l Look) Bar(share float64, width int) string {
	if width <= 0 || !(share > 0) {
		return ""
	}
	share = min(share, 1)
	if l.Simple() {
		return strings.Repeat("#", max(1, int(math.Round(share*float64(width)))))
	}
	parts := max(1, int(math.Round(share*float64(width)*8))) //nolint:mnd // Eighths of a cell.
	text := strings.Repeat("█", parts/8)
	if rest := parts % 8; rest > 0 {
		text += string(eighths[rest])
	}
	return text
}

// Columns is a chart of values over time.
type Columns struct {
	// Values stand from left to right; unknown ones are NaN.
	Values []float64
	// Labels are shown below, the first at the left edge, the last at the right,
	// others in between where there is room.
	Labels []string
	// FromZero begins the scale at nothing; otherwise it begins near the smallest
	// value and the axis says so.
	FromZero bool
	// Marked values are drawn as warnings.
	Marked map[int]bool
	// Style is that of the columns.
	Style Style
}

// Columns draws a chart over the whole area: an axis with its ends at the left,
// columns of as many cells as fit, labels below.
func (a Area) Columns(c Columns) {
	if a.H < 3 || a.W < 12 || len(c.Values) == 0 { //nolint:mnd // A scale, some columns and labels.
		return
	}
	low, high := extent(c.Values)
	if c.FromZero || low == high {
		low = min(low, 0)
	}
	if high == low {
		high = low + 1
	}
	top, bottom := ends(low, high)
	scale := max(Width(top), Width(bottom)) + 1
	plot := a.Sub(scale+1, 0, a.W-scale-1, a.H-1)
	a.Right(scale-1, 0, Dim, top)
	a.Right(scale-1, plot.H-1, Dim, bottom)
	for y := range plot.H {
		a.Put(scale, y, Border, a.Look().pick("┤", "|"))
	}
	shown := resample(c.Values, plot.W)
	wide := max(1, plot.W/max(1, len(shown)))
	steps := a.Look().levels()
	for i, v := range shown {
		if math.IsNaN(v.value) {
			continue
		}
		style := c.Style
		for at := v.from; at < v.to; at++ {
			if c.Marked[at] {
				style = Warn
			}
		}
		parts := int(math.Round((v.value - low) / (high - low) * float64(plot.H*len(steps))))
		if v.value != 0 { // The smallest of several shows; nothing does not.
			parts = max(1, parts)
		}
		for y := range plot.H {
			rest := parts - (plot.H-1-y)*len(steps)
			if rest <= 0 {
				continue
			}
			block := string(steps[min(rest, len(steps))-1])
			plot.Put(i*wide, y, style, strings.Repeat(block, max(1, wide-boolInt(wide > 2)))) //nolint:mnd // Wide columns leave a gap.
		}
	}
	a.labels(scale+1, a.H-1, min(plot.W, len(shown)*wide), c.Labels)
}

// ends are the texts of both ends of a scale, exact where short ones would be the
// same.
func ends(low, high float64) (top, bottom string) {
	top, bottom = Short(high), Short(low)
	if top == bottom {
		return Number(high, 0), Number(low, 0)
	}
	return top, bottom
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// sample is what one column stands for: the last known of the values from..to.
type sample struct {
	value    float64
	from, to int
}

// resample makes at most width columns of values. A column that stands for
// several shows the last known of them, as a size is what it was at the end.
func resample(values []float64, width int) []sample {
	n := min(width, len(values))
	out := make([]sample, 0, n)
	for i := range n {
		s := sample{value: math.NaN(), from: i * len(values) / n, to: (i + 1) * len(values) / n}
		for _, v := range values[s.from:s.to] {
			if !math.IsNaN(v) {
				s.value = v
			}
		}
		out = append(out, s)
	}
	return out
}

// Resampled are values for a spark of at most width cells.
func Resampled(values []float64, width int) []float64 {
	out := make([]float64, 0, width)
	for _, s := range resample(values, max(0, width)) {
		out = append(out, s.value)
	}
	return out
}

// labels writes texts below an axis, apart by at least two blanks.
func (a Area) labels(x, y, width int, labels []string) {
	if len(labels) == 0 || width <= 0 {
		return
	}
	last := labels[len(labels)-1]
	end := x + width
	free := x - 2 //nolint:mnd // The first one may begin at once.
	for i, label := range labels[:len(labels)-1] {
		at := x + i*(width-1)/max(1, len(labels)-1)
		if label == "" || at < free+2 || at+Width(label)+2 > end-Width(last) && i > 0 { //nolint:mnd // Blanks between labels.
			continue
		}
		free = a.Put(at, y, Dim, label)
	}
	if at := max(x, end-Width(last)); at >= free+2 || len(labels) == 1 {
		a.Put(at, y, Dim, last)
	}
}

package draw

import (
	"math"
	"strings"
)

// Scale maps values to columns of an area.
type Scale struct {
	Low, High float64
	// X is the first column, W how many there are.
	X, W int
}

// At is the column of a value, cut at both ends.
func (s Scale) At(v float64) int {
	if s.High <= s.Low || math.IsNaN(v) {
		return s.X
	}
	share := (v - s.Low) / (s.High - s.Low)
	return s.X + max(0, min(s.W-1, int(math.Round(share*float64(s.W-1)))))
}

// Around is a scale that holds nothing and all values, with room at the ends.
func Around(x, width int, values ...float64) Scale {
	low, high := extent(append([]float64{0}, values...))
	if low == high {
		low, high = -1, 1
	}
	room := (high - low) * 0.05 //nolint:mnd // A twentieth.
	return Scale{Low: low - room, High: high + room, X: x, W: width}
}

// Interval draws an estimate with its interval on a line: ├──●──┤. Ends beyond
// the scale stand at its edge.
func (a Area) Interval(y int, s Scale, style Style, low, estimate, high float64) {
	l := a.Look()
	from, to := s.At(low), s.At(high)
	for x := from; x <= to; x++ {
		a.Put(x, y, style, l.pick("─", "-"))
	}
	a.Put(from, y, style, l.Sign(SignLow))
	a.Put(to, y, style, l.Sign(SignHigh))
	a.Put(s.At(estimate), y, style|Bold, l.Sign(SignPoint))
}

// Zero draws the line of nothing over the lines from..to.
func (a Area) Zero(from, to int, s Scale) {
	for y := from; y < to; y++ {
		a.Put(s.At(0), y, Border, a.Look().pick("│", "|"))
	}
}

// Step draws a step of a waterfall: a bar from one value to the next.
func (a Area) Step(y int, s Scale, style Style, from, to float64) {
	left, right := s.At(min(from, to)), s.At(max(from, to))
	a.Put(left, y, style, strings.Repeat(a.Look().pick("█", "#"), max(1, right-left)))
}

// shades are the steps of a heat map without colours.
var shades = [2][]string{{"·", "░", "▒", "▓", "█"}, {".", ":", "=", "#", "@"}}

// HeatCell draws a cell of a heat map, a share of 0 to 1, with its text. Without
// colours a shade stands before the text.
func (a Area) HeatCell(x, y, width int, share float64, text string, extra Style) {
	l := a.Look()
	if l.NoColor || l.Theme == ANSI || l.Plain {
		set := shades[0]
		if l.Simple() {
			set = shades[1]
		}
		shade := set[stepOf(share, len(set))]
		if !(share > 0) {
			shade = " "
		}
		a.Put(x, y, extra, padLeft(shade+text, width))
		return
	}
	a.Put(x, y, Heat(share)|extra, padLeft(text+" ", width))
}

func padLeft(text string, width int) string {
	return strings.Repeat(" ", max(0, width-Width(text))) + text
}

// PadRight fills a text with blanks up to a width.
func PadRight(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-Width(text)))
}

// PadLeft puts blanks before a text up to a width.
func PadLeft(text string, width int) string { return padLeft(text, width) }

package draw

import (
	"image/color"
	"math"

	"github.com/charmbracelet/x/ansi"
)

// Contrast is the ratio of two colours' luminance, 1 to 21. Source: WCAG 2.1,
// contrast ratio and relative luminance.
func Contrast(a, b color.Color) float64 {
	high, low := luminance(a), luminance(b)
	if high < low {
		high, low = low, high
	}
	return (high + 0.05) / (low + 0.05)
}

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(v uint32) float64 {
		s := float64(v) / math.MaxUint16
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

// uv16 is one of the 16 colours of the terminal.
func uv16(n uint8) color.Color { return ansi.BasicColor(n) }

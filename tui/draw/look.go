package draw

import (
	"image/color"

	uv "github.com/charmbracelet/ultraviolet"
)

// Theme is a set of colours.
type Theme string

// The themes. Auto asks the terminal for its background and is dark until it
// answers.
const (
	Auto  Theme = "auto"
	Dark  Theme = "dark"
	Light Theme = "light"
	// ANSI uses the 16 colours of the terminal and nothing else.
	ANSI Theme = "ansi"
)

// Themes are all themes, in the order in which a key goes through them.
func Themes() []Theme { return []Theme{Dark, Light, ANSI} }

// Look is how the user wants to see things. It is a value: a page reads it and
// never changes it.
type Look struct {
	Theme Theme
	// NoColor leaves bold, underline and reverse.
	NoColor bool
	// ASCII draws with the characters of 1963.
	ASCII bool
	// Plain is for screen readers: no frames, nothing that turns, one fact a line.
	// It implies ASCII.
	Plain bool
	// Still turns off what moves.
	Still bool
}

// Simple reports whether only ASCII is drawn.
func (l Look) Simple() bool { return l.ASCII || l.Plain }

// palette are the colours of a theme.
type palette struct {
	dim, dimSelected, accent, good, warn, bad, border color.Color
	selected, banner, onBanner                        color.Color
	heat                                              [HeatSteps]color.Color
}

// The colours were chosen by their contrast (WCAG 2.1): at least 4.5 on the
// background and on the selection. Blue and orange stand where others have red
// and green.
var (
	darkPalette = palette{
		dim: rgb(0x8B949E), dimSelected: rgb(0xAEB7C1), accent: rgb(0x6CB6FF), good: rgb(0x4DD0B1), warn: rgb(0xFFB454),
		bad: rgb(0xFF8A80), border: rgb(0x4A5563), selected: rgb(0x1F3347), banner: rgb(0xFFB454), onBanner: rgb(0x000000), heat: cividis,
	}
	lightPalette = palette{
		dim: rgb(0x5B6470), dimSelected: rgb(0x49525E), accent: rgb(0x0F5FA6), good: rgb(0x00695C), warn: rgb(0xA34700),
		bad: rgb(0xB3261E), border: rgb(0xA9B4C0), selected: rgb(0xDCE9F7), banner: rgb(0xA34700), onBanner: rgb(0xFFFFFF), heat: cividis,
	}
	// cividis is a scale made for eyes that see few colours: J. R. Nuñez et al.,
	// 2018, "Optimizing colormaps with consideration for color vision deficiency".
	cividis = [HeatSteps]color.Color{
		rgb(0x00204D), rgb(0x05366E), rgb(0x31446B), rgb(0x4F576C), rgb(0x666970),
		rgb(0x958F78), rgb(0xB3A772), rgb(0xCABA6A), rgb(0xE4CF5B),
	}
	ansiPalette = palette{
		dim: uv16(8), dimSelected: uv16(7), accent: uv16(14), good: uv16(10), warn: uv16(11), bad: uv16(9), border: uv16(8),
		banner: uv16(11), onBanner: uv16(0),
	}
)

func rgb(hex uint32) color.Color {
	return color.RGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff} //nolint:gosec,mnd // The bytes of a colour.
}

// palette is that of the theme.
func (l Look) palette() *palette {
	switch l.Theme {
	case Light:
		return &lightPalette
	case ANSI:
		return &ansiPalette
	case Auto, Dark:
	}
	return &darkPalette
}

// resolve makes colours of a style.
func (l Look) resolve(s Style) uv.Style {
	var out uv.Style
	if s.has(Bold) {
		out.Attrs |= uv.AttrBold
	}
	if s.has(Underline) {
		out.Underline = uv.UnderlineSingle
	}
	if s.has(Squiggle) {
		out.Underline = uv.UnderlineCurly
		if l.NoColor || l.Theme == ANSI {
			out.Underline = uv.UnderlineSingle
		}
	}
	if s.has(Reverse) {
		out.Attrs |= uv.AttrReverse
	}
	if l.NoColor {
		return l.withoutColor(s, out)
	}
	p := l.palette()
	l.foreground(p, s, &out)
	if step, ok := s.heat(); ok && l.Theme != ANSI {
		out.Bg, out.Fg = p.heat[step], ink(p.heat[step])
	}
	if s.has(Selected) {
		if p.selected == nil {
			out.Attrs |= uv.AttrReverse
		} else {
			out.Bg = p.selected
		}
	}
	return out
}

// foreground sets the colour of the text, and of a banner's background.
func (l Look) foreground(p *palette, s Style, out *uv.Style) {
	switch s.role() {
	case Dim:
		out.Fg = p.dim
		if s.has(Selected) {
			out.Fg = p.dimSelected
		}
	case Accent, BorderFocus:
		out.Fg = p.accent
	case Good:
		out.Fg = p.good
	case Warn:
		out.Fg = p.warn
	case Bad:
		out.Fg = p.bad
	case Border:
		out.Fg = p.border
	case Banner:
		out.Fg, out.Bg = p.onBanner, p.banner
	default:
	}
}

// withoutColor says with bold, faint and reverse what colours would.
func (l Look) withoutColor(s Style, out uv.Style) uv.Style {
	switch s.role() {
	case Accent, Good, Warn, Bad, BorderFocus:
		out.Attrs |= uv.AttrBold
	case Dim, Border:
		if !s.has(Selected) {
			out.Attrs |= uv.AttrFaint
		}
	case Banner:
		out.Attrs |= uv.AttrReverse
	default:
	}
	if s.has(Selected) {
		out.Attrs |= uv.AttrReverse
	}
	return out
}

// ink is black or white, whichever is read better on a colour.
func ink(on color.Color) color.Color {
	if Contrast(on, color.Black) >= Contrast(on, color.White) {
		return color.Black
	}
	return color.White
}

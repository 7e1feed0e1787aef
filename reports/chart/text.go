package chart

import (
	"html"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// The sizes of text in units of the drawing, which are CSS pixels where the
// drawing is as wide as was asked for.
const (
	titleSize = 14.0
	labelSize = 12.0
	smallSize = 11.0
)

// textWidth is a safe guess at how wide a text is: the widths are those of
// DejaVu Sans, which is wider than what most readers see.
func textWidth(text string, size float64) float64 {
	sum := 0.0
	for _, r := range text {
		sum += runeWidth(r)
	}
	return sum * size
}

// runeWidth is the width of a character by the size of the text.
func runeWidth(r rune) float64 {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case isWide(r):
		return 1.2
	case strings.ContainsRune("ijlI'|.,:;![]()/ ftr-", r):
		return 0.41
	case strings.ContainsRune("mwMW@%—…", r):
		return 1.0
	case r >= 'A' && r <= 'Z', strings.ContainsRune("+<>=~#&^−±≥≤", r):
		return 0.84
	case r > 0x2e80: // Digits and signs too: these come from another font.
		return 1.0
	case r == '_', r > 0x7f && !unicode.IsLetter(r):
		return 0.84
	case r > 0x24f:
		return 1.0
	}
	return 0.64
}

// isWide reports whether a character is as wide as it is high: those of East
// Asia, and pictures.
func isWide(r rune) bool {
	for _, block := range [][2]rune{{0x1100, 0x115f}, {0x2e80, 0xd7ff}, {0xf900, 0xfaff}, {0xff00, 0xff60}, {0x1f000, unicode.MaxRune}} {
		if r >= block[0] && r <= block[1] {
			return true
		}
	}
	return false
}

// fitted is a text cut to a width, with a mark where something is missing.
func fitted(text string, size, width float64) string {
	if textWidth(text, size) <= width {
		return text
	}
	room := width - textWidth("…", size)
	var kept strings.Builder
	for _, r := range text {
		if room -= runeWidth(r) * size; room < 0 {
			break
		}
		kept.WriteRune(r)
	}
	short := strings.TrimRight(kept.String(), " ")
	if short == "" && width < textWidth("…", size) {
		return ""
	}
	return short + "…"
}

// wrapped breaks a text into lines of a width; words that are wider are cut.
func wrapped(text string, size, width float64) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		word = fitted(word, size, width)
		switch {
		case line == "":
			line = word
		case textWidth(line+" "+word, size) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// plain makes a text safe to stand in a document: what steers or ends a line
// becomes a space, what is no text at all vanishes, and the marks of HTML are
// escaped.
func plain(text string) string { return html.EscapeString(Clean(text)) }

// Clean takes characters out of a text that steer what is around it: controls
// and marks of direction become spaces, and what is no character vanishes.
func Clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control):
			return ' '
		case r == unicode.ReplacementChar || r == 0xfffe || r == 0xffff || r >= 0xd800 && r <= 0xdfff:
			return -1
		}
		return r
	}, text)
}

// known reports whether a number can be drawn. Differences of numbers beyond the
// bound are too large to be numbers.
func known(x float64) bool { return math.Abs(x) <= 1e290 }

// coordinate writes a place in a drawing with one digit behind the point.
func coordinate(x float64) string {
	x = math.Round(x*10) / 10
	if x == 0 { // No minus before it.
		return "0"
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// Format writes a number for people.
type Format func(float64) string

// Missing is what stands for a number that is not known.
const Missing = "–"

// Count writes a whole number with commas.
func Count(x float64) string {
	if !known(x) {
		return Missing
	}
	return Decimals(0)(x)
}

// SignedCount writes a whole number with its sign.
func SignedCount(x float64) string {
	if known(x) && math.Round(x) > 0 {
		return "+" + Count(x)
	}
	return Count(x)
}

// Percent writes a part of one in percent, with more digits where it is small.
func Percent(x float64) string {
	switch at := math.Abs(x) * 100; {
	case !known(x):
		return Missing
	case at != 0 && at < 0.1:
		return Decimals(3)(x*100) + "%"
	case at != 0 && at < 1:
		return Decimals(2)(x*100) + "%"
	}
	return Decimals(1)(x*100) + "%"
}

// Short writes a number with three digits that matter.
func Short(x float64) string {
	switch at := math.Abs(x); {
	case !known(x):
		return Missing
	case at >= 100 || at == 0:
		return Decimals(0)(x)
	case at >= 10:
		return Decimals(1)(x)
	case at >= 0.1:
		return Decimals(2)(x)
	case at >= 0.001:
		return Decimals(4)(x)
	}
	return strconv.FormatFloat(x, 'g', 3, 64)
}

// astronomic is from where on a number has a power of ten in place of digits.
const astronomic = 1e13

// Decimals writes numbers with so many digits behind the point and commas
// before it.
func Decimals(digits int) Format {
	return func(x float64) string {
		switch {
		case !known(x):
			return Missing
		case math.Abs(x) >= astronomic:
			return strconv.FormatFloat(x, 'e', 1, 64)
		}
		text := strconv.FormatFloat(math.Abs(x), 'f', digits, 64)
		whole, rest, _ := strings.Cut(text, ".")
		for at := len(whole) - 3; at > 0; at -= 3 {
			whole = whole[:at] + "," + whole[at:]
		}
		if rest != "" {
			whole += "." + rest
		}
		if x < 0 && strings.Trim(text, "0.") != "" {
			return "−" + whole
		}
		return whole
	}
}

// or is a format where none was given.
func (f Format) or(other Format) Format {
	if f == nil {
		return other
	}
	return f
}

package rule

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// The shapes of text that starts with a digit.
var (
	bareDate = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}` +
		`([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?`)
	plainNumber = regexp.MustCompile(`^[0-9]*(\.[0-9]+)?`)
	grouped     = regexp.MustCompile(`^[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?`)
	underscored = regexp.MustCompile(`^[0-9]+(_[0-9]+)+(\.[0-9]+)?$`)
	shortened   = regexp.MustCompile(`^([0-9]*\.?[0-9]+)[kK]$`)
	exponential = regexp.MustCompile(`^([0-9]*\.?[0-9]+)[eE]([0-9]{1,2})$`)
)

// number reads a number, a compact duration or a bare date. Forms of numbers
// that other languages have are reported and taken for what they mean.
func (l *lexer) number() {
	rest := l.text[l.pos:]
	if date := bareDate.FindString(rest); date != "" && !l.wordPartAt(l.pos+len(date)) {
		l.emit(tDate, len(date), date)
		return
	}
	if group := grouped.FindString(rest); hasZeroGroup(group) && !l.wordPartAt(l.pos+len(group)) {
		plain := strings.ReplaceAll(group, ",", "")
		l.wrong(tNumber, len(group), plain, badNumber(group, plain))
		return
	}
	digits := plainNumber.FindString(rest)
	letters := l.wordLength(l.pos + len(digits))
	written := rest[:len(digits)+letters]
	switch {
	case letters > 0:
		l.numberWithLetters(written)
	case digits[0] == '.':
		l.wrong(tNumber, len(digits), "0"+digits, badNumber(digits, "0"+digits))
	case strings.HasPrefix(rest[len(digits):], ".") && !strings.Contains(digits, "."):
		l.wrong(tNumber, len(digits)+1, digits, badNumber(digits+".", digits))
	case hasLeadingZero(digits):
		l.wrong(tNumber, len(digits), trimZeros(digits), leadingZero(digits))
	default:
		l.emit(tNumber, len(digits), digits)
	}
}

// numberWithLetters tells a compact duration from a number with separators, an
// exponent or an abbreviation.
func (l *lexer) numberWithLetters(written string) {
	if underscored.MatchString(written) {
		plain := strings.ReplaceAll(written, "_", "")
		l.wrong(tNumber, len(written), plain, badNumber(written, plain))
		return
	}
	if m := shortened.FindStringSubmatch(written); m != nil {
		plain := shift(m[1], 3)
		l.wrong(tNumber, len(written), plain, badNumber(written, plain))
		return
	}
	if m := exponential.FindStringSubmatch(written); m != nil {
		power := 0
		for _, digit := range m[2] {
			power = 10*power + int(digit-'0')
		}
		plain := shift(m[1], power)
		l.wrong(tNumber, len(written), plain, badNumber(written, plain))
		return
	}
	l.emit(tCompact, len(written), written)
}

// wordPartAt reports whether the character at an offset continues a word or a
// number.
func (l *lexer) wordPartAt(offset int) bool {
	r, size := utf8.DecodeRuneInString(l.text[offset:])
	return size > 0 && isWordPart(r)
}

// pointStartsNumber tells ".5" from the point of a dotted name.
func (l *lexer) pointStartsNumber() bool {
	if l.pos+1 >= len(l.text) || !isDigit(rune(l.text[l.pos+1])) {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(l.text[:l.pos])
	return l.pos == 0 || !isWordPart(before)
}

// hasZeroGroup reports whether "1,000" can only be one number: in "1,200" the
// comma may separate two arguments, but no number starts with a zero.
func hasZeroGroup(group string) bool {
	return strings.Contains(group, ",0")
}

func hasLeadingZero(digits string) bool {
	return len(digits) > 1 && digits[0] == '0' && digits[1] != '.'
}

// trimZeros drops leading zeros, but for the one before a point or alone.
func trimZeros(digits string) string {
	for hasLeadingZero(digits) {
		digits = digits[1:]
	}
	return digits
}

// shift multiplies a decimal number by a power of ten, exactly; a negative
// power divides.
func shift(number string, power int) string {
	whole, fraction, _ := strings.Cut(number, ".")
	for ; power > 0; power-- {
		if fraction == "" {
			fraction = "0"
		}
		whole, fraction = whole+fraction[:1], fraction[1:]
	}
	for ; power < 0; power++ {
		if whole == "" {
			whole = "0"
		}
		whole, fraction = whole[:len(whole)-1], whole[len(whole)-1:]+fraction
	}
	whole, fraction = trimZeros("0"+whole), strings.TrimRight(fraction, "0")
	if fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

package render

import (
	"fmt"
	"math"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// missing is what people see where a value is unknown.
const missing = "–"

// forEyes returns a value as people read it.
func forEyes(v any, c Column) string {
	if isMissing(v) {
		return missing
	}
	switch c.Kind {
	case Count, Number, Share:
		return numberForEyes(exact(v), c)
	case Moment:
		if at, ok := v.(time.Time); ok {
			return at.Format("2006-01-02 15:04")
		}
	case Flag:
		if yes, ok := v.(bool); ok {
			if yes {
				return "yes"
			}
			return "no"
		}
	case Text, Date, Nested, Figure:
	}
	return Clean(forPrograms(v, c))
}

// forPrograms returns a value as another program reads it: exact, without
// separators, times as RFC 3339.
func forPrograms(v any, c Column) string {
	if isMissing(v) {
		return ""
	}
	switch v := v.(type) {
	case time.Time:
		if c.Kind == Date {
			return v.Format(time.DateOnly)
		}
		return v.Format(time.RFC3339Nano)
	case []string:
		return strings.Join(v, ", ")
	case []any:
		parts := make([]string, 0, len(v))
		for _, part := range v {
			parts = append(parts, forPrograms(part, Column{}))
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		parts := make([]string, 0, len(v))
		for name, part := range v {
			parts = append(parts, name+": "+forPrograms(part, Column{}))
		}
		slices.Sort(parts)
		return strings.Join(parts, ", ")
	}
	return exact(v)
}

// exact returns a scalar's shortest exact text.
func exact(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case float32:
		return strconv.FormatFloat(float64(v), 'f', -1, 32)
	case fmt.Stringer:
		return v.String()
	}
	if r := reflect.ValueOf(v); r.Kind() == reflect.String {
		return r.String()
	}
	return fmt.Sprint(v)
}

// isMissing reports whether a value is unknown. A number that is none, such as
// 0/0, is unknown as well.
func isMissing(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case float64:
		return math.IsNaN(v) || math.IsInf(v, 0)
	case float32:
		return math.IsNaN(float64(v)) || math.IsInf(float64(v), 0)
	}
	r := reflect.ValueOf(v)
	return r.Kind() == reflect.Pointer && r.IsNil()
}

// numberForEyes rounds an exact number to what the column shows and groups its
// digits. What is no number is shown as it is.
func numberForEyes(text string, c Column) string {
	number, ok := new(big.Rat).SetString(text)
	if !ok {
		return Clean(text)
	}
	switch {
	case c.Kind == Share:
		number.Mul(number, big.NewRat(100, 1))
		return GroupDigits(number.FloatString(max(c.Digits, 1))) + "%"
	case c.Digits > 0:
		return GroupDigits(number.FloatString(c.Digits))
	case c.Kind == Count:
		return GroupDigits(number.FloatString(0))
	default:
		return GroupDigits(text)
	}
}

// GroupDigits puts a comma between each three digits before the point of a
// decimal number.
func GroupDigits(number string) string {
	sign := ""
	if strings.HasPrefix(number, "-") {
		sign, number = "-", number[1:]
	}
	whole, rest := number, ""
	if at := strings.IndexFunc(number, func(r rune) bool { return r < '0' || r > '9' }); at >= 0 {
		whole, rest = number[:at], number[at:]
	}
	var b strings.Builder
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	return sign + b.String() + rest
}

// Clean makes text safe for a line of a terminal or of plain text: a control
// character, which could end the line or steer the terminal, becomes a space,
// and one that turns the direction of writing is dropped.
func Clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r) || r == '\u2028' || r == '\u2029':
			return ' '
		case unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, text)
}

package dialect

import (
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Literal returns v as a typed literal. It knows nil, bool, the integer kinds, *big.Int, the float kinds, string, Decimal,
// Date, time.Time (a TIMESTAMPTZ in UTC, microseconds), LocalTimestamp, and slices of these. Any other type, text that is
// not UTF-8 and a Decimal that is no number are errors.
func Literal(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "NULL", nil
	case bool:
		return strconv.FormatBool(v), nil
	case string:
		return text(v)
	case *big.Int:
		return bigInt(v)
	case Decimal:
		return decimal(v)
	case Date:
		return date(v)
	case time.Time:
		return timestamp("TIMESTAMPTZ", v.UTC(), "+00")
	case LocalTimestamp:
		return timestamp("TIMESTAMP", time.Time(v), "")
	}
	return byKind(reflect.ValueOf(v))
}

// byKind writes numbers, texts and lists, whatever their Go type is named.
func byKind(v reflect.Value) (string, error) {
	switch {
	case v.CanInt():
		return strconv.FormatInt(v.Int(), 10), nil
	case v.CanUint():
		return strconv.FormatUint(v.Uint(), 10), nil
	case v.CanFloat():
		return double(v.Float()), nil
	case v.Kind() == reflect.String:
		return text(v.String())
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() != reflect.Uint8:
		return list(v)
	}
	return "", fmt.Errorf("write literal: type %s has none", v.Type())
}

// double writes a number that DuckDB reads as DOUBLE: without an exponent it would read a DECIMAL and compute
// differently.
func double(f float64) string {
	switch {
	case math.IsNaN(f):
		return "'NaN'::DOUBLE"
	case math.IsInf(f, 1):
		return "'Infinity'::DOUBLE"
	case math.IsInf(f, -1):
		return "'-Infinity'::DOUBLE"
	}
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.Contains(s, "e") {
		s += "e0"
	}
	return s
}

// text quotes s. Characters that would move a terminal's cursor or hide text become chr(n), so that a statement can be
// shown and pasted.
func text(s string) (string, error) {
	if !utf8.ValidString(s) {
		return "", fmt.Errorf("write literal: text %q is not UTF-8", s)
	}
	var parts []string
	var plain strings.Builder
	flush := func() {
		if plain.Len() > 0 {
			parts = append(parts, "'"+strings.ReplaceAll(plain.String(), "'", "''")+"'")
			plain.Reset()
		}
	}
	for _, r := range s {
		if !unicode.IsControl(r) && !unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
			plain.WriteRune(r)
			continue
		}
		flush()
		parts = append(parts, "chr("+strconv.Itoa(int(r))+")")
	}
	flush()
	switch len(parts) {
	case 0:
		return "''", nil
	case 1:
		return parts[0], nil
	}
	return "(" + strings.Join(parts, " || ") + ")", nil
}

// bigInt writes an integer of up to 128 bits; DuckDB reads it as HUGEINT where BIGINT is too small.
func bigInt(v *big.Int) (string, error) {
	if v == nil {
		return "NULL", nil
	}
	if v.BitLen() > 127 {
		return "", fmt.Errorf("write literal: integer %s needs more than 128 bits", v)
	}
	return v.String(), nil
}

// decimal checks that the text is a plain number and gives it a point, so that 5000 stays a DECIMAL and is no INTEGER.
func decimal(v Decimal) (string, error) {
	digits := strings.TrimPrefix(string(v), "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	if whole+fraction == "" || strings.Trim(whole+fraction, "0123456789") != "" {
		return "", fmt.Errorf("write literal: %q is no decimal number", string(v))
	}
	if len(whole)+len(fraction) > maxDigits {
		return "", fmt.Errorf("write literal: decimal number %s has more than %d digits", v, maxDigits)
	}
	if fraction == "" {
		return fmt.Sprintf("CAST(%s AS DECIMAL(%d,0))", strings.TrimSuffix(string(v), "."), max(len(whole), 1)), nil
	}
	return string(v), nil
}

// maxDigits is the precision of DuckDB's widest DECIMAL.
const maxDigits = 38

func date(v Date) (string, error) {
	t := time.Date(v.Year, v.Month, v.Day, 0, 0, 0, 0, time.UTC)
	if t.Year() != v.Year || t.Month() != v.Month || t.Day() != v.Day || !printable(t) {
		return "", fmt.Errorf("write literal: there is no day %04d-%02d-%02d", v.Year, int(v.Month), v.Day)
	}
	return t.Format("DATE '2006-01-02'"), nil
}

// timestamp writes as many digits of the fraction as there are; DuckDB keeps microseconds.
func timestamp(kind string, t time.Time, zone string) (string, error) {
	t = t.Truncate(time.Microsecond)
	if !printable(t) {
		return "", fmt.Errorf("write literal: year %d is out of range", t.Year())
	}
	return kind + " '" + t.Format("2006-01-02 15:04:05.999999") + zone + "'", nil
}

// printable keeps to years of four digits: DuckDB reads others in notations of its own.
func printable(t time.Time) bool { return t.Year() >= 1 && t.Year() <= 9999 }

// list writes a list literal; an empty one has no element type until DuckDB gives it one.
func list(v reflect.Value) (string, error) {
	items := make([]string, v.Len())
	for i := range items {
		item, err := Literal(v.Index(i).Interface())
		if err != nil {
			return "", err
		}
		items[i] = item
	}
	return "[" + strings.Join(items, ", ") + "]", nil
}

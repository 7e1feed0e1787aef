package edit

import (
	"math"
	"strconv"
	"strings"

	"strata/segments/check"
	"strata/segments/rule"
	"strata/segments/source"
)

// Threshold is a number that a leaf compares with.
type Threshold struct {
	// Start and End are where the number stands in the text, with its sign.
	Start, End int
	// Value is the number as written, or that of the param that is written.
	Value string
	// Op is the comparison as it reads with the number behind it.
	Op rule.BinaryOp
	// Of is what is compared, as written.
	Of string
}

// thresholdOf finds the number that an expression compares with, if it is such a
// comparison, be it negated or held for a time.
func thresholdOf(program *check.Program, file *source.File, e rule.Expr) *Threshold {
	switch x := e.(type) {
	case *rule.Paren:
		return thresholdOf(program, file, x.X)
	case *rule.Unary:
		if x.Op == rule.Not {
			return thresholdOf(program, file, x.X)
		}
	case *rule.Held:
		return thresholdOf(program, file, x.X)
	case *rule.Binary:
		return comparedWith(program, file, x)
	}
	return nil
}

func comparedWith(program *check.Program, file *source.File, x *rule.Binary) *Threshold {
	switch x.Op { //nolint:exhaustive // The other operators compare nothing.
	case rule.Equal, rule.NotEqual, rule.Less, rule.LessEqual, rule.Greater, rule.GreaterEqual:
	default:
		return nil
	}
	if x.X == nil || x.Y == nil {
		return nil
	}
	left, leftIs := numberOf(program, file, x.X)
	right, rightIs := numberOf(program, file, x.Y)
	switch {
	case rightIs && !leftIs:
		at := x.Y.Span()
		return &Threshold{Start: at.Start, End: at.End, Value: right, Op: x.Op, Of: x.X.Span().Text()}
	case leftIs && !rightIs:
		at := x.X.Span()
		return &Threshold{Start: at.Start, End: at.End, Value: left, Op: x.Op.Mirrored(), Of: x.Y.Span().Text()}
	}
	return nil
}

// numberOf is the number that an expression is: as written, with its sign, or as
// a param has it.
func numberOf(program *check.Program, file *source.File, e rule.Expr) (string, bool) {
	at := e.Span()
	text := strings.ReplaceAll(file.Text[at.Start:at.End], " ", "")
	switch x := e.(type) {
	case *rule.Number:
	case *rule.Unary:
		if _, ok := x.X.(*rule.Number); !ok || x.Op != rule.Negate {
			return "", false
		}
	case *rule.Param:
		p, ok := program.Params[strings.ToLower(x.Name)]
		if !ok || p.IsList || len(p.Values) != 1 {
			return "", false
		}
		text = p.Values[0].Number
	default:
		return "", false
	}
	_, err := strconv.ParseFloat(text, 64)
	return text, err == nil
}

// scaled is a decimal number as a whole number of its last place.
type scaled struct {
	n      int64
	places int
}

func scaledOf(value string) (scaled, bool) {
	whole, part, _ := strings.Cut(value, ".")
	n, err := strconv.ParseInt(whole+part, 10, 64)
	return scaled{n, len(part)}, err == nil && n > -1e15 && n < 1e15
}

func (s scaled) String() string {
	text := strconv.FormatInt(s.n, 10)
	if s.places == 0 {
		return text
	}
	digits, negative := strings.CutPrefix(text, "-")
	digits = strings.Repeat("0", max(0, s.places+1-len(digits))) + digits
	text = digits[:len(digits)-s.places] + "." + digits[len(digits)-s.places:]
	if negative {
		return "-" + text
	}
	return text
}

// step is 1, 2 or 5 times a power of ten, about a tenth of a number and at least
// its last place.
func (s scaled) step() int64 {
	size := s.n
	if size < 0 {
		size = -size
	}
	step := int64(1)
	for power := int64(1); power <= size/10; power *= 10 { //nolint:mnd // Powers of ten.
		for _, times := range []int64{1, 2, 5} {
			if power*times <= size/10 {
				step = power * times
			}
		}
	}
	return step
}

// Stepped is a number some sensible steps further: 5000 by 500, 3 by 1, 0.25 by
// 0.02. A number that is not negative stays so. It is the number itself where it
// cannot be read.
func Stepped(value string, steps int) string {
	s, ok := scaledOf(value)
	if !ok {
		return value
	}
	for range max(steps, -steps) {
		by := s.step()
		if steps < 0 {
			// Down from a round number one takes the steps that led up to it.
			below := scaled{s.n - 1, s.places}
			by = below.step()
			if s.n <= 0 {
				by = s.step()
			}
			by = -by
		}
		next := s.n + by
		if s.n >= 0 && next < 0 {
			next = 0
		}
		s.n = next
	}
	return s.String()
}

// Around are so many numbers in equal steps around one, which is among them, in
// rising order. Around a number that is not negative none is.
func Around(value string, count int) []string {
	s, ok := scaledOf(value)
	if !ok || count < 1 {
		return nil
	}
	by := s.step()
	first := s.n - by*int64(count/2)
	if s.n >= 0 && first < 0 {
		first = s.n % by
		for s.n > first+by*int64(count-1) {
			first += by
		}
	}
	values := make([]string, 0, count)
	for i := range count {
		values = append(values, scaled{first + by*int64(i), s.places}.String())
	}
	return values
}

// SameNumber reports whether two numbers as written are equal.
func SameNumber(a, b string) bool {
	x, err := strconv.ParseFloat(a, 64)
	y, wrong := strconv.ParseFloat(b, 64)
	return err == nil && wrong == nil && math.Abs(x-y) < 1e-9*max(1, math.Abs(x))
}

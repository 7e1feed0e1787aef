package contain

import "math/big"

// span is a stretch of numbers; an end that is nil is open to infinity.
type span struct {
	low, high     *big.Rat
	lowIn, highIn bool
}

// further reports whether two numbers are still different, and in the same order,
// where the database computes with floating point: an end that is part of one
// span and not of another must not fall together with it.
func further(a, b *big.Rat) bool {
	x, _ := a.Float32()
	y, _ := b.Float32()
	return x < y
}

// within reports whether a span lies in another.
func (s span) within(other span) bool {
	return s.lowWithin(other) && s.highWithin(other)
}

func (s span) lowWithin(other span) bool {
	switch {
	case other.low == nil:
		return true
	case s.low == nil || other.low.Cmp(s.low) > 0:
		return false
	}
	return other.lowIn || !s.lowIn || further(other.low, s.low)
}

func (s span) highWithin(other span) bool {
	switch {
	case other.high == nil:
		return true
	case s.high == nil || other.high.Cmp(s.high) < 0:
		return false
	}
	return other.highIn || !s.highIn || further(s.high, other.high)
}

// apart reports whether two spans share no number.
func (s span) apart(other span) bool { return s.below(other) || other.below(s) }

// below reports whether a span ends before another begins.
func (s span) below(other span) bool {
	if s.high == nil || other.low == nil || s.high.Cmp(other.low) > 0 {
		return false
	}
	return !s.highIn || !other.lowIn || further(s.high, other.low)
}

// joins reports whether a span from minus infinity and one to infinity leave no
// number out.
func (s span) joins(other span) bool {
	if s.low != nil || other.high != nil || s.high == nil || other.low == nil || other.low.Cmp(s.high) > 0 {
		return false
	}
	return s.highIn || other.lowIn || further(other.low, s.high)
}

// up reports whether a span goes on to infinity, down whether it comes from
// there.
func (s span) up() bool   { return s.high == nil && s.low != nil }
func (s span) down() bool { return s.low == nil && s.high != nil }

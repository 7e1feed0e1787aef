package history

import (
	"math"
	"time"
)

// mostLengths bounds the memory of lengths: a minute is told from the next over
// 91 days, an hour over 14 years.
const mostLengths = 1 << 17

// units are what lengths are measured in, finest first.
var units = [...]time.Duration{time.Second, time.Minute, time.Hour, 24 * time.Hour}

// unitOf is the finest unit of which a range has not too many.
func unitOf(length time.Duration) time.Duration {
	for _, unit := range units[:len(units)-1] {
		if length/unit < mostLengths {
			return unit
		}
	}
	return units[len(units)-1]
}

// lengths counts spells by their length in whole units.
type lengths struct {
	// ended are those whose end was seen, censored those that went on when they
	// were last seen.
	ended, censored []int64
}

// add counts a spell.
func (l *lengths) add(length int64, ended bool) {
	counts := &l.censored
	if ended {
		counts = &l.ended
	}
	grow(counts, int(length)+1)
	(*counts)[length]++
}

// merge adds the spells of another.
func (l *lengths) merge(other *lengths) {
	addTo(&l.ended, other.ended)
	addTo(&l.censored, other.censored)
}

// grow makes counts at least so long.
func grow(counts *[]int64, n int) {
	if n > len(*counts) {
		*counts = append(*counts, make([]int64, n-len(*counts))...)
	}
}

func addTo(counts *[]int64, more []int64) {
	grow(counts, len(more))
	for i, n := range more {
		(*counts)[i] += n
	}
}

func sum(counts []int64) (n int64) {
	for _, c := range counts {
		n += c
	}
	return n
}

// even is how near to one half a product of shares counts as one half. Without
// censored spells there is no product and so no error.
const even = 1e-12

// median estimates the length that half of the spells outlast, as twice the
// number of units, by the product-limit estimator of Kaplan and Meier
// ("Nonparametric estimation from incomplete observations", J. Amer. Statist.
// Assoc. 53, 1958, 457-481): censored spells count as long as they were seen.
// Spells that end when others are censored end first, as usual.
//
// It is the first length at which no more than half survive. Where exactly half
// do until the next end, it is the middle between both, as in R's survfit, so
// that without censoring it is the plain median. It is false where more than
// half survive to the end.
//
// Spells that had begun before anybody looked are left out by the caller: the
// risk set could take them in late (Klein and Moeschberger, "Survival
// Analysis", 2nd ed. 2003, section 4.6), but only from the age that they had
// then, which a range of as-ofs does not tell. The spells that begin inside of
// it are a cohort of their own, and right censoring is all that happens to them.
func (l *lengths) median() (halves int64, ok bool) {
	atRisk := sum(l.ended) + sum(l.censored)
	// Between two censored lengths the shares cancel out, so that survival is
	// before x alive / start.
	before, start := 1.0, atRisk
	half := int64(-1)
	for length := range l.ended {
		if ended := l.ended[length]; ended > 0 {
			if half >= 0 {
				return half + int64(length), true
			}
			atRisk -= ended
			survival := before * float64(atRisk) / float64(start)
			switch {
			case math.Abs(survival-0.5) < even:
				half = int64(length)
			case survival < 0.5:
				return 2 * int64(length), true
			}
		}
		if length < len(l.censored) && l.censored[length] > 0 && atRisk > 0 {
			before *= float64(atRisk) / float64(start)
			atRisk -= l.censored[length]
			start = atRisk
		}
	}
	return 2 * half, half >= 0
}

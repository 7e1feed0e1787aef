package chart

import (
	"math"
	"time"
)

// ticks are round numbers, about so many, that lie between two numbers and
// whose step is 1, 2 or 5 times a power of ten.
func ticks(low, high float64, about int) []float64 {
	step := niceStep((high - low) / float64(max(about, 1)))
	if step == 0 || !known(step) {
		return []float64{low}
	}
	var list []float64
	first := math.Ceil(low/step - 1e-9)
	for i := 0.0; i < 100; i++ {
		at := (first + i) * step
		if at > high+step*1e-9 {
			break
		}
		list = append(list, at+0) // No minus before zero.
	}
	return list
}

// niceStep is the least of 1, 2 and 5 times a power of ten that is not below a
// number.
func niceStep(rough float64) float64 {
	if rough <= 0 || !known(rough) {
		return 0
	}
	power := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, by := range []float64{1, 2, 5} {
		if by*power >= rough*(1-1e-9) {
			return by * power
		}
	}
	return 10 * power
}

// rounded widens a range to the ticks around it.
func rounded(low, high float64, about int) (from, to float64) {
	if low == high {
		by := math.Abs(low) / 2
		if by == 0 {
			by = 1
		}
		low, high = low-by, high+by
	}
	step := niceStep((high - low) / float64(max(about, 1)))
	if step == 0 {
		return low, high
	}
	return math.Floor(low/step+1e-9) * step, math.Ceil(high/step-1e-9) * step
}

// axis places numbers on a line of the drawing.
type axis struct {
	low, high float64
	from, to  float64
}

// at is the place of a number, held between the ends.
func (a axis) at(x float64) float64 {
	if a.high == a.low {
		return (a.from + a.to) / 2
	}
	part := min(max((x-a.low)/(a.high-a.low), 0), 1)
	return a.from + part*(a.to-a.from)
}

// days are the days of a range on which an axis of time has a tick, at most so
// many: steps of whole days, weeks or months by their number.
func days(from, to time.Time, most int) []time.Time {
	span := to.Sub(from).Hours() / 24
	first := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, from.Location())
	if first.Before(from) {
		first = first.AddDate(0, 0, 1)
	}
	steps := []int{1, 2, 7, 14}
	for _, step := range steps {
		if span/float64(step) <= float64(most) {
			return every(first, to, 0, step)
		}
	}
	first = time.Date(first.Year(), first.Month(), 1, 0, 0, 0, 0, from.Location())
	if first.Before(from) {
		first = first.AddDate(0, 1, 0)
	}
	for _, step := range []int{1, 2, 3, 6, 12, 24, 60, 120, 600} {
		if span/30.4/float64(step) <= float64(most) {
			return every(first, to, step, 0)
		}
	}
	return []time.Time{from}
}

func every(first, to time.Time, months, days int) []time.Time {
	var list []time.Time
	for at := first; !at.After(to) && len(list) < 100; at = at.AddDate(0, months, days) {
		list = append(list, at)
	}
	return list
}

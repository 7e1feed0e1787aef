package timeline

import (
	"slices"

	"pgregory.net/rapid"

	"strata/segments/rule"
)

// even draws a whole number from low to high, each as likely as the other but
// for a little. The ranges of rapid prefer small numbers, with which nearly all
// rows would share a time and nearly no sequence would hold.
func even(t *rapid.T, low, high int64, label string) int64 {
	n := int64(0)
	for size := high - low; size > 0; size >>= 1 {
		n <<= 1
		if rapid.Bool().Draw(t, label) {
			n++
		}
	}
	return low + n%(high-low+1)
}

// drawRising draws a function of the times 0..last that never moves back.
func drawRising(t *rapid.T, last int64, least func(t int64) int64, label string) func(t int64) int64 {
	table := make([]int64, last+1)
	for at := range table {
		table[at] = least(int64(at)) + even(t, 0, 4, label)
		if at > 0 {
			table[at] = max(table[at], table[at-1])
		}
	}
	return func(t int64) int64 { return table[t] }
}

// drawWindow draws when rows enter and leave.
func drawWindow(t *rapid.T, last int64) (enter, leave func(t int64) int64) {
	length := even(t, 0, last+5, "length")
	if even(t, 0, 2, "long") > 0 {
		length += last / 2
	}
	delay := even(t, 0, 4, "delay")
	point := even(t, 0, last, "point")
	unit := even(t, 1, 9, "unit")
	exists := func(t int64) int64 { return t + 1 }
	switch rapid.SampledFrom([]string{"last", "last", "ago", "ever", "since", "before", "this", "previous", "any", "any"}).Draw(t, "window") {
	case "ago":
		return func(t int64) int64 { return t + 1 + delay }, func(t int64) int64 { return t + 1 + delay + length }
	case "ever":
		return exists, func(int64) int64 { return never }
	case "since":
		return exists, func(t int64) int64 {
			if t < point {
				return longAgo
			}
			return never
		}
	case "before":
		return func(t int64) int64 {
			if t < point {
				return t + 1
			}
			return never
		}, func(t int64) int64 { return t + 1 + length }
	case "this":
		return exists, func(t int64) int64 { return (t/unit + 1) * unit }
	case "previous":
		return func(t int64) int64 { return (t/unit + 1) * unit }, func(t int64) int64 { return (t/unit + 2) * unit }
	case "any":
		return drawRising(t, last, exists, "enter"), drawRising(t, last, func(t int64) int64 { return t - 1 + length }, "leave")
	}
	return exists, func(t int64) int64 { return t + length + 1 }
}

func drawUntil(t *rapid.T, last int64) func(t int64) int64 {
	within := even(t, 2, last+4, "within")
	switch rapid.SampledFrom([]string{"elapsed", "elapsed", "calendar", "any"}).Draw(t, "until") {
	case "calendar":
		return func(t int64) int64 { return (t/3+1)*3 + within/2 }
	case "any":
		return drawRising(t, last, func(t int64) int64 { return t + within - 2 }, "until at")
	}
	return func(t int64) int64 { return t + within }
}

func drawPattern(t *rapid.T, last int64) *pattern {
	p := &pattern{
		anchor: rapid.SampledFrom([]rule.Anchor{rule.AnchorAny, rule.AnchorFirst, rule.AnchorLast}).Draw(t, "anchor"),
		early:  rapid.Bool().Draw(t, "early"),
		same:   even(t, 0, 3, "same") == 0,
	}
	p.enter, p.leave = drawWindow(t, last)
	repeats := []int{1, 1, 1, 1, 1, 2, 2, 3}
	for i := range even(t, 1, 4, "steps") {
		step := patternStep{repeat: repeats[even(t, 0, int64(len(repeats)-1), "repeat")]}
		if i > 0 {
			step.not, step.until = rapid.Bool().Draw(t, "not"), drawUntil(t, last)
		}
		p.steps = append(p.steps, step)
	}
	return p
}

// drawRows draws rows of which many share a time. Values are few, and some are
// missing.
func drawRows(t *rapid.T, p *pattern, most, last int64) []stepRows {
	rows := make([]stepRows, len(p.steps))
	values := []int64{7, 7, 7, 7, -2, -2, 0, missing}
	for i := range rows {
		// Many rows of a negative step leave nothing that holds.
		fewest, most := min(2, most), most
		if p.steps[i].not {
			fewest, most = 0, most/2
		}
		for range even(t, fewest, most, "rows") {
			rows[i].at = append(rows[i].at, even(t, 0, last, "at"))
			if p.same {
				rows[i].same = append(rows[i].same, values[even(t, 0, int64(len(values)-1), "value")])
			}
		}
		slices.Sort(rows[i].at)
	}
	return rows
}

// drawRange draws a range that often begins or ends amid the rows.
func drawRange(t *rapid.T, last int64) (from, to int64) {
	from, to = -2, 2*last+12
	if even(t, 0, 3, "begins inside") == 0 {
		from = even(t, -2, last+4, "from")
	}
	if even(t, 0, 3, "ends inside") == 0 {
		to = even(t, from, 2*last, "to")
	}
	return from, max(from, to)
}

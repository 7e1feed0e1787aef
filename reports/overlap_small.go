package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"strata/reports/stats"
)

// What small units are judged by.
const (
	overlapTiny     = 100 // Members below which networks and matching take nothing.
	overlapRelative = 0.5 // The relative lift that a campaign should be able to show.
	overlapAlpha    = 0.05
	overlapStrength = 0.8
)

// OverlapPower is what a campaign could show that holds out a part of the
// members.
type OverlapPower struct {
	Treated int64 `json:"treated"`
	Control int64 `json:"control"`
	// Smallest is the smallest difference of conversion that would be found in 80
	// of 100 campaigns at a level of 5%, in parts of 1, and Relative that over the
	// base rate. Nil says that no difference would.
	Smallest *float64 `json:"smallest_lift"`
	Relative *float64 `json:"smallest_relative_lift"`
	// Measurable says that a relative lift of 50% could be shown.
	Measurable bool `json:"measurable"`
}

// OverlapPowerOf returns what a campaign to so many members could show.
func OverlapPowerOf(members int64, options OverlapOptions) OverlapPower {
	p := OverlapPower{Control: int64(math.Round(float64(members) * options.Holdout))}
	p.Treated = members - p.Control
	if p.Treated <= 0 || p.Control <= 0 {
		return p
	}
	smallest, ok := stats.MinimumDetectable(options.BaseRate, p.Treated, p.Control, overlapAlpha, overlapStrength)
	if !ok {
		return p
	}
	p.Smallest, p.Relative = &smallest, ratio(smallest, options.BaseRate)
	p.Measurable = p.Relative != nil && *p.Relative <= overlapRelative
	return p
}

// small is the advice on a unit by its size.
func (o *Overlap) small(i int) (OverlapAdvice, bool) {
	u := o.Units[i]
	advice := OverlapAdvice{Names: []string{u.Name}, Members: u.Size}
	switch {
	case u.Impossible:
		advice.Kind, advice.ByDefinition = OverlapAdviceImpossible, true
		advice.Finding = u.Name + " can never have a member: its conditions contradict each other"
		return advice, true
	case u.Size < overlapTiny:
		advice.Kind = OverlapAdviceTiny
		advice.Finding = fmt.Sprintf("%s has %s; ad networks and matching ask for %d", u.Name, overlapMembers(u.Size), overlapTiny)
	default:
		return advice, false
	}
	advice.Consequence = o.partner(i)
	return advice, true
}

// unmeasurable is the advice on the units with which no campaign could show what
// one might expect: what size it takes, and what each could show at best.
func (o *Overlap) unmeasurable() {
	var small []OverlapUnit
	for _, u := range o.Units {
		if u.Counted && !u.Power.Measurable && u.Size >= overlapTiny {
			small = append(small, u)
		}
	}
	if len(small) == 0 {
		return
	}
	slices.SortStableFunc(small, func(a, b OverlapUnit) int { return cmp.Compare(b.Size, a.Size) })
	advice := OverlapAdvice{Kind: OverlapAdviceUnmeasurable, Names: []string{}}
	best := make([]string, len(small))
	for i, u := range small {
		advice.Names = append(advice.Names, u.Name)
		best[i] = u.Name + " none"
		if u.Power.Smallest != nil {
			best[i] = u.Name + " +" + OverlapPoints(*u.Power.Smallest)
		}
		advice.Members = max(advice.Members, u.Size)
	}
	const most = 8
	if len(best) > most {
		best = append(best[:most], fmt.Sprintf("and %d smaller ones", len(small)-most))
	}
	advice.Finding = fmt.Sprintf("with %s held out and a base rate of %s, %d of %d are too small to show a lift of +%s; the smallest lift each could ever show: %s",
		overlapPercent(o.Options.Holdout, 0), overlapPercent(o.Options.BaseRate, 1), len(small), o.Reach.Units, overlapPercent(overlapRelative, 0), strings.Join(best, ", "))
	needed, ok := overlapNeeded(o.Options)
	halved := o.Options
	halved.Holdout = 0.5
	if half, also := overlapNeeded(halved); ok && also {
		advice.Consequence = fmt.Sprintf("it takes %s members, or %s with half of them held out; merge small ones, or measure them together",
			overlapNumber(needed), overlapNumber(half))
	}
	o.Advice = append(o.Advice, advice)
}

// overlapNeeded is the smallest number of members with which a campaign could show
// a relative lift of 50%, false where there is none below a billion.
func overlapNeeded(options OverlapOptions) (int64, bool) {
	const most = 1_000_000_000
	enough := func(n int64) bool { return OverlapPowerOf(n, options).Measurable }
	if !enough(most) {
		return 0, false
	}
	low, high := int64(0), int64(most)
	for high-low > 1 {
		if middle := low + (high-low)/2; enough(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high, true
}

// partner says with which unit a small one could be merged: that with which it
// shares the largest part of itself.
func (o *Overlap) partner(i int) string {
	best, both := -1, int64(0)
	for j := range o.Units {
		if j == i || o.Units[j].Partition != "" || o.Units[i].Partition != "" {
			continue
		}
		if p := o.Pair(i, j); p.Both > both {
			best, both = j, p.Both
		}
	}
	if best < 0 {
		return ""
	}
	a, b := o.Units[i], o.Units[best]
	either := a.Size + b.Size - both
	text := fmt.Sprintf("it shares most with %s (%s customers); together they have %s", b.Name, overlapNumber(both), overlapMembers(either))
	if power := OverlapPowerOf(either, o.Options); power.Smallest != nil {
		text += " and could show +" + OverlapPoints(*power.Smallest)
	}
	return text
}

// uncovered is the note that many customers are in no segment.
func (o *Overlap) uncovered() {
	const many = 0.4
	r := o.Reach
	if r.Customers == 0 || float64(r.None) <= many*float64(r.Customers) {
		return
	}
	o.Advice = append(o.Advice, OverlapAdvice{
		Kind: OverlapAdviceUncovered, Names: []string{}, Members: r.None,
		Finding: fmt.Sprintf("%s of %s customers (%s) are in no segment", overlapNumber(r.None), overlapNumber(r.Customers),
			overlapPercent(float64(r.None)/float64(r.Customers), 0)),
	})
}

// overlapNumber writes a whole number with commas.
func overlapNumber(n int64) string {
	text := strconv.FormatInt(n, 10)
	for at := len(text) - 3; at > 0 && text[at-1] != '-'; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

func overlapMembers(n int64) string {
	switch n {
	case 0:
		return "no members"
	case 1:
		return "1 member"
	}
	return overlapNumber(n) + " members"
}

func overlapPercent(share float64, digits int) string {
	return strconv.FormatFloat(100*share, 'f', digits, 64) + "%"
}

// OverlapPoints writes a difference of rates in percentage points.
func OverlapPoints(difference float64) string {
	digits := 1
	if difference < 0.01 {
		digits = 2
	}
	return strconv.FormatFloat(100*difference, 'f', digits, 64) + " pp"
}

package history

import (
	"slices"

	"strata/segments/timeline"
)

// leaver is a customer on the way out.
type leaver struct {
	id uint32
	// from and to are places of stages, to -1 where there is none.
	from, to int
	at       int64
	// contactable says that the gates are passed at the first as-of.
	contactable bool
}

// horizons are the days that falls are counted for, beside all days.
var horizons = [...]int{1, 7, 30}

// Horizons are the numbers of days within which falls are counted, where a
// forecast is longer than that.
func Horizons() []int { return slices.Clone(horizons[:]) }

// exits collects who leaves first when. One worker has one of its own.
type exits struct {
	// days are the leavers who may be among the first that are asked for, by day
	// from the first on; those of later days are only counted.
	days [][]leaver
	// most is the number of leavers that are asked for, 0 for all of them, and
	// kept that of those in days.
	most, kept int
	// total is the number of all leavers.
	total int64
	// falls are the numbers of customers by stage they leave, stage they come to
	// and horizon, the last of which is all days.
	falls  []int64
	stages int
}

func newExits(days, stages, most int) *exits {
	return &exits{days: make([][]leaver, days), most: most, stages: stages, falls: make([]int64, stages*stages*(len(horizons)+1))}
}

// add takes a leaver of a day, counted from 0.
func (e *exits) add(day int, l leaver) {
	e.total++
	if l.to >= 0 {
		at := e.fall(l.from, l.to)
		for i, days := range horizons {
			if day < days {
				e.falls[at+i]++
			}
		}
		e.falls[at+len(horizons)]++
	}
	if day < len(e.days) {
		e.days[day] = append(e.days[day], l)
		e.kept++
		e.prune()
	}
}

// fall is the place of the first horizon of a way.
func (e *exits) fall(from, to int) int { return (from*e.stages + to) * (len(horizons) + 1) }

// prune lets go of the last days where those before have enough leavers. All of
// a day stay together, because its order is not known yet.
func (e *exits) prune() {
	for e.most > 0 && len(e.days) > 0 {
		last := len(e.days) - 1
		if e.kept-len(e.days[last]) < e.most {
			return
		}
		e.kept -= len(e.days[last])
		e.days = e.days[:last]
	}
}

// merge adds what another worker collected.
func (e *exits) merge(other *exits) {
	e.total += other.total
	for i, n := range other.falls {
		e.falls[i] += n
	}
	for len(e.days) > len(other.days) { // There, the days before had enough.
		last := len(e.days) - 1
		e.kept -= len(e.days[last])
		e.days = e.days[:last]
	}
	for day := range e.days {
		e.days[day] = append(e.days[day], other.days[day]...)
		e.kept += len(other.days[day])
	}
	e.prune()
}

// finder finds the leavers among customers.
type finder struct {
	ruler *ruler
	// members are the places of the tracks of members by stage, and contactable
	// those of the members who may be contacted, -1 without gates.
	members, contactable []int
	// asked reports whether leavers of a stage are asked for.
	asked func(stage int) bool
}

// find tells when a customer who is a member at the first as-of leaves, for the
// first time; ok is false for who is none and for who stays.
func (f *finder) find(c *timeline.Customer) (day int, l leaver, ok bool) {
	for stage, track := range f.members {
		spans := c.Tracks[track]
		if len(spans) == 0 || spans[0].From > f.ruler.from() {
			continue
		}
		if spans[0].To > f.ruler.to() || !f.asked(stage) {
			return 0, l, false
		}
		l = leaver{id: c.ID, from: stage, to: f.next(c, spans[0].To), at: spans[0].To}
		if track := f.contactable[stage]; track >= 0 {
			spans := c.Tracks[track]
			l.contactable = len(spans) > 0 && spans[0].From == f.ruler.from()
		}
		return f.ruler.reach(0, l.at) - 1, l, true
	}
	return 0, l, false
}

// next is the stage whose span begins at an as-of, -1 where there is none.
func (f *finder) next(c *timeline.Customer, at int64) int {
	return slices.IndexFunc(f.members, func(track int) bool {
		return slices.ContainsFunc(c.Tracks[track], func(s timeline.Span) bool { return s.From == at })
	})
}

package timeline

import (
	"time"

	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/plan"
)

// reach is how far before an as-of rules look with "for" and "as of", and the
// fixed moments that they name.
type reach struct {
	seen   map[check.Definition]time.Duration
	points []time.Time
}

// reachOf is the range that signals are computed over, so that every as-of of a
// request has all that it looks at.
func reachOf(p *plan.Plan, whole Span) Span {
	r := &reach{seen: map[check.Definition]time.Duration{}}
	far := time.Duration(0)
	for _, unit := range p.Units {
		far = max(far, r.definition(unit.Definition))
		for _, gate := range check.GatesOf(unit.Definition) {
			far = max(far, r.definition(gate))
		}
	}
	whole.From -= far.Microseconds()
	for _, at := range r.points {
		whole.From = min(whole.From, Micros(at)-far.Microseconds())
		whole.To = max(whole.To, Micros(at)+1)
	}
	return whole
}

func (r *reach) definition(d check.Definition) time.Duration {
	if far, ok := r.seen[d]; ok {
		return far
	}
	far := time.Duration(0)
	for _, e := range check.ExpressionsOf(d) {
		far = max(far, r.expr(e))
	}
	r.seen[d] = far
	return far
}

func (r *reach) expr(e check.Expr) time.Duration {
	far := time.Duration(0)
	check.Walk(e, func(x check.Expr) bool {
		switch x := x.(type) {
		case *check.Held:
			far = max(far, length(x.For)+r.expr(x.X))
			return false
		case *check.AsOf:
			back := time.Duration(0)
			if x.Ago != nil {
				back = length(*x.Ago)
			} else {
				r.points = append(r.points, *x.Point)
			}
			far = max(far, back+r.expr(x.X))
			return false
		case *check.Ref:
			far = max(far, r.definition(x.Target))
		}
		return true
	})
	return far
}

// length is at least that of a duration anywhere on the calendar.
func length(d calendar.Duration) time.Duration {
	const month = 31 * dayLength
	if n, ok := d.Length(); ok {
		return n + time.Second
	}
	return time.Duration(d.Days())*dayLength + time.Duration(d.Months())*month + 3*dayLength
}

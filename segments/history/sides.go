package history

import "strata/segments/timeline"

// sides collects who is on which side at points, by worker.
type sides struct {
	ruler *ruler
	// units are the places of tracks among units; -1 for a track that is only
	// counted, whose unit is in contactable.
	units, contactable []int
	parts              []sidesPart
}

// sidesPart is what one worker has found: changes, and by unit and point how the
// number of members and of contactable ones changes. The last unit is the
// population.
type sidesPart struct {
	blocks         [][]side
	sizes, reached [][]int64
}

// side is that a customer is in a unit from a point on, or is not any more. Unit
// -1 is the population.
type side struct {
	customer uint32
	point    uint16 // There are MaxPoints at most.
	unit     int16  // The store has no more.
	entered  bool
	// net says that it is the customer's last change, and that the customer is then
	// on another side than at the first point.
	net bool
}

// sidesPerBlock is how many changes lie together: growing lists of millions would
// copy them again and again.
const sidesPerBlock = 1 << 16

func (p *sidesPart) note(s side) {
	last := len(p.blocks) - 1
	if last < 0 || len(p.blocks[last]) == sidesPerBlock {
		p.blocks = append(p.blocks, make([]side, 0, sidesPerBlock))
		last++
	}
	p.blocks[last] = append(p.blocks[last], s)
}

func newSides(r *ruler, units, workers int) *sides {
	s := &sides{ruler: r, parts: make([]sidesPart, workers)}
	for i := range s.parts {
		for range units + 1 {
			s.parts[i].sizes = append(s.parts[i].sizes, make([]int64, len(r.points)+1))
			s.parts[i].reached = append(s.parts[i].reached, make([]int64, len(r.points)+1))
		}
	}
	return s
}

// begin says which unit each track is of; first are the places of the first unit
// of each definition.
func (s *sides) begin(tracks []timeline.Track, first []int) {
	for _, t := range tracks {
		unit := first[t.Unit] + max(t.Stage, 0)
		members := unit
		if t.Contactable {
			members = -1
		}
		s.units, s.contactable = append(s.units, members), append(s.contactable, unit)
	}
}

// add notes a customer's changes.
func (s *sides) add(worker int, c *timeline.Customer) {
	part := &s.parts[worker]
	population := len(part.sizes) - 1
	part.add(s.ruler, c.Here, part.sizes[population], -1, c.ID)
	for track, spans := range c.Tracks {
		switch unit := s.units[track]; {
		case len(spans) == 0:
		case unit >= 0:
			part.add(s.ruler, spans, part.sizes[unit], unit, c.ID)
		default:
			part.add(s.ruler, spans, part.reached[s.contactable[track]], uncounted, c.ID)
		}
	}
}

// uncounted stands for a unit whose changes are not kept.
const uncounted = -2

// add notes the points from which on and until which spans hold. Spans between
// which no point lies are one, and what ends behind the last point is not noted.
func (p *sidesPart) add(r *ruler, spans []timeline.Span, sizes []int64, unit int, customer uint32) {
	t := turns{part: p, unit: unit, customer: customer}
	at, end := 0, -1
	for _, span := range spans {
		from := r.reach(at, span.From)
		to := r.reach(from, span.To)
		at = from
		if from == to {
			continue
		}
		sizes[from]++
		sizes[to]--
		if unit == uncounted {
			continue
		}
		if from != end {
			t.to(end, false)
			t.to(from, true)
		}
		end = to
	}
	if end < len(r.points) {
		t.to(end, false)
	}
	if t.later%2 == 1 {
		last := p.blocks[len(p.blocks)-1]
		last[len(last)-1].net = true
	}
}

// turns are the changes of one customer in one unit.
type turns struct {
	part     *sidesPart
	unit     int
	customer uint32
	// later is how many lie behind the first point.
	later int
}

// to notes a change at a point, if there is one.
func (t *turns) to(point int, entered bool) {
	if point < 0 {
		return
	}
	if point > 0 {
		t.later++
	}
	t.part.note(side{customer: t.customer, point: uint16(point), unit: int16(t.unit), entered: entered})
}

// totals are the sizes of units at points, and of their contactable members; the
// population is the last unit.
func (s *sides) totals() (sizes, contactable [][]int64) {
	for unit := range s.parts[0].sizes {
		size, reached := make([]int64, len(s.ruler.points)), make([]int64, len(s.ruler.points))
		for _, part := range s.parts {
			for point := range size {
				size[point] += part.sizes[unit][point]
				reached[point] += part.reached[unit][point]
			}
		}
		for point := 1; point < len(size); point++ {
			size[point] += size[point-1]
			reached[point] += reached[point-1]
		}
		sizes, contactable = append(sizes, size), append(contactable, reached)
	}
	return sizes, contactable
}

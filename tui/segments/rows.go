package segments

import (
	"cmp"
	"math"
	"slices"

	"strata/segments/check"
)

// row is a line of the list.
type row struct {
	unit

	size int64
	from origin
	// week is the change in seven days; hasWeek where it is known.
	week    change
	hasWeek bool
	// spark are the sizes at the ends of the last weeks.
	spark  []float64
	alert  bool
	pinned bool
	// child is a stage, open a partition whose stages are shown.
	child, open bool
}

// counted reports whether there is a number.
func (r *row) counted() bool { return r.from == liveSize || r.from == storedSize }

// order is what rows are sorted by.
type order string

// The orders, in which the key goes through them.
const (
	byName   order = "name"
	bySize   order = "size"
	byChange order = "change"
	byDrift  order = "drift"
)

// next is the order behind this one.
func (o order) next() order {
	all := []order{byName, bySize, byChange, byDrift}
	return all[(slices.Index(all, o)+1)%len(all)]
}

// tree is what the list is made with.
type tree struct {
	filter filter
	order  order
	pinned map[string]bool
	open   map[string]bool
}

// rows are the lines of the list: those that pass the filter, sorted, stages below
// their partition. found counts those that pass, which a partition that is only
// shown for a stage of its own does not.
func (t tree) rows(program *check.Program, k known) (list []row, found int) {
	var tops []row
	children := map[string][]row{}
	for _, u := range units(program) {
		top := t.row(u, k)
		stages := make([]row, 0, len(u.stages()))
		for _, s := range u.stages() {
			stage := t.row(s, k)
			stage.child = true
			top.size += stage.size
			top.alert = top.alert || stage.alert
			top.from = max(top.from, stage.from)
			stages = append(stages, stage)
		}
		self := t.filter.passes(&top)
		matching := stages
		if !t.filter.empty() {
			matching = slices.DeleteFunc(slices.Clone(stages), func(r row) bool { return !t.filter.passes(&r) })
		}
		switch {
		case t.filter.empty():
			found++
		case self && len(t.filter.sizes) == 0 && !t.filter.drift:
			found++
			matching = stages
		case len(matching) > 0:
			found += len(matching)
			top.open = true
		case self:
			found++
		default:
			continue
		}
		if len(stages) > 0 && top.open {
			children[top.name] = matching
		}
		tops = append(tops, top)
	}
	slices.SortStableFunc(tops, t.compare)
	for _, top := range tops {
		list = append(list, top)
		list = append(list, children[top.name]...)
	}
	return list, found
}

func (t tree) row(u unit, k known) row {
	r := row{unit: u, pinned: t.pinned[u.name], open: t.open[u.name]}
	if u.partition() != nil {
		return r
	}
	r.size, r.from = k.size(u.name)
	course, ok := k.courses[u.name]
	if !ok || course.Skipped != "" {
		return r
	}
	r.week, r.hasWeek = changeOf(course.Points, weekDays)
	r.alert = alerting(course)
	r.spark = weeks(course.Points)
	return r
}

// compare puts what is pinned first, then goes by the order, then by name.
func (t tree) compare(a, b row) int {
	if a.pinned != b.pinned {
		return boolOrder(a.pinned)
	}
	by := 0
	switch t.order {
	case bySize:
		by = cmp.Compare(b.size, a.size)
	case byChange:
		by = cmp.Compare(b.moved(), a.moved())
	case byDrift:
		if a.alert != b.alert {
			return boolOrder(a.alert)
		}
		by = cmp.Compare(b.moved(), a.moved())
	case byName:
	}
	return cmp.Or(by, cmp.Compare(a.name, b.name))
}

func boolOrder(first bool) int {
	if first {
		return -1
	}
	return 1
}

// moved is how much the size changed in either direction, -1 where nobody knows.
func (r *row) moved() float64 {
	if !r.hasWeek {
		return -1
	}
	return math.Abs(r.week.share())
}

// tagCount is a tag and how many definitions have it.
type tagCount struct {
	tag string
	n   int
}

// tagCounts are the tags of all definitions, the most frequent first.
func tagCounts(program *check.Program) []tagCount {
	counts := map[string]int{}
	for _, u := range units(program) {
		for _, tag := range u.about().Tags {
			counts[tag]++
		}
	}
	list := make([]tagCount, 0, len(counts))
	for tag, n := range counts {
		list = append(list, tagCount{tag, n})
	}
	slices.SortFunc(list, func(a, b tagCount) int { return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.tag, b.tag)) })
	return list
}

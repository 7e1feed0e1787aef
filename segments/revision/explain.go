package revision

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"strata/segments/definition"
)

// How a move is explained. The difference between two versions of a segment is
// taken apart into causes, each of which can be applied or not:
//
//   - a leaf that both versions have: its new truth for the customer in place of
//     its old one;
//   - a leaf that was added, or removed;
//   - the structure: how all, any and not put together the leaves that both
//     versions have, where that differs.
//
// With none applied the rule is that of the version before, with all applied
// that of the version after. A leaf that is not there is taken out of the rule,
// and so is a group without leaves; a leaf of one version stands, in the other
// version's structure, beside the leaves that it stood beside, by the same "all"
// or "any".
//
// A set of causes explains the move of a customer when applying only these to
// the version before makes the move, and taking only these back from the version
// after undoes it. The smallest set that does counts; where several of one size
// do, their union; where there are too many sets to try, one from which no cause
// can be left out. A move with one cause in that set is made by it alone, any
// other by several together, and so each move counts exactly once: what causes
// make alone and what combinations make add up to those who joined and left.
// Comparing the versions the other way round gives the same explanations.

// pattern is what customers who moved have in common: the truth of all leaves.
type pattern struct {
	joined bool
	// before and after have a '1' or '0' for each leaf of that version; they are
	// "" where the version does not know the customer.
	before, after string
	customers     int64
}

// The names of causes that are no leaves; no leaf can have them.
const (
	structureName = "(structure)"
	customersName = "(customers)"
)

// question is one segment whose moves are to be explained.
type question struct {
	leaves []leaf
	// before and after are the structures of both versions over all leaves.
	before, after *node
	// restructured says that they differ; it is then the cause behind those of
	// the leaves.
	restructured bool
	// mostTried is how many sets of one size are tried.
	mostTried int
}

// newQuestion compares the rules of two versions.
func newQuestion(v versions) *question {
	q := &question{leaves: v.leaves()}
	place := func(of func(leaf) int) func(int) int {
		return func(i int) int {
			return slices.IndexFunc(q.leaves, func(l leaf) bool { return of(l) == i })
		}
	}
	before := structure(v.before.Where, place(func(l leaf) int { return l.before }))
	after := structure(v.after.Where, place(func(l leaf) int { return l.after }))
	q.before, q.after = before.extended(after), after.extended(before)
	q.restructured = q.before.text() != q.after.text()
	return q
}

// causes is the number of causes: the leaves, and the structure where it
// differs.
func (q *question) causes() int {
	if q.restructured {
		return len(q.leaves) + 1
	}
	return len(q.leaves)
}

// applied says which causes are applied, by their places; the structure stands
// behind the leaves. Others turns it round: these are taken back, all others
// are applied.
type applied struct {
	causes []bool
	others bool
}

func (a applied) has(cause int) bool { return a.causes[cause] != a.others }

// member is whether customers of a pattern are members with some causes applied.
func (q *question) member(p pattern, x applied) bool {
	tree := q.after
	if q.restructured && !x.has(len(q.leaves)) {
		tree = q.before
	}
	member, there := q.holds(tree, p, x)
	return member || !there
}

// holds is the truth of a part of a rule, and whether any leaf of it is there.
func (q *question) holds(n *node, p pattern, x applied) (truth, there bool) {
	if n.kind == definition.Leaf {
		return q.leafHolds(n.leaf, p, x)
	}
	all, some := true, false
	for _, child := range n.children {
		value, found := q.holds(child, p, x)
		if !found {
			continue
		}
		there = true
		all, some = all && value, some || value
	}
	switch n.kind { //nolint:exhaustive // Leaves were answered.
	case definition.Any:
		return some, there
	case definition.None:
		return !all, there
	}
	return all, there
}

func (q *question) leafHolds(place int, p pattern, x applied) (truth, there bool) {
	l := q.leaves[place]
	switch {
	case l.kept() && x.has(place):
		return p.after[l.after] == '1', true
	case l.kept():
		return p.before[l.before] == '1', true
	case l.after >= 0:
		return p.after[l.after] == '1', x.has(place)
	}
	return p.before[l.before] == '1', !x.has(place)
}

// active are the causes that can change anything for a pattern.
func (q *question) active(p pattern) []int {
	var list []int
	for i := range q.causes() {
		if i < len(q.leaves) && q.leaves[i].kept() && p.before[q.leaves[i].before] == p.after[q.leaves[i].after] {
			continue
		}
		list = append(list, i)
	}
	return list
}

// Sets of up to this size are tried one and all, as long as those of a size are
// not too many for the number of patterns.
const (
	largestTried = 3
	mostTried    = 1500
	leastTried   = 100
	triedInAll   = 20_000_000
)

// explain returns the causes of the move of a pattern's customers, sorted.
func (q *question) explain(p pattern) ([]int, error) {
	active := q.active(p)
	set := make([]bool, q.causes())
	explains := func() bool {
		return q.member(p, applied{causes: set}) == p.joined && q.member(p, applied{causes: set, others: true}) != p.joined
	}
	for _, i := range active {
		set[i] = true
	}
	if !explains() {
		return nil, fmt.Errorf("explain a move: the leaves %q and %q do not make it", p.before, p.after)
	}
	for size := 1; size <= min(largestTried, len(active)) && choices(len(active), size) <= q.mostTried; size++ {
		union := map[int]bool{}
		each(active, size, func(chosen []int) {
			clear(set)
			for _, i := range chosen {
				set[i] = true
			}
			if explains() {
				for _, i := range chosen {
					union[i] = true
				}
			}
		})
		if len(union) > 0 {
			return slices.Sorted(maps.Keys(union)), nil
		}
	}
	return q.needed(active, set, explains), nil
}

// needed leaves out of all active causes, in order of their names, those without
// which the others explain the move.
func (q *question) needed(active []int, set []bool, explains func() bool) []int {
	clear(set)
	for _, i := range active {
		set[i] = true
	}
	byName := slices.SortedFunc(slices.Values(active), func(a, b int) int { return strings.Compare(q.name(a), q.name(b)) })
	for _, i := range byName {
		set[i] = false
		if !explains() {
			set[i] = true
		}
	}
	return slices.DeleteFunc(active, func(i int) bool { return !set[i] })
}

// choices is the number of sets of a size.
func choices(n, size int) int {
	count := 1
	for i := range size {
		count = count * (n - i) / (i + 1)
	}
	return count
}

// each visits all sets of a size, in order. A set is valid during its visit.
func each(list []int, size int, visit func([]int)) {
	chosen := make([]int, 0, size)
	var choose func(from int)
	choose = func(from int) {
		if len(chosen) == size {
			visit(chosen)
			return
		}
		for i := from; i < len(list); i++ {
			chosen = append(chosen, list[i])
			choose(i + 1)
			chosen = chosen[:len(chosen)-1]
		}
	}
	choose(0)
}

// moved counts customers by direction.
type moved struct{ joined, left int64 }

func (m *moved) add(p pattern) {
	if p.joined {
		m.joined += p.customers
	} else {
		m.left += p.customers
	}
}

// account explains all patterns: what each cause does alone and with others, and
// what combinations do. The customers of one version only have a cause of their
// own, behind all others.
func (q *question) account(patterns []pattern) (alone, shared []moved, together []Combination, err error) {
	q.mostTried = min(mostTried, max(leastTried, triedInAll/max(1, len(patterns))))
	strangers := q.causes()
	alone, shared = make([]moved, strangers+1), make([]moved, strangers+1)
	sets := map[string]*moved{}
	members := map[string][]int{}
	for _, p := range patterns {
		set := []int{strangers}
		if p.before != "" && p.after != "" {
			if set, err = q.explain(p); err != nil {
				return nil, nil, nil, err
			}
		}
		if len(set) == 1 {
			alone[set[0]].add(p)
			continue
		}
		for _, i := range set {
			shared[i].add(p)
		}
		key := fmt.Sprint(set)
		if sets[key] == nil {
			sets[key], members[key] = &moved{}, set
		}
		sets[key].add(p)
	}
	for key, set := range members {
		c := Combination{Joined: sets[key].joined, Left: sets[key].left}
		for _, i := range set {
			c.Causes = append(c.Causes, q.name(i))
		}
		together = append(together, c)
	}
	slices.SortFunc(together, func(a, b Combination) int {
		return cmp.Or(cmp.Compare(b.Joined+b.Left, a.Joined+a.Left), strings.Compare(strings.Join(a.Causes, " "), strings.Join(b.Causes, " ")))
	})
	return alone, shared, together, nil
}

// name is what a cause is called.
func (q *question) name(cause int) string {
	switch {
	case cause < len(q.leaves):
		return q.leaves[cause].name
	case cause < q.causes():
		return structureName
	}
	return customersName
}

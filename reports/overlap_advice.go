package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// What advice goes by.
const (
	overlapDuplicate = 0.95 // Jaccard from which on two are one.
	overlapNear      = 0.80 // Jaccard from which on two are nearly one.
	overlapInside    = 0.95 // Share of a segment from which on it is called a part of another.
	overlapMore      = 1.25 // Lift from which on to lie in another is more than to lie in nearly everyone.
)

// OverlapRule is what the rules of two units say of each other.
type OverlapRule struct {
	// Which follows from the rules, whatever the data.
	Which OverlapWhich
	// OnlyA and OnlyB are the conditions that only one of the two has; Changed are
	// those that differ in a constant, as A and as B writes them. Note says what
	// else differs.
	OnlyA, OnlyB []string
	Changed      [][2]string
	Note         string
}

// OverlapKind says what advice is about.
type OverlapKind string

// The kinds of advice, the most important first.
const (
	OverlapAdviceImpossible   OverlapKind = "impossible"
	OverlapAdviceDuplicate    OverlapKind = "duplicate"
	OverlapAdviceNear         OverlapKind = "near duplicate"
	OverlapAdviceSubset       OverlapKind = "subset"
	OverlapAdviceTiny         OverlapKind = "tiny"
	OverlapAdviceUnmeasurable OverlapKind = "unmeasurable"
	OverlapAdviceUncovered    OverlapKind = "uncovered"
)

// OverlapAdvice is a proposal: what was found, how the rules differ, and what
// would follow.
type OverlapAdvice struct {
	Kind  OverlapKind `json:"kind"`
	Names []string    `json:"names"`
	// ByDefinition says that it holds whatever the data.
	ByDefinition bool   `json:"by_definition"`
	Finding      string `json:"finding"`
	Rules        string `json:"rules,omitempty"`
	Consequence  string `json:"consequence,omitempty"`
	// Members is how many customers it is about, the largest number where it is about
	// several segments apart from each other.
	Members int64 `json:"members"`
}

// rule is what the rules of i and j say of each other, from i's side.
func (o *Overlap) rule(i, j int) OverlapRule {
	if i < j {
		return o.rules[[2]int{i, j}]
	}
	r := o.rules[[2]int{j, i}]
	r.OnlyA, r.OnlyB = r.OnlyB, r.OnlyA
	changed := make([][2]string, len(r.Changed))
	for k, c := range r.Changed {
		changed[k] = [2]string{c[1], c[0]}
	}
	r.Changed = changed
	switch r.Which {
	case OverlapAInB:
		r.Which = OverlapBInA
	case OverlapBInA:
		r.Which = OverlapAInB
	case OverlapNeither, OverlapSame:
	}
	return r
}

// Candidates are the pairs i < j whose rules are worth a look: one lies in the
// other, nearly does, or they are nearly the same.
func (o *Overlap) Candidates() [][2]int {
	var pairs [][2]int
	for i := range o.Units {
		for j := i + 1; j < len(o.Units); j++ {
			p := o.Pair(i, j)
			if !p.SamePartition && p.Both > 0 && max(*p.AInB, *p.BInA) >= overlapInside || p.Both > 0 && *p.Jaccard >= overlapNear {
				pairs = append(pairs, [2]int{i, j})
			}
		}
	}
	return pairs
}

// SetRule notes what the rules of i < j say of each other.
func (o *Overlap) SetRule(i, j int, rule OverlapRule) { o.rules[[2]int{i, j}] = rule }

// Advise fills in the advice, when the rules of the candidates are known.
func (o *Overlap) Advise() {
	o.Advice = []OverlapAdvice{}
	// A segment that has a twin needs no other advice on where it lies.
	twins := map[int]bool{}
	for _, pair := range o.Candidates() {
		if advice, ok := o.twins(pair[0], pair[1]); ok {
			o.Advice = append(o.Advice, advice)
			twins[pair[0]], twins[pair[1]] = true, true
		}
	}
	o.unmeasurable()
	for i := range o.Units {
		u := o.Units[i]
		if advice, ok := o.small(i); ok {
			o.Advice = append(o.Advice, advice)
		}
		if u.Impossible || twins[i] {
			continue
		}
		if advice, ok := o.part(i); ok {
			o.Advice = append(o.Advice, advice)
		}
	}
	o.uncovered()
	order := []OverlapKind{
		OverlapAdviceImpossible, OverlapAdviceDuplicate, OverlapAdviceNear, OverlapAdviceSubset,
		OverlapAdviceTiny, OverlapAdviceUnmeasurable, OverlapAdviceUncovered,
	}
	slices.SortStableFunc(o.Advice, func(a, b OverlapAdvice) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Kind), slices.Index(order, b.Kind)), cmp.Compare(b.Members, a.Members))
	})
}

// twins is the advice on two units that are, or nearly are, the same.
func (o *Overlap) twins(i, j int) (OverlapAdvice, bool) {
	p := o.Pair(i, j)
	same := p.Containment.ByDefinition && p.Containment.Which == OverlapSame
	if !same && (p.Few || *p.Jaccard < overlapNear) {
		return OverlapAdvice{}, false
	}
	keep, drop := i, j
	if o.Units[j].keptBefore(o.Units[i]) {
		keep, drop = j, i
	}
	a, b := o.Units[keep], o.Units[drop]
	either := a.Size + b.Size - p.Both
	advice := OverlapAdvice{
		Kind: OverlapAdviceDuplicate, Names: []string{a.Name, b.Name}, ByDefinition: same, Members: either,
		Rules: overlapDifference(o.rule(keep, drop), a.Name, b.Name),
	}
	switch {
	case same:
		advice.Finding = fmt.Sprintf("%s and %s are the same by definition: whoever is in one is in the other, whatever the data", a.Name, b.Name)
	case p.Both == either && p.Containment.ByDefinition:
		small, large := p.A, p.B
		if p.Containment.Which == OverlapBInA {
			small, large = p.B, p.A
		}
		advice.Finding = fmt.Sprintf("%s and %s have the same %s customers in this data; by definition only %s always lies in %s",
			a.Name, b.Name, overlapNumber(p.Both), small, large)
	case p.Both == either:
		advice.Finding = fmt.Sprintf("%s and %s have the same %s customers in this data; their rules do not say so", a.Name, b.Name, overlapNumber(p.Both))
	case *p.Jaccard >= overlapDuplicate:
		advice.Finding = fmt.Sprintf("%s and %s are nearly one: %s of %s customers in either are in both", a.Name, b.Name, overlapNumber(p.Both), overlapNumber(either))
	default:
		advice.Kind = OverlapAdviceNear
		advice.Finding = fmt.Sprintf("%s and %s are much alike: %s of %s customers in either are in both", a.Name, b.Name, overlapNumber(p.Both), overlapNumber(either))
	}
	advice.Consequence = o.merged(keep, drop, p.Both)
	return advice, true
}

// keptBefore reports whether a unit is rather kept than another: a stage cannot be
// dropped, and what other rules name is dropped with more work.
func (u OverlapUnit) keptBefore(other OverlapUnit) bool {
	if (u.Partition == "") != (other.Partition == "") {
		return u.Partition != ""
	}
	return u.Readers > other.Readers
}

// merged says what follows where of two alike units one is kept.
func (o *Overlap) merged(keep, drop int, both int64) string {
	a, b := o.Units[keep], o.Units[drop]
	if b.Partition != "" {
		return fmt.Sprintf("both are stages and stay; one of %s and %s may be enough", a.Partition, b.Partition)
	}
	reason := ""
	switch {
	case a.Partition != "":
		reason = " (a stage)"
	case a.Readers == 1:
		reason = " (another rule names it)"
	case a.Readers > 1:
		reason = fmt.Sprintf(" (%d other rules name it)", a.Readers)
	}
	return fmt.Sprintf("keep %s%s: it has %s of the %s customers of %s, and %s more; %s",
		a.Name, reason, overlapNumber(both), overlapNumber(b.Size), b.Name, overlapNumber(a.Size-both), o.lost(drop))
}

// lost says what is lost without a unit.
func (o *Overlap) lost(i int) string {
	u := o.Units[i]
	if !u.Counted {
		return "stages are part of their partition"
	}
	if u.Unique == 0 {
		return "without " + u.Name + " nobody is lost to all segments"
	}
	return fmt.Sprintf("without %s, %s of its %s customers are in no segment", u.Name, overlapNumber(u.Unique), overlapNumber(u.Size))
}

// container is the smallest unit that a unit lies in, as good as, -1 for none. To
// lie in nearly everyone says nothing, and a stage lies where it does: there only
// what follows from the rules is of interest.
func (o *Overlap) container(i int) int {
	best := -1
	for j := range o.Units {
		if j == i || o.Units[j].Size <= o.Units[i].Size {
			continue
		}
		p := o.Pair(i, j)
		if p.Both == 0 || p.SamePartition || *p.AInB < overlapInside || *p.Jaccard >= overlapNear {
			continue
		}
		seen := !p.Few && *p.Lift >= overlapMore && o.Units[i].Partition == ""
		if (seen || p.Containment.ByDefinition) && (best < 0 || o.Units[j].Size < o.Units[best].Size) {
			best = j
		}
	}
	return best
}

// part is the advice on a unit that lies in another, the smallest of these.
func (o *Overlap) part(i int) (OverlapAdvice, bool) {
	best := o.container(i)
	if best < 0 {
		return OverlapAdvice{}, false
	}
	a, b, p := o.Units[i], o.Units[best], o.Pair(i, best)
	advice := OverlapAdvice{
		Kind: OverlapAdviceSubset, Names: []string{a.Name, b.Name}, ByDefinition: p.Containment.ByDefinition, Members: a.Size,
		Rules: overlapDifference(o.rule(i, best), a.Name, b.Name),
	}
	switch {
	case p.Containment.ByDefinition:
		advice.Finding = fmt.Sprintf("%s is always inside %s, by definition", a.Name, b.Name)
	case p.Both == a.Size:
		advice.Finding = fmt.Sprintf("%s is inside %s in this data, not by definition", a.Name, b.Name)
	default:
		advice.Finding = fmt.Sprintf("%s is a refinement of %s: %s of its %s customers are inside", a.Name, b.Name, overlapNumber(p.Both), overlapNumber(a.Size))
	}
	advice.Consequence = fmt.Sprintf("keep it only if it is treated otherwise than the %s of %s and converts otherwise; %s",
		overlapNumber(b.Size), b.Name, o.lost(i))
	return advice, true
}

// overlapDifference says how the rules of a and b differ.
func overlapDifference(r OverlapRule, a, b string) string {
	var parts []string
	for _, c := range r.Changed {
		parts = append(parts, fmt.Sprintf("%s asks %s, %s asks %s", a, c[0], b, c[1]))
	}
	if len(r.OnlyA) > 0 {
		parts = append(parts, fmt.Sprintf("only %s asks %s", a, strings.Join(r.OnlyA, "; ")))
	}
	if len(r.OnlyB) > 0 {
		parts = append(parts, fmt.Sprintf("only %s asks %s", b, strings.Join(r.OnlyB, "; ")))
	}
	if r.Note != "" {
		parts = append(parts, r.Note)
	}
	return strings.Join(parts, ". ")
}

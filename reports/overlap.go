package reports

import (
	"cmp"
	"math"
	"slices"

	"strata/reports/stats"
	"strata/segments/result"
)

// OverlapFewest is the number of members below which rates and verdicts are not
// given.
const OverlapFewest = 30

// OverlapUnit is a segment, or a stage of a partition.
type OverlapUnit struct {
	Name string `json:"name"`
	// Partition is the partition of a stage, "" for a segment. Stages of one
	// partition never share a customer.
	Partition string `json:"partition,omitempty"`
	// Readers is how many definitions name the unit in their rules.
	Readers int `json:"readers"`
	// Impossible says that the rule can hold for nobody.
	Impossible bool  `json:"impossible"`
	Size       int64 `json:"size"`
	// Counted says that the unit takes part in reach, exclusive sets and cover.
	// Stages do not where there are segments, since the stages of a partition
	// reach everyone.
	Counted bool `json:"counted"`
	// Unique is how many members are in no other counted unit, Redundancy the
	// share of members who are.
	Unique     int64    `json:"unique"`
	Redundancy *float64 `json:"redundancy"`
	// Power is what a campaign to the unit could show.
	Power OverlapPower `json:"power"`
}

// OverlapPair is how two units overlap.
type OverlapPair struct {
	A     string `json:"a"`
	B     string `json:"b"`
	SizeA int64  `json:"size_a"`
	SizeB int64  `json:"size_b"`
	Both  int64  `json:"both"`
	OverlapRates
	// P is the probability of an overlap at least as far from chance, by Fisher's
	// exact test where few are expected and else by the normal one.
	P *float64 `json:"p"`
	// Few says that one of the two is too small for rates and verdicts.
	Few bool `json:"few"`
	// SamePartition says that the two are stages that exclude each other.
	SamePartition bool               `json:"same_partition"`
	Containment   OverlapContainment `json:"containment"`
}

// OverlapContainment says which of two lies in the other, and how that is known.
type OverlapContainment struct {
	// Which is "a in b", "b in a", "same" or "" for none.
	Which OverlapWhich `json:"which"`
	// ByDefinition says that it follows from the rules, whatever the data; else it
	// was seen in the data.
	ByDefinition bool `json:"by_definition"`
}

// OverlapWhich says which of two units lies in the other.
type OverlapWhich string

// The containments.
const (
	OverlapNeither OverlapWhich = ""
	OverlapAInB    OverlapWhich = "a in b"
	OverlapBInA    OverlapWhich = "b in a"
	OverlapSame    OverlapWhich = "same"
)

// OverlapSet are the customers who are in exactly some units and in no other
// counted one.
type OverlapSet struct {
	Names     []string `json:"names"`
	Customers int64    `json:"customers"`
}

// OverlapReach counts the customers whom the counted units reach.
type OverlapReach struct {
	Units int `json:"units"`
	// Gross is the sum of sizes, Net how many different customers these are, and
	// Mean in how many units each is.
	Gross int64    `json:"gross"`
	Net   int64    `json:"net"`
	Mean  *float64 `json:"mean_memberships"`
	// Many is how many are in OverlapMany units or more, who may hear from you too
	// often.
	Many int64 `json:"in_three_or_more"`
	// None are in no unit, Customers is everyone, Coverage net over everyone.
	None      int64    `json:"in_none"`
	Customers int64    `json:"customers"`
	Coverage  *float64 `json:"coverage"`
}

// OverlapMany is from how many units on a customer is in many.
const OverlapMany = 3

// OverlapStep is a unit of the greedy cover.
type OverlapStep struct {
	Name string `json:"name"`
	// Adds is how many customers are in it and in none before it, Covered how many
	// are covered with it, and Share that of the net reach.
	Adds    int64    `json:"adds"`
	Covered int64    `json:"covered"`
	Share   *float64 `json:"share"`
}

// Overlap is how units overlap.
type Overlap struct {
	Units []OverlapUnit `json:"units"`
	// Sets are the exclusive sets of most customers; OtherSets and OtherCustomers
	// count the rest.
	Sets           []OverlapSet    `json:"sets"`
	OtherSets      int64           `json:"other_sets"`
	OtherCustomers int64           `json:"other_customers"`
	Reach          OverlapReach    `json:"reach"`
	Cover          []OverlapStep   `json:"cover"`
	Advice         []OverlapAdvice `json:"advice"`
	Options        OverlapOptions  `json:"options"`

	both  []int64
	rules map[[2]int]OverlapRule
}

// OverlapOptions say what is computed.
type OverlapOptions struct {
	// Sets is how many exclusive sets are listed, 0 for all.
	Sets int `json:"sets"`
	// BaseRate is the conversion that a campaign is expected to have without its
	// effect, Holdout the share of members who would be held out.
	BaseRate float64 `json:"base_rate"`
	Holdout  float64 `json:"holdout"`
}

// NewOverlap counts how units overlap. The units need a name, and those of stages
// a partition; the rest of them is filled in.
func NewOverlap(units []OverlapUnit, bits result.Bits, options OverlapOptions) *Overlap {
	o := &Overlap{
		Units: slices.Clone(units), Options: options, Sets: []OverlapSet{}, Cover: []OverlapStep{}, Advice: []OverlapAdvice{},
		rules: map[[2]int]OverlapRule{}, both: overlapPairs(bits),
	}
	sizes := overlapSizes(bits)
	segments := slices.ContainsFunc(units, func(u OverlapUnit) bool { return u.Partition == "" })
	counted := result.Bits{Customers: bits.Customers}
	var places []int
	for i := range o.Units {
		u := &o.Units[i]
		u.Size, u.Counted = sizes[i], u.Partition == "" || !segments
		u.Power = OverlapPowerOf(u.Size, options)
		if u.Counted {
			counted.Sets = append(counted.Sets, bits.Sets[i])
			places = append(places, i)
		}
	}
	tally := overlapByCustomer(counted)
	for k, i := range places {
		u := &o.Units[i]
		u.Unique = tally.unique[k]
		u.Redundancy = ratio(float64(u.Size-u.Unique), float64(u.Size))
	}
	o.reached(tally, bits.Customers, len(places))
	o.exclusive(tally, places)
	o.covered(counted, places)
	return o
}

// reached fills in the reach.
func (o *Overlap) reached(tally overlapTally, customers int64, units int) {
	r := OverlapReach{Units: units, Customers: customers}
	for number, count := range tally.members {
		r.Net += count
		r.Gross += int64(number) * count
		if number >= OverlapMany {
			r.Many += count
		}
	}
	r.None = customers - r.Net
	r.Mean = ratio(float64(r.Gross), float64(r.Net))
	r.Coverage = ratio(float64(r.Net), float64(customers))
	o.Reach = r
}

// exclusive fills in the exclusive sets.
func (o *Overlap) exclusive(tally overlapTally, places []int) {
	shown := tally.patterns.top(o.Options.Sets)
	o.OtherSets, o.OtherCustomers = int64(len(tally.patterns.counts)-len(shown)), o.Reach.Net
	for _, at := range shown {
		set := OverlapSet{Customers: tally.patterns.counts[at]}
		for _, k := range tally.patterns.sets(at) {
			set.Names = append(set.Names, o.Units[places[k]].Name)
		}
		o.Sets = append(o.Sets, set)
		o.OtherCustomers -= set.Customers
	}
}

// covered fills in the greedy cover.
func (o *Overlap) covered(counted result.Bits, places []int) {
	sizes, names := make([]int64, len(places)), make([]string, len(places))
	for k, i := range places {
		sizes[k], names[k] = o.Units[i].Size, o.Units[i].Name
	}
	order, added := overlapCover(counted, sizes, names)
	sum := int64(0)
	for at, k := range order {
		sum += added[at]
		o.Cover = append(o.Cover, OverlapStep{
			Name: names[k], Adds: added[at], Covered: sum, Share: ratio(float64(sum), float64(o.Reach.Net)),
		})
	}
}

// Pair is how units i and j, two different ones, overlap.
func (o *Overlap) Pair(i, j int) OverlapPair {
	a, b := o.Units[i], o.Units[j]
	both := o.both[overlapAt(len(o.Units), min(i, j), max(i, j))]
	p := OverlapPair{
		A: a.Name, B: b.Name, SizeA: a.Size, SizeB: b.Size, Both: both,
		OverlapRates:  OverlapRatesOf(a.Size, b.Size, both, o.Reach.Customers),
		Few:           min(a.Size, b.Size) < OverlapFewest,
		SamePartition: a.Partition != "" && a.Partition == b.Partition,
	}
	switch aInB, bInA := both == a.Size, both == b.Size; {
	case both == 0:
	case aInB && bInA:
		p.Containment.Which = OverlapSame
	case aInB:
		p.Containment.Which = OverlapAInB
	case bInA:
		p.Containment.Which = OverlapBInA
	}
	if rule := o.rule(i, j); rule.Which != OverlapNeither && (rule.Which == p.Containment.Which || p.Containment.Which == OverlapSame) {
		p.Containment = OverlapContainment{Which: rule.Which, ByDefinition: true}
	}
	return p
}

// Tested is a pair with the probability that chance alone brings it about, which
// takes long enough to be asked for.
func (o *Overlap) Tested(i, j int) OverlapPair {
	p := o.Pair(i, j)
	if p.Few || p.SamePartition {
		return p
	}
	if test, ok := stats.Proportions(p.Both, p.SizeA, p.SizeB-p.Both, o.Reach.Customers-p.SizeA); ok {
		p.P = &test.P
	}
	return p
}

// Strongest returns the places of the pairs that share customers, those of the
// largest measure first, at most so many, 0 for all. Stages of one partition are
// no pair, and pairs that are too small for rates come last.
func (o *Overlap) Strongest(by OverlapMeasure, most int) [][2]int {
	type ranked struct {
		pair  [2]int
		few   bool
		value float64
		both  int64
	}
	var all []ranked
	for i := range o.Units {
		for j := i + 1; j < len(o.Units); j++ {
			p := o.Pair(i, j)
			if p.SamePartition || p.Both == 0 {
				continue
			}
			value := by.of(p.OverlapRates, p.Both)
			r := ranked{pair: [2]int{i, j}, few: p.Few, both: p.Both, value: *value}
			if by == OverlapRow {
				r.value = math.Max(*p.AInB, *p.BInA)
			}
			all = append(all, r)
		}
	}
	slices.SortStableFunc(all, func(a, b ranked) int {
		few := 0
		if a.few != b.few {
			few = map[bool]int{false: -1, true: 1}[a.few]
		}
		return cmp.Or(few, cmp.Compare(b.value, a.value), cmp.Compare(b.both, a.both))
	})
	if most > 0 {
		all = all[:min(most, len(all))]
	}
	pairs := make([][2]int, len(all))
	for k, r := range all {
		pairs[k] = r.pair
	}
	return pairs
}

// Cell is the measure of a row and a column, nil where it is not known, on the
// diagonal, and where one of the two is too small for rates.
func (o *Overlap) Cell(by OverlapMeasure, row, column int) *float64 {
	if row == column {
		return nil
	}
	p := o.Pair(row, column)
	if p.Few && by != OverlapCount {
		return nil
	}
	return by.of(p.OverlapRates, p.Both)
}

package analyses

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"strata/reports"
	"strata/segments/result"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
	"strata/tui/pagetest"
)

// Names that are wide, and that run from right to left.
const (
	wideName  = "überkäufer_東京"
	rightName = "عملاء_مميزون"
)

// fake answers from made-up customers, by the functions that the real answers are
// made with.
type fake struct {
	ask.Backend

	overlaps int
	drifts   []ask.DriftQuestion
	kpis     []ask.KPIQuestion
	fails    error
	empty    bool
}

// person is a made-up customer.
type person struct{ spend, recent, mails float64 }

// people are the customers, from a small generator, always the same.
func people() []person {
	state := uint64(7)
	next := func() float64 {
		state = state*6364136223846793005 + 1442695040888963407
		return float64(state>>11) / (1 << 53)
	}
	all := make([]person, customers)
	for i := range all {
		all[i] = person{spend: next(), recent: next(), mails: next()}
		all[i].recent = (all[i].recent + all[i].spend) / 2
	}
	return all
}

// rule is a unit with its members.
type rule struct {
	name, partition string
	in              func(p person) bool
}

func rules() []rule {
	return []rule{
		{"active_readers", "", func(p person) bool { return p.mails > .93 }},
		{"buyers", "", func(p person) bool { return p.spend > .25 }},
		{"cart_open", "", func(p person) bool { return p.recent > .95 }},
		{"contactable", "", func(p person) bool { return p.mails > .38 }},
		{"coupon_hunters", "", func(p person) bool { return p.mails > .998 && p.spend < .6 }},
		{"first_orders", "", func(p person) bool { return p.spend > .25 && p.spend < .28 }},
		{"frequent_6_months", "", func(p person) bool { return p.spend > .5 && p.recent > .7 }},
		{"high_spenders", "", func(p person) bool { return p.spend > .58 }},
		{"high_value", "", func(p person) bool { return p.spend > .9 && p.recent > .8 }},
		{"lapsed_30_days", "", func(p person) bool { return p.spend > .25 && p.recent < .6 }},
		{"steady_spenders", "", func(p person) bool { return p.spend > .62 }},
		{"vip", "", func(p person) bool { return p.spend > .8 && p.recent > .75 }},
		{wideName, "", func(p person) bool { return p.spend > .7 && p.mails > .5 }},
		{rightName, "", func(p person) bool { return p.recent < .2 }},
		{"lifecycle.loyal", "lifecycle", func(p person) bool { return p.spend > .6 && p.recent > .7 }},
		{"lifecycle.lapsed", "lifecycle", func(p person) bool { return p.recent < .3 }},
	}
}

const customers = 4000

// Overlap implements ask.Analyses.
func (f *fake) Overlap(_ context.Context, words []string, _ time.Time) (*reports.Overlap, error) {
	f.overlaps++
	if f.fails != nil {
		return nil, f.fails
	}
	if f.empty {
		return reports.NewOverlap(nil, result.Bits{Customers: customers}, reports.OverlapOptions{Sets: 20, BaseRate: .02, Holdout: .1}), nil
	}
	chosen := slices.DeleteFunc(rules(), func(r rule) bool {
		return len(words) > 0 && !slices.Contains(words, r.name) && !slices.Contains(words, r.partition) && !strings.Contains(r.name, "_東") && r.name != rightName ||
			len(words) > 0 && len(words) <= vennMost && !slices.Contains(words, r.name)
	})
	return overlapAmong(chosen), nil
}

func overlapAmong(chosen []rule) *reports.Overlap {
	bits := result.Bits{Customers: customers}
	var units []reports.OverlapUnit
	all := people()
	for _, r := range chosen {
		set := make([]uint64, (customers+63)/64)
		for i, p := range all {
			if r.in(p) {
				set[i/64] |= 1 << (i % 64)
			}
		}
		bits.Sets = append(bits.Sets, set)
		units = append(units, reports.OverlapUnit{Name: r.name, Partition: r.partition})
	}
	o := reports.NewOverlap(units, bits, reports.OverlapOptions{Sets: 20, BaseRate: .02, Holdout: .1})
	at := func(name string) int {
		return slices.IndexFunc(units, func(u reports.OverlapUnit) bool { return u.Name == name })
	}
	if vip, buyers := at("vip"), at("buyers"); vip >= 0 && buyers >= 0 {
		low, which := min(vip, buyers), reports.OverlapBInA
		if low == vip {
			which = reports.OverlapAInB
		}
		o.SetRule(low, max(vip, buyers), reports.OverlapRule{Which: which})
	}
	o.Advise()
	return o
}

// series is a course of sizes with a jump and a leak.
func series(start int64, jump, leak bool) []reports.SizePoint {
	var points []reports.SizePoint
	size := start
	for i := range 88 {
		at := pagetest.AsOf().AddDate(0, 0, i-87)
		in, out := size/100+int64(i%3), size/100+int64((i+1)%3)
		if jump && i == 80 {
			out += size / 4
		}
		if leak && i > 65 {
			out += size / 60
		}
		if i == 0 {
			in, out = 0, 0
		}
		size += in - out
		points = append(points, reports.SizePoint{At: at, Size: size, Entered: in, Exited: out})
	}
	return points
}

func driftOf(name string, points []reports.SizePoint, days int) reports.Drift {
	to := points[len(points)-1]
	from := points[len(points)-1-min(days, len(points)-1)]
	d := reports.Drift{Name: name, Kind: "segment", Membership: reports.MembershipDrift{From: from.At, To: to.At}}
	retained := min(from.Size, to.Size) * 9 / 10
	d.Membership.Compared(from.Size, to.Size, retained)
	median, back, watched := 41.0, int64(9), int64(65)
	d.Membership.MedianDays, d.Membership.CameBack, d.Membership.Watched = &median, &back, &watched
	d.Size = reports.JudgeSize(reports.SizeQuestion{Points: points, From: from.At})
	return d
}

// composition compares two traits; one of them changed much.
func composition() *reports.CompositionDrift {
	c := reports.Compose([]reports.DriftTraitCounts{
		{Trait: "plan", Labels: []string{"free", "team", "東京 pro", ""}, Missing: 3, Counts: []reports.DriftBinCount{
			{Side: 0, Before: 0, Now: 0, Customers: 300},
			{Side: 0, Before: 1, Now: 1, Customers: 250},
			{Side: 0, Before: 1, Now: 2, Customers: 60},
			{Side: 1, Now: 2, Customers: 300},
			{Side: -1, Before: 0, Customers: 220},
			{Side: 0, Before: 3, Now: 3, Customers: 20},
		}},
		{Trait: "country", Labels: []string{"DE", "AT", "CH", ""}, Missing: 3, Counts: []reports.DriftBinCount{
			{Side: 0, Before: 0, Now: 0, Customers: 400},
			{Side: 0, Before: 1, Now: 1, Customers: 150},
			{Side: 0, Before: 2, Now: 2, Customers: 80},
			{Side: 1, Now: 0, Customers: 190},
			{Side: 1, Now: 1, Customers: 110},
			{Side: -1, Before: 0, Customers: 140},
			{Side: -1, Before: 2, Customers: 80},
		}},
		{Trait: "store", Refused: "it has 5,120 different values"},
	})
	return &c
}

// quietComposition compares a trait that did not change.
func quietComposition() *reports.CompositionDrift {
	c := reports.Compose([]reports.DriftTraitCounts{
		{Trait: "plan", Labels: []string{"free", "team", ""}, Missing: 2, Counts: []reports.DriftBinCount{
			{Side: 0, Before: 0, Now: 0, Customers: 400}, {Side: 0, Before: 1, Now: 1, Customers: 300}, {Side: 1, Now: 1, Customers: 30}, {Side: -1, Before: 1, Customers: 30},
		}},
	})
	return &c
}

// why attributes a change to clock, data and population.
func why() *reports.DriftWhy {
	yes := func(a, b bool) []bool { return []bool{a, b} }
	rule := reports.DriftRule{Op: reports.DriftAll, Parts: []reports.DriftRule{{Op: reports.DriftBit, Bit: 0}, {Op: reports.DriftBit, Bit: 1}}}
	w := reports.Attribute(reports.DriftGame{
		Leaves: []reports.DriftLeaf{{Name: "recent", Rule: "count(order) last 90 days >= 3"}, {Name: "spend", Rule: "ltv > 500"}},
		Of:     []int{0, 1}, Old: rule, New: rule,
		Patterns: []reports.DriftPattern{
			{Customers: 700, Here0: true, Here1: true, Before: yes(true, true), Aged: yes(true, true), After: yes(true, true)},
			{Customers: 164, Here0: true, Here1: true, Before: yes(true, true), Aged: yes(false, true), After: yes(false, true)},
			{Customers: 40, Here0: true, Here1: true, Before: yes(true, true), Aged: yes(true, true), After: yes(true, false)},
			{Customers: 95, Here0: true, Here1: true, Before: yes(false, true), Aged: yes(false, true), After: yes(true, true)},
			{Customers: 33, Here1: true, Before: yes(false, false), Aged: yes(false, false), After: yes(true, true)},
		},
	})
	w.Notes = []string{"fields without history have today's value at both ends"}
	return &w
}

// Drift implements ask.Analyses.
func (f *fake) Drift(_ context.Context, q ask.DriftQuestion, _ time.Time) ([]reports.Drift, error) {
	f.drifts = append(f.drifts, q)
	if f.fails != nil {
		return nil, f.fails
	}
	if f.empty {
		return nil, nil
	}
	all := []reports.Drift{
		driftOf("buyers", series(15000, false, false), q.Days), driftOf("vip", series(904, true, false), q.Days),
		driftOf("high_value", series(2400, false, true), q.Days), driftOf("coupon_hunters", series(12, false, false), q.Days),
		driftOf(wideName, series(500, false, false), q.Days), driftOf(rightName, series(700, false, false)[80:], q.Days),
		{Name: "store_list", Kind: "segment", Skipped: "it is a list without dates, so nobody knows who was on it"},
	}
	if len(q.Words) > 0 {
		all = slices.DeleteFunc(all, func(d reports.Drift) bool { return d.Name != q.Words[0] })
	}
	for i := range all {
		if q.Composition && all[i].Skipped == "" {
			all[i].Composition = composition()
			if len(q.Words) == 0 && all[i].Name != wideName {
				all[i].Composition = quietComposition()
			}
		}
		if q.Why && all[i].Skipped == "" {
			all[i].Why = why()
		}
	}
	return all, nil
}

// metrics are one of each form.
func metrics() []reports.KPIMetric {
	return []reports.KPIMetric{
		{Name: "net", Title: "net revenue", Form: reports.KPITotal, Unit: unitMoney, Better: "higher", Text: "sum(order.net)"},
		{Name: "aov", Title: "AOV (net/order)", Form: reports.KPIRatio, Unit: unitMoney, Better: "higher", Text: "sum(order.net) / count(order)", Base: "orders"},
		{Name: "revenue_per_customer", Title: "net per customer", Form: reports.KPIMean, Unit: unitMoney, Better: "higher", Text: "sum(order.net)", Base: "customers"},
		{Name: "conversion", Title: "conversion", Form: reports.KPIShare, Unit: unitPercent, Better: "higher", Text: "count(order) >= 1", Base: "customers"},
		{Name: "repeat_rate", Title: "repeat rate", Form: reports.KPIShare, Unit: unitPercent, Better: "higher", Text: "count(order) >= 2 among buyers", Base: "buyers"},
		{Name: "gap", Title: "days betw. orders", Form: reports.KPIGap, Unit: unitDays, Better: "lower", Text: "median days between orders"},
		{Name: "returns", Title: "return rate", Form: reports.KPIShare, Unit: unitPercent, Better: "lower", Text: "count(return) >= 1", Base: "customers"},
	}
}

// sums are those of the customers of a set, by metric.
func sums(in func(person) bool) reports.KPISet {
	set := reports.KPISet{Sums: make([]reports.KPISums, len(metrics())), Days: make([]*reports.KPIDays, len(metrics())), Circles: make([]string, len(metrics()))}
	for _, p := range people() {
		if !in(p) {
			continue
		}
		set.Customers++
		orders, repeat, buyer := 0.0, 0.0, 0.0
		if p.recent > .6 {
			orders, buyer = math.Ceil(p.spend*4), 1
		}
		if orders >= 2 {
			repeat = 1
		}
		money := orders * p.spend * 80
		returned := 0.0
		if p.mails > .9995 {
			returned = 1
		}
		for i, pair := range [][2]float64{{money, 0}, {money, orders}, {money, 0}, {buyer, 1}, {repeat, buyer}, {0, 0}, {returned, 1}} {
			s := &set.Sums[i]
			y, x := pair[0], pair[1]
			s.N++
			s.Y, s.X, s.YY, s.XX, s.XY, s.CutY, s.CutYY = s.Y+y, s.X+x, s.YY+y*y, s.XX+x*x, s.XY+x*y, s.CutY+y, s.CutYY+y*y
			if y != 0 {
				s.NonZero++
			}
		}
	}
	low, high := 5.9, 7.8
	set.Days[5] = &reports.KPIDays{Gaps: set.Customers, Customers: set.Customers / 2, Median: 6.8, ByCustomer: 7, Low: &low, High: &high}
	return set
}

// KPI implements ask.Analyses.
func (f *fake) KPI(_ context.Context, q ask.KPIQuestion, at time.Time) (ask.KPIAnswer, error) {
	f.kpis = append(f.kpis, q)
	if f.fails != nil {
		return ask.KPIAnswer{}, f.fails
	}
	if f.empty {
		return ask.KPIAnswer{}, nil
	}
	all := sums(func(person) bool { return true })
	all.Name = "all"
	sets := []reports.KPISet{all}
	for _, r := range rules() {
		if len(q.Words) > 0 && r.name != q.Words[0] && r.partition != q.Words[0] {
			continue
		}
		set := sums(r.in)
		set.Name = r.name
		set.Circles[1], set.Circles[4] = reports.KPIPast, reports.KPICircular
		sets = append(sets, set)
	}
	from := at.AddDate(0, 0, -q.Days)
	return ask.KPIAnswer{
		KPIReport: reports.KPI(metrics(), sets), From: from, To: at, Members: from,
		Notes: []string{
			"in no row: 407 customers who came in the period (--membership end has them)",
			"orders are the rows of order with amount > 0; nothing says what was refunded, so net is gross",
		},
	}, nil
}

// opened is what a link opened.
type opened struct {
	page.Page

	what, word string
}

// links note what they open.
func links() Links {
	return Links{
		Members:   func(word string) page.Page { return opened{what: "members", word: word} },
		Workbench: func(name, rule string) page.Page { return opened{what: "workbench " + name, word: rule} },
		Segment:   func(name string) page.Page { return opened{what: "segment", word: name} },
		Why:       func(customer, word string) page.Page { return opened{what: "why " + customer, word: word} },
	}
}

// lock is an error that knows what to do.
type lock struct{ error }

func (lock) Hint() string { return "wait until process 4711 is done, then r" }

func locked() error { return lock{errors.New("the warehouse is locked by duckdb (process 4711)")} }

// looks are the ways to draw that frames are kept of besides the usual one.
func looks() map[string]draw.Look {
	return map[string]draw.Look{
		"nocolor": {Theme: draw.Dark, NoColor: true}, "ansi": {Theme: draw.ANSI}, "ascii": {Theme: draw.Dark, ASCII: true}, "plain": {Plain: true, NoColor: true},
	}
}

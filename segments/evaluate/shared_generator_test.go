package evaluate_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"strata/segments/check"
	"strata/segments/plan"
)

// pool holds tests that several definitions of a batch have in common, so that
// a plan has something to share.
type pool []string

// addOfRows adds tests of rows: numbers of rows that columns and windows tell
// apart, and rows that are compared with values of the customer.
func (p *pool) addOfRows(g *gen) {
	*p = append(*p, g.counted(), g.counted())
	*p = append(*p, g.alike()...)
	stream := g.pick(eventStreams)
	ofCustomer := "qty >= customer." + g.pick(append([]string{"age", "prefs.level"}, g.named.numbers...))
	if len(g.named.texts) > 0 && g.chance(50) {
		ofCustomer = "item <> customer." + g.pick(g.named.texts)
	}
	*p = append(*p,
		fmt.Sprintf("count(%s where %s) %s >= %d", stream, ofCustomer, g.rowWindow(), 1+g.IntN(2)),
		fmt.Sprintf("count(%s) since %s >= 1", stream, g.customerPoint()),
		fmt.Sprintf("sum(%s.qty) since %s before %s > 1", stream, g.customerPoint(), g.customerPoint()),
		fmt.Sprintf("sequence(view where category = customer.country then cart where item <> customer.plan within %s) ever", g.pick(shortSpans)),
	)
}

// addOfCustomers adds tests that look at other customers or at what they are
// members of.
func (p *pool) addOfCustomers(g *gen) {
	segment, partition, stream := g.pick(g.named.segments), g.pick(g.named.partitions), g.anyStream()
	*p = append(*p,
		fmt.Sprintf("percentile(%s among %s) >= 50", g.number(0), segment),
		fmt.Sprintf("rank(count(%s) ever within %s) <= 3", stream, partition),
		partition+" in ('one', 'two')",
		fmt.Sprintf("count(%s where customer.%s = 'rest') ever >= 1", stream, partition),
		fmt.Sprintf("count(%s where not customer.%s) %s >= 1", stream, segment, g.rowWindow()),
		fmt.Sprintf("sequence(view where customer.%s then not purchase within %s, early) last 30 days", segment, g.pick(shortSpans)),
		fmt.Sprintf("%s and not %s", segment, g.pick(g.named.segments)),
	)
}

// counted writes a comparison of a number of rows, as most rules have one.
func (g *gen) counted() string {
	stream := g.anyStream()
	filters := []string{"", "", " where item = 'x'", " where item in ('x', 'y')", " where 'x' = item", " where item in ('y', '', 'x') and qty > 1"}
	if slices.Contains(eventStreams, stream) {
		filters = append(filters, " where category = 'DE'", " where item = 'x' and category in ('DE', 'Z')", " where category in ('DE', 'x') and item in ('x', 'y')")
	} else {
		filters = append(filters, " where status = 'paid'", " where status in ('paid', 'x') and item = 'x'", " where item = 'x' and not gift")
	}
	bound := []string{"= 0", ">= 1", "> 0", "< 1", ">= 2", "<= 1", "= 1", "between 1 and 2", "<> 1", "in (0, 2)", "> 1"}
	return fmt.Sprintf("count(%s%s) %s %s", stream, g.pick(filters), g.rowWindow(), g.pick(bound))
}

// alike writes tests whose rows one read of a source finds: of one stream and
// filters on the same columns.
func (g *gen) alike() []string {
	stream := g.anyStream()
	column, values := "item", []string{"'x'", "'y'", "''", "'Z'"}
	if g.chance(30) && slices.Contains(orderStreams, stream) {
		column, values = "status", []string{"'paid'", "'x'", "'cancelled'"}
	}
	windows := []string{"last 7 days", "last 30 days", "between 7 days and 30 days ago", "between 1 month and 2 days ago", "previous month", "this month", "ever", "ever"}
	filter := func() string {
		if g.chance(60) {
			return fmt.Sprintf("%s = %s", column, g.pick(values))
		}
		return fmt.Sprintf("%s in (%s, %s)", column, g.pick(values), g.pick(values))
	}
	var tests []string
	for range 3 {
		tests = append(tests,
			fmt.Sprintf("count(%s where %s) %s >= %d", stream, filter(), g.pick(windows), 1+g.IntN(2)),
			fmt.Sprintf("count(%s where %s) %s >= 1", stream, filter(), g.pick(windows)))
	}
	return append(tests,
		fmt.Sprintf("sum(%s.qty where %s) %s > 1", stream, filter(), g.pick(windows)),
		fmt.Sprintf("last(%s.item where %s and qty > 0) %s = 'x'", stream, filter(), g.pick(windows)),
		fmt.Sprintf("count(%s where %s) ever > count(%s where %s) last 30 days", stream, filter(), stream, filter()))
}

// customerPoint is a moment that differs from customer to customer.
func (g *gen) customerPoint() string {
	text := g.pick(append([]string{"created_at", "seen_at", "birth", "renews_on"}, g.named.times...))
	if g.chance(40) {
		text += g.pick([]string{" + ", " - "}) + g.pick(spans)
	}
	return text
}

// test writes a test that is often one that other definitions have as well, or
// holds one.
func (p *pool) test(g *gen, depth int) string {
	switch n := g.IntN(10); {
	case n < 2:
		return g.pick(*p)
	case n < 4:
		return fmt.Sprintf("(%s) %s %s(%s)", g.pick(*p), g.pick([]string{"and", "or"}), g.pick([]string{"", "not "}), g.test(depth-1))
	case n < 5:
		return fmt.Sprintf("%s and (%s or %s)", g.pick(*p), g.pick(*p), g.pick(*p))
	}
	return g.test(depth)
}

// addGates lets segments and partitions name gates, where the check agrees.
func (b *batch) addGates(g *gen) {
	var gates []string
	for _, gate := range b.program.Gates {
		gates = append(gates, gate.DefinitionName())
	}
	if len(gates) == 0 {
		return
	}
	before := maps.Clone(b.definitions)
	for _, name := range slices.Sorted(maps.Keys(before)) {
		head := "  " + name + ":\n"
		if !strings.HasPrefix(name, "segment_") && !strings.HasPrefix(name, "partition_") || g.chance(40) {
			continue
		}
		of := g.pick(gates)
		if g.chance(30) {
			of = "[" + strings.Join(gates, ", ") + "]"
		}
		b.definitions[name] = strings.Replace(b.definitions[name], head, head+"    gate: "+of+"\n", 1)
	}
	program, list := checked(b.layout, b.definitions)
	if program == nil {
		panic(fmt.Sprintf("gates are refused: %v", list))
	}
	b.program = program
}

// worthPlanning is what makes the plan of a batch more than a list of
// definitions.
var worthPlanning = []string{
	"definitions with a trait in common", "conditions that wait for others", "several counts in one pass", "rows told apart by two columns",
	"rows compared with the customer", "a trait that needs a trait", "a window of the customer", "a ranking among some", "a sequence that reads the customer",
	"a segment in a rule", "a partition in a rule", "gates",
}

// countPlan notes what the plan of a batch holds.
func (b *batch) countPlan(shares map[string]int) {
	var definitions []check.Definition
	found := map[string]bool{}
	for _, d := range atOneMoment(b.asked()) {
		switch d.(type) {
		case *check.Segment, *check.Partition:
			definitions = append(definitions, d)
			found["gates"] = found["gates"] || len(check.GatesOf(d)) > 0
		}
	}
	p := plan.Build(b.program, definitions)
	for _, unit := range p.Units {
		found["definitions with a trait in common"] = found["definitions with a trait in common"] || len(unit.Shared.Traits) > 0
	}
	found["conditions that wait for others"] = p.Rounds > 1
	for _, pass := range p.Passes {
		counts := 0
		for _, t := range pass.Traits {
			if t.Kind == plan.Counted {
				counts++
			}
		}
		found["several counts in one pass"] = found["several counts in one pass"] || counts > 1
		found["rows told apart by two columns"] = found["rows told apart by two columns"] || len(pass.Columns) > 1
	}
	for _, t := range p.Traits {
		found["a trait that needs a trait"] = found["a trait that needs a trait"] || len(t.Needs) > 0
		check.Walk(t.X, func(e check.Expr) bool {
			noteExpr(e, found)
			return true
		})
	}
	for _, c := range p.Conditions {
		check.Walk(c.X, func(e check.Expr) bool {
			if ref, ok := e.(*check.Ref); ok {
				found["a "+ref.Target.DefinitionKind()+" in a rule"] = true
			}
			if sequence, ok := e.(*check.Sequence); ok {
				check.Walk(sequence, func(x check.Expr) bool {
					_, reads := x.(*check.CustomerValue)
					found["a sequence that reads the customer"] = found["a sequence that reads the customer"] || reads
					return true
				})
			}
			return true
		})
	}
	for what, ok := range found {
		if ok {
			shares[what]++
		}
	}
}

func noteExpr(e check.Expr, found map[string]bool) {
	switch e := e.(type) {
	case *check.CustomerValue:
		found["rows compared with the customer"] = true
	case *check.Aggregate:
		if e.Window.FromValue != nil || e.Window.ToValue != nil {
			found["a window of the customer"] = true
		}
	case *check.Ranking:
		if e.Among != nil || e.Within != nil {
			found["a ranking among some"] = true
		}
	}
}

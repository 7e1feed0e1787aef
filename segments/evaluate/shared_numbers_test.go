package evaluate_test

import (
	"context"
	"fmt"
	"slices"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/evaluate"
	"strata/segments/plan"
)

// run compares what a run leaves for the store with the naive evaluator, and
// the words that it leaves with the numbers of leaves.
func (s together) run(ctx context.Context, n *naive, e *evaluate.Evaluator) (text string) {
	found, err := e.Run(ctx, evaluate.RunOptions{AsOf: s.asOf, Definitions: s.units(), Now: clockwork()})
	if err != nil {
		return "the run fails: " + err.Error()
	}
	defer func() {
		if err := e.Release(ctx); err != nil {
			text += "the run is not released: " + err.Error()
		}
	}()
	if want := len(n.population(s.asOf)); found.Customers != int64(want) {
		return fmt.Sprintf("customers: naive %d, run %d", want, found.Customers)
	}
	members, contactable, err := membersOfRun(ctx, e, found)
	if err != nil {
		return "the members of the run cannot be read: " + err.Error()
	}
	place := 0
	for _, d := range inOrderOfRun(found, s.units()) {
		for _, want := range s.wanted(n, d) {
			if name := found.Units[place].Name; name != want.name {
				return fmt.Sprintf("unit %d is %s, not %s", place, name, want.name)
			}
			if diff := unlike("naive", want.members, "run", members[place]); diff != "" {
				return called(d) + ": members of " + want.name + ": " + diff
			}
			if diff := unlike("naive", want.contactable, "run", contactable[place]); diff != "" {
				return called(d) + ": contactable of " + want.name + ": " + diff
			}
			place++
		}
	}
	if found.Words == nil {
		return ""
	}
	return s.leaves(ctx, n, found.Words)
}

// inOrderOfRun are definitions in the order of their units in a run: those in
// the words come first.
func inOrderOfRun(found *evaluate.Result, definitions []check.Definition) []check.Definition {
	if found.Words == nil {
		return definitions
	}
	var first, last []check.Definition
	for _, d := range definitions {
		if _, ok := found.Words.Unit(d); ok {
			first = append(first, d)
		} else {
			last = append(last, d)
		}
	}
	return append(first, last...)
}

// membersOfRun are the members of a run's units by place, and those who may be
// contacted. The sizes that the run tells are held against them.
func membersOfRun(ctx context.Context, e *evaluate.Evaluator, found *evaluate.Result) (members, contactable map[int][]string, err error) {
	rows, err := e.MembersOf(ctx, found)
	if err != nil {
		return nil, nil, err
	}
	members, contactable = map[int][]string{}, map[int][]string{}
	for _, row := range rows {
		members[row.Unit] = append(members[row.Unit], row.Key)
		if row.Contactable {
			contactable[row.Unit] = append(contactable[row.Unit], row.Key)
		}
	}
	for i, unit := range found.Units {
		if unit.Size != int64(len(members[i])) || unit.Contactable != int64(len(contactable[i])) {
			return nil, nil, fmt.Errorf("%s: size %d of %d members, contactable %d of %d",
				unit.Name, unit.Size, len(members[i]), unit.Contactable, len(contactable[i]))
		}
	}
	return members, contactable, nil
}

// standalone compares the members, leaves and sizes that the words hold of a
// segment with those of statements of its own.
func (s together) standalone(ctx context.Context, e *evaluate.Evaluator, words *evaluate.Words, d check.Definition) string {
	segment, ok := d.(*check.Segment)
	unit, there := words.Unit(d)
	if !ok || !there {
		return ""
	}
	want, err := e.StandaloneNumbers(ctx, segment, s.asOf)
	if err != nil {
		return "the standalone funnel or count fails: " + err.Error()
	}
	formulas := append(funnelFormulas(segment.Where, unit.Leaves), unit.Members)
	if unit.Gates != nil {
		formulas = append(formulas, plan.Both(unit.Gates, unit.Members))
	} else {
		formulas = append(formulas, unit.Members)
	}
	customers, sizes, err := words.Sizes(ctx, formulas)
	if err != nil {
		return "the words cannot be counted: " + err.Error()
	}
	if got := append([]int64{customers}, sizes...); !slices.Equal(want, got) {
		return fmt.Sprintf("customers; alone, so far and without of each leaf; members, contactable: standalone %v, words %v", want, got)
	}
	return ""
}

// answers compares what the evaluator answers while the words are there, and
// what they say of themselves, with their formulas.
func (s together) answers(ctx context.Context, e *evaluate.Evaluator, words *evaluate.Words, d check.Definition) string {
	segment, ok := d.(*check.Segment)
	unit, there := words.Unit(d)
	if !ok || !there {
		return ""
	}
	count, err := e.Count(ctx, segment, s.asOf)
	other, problem := words.Count(ctx, unit)
	if err != nil || problem != nil || count != other {
		return fmt.Sprintf("count: evaluator %+v %v, words %+v %v", count, err, other, problem)
	}
	funnel, err := e.Funnel(ctx, segment, s.asOf)
	if err != nil {
		return "the funnel fails: " + err.Error()
	}
	var want []int64
	for _, leaf := range funnel.Leaves {
		want = append(want, leaf.Alone, leaf.SoFar, leaf.Without)
	}
	_, sizes, err := words.Sizes(ctx, funnelFormulas(segment.Where, unit.Leaves))
	if err != nil || !slices.Equal(want, sizes) || funnel.Members != count.Members || funnel.Customers != count.Customers {
		return fmt.Sprintf("leaves: evaluator %v of %d, words %v of %d, %v", want, funnel.Members, sizes, count.Members, err)
	}
	return ""
}

// leaves compares the numbers of all segments' leaves with the naive evaluator.
func (s together) leaves(ctx context.Context, n *naive, words *evaluate.Words) string {
	var formulas []*plan.Formula
	var names []string
	var want []int64
	for _, d := range s.definitions {
		segment, ok := d.(*check.Segment)
		unit, there := words.Unit(d)
		if !ok || !there {
			continue
		}
		formulas = append(formulas, funnelFormulas(segment.Where, unit.Leaves)...)
		want = append(want, n.funnel(segment.Where, s.batch)...)
		for _, leaf := range segment.Where.Leaves() {
			for _, what := range []string{" alone", " so far", " without"} {
				names = append(names, called(d)+": "+leaf.Name+what)
			}
		}
	}
	_, sizes, err := words.Sizes(ctx, formulas)
	if err != nil {
		return "the words cannot be counted: " + err.Error()
	}
	for i, size := range sizes {
		if size != want[i] {
			return fmt.Sprintf("%s: naive %d, words %d", names[i], want[i], size)
		}
	}
	return ""
}

// funnel counts the customers for whom each leaf holds alone, with those before
// it, and for whom the rule holds without it.
func (n *naive) funnel(t *check.Tree, b *batch) []int64 {
	leaves := t.Leaves()
	numbers := make([]int64, 3*len(leaves))
	for _, who := range n.population(b.asOf) {
		holds := map[*check.Tree]bool{}
		for _, leaf := range leaves {
			holds[leaf] = (scope{naive: n, asOf: b.asOf, who: who}).test(leaf.X)
		}
		for i, leaf := range leaves {
			without := slices.Delete(slices.Clone(leaves), i, i+1)
			for j, counts := range []bool{holds[leaf], over(t, leaves[:i+1], holds), over(t, without, holds)} {
				if counts {
					numbers[3*i+j]++
				}
			}
		}
	}
	return numbers
}

// over is a rule over some of its leaves: the others, and groups without any
// leaf, are taken out of it.
func over(t *check.Tree, leaves []*check.Tree, holds map[*check.Tree]bool) bool {
	if t.Kind == definition.Leaf {
		return holds[t]
	}
	all, some, looked := true, false, false
	for _, child := range t.Children {
		if !slices.ContainsFunc(child.Leaves(), func(leaf *check.Tree) bool { return slices.Contains(leaves, leaf) }) {
			continue
		}
		one := over(child, leaves, holds)
		all, some, looked = all && one, some || one, true
	}
	switch {
	case !looked:
		return true
	case t.Kind == definition.Any:
		return some
	case t.Kind == definition.None:
		return !all
	}
	return all
}

// funnelFormulas are three formulas for each leaf: alone, with the leaves
// before it, and with all others.
func funnelFormulas(t *check.Tree, leaves []*plan.Formula) []*plan.Formula {
	places := map[*check.Tree]int{}
	for i, leaf := range t.Leaves() {
		places[leaf] = i
	}
	var list []*plan.Formula
	for i := range leaves {
		upTo := kept(t, leaves, places, func(j int) bool { return j <= i })
		without := kept(t, leaves, places, func(j int) bool { return j != i })
		list = append(list, leaves[i], upTo, without)
	}
	return list
}

// kept is a rule over some of its leaves, true without any.
func kept(t *check.Tree, leaves []*plan.Formula, places map[*check.Tree]int, keep func(int) bool) *plan.Formula {
	if f := keptOrNil(t, leaves, places, keep); f != nil {
		return f
	}
	return plan.Both()
}

func keptOrNil(t *check.Tree, leaves []*plan.Formula, places map[*check.Tree]int, keep func(int) bool) *plan.Formula {
	if t.Kind == definition.Leaf {
		if keep(places[t]) {
			return leaves[places[t]]
		}
		return nil
	}
	var parts []*plan.Formula
	for _, child := range t.Children {
		if part := keptOrNil(child, leaves, places, keep); part != nil {
			parts = append(parts, part)
		}
	}
	switch {
	case len(parts) == 0:
		return nil
	case t.Kind == definition.Any:
		return plan.Either(parts...)
	case t.Kind == definition.None:
		return plan.Negation(plan.Both(parts...))
	}
	return plan.Both(parts...)
}

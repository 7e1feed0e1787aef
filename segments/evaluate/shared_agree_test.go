package evaluate_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/evaluate"
	"strata/segments/plan"
	"strata/segments/source"
	"strata/sql/warehouse"
)

// together are definitions of a batch that are evaluated in one evaluation, and
// rules that ask for what has no members of its own: the values of traits, and
// lists.
type together struct {
	*batch
	definitions []check.Definition
	probes      []*check.Segment
}

// together takes in the segments and partitions of a batch.
func (b *batch) together(n *naive) together {
	s := together{batch: b}
	for _, d := range b.asked() {
		switch d := d.(type) {
		case *check.Segment, *check.Partition:
			s.definitions = append(s.definitions, d)
		case *check.Trait:
			s.probes = append(s.probes, b.probesOf(n, d)...)
		}
	}
	s.probes = append(s.probes, b.rule("chosen"), b.rule("not chosen"))
	return s
}

// rule is a rule that somebody types.
func (b *batch) rule(text string) *check.Segment {
	segment, problems := b.program.Rule(source.WholeFile(source.NewFile("rule", text)))
	if problems.HasErrors() {
		panic(text + ": " + problems.Error())
	}
	return segment
}

// probesOf are rules about the value of a trait: that it is missing, and that
// it is one of the values that customers have.
func (b *batch) probesOf(n *naive, trait *check.Trait) []*check.Segment {
	name := trait.DefinitionName()
	rules := map[string]bool{name + " is missing": true}
	values := n.values(trait, b.asOf)
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if len(rules) > 2 {
			break
		}
		if text, ok := written(values[key]); ok {
			rules[name+" "+text] = true
		}
	}
	var probes []*check.Segment
	for _, text := range slices.Sorted(maps.Keys(rules)) {
		probes = append(probes, b.rule(text))
	}
	return probes
}

// written is a comparison with a value, as a rule has it. Doubles are compared
// with a number beside them, because their last digits are the library's.
func written(v value) (string, bool) {
	switch v := v.(type) {
	case *big.Rat:
		if text := v.FloatString(12); len(text) < 28 {
			return "= " + strings.TrimRight(strings.TrimRight(text, "0"), "."), true
		}
	case float64:
		if v > -1e9 && v < 1e9 {
			return fmt.Sprintf("> %.4f", v-0.00007), true
		}
	case string:
		return "= '" + strings.ReplaceAll(v, "'", "''") + "'", true
	case day:
		return "= date '" + v.Format(time.DateOnly) + "'", true
	case time.Time:
		return "= timestamp '" + v.UTC().Format("2006-01-02T15:04:05.999999Z") + "'", true
	}
	return "", false
}

// units are all that is asked for, in one order.
func (s together) units() []check.Definition {
	list := slices.Clone(s.definitions)
	for _, probe := range s.probes {
		list = append(list, probe)
	}
	return list
}

// called is how a report names a definition.
func called(d check.Definition) string {
	if segment, ok := d.(*check.Segment); ok && segment.DefinitionName() == "" {
		return segment.Where.Leaves()[0].X.Span().Text()
	}
	return d.DefinitionName()
}

// difference says where the shared evaluation differs from the naive one, or
// from statements of its own, and which of them; nothing where all agree.
func (s together) difference(db *warehouse.DB, data tables) (text string) {
	n, e := s.naive(data), s.evaluator(db)
	ctx := context.Background()
	words, err := e.Words(ctx, s.units(), s.asOf)
	if err != nil {
		return "the shared evaluation fails: " + err.Error()
	}
	defer func() {
		if err := words.Close(ctx); err != nil {
			text += "the words do not close: " + err.Error()
		}
	}()
	for _, d := range s.units() {
		if diff := s.inWords(ctx, n, words, d); diff != "" {
			return called(d) + ": " + diff
		}
	}
	for _, d := range s.definitions {
		if diff := s.funnel(ctx, e, words, d); diff != "" {
			return called(d) + ": " + diff
		}
	}
	return s.run(ctx, n, e)
}

// inWords compares the members and stages that the words hold, and who may be
// contacted, with the naive evaluator.
func (s together) inWords(ctx context.Context, n *naive, words *evaluate.Words, d check.Definition) string {
	unit, ok := words.Unit(d)
	if segment, isSegment := d.(*check.Segment); isSegment && segment.Where == nil {
		if ok {
			return "a sql: segment does not stand alone"
		}
		return ""
	}
	if !ok {
		return "it is not in the words"
	}
	wanted := map[string]*plan.Formula{"contactable": plan.Both()}
	if unit.Gates != nil {
		wanted["contactable"] = unit.Gates
	}
	var naiveKeys func(what string, key string) bool
	values := n.values(d, s.asOf)
	if p, ok := d.(*check.Partition); ok {
		var before []*plan.Formula
		for i, stage := range p.Stages {
			wanted[stage.Name] = plan.Both(append(slices.Clone(before), unit.Stages[i])...)
			before = append(before, plan.Negation(unit.Stages[i]))
		}
		naiveKeys = func(what, key string) bool { return values[key] == what }
	} else {
		wanted["members"] = unit.Members
		naiveKeys = func(_, key string) bool { return values[key] == true }
	}
	contactable := s.contactable(n, d)
	for _, what := range slices.Sorted(maps.Keys(wanted)) {
		got, err := words.Keys(ctx, wanted[what])
		if err != nil {
			return what + ": the words cannot be read: " + err.Error()
		}
		want := []string{}
		for key := range values {
			if what == "contactable" && contactable[key] || what != "contactable" && naiveKeys(what, key) {
				want = append(want, key)
			}
		}
		if diff := unlike("naive", want, "words", got); diff != "" {
			return what + ": " + diff
		}
	}
	return ""
}

// contactable are the customers who pass all gates of a definition.
func (s together) contactable(n *naive, d check.Definition) map[string]bool {
	pass := map[string]bool{}
	for _, who := range n.population(s.asOf) {
		pass[who.key] = true
	}
	for _, gate := range check.GatesOf(d) {
		in := n.members(gate, s.asOf)
		maps.DeleteFunc(pass, func(key string, _ bool) bool { return !slices.Contains(in, key) })
	}
	return pass
}

// unlike says which keys one side has and the other has not.
func unlike(one string, want []string, other string, got []string) string {
	want, got = slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(got))
	if slices.Equal(want, got) {
		return ""
	}
	return fmt.Sprintf("%s %q, %s %q", one, want, other, got)
}

// funnel compares the numbers of a segment's leaves that formulas over the
// words give with those of the funnel's own statement, and the counts with the
// count's.
func (s together) funnel(ctx context.Context, e *evaluate.Evaluator, words *evaluate.Words, d check.Definition) string {
	segment, ok := d.(*check.Segment)
	unit, there := words.Unit(d)
	if !ok || !there {
		return ""
	}
	funnel, err := e.Funnel(ctx, segment, s.asOf)
	if err != nil {
		return "the funnel fails: " + err.Error()
	}
	formulas := funnelFormulas(segment.Where, unit.Leaves)
	customers, sizes, err := words.Sizes(ctx, formulas)
	if err != nil {
		return "the words cannot be counted: " + err.Error()
	}
	want := []int64{funnel.Customers}
	for _, leaf := range funnel.Leaves {
		want = append(want, leaf.Alone, leaf.SoFar, leaf.Without)
	}
	if got := append([]int64{customers}, sizes...); !slices.Equal(want, got) {
		return fmt.Sprintf("funnel (customers; alone, so far, without of each leaf): standalone %v, words %v", want, got)
	}
	standalone, err := e.Count(ctx, segment, s.asOf)
	if err != nil {
		return "the count fails: " + err.Error()
	}
	counted, err := words.Count(ctx, unit)
	if err != nil {
		return "the words cannot be counted: " + err.Error()
	}
	if standalone != counted {
		return fmt.Sprintf("count: standalone %+v, words %+v", standalone, counted)
	}
	return ""
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

// run compares what a run leaves for the store with the naive evaluator.
func (s together) run(ctx context.Context, n *naive, e *evaluate.Evaluator) (text string) {
	found, err := e.Run(ctx, evaluate.RunOptions{AsOf: s.asOf, Definitions: s.definitions, Now: clockwork()})
	if err != nil {
		return "the run fails: " + err.Error()
	}
	defer func() {
		if err := e.Release(ctx); err != nil {
			text += "the run is not released: " + err.Error()
		}
	}()
	got, err := membersOfRun(ctx, e, found)
	if err != nil {
		return "the members of the run cannot be read: " + err.Error()
	}
	if want := len(n.population(s.asOf)); found.Customers != int64(want) {
		return fmt.Sprintf("customers: naive %d, run %d", want, found.Customers)
	}
	for _, d := range s.definitions {
		values, contactable := n.values(d, s.asOf), s.contactable(n, d)
		for _, name := range unitsOf(d) {
			var members, open []string
			for key, v := range values {
				if v == true || v == strings.TrimPrefix(name, d.DefinitionName()+".") {
					members = append(members, key)
					if contactable[key] {
						open = append(open, key)
					}
				}
			}
			if diff := unlike("naive", members, "run", got[name]); diff != "" {
				return name + ": " + diff
			}
			if diff := unlike("naive", open, "run", got[name+" contactable"]); diff != "" {
				return name + ", contactable: " + diff
			}
		}
	}
	return ""
}

// unitsOf are the names of a definition's units in a run.
func unitsOf(d check.Definition) []string {
	p, ok := d.(*check.Partition)
	if !ok {
		return []string{d.DefinitionName()}
	}
	var names []string
	for _, stage := range p.Stages {
		names = append(names, p.DefinitionName()+"."+stage.Name)
	}
	return names
}

// membersOfRun are the members of a run's units by name, and those of them who
// may be contacted by the name and "contactable". The sizes that the run tells
// are held against them.
func membersOfRun(ctx context.Context, e *evaluate.Evaluator, found *evaluate.Result) (got map[string][]string, err error) {
	got = map[string][]string{}
	rows, err := e.MembersOf(ctx, found)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		name := found.Units[row.Unit].Name
		got[name] = append(got[name], row.Key)
		if row.Contactable {
			got[name+" contactable"] = append(got[name+" contactable"], row.Key)
		}
	}
	for _, unit := range found.Units {
		members, open := len(got[unit.Name]), len(got[unit.Name+" contactable"])
		if unit.Size != int64(members) || unit.Contactable != int64(open) {
			err = errors.Join(err, fmt.Errorf("%s: size %d of %d members, contactable %d of %d", unit.Name, unit.Size, members, unit.Contactable, open))
		}
	}
	return got, err
}

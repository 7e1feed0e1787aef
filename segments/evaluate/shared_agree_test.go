package evaluate_test

import (
	"context"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"

	"strata/segments/check"
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
	// asWords asks for words, for any keys in them and for the probes; otherwise a
	// run is asked, which is cheaper, and leaves its words as well.
	asWords bool
}

// together takes in the segments and partitions of a batch.
func (b *batch) together(n *naive, asWords bool) together {
	s := together{batch: b, asWords: asWords}
	for _, d := range atOneMoment(b.asked()) {
		switch d := d.(type) {
		case *check.Segment, *check.Partition:
			s.definitions = append(s.definitions, d)
		case *check.Trait:
			if asWords {
				s.probes = append(s.probes, b.probesOf(n, d)...)
			}
		}
	}
	if asWords {
		s.probes = append(s.probes, b.rule("chosen"), b.rule("not chosen"))
	}
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
	if segment, ok := d.(*check.Segment); ok && segment.DefinitionName() == "rule" {
		return segment.Where.Leaves()[0].X.Span().Text()
	}
	return d.DefinitionName()
}

// difference says where the shared evaluation differs from the naive one, or
// from statements of its own, and which of them; nothing where all agree.
func (s together) difference(db *warehouse.DB, data tables) (text string) {
	n, e := s.naive(data), s.evaluator(db)
	ctx := context.Background()
	if !s.asWords {
		return s.run(ctx, n, e)
	}
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
	for i, d := range s.definitions {
		if diff := s.standalone(ctx, e, words, d); diff != "" {
			return called(d) + ": " + diff
		}
		if i == 0 {
			if diff := s.answers(ctx, e, words, d); diff != "" {
				return called(d) + ": " + diff
			}
		}
	}
	return s.leaves(ctx, n, words)
}

// inWords compares the members and stages that the words hold, and who may be
// contacted, with the naive evaluator.
func (s together) inWords(ctx context.Context, n *naive, words *evaluate.Words, d check.Definition) string {
	unit, ok := words.Unit(d)
	if !ok {
		return s.mustStandAlone(d)
	}
	formulas := []*plan.Formula{unit.Members}
	if p, ok := d.(*check.Partition); ok {
		formulas = nil
		var before []*plan.Formula
		for i := range p.Stages {
			formulas = append(formulas, plan.Both(append(slices.Clone(before), unit.Stages[i])...))
			before = append(before, plan.Negation(unit.Stages[i]))
		}
	}
	gates := unit.Gates
	if gates == nil {
		gates = plan.Both()
	}
	for i, want := range s.wanted(n, d) {
		for _, side := range []struct {
			what    string
			want    []string
			formula *plan.Formula
		}{{"members", want.members, formulas[i]}, {"contactable", want.contactable, plan.Both(formulas[i], gates)}} {
			got, err := words.Keys(ctx, side.formula)
			if err != nil {
				return side.what + ": the words cannot be read: " + err.Error()
			}
			if diff := unlike("naive", side.want, "words", got); diff != "" {
				return side.what + " of " + want.name + ": " + diff
			}
		}
	}
	return ""
}

// mustStandAlone complains about what stands alone without need.
func (s together) mustStandAlone(d check.Definition) string {
	if segment, ok := d.(*check.Segment); ok && segment.Where == nil {
		return ""
	}
	return "it is not in the words"
}

// wantedUnit is what the naive evaluator says of a segment or a stage.
type wantedUnit struct {
	name                 string
	members, contactable []string
}

// wanted are the members of a segment, or of each stage of a partition.
func (s together) wanted(n *naive, d check.Definition) []wantedUnit {
	values, pass := n.values(d, s.asOf), s.contactable(n, d)
	unit := func(name string, is value) wantedUnit {
		u := wantedUnit{name: name}
		for key, v := range values {
			if v != is {
				continue
			}
			u.members = append(u.members, key)
			if pass[key] {
				u.contactable = append(u.contactable, key)
			}
		}
		return u
	}
	p, ok := d.(*check.Partition)
	if !ok {
		return []wantedUnit{unit(d.DefinitionName(), true)}
	}
	list := make([]wantedUnit, len(p.Stages))
	for i, stage := range p.Stages {
		list[i] = unit(p.DefinitionName()+"."+stage.Name, stage.Name)
	}
	return list
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

package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"strata/segments/check"
)

// Describe returns the plan as plain values.
func (p *Plan) Describe() Description {
	d := Description{
		Together: p.Together(), Passes: []DescribedPass{}, Separate: p.separate(), Rounds: []DescribedRound{},
		Traits: []DescribedTrait{}, Conditions: []DescribedCondition{}, Units: []DescribedUnit{},
	}
	d.Reason = p.reason()
	traits, conditions := map[int][]string{}, map[int][]string{}
	for _, u := range p.Units {
		d.Units = append(d.Units, p.describeUnit(u))
		for _, needs := range []Needs{u.Shared, u.Added} {
			p.note(traits, needs.Traits, u)
			p.note(conditions, needs.Conditions, u)
		}
	}
	for _, pass := range p.Passes {
		d.Passes = append(d.Passes, p.describePass(pass))
	}
	for _, t := range p.Traits {
		d.Traits = append(d.Traits, DescribedTrait{
			ID: traitID(t.ID), Kind: traitKind(t), Text: t.Text, Pass: numbered(t.Pass), Round: t.Round + 1,
			Needs: idsOf(t.Needs, traitID), Units: append([]string{}, traits[t.ID]...),
		})
	}
	for _, c := range p.Conditions {
		described := DescribedCondition{
			ID: conditionID(c.ID), Kind: conditionKind(c), Text: c.Text, Traits: idsOf(c.Traits, traitID),
			Pass: numbered(c.Pass), Round: c.Round + 1, Units: append([]string{}, conditions[c.ID]...),
		}
		if c.Formula != nil {
			described.Formula = c.Formula.String()
		}
		d.Conditions = append(d.Conditions, described)
	}
	for round := range p.Rounds {
		d.Rounds = append(d.Rounds, p.describeRound(round))
	}
	return d
}

func traitID(id int) string     { return fmt.Sprintf("t%d", id+1) }
func conditionID(id int) string { return fmt.Sprintf("c%d", id+1) }

func idsOf(list []int, name func(int) string) []string {
	out := make([]string, len(list))
	for i, id := range slices.Sorted(slices.Values(list)) {
		out[i] = name(id)
	}
	return out
}

// numbered is a place that counts from 1, nil for none.
func numbered(at int) *int {
	if at < 0 {
		return nil
	}
	at++
	return &at
}

func (p *Plan) note(users map[int][]string, ids []int, u *Unit) {
	for _, id := range ids {
		users[id] = append(users[id], p.nameOf(u.Definition))
	}
}

// nameOf is the name of a definition, or the text of a rule that was typed.
func (p *Plan) nameOf(d check.Definition) string {
	name := d.DefinitionName()
	if known, ok := p.Program.Lookup(name); ok && known == d {
		return name
	}
	return d.About().At.Text()
}

// reason says why the units are evaluated together, or why not.
func (p *Plan) reason() string {
	fit := len(p.Units) - p.CountAlone()
	switch {
	case p.Together():
		return "several definitions are evaluated from one read of what they share"
	case fit == 0:
		return "no definition can take part"
	case fit == 1:
		return "a single definition is cheaper by a statement of its own"
	}
	return "a statement for each is cheaper"
}

func traitKind(t *Trait) string {
	switch t.X.(type) {
	case *check.Ranking:
		return "ranking"
	case *check.Sequence:
		return "sequence"
	case *check.Periods:
		return "periods"
	}
	if t.Kind == Counted {
		return "count"
	}
	return "aggregate"
}

func conditionKind(c *Condition) string {
	switch c.Kind {
	case Present:
		return "presence"
	case Followed:
		return "sequence"
	case Derived:
		return "formula"
	case Listed:
		if _, ok := c.Of.(*check.Segment); ok {
			return "sql"
		}
		return "list"
	case Tested:
	}
	return "test"
}

func (p *Plan) describePass(pass *Pass) DescribedPass {
	d := DescribedPass{
		Pass: pass.ID + 1, Source: pass.Source.Name, Columns: []string{}, Windows: p.windows(pass),
		Conditions: len(pass.Conditions), Kept: pass.Kept, Traits: []string{},
	}
	for _, column := range pass.Columns {
		d.Columns = append(d.Columns, column.Column)
	}
	common := make([]string, len(pass.Common))
	for i, test := range pass.Common {
		common[i] = check.Text(test)
	}
	d.Where = strings.Join(common, " and ")
	traits := make([]int, len(pass.Traits))
	for i, t := range pass.Traits {
		traits[i] = t.ID
		if t.Kind == Counted {
			d.Counts++
		} else {
			d.Aggregates++
		}
	}
	d.Traits = idsOf(traits, traitID)
	return d
}

// windows are the windows of a pass, each once, the furthest first.
func (p *Plan) windows(pass *Pass) []string {
	lengths := map[string]float64{}
	var list []string
	for _, t := range pass.Traits {
		if _, ok := lengths[t.Window.Text]; !ok {
			lengths[t.Window.Text] = reach(t.Window, p.Program.Zone)
			list = append(list, t.Window.Text)
		}
	}
	slices.SortFunc(list, func(a, b string) int {
		return cmp.Or(cmp.Compare(lengths[b], lengths[a]), cmp.Compare(a, b))
	})
	return list
}

// separate are the traits and conditions that are computed by themselves.
func (p *Plan) separate() []DescribedRead {
	list := []DescribedRead{}
	for _, t := range p.Traits {
		if t.Pass < 0 {
			list = append(list, DescribedRead{
				ID: traitID(t.ID), Kind: traitKind(t), Text: t.Text, Sources: p.sourcesOf(t.X), Round: t.Round + 1,
			})
		}
	}
	for _, c := range p.Conditions {
		if c.Kind != Followed && c.Kind != Listed {
			continue
		}
		read := DescribedRead{ID: conditionID(c.ID), Kind: conditionKind(c), Text: c.Text, Sources: []string{}, Round: c.Round + 1}
		if c.X != nil {
			read.Sources = p.sourcesOf(c.X)
		}
		list = append(list, read)
	}
	return list
}

// sourcesOf are the sources whose rows a trait or sequence reads; those of the
// traits inside of it are read for them. A ranking reads customers.
func (p *Plan) sourcesOf(e check.Expr) []string {
	var list []string
	switch x := e.(type) {
	case *check.Aggregate:
		list = append(list, x.Rows.Stream.Source.Name)
	case *check.Periods:
		list = append(list, x.Rows.Stream.Source.Name)
	case *check.Sequence:
		for _, step := range x.Steps {
			list = append(list, step.Rows.Stream.Source.Name)
		}
	default:
		list = append(list, p.Program.Customers.Name)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (p *Plan) describeRound(round int) DescribedRound {
	d := DescribedRound{Round: round + 1, Passes: []int{}, Traits: []string{}, Conditions: []string{}}
	for _, pass := range p.Passes {
		// Passes read rows alone and wait for nothing.
		if round == 0 {
			d.Passes = append(d.Passes, pass.ID+1)
		}
	}
	for _, t := range p.Traits {
		if t.Round == round && t.Pass < 0 {
			d.Traits = append(d.Traits, traitID(t.ID))
		}
	}
	for _, c := range p.Conditions {
		if c.Round == round {
			d.Conditions = append(d.Conditions, conditionID(c.ID))
		}
	}
	return d
}

func (p *Plan) describeUnit(u *Unit) DescribedUnit {
	d := DescribedUnit{
		Name: p.nameOf(u.Definition), Kind: u.Definition.DefinitionKind(), Evaluation: ByWords,
		Leaves: []DescribedFormula{}, Stages: []DescribedFormula{}, Shared: describeNeeds(u.Shared), Added: describeNeeds(u.Added),
	}
	if word, name := moment(u.Definition); word != "" {
		d.Evaluation, d.Reason = LeftOut, fmt.Sprintf("it looks at more than one moment: %q in %s", word, name)
	} else if u.Alone != "" {
		d.Evaluation, d.Reason = ByStatement, u.Alone
	} else if !p.Together() {
		d.Evaluation, d.Reason = ByStatement, p.reason()
	}
	if u.Members != nil {
		d.Members = textOf(u.Members)
		for i, leaf := range u.Definition.(*check.Segment).Where.Leaves() {
			d.Leaves = append(d.Leaves, DescribedFormula{Name: leaf.Name, Formula: u.Leaves[i].String()})
		}
	}
	for i, stage := range u.Stages {
		name := u.Definition.(*check.Partition).Stages[i].Name
		d.Stages = append(d.Stages, DescribedFormula{Name: name, Formula: stage.String()})
	}
	if u.Gates != nil {
		d.Contactable = textOf(u.Gates)
	}
	return d
}

func textOf(f *Formula) *string {
	s := f.String()
	return &s
}

func describeNeeds(n Needs) DescribedNeeds {
	return DescribedNeeds{Traits: idsOf(n.Traits, traitID), Conditions: idsOf(n.Conditions, conditionID)}
}

// moment finds what makes a definition look at more than one moment: the word
// and the definition that has it.
func moment(d check.Definition) (word, name string) {
	for _, need := range closure(d) {
		for _, e := range check.ExpressionsOf(need) {
			check.Walk(e, func(x check.Expr) bool {
				switch x.(type) {
				case *check.Held:
					word = "for"
				case *check.AsOf:
					word = "as of"
				}
				return word == ""
			})
			if word != "" {
				return word, need.DefinitionName()
			}
		}
	}
	return "", ""
}

package run

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"strata/reports"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/evaluate"
	"strata/segments/plan"
	"strata/segments/snapshot"
)

// driftUnit is a segment or a stage on its way.
type driftUnit struct {
	*drifting
	evaluate.Unit
	definition check.Definition
	stage      int
	// form is the form of the rule and formerly the one at From, nil where it was
	// not edited.
	form     driftForm
	formerly *driftForm
	// parts are the bits that patterns have, in this order.
	parts []compile.Statement
	at    driftPlaces
	// kept are relations of members that the store gave, to be dropped.
	kept []snapshot.Relation
	// whole is why the leaves are not told apart, unaged why the clock is not, and
	// refusedWhy why there is no attribution at all.
	whole, unaged, refusedWhy string
}

// driftPlaces are the places of parts, -1 for one that is not there.
type driftPlaces struct {
	first, last, aged          int
	oldFirst, oldLast, oldAged int
	kept                       [2]int
}

// definition says how a definition drifted, stage by stage.
func (d *drifting) definition(ctx context.Context, definition check.Definition) (all []reports.Drift, err error) {
	before := len(d.made)
	members, err := d.wholeMembers(ctx, definition)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, d.forget(context.WithoutCancel(ctx), before)) }()
	for stage, unit := range evaluate.UnitsOf(d.program, definition) {
		if p, ok := definition.(*check.Partition); ok && d.Stage != "" && p.Stages[stage].Name != d.Stage {
			continue
		}
		u := &driftUnit{drifting: d, Unit: unit, definition: definition, stage: stage}
		u.at = driftPlaces{-1, -1, -1, -1, -1, -1, [2]int{-1, -1}}
		found, err := u.find(ctx, members)
		if err = errors.Join(err, u.close(ctx)); err != nil {
			return nil, err
		}
		all = append(all, found)
	}
	return all, nil
}

func (u *driftUnit) close(ctx context.Context) error {
	var failed []error
	for _, relation := range u.kept {
		failed = append(failed, relation.Drop(context.WithoutCancel(ctx), u.DB))
	}
	return errors.Join(failed...)
}

// wholeTables are the members of a definition that is evaluated by itself, at
// both moments, and the last one without the rows since the first, "" where that
// is not to be had.
type wholeTables struct{ first, last, aged string }

// wholeMembers evaluates a definition that is in no words.
func (d *drifting) wholeMembers(ctx context.Context, definition check.Definition) (tables wholeTables, err error) {
	if _, ok := unitIn(d.now.first, definition); ok || !d.evaluates() {
		return tables, nil
	}
	into := func(name string) evaluate.KeyTable {
		return evaluate.KeyTable{Name: d.table(name + " " + definition.DefinitionName()), KeyType: d.program.Customers.Key.Physical}
	}
	first, last, aged := into("first"), into("last"), into("aged")
	if err := d.Evaluator.MembersByKey(ctx, definition, d.From.At, first); err != nil {
		return tables, err
	}
	if err := d.Evaluator.MembersByKey(ctx, definition, d.To.At, last); err != nil {
		return tables, err
	}
	tables = wholeTables{first: first.Name, last: last.Name}
	if d.Why && !evaluate.GivenBySQL(definition) {
		if err := d.now.still.MembersByKey(ctx, definition, d.To.At, aged); err != nil {
			return tables, err
		}
		tables.aged = aged.Name
	}
	return tables, nil
}

// unitIn finds a definition in words that may not be there.
func unitIn(words *evaluate.Words, d check.Definition) (*plan.Unit, bool) {
	if words == nil {
		return nil, false
	}
	return words.Unit(d)
}

// add adds a part and returns its place.
func (u *driftUnit) add(s compile.Statement) int {
	u.parts = append(u.parts, s)
	return len(u.parts) - 1
}

// find asks for the patterns and makes of them what is known of the unit.
func (u *driftUnit) find(ctx context.Context, members wholeTables) (reports.Drift, error) {
	found := reports.Drift{Name: u.Name, Kind: string(u.Kind)}
	m := &found.Membership
	m.From, m.To, m.Run0, m.Run1 = u.From.At.In(u.program.Zone), u.To.At.In(u.program.Zone), u.From.Run, u.To.Run
	err := u.keptParts(ctx)
	if errors.Is(err, snapshot.ErrNotFound) {
		found.Skipped = err.Error()
		return found, nil
	}
	if err == nil && u.evaluates() {
		err = u.evaluatedParts(ctx, members)
	}
	if err != nil {
		return found, err
	}
	patterns, err := u.patterns(ctx)
	if err != nil {
		return found, err
	}
	game := u.game(patterns)
	u.membership(m, game)
	if u.Why {
		why := u.attribute(game)
		found.Why = &why
	}
	return found, nil
}

// keptParts adds the members that runs hold.
func (u *driftUnit) keptParts(ctx context.Context) error {
	compiler, err := u.Evaluator.Compiler(ctx, u.To.At, evaluate.ForRunning)
	if err != nil {
		return err
	}
	for i, end := range []DriftEnd{u.From, u.To} {
		if end.Run == nil {
			continue
		}
		relation, err := u.keptMembers(ctx, *end.Run, u.Unit)
		if err != nil {
			return err
		}
		u.kept = append(u.kept, relation)
		u.at.kept[i] = u.add(compiler.Kept(relation.Name))
	}
	return nil
}

// evaluatedParts adds the bits at both moments.
func (u *driftUnit) evaluatedParts(ctx context.Context, members wholeTables) error {
	unit, shared := unitIn(u.now.first, u.definition)
	if !shared {
		u.whole = "its rule is evaluated as a whole: " + plan.Build(u.program, []check.Definition{u.definition}).Units[0].Alone
		u.form = wholeForm(u.definition, u.Name)
		return u.wholeParts(ctx, members)
	}
	u.form = formOf(unit, u.stage)
	if !u.Why { // Then nobody looks at the leaves.
		u.form = wholeForm(u.definition, u.Name)
		u.form.formulas = u.formulasOf(unit)
	}
	if err := u.sideParts(u.now, [3]*int{&u.at.first, &u.at.last, &u.at.aged}); err != nil {
		return err
	}
	if u.at.aged < 0 && u.Why {
		u.unaged = "it is given by sql, which sees all rows"
	}
	return u.oldParts()
}

// sideParts adds the bits of one version. Words of different moments have
// different plans, but the same program makes the same one.
func (u *driftUnit) sideParts(side *driftSide, places [3]*int) error {
	for i, words := range []*evaluate.Words{side.first, side.last, side.aged} {
		if words == nil {
			continue
		}
		unit, ok := words.Unit(u.definitionOf(side))
		if !ok {
			continue
		}
		s, err := words.Bits(u.formulasOf(unit))
		if err != nil {
			return err
		}
		*places[i] = u.add(s)
	}
	return nil
}

// definitionOf is the definition of a version.
func (u *driftUnit) definitionOf(side *driftSide) check.Definition {
	if side == u.old {
		former, _ := u.former(u.definition)
		return former
	}
	return u.definition
}

// formulasOf are the formulas of a unit's bits.
func (u *driftUnit) formulasOf(unit *plan.Unit) []*plan.Formula {
	switch {
	case u.Why:
		return formOf(unit, u.stage).formulas
	case unit.Members != nil:
		return []*plan.Formula{unit.Members}
	}
	return []*plan.Formula{unit.InStage(u.stage)}
}

// oldParts adds the bits of the rule as it was.
func (u *driftUnit) oldParts() error {
	if u.old == nil {
		return nil
	}
	former, ok := u.former(u.definition)
	if !ok {
		u.refusedWhy = fmt.Sprintf("%s has no %s: there is no rule to compare with", u.OldName, u.definition.DefinitionName())
		return nil
	}
	if !u.differs(u.definition, former) {
		return nil
	}
	unit, ok := unitIn(u.old.first, former)
	if !ok {
		u.refusedWhy = fmt.Sprintf("the rule of %s is evaluated as a whole: %s", u.OldName, plan.Build(u.Old, []check.Definition{former}).Units[0].Alone)
		return nil
	}
	stage := u.stage
	if p, ok := former.(*check.Partition); ok {
		name := u.definition.(*check.Partition).Stages[u.stage].Name //nolint:forcetypeassert // Both are of one kind.
		if stage = slices.IndexFunc(p.Stages, func(s check.Stage) bool { return s.Name == name }); stage < 0 {
			u.refusedWhy = fmt.Sprintf("%s has no stage %s", u.OldName, name)
			return nil
		}
	}
	form := formOf(unit, stage)
	u.formerly = &form
	return u.sideParts(u.old, [3]*int{&u.at.oldFirst, &u.at.oldLast, &u.at.oldAged})
}

// wholeParts adds the memberships of a definition that is evaluated by itself.
func (u *driftUnit) wholeParts(ctx context.Context, members wholeTables) error {
	for _, x := range []struct {
		table string
		end   DriftEnd
		place *int
	}{{members.first, u.From, &u.at.first}, {members.last, u.To, &u.at.last}, {members.aged, u.From, &u.at.aged}} {
		if x.table == "" {
			continue
		}
		compiler, err := u.Evaluator.Compiler(ctx, x.end.At, evaluate.ForRunning)
		if err != nil {
			return err
		}
		keys, err := compiler.AllKeys()
		if err != nil {
			return err
		}
		*x.place = u.add(compile.MemberBits(x.table, u.stage, keys))
	}
	if u.at.aged < 0 && u.Why {
		u.unaged = "sql sees all rows, so that none can be hidden"
	}
	return nil
}

// patterns groups customers by the bits of all parts.
func (u *driftUnit) patterns(ctx context.Context) ([]reports.DriftPattern, error) {
	statement, err := compile.Patterns(u.parts)
	if err != nil {
		return nil, err
	}
	var all []reports.DriftPattern
	err = u.rows(ctx, statement, func(row []any) error {
		all = append(all, u.pattern(row))
		return nil
	})
	return all, err
}

// pattern reads a row of patterns.
func (u *driftUnit) pattern(row []any) reports.DriftPattern {
	read := func(places ...int) (bits []bool, there bool) {
		for _, at := range places {
			if at < 0 {
				continue
			}
			text, ok := row[at].(string)
			if !ok {
				return nil, false
			}
			for _, c := range text {
				bits = append(bits, c == '1')
			}
		}
		return bits, true
	}
	p := reports.DriftPattern{}
	p.Customers, _ = row[len(row)-1].(int64)
	for i, kept := range []**bool{&p.Kept0, &p.Kept1} {
		if at := u.at.kept[i]; at >= 0 {
			*kept = new(bool)
			**kept = row[at] != nil
		}
	}
	if u.at.first < 0 {
		return p
	}
	p.Before, p.Here0 = read(u.at.first, u.at.oldFirst)
	p.After, p.Here1 = read(u.at.last, u.at.oldLast)
	p.Aged = p.Before
	if u.at.aged >= 0 {
		if aged, ok := read(u.at.aged, u.at.oldAged); ok && len(aged) == len(p.Before) {
			p.Aged = aged
		}
	}
	switch {
	case !p.Here0: // Nothing is known of who was not there.
		p.Before, p.Aged = p.After, p.After
	case !p.Here1:
		p.After, p.Aged = p.Before, p.Before
	}
	return p
}

package timeline

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/plan"
)

// unsweepable says why an expression is no step function that the sweep can
// find.
type unsweepable struct{ reason string }

// Error is the reason.
func (e *unsweepable) Error() string { return e.reason }

func cannot(format string, args ...any) error { return &unsweepable{fmt.Sprintf(format, args...)} }

// builder makes the signals of a plan.
type builder struct {
	plan    *plan.Plan
	program *check.Program
	tables  *compile.Timeline
	// whole is the range that signals are computed over, before where rows end.
	whole  Span
	before time.Time
	zone   *time.Location
	days   *days

	feeds   []*feed
	groups  []*group
	flags   int
	amounts int
	// What was made already, by the text of its meaning.
	byText   map[string]flag
	byValue  map[string]quantity
	byGroup  map[string]*group
	windows  map[string]*window
	steps    map[string]course
	formulas map[*plan.Formula]flag
	failed   map[string]error
	current  *current
}

func newBuilder(p *plan.Plan, tables *compile.Timeline, whole Span, before time.Time) *builder {
	return &builder{
		plan: p, program: p.Program, tables: tables, whole: whole, before: before, zone: p.Program.Zone,
		days:   newDays(p.Program.Zone, whole),
		byText: map[string]flag{}, byValue: map[string]quantity{}, byGroup: map[string]*group{}, windows: map[string]*window{},
		steps: map[string]course{}, formulas: map[*plan.Formula]flag{}, failed: map[string]error{},
	}
}

// flagMemo and amountMemo number a new signal.
func (b *builder) flagMemo(depth int) memo {
	b.flags++
	return memo{id: b.flags - 1, depth: depth}
}

func (b *builder) amountMemo(depth int) memo {
	b.amounts++
	return memo{id: b.amounts - 1, depth: depth}
}

// tracks makes the flags of what is followed. A unit that cannot be swept is in
// dated.
func (b *builder) tracks() (tracks []Track, flags []flag, dated []Dated, err error) {
	here := &presence{b.flagMemo(0)}
	for i, unit := range b.plan.Units {
		mine, mineFlags, err := b.unit(i, unit, here)
		if reason, ok := errors.AsType[*unsweepable](err); ok {
			dated = append(dated, Dated{Unit: i, Name: unit.Definition.DefinitionName(), Reason: reason.reason})
			continue
		}
		if err != nil {
			return nil, nil, nil, err
		}
		tracks, flags = append(tracks, mine...), append(flags, mineFlags...)
	}
	return tracks, flags, dated, nil
}

func (b *builder) unit(i int, unit *plan.Unit, here flag) (tracks []Track, flags []flag, err error) {
	if unit.Alone != "" {
		return nil, nil, cannot("%s", unit.Alone)
	}
	var gates flag
	if unit.Gates != nil {
		if gates, err = b.formula(unit.Gates); err != nil {
			return nil, nil, err
		}
	}
	add := func(track Track, f *plan.Formula) error {
		members, err := b.formula(f)
		if err != nil {
			return err
		}
		track.Unit = i
		tracks, flags = append(tracks, track), append(flags, b.all(members, here))
		if gates != nil {
			track.Contactable = true
			tracks, flags = append(tracks, track), append(flags, b.all(members, here, gates))
		}
		return nil
	}
	name := unit.Definition.DefinitionName()
	p, ok := unit.Definition.(*check.Partition)
	if !ok {
		return tracks, flags, errors.Join(add(Track{Stage: -1, Name: name}, unit.Members), err)
	}
	for stage := range unit.Stages {
		if err := add(Track{Stage: stage, Name: name + "." + p.Stages[stage].Name}, unit.InStage(stage)); err != nil {
			return nil, nil, err
		}
	}
	return tracks, flags, nil
}

// formula is the flag of a formula of the plan.
func (b *builder) formula(f *plan.Formula) (flag, error) {
	if known, ok := b.formulas[f]; ok {
		return known, nil
	}
	made, err := b.makeFormula(f)
	if err == nil {
		b.formulas[f] = made
	}
	return made, err
}

func (b *builder) makeFormula(f *plan.Formula) (flag, error) {
	switch f.Op {
	case plan.Constant:
		return b.constant(f.Value), nil
	case plan.Bit:
		c := b.plan.Conditions[f.Condition]
		switch c.Kind {
		case plan.Derived:
			return b.formula(c.Formula)
		case plan.Listed:
			return b.listed(c.Of)
		case plan.Tested, plan.Present, plan.Followed:
		}
		return b.flag(c.X)
	case plan.All, plan.Any, plan.Not:
	}
	parts := make([]flag, len(f.Parts))
	for i, part := range f.Parts {
		var err error
		if parts[i], err = b.formula(part); err != nil {
			return nil, err
		}
	}
	switch f.Op { //nolint:exhaustive // The others came before.
	case plan.All:
		return b.all(parts...), nil
	case plan.Any:
		return b.any(parts...), nil
	}
	return b.not(parts[0]), nil
}

func (b *builder) constant(value bool) flag {
	if value {
		return &always{b.flagMemo(0)}
	}
	return &nowhere{b.flagMemo(0)}
}

// all puts what needs fewer questions first: where it is never true the others
// are not computed.
func (b *builder) all(parts ...flag) flag {
	if len(parts) == 1 {
		return parts[0]
	}
	slices.SortStableFunc(parts, func(x, y flag) int { return cost(x) - cost(y) })
	return &allOf{b.flagMemo(deepest(parts)), parts}
}

// cost orders flags by how much work they are.
func cost(f flag) int {
	switch f.(type) {
	case *presence, *always, *nowhere:
		return 0
	case *tested:
		return 1
	case *enough, *timed:
		return 2
	case *between, *windowed:
		return 3
	}
	return 4
}

func (b *builder) any(parts ...flag) flag {
	if len(parts) == 1 {
		return parts[0]
	}
	return &anyOf{b.flagMemo(deepest(parts)), parts}
}

func (b *builder) not(part flag) flag { return &not{b.flagMemo(part.level()), part} }

func deepest(parts []flag) int {
	depth := 0
	for _, part := range parts {
		depth = max(depth, part.level())
	}
	return depth
}

// flag is the flag of a test.
func (b *builder) flag(e check.Expr) (flag, error) {
	text := check.Text(e)
	if known, ok := b.byText[text]; ok {
		return known, nil
	}
	if err, ok := b.failed[text]; ok {
		return nil, err
	}
	f, err := b.makeFlag(e)
	if err != nil {
		b.failed[text] = err
		return nil, err
	}
	b.byText[text] = f
	return f, nil
}

func (b *builder) makeFlag(e check.Expr) (flag, error) { //nolint:cyclop // One case for each form of a test.
	switch x := e.(type) {
	case *check.And:
		parts, err := b.flagsOf(x.Terms)
		if err != nil {
			return nil, err
		}
		return b.all(parts...), nil
	case *check.Or:
		parts, err := b.flagsOf(x.Terms)
		if err != nil {
			return nil, err
		}
		return b.any(parts...), nil
	case *check.Not:
		part, err := b.flag(x.X)
		if err != nil {
			return nil, err
		}
		return b.not(part), nil
	case *check.Const:
		return b.constant(x.Bool), nil
	case *check.Truth:
		switch x.X.(type) {
		case *check.Ref, *check.AsOf, *check.Const:
			if x.X.Type().Kind == catalog.Boolean && !isValue(x.X) {
				return b.flag(x.X)
			}
		}
	case *check.Ref:
		return b.members(x.Target)
	case *check.Sequence:
		return b.sequence(x)
	case *check.Held:
		return b.held(x)
	case *check.AsOf:
		if _, ok := x.X.(*check.Ref); ok {
			return b.earlierFlag(x)
		}
	}
	return b.comparison(e)
}

// isValue reports whether what is looked at earlier is a value that may be
// missing rather than a membership.
func isValue(e check.Expr) bool {
	if at, ok := e.(*check.AsOf); ok {
		ref, ok := at.X.(*check.Ref)
		if !ok {
			return true
		}
		switch ref.Target.(type) {
		case *check.Segment, *check.List:
			return false
		}
		return true
	}
	return false
}

func (b *builder) flagsOf(terms []check.Expr) ([]flag, error) {
	parts := make([]flag, len(terms))
	for i, term := range terms {
		var err error
		if parts[i], err = b.flag(term); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

// members is being in a segment, on a list, or past a gate.
func (b *builder) members(d check.Definition) (flag, error) {
	f, ok := b.plan.MembersOf(d)
	if !ok {
		return nil, fmt.Errorf("follow %s: the plan does not hold it", d.DefinitionName())
	}
	return b.formula(f)
}

// listed is being on a list; a sql: segment is evaluated at a moment.
func (b *builder) listed(d check.Definition) (flag, error) {
	if _, ok := d.(*check.List); !ok {
		return nil, cannot("%s is given by sql", d.DefinitionName())
	}
	ref := &check.Ref{Target: d}
	return b.simpleTest(ref), nil
}

// simpleTest is a test that depends on the customer's key alone.
func (b *builder) simpleTest(e check.Expr) flag {
	g := b.group("", &group{})
	g.outputs = append(g.outputs, compile.StepOutput{X: &check.Truth{X: e}})
	return &tested{b.flagMemo(1), g.place, len(g.outputs) - 1}
}

// held is "x for 7 days".
func (b *builder) held(x *check.Held) (flag, error) {
	part, err := b.flag(x.X)
	if err != nil {
		return nil, err
	}
	return &held{b.flagMemo(part.level()), part, b.step(x.For.Negative())}, nil
}

// earlierFlag is a membership at an earlier as-of.
func (b *builder) earlierFlag(x *check.AsOf) (flag, error) {
	part, err := b.flag(x.X)
	if err != nil {
		return nil, err
	}
	return &earlier{b.flagMemo(part.level()), part, b.moment(x)}, nil
}

// moment is the course of an earlier as-of.
func (b *builder) moment(x *check.AsOf) course {
	if x.Point != nil {
		return fixedCourse{at: Micros(*x.Point), whole: b.whole}
	}
	return b.step(x.Ago.Negative())
}

// step is the course of the moment a duration from as-of.
func (b *builder) step(d calendar.Duration) course {
	key := d.String()
	c, ok := b.steps[key]
	if !ok {
		c = calendar.StepCourse(d, b.whole.From, b.whole.To-1, b.zone)
		b.steps[key] = c
	}
	return c
}

package plan

import (
	"math/big"
	"slices"
	"strconv"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/rule"
)

// repeatable is the size up to which the formula of a definition is written
// out where the definition is named; a longer one becomes a condition of its
// own.
const repeatable = 64

// members is the formula of a segment, gate or list.
func (b *builder) members(d check.Definition) *Formula {
	if f, ok := b.formulas[d]; ok {
		return f
	}
	var f *Formula
	switch x := d.(type) {
	case *check.Segment:
		if x.Where == nil {
			f = bit(b.condition(&Condition{Kind: Listed, Of: x, Text: "sql " + x.DefinitionName()}))
			break
		}
		f = b.tree(x.Where)
	case *check.Gate:
		f = b.tree(x.Where)
	default:
		f = bit(b.condition(&Condition{Kind: Listed, Of: d, Text: "list " + d.DefinitionName()}))
	}
	b.formulas[d] = f
	return f
}

// named is the formula of a definition where another one names it.
func (b *builder) named(d check.Definition) *Formula {
	return b.repeated(b.members(d), d.DefinitionName())
}

func (b *builder) repeated(f *Formula, name string) *Formula {
	if f.size <= repeatable {
		return f
	}
	return bit(b.condition(&Condition{Kind: Derived, Formula: f, Text: "member of " + name}))
}

// stagesOf are the tests of a partition's stages.
func (b *builder) stagesOf(p *check.Partition) []*Formula {
	if list, ok := b.stages[p]; ok {
		return list
	}
	list := make([]*Formula, len(p.Stages))
	for i, stage := range p.Stages {
		list[i] = always
		if stage.X != nil {
			list[i] = b.formula(b.normal.of(stage.X))
		}
	}
	b.stages[p] = list
	return list
}

// inStage is the formula of being in a stage: its test holds and none before
// it does.
func (b *builder) inStage(p *check.Partition, name string) *Formula {
	i := slices.IndexFunc(p.Stages, func(stage check.Stage) bool { return stage.Name == name })
	if i < 0 {
		return never
	}
	return b.repeated(firstOf(b.stagesOf(p), i), p.DefinitionName()+"."+name)
}

// formulasOf are the formulas behind a definition that an expression reads as
// a value.
func (b *builder) formulasOf(d check.Definition) []*Formula {
	if p, ok := d.(*check.Partition); ok {
		return b.stagesOf(p)
	}
	return []*Formula{b.members(d)}
}

// tree is the formula of a rule.
func (b *builder) tree(t *check.Tree) *Formula {
	if t.Kind == definition.Leaf {
		return b.leaf(t)
	}
	parts := make([]*Formula, len(t.Children))
	for i, child := range t.Children {
		parts[i] = b.tree(child)
	}
	return grouped(t.Kind, parts)
}

// grouped joins the parts of a group by its kind.
func grouped(kind definition.TreeKind, parts []*Formula) *Formula {
	switch kind { //nolint:exhaustive // Leaves are no groups.
	case definition.Any:
		return Either(parts...)
	case definition.None:
		return Negation(Both(parts...))
	}
	return Both(parts...)
}

func (b *builder) leaf(t *check.Tree) *Formula { return b.formula(b.normal.of(t.X)) }

// formula is the formula of a test in normal form.
func (b *builder) formula(e check.Expr) *Formula {
	switch x := e.(type) {
	case *check.And:
		return Both(b.formulasOfTerms(x.Terms)...)
	case *check.Or:
		return Either(b.formulasOfTerms(x.Terms)...)
	case *check.Not:
		return Negation(b.formula(x.X))
	case *check.Const:
		return constant(x.Bool)
	case *check.Truth:
		if isMembership(x.X) || isConstant(x.X) {
			return b.formula(x.X)
		}
	case *check.Ref:
		return b.named(x.Target)
	case *check.Compare:
		return b.compare(x)
	case *check.Between:
		if isNumberOfRows(x.X) {
			low := b.compare(comparison(rule.GreaterEqual, x.X, x.Low))
			return Both(low, b.compare(comparison(rule.LessEqual, x.X, x.High)))
		}
	case *check.In:
		if f := b.inStages(x); f != nil {
			return f
		}
	case *check.Sequence:
		return bit(b.condition(&Condition{Kind: Followed, X: x, Text: check.Text(x)}))
	}
	return b.test(e)
}

func (b *builder) formulasOfTerms(terms []check.Expr) []*Formula {
	parts := make([]*Formula, len(terms))
	for i, term := range terms {
		parts[i] = b.formula(term)
	}
	return parts
}

func isConstant(e check.Expr) bool {
	_, ok := e.(*check.Const)
	return ok
}

// isMembership reports whether a value is being in a segment or on a list.
func isMembership(e check.Expr) bool {
	ref, ok := e.(*check.Ref)
	if !ok {
		return false
	}
	switch ref.Target.(type) {
	case *check.Segment, *check.List:
		return true
	}
	return false
}

// test is a condition of its own.
func (b *builder) test(e check.Expr) *Formula {
	return bit(b.condition(&Condition{Kind: Tested, X: e, Text: check.Text(e)}))
}

func comparison(op rule.BinaryOp, x, y check.Expr) *check.Compare {
	c := &check.Compare{Op: op, X: x, Y: y}
	c.T, c.At = catalog.Type{Kind: catalog.Boolean}, x.Span()
	return c
}

// compare is the formula of a comparison. Being in a stage of a partition is
// its own formula. A number of rows, which is whole, never missing and never
// negative, is compared by "at least" alone.
func (b *builder) compare(c *check.Compare) *Formula {
	y, ok := c.Y.(*check.Const)
	if !ok {
		return b.test(c)
	}
	if ref, ok := c.X.(*check.Ref); ok && c.Op == rule.Equal {
		if p, ok := ref.Target.(*check.Partition); ok {
			return b.inStage(p, y.Text)
		}
	}
	number, ok := new(big.Rat).SetString(y.Number)
	if !isNumberOfRows(c.X) || !ok || !number.IsInt() || !number.Num().IsInt64() {
		return b.test(c)
	}
	n := number.Num().Int64()
	if n < 0 || n > mostRows {
		return b.test(c)
	}
	switch c.Op { //nolint:exhaustive // The other operators do not compare.
	case rule.GreaterEqual:
		return b.atLeast(c, n)
	case rule.Greater:
		return b.atLeast(c, n+1)
	case rule.Less:
		return Negation(b.atLeast(c, n))
	case rule.LessEqual:
		return Negation(b.atLeast(c, n+1))
	}
	return Both(b.atLeast(c, n), Negation(b.atLeast(c, n+1)))
}

// mostRows bounds the numbers that a count is compared with; beyond it the
// comparison stays as it is written.
const mostRows = 1 << 60

// isNumberOfRows reports whether a value is a count of rows, values, periods or
// times.
func isNumberOfRows(e check.Expr) bool {
	switch x := e.(type) {
	case *check.Aggregate:
		return x.HalfLife == nil && (x.Op == rule.Count || x.Op == rule.Distinct)
	case *check.Periods:
		return true
	case *check.Sequence:
		return x.Times
	}
	return false
}

// atLeast is the condition that there are at least so many.
func (b *builder) atLeast(c *check.Compare, n int64) *Formula {
	if n == 0 {
		return always
	}
	bound := &check.Const{Number: strconv.FormatInt(n, 10)}
	bound.T, bound.At = catalog.Type{Kind: catalog.Integer}, c.Y.Span()
	test := comparison(rule.GreaterEqual, c.X, bound)
	kind := Tested
	if a, ok := c.X.(*check.Aggregate); ok && n == 1 && a.Op == rule.Count {
		kind = Present
	}
	return bit(b.condition(&Condition{Kind: kind, X: test, Text: check.Text(test)}))
}

// inStages is the formula of being in one of some stages, nil for another test.
func (b *builder) inStages(in *check.In) *Formula {
	ref, ok := in.X.(*check.Ref)
	if !ok {
		return nil
	}
	p, ok := ref.Target.(*check.Partition)
	if !ok || slices.ContainsFunc(in.Values, func(v check.Expr) bool { return !isConstant(v) }) {
		return nil
	}
	parts := make([]*Formula, len(in.Values))
	for i, value := range in.Values {
		parts[i] = b.inStage(p, value.(*check.Const).Text)
	}
	return Either(parts...)
}

// condition takes in a condition, unless an equal one is there, and returns its
// id.
func (b *builder) condition(c *Condition) int {
	if found, ok := b.conditions[c.Text]; ok {
		return found.ID
	}
	// What a condition reads comes before it.
	c.Traits = b.traitsIn(c)
	c.Pass = -1
	for _, d := range refsOf(c.X) {
		b.formulasOf(d)
	}
	if c.Kind == Present && b.plan.Traits[c.Traits[0]].Kind != Counted {
		c.Kind = Tested
	}
	c.Round = b.roundOf(c)
	c.ID = len(b.plan.Conditions)
	b.conditions[c.Text] = c
	b.plan.Conditions = append(b.plan.Conditions, c)
	return c.ID
}

// refsOf are the segments, partitions and lists that an expression names.
func refsOf(e check.Expr) []check.Definition {
	var list []check.Definition
	check.Walk(e, func(x check.Expr) bool {
		if ref, ok := x.(*check.Ref); ok && !slices.Contains(list, ref.Target) {
			list = append(list, ref.Target)
		}
		return true
	})
	return list
}

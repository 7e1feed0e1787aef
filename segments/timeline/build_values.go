package timeline

import (
	"fmt"
	"slices"
	"strings"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/rule"
)

// asking collects what an expression that SQL answers needs at each step.
type asking struct {
	*builder
	group group
	err   error
}

// test is a test that SQL answers where the values that it needs have stepped.
func (b *builder) test(e check.Expr) (flag, error) {
	g, output, err := b.ask(compile.StepOutput{X: e})
	if err != nil {
		return nil, err
	}
	return &tested{b.flagMemo(g.depth), g.place, output}, nil
}

// ask adds an expression to the group of those over the same quantities.
func (b *builder) ask(out compile.StepOutput) (*group, int, error) {
	a := &asking{builder: b}
	out.X = check.Rewrite(out.X, a.slot)
	if out.Within != nil {
		within := *out.Within
		within.FromValue, within.ToValue = check.Rewrite(within.FromValue, a.slot), check.Rewrite(within.ToValue, a.slot)
		out.Within = &within
	}
	if a.err != nil {
		return nil, 0, a.err
	}
	if a.group.versions {
		a.input(groupInput{of: b.version(), column: versionColumn})
	}
	g := b.group(a.key(), &a.group)
	g.outputs = append(g.outputs, out)
	return g, len(g.outputs) - 1, nil
}

// versionColumn is the input column of the version of a customer.
const versionColumn = "version"

// key tells apart the groups over different quantities.
func (a *asking) key() string {
	slices.SortFunc(a.group.inputs, func(x, y groupInput) int { return strings.Compare(x.column, y.column) })
	names := make([]string, len(a.group.inputs))
	for i, in := range a.group.inputs {
		names[i] = in.column
	}
	return strings.Join(names, "\x00")
}

// group is the one over some quantities, made when it is the first.
func (b *builder) group(key string, like *group) *group {
	if g, ok := b.byGroup[key]; ok {
		return g
	}
	g := *like
	g.place = len(b.groups)
	g.depth = 1
	for _, in := range g.inputs {
		g.depth = max(g.depth, in.of.level()+1)
	}
	b.groups = append(b.groups, &g)
	b.byGroup[key] = &g
	return &g
}

func (b *builder) version() quantity {
	if b.current == nil {
		b.current = &current{b.amountMemo(0)}
	}
	return b.current
}

// input makes a quantity travel to SQL.
func (a *asking) input(in groupInput) {
	if !slices.ContainsFunc(a.group.inputs, func(other groupInput) bool { return other.column == in.column }) {
		a.group.inputs = append(a.group.inputs, in)
	}
}

// slot puts a column in place of what the sweep knows of an expression.
func (a *asking) slot(e check.Expr) (check.Expr, bool) {
	if a.err != nil {
		return e, true
	}
	var made check.Expr
	var err error
	switch x := e.(type) {
	case *check.Ranking:
		err = cannot("%s compares all customers with each other", rankingWord(x))
	case *check.Aggregate:
		made, err = a.aggregateSlot(x)
	case *check.Periods:
		made, err = a.amountSlot(x)
	case *check.Sequence:
		if x.Times {
			made, err = a.amountSlot(x)
		} else {
			made, err = a.flagSlot(x)
		}
	case *check.Elapsed:
		made, err = a.elapsedSlot(x)
	case *check.InWindow, *check.Held, *check.Sample:
		made, err = a.flagSlot(x)
	case *check.AsOf:
		made, err = a.earlierSlot(x)
	case *check.Ref:
		made, err = a.refSlot(x)
	case *check.Field:
		if a.tables.HasVersions() {
			a.group.versions = true
		}
		return e, true
	default:
		return nil, false
	}
	if err != nil {
		a.err = err
		return e, true
	}
	return made, true
}

func rankingWord(x *check.Ranking) string {
	if x.Rank {
		return "rank"
	}
	return "percentile"
}

// column makes a quantity travel and names its column.
func (a *asking) column(q quantity, scale int) compile.SlotColumn {
	in := groupInput{of: q, column: fmt.Sprintf("s%d", idOf(q)), wide: scale >= 0, scale: int32(max(scale, 0))}
	a.input(in)
	return compile.SlotColumn{Relation: compile.StepInput, Column: in.column}
}

// idOf is a quantity's number.
func idOf(q quantity) int { return q.(interface{ number() int }).number() }

// narrow is the scale of quantities of 64 bits.
const narrow = -1

func (a *asking) amountSlot(e check.Expr) (check.Expr, error) {
	q, err := a.amount(e)
	if err != nil {
		return nil, err
	}
	return &compile.Slot{T: e.Type(), At: e.Span(), Always: true, Columns: []compile.SlotColumn{a.column(q, narrow)}}, nil
}

// flagSlot is a truth as 0 and 1.
func (a *asking) flagSlot(e check.Expr) (check.Expr, error) {
	f, err := a.flag(e)
	if err != nil {
		return nil, err
	}
	return a.truthSlot(e, f)
}

func (a *asking) truthSlot(e check.Expr, f flag) (check.Expr, error) {
	q, err := a.remember("truth\x00"+check.Text(e), func() (quantity, error) { return &asTruth{a.amountMemo(f.level()), f}, nil })
	if err != nil {
		return nil, err
	}
	return &compile.Slot{
		T: catalog.Type{Kind: catalog.Boolean}, At: e.Span(), Always: true, Form: compile.Yes, Columns: []compile.SlotColumn{a.column(q, narrow)},
	}, nil
}

func (a *asking) aggregateSlot(x *check.Aggregate) (check.Expr, error) {
	if x.HalfLife != nil {
		return nil, cannot("half_life weighs every row anew at every moment")
	}
	slot := &compile.Slot{T: x.T, At: x.Span()}
	switch x.Op {
	case rule.Count, rule.Distinct:
		return a.amountSlot(x)
	case rule.Sum:
		q, err := a.amount(x)
		if err != nil {
			return nil, err
		}
		slot.Always, slot.Columns = true, []compile.SlotColumn{a.column(q, decimals(x.T))}
		if x.T.Kind == catalog.Integer {
			slot.Form = compile.Huge
		}
		return slot, nil
	case rule.Avg:
		sum, count, err := a.sumAndCount(x)
		if err != nil {
			return nil, err
		}
		slot.Form, slot.Columns = compile.Mean, []compile.SlotColumn{a.column(sum, decimals(summedType(x.Column.Type()))), a.column(count, narrow)}
		return slot, nil
	case rule.Median:
		for _, kind := range []pickKind{pickLower, pickUpper} {
			column, err := a.pick(x, kind)
			if err != nil {
				return nil, err
			}
			slot.Columns = append(slot.Columns, column)
		}
		slot.Form, slot.Of = compile.Middle, x.Column.Type()
		return slot, nil
	case rule.Min, rule.Max, rule.First, rule.Last, rule.MostFrequent:
	}
	kind := map[rule.AggregateOp]pickKind{
		rule.Min: pickLeast, rule.Max: pickMost, rule.First: pickFirst, rule.Last: pickLast, rule.MostFrequent: pickFrequent,
	}[x.Op]
	column, err := a.pick(x, kind)
	slot.Columns = []compile.SlotColumn{column}
	return slot, err
}

// decimals is the scale in which exact numbers of a type travel.
func decimals(t catalog.Type) int {
	if t.Kind == catalog.Decimal {
		return t.Scale
	}
	return 0
}

// summedType is the type in which values of a column are added up.
func summedType(t catalog.Type) catalog.Type {
	if t.Kind == catalog.Number {
		return catalog.Type{Kind: catalog.Decimal, Scale: floatScale}
	}
	return t
}

// floatScale is the number of decimals that floating columns are summed with.
const floatScale = 6

// pick makes a picked row travel and names the column of its value.
func (a *asking) pick(x *check.Aggregate, kind pickKind) (compile.SlotColumn, error) {
	q, err := a.picked(x, kind)
	if err != nil {
		return compile.SlotColumn{}, err
	}
	if _, err := a.value(q.of, x.Column, compile.Hidden); err != nil {
		return compile.SlotColumn{}, err
	}
	f := q.of.feed
	f.spec.Stored = true
	key := fmt.Sprintf("%d\x00%s", compile.Hidden, check.Text(x.Column))
	at := a.column(q, narrow)
	alias := fmt.Sprintf("r%d", q.id)
	if !slices.ContainsFunc(a.group.rows, func(j compile.StepJoin) bool { return j.Alias == alias }) {
		a.group.rows = append(a.group.rows, compile.StepJoin{Alias: alias, Relation: a.tables.Relation(f.spec), Column: at.Column})
	}
	return compile.SlotColumn{Relation: alias, Column: compile.FeedColumn(slices.Index(f.values, key))}, nil
}

// picked is the row of a window that a value is taken from.
func (b *builder) picked(x *check.Aggregate, kind pickKind) (*picked, error) {
	q, err := b.remember(fmt.Sprintf("picked %d\x00%s", kind, check.Text(x)), func() (quantity, error) {
		rows, win, err := b.rowsOf(x)
		if err != nil {
			return nil, err
		}
		q := &picked{memo: b.amountMemo(0), of: rows, win: win, kind: kind, by: -1, tie: -1}
		switch kind {
		case pickFrequent:
			q.by, err = b.value(rows, x.Column, compile.Same)
		case pickLeast, pickMost, pickLower, pickUpper:
			form := compile.Order
			if k := x.Column.Type().Kind; k == catalog.Integer || k == catalog.Decimal {
				form = compile.Amount
			}
			q.by, err = b.value(rows, x.Column, form)
		case pickFirst, pickLast:
		}
		if err != nil {
			return nil, err
		}
		if kind == pickFrequent || kind == pickFirst || kind == pickLast {
			if x.Rows.Stream.Source.ID != nil {
				rows.feed.spec.Tie = true
			} else {
				q.tie, err = b.value(rows, x.Column, compile.Tied)
			}
		}
		return q, err
	})
	if err != nil {
		return nil, err
	}
	return q.(*picked), nil
}

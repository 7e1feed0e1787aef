package timeline

import (
	"fmt"
	"slices"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/compile"
)

// elapsedSlot is a number of days.
func (a *asking) elapsedSlot(x *check.Elapsed) (check.Expr, error) {
	dates := x.X.Type().Kind == catalog.Date
	q, err := a.remember("elapsed\x00"+check.Text(x), func() (quantity, error) {
		of, err := a.temporal(x.X, dates)
		if err != nil {
			return nil, err
		}
		return &elapsed{a.amountMemo(of.level()), of, a.days, x.Until, dates}, nil
	})
	if err != nil {
		return nil, err
	}
	return &compile.Slot{T: x.T, At: x.Span(), Columns: []compile.SlotColumn{a.column(q, narrow)}}, nil
}

// refSlot is a membership or a stage.
func (a *asking) refSlot(x *check.Ref) (check.Expr, error) {
	p, ok := x.Target.(*check.Partition)
	if !ok {
		if _, ok := x.Target.(*check.Trait); ok {
			return nil, cannot("%s is too long to be written out", x.Target.DefinitionName())
		}
		return a.flagSlot(x)
	}
	q, err := a.stage(p)
	if err != nil {
		return nil, err
	}
	return &compile.Slot{
		T: x.Type(), At: x.Span(), Always: true, Form: compile.Choice, Names: stageNames(p), Columns: []compile.SlotColumn{a.column(q, narrow)},
	}, nil
}

func stageNames(p *check.Partition) []string {
	names := make([]string, len(p.Stages))
	for i, s := range p.Stages {
		names[i] = s.Name
	}
	return names
}

func (b *builder) stage(p *check.Partition) (quantity, error) {
	return b.remember("stage\x00"+p.DefinitionName(), func() (quantity, error) {
		q := &stage{}
		for _, f := range b.plan.StagesOf(p) {
			test, err := b.formula(f)
			if err != nil {
				return nil, err
			}
			q.tests = append(q.tests, test)
		}
		q.memo = b.amountMemo(deepest(q.tests))
		return q, nil
	})
}

// earlierSlot is a value at an earlier as-of.
func (a *asking) earlierSlot(x *check.AsOf) (check.Expr, error) {
	text := check.Text(x)
	earlier := func(of quantity) (quantity, error) {
		return a.remember("earlier\x00"+text, func() (quantity, error) {
			return &earlierValue{a.amountMemo(of.level()), of, a.moment(x)}, nil
		})
	}
	if ref, ok := x.X.(*check.Ref); ok {
		p, ok := ref.Target.(*check.Partition)
		if !ok {
			return a.flagSlot(x)
		}
		of, err := a.stage(p)
		if err != nil {
			return nil, err
		}
		q, err := earlier(of)
		if err != nil {
			return nil, err
		}
		return &compile.Slot{T: x.T, At: x.Span(), Form: compile.Choice, Names: stageNames(p), Columns: []compile.SlotColumn{a.column(q, narrow)}}, nil
	}
	g, output, err := a.ask(compile.StepOutput{X: x.X, Form: compile.Whatever})
	if err != nil {
		return nil, err
	}
	g.stored = true
	of, err := a.remember("kept\x00"+check.Text(x.X), func() (quantity, error) { return &stored{a.amountMemo(g.depth), g.place}, nil })
	if err != nil {
		return nil, err
	}
	q, err := earlier(of)
	if err != nil {
		return nil, err
	}
	at := a.column(q, narrow)
	alias := fmt.Sprintf("v%d", idOf(q))
	if !slices.ContainsFunc(a.group.values, func(j compile.StepJoin) bool { return j.Alias == alias }) {
		a.group.values = append(a.group.values, compile.StepJoin{Alias: alias, Relation: a.answersTable(g), Column: at.Column})
	}
	return &compile.Slot{T: x.T, At: x.Span(), Columns: []compile.SlotColumn{{Relation: alias, Column: compile.FeedColumn(output)}}}, nil
}

func (b *builder) answersTable(g *group) string {
	return b.tables.Table(fmt.Sprintf("answers %d", g.place+1))
}

func (b *builder) askedTable(g *group) string {
	return b.tables.Table(fmt.Sprintf("steps %d", g.place+1))
}

package evaluate

import (
	"context"
	"fmt"

	"strata/segments/check"
	"strata/segments/plan"
	"strata/segments/result"
)

// SomeKeys returns the first keys as text of those for whom a formula holds, in
// the order of keys.
func (w *Words) SomeKeys(ctx context.Context, f *plan.Formula, most int) ([]string, error) {
	if most <= 0 {
		return []string{}, nil
	}
	statement, err := w.shared.SomeKeys(f, uint64(most))
	if err != nil {
		return nil, err
	}
	return w.evaluator.keys(ctx, statement)
}

// FunnelOf counts the rule of a segment that is in the words leaf by leaf, with
// some of its leaves taken out of the rule. A leaf that is taken out still says
// whom it holds for alone.
func (w *Words) FunnelOf(ctx context.Context, unit *plan.Unit, keep func(leaf int) bool) (result.Funnel, error) {
	segment, ok := unit.Definition.(*check.Segment)
	if !ok {
		return result.Funnel{}, fmt.Errorf("%s is no segment and has no leaves to count", unit.Definition.DefinitionName())
	}
	leaves := segment.Where.Leaves()
	formulas := make([]*plan.Formula, 0, 3*len(leaves))
	for i := range leaves {
		formulas = append(formulas, unit.Leaves[i],
			unit.Restricted(func(j int) bool { return j <= i && keep(j) }),
			unit.Restricted(func(j int) bool { return j != i && keep(j) }))
	}
	customers, sizes, err := w.Sizes(ctx, formulas)
	if err != nil {
		return result.Funnel{}, err
	}
	return funnelOf(segment, w.AsOf, append([]int64{customers}, sizes...)), nil
}

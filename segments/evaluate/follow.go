package evaluate

import (
	"context"
	"fmt"

	"strata/segments/timeline"
)

// Follow finds the spans of as-ofs in which the definitions of a plan hold, and
// hands them to visit customer by customer: called by as many goroutines at once
// as there are workers, each with a number of its own. The plan is made with
// plan.Options.OverTime. The caller closes the result.
func (e *Evaluator) Follow(ctx context.Context, r timeline.Request, workers int, visit timeline.Visitor) (*timeline.Result, error) {
	if r.To.Before(r.From) {
		return nil, fmt.Errorf("follow from %s to %s: the end is before the beginning", r.From, r.To)
	}
	if err := e.UniqueKeys(ctx); err != nil {
		return nil, err
	}
	asOf := r.To
	if r.Before != nil && r.Before.Before(asOf) {
		asOf = *r.Before
	}
	compiler, err := e.Compiler(ctx, asOf, ForRunning)
	if err != nil {
		return nil, err
	}
	r.Workers = workers
	if r.Prefix == "" {
		r.Prefix = fmt.Sprintf("strata timeline %d", e.db.Number())
	}
	return timeline.Follow(ctx, e.db, compiler, r, visit)
}

package evaluate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"strata/segments/check"
	"strata/segments/compile"
)

// Possible tells the definitions that can be evaluated at a moment from those
// that look at more than one in a way that cannot be followed, and why.
func (e *Evaluator) Possible(ctx context.Context, definitions []check.Definition, asOf time.Time) (possible []check.Definition, skipped []Skipped, err error) {
	compiler, err := e.Compiler(ctx, asOf, ForRunning)
	if err != nil {
		return nil, nil, err
	}
	for _, d := range definitions {
		_, err := membersInto(compiler, scratch(keysTable), d, 0)
		switch {
		case err == nil:
			possible = append(possible, d)
		case errors.Is(err, compile.ErrLater):
			skipped = append(skipped, Skipped{Name: d.DefinitionName(), Reason: err.Error()})
		default:
			return nil, nil, fmt.Errorf("evaluate %s: %w", d.DefinitionName(), err)
		}
	}
	return possible, skipped, nil
}

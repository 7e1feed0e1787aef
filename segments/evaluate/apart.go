package evaluate

import (
	"context"
	"fmt"
)

// Apart returns an evaluator of the same program that shares nothing that was
// evaluated, only what was checked: its words are not found by others, and
// theirs not by it. Several questions that are asked at once each take their own.
func (e *Evaluator) Apart() *Evaluator {
	own := *e
	own.last, own.live, own.overTime = &lastRun{}, &live{}, newOverTime()
	return &own
}

// Forget drops the tables that definitions over time left, also when the
// context has ended. Words that are open must be closed first.
func (e *Evaluator) Forget(ctx context.Context) error {
	return e.overTime.release(context.WithoutCancel(ctx), e)
}

// Release drops the tables of a run, its words included. An evaluator that made
// no run leaves those of another alone.
func (e *Evaluator) Release(ctx context.Context) error {
	if err := e.last.release(ctx); err != nil {
		return err
	}
	if !e.last.ran.Load() {
		return e.overTime.release(ctx, e)
	}
	drops := []string{"VIEW IF EXISTS " + scratch(membersView), "VIEW IF EXISTS " + scratch(populationView)}
	for _, name := range []string{idsTable, keysTable, populationTable} {
		drops = append(drops, "TABLE IF EXISTS "+scratch(name))
	}
	for _, source := range e.program.Sources {
		drops = append(drops, "TABLE IF EXISTS "+scratch(loadedTable(source)))
	}
	for _, drop := range drops {
		if _, err := e.db.Exec(ctx, "DROP "+drop); err != nil {
			return fmt.Errorf("drop the tables of the run: %w", err)
		}
	}
	return e.overTime.release(ctx, e)
}

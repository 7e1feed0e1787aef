package cmd

import (
	"context"
	"errors"
	"fmt"

	"strata/segments/compile"
	"strata/segments/evaluate"
	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

// past is the newest run of the store and what it kept, nil before the first.
func (s *session) past(ctx context.Context) (*evaluate.Past, error) {
	latest, err := snapshot.Newest(ctx, s.db)
	if errors.Is(err, snapshot.ErrEmpty) {
		return nil, nil //nolint:nilnil // A store without runs is no failure.
	}
	if err != nil {
		return nil, err
	}
	past := &evaluate.Past{Run: latest.ID, AsOf: latest.AsOf, KnownAt: latest.KnownAt, Relation: snapshot.StateRelation}
	past.Read = func(ctx context.Context, statements []compile.Statement) error {
		return snapshot.ReadState(ctx, s.db, func(ctx context.Context, tx warehouse.Session, state snapshot.StateInfo) error {
			if state.Run != past.Run {
				return fmt.Errorf("run %d was committed by somebody else meanwhile: run again", state.Run)
			}
			for _, statement := range statements {
				if _, err := tx.Exec(ctx, statement.SQL, statement.Args...); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err = snapshot.ReadState(ctx, s.db, func(_ context.Context, _ warehouse.Session, state snapshot.StateInfo) error {
		past.Fingerprint, past.Marks = state.Fingerprint, state.Marks
		return nil
	})
	if errors.Is(err, snapshot.ErrEmpty) {
		err = nil
	}
	return past, err
}

// stateOf is what the store keeps of a result for the next run.
func stateOf(result *evaluate.Result) *snapshot.State {
	if result.State == nil {
		return nil
	}
	state := &snapshot.State{Fingerprint: result.State.Fingerprint, Marks: result.State.Marks}
	for _, table := range result.State.Tables {
		state.Tables = append(state.Tables, snapshot.StateTable(table))
	}
	return state
}

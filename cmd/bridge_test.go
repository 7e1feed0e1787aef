package cmd

import (
	"context"
	"errors"
	"testing"
	"time"
)

// Desk is a desk for tests that meet other processes, which are outside of this
// package.
type Desk = desk

// NewDesk makes one.
func NewDesk(env Env) *Desk { return newDesk(newFactory(env)) }

// Reading does work while a question of the desk reads the warehouse.
func (d *Desk) Reading(ctx context.Context, at time.Time, work func() error) error {
	_, err := answer(ctx, d, at, func(ctx context.Context, s *session) (none struct{}, err error) {
		rows, err := s.db.Query(ctx, "SELECT range FROM range(1000000)")
		if err != nil {
			return none, err
		}
		return none, errors.Join(work(), rows.Err(), rows.Close())
	})
	return err
}

// Forget lets go of what is kept.
func (d *Desk) Forget(ctx context.Context) error { return d.forget(ctx) }

// Wait waits until all work has stopped.
func (d *Desk) Wait() { d.asking.Wait() }

// StatementCount counts as the command does, which keeps nothing.
func (d *Desk) StatementCount(ctx context.Context, rule string, at time.Time) error {
	_, err := answer(ctx, d, at, func(ctx context.Context, s *session) (int64, error) {
		segment, err := s.segment(ctx, rule)
		if err != nil {
			return 0, err
		}
		count, err := s.evaluator.Count(ctx, segment, s.asOf)
		return count.Members, err
	})
	return err
}

// AtDemo makes the demo shop.
func AtDemo(t *testing.T) Env {
	t.Helper()
	return atDemo(t)
}

// DeskAt is a desk there, and the project's as-of.
func DeskAt(t *testing.T, env Env) (*Desk, time.Time) {
	t.Helper()
	return deskAt(t, env)
}

// CommandOutput is what a command prints that goes well.
func CommandOutput(t *testing.T, env Env, args ...string) string {
	t.Helper()
	return commandOutput(t, env, args...)
}

// HintOf is what an error of the desk advises.
func HintOf(err error) string { return hintOfError(err) }

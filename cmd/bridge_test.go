package cmd

import (
	"context"
	"errors"
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

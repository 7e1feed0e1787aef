package cmd

import (
	"context"
	"errors"

	"strata/segments/definition"
	"strata/segments/diagnose"
	"strata/sql/warehouse"
	"strata/tui/ask"
)

// Doctor looks for what is wrong, as "strata doctor" does: the files as they are
// now, right or wrong, and a folder without a project as well.
func (d *desk) Doctor(ctx context.Context) ([]ask.Finding, error) {
	return guarded(ctx, d, func() ([]ask.Finding, error) {
		f := d.factory()
		set, problems, err := f.readable()
		if err != nil && !errors.Is(err, definition.ErrNoProject) {
			return nil, err
		}
		options := diagnose.Options{
			Start: f.start(), Set: set, Problems: problems, Engine: f.engine(set, false), Clock: f.env.Now(), Terminal: d.cli.terminal(),
		}
		if set != nil {
			options.DB = d.opened(ctx, options.Engine)
		}
		found, err := diagnose.Examine(ctx, options)
		if err != nil {
			return nil, err
		}
		findings := make([]ask.Finding, 0, len(found))
		for _, one := range found {
			findings = append(findings, ask.Finding{
				Status: string(one.Status), Check: one.Check, Subject: one.Subject, Detail: one.Detail, Hint: one.Hint,
			})
		}
		return findings, nil
	})
}

// opened is the desk's database where it is one of these files and answers; nil
// otherwise. A process that opens a file twice and closes it once lets go of the
// lock of the first, so that others could write what is being read.
func (d *desk) opened(ctx context.Context, engine warehouse.Config) *warehouse.DB {
	stand, err := d.footing(ctx)
	if err != nil || stand.place.warehouse != engine.Warehouse || stand.place.store != engine.Store {
		return nil
	}
	var one int
	if err := stand.db.Row(ctx, []any{&one}, "SELECT 1"); err != nil {
		return nil
	}
	return stand.db
}

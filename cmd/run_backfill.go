package cmd

import (
	"context"
	"strings"
	"time"

	"strata/reports/render"
	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/history"
	"strata/segments/snapshot"
)

// backfillColumns are the columns of the runs that a backfill took.
func backfillColumns() []render.Column {
	return []render.Column{
		{Name: "run", Kind: render.Count},
		{Name: "as_of", Title: "as of", Kind: render.Moment},
		{Name: "customers", Kind: render.Count},
		{Name: "units", Title: "segments", Kind: render.Count},
		{Name: "members", Kind: render.Count},
		{Name: "entered", Kind: render.Count},
		{Name: "exited", Kind: render.Count},
	}
}

// runBackfill commits a run for each point of a range.
func runBackfill(ctx context.Context, opts runOptions) error {
	f := opts.f
	every, err := parseEvery(opts.every)
	if err != nil {
		return err
	}
	chosen, err := f.chosenMembers(opts.selectors)
	if err != nil {
		return err
	}
	s, err := f.session(ctx)
	if err != nil {
		return err
	}
	points, err := s.backfillPoints(ctx, opts, every)
	if err != nil {
		return err
	}
	// A store that cannot be written to is said before the work is done.
	if _, err := s.past(ctx); err != nil {
		return err
	}
	found, err := s.backfill(ctx, opts, chosen, points)
	if err != nil {
		return err
	}
	return s.showBackfill(found, len(opts.selectors) > 0)
}

// backfillPoints are the as-ofs of --backfill FROM..TO. An offset of TO counts
// from the as-of, and one of FROM from TO.
func (s *session) backfillPoints(ctx context.Context, opts runOptions, every calendar.Duration) ([]time.Time, error) {
	first, last, ok := strings.Cut(opts.backfill, "..")
	if !ok || first == "" {
		return nil, usage("--backfill takes a range of as-ofs, not %q", opts.backfill).
			advise("write --backfill 2026-01-01..2026-03-31, or 2026-01-01.. for up to the as-of")
	}
	from, to, err := s.timeRange(ctx, first, last)
	if err != nil {
		return nil, err
	}
	return s.pointsBetween(from, to, every)
}

func (s *session) backfill(ctx context.Context, opts runOptions, chosen []check.Definition, points []time.Time) (*history.Backfilled, error) {
	asker := s.asker()
	var done func()
	asker.Step, done = s.pointProgress(ctx, "point")
	defer done()
	found, err := asker.Backfill(ctx, history.Backfill{
		Definitions: chosen, Points: points, KnownAt: s.knownAt, Now: s.env.Now,
		ProgramVersion: s.env.Version, Complete: len(opts.selectors) == 0,
	})
	return found, answerable(err)
}

// showBackfill answers with the runs, and says what is not among them.
func (s *session) showBackfill(found *history.Backfilled, selected bool) error {
	for _, skipped := range found.Skipped {
		if selected && len(found.Runs)+len(found.There) == 0 {
			return refused("%s cannot be evaluated yet: %s", skipped.Name, skipped.Reason)
		}
		s.say("left out %s: %s", skipped.Name, skipped.Reason)
	}
	t := render.Table{Name: "backfill", Columns: backfillColumns()}
	for _, run := range found.Runs {
		t.Rows = append(t.Rows, s.backfilledRow(run))
	}
	if err := s.write(t); err != nil {
		return err
	}
	for _, d := range found.Dated {
		s.say("%s was evaluated at each as-of: %s", d.Name, d.Reason)
	}
	if n := len(found.There); n > 0 {
		s.say("left as they were: %s of the same definitions", counted(int64(n), "run", "runs"))
	}
	s.say("taken: %s", counted(int64(len(found.Runs)), "run", "runs"))
	return nil
}

// backfilledRow sums up what a run holds. Who entered and exited is known if it
// is for all units.
func (s *session) backfilledRow(run snapshot.Run) []any {
	var members, entered, exited int64
	all := true
	for _, u := range run.Units {
		members += u.Size
		if all = all && u.Entered != nil; all {
			entered, exited = entered+*u.Entered, exited+*u.Exited
		}
	}
	row := []any{run.ID, run.AsOf.In(s.program.Zone), run.Customers, len(run.Units), members, nil, nil}
	if all {
		row[5], row[6] = entered, exited
	}
	return row
}

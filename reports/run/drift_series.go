package run

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"strata/reports"
	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/history"
	"strata/segments/result"
	"strata/segments/snapshot"
)

// series fills in what the sizes over time say.
func (d *drifting) series(ctx context.Context, definitions []check.Definition, all []reports.Drift) error {
	var err error
	sizes := map[string]reports.SizeQuestion{}
	switch {
	case d.Runs:
		err = d.runSizes(ctx, definitions, sizes)
	case len(definitions) == 1:
		err = d.followOne(ctx, definitions[0], all, sizes)
	case len(definitions) > 0:
		err = d.followAll(ctx, definitions, sizes)
	}
	if err != nil {
		return err
	}
	for i := range all {
		if all[i].Skipped != "" {
			all[i].Size = reports.JudgeSize(reports.SizeQuestion{Unfollowed: all[i].Skipped})
			continue
		}
		q := sizes[all[i].Name]
		q.From, q.Zone = d.From.At, d.program.Zone
		all[i].Size = reports.JudgeSize(q)
	}
	return nil
}

// runSizes reads the sizes that runs committed, up to To.
func (d *drifting) runSizes(ctx context.Context, definitions []check.Definition, sizes map[string]reports.SizeQuestion) error {
	for _, definition := range definitions {
		for _, unit := range evaluate.UnitsOf(d.program, definition) {
			points, err := keptAs(unit, func(name string) ([]snapshot.Point, error) { return snapshot.History(ctx, d.DB, name) })
			if errors.Is(err, snapshot.ErrNotFound) || errors.Is(err, snapshot.ErrEmpty) {
				sizes[unit.Name] = reports.SizeQuestion{Unfollowed: "no history yet: it is in no run"}
				continue
			}
			if err != nil {
				return fmt.Errorf("read the runs of %s: %w", unit.Name, err)
			}
			sizes[unit.Name] = d.committed(points)
		}
	}
	return nil
}

// committed are the sizes of runs as far as they are a history of the rule of the
// last one.
func (d *drifting) committed(points []snapshot.Point) reports.SizeQuestion {
	q := reports.SizeQuestion{}
	for _, p := range points {
		if p.AsOf.After(d.To.At) {
			continue
		}
		if p.Changed { // Sizes of another rule are no history of this one.
			q.Points = q.Points[:0]
		}
		point := reports.SizePoint{At: p.AsOf.In(d.program.Zone), Size: p.Size}
		if p.Entered != nil && p.Exited != nil {
			point.Entered, point.Exited = *p.Entered, *p.Exited
		}
		q.Points = append(q.Points, point)
	}
	return q
}

// followOne follows a single definition, whose spells are told as well. What
// cannot be followed is evaluated at each point.
func (d *drifting) followOne(ctx context.Context, definition check.Definition, all []reports.Drift, sizes map[string]reports.SizeQuestion) error {
	found, err := d.Exact(ctx, history.About{Definition: definition, Stage: d.Stage}, d.Points)
	if err != nil {
		return err
	}
	for _, h := range found {
		sizes[h.Name] = d.followed(h)
		for i := range all {
			if all[i].Name == h.Name && h.Spells != nil {
				driftSpells(&all[i].Membership, h.Spells)
			}
		}
	}
	return nil
}

// followed are the sizes of a history.
func (d *drifting) followed(h result.History) reports.SizeQuestion {
	q := reports.SizeQuestion{}
	for _, p := range h.Points {
		point := reports.SizePoint{At: p.At.In(d.program.Zone), Size: p.Size}
		if p.Entered != nil {
			point.Entered, point.Exited = *p.Entered, *p.Exited
		}
		q.Points = append(q.Points, point)
	}
	return q
}

// driftSpells tells how long members stay.
func driftSpells(m *reports.MembershipDrift, s *result.Spells) {
	m.CameBack, m.Watched = &s.CameBack, &s.Watched
	if s.Median != nil {
		days := s.Median.Hours() / 24 //nolint:mnd // Hours of a day.
		m.MedianDays = &days
	}
}

// followAll follows many definitions in one sweep.
func (d *drifting) followAll(ctx context.Context, definitions []check.Definition, sizes map[string]reports.SizeQuestion) error {
	found, unfollowed, err := d.ExactOfAll(ctx, definitions, d.Points)
	if err != nil {
		return fmt.Errorf("follow sizes: %w", err)
	}
	for _, h := range found {
		sizes[h.Name] = d.followed(h)
	}
	for _, dated := range unfollowed {
		q := reports.SizeQuestion{Unfollowed: "its sizes cannot be followed: " + dated.Reason + " (ask for it alone, or --runs)"}
		for _, definition := range definitions {
			if definition.DefinitionName() != dated.Name {
				continue
			}
			sizes[dated.Name] = q
			if p, ok := definition.(*check.Partition); ok {
				for _, stage := range p.Stages {
					sizes[strings.Join([]string{dated.Name, stage.Name}, ".")] = q
				}
			}
		}
	}
	return nil
}

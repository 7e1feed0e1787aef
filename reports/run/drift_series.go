package run

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"strata/reports"
	"strata/segments/check"
	"strata/segments/history"
	"strata/segments/plan"
	"strata/segments/result"
	"strata/segments/snapshot"
	"strata/segments/timeline"
)

// series fills in what the sizes over time say.
func (d *drifting) series(ctx context.Context, definitions []check.Definition, all []reports.Drift) error {
	var err error
	sizes := map[string]reports.SizeQuestion{}
	switch {
	case d.Runs:
		err = d.runSizes(ctx, all, sizes)
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
func (d *drifting) runSizes(ctx context.Context, all []reports.Drift, sizes map[string]reports.SizeQuestion) error {
	for i := range all {
		points, err := snapshot.History(ctx, d.DB, all[i].Name)
		if errors.Is(err, snapshot.ErrNotFound) || errors.Is(err, snapshot.ErrEmpty) {
			sizes[all[i].Name] = reports.SizeQuestion{Unfollowed: "no history yet: it is in no run"}
			continue
		}
		if err != nil {
			return fmt.Errorf("read the runs of %s: %w", all[i].Name, err)
		}
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
		sizes[all[i].Name] = q
	}
	return nil
}

// followOne follows a single definition, whose spells are told as well. What
// cannot be followed is evaluated at each point.
func (d *drifting) followOne(ctx context.Context, definition check.Definition, all []reports.Drift, sizes map[string]reports.SizeQuestion) error {
	found, err := d.Exact(ctx, history.About{Definition: definition, Stage: d.Stage}, d.Points)
	if err != nil {
		return err
	}
	for _, h := range found {
		q := reports.SizeQuestion{}
		for _, p := range h.Points {
			point := reports.SizePoint{At: p.At.In(d.program.Zone), Size: p.Size}
			if p.Entered != nil {
				point.Entered, point.Exited = *p.Entered, *p.Exited
			}
			q.Points = append(q.Points, point)
		}
		sizes[h.Name] = q
		for i := range all {
			if all[i].Name == h.Name && h.Spells != nil {
				driftSpells(&all[i].Membership, h.Spells)
			}
		}
	}
	return nil
}

// driftSpells tells how long members stay.
func driftSpells(m *reports.MembershipDrift, s *result.Spells) {
	m.CameBack, m.Watched = &s.CameBack, &s.Watched
	if s.Median != nil {
		days := s.Median.Hours() / 24 //nolint:mnd // Hours of a day.
		m.MedianDays = &days
	}
}

// followAll follows many definitions in one sweep and counts at the points.
func (d *drifting) followAll(ctx context.Context, definitions []check.Definition, sizes map[string]reports.SizeQuestion) (err error) {
	c := &driftCounter{points: d.Points, workers: make([][]driftTally, d.Workers)}
	for _, p := range d.Points {
		c.micros = append(c.micros, timeline.Micros(p))
	}
	request := timeline.Request{
		Plan: plan.BuildFor(d.program, definitions, plan.Options{OverTime: true}),
		From: d.Points[0], To: d.Points[len(d.Points)-1],
	}
	found, err := d.Follower.Follow(ctx, request, d.Workers, c.visit)
	if err != nil {
		return fmt.Errorf("follow sizes: %w", err)
	}
	defer func() { err = errors.Join(err, found.Close(context.WithoutCancel(ctx))) }()
	for i, track := range found.Tracks {
		if !track.Contactable {
			sizes[track.Name] = reports.SizeQuestion{Points: c.total(i, d.program.Zone)}
		}
	}
	for _, dated := range found.Dated {
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

// driftCounter counts members at points, each worker by itself.
type driftCounter struct {
	points  []time.Time
	micros  []int64
	workers [][]driftTally
}

// driftTally are the changes of a track's size by point, and its flows.
type driftTally struct{ steps, entered, exited []int64 }

// visit takes a customer.
func (c *driftCounter) visit(worker int, customer *timeline.Customer) error {
	if c.workers[worker] == nil {
		c.workers[worker] = make([]driftTally, len(customer.Tracks))
	}
	for track, spans := range customer.Tracks {
		if len(spans) > 0 {
			c.workers[worker][track].add(c.micros, spans)
		}
	}
	return nil
}

// add counts the points that lie in spans. Who is a member at two points that
// follow each other has neither come nor gone, whatever was in between.
func (t *driftTally) add(points []int64, spans []timeline.Span) {
	n := len(points)
	if t.steps == nil {
		t.steps, t.entered, t.exited = make([]int64, n+1), make([]int64, n+1), make([]int64, n+1)
	}
	from, to := 0, 0
	count := func() {
		if from == to {
			return
		}
		t.steps[from]++
		t.steps[to]--
		t.entered[from]++
		t.exited[to]++
	}
	for _, span := range spans {
		first, _ := slices.BinarySearch(points, span.From)
		last, _ := slices.BinarySearch(points, span.To)
		if first == to && from < to {
			to = last
			continue
		}
		count()
		from, to = first, last
	}
	count()
}

// total are the points of a track.
func (c *driftCounter) total(track int, zone *time.Location) []reports.SizePoint {
	all := make([]reports.SizePoint, len(c.points))
	size := int64(0)
	for i, at := range c.points {
		p := reports.SizePoint{At: at.In(zone)}
		for _, tallies := range c.workers {
			if tallies == nil || tallies[track].steps == nil {
				continue
			}
			size += tallies[track].steps[i]
			if i > 0 {
				p.Entered += tallies[track].entered[i]
				p.Exited += tallies[track].exited[i]
			}
		}
		p.Size = size
		all[i] = p
	}
	return all
}

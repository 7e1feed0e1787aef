package history

import (
	"context"
	"time"

	"strata/segments/check"
	"strata/segments/result"
	"strata/segments/timeline"
)

// Exact returns how a segment, or each stage of a partition in its order, was at
// points and changed in between. The points are in order, without repeats, and
// their first and last are the range. What cannot be followed is evaluated at
// the points.
func (a *Asker) Exact(ctx context.Context, about About, points []time.Time) (all []result.History, err error) {
	w := newWatch(newRuler(points), a.Workers)
	request := timeline.Request{From: points[0], To: points[len(points)-1]}
	reason := ""
	err = a.follow(ctx, []check.Definition{about.Definition}, request, w.visit, func(found *timeline.Result) error {
		if len(found.Dated) > 0 {
			reason = found.Dated[0].Reason
			return nil
		}
		all = histories(about.asked, points, found.Tracks, w)
		return nil
	})
	if err == nil && reason != "" {
		return a.dated(ctx, about, points, reason)
	}
	return all, err
}

// ExactOfAll is Exact of many definitions and all their stages, from one sweep.
// Those that cannot be followed are left out and returned with the reason.
func (a *Asker) ExactOfAll(ctx context.Context, definitions []check.Definition, points []time.Time) (all []result.History, dated []timeline.Dated, err error) {
	w := newWatch(newRuler(points), a.Workers)
	request := timeline.Request{From: points[0], To: points[len(points)-1]}
	err = a.follow(ctx, definitions, request, w.visit, func(found *timeline.Result) error {
		all, dated = histories(func(int) bool { return true }, points, found.Tracks, w), found.Dated
		return nil
	})
	return all, dated, err
}

// watch counts the customers of workers, each by itself.
type watch struct {
	ruler *ruler
	// workers have the tallies of all tracks, nil for who saw nobody.
	workers [][]*tally
}

func newWatch(r *ruler, workers int) *watch {
	return &watch{ruler: r, workers: make([][]*tally, workers)}
}

// visit takes a customer of a worker.
func (w *watch) visit(worker int, c *timeline.Customer) error {
	tallies := w.workers[worker]
	if tallies == nil {
		tallies = w.tallies(len(c.Tracks))
		w.workers[worker] = tallies
	}
	for i, spans := range c.Tracks {
		if len(spans) > 0 {
			tallies[i].add(w.ruler, spans)
		}
	}
	return nil
}

func (w *watch) tallies(tracks int) []*tally {
	tallies := make([]*tally, tracks)
	for i := range tallies {
		tallies[i] = newTally(len(w.ruler.points))
	}
	return tallies
}

// total adds up what the workers counted.
func (w *watch) total(tracks int) []*tally {
	total := w.tallies(tracks)
	for _, tallies := range w.workers {
		for i, t := range tallies {
			total[i].merge(t)
		}
	}
	return total
}

// histories are the answers for the tracks of stages that were asked for.
func histories(asked func(stage int) bool, points []time.Time, tracks []timeline.Track, w *watch) []result.History {
	total := w.total(len(tracks))
	var all []result.History
	for i, track := range tracks {
		if track.Contactable || !asked(track.Stage) {
			continue
		}
		var contactable *tally
		for j, other := range tracks {
			if other.Contactable && other.Unit == track.Unit && other.Stage == track.Stage {
				contactable = total[j]
			}
		}
		all = append(all, result.History{
			Name: track.Name, Points: total[i].points(points, contactable),
			Spells: total[i].spells(time.Duration(w.ruler.unit) * time.Microsecond),
		})
	}
	return all
}

package snapshot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"strata/segments/evaluate"
	"strata/sql/queries"
	"strata/sql/warehouse"
)

// ErrInterrupted says that runs of other as-ofs lie within a series, or that its
// units are not followed by one and the same run. Its runs are then committed one
// by one.
var ErrInterrupted = errors.New("other runs lie between those of the series")

// Series is runs of the same definitions at several as-ofs that follow each other, known by who changed sides between
// them.
type Series struct {
	// First is the earliest run, with all its members.
	First *evaluate.Result
	// Later are the runs behind it, by as-of.
	Later []SeriesRun
	// Changes is the quoted relation of (point INTEGER, unit INTEGER, customer, entered BOOLEAN, net BOOLEAN): who is in a
	// unit at a point and was not at the one before, or the reverse. Point From+i is Later[i-1]; those up to From and behind
	// the last do not count. Unit -1 is the population, others are places in First's units. A customer is the row id of a
	// key in Keys, whose first column it is. Net, where not NULL, says whether a change is the customer's last of all
	// points and leads to another side than at the first of them.
	Changes, Keys string
	From          int
	// Whole says that the series has all points of Changes.
	Whole bool
}

// SeriesRun is a run of a series. Members of units are known by changes alone.
type SeriesRun struct {
	AsOf      time.Time
	Customers int64
	// Sizes and Contactable are those of the units of the first run.
	Sizes, Contactable []int64
	Sources            []evaluate.SourceMark
	Duration           time.Duration
}

// CommitSeries writes all runs of a series, or none. What is stored is what Commit would store for each of them; it costs
// what the changes cost, because no member is looked at twice. Kinds and clock are those of the options for all runs. The
// error wraps ErrInterrupted where the runs cannot be written together; others are those of Commit.
func CommitSeries(ctx context.Context, db *warehouse.DB, s Series, opt CommitOptions) ([]Run, error) {
	var runs []Run
	err := Update(ctx, db, func(ctx context.Context, tx warehouse.Session) error {
		c := newCommit(tx, s.First, opt)
		c.relations["series_changes"], c.relations["series_keys"] = s.Changes, s.Keys
		if err := c.write(ctx); err != nil {
			return err
		}
		w := series{commit: &c, Series: s}
		if err := w.write(ctx); err != nil {
			return err
		}
		for id := c.run; id <= c.run+int64(len(s.Later)); id++ {
			run, err := readRun(ctx, c.session, id)
			if err != nil {
				return err
			}
			runs = append(runs, run)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("commit the runs from %s on: %w", s.First.AsOf.UTC().Format(time.RFC3339), err)
	}
	return runs, nil
}

// series is the runs behind the first, which is written.
type series struct {
	*commit
	Series
	following int64
}

func (w *series) lastAsOf() time.Time {
	return w.Later[len(w.Later)-1].AsOf.UTC().Truncate(time.Microsecond)
}

// lastRun is the id of the last run.
func (w *series) lastRun() int64 { return w.run + int64(len(w.Later)) }

func (w *series) write(ctx context.Context) error {
	if len(w.Later) == 0 {
		return nil
	}
	tables := []string{"series_unit", "series_person", "series_gone", "series_change", "series_net", "series_follow"}
	return w.scratch(ctx, tables, func() error {
		for _, step := range []func(context.Context) error{w.look, w.describeAll, w.log, w.link} {
			if err := step(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// segments are the store's ids of all units, the population's first.
func (w *series) segments() []int64 { return append([]int64{0}, w.ids...) }

// look finds what stands behind the series.
func (w *series) look(ctx context.Context) error {
	var same bool
	var within int64
	err := w.row(ctx, []any{&w.following, &same, &within}, "series/neighbour",
		queries.Values{"first": w.asOf, "last": w.lastAsOf(), "segments": w.segments()})
	if err == nil && (!same || within > 0) {
		err = ErrInterrupted
	}
	return err
}

// describeAll writes the runs and what they evaluated.
func (w *series) describeAll(ctx context.Context) error {
	var runs, points, units, segments, sizes, contactables []int64
	var definitions []string
	add := func(run, point, unit, segment, size, contactable int64, definition string) {
		runs, points, units, segments = append(runs, run), append(points, point), append(units, unit), append(segments, segment)
		sizes, contactables, definitions = append(sizes, size), append(contactables, contactable), append(definitions, definition)
	}
	for i, r := range w.Later {
		run, point := w.run+int64(i)+1, int64(i)+1
		add(run, point, -1, 0, r.Customers, r.Customers, "")
		for j, u := range w.First.Units {
			add(run, point, int64(j), w.ids[j], r.Sizes[j], r.Contactable[j], u.Hash)
		}
		as := *w.First
		as.AsOf, as.Sources, as.Duration = r.AsOf, r.Sources, r.Duration
		if err := w.describeRun(ctx, run, &as); err != nil {
			return err
		}
	}
	return w.exec(ctx, "series/unit", queries.Values{
		"runs": runs, "points": points, "units": units, "segments": segments, "definitions": definitions, "sizes": sizes, "contactables": contactables,
	})
}

// log writes the differences.
func (w *series) log(ctx context.Context) error {
	values := queries.Values{"first": w.run, "from": w.From, "whole": w.Whole}
	err := w.steps(ctx, values, "series/customer", "series/person", "series/gone", "series/change", "series/segment_run")
	if err != nil {
		return err
	}
	if err := w.disagreement(ctx, "series/disagreement"); err != nil {
		return err
	}
	return w.exec(ctx, "series/log", nil)
}

// link makes what stands behind the series, or the newest members, follow from its last run.
func (w *series) link(ctx context.Context) error {
	if err := w.exec(ctx, "series/net", nil); err != nil {
		return err
	}
	if w.following > 0 {
		return w.steps(ctx, queries.Values{"following": w.following, "last": w.lastRun()},
			"series/follow", "series/clear", "series/rewrite", "series/count")
	}
	if err := w.steps(ctx, nil, "series/leave", "series/join"); err != nil {
		return err
	}
	last := *w.commit
	last.run, last.opt.State = w.lastRun(), nil
	return last.keepState(ctx)
}

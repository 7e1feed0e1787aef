package snapshot

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"strata/sql/queries"
)

// link is one run in the chain of a unit.
type link struct {
	run          int64
	asOf         time.Time
	supersededBy int64 // 0 while the run counts.
	changes      int64 // Rows of its difference.
	based        bool  // A full copy of its members is kept.
}

// chain is all runs of one unit. Those that count stand in a row by as-of, each with a difference from the one before; a
// superseded run hangs on the run that took its place.
type chain struct {
	counted []link
	byRun   map[int64]link
}

// newChain sorts links given in any order.
func newChain(links []link) chain {
	c := chain{byRun: make(map[int64]link, len(links))}
	for _, l := range links {
		c.byRun[l.run] = l
		if l.supersededBy == 0 {
			c.counted = append(c.counted, l)
		}
	}
	slices.SortFunc(c.counted, func(a, b link) int { return a.asOf.Compare(b.asOf) })
	return c
}

// readChain reads the chain of a unit.
func readChain(ctx context.Context, s session, segment int64) (chain, error) {
	var links []link
	err := s.each(ctx, "read/chain", queries.Values{"segment": segment}, func(rows *sql.Rows) error {
		var l link
		var by sql.NullInt64
		err := rows.Scan(&l.run, &l.asOf, &by, &l.changes, &l.based)
		l.supersededBy = by.Int64
		links = append(links, l)
		return err
	})
	if err != nil {
		return chain{}, fmt.Errorf("read chain: %w", err)
	}
	return newChain(links), nil
}

// newest returns the run whose members are stored as the present ones.
func (c chain) newest() int64 {
	if len(c.counted) == 0 {
		return 0
	}
	return c.counted[len(c.counted)-1].run
}

// up returns the runs whose differences lead from the oldest run to the given one.
func (c chain) up(run int64) map[int64]bool {
	steps := map[int64]bool{}
	at := c.byRun[run]
	for at.supersededBy != 0 {
		steps[at.run] = true
		at = c.byRun[at.supersededBy]
	}
	for _, l := range c.counted {
		if l.asOf.After(at.asOf) {
			break
		}
		steps[l.run] = true
	}
	return steps
}

// route returns the runs, sorted, whose differences lead from one run to another. A difference that is used in both
// directions is not needed at all.
func (c chain) route(from, to int64) []int64 {
	a, b := c.up(from), c.up(to)
	steps := []int64{}
	for run := range a {
		if !b[run] {
			steps = append(steps, run)
		}
	}
	for run := range b {
		if !a[run] {
			steps = append(steps, run)
		}
	}
	slices.Sort(steps)
	return steps
}

// source says how to read the members of a run: a full copy (of the run base, 0 for the newest members) and the runs
// whose differences change it into what is wanted.
type source struct {
	base  int64
	steps []int64
}

// nearest returns the source with the fewest changes to apply.
func (c chain) nearest(run int64) source {
	best := source{steps: c.route(c.newest(), run)}
	least := c.cost(best.steps)
	for _, l := range c.byRun {
		if !l.based {
			continue
		}
		steps := c.route(l.run, run)
		// Equal costs are decided by the run, so that the same question reads the same rows every time.
		if cost := c.cost(steps); cost < least || cost == least && best.base > l.run {
			best, least = source{base: l.run, steps: steps}, cost
		}
	}
	return best
}

// cost is the number of changes in the differences of the runs.
func (c chain) cost(runs []int64) int64 {
	var sum int64
	for _, run := range runs {
		sum += c.byRun[run].changes
	}
	return sum
}

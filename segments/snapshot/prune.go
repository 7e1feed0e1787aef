package snapshot

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"strata/sql/queries"
	"strata/sql/warehouse"
)

// Prune removes the runs that the policy lets go, in one transaction. What changed in them is added to the difference of
// the run that follows, so nothing that stays changes its members. A dry run only counts, and needs the store for
// reading. The store is verified before anything becomes final: *ContradictionError says that it was not right.
func Prune(ctx context.Context, db *warehouse.DB, policy Policy) (Pruned, error) {
	open := Update
	if policy.DryRun {
		open = View
	}
	var pruned Pruned
	// To remove something from a store that is not there is no reason to make one.
	err := View(ctx, db, func(context.Context, warehouse.Session) error { return nil })
	if errors.Is(err, ErrEmpty) {
		return Pruned{}, nil
	}
	if err != nil {
		return Pruned{}, fmt.Errorf("prune runs: %w", err)
	}
	err = open(ctx, db, func(ctx context.Context, tx warehouse.Session) error {
		p := prune{session: session{tx: tx}}
		if err := p.choose(ctx, policy); err != nil || len(p.doomed) == 0 {
			return err
		}
		err := p.scratch(ctx, []string{"doomed", "target", "route", "changed", "rewrite"}, func() error {
			if err := p.merge(ctx); err != nil || policy.DryRun {
				return err
			}
			return p.remove(ctx)
		})
		pruned = p.pruned
		return err
	})
	if err != nil {
		return Pruned{}, fmt.Errorf("prune runs: %w", err)
	}
	return pruned, nil
}

// prune is a set of runs on their way out.
type prune struct {
	session
	doomed []int64
	pruned Pruned
}

// choose finds the runs that nothing protects. Runs of one as-of go together, since the superseded ones are kept as
// differences from the one that counts.
func (p *prune) choose(ctx context.Context, policy Policy) error {
	if policy.KeepLast <= 0 && policy.Before.IsZero() {
		return nil
	}
	moments := 0
	var last time.Time
	err := p.each(ctx, "prune/moments", nil, func(rows *sql.Rows) error {
		var run int64
		var asOf time.Time
		var newest bool
		if err := rows.Scan(&run, &asOf, &newest); err != nil {
			return err
		}
		if moments == 0 || !asOf.Equal(last) {
			moments, last = moments+1, asOf
		}
		late := !policy.Before.IsZero() && !asOf.Before(policy.Before)
		if !newest && !late && moments > policy.KeepLast {
			p.doomed = append(p.doomed, run)
		}
		return nil
	})
	if err != nil || len(p.doomed) == 0 {
		return err
	}
	runs, err := readRuns(ctx, p.session, everyRun())
	if err != nil {
		return err
	}
	for _, run := range slices.Backward(runs) {
		if slices.Contains(p.doomed, run.ID) {
			p.pruned.Runs = append(p.pruned.Runs, run)
		}
	}
	return nil
}

// merge computes the differences of the runs that stay and follow one that goes.
func (p *prune) merge(ctx context.Context) error {
	if err := p.steps(ctx, queries.Values{"runs": p.doomed}, "prune/doomed", "prune/target"); err != nil {
		return err
	}
	route, err := p.routes(ctx)
	if err != nil {
		return err
	}
	if err := p.steps(ctx, route, "prune/route", "prune/changed", "prune/rewrite"); err != nil {
		return err
	}
	return p.row(ctx, []any{&p.pruned.ChangesBefore, &p.pruned.ChangesAfter}, "prune/balance", nil)
}

// routes returns by which differences of the population one gets from the run before a gap to the one behind it.
func (p *prune) routes(ctx context.Context) (queries.Values, error) {
	var pairs [][2]int64
	err := p.each(ctx, "prune/origins", nil, func(rows *sql.Rows) error {
		var pair [2]int64
		err := rows.Scan(&pair[0], &pair[1])
		pairs = append(pairs, pair)
		return err
	})
	if err != nil {
		return nil, err
	}
	customers, err := readChain(ctx, p.session, 0)
	if err != nil {
		return nil, err
	}
	var targets, origins, steps []int64
	for _, pair := range pairs {
		for _, step := range customers.route(pair[1], pair[0]) {
			targets, origins, steps = append(targets, pair[0]), append(origins, pair[1]), append(steps, step)
		}
	}
	return queries.Values{"targets": targets, "origins": origins, "steps": steps}, nil
}

// remove writes the merged differences and deletes what belongs to the runs. What is left must agree with itself, or
// nothing of it happens: a difference that is gone cannot be computed again.
func (p *prune) remove(ctx context.Context) error {
	err := p.steps(ctx, nil,
		"rewrite/clear", "rewrite/insert", "rewrite/count", "prune/link", "prune/first",
		"prune/delete_membership_change", "prune/delete_membership_base", "prune/delete_profile",
		"prune/delete_source_mark", "prune/delete_segment_run", "prune/delete_run")
	if err != nil {
		return err
	}
	for _, check := range checks {
		problems, err := p.problems(ctx, check.statement)
		if err != nil {
			return err
		}
		if len(problems) > 0 {
			return &ContradictionError{Problem: problems[0]}
		}
	}
	return nil
}

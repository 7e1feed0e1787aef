package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"strata/segments/evaluate"
	"strata/segments/result"
	"strata/sql/queries"
)

// textKey is the type that keys are compared as.
const textKey = "VARCHAR"

// dated evaluates a definition at each point and compares the members of each
// with those of the one before.
func (a *Asker) dated(ctx context.Context, about About, points []time.Time, reason string) (all []result.History, err error) {
	if err := a.Evaluator.UniqueKeys(ctx); err != nil {
		return nil, err
	}
	names := about.names()
	all = make([]result.History, len(names))
	for i, name := range names {
		all[i] = result.History{Name: name, Reason: reason, Points: make([]result.HistoryPoint, len(points))}
	}
	tables := [2]string{a.scratch("members"), a.scratch("other members")}
	defer func() { err = errors.Join(err, a.drop(ctx, tables[:]...)) }()
	for i, at := range points {
		if a.Step != nil {
			a.Step(i, len(points))
		}
		now, before := tables[i%2], tables[(i+1)%2]
		if err := a.Evaluator.MembersByKey(ctx, about.Definition, at, evaluate.KeyTable{Name: now, KeyType: textKey}); err != nil {
			return nil, fmt.Errorf("as of %s: %w", at.Format(time.RFC3339), err)
		}
		if i == 0 {
			before = now
		}
		for stage := range all {
			all[stage].Points[i] = datedPoint(at, i == 0, about.gated())
		}
		if err := a.compare(ctx, now, before, func(stage int) *result.HistoryPoint { return &all[stage].Points[i] }); err != nil {
			return nil, err
		}
	}
	asked := all[:0]
	for i, h := range all {
		if about.asked(i) {
			asked = append(asked, h)
		}
	}
	return asked, nil
}

// datedPoint is a point before anybody was counted.
func datedPoint(at time.Time, first, gated bool) result.HistoryPoint {
	p := result.HistoryPoint{At: at}
	if gated {
		p.Contactable = new(int64)
	}
	if !first {
		p.Entered, p.Exited = new(int64), new(int64)
	}
	return p
}

// compare fills the points of stages from the members at two moments.
func (a *Asker) compare(ctx context.Context, now, before string, point func(stage int) *result.HistoryPoint) error {
	relations := queries.Relations{"members": now, "before": before}
	return a.each(ctx, "timeline/moves", nil, relations, func(rows *sql.Rows) error {
		var stage int
		var size, contactable, entered, exited int64
		if err := rows.Scan(&stage, &size, &contactable, &entered, &exited); err != nil {
			return err
		}
		p := point(stage)
		p.Size = size
		if p.Contactable != nil {
			*p.Contactable = contactable
		}
		if p.Entered != nil {
			*p.Entered, *p.Exited = entered, exited
		}
		return nil
	})
}

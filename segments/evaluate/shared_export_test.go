package evaluate

import (
	"context"
	"errors"
	"slices"

	"strata/segments/compile"
	"strata/segments/plan"
	"strata/sql/warehouse"
)

// Keys are the keys, as text, of those for whom a formula over the words holds,
// in the order of keys.
func (w *Words) Keys(ctx context.Context, f *plan.Formula) ([]string, error) {
	statement, err := w.shared.Keys(f)
	if err != nil {
		return nil, err
	}
	keys := []string{}
	err = w.evaluator.query(ctx, statement, func(row []any) error {
		keys = append(keys, warehouse.Text(row[0]))
		return nil
	})
	return keys, err
}

// Tables are the tables of the words that are still there, and all that were
// made on the way.
func (w *Words) Tables() (kept, all []string) {
	for _, step := range w.shared.Steps {
		all = append(all, step.Table)
		if !step.Temporary {
			kept = append(kept, step.Table)
		}
	}
	return kept, all
}

// MemberRow is a row of the members of a run.
type MemberRow struct {
	Unit        int
	Key         string
	Contactable bool
}

// MembersOf reads the members that a run left.
func (e *Evaluator) MembersOf(ctx context.Context, r *Result) (list []MemberRow, err error) {
	rows, err := e.db.Query(ctx, "SELECT unit, CAST(key AS VARCHAR), contactable FROM "+r.Members)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var row MemberRow
		if err := rows.Scan(&row.Unit, &row.Key, &row.Contactable); err != nil {
			return nil, err
		}
		list = append(list, row)
	}
	return list, rows.Err()
}

// Guarded reports whether the counters of the evaluation could overflow, so that
// the rows of customers were looked at.
func (w *Words) Guarded() bool {
	return slices.ContainsFunc(w.shared.Steps, func(s compile.SharedStep) bool { return s.Most != nil })
}

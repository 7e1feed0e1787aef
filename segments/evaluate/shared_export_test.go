package evaluate

import (
	"context"
	"errors"
	"slices"
	"time"

	"strata/segments/check"
	"strata/segments/compile"
)

// StandaloneMembers are the keys of a definition by its own statement, whatever
// words are there.
func (e *Evaluator) StandaloneMembers(ctx context.Context, d check.Definition, asOf time.Time) ([]string, error) {
	compiler, err := e.Compiler(ctx, asOf, ForRunning)
	if err != nil {
		return nil, err
	}
	statement, err := compiler.Members(d)
	if err != nil {
		return nil, err
	}
	return e.keys(ctx, statement)
}

// StandaloneNumbers are the customers, the numbers of a segment's leaves (alone,
// so far and without) and its members and contactable members, by statements
// of their own.
func (e *Evaluator) StandaloneNumbers(ctx context.Context, s *check.Segment, asOf time.Time) ([]int64, error) {
	compiler, err := e.Compiler(ctx, asOf, ForRunning)
	if err != nil {
		return nil, err
	}
	funnel, err := compiler.Funnel(s.Where)
	if err != nil {
		return nil, err
	}
	count, err := compiler.Count(s, s.Gates)
	if err != nil {
		return nil, err
	}
	numbers := make([]int64, 1+3*len(s.Where.Leaves())+2)
	dest := make([]any, len(numbers))
	for i := range numbers {
		dest[i] = &numbers[i]
	}
	if err := e.db.Row(ctx, dest[:len(dest)-2], funnel.SQL, funnel.Args...); err != nil {
		return nil, err
	}
	var customers int64
	return numbers, e.db.Row(ctx, append(dest[len(dest)-2:], &customers), count.SQL, count.Args...)
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

package snapshot

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"strata/sql/queries"
	"strata/sql/warehouse"
)

// Verified is what Verify looked at and what it found. A store without runs has none of it.
type Verified struct {
	// Runs counts the runs, Units the segments and stages that the store knows.
	Runs, Units int64
	// Checks are all that was asked, in order.
	Checks []Check
}

// Check is one question to the store.
type Check struct {
	// Name is one word for it, such as "log"; Asked says in a sentence what must be so.
	Name, Asked string
	// Counted is how much was looked at, Of what that is, such as "changes".
	Counted int64
	Of      string
	// Problems are what contradicts the sentence. None is good news.
	Problems []Problem
}

// Problems returns those of all checks.
func (v Verified) Problems() []Problem {
	var all []Problem
	for _, c := range v.Checks {
		all = append(all, c.Problems...)
	}
	return all
}

// checks are the questions with the statements that answer them. Together the first four say that every past run can be
// read: the newest members are those that were counted, and each difference leads from one run to the next by size, by hash
// and customer by customer.
var checks = []struct{ name, of, statement, asked string }{
	{"members", "members", "verify/01_newest_members", "the stored members are those of the newest run"},
	{"differences", "differences", "verify/02_differences", "each difference leads from one run to the next, by size and hash"},
	{"chain", "unit runs", "verify/03_chain", "runs follow each other by as-of"},
	{"log", "changes", "verify/04_replay", "the log of changes replays to the stored members"},
	{"copies", "copies", "verify/05_bases", "each full copy is that of its run"},
	{"customers", "customers", "verify/06_customers", "every customer has one id, and every id one customer"},
	{"rows", "rows", "verify/07_rows", "no row stands twice or is about somebody unknown"},
	{"runs", "runs", "verify/08_runs", "every run has a population and an id that was given out"},
	{"definitions", "definitions", "verify/09_definitions", "what each unit meant at each run is there"},
	{"belongings", "rows", "verify/10_belongings", "what belongs to a run, unit or campaign names one that is there"},
	{"inside", "members", "verify/11_inside", "members are customers"},
	{"freezes", "customers", "verify/12_freezes", "every frozen campaign has its customers, each in one of its arms"},
}

// Verify looks for contradictions inside the store. It reads all of it.
func Verify(ctx context.Context, db *warehouse.DB) (Verified, error) {
	var found Verified
	err := View(ctx, db, func(ctx context.Context, tx warehouse.Session) error {
		s := session{tx: tx}
		counted, err := s.count(ctx, &found)
		if err != nil {
			return err
		}
		for _, c := range checks {
			problems, err := s.problems(ctx, c.statement)
			if err != nil {
				return err
			}
			found.Checks = append(found.Checks, Check{
				Name: c.name, Asked: c.asked, Counted: counted[c.name], Of: c.of, Problems: problems,
			})
		}
		return nil
	})
	if errors.Is(err, ErrEmpty) {
		return Verified{}, nil
	}
	if err != nil {
		return Verified{}, fmt.Errorf("verify the store: %w", err)
	}
	return found, nil
}

// count counts what there is, for each check what it looks at.
func (s session) count(ctx context.Context, found *Verified) (map[string]int64, error) {
	var unitRuns, differences, members, changes, copies, customers, definitions, belongings, frozen int64
	err := s.row(ctx, []any{
		&found.Runs, &found.Units, &unitRuns, &differences, &members, &changes, &copies, &customers, &definitions, &belongings,
		&frozen,
	}, "verify/counted", nil)
	return map[string]int64{
		"members": members, "differences": differences, "chain": unitRuns, "log": changes, "copies": copies,
		"customers": customers, "rows": members + changes, "runs": found.Runs, "definitions": definitions,
		"belongings": belongings, "inside": members, "freezes": frozen,
	}, err
}

// problems asks one question.
func (s session) problems(ctx context.Context, statement string) (problems []Problem, err error) {
	err = s.each(ctx, statement, queries.Values{}, func(rows *sql.Rows) error {
		var p Problem
		var run sql.NullInt64
		err := rows.Scan(&run, &p.Unit, &p.Text)
		p.Run = run.Int64
		problems = append(problems, p)
		return err
	})
	return problems, err
}

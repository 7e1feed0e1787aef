package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/plan"
	"strata/segments/timeline"
	"strata/sql/dialect"
	"strata/sql/queries"
	"strata/sql/warehouse"
)

// Follower finds the spans of a plan's units over a range of as-ofs and hands
// them to visit, customer by customer: concurrently, by worker number < workers.
type Follower interface {
	Follow(ctx context.Context, r timeline.Request, workers int, visit timeline.Visitor) (*timeline.Result, error)
}

// Asker answers questions about time.
type Asker struct {
	Follower  Follower
	Evaluator *evaluate.Evaluator
	DB        *warehouse.DB
	// Workers is how many goroutines look at customers, at least 1.
	Workers int
	// Step, where set, is told before each point that is evaluated by itself how
	// many are done, and of how many.
	Step func(done, all int)
}

// About is what a question is about: a segment or a partition, and of a
// partition one stage or, with "", all of them.
type About struct {
	Definition check.Definition
	Stage      string
}

// follow follows the customers of definitions over a range and closes what was
// found when use has used it.
func (a *Asker) follow(ctx context.Context, definitions []check.Definition, r timeline.Request, visit timeline.Visitor, use func(*timeline.Result) error) (err error) {
	r.Plan = plan.BuildFor(a.Evaluator.Program(), definitions, plan.Options{OverTime: true})
	found, err := a.Follower.Follow(ctx, r, a.Workers, visit)
	if err != nil {
		if len(definitions) == 1 {
			err = fmt.Errorf("follow %s: %w", definitions[0].DefinitionName(), err)
		}
		return err
	}
	defer func() { err = errors.Join(err, found.Close(context.WithoutCancel(ctx))) }()
	return use(found)
}

// names are the names of what has members, by stage; a segment is its only
// stage.
func (about About) names() []string {
	p, ok := about.Definition.(*check.Partition)
	if !ok {
		return []string{about.Definition.DefinitionName()}
	}
	names := make([]string, 0, len(p.Stages))
	for _, stage := range p.Stages {
		names = append(names, p.DefinitionName()+"."+stage.Name)
	}
	return names
}

// asked reports whether the question is about a stage, by its place.
func (about About) asked(stage int) bool {
	p, ok := about.Definition.(*check.Partition)
	return !ok || about.Stage == "" || p.Stages[stage].Name == about.Stage
}

// gated reports whether members are told apart from those who may be contacted.
func (about About) gated() bool { return len(check.GatesOf(about.Definition)) > 0 }

// scratch is the relation of a table of ours in the in-memory database.
func (a *Asker) scratch(what string) string {
	return dialect.Qualified("memory", "main", fmt.Sprintf("strata %d %s", a.DB.Number(), what))
}

// drop drops tables of ours, also when the context has ended.
func (a *Asker) drop(ctx context.Context, tables ...string) error {
	for _, table := range tables {
		text := queries.With(queries.Text("timeline/drop"), queries.Relations{"scratch": table})
		if _, err := a.DB.Exec(context.WithoutCancel(ctx), text); err != nil {
			return fmt.Errorf("drop a table of members: %w", err)
		}
	}
	return nil
}

// each runs a named statement and calls scan for every row.
func (a *Asker) each(ctx context.Context, name string, values queries.Values, relations queries.Relations, scan func(*sql.Rows) error) (err error) {
	text, args, err := queries.Fill(name, values)
	if err != nil {
		return err
	}
	rows, err := a.DB.Query(ctx, queries.With(text, relations), args...)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
	}
	return rows.Err()
}

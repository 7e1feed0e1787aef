package revision

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/evaluate"
	"strata/segments/plan"
	"strata/sql/dialect"
	"strata/sql/queries"
	"strata/sql/warehouse"
)

// Options say what is compared.
type Options struct {
	// Before is what the version before is called.
	Before Version
	// AsOf is the moment of both evaluations, and KnownAt, where set, hides rows
	// that were loaded later.
	AsOf    time.Time
	KnownAt *time.Time
	// Selectors choose segments and partitions of either version, as
	// check.Program.Select has them; none choose all.
	Selectors []string
	// Examples is how many customers are named on each side of a change.
	Examples int64
}

// side is one version.
type side struct {
	program   *check.Program
	evaluator *evaluate.Evaluator
	words     *evaluate.Words
}

// comparison is one comparison on its way.
type comparison struct {
	db            *warehouse.DB
	before, after *side
	options       Options
	labels        labels
	// sources are those that are mapped differently, and zone says that the time
	// zone differs: both concern definitions that are written the same.
	sources map[string]bool
	zone    bool
	// keyType is the type of the keys of all tables, whose names begin with name.
	keyType, name string
	report        *Report
}

// Compare evaluates what differs between two versions on one warehouse at one
// as-of and compares customers by key. Definitions that mean the same in both are
// counted and not evaluated. Nothing stays in the database, also when ctx ends.
// The error is a *SelectionError where a selector finds nothing in either, and a
// *BeforeError where the version before cannot be evaluated.
func Compare(ctx context.Context, db *warehouse.DB, before, after *check.Program, options Options) (*Report, error) {
	c := newComparison(db, after, options)
	c.before = newSide(db, before, options.KnownAt)
	c.labels = labels{programs: []*check.Program{after, before}}
	c.report.Notes, c.sources, c.zone = projectNotes(before.Set, after.Set)
	c.report.Edits = edits(before.Set, after.Set)
	if before.Customers.Key.Physical != after.Customers.Key.Physical {
		c.keyType = "VARCHAR" // What has two types is compared as text.
	}
	chosen, err := c.chosen(pairs(before, after))
	if err != nil {
		return nil, err
	}
	c.report.Renames = renames(chosen)
	if err := errors.Join(c.compare(ctx, chosen), c.close(context.WithoutCancel(ctx))); err != nil {
		return nil, err
	}
	return c.report, nil
}

func newComparison(db *warehouse.DB, after *check.Program, options Options) *comparison {
	return &comparison{
		db: db, after: newSide(db, after, options.KnownAt), options: options,
		keyType: after.Customers.Key.Physical, name: fmt.Sprintf("strata revision %d ", db.Number()),
		report: &Report{AsOf: options.AsOf, KnownAt: options.KnownAt, Before: options.Before},
	}
}

func newSide(db *warehouse.DB, program *check.Program, knownAt *time.Time) *side {
	s := &side{program: program, evaluator: evaluate.New(db, program)}
	if knownAt != nil {
		s.evaluator = s.evaluator.KnownAt(*knownAt)
	}
	return s
}

// chosen are the pairs that selectors ask for in either version.
func (c *comparison) chosen(all []pair) ([]pair, error) {
	if len(c.options.Selectors) == 0 {
		return all, nil
	}
	wanted := map[check.Definition]bool{}
	for _, selector := range c.options.Selectors {
		now, err := c.after.program.Select([]string{selector})
		old, gone := c.before.program.Select([]string{selector})
		if err != nil && gone != nil {
			return nil, &SelectionError{Err: err}
		}
		for _, d := range slices.Concat(now, old) {
			wanted[d] = true
		}
	}
	return slices.DeleteFunc(all, func(p pair) bool { return !wanted[p.before] && !wanted[p.after] }), nil
}

// compare evaluates the pairs that differ and adds up the report.
func (c *comparison) compare(ctx context.Context, all []pair) error {
	var differing []pair
	var texts []differences
	for _, p := range all {
		found, differs := c.compareTexts(p)
		if !differs {
			c.report.Unchanged++
			continue
		}
		differing, texts = append(differing, p), append(texts, found)
	}
	if err := c.evaluate(ctx, differing); err != nil {
		return err
	}
	for i, p := range differing {
		change, err := c.one(ctx, p, texts[i])
		if err != nil {
			return fmt.Errorf("compare %s: %w", p.any().DefinitionName(), err)
		}
		if change.Status == Affected && change.Skipped == "" && !change.moves() && len(texts[i].parts) == len(texts[i].around) {
			// Another source or zone concerns everybody; only whom it moves is named.
			c.report.Unchanged++
			continue
		}
		c.report.Changes = append(c.report.Changes, change)
	}
	c.report.affects()
	return nil
}

// evaluate makes the words of both versions for what they hold.
func (c *comparison) evaluate(ctx context.Context, differing []pair) error {
	var before, after []check.Definition
	for _, p := range differing {
		if p.before != nil {
			before = append(before, p.before)
		}
		if p.after != nil {
			after = append(after, p.after)
		}
	}
	if err := c.after.evaluate(ctx, after, c.options.AsOf); err != nil {
		return err
	}
	if err := c.before.evaluate(ctx, before, c.options.AsOf); err != nil {
		return &BeforeError{Version: c.options.Before, Err: err}
	}
	return nil
}

// SelectionError says that a selector finds nothing.
type SelectionError struct{ Err error }

// Error names the selector.
func (e *SelectionError) Error() string { return e.Err.Error() }

// Unwrap returns the error of check.Program.Select on the working files.
func (e *SelectionError) Unwrap() error { return e.Err }

// BeforeError says that the version before cannot be evaluated, which is no
// fault of the working files.
type BeforeError struct {
	Version Version
	Err     error
}

// Error names the version and the reason.
func (e *BeforeError) Error() string {
	return fmt.Sprintf("%s cannot be evaluated on the present data: %v", e.Version.Name, e.Err)
}

// Unwrap returns the reason.
func (e *BeforeError) Unwrap() error { return e.Err }

// evaluate makes the words of those definitions that can be evaluated together.
func (s *side) evaluate(ctx context.Context, definitions []check.Definition, asOf time.Time) error {
	var shared []check.Definition
	for _, unit := range plan.Build(s.program, definitions).Units {
		if unit.Alone == "" {
			shared = append(shared, unit.Definition)
		}
	}
	if len(shared) == 0 {
		if len(definitions) == 0 {
			return nil
		}
		return s.evaluator.UniqueKeys(ctx)
	}
	var err error
	s.words, err = s.evaluator.Words(ctx, shared, asOf)
	return err
}

// The tables of a comparison.
const (
	beforeTable       = "before"
	afterTable        = "after"
	movesTable        = "moves"
	leavesBeforeTable = "leaves_before"
	leavesAfterTable  = "leaves_after"
)

// table is a table of the comparison.
func (c *comparison) table(name string) evaluate.KeyTable {
	return evaluate.KeyTable{Name: dialect.Qualified("memory", "main", c.name+name), KeyType: c.keyType}
}

// fill returns a statement that reads and makes tables of the comparison.
func (c *comparison) fill(name string, values queries.Values) (compile.Statement, error) {
	text, args, err := queries.Fill("revision/"+name, values)
	relations := queries.Relations{}
	for _, table := range []string{beforeTable, afterTable, movesTable, leavesBeforeTable, leavesAfterTable} {
		relations[table] = c.table(table).Name
	}
	return compile.Statement{SQL: queries.With(text, relations), Args: args}, err
}

func (c *comparison) exec(ctx context.Context, name string, values queries.Values) error {
	statement, err := c.fill(name, values)
	if err != nil {
		return err
	}
	if _, err := c.db.Exec(ctx, statement.SQL, statement.Args...); err != nil {
		return fmt.Errorf("run revision/%s: %w", name, err)
	}
	return nil
}

// rows hands each row of a statement, as plain values, to a function.
func (c *comparison) rows(ctx context.Context, name string, values queries.Values, each func([]any) error) (err error) {
	statement, err := c.fill(name, values)
	if err != nil {
		return err
	}
	if err := c.db.Each(ctx, each, statement.SQL, statement.Args...); err != nil {
		return fmt.Errorf("run revision/%s: %w", name, err)
	}
	return nil
}

// close drops all tables.
func (c *comparison) close(ctx context.Context) error {
	var failed []error
	for _, table := range []string{beforeTable, afterTable, movesTable, leavesBeforeTable, leavesAfterTable} {
		text := queries.With(queries.Text("revision/drop"), queries.Relations{"relation": c.table(table).Name})
		if _, err := c.db.Exec(ctx, text); err != nil {
			failed = append(failed, fmt.Errorf("drop the tables of the comparison: %w", err))
		}
	}
	for _, s := range []*side{c.before, c.after} {
		if s == nil {
			continue
		}
		if s.words != nil {
			failed = append(failed, s.words.Close(ctx))
		}
		failed = append(failed, s.evaluator.Release(ctx))
	}
	return errors.Join(failed...)
}

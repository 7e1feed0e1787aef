package evaluate

import (
	"context"
	"fmt"
	"time"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/plan"
	"strata/segments/result"
	"strata/sql/warehouse"
)

// Members returns the keys of a segment, gate or list as text, in the order of
// keys.
func (e *Evaluator) Members(ctx context.Context, d check.Definition, asOf time.Time) ([]string, error) {
	if words, unit, ok := e.live.find(d, asOf); ok && unit.Members != nil {
		return words.Keys(ctx, unit.Members)
	}
	compiler, err := e.Compiler(ctx, asOf, ForRunning)
	if err != nil {
		return nil, err
	}
	statement, err := compiler.Members(d)
	if err != nil {
		return nil, err
	}
	keys, err := e.keys(ctx, statement)
	if err != nil {
		return nil, fmt.Errorf("evaluate %s: %w", d.DefinitionName(), err)
	}
	return keys, nil
}

// keys are the first column of a statement's rows as text.
func (e *Evaluator) keys(ctx context.Context, statement compile.Statement) ([]string, error) {
	keys := []string{}
	err := e.query(ctx, statement, func(row []any) error {
		keys = append(keys, warehouse.Text(row[0]))
		return nil
	})
	return keys, err
}

// Stages returns the stage of every customer by key.
func (e *Evaluator) Stages(ctx context.Context, p *check.Partition, asOf time.Time) (map[string]string, error) {
	values, err := e.Values(ctx, p, asOf)
	if err != nil {
		return nil, err
	}
	stages := make(map[string]string, len(values))
	for key, value := range values {
		stages[key] = warehouse.Text(value)
	}
	return stages, nil
}

// Values returns the value of a trait, partition, segment or list for every
// customer by key; nil is missing.
func (e *Evaluator) Values(ctx context.Context, d check.Definition, asOf time.Time) (map[string]any, error) {
	compiler, err := e.Compiler(ctx, asOf, ForRunning)
	if err != nil {
		return nil, err
	}
	statement, err := compiler.Values(d)
	if err != nil {
		return nil, err
	}
	values := map[string]any{}
	err = e.query(ctx, statement, func(row []any) error {
		values[warehouse.Text(row[0])] = row[1]
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("evaluate %s: %w", d.DefinitionName(), err)
	}
	return values, nil
}

// Count returns the size of a segment.
func (e *Evaluator) Count(ctx context.Context, s *check.Segment, asOf time.Time) (result.Count, error) {
	count := result.Count{Name: s.DefinitionName(), AsOf: asOf}
	answered, err := e.fromWords(ctx, s, asOf, func(w *Words, unit *plan.Unit) (err error) {
		count, err = w.Count(ctx, unit)
		return err
	})
	if answered || err != nil {
		return count, err
	}
	if err := e.UniqueKeys(ctx); err != nil {
		return count, err
	}
	compiler, err := e.Compiler(ctx, asOf, ForRunning)
	if err != nil {
		return count, err
	}
	statement, err := compiler.Count(s, s.Gates)
	if err != nil {
		return count, err
	}
	dest := []any{&count.Members, &count.Contactable, &count.Customers}
	if err := e.db.Row(ctx, dest, statement.SQL, statement.Args...); err != nil {
		return count, fmt.Errorf("count %s: %w", s.DefinitionName(), err)
	}
	count.Dropped, err = e.dropped(ctx, compiler, s)
	return count, err
}

// CountBy returns the number of members by the value of an expression.
func (e *Evaluator) CountBy(ctx context.Context, d check.Definition, by check.Expr, asOf time.Time) ([]result.Group, error) {
	if err := e.UniqueKeys(ctx); err != nil {
		return nil, err
	}
	compiler, err := e.Compiler(ctx, asOf, ForRunning)
	if err != nil {
		return nil, err
	}
	statement, err := compiler.CountBy(d, by)
	if err != nil {
		return nil, err
	}
	groups := []result.Group{}
	err = e.query(ctx, statement, func(row []any) error {
		members, ok := row[1].(int64)
		if !ok {
			return fmt.Errorf("count of %v is no number", row[0])
		}
		groups = append(groups, result.Group{Value: row[0], Members: members})
		return nil
	})
	return groups, err
}

// List returns rows of customers.
func (e *Evaluator) List(ctx context.Context, l compile.Listing, asOf time.Time) (result.Listing, error) {
	if err := e.UniqueKeys(ctx); err != nil {
		return result.Listing{}, err
	}
	return e.ListFew(ctx, l, asOf)
}

// Funnel counts a rule leaf by leaf.
func (e *Evaluator) Funnel(ctx context.Context, s *check.Segment, asOf time.Time) (result.Funnel, error) {
	funnel := result.Funnel{Name: s.DefinitionName(), AsOf: asOf, Leaves: []result.Leaf{}}
	if s.Where == nil {
		return funnel, fmt.Errorf("segment %s is given by sql and has no leaves to count", s.DefinitionName())
	}
	answered, err := e.fromWords(ctx, s, asOf, func(w *Words, unit *plan.Unit) (err error) {
		funnel, err = w.Funnel(ctx, unit)
		return err
	})
	if answered || err != nil {
		return funnel, err
	}
	if err := e.UniqueKeys(ctx); err != nil {
		return funnel, err
	}
	compiler, err := e.Compiler(ctx, asOf, ForRunning)
	if err != nil {
		return funnel, err
	}
	statement, err := compiler.Funnel(s.Where)
	if err != nil {
		return funnel, err
	}
	numbers := make([]int64, 1+3*len(s.Where.Leaves()))
	dest := make([]any, len(numbers))
	for i := range numbers {
		dest[i] = &numbers[i]
	}
	if err := e.db.Row(ctx, dest, statement.SQL, statement.Args...); err != nil {
		return funnel, fmt.Errorf("count the leaves of %s: %w", s.DefinitionName(), err)
	}
	return funnelOf(s, asOf, numbers), nil
}

// written is an expression as it stands in its file, on one line.
func written(e check.Expr) string { return oneLine(e.Span().Text()) }

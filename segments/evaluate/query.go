package evaluate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/result"
	"strata/sql/warehouse"
)

// Query runs one SELECT of a user over the declared sources and over segments,
// partitions, traits and lists as tables: (key) for what has members, (key,
// value) for what has values. At most limit rows are kept, 0 for all; more says
// that there were others.
func (e *Evaluator) Query(ctx context.Context, text string, asOf time.Time, limit int64) (rows result.Listing, more bool, err error) {
	rows = result.Listing{AsOf: asOf, Columns: []string{}, Rows: [][]any{}}
	allowed := warehouse.Allowed{Tables: e.sourceTables(), Params: e.params(asOf)}
	definitions := map[string]check.Definition{}
	for _, d := range e.definitions() {
		name := d.DefinitionName()
		if _, taken := allowed.Tables[name]; !taken {
			allowed.Tables[name] = "memory.main." + name
			definitions[name] = d
		}
	}
	checked, err := e.db.Guard(ctx, text, allowed)
	if err != nil {
		return rows, false, err
	}
	for _, name := range checked.Tables {
		d, ok := definitions[name]
		if !ok {
			continue
		}
		defer func() { // The rows are read by then; nothing stays in memory.
			_, dropped := e.db.Exec(context.WithoutCancel(ctx), "DROP TABLE IF EXISTS "+scratch(name))
			err = errors.Join(err, dropped)
		}()
		if err := e.materialise(ctx, d, asOf); err != nil {
			return rows, false, fmt.Errorf("evaluate %s: %w", name, err)
		}
	}
	more, err = e.collect(ctx, checked.SQL, limit, &rows)
	return rows, more, err
}

// definitions are all that have members or values.
func (e *Evaluator) definitions() []check.Definition {
	var all []check.Definition
	for _, s := range e.program.Segments {
		all = append(all, s)
	}
	for _, p := range e.program.Partitions {
		all = append(all, p)
	}
	for _, t := range e.program.Traits {
		all = append(all, t)
	}
	for _, l := range e.program.Lists {
		all = append(all, l)
	}
	return all
}

// materialise makes a table of the in-memory database out of a definition.
func (e *Evaluator) materialise(ctx context.Context, d check.Definition, asOf time.Time) error {
	compiler, err := e.Compiler(ctx, asOf, ForRunning)
	if err != nil {
		return err
	}
	var statement compile.Statement
	switch d.(type) {
	case *check.Segment, *check.List:
		statement, err = compiler.Members(d)
	default:
		statement, err = compiler.Values(d)
	}
	if err != nil {
		return err
	}
	_, err = e.db.Exec(ctx, statement.As(scratch(d.DefinitionName())).SQL, statement.Args...)
	return err
}

// collect reads the rows of a statement up to a limit.
func (e *Evaluator) collect(ctx context.Context, text string, limit int64, into *result.Listing) (more bool, err error) {
	rows, err := e.db.Query(ctx, text)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if into.Columns, err = rows.Columns(); err != nil {
		return false, fmt.Errorf("read columns: %w", err)
	}
	for rows.Next() {
		if limit > 0 && int64(len(into.Rows)) == limit {
			return true, nil
		}
		row, err := warehouse.PlainRow(rows)
		if err != nil {
			return false, fmt.Errorf("read row: %w", err)
		}
		into.Rows = append(into.Rows, row)
	}
	return false, rows.Err()
}

// Explain returns the plan by which DuckDB would run a statement.
func (e *Evaluator) Explain(ctx context.Context, s compile.Statement) (string, error) {
	text := ""
	err := e.query(ctx, compile.Statement{SQL: "EXPLAIN " + s.SQL, Args: s.Args}, func(row []any) error {
		text += warehouse.Text(row[len(row)-1])
		return nil
	})
	return text, err
}

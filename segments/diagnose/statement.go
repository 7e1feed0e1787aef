package diagnose

import (
	"context"
	"errors"
	"fmt"
	"time"

	"strata/segments/catalog"
	"strata/segments/compile"
	"strata/segments/definition"
	"strata/sql/warehouse"
)

// run hands every row of a statement, with the names of its columns, to a
// function.
func (e *examination) run(ctx context.Context, s compile.Statement, each func(names []string, row []any)) (err error) {
	rows, err := e.db.Query(ctx, s.SQL, s.Args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	names, err := rows.Columns()
	if err != nil {
		return fmt.Errorf("read columns: %w", err)
	}
	for rows.Next() {
		row, err := warehouse.PlainRow(rows)
		if err != nil {
			return err
		}
		each(names, row)
	}
	return rows.Err()
}

// columns describes what a checked query returns.
func (e *examination) columns(ctx context.Context, query string) ([]definition.Column, error) {
	var columns []definition.Column
	err := e.run(ctx, compile.ColumnsOf(query), func(_ []string, row []any) {
		columns = append(columns, definition.Column{Name: warehouse.Text(row[0]), Type: warehouse.Text(row[1])})
	})
	if err == nil && len(columns) == 0 {
		err = errNoColumns
	}
	return columns, err
}

// health is what was counted in the rows of a source.
type health struct {
	names  []string
	values map[string]any
}

// health reads a source once.
func (e *examination) health(ctx context.Context, s *catalog.Source) (*health, error) {
	statement, err := e.compiler.Health(compile.HealthOf{Source: s, Clock: e.Clock})
	if err != nil {
		return nil, fmt.Errorf("look at source %s: %w", s.Name, err)
	}
	counted := &health{values: map[string]any{}}
	err = e.run(ctx, statement, func(names []string, row []any) {
		counted.names = names
		for i, name := range names {
			counted.values[name] = row[i]
		}
	})
	if err != nil {
		return nil, fmt.Errorf("look at source %s: %w", s.Name, err)
	}
	return counted, nil
}

// count is a counted number, 0 where nothing was counted.
func (h *health) count(name string) int64 {
	n, _ := h.values[name].(int64)
	return n
}

// at is an instant that was found; false where there is none.
func (h *health) at(name string) (time.Time, bool) {
	t, ok := h.values[name].(time.Time)
	return t, ok
}

// text is a value as text.
func (h *health) text(name string) string { return warehouse.Text(h.values[name]) }

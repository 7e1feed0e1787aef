package snapshot

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"strata/sql/dialect"
	"strata/sql/queries"
	"strata/sql/warehouse"
)

// session runs named statements on the attached store. The relations are put into every statement.
type session struct {
	tx        warehouse.Session
	relations queries.Relations
}

// fill returns a statement ready to run.
func (s session) fill(name string, values queries.Values) (string, []any, error) {
	text, args, err := queries.Fill(name, values)
	if err != nil {
		return "", nil, err
	}
	return queries.With(text, s.relations), args, nil
}

// exec runs a statement for what it changes.
func (s session) exec(ctx context.Context, name string, values queries.Values) error {
	text, args, err := s.fill(name, values)
	if err != nil {
		return err
	}
	if _, err := s.tx.Exec(ctx, text, args...); err != nil {
		return fmt.Errorf("run %s: %w", name, err)
	}
	return nil
}

// steps runs statements that share their values; each gets those that it names.
func (s session) steps(ctx context.Context, values queries.Values, names ...string) error {
	for _, name := range names {
		own := queries.Values{}
		for _, parameter := range queries.Parameters(name) {
			if value, ok := values[parameter]; ok {
				own[parameter] = value
			}
		}
		if err := s.exec(ctx, name, own); err != nil {
			return err
		}
	}
	return nil
}

// each calls scan for every row.
func (s session) each(ctx context.Context, name string, values queries.Values, scan func(rows *sql.Rows) error) (err error) {
	text, args, err := s.fill(name, values)
	if err != nil {
		return err
	}
	rows, err := s.tx.Query(ctx, text, args...)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}

// row scans the one row of a statement; without one the error wraps sql.ErrNoRows.
func (s session) row(ctx context.Context, dest []any, name string, values queries.Values) error {
	text, args, err := s.fill(name, values)
	if err != nil {
		return err
	}
	if err := s.tx.Row(ctx, dest, text, args...); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}

// scratch runs fn and then removes the temporary tables that it made, which would otherwise stay with the connection and
// meet the next user of it. After an error they may be gone with the transaction, so that only the error counts.
func (s session) scratch(ctx context.Context, tables []string, fn func() error) error {
	err := fn()
	for _, table := range tables {
		text := queries.With(queries.Text("rewrite/drop"), queries.Relations{"scratch": dialect.Ident(table)})
		if _, failed := s.tx.Exec(context.WithoutCancel(ctx), text); failed != nil && err == nil {
			err = fmt.Errorf("drop temporary table %s: %w", table, failed)
		}
	}
	return err
}

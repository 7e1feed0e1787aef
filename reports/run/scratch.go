package run

import (
	"context"
	"errors"
	"fmt"

	"strata/segments/compile"
	"strata/sql/dialect"
	"strata/sql/queries"
	"strata/sql/warehouse"
)

// scratch are the tables that a question makes in the in-memory database, in
// order. Its owner forgets them all in the end.
type scratch struct {
	db *warehouse.DB
	// of is whose they are, in their names and in messages.
	of   string
	made []string
}

// table is the relation of a new table.
func (s *scratch) table(what string) string {
	name := dialect.Qualified("memory", "main", fmt.Sprintf("strata %s %d %s", s.of, s.db.Number(), what))
	s.made = append(s.made, name)
	return name
}

// into makes a table of a statement's rows.
func (s *scratch) into(ctx context.Context, table string, statement compile.Statement) error {
	statement = statement.As(table)
	_, err := s.db.Exec(ctx, statement.SQL, statement.Args...)
	return err
}

// drop drops a table, if it is there.
func (s *scratch) drop(ctx context.Context, table string) error {
	if _, err := s.db.Exec(ctx, queries.With(queries.Text("timeline/drop"), queries.Relations{"scratch": table})); err != nil {
		return fmt.Errorf("drop a table of the %s: %w", s.of, err)
	}
	return nil
}

// forget drops the tables that were made since there were so many.
func (s *scratch) forget(ctx context.Context, since int) error {
	var failed []error
	for _, table := range s.made[since:] {
		failed = append(failed, s.drop(ctx, table))
	}
	s.made = s.made[:since]
	return errors.Join(failed...)
}

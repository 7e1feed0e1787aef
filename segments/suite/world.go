package suite

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/sql/dialect"
	"strata/sql/warehouse"
)

// storable returns a program whose sources are all tables: a source that is
// given by a query gets a table of the query's columns in its place, because a
// test speaks of the rows that come out of the query. The definitions are
// checked once more against it, so that no part of the first program changes.
func storable(program *check.Program) (*check.Program, error) {
	set, project := *program.Set, *program.Set.Project
	project.Sources = nil
	replaced := false
	for _, s := range program.Set.Project.Sources {
		if s.Query.Value != "" {
			table := *s
			table.Query = definition.Scalar{}
			table.Table = definition.Scalar{Value: rowsOfQuery + s.Name.Name}
			s, replaced = &table, true
		}
		project.Sources = append(project.Sources, s)
	}
	if !replaced {
		return program, nil
	}
	set.Project = &project
	made, list := check.Check(&set)
	if made == nil {
		return nil, fmt.Errorf("put tables in the place of queries: %w", list.Err())
	}
	return made, nil
}

// rowsOfQuery begins the names of tables that stand for queries. No table is
// likely to be named so, and names with blanks cannot be written in rules.
const rowsOfQuery = "rows of query "

// table is a table of the made-up warehouse.
type table struct {
	schema, name string
	columns      []catalog.Column
}

// tablesOf returns the tables of all sources. Two sources can read one table,
// which then has the columns of both.
func tablesOf(program *check.Program) []*table {
	var tables []*table
	for _, s := range program.Sources {
		t := find(tables, s)
		if t == nil {
			t = &table{schema: s.SchemaName(), name: s.Table}
			tables = append(tables, t)
		}
		for _, column := range s.Columns {
			if !t.has(column.Name) {
				t.columns = append(t.columns, column)
			}
		}
	}
	return tables
}

// find returns the table that a source reads. The warehouse does not tell
// names apart by case.
func find(tables []*table, s *catalog.Source) *table {
	for _, t := range tables {
		if strings.EqualFold(t.schema, s.SchemaName()) && strings.EqualFold(t.name, s.Table) {
			return t
		}
	}
	return nil
}

func (t *table) has(column string) bool {
	for _, c := range t.columns {
		if strings.EqualFold(c.Name, column) {
			return true
		}
	}
	return false
}

func (t *table) relation() string { return dialect.Qualified(t.schema, t.name) }

// create makes the table in an empty warehouse.
func (t *table) create(ctx context.Context, db *warehouse.DB) error {
	if _, err := db.Exec(ctx, "CREATE SCHEMA IF NOT EXISTS "+dialect.Ident(t.schema)); err != nil {
		return fmt.Errorf("make schema %s: %w", t.schema, err)
	}
	columns := make([]string, 0, len(t.columns))
	for _, c := range t.columns {
		if !plainType(c.Physical) {
			return fmt.Errorf("make table %s: column %s has no readable type: %s", t.name, c.Name, c.Physical)
		}
		columns = append(columns, dialect.Ident(c.Name)+" "+c.Physical)
	}
	if _, err := db.Exec(ctx, "CREATE TABLE "+t.relation()+" ("+strings.Join(columns, ", ")+")"); err != nil {
		return fmt.Errorf("make table %s: %w", t.name, err)
	}
	return nil
}

// plainType reports whether a text can only be the name of a type. The types
// come from a file that people edit, and stand in a statement as they are.
func plainType(physical string) bool {
	depth, quote := 0, rune(0)
	for _, r := range physical {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '\'' || r == '"':
			quote = r
		case r == '(':
			depth++
		case r == ')':
			depth--
		case r == ',' && depth == 0, !strings.ContainsRune(typeLetters, r), depth < 0:
			return false
		}
		if depth < 0 {
			return false
		}
	}
	return strings.TrimSpace(physical) != "" && depth == 0 && quote == 0
}

// typeLetters are the characters of a type outside of quotes and brackets.
const typeLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ ,[]"

// fill adds the rows of trials to the tables.
func (s *suite) fill(ctx context.Context, trials []*trial) error {
	for _, t := range s.tables {
		var rows []row
		for _, trial := range trials {
			rows = append(rows, trial.rows[t]...)
		}
		for len(rows) > 0 {
			n := min(len(rows), rowsAtOnce)
			sql, args := t.insert(rows[:n])
			if _, err := s.db.Exec(ctx, sql, args...); err != nil {
				return fmt.Errorf("store the given rows: %w", err)
			}
			rows = rows[n:]
		}
	}
	return nil
}

// rowsAtOnce is how many rows one statement stores.
const rowsAtOnce = 250

// insert is the statement that stores rows. Columns that no row gives are left
// out, and so are missing.
func (t *table) insert(rows []row) (string, []any) {
	var names []string
	var given []string
	for _, c := range t.columns {
		key := strings.ToLower(c.Name)
		for _, r := range rows {
			if _, ok := r[key]; ok {
				names, given = append(names, dialect.Ident(c.Name)), append(given, key)
				break
			}
		}
	}
	var args []any
	lines := make([]string, 0, len(rows))
	for _, r := range rows {
		values := make([]string, len(given))
		for i, key := range given {
			values[i] = "NULL"
			if c, ok := r[key]; ok {
				values[i] = c.sql
				args = append(args, c.args...)
			}
		}
		lines = append(lines, "("+strings.Join(values, ", ")+")")
	}
	return "INSERT INTO " + t.relation() + " (" + strings.Join(names, ", ") + ") VALUES " + strings.Join(lines, ", "), args
}

// clear removes all rows again.
func (s *suite) clear(ctx context.Context) error {
	var failed error
	for _, t := range s.tables {
		if _, err := s.db.Exec(ctx, "DELETE FROM "+t.relation()); err != nil {
			failed = errors.Join(failed, fmt.Errorf("empty table %s: %w", t.name, err))
		}
	}
	return failed
}

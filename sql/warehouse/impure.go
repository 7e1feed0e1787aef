package warehouse

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"strata/sql/dialect"
)

// ViewProblem is a view of the warehouse whose rows depend on more than the warehouse: the clock, chance or a file.
type ViewProblem struct {
	Schema string
	Name   string
	Reason string // What it uses, such as "now() reads the clock".
}

// ImpureViews lists such views, sorted by schema and name. The views of a folder of files are ours and read just these
// files, so there is nothing to report then.
func (db *DB) ImpureViews(ctx context.Context) (problems []ViewProblem, err error) {
	if db.folder != nil {
		return nil, nil
	}
	rows, err := db.Query(ctx, `SELECT schema_name, view_name, sql FROM duckdb_views()
WHERE database_name = 'warehouse' AND NOT internal ORDER BY schema_name, view_name`)
	if err != nil {
		return nil, fmt.Errorf("list views: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	known, err := db.knownNames(ctx)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var v ViewProblem
		var text string
		if err := rows.Scan(&v.Schema, &v.Name, &text); err != nil {
			return nil, fmt.Errorf("list views: %w", err)
		}
		if v.Reason, err = db.impurity(ctx, text, known); err != nil {
			return nil, err
		}
		if v.Reason != "" {
			problems = append(problems, v)
		}
	}
	return problems, translate(ctx, rows.Err(), "")
}

// knownNames returns the lower-case names of all tables and views, with and without their schema.
func (db *DB) knownNames(ctx context.Context) (map[string]bool, error) {
	tables, err := db.Tables(ctx)
	if err != nil {
		return nil, err
	}
	known := make(map[string]bool, 2*len(tables))
	for _, t := range tables {
		known[lower(t.Name)] = true
		known[lower(t.Schema+"."+t.Name)] = true
	}
	return known, nil
}

// errImpure ends the walk through a view at its first problem.
var errImpure = errors.New("impure view")

// impurity returns the first reason why a view's rows may change while the tables do not, or "".
func (db *DB) impurity(ctx context.Context, view string, known map[string]bool) (string, error) {
	query, ok := dialect.ViewQuery(view)
	if !ok {
		return "its text cannot be read", nil
	}
	statements, err := parseSQL(ctx, db.db, query)
	var bad *syntaxError
	if errors.As(err, &bad) || (err == nil && len(statements) != 1) {
		return "its text cannot be checked", nil
	}
	if err != nil {
		return "", err
	}
	var found string
	note := func(reason string) error {
		found = reason
		return errImpure
	}
	w := &walker{size: len(query), called: map[string]bool{}}
	w.refuse = func(_ int, what, hint string) error { return note(what + ": " + hint) }
	w.param = func(node, string, int) error { return nil }
	w.table = func(_ node, name []string, _ int) error {
		if written := strings.Join(name, "."); !known[lower(written)] && !known[lower(name[len(name)-1])] {
			return note("it reads " + written + ", which is no table of the warehouse")
		}
		return nil
	}
	if err := w.visit(statements[0], nil); !errors.Is(err, errImpure) {
		return "", err
	}
	return found, nil
}

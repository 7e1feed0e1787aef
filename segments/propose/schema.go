package propose

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"strata/segments/catalog"
	"strata/segments/definition"
	"strata/segments/source"
	"strata/sql/warehouse"
)

// Schema returns strata.schema.yaml for a project: the columns of each source
// as the warehouse has them now. The notes name what rules cannot use or will
// not read as it stands. Every source that cannot be described is part of the
// error; for a table that is not there it names the nearest one.
func Schema(ctx context.Context, db *warehouse.DB, project *definition.Project) (text string, notes []string, err error) {
	tables, err := db.Tables(ctx)
	if err != nil {
		return "", nil, err
	}
	var list []schemaSource
	var problems []error
	for _, s := range project.Sources {
		columns, err := columnsOf(ctx, db, tables, s)
		if err != nil {
			problems = append(problems, fmt.Errorf("source %s: %w", s.Name.Name, err))
			continue
		}
		list = append(list, schemaSource{name: s.Name.Name, columns: columns})
		notes = append(notes, notesOf(s, columns)...)
	}
	if err := errors.Join(problems...); err != nil {
		return "", notes, err
	}
	return schemaText(list), notes, nil
}

// schemaSource is a source and its columns.
type schemaSource struct {
	name    string
	columns []catalog.Column
}

// columnsOf returns the columns of a source's table or query.
func columnsOf(ctx context.Context, db *warehouse.DB, tables []warehouse.Table, s *definition.Source) ([]catalog.Column, error) {
	if s.Query.Value != "" {
		return describeQuery(ctx, db, tables, s.Query.Value)
	}
	var names []string
	for _, t := range tables {
		names = append(names, t.Schema+"."+t.Name)
		if t.Schema == "main" {
			names = append(names, t.Name)
		}
		if !strings.EqualFold(s.Table.Value, t.Schema+"."+t.Name) && (t.Schema != "main" || !strings.EqualFold(s.Table.Value, t.Name)) {
			continue
		}
		columns := make([]catalog.Column, 0, len(t.Columns))
		for _, c := range t.Columns {
			columns = append(columns, catalog.Column{Name: c.Name, Physical: c.Type})
		}
		return columns, nil
	}
	near, ok := source.Nearest(s.Table.Value, names)
	if ok {
		return nil, fmt.Errorf("the warehouse has no table %s: did you mean %s?", s.Table.Value, near)
	}
	return nil, fmt.Errorf("the warehouse has no table %s", s.Table.Value)
}

// describeQuery returns the columns of a query, which goes through the same
// guard as when it runs.
func describeQuery(ctx context.Context, db *warehouse.DB, tables []warehouse.Table, text string) ([]catalog.Column, error) {
	allowed := map[string]string{}
	for _, t := range tables {
		relation := t.Schema + "." + t.Name
		allowed[strings.ToLower(relation)] = relation
		if t.Schema == "main" {
			allowed[strings.ToLower(t.Name)] = relation
		}
	}
	checked, err := db.Guard(ctx, text, warehouse.Allowed{Tables: allowed})
	if err != nil {
		return nil, fmt.Errorf("check its query: %w", err)
	}
	var columns []catalog.Column
	err = each(ctx, db, func(row []any) {
		columns = append(columns, catalog.Column{Name: warehouse.Text(row[0]), Physical: warehouse.Text(row[1])})
	}, "SELECT column_name, column_type FROM (DESCRIBE "+checked.SQL+")")
	if err != nil {
		return nil, fmt.Errorf("describe its query: %w", err)
	}
	return columns, nil
}

// describe gives the columns of the proposal's queries their types.
func (l *looker) describe(ctx context.Context, sources []*draft) error {
	tables, err := l.db.Tables(ctx)
	if err != nil {
		return err
	}
	for _, s := range sources {
		if !s.isQuery() {
			continue
		}
		columns, err := describeQuery(ctx, l.db, tables, s.query())
		if err != nil {
			return fmt.Errorf("source %s: %w", s.name, err)
		}
		for i, c := range columns {
			s.columns[i].physical = c.Physical
		}
	}
	return nil
}

// notesOf says what rules cannot use of a source, or read in another way.
func notesOf(s *definition.Source, columns []catalog.Column) []string {
	var notes []string
	add := func(c catalog.Column, what string) {
		notes = append(notes, fmt.Sprintf("source %s: column %s (%s) %s", s.Name.Name, c.Name, c.Physical, what))
	}
	amount, _ := s.Role("amount")
	for _, c := range columns {
		t, usable := catalog.FromDuckDB(c.Physical)
		switch {
		case !usable && !holdsParts(c.Physical):
			add(c, "has a type that rules cannot use")
		case strings.EqualFold(c.Name, amount.Column.Value) && t.Kind == catalog.Number:
			add(c, "is floating; as an amount it is read as DECIMAL(18,4)")
		case strings.EqualFold(c.Physical, "TIMESTAMP_NS"):
			add(c, "is cut to microseconds")
		}
	}
	return notes
}

// Schema is the text of strata.schema.yaml.
func (p Proposal) Schema() string {
	list := make([]schemaSource, 0, len(p.sources))
	for _, s := range p.sources {
		described := schemaSource{name: s.name}
		for _, o := range s.columns {
			described.columns = append(described.columns, catalog.Column{Name: o.name, Physical: o.physical})
		}
		list = append(list, described)
	}
	return schemaText(list)
}

// schemaText writes strata.schema.yaml.
func schemaText(sources []schemaSource) string {
	var b strings.Builder
	b.WriteString("# The columns of the sources and their types, so that a check needs no database.\nsources:\n")
	for _, s := range sources {
		b.WriteString("  " + scalar(s.name) + ":\n")
		for _, c := range s.columns {
			b.WriteString("    " + scalar(c.Name) + ": " + scalar(c.Physical) + "\n")
		}
	}
	return b.String()
}

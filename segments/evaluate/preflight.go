package evaluate

import (
	"context"
	"fmt"
	"strings"

	"strata/segments/catalog"
	"strata/segments/source"
	"strata/sql/warehouse"
)

// MappingError says that the warehouse is not what the project's files say of
// it.
type MappingError struct {
	// Source is the source of strata.yaml it is about.
	Source  string
	Message string
	Hint    string
}

// Error names the source and what differs.
func (e *MappingError) Error() string { return "source " + e.Source + ": " + e.Message }

// Preflight compares the sources with the tables of the warehouse, so that a
// missing table or column or another type is said in the words of the project.
// It reads no rows. The notes name sources that are empty. The error is a
// *MappingError.
func (e *Evaluator) Preflight(ctx context.Context) (notes []string, err error) {
	tables, err := e.db.Tables(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range e.program.Sources {
		if s.Query != "" {
			continue
		}
		table, err := tableOf(s, tables)
		if err != nil {
			return nil, err
		}
		if err := sameColumns(s, table); err != nil {
			return nil, err
		}
		if table.Rows != 0 {
			continue
		}
		if s == e.program.Customers {
			return nil, &MappingError{
				Source: s.Name, Message: fmt.Sprintf("table %s is empty, so there is nobody to segment", s.Table),
				Hint: "load customers into it, or name another table in strata.yaml",
			}
		}
		notes = append(notes, fmt.Sprintf("table %s of source %s is empty", s.Table, s.Name))
	}
	return notes, nil
}

// tableOf finds the table of a source. DuckDB's names have no case.
func tableOf(s *catalog.Source, tables []warehouse.Table) (warehouse.Table, error) {
	var names []string
	for _, table := range tables {
		if strings.EqualFold(table.Name, s.Table) && strings.EqualFold(table.Schema, s.SchemaName()) {
			return table, nil
		}
		name := table.Name
		if table.Schema != "main" {
			name = table.Schema + "." + name
		}
		names = append(names, name)
	}
	missing := &MappingError{Source: s.Name, Message: fmt.Sprintf("the warehouse has no table %q", strings.TrimPrefix(s.Schema+"."+s.Table, "."))}
	switch near, ok := source.Nearest(s.Table, names); {
	case ok:
		missing.Hint = fmt.Sprintf("did you mean %q?", near)
	case len(names) == 0:
		missing.Hint = "it has no tables at all: is warehouse: in strata.yaml the right file?"
	default:
		missing.Hint = "it has " + strings.Join(names[:min(len(names), 12)], ", ")
	}
	return warehouse.Table{}, missing
}

// sameColumns compares the columns that the schema file knows of a source.
func sameColumns(s *catalog.Source, table warehouse.Table) error {
	physical := map[string]string{}
	var names []string
	for _, c := range table.Columns {
		physical[strings.ToLower(c.Name)] = c.Type
		names = append(names, c.Name)
	}
	for _, c := range s.Columns {
		found, ok := physical[strings.ToLower(c.Name)]
		if !ok {
			missing := &MappingError{
				Source: s.Name, Message: fmt.Sprintf("table %s has no column %q", s.Table, c.Name),
				Hint: "'strata doctor --write-schema' reads the columns again",
			}
			if near, ok := source.Nearest(c.Name, names); ok {
				missing.Hint = fmt.Sprintf("did you mean %q? ", near) + missing.Hint
			}
			return missing
		}
		if !sameType(found, c.Physical) {
			return &MappingError{
				Source:  s.Name,
				Message: fmt.Sprintf("column %q of table %s is %s in the warehouse and %s in strata.schema.yaml", c.Name, s.Table, found, c.Physical),
				Hint:    "'strata doctor --write-schema' reads the columns again",
			}
		}
	}
	return nil
}

// sameType reports whether two of DuckDB's types mean the same to rules.
func sameType(a, b string) bool {
	if strings.EqualFold(strings.ReplaceAll(a, " ", ""), strings.ReplaceAll(b, " ", "")) {
		return true
	}
	x, okX := catalog.FromDuckDB(a)
	y, okY := catalog.FromDuckDB(b)
	return okX && okY && x == y && catalog.Zoned(a) == catalog.Zoned(b)
}

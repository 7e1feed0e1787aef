package diagnose

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"strata/segments/catalog"
	"strata/segments/definition"
	"strata/segments/source"
	"strata/sql/dialect"
	"strata/sql/warehouse"
)

// relation is a source as the warehouse has it.
type relation struct {
	columns []definition.Column
	// query is the checked text of a source that is given by one.
	query string
}

// look finds the relation of every source, and says of which there is none.
func (e *examination) look(ctx context.Context) {
	if !e.opened {
		return
	}
	for _, s := range e.Set.Project.Sources {
		found, problem := e.relation(ctx, s)
		if problem == nil {
			e.relations[s.Name.Name] = found
			continue
		}
		e.fail(ctx, problem.about(s.Name.Name))
	}
}

// relation finds the table, view or query of a source.
func (e *examination) relation(ctx context.Context, s *definition.Source) (relation, *Finding) {
	if s.Query.Value == "" {
		return e.table(s.Table.Value)
	}
	checked, err := e.db.Guard(ctx, s.Query.Value, warehouse.Allowed{Tables: e.allowed()})
	if err != nil {
		f := failed(Schema, "query", fmt.Errorf("the query of %s: %w", s.Name.Name, err))
		return relation{}, &f
	}
	found := relation{query: checked.SQL}
	if found.columns, err = e.columns(ctx, checked.SQL); err != nil {
		f := failed(Schema, "query", fmt.Errorf("the query of %s: %w", s.Name.Name, err))
		return relation{}, &f
	}
	return found, nil
}

// table finds a table or view by the name that strata.yaml gives.
func (e *examination) table(name string) (relation, *Finding) {
	schema, table, qualified := strings.Cut(name, ".")
	if !qualified {
		schema, table = "main", name
	}
	var names []string
	for _, t := range e.tables {
		if strings.EqualFold(t.Schema, schema) && strings.EqualFold(t.Name, table) {
			return relation{columns: columnsOf(t)}, nil
		}
		if t.Schema == "main" {
			names = append(names, t.Name)
		}
		names = append(names, t.Schema+"."+t.Name)
	}
	f := Finding{
		Check: Schema, Code: "table", Status: Error,
		Detail: fmt.Sprintf("the warehouse has no table %q", name), Hint: "its tables are: " + enumerated(inMain(names)),
	}
	if near, ok := source.Nearest(name, names); ok {
		f.Hint = fmt.Sprintf("did you mean %q?", near)
	} else if len(names) == 0 {
		f.Hint = "the warehouse is empty"
	}
	return relation{}, &f
}

// inMain leaves out the names that stand there in a shorter form.
func inMain(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return strings.HasPrefix(name, "main.") })
}

func columnsOf(t warehouse.Table) []definition.Column {
	columns := make([]definition.Column, 0, len(t.Columns))
	for _, c := range t.Columns {
		columns = append(columns, definition.Column{Name: c.Name, Type: c.Type})
	}
	return columns
}

// allowed are the tables that a source's query may read.
func (e *examination) allowed() map[string]string {
	allowed := map[string]string{}
	for _, t := range e.tables {
		name := dotted(t.Schema) + "." + dotted(t.Name)
		allowed[strings.ToLower(t.Schema+"."+t.Name)] = name
		if t.Schema == "main" {
			allowed[strings.ToLower(t.Name)] = name
		}
	}
	return allowed
}

// dotted quotes a part of a name that a dot or space would tear apart.
func dotted(part string) string {
	if strings.ContainsAny(part, ". ") {
		return dialect.Ident(part)
	}
	return part
}

// live is the set's schema with the columns that the warehouse has; sources
// that could not be seen there keep those of the file.
func (e *examination) live() *definition.Schema {
	schema := &definition.Schema{Sources: map[string][]definition.Column{}}
	for _, s := range e.Set.Project.Sources {
		name := s.Name.Name
		if found, ok := e.relations[name]; ok {
			schema.Sources[name] = found.columns
		} else if e.Set.Schema != nil {
			schema.Sources[name] = e.Set.Schema.Sources[name]
		}
	}
	return schema
}

// usable leaves out columns whose name is a word of the language. A rule
// cannot name them and the checker says so, but they can be looked at.
func usable(columns []definition.Column) []definition.Column {
	return slices.DeleteFunc(slices.Clone(columns), func(c definition.Column) bool { return catalog.ReservedColumn(c.Name) })
}

// errNoColumns says that a query has no columns, which no query should.
var errNoColumns = errors.New("it returns no columns")

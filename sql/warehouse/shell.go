package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
)

// shell rewrites a checked statement for a DuckDB shell, which does not know the names of our catalog: one that has opened
// the file of the warehouse knows its tables by schema and name, and one that looks at a folder has nothing but the files.
type shell struct {
	files *folder         // Nil where the warehouse is no folder.
	short map[string]bool // Tables of the warehouse that the statement reads, as schema.table in lower case.
}

// rewrite changes the tables, which are nodes of the statement, in place, and then the columns that name their table in full.
func (s *shell) rewrite(ctx context.Context, on *sql.DB, statement any, tables []node) error {
	for _, n := range tables {
		s.short[lower(str(n, "schema_name")+"."+str(n, "table_name"))] = true
		n["catalog_name"] = ""
		if err := s.readFile(ctx, on, n); err != nil {
			return err
		}
	}
	s.columns(statement)
	return nil
}

// readFile turns a table that is a view of ours into the call that reads its files. The alias keeps the table's name for the
// columns.
func (s *shell) readFile(ctx context.Context, on *sql.DB, n node) error {
	r, ok := s.files.find(str(n, "table_name"))
	if !ok {
		return nil
	}
	statements, err := parseSQL(ctx, on, "SELECT * FROM "+r.read)
	if err != nil {
		return fmt.Errorf("read %s in a shell: %w", r.name, err)
	}
	call, _ := selectNode(statements)["from_table"].(node)
	alias, columns := orElse(str(n, "alias"), str(n, "table_name")), n["column_name_alias"]
	clear(n)
	maps.Copy(n, call)
	n["alias"], n["column_name_alias"] = alias, columns
	return nil
}

// columns drops the parts in front of the table's name that the shell does not know: our catalog, and with it the schema
// where there are only files.
func (s *shell) columns(v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			s.columns(item)
		}
	case node:
		if str(v, "class") == "COLUMN_REF" {
			v["column_names"] = s.column(texts(v, "column_names"))
			return
		}
		for _, item := range v {
			s.columns(item)
		}
	}
}

func (s *shell) column(names []string) []string {
	if len(names) > 3 && lower(names[0]) == catalogWarehouse && s.short[lower(names[1]+"."+names[2])] {
		names = names[1:]
	}
	if s.files != nil && len(names) > 2 && s.short[lower(names[0]+"."+names[1])] {
		names = names[1:]
	}
	return names
}

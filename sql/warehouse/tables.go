package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"strata/sql/dialect"
)

// Table describes a table or view of the warehouse.
type Table struct {
	Schema  string
	Name    string
	View    bool
	Rows    int64 // Estimated number of rows, -1 when it is not known.
	Columns []Column
}

// Column describes a column. Type is DuckDB's text, such as DECIMAL(18,2).
type Column struct {
	Name     string
	Type     string
	Nullable bool
}

// tablesSQL lists columns in table order, one row each, with what is known of their table. DuckDB orders names byte by
// byte, as Go does.
const tablesSQL = `SELECT c.schema_name, c.table_name, t.estimated_size IS NULL, coalesce(t.estimated_size, -1),
       c.column_name, c.data_type, c.is_nullable
FROM duckdb_columns() c LEFT JOIN duckdb_tables() t ON t.table_oid = c.table_oid AND t.database_oid = c.database_oid
WHERE c.database_name = 'warehouse' AND NOT c.internal
ORDER BY c.schema_name, c.table_name, c.column_index`

// Tables lists the tables and views of the warehouse, sorted by schema and name, columns in table order.
func (db *DB) Tables(ctx context.Context) (tables []Table, err error) {
	rows, err := db.Query(ctx, tablesSQL)
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if tables, err = addColumn(tables, rows); err != nil {
			return nil, fmt.Errorf("list tables: %w", err)
		}
	}
	return tables, translate(ctx, rows.Err(), "")
}

// addColumn adds the column of the current row to the last table, or begins a new one.
func addColumn(tables []Table, rows *sql.Rows) ([]Table, error) {
	var t Table
	var c Column
	if err := rows.Scan(&t.Schema, &t.Name, &t.View, &t.Rows, &c.Name, &c.Type, &c.Nullable); err != nil {
		return nil, err
	}
	if n := len(tables); n == 0 || tables[n-1].Schema != t.Schema || tables[n-1].Name != t.Name {
		tables = append(tables, t)
	}
	last := &tables[len(tables)-1]
	last.Columns = append(last.Columns, c)
	return tables, nil
}

// Relation returns what a printed statement must read so that a plain DuckDB shell runs it: the quoted name, or for a
// folder of files the reading function with the options that the view uses.
func (db *DB) Relation(schema, table string) string {
	if r, ok := db.folder.find(table); ok {
		return r.read
	}
	return dialect.Qualified(schema, table)
}

// IsText reports whether a table is a file of text, which is parsed again by each statement that reads it.
func (db *DB) IsText(schema, table string) bool {
	return db.folder != nil && strings.HasPrefix(db.Relation(schema, table), "read_csv")
}

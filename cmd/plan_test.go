package cmd_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"strata/fixtures/shop"
	"strata/sql/dialect"
	"strata/sql/warehouse"
)

// planned is what a plan's statements are as JSON.
type planned struct {
	Data []struct {
		Statements []struct{ Name, SQL string }
	}
}

// The statements of a plan find, as they stand and one after the other, what
// the other commands find.
func TestPlanStatementsRunAsTheyStand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data, err := makeShop(dir, fileWarehouse)
	require.NoError(t, err)
	at := []string{"--at", "2026-01-15 12:00"}
	said := ask(t.Context(), dir, append([]string{"sql", "--plan", "--statements", "-o", "json"}, at...)...)
	require.Zero(t, said.code, said)
	var p planned
	require.NoError(t, json.Unmarshal([]byte(said.out), &p))
	file, err := dialect.Literal(filepath.Join(data, "warehouse.duckdb"))
	require.NoError(t, err)
	script := []string{"ATTACH " + file + " AS shop (READ_ONLY)", "USE shop"}
	var units []string
	for _, statement := range p.Data[0].Statements {
		kind, name, _ := strings.Cut(statement.Name, " ")
		switch {
		case kind == "segment" || kind == "stage":
			units = append(units, name)
			script = append(script, "CREATE TABLE warehouse.main."+dialect.Ident(name)+" AS "+statement.SQL)
		case statement.SQL != "":
			script = append(script, statement.SQL)
		}
	}
	require.Equal(t, []string{"buyers", "spenders", "tree", "in_sql", "worth.big", "worth.small", "worth.none"}, units)
	found := filepath.Join(t.TempDir(), "found.duckdb")
	require.NoError(t, warehouse.Build(t.Context(), found, script))
	db, err := warehouse.Open(t.Context(), warehouse.Config{Warehouse: found})
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	for _, name := range units {
		want := ask(t.Context(), dir, append([]string{"members", name}, at...)...)
		require.Zero(t, want.code, want)
		require.Equal(t, strings.Fields(want.out), keysIn(t.Context(), t, db, name), name)
	}
}

// keysIn are the keys in a table, in order.
func keysIn(ctx context.Context, t *testing.T, db *warehouse.DB, table string) []string {
	t.Helper()
	rows, err := db.Query(ctx, "SELECT CAST(customer_id AS VARCHAR) FROM warehouse.main."+dialect.Ident(table)+" ORDER BY customer_id")
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	list := []string{}
	for rows.Next() {
		var key string
		require.NoError(t, rows.Scan(&key))
		list = append(list, key)
	}
	require.NoError(t, rows.Err())
	return list
}

// A plan of the demo shop fits a line of 80 cells, and says of every definition
// how it is evaluated.
func TestPlanOfTheDemoFits(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, shop.Files()))
	said := ask(t.Context(), dir, "run", "--dry-run")
	require.Zero(t, said.code, said)
	for line := range strings.Lines(said.out) {
		require.LessOrEqual(t, utf8.RuneCountInString(strings.TrimSuffix(line, "\n")), 80, line)
		require.Equal(t, strings.TrimRight(line, " \n")+"\n", line)
	}
	program := demo(t)
	for _, segment := range program.Segments {
		require.Contains(t, said.out, "\n"+segment.DefinitionName()+" (segment)\n")
	}
	for _, partition := range program.Partitions {
		require.Contains(t, said.out, "\n"+partition.DefinitionName()+" (partition)\n")
	}
}

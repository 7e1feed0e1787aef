package warehouse_test

import (
	"database/sql"
	"errors"
	"testing"

	"strata/sql/warehouse"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/stretchr/testify/require"
)

// shopFiles is the tests' shop as a folder of files.
func shopFiles(t *testing.T) string {
	t.Helper()
	return files(t, map[string]string{
		"customers.csv":    "customer_id,email\n1,a@example.com\n2,b@example.com\n3,\n",
		"orders.tsv":       "order_id\tcustomer_id\tamount\n1\t1\t10.50\n2\t1\t0.25\n3\t2\t7.00\n",
		"visits/2025.csv":  "customer_id,seen\n1,2025-12-31 23:00:00+00\n",
		"visits/2026.csv":  "customer_id,seen\n2,2026-01-01 01:00:00+00\n2,2026-01-07 01:00:00+00\n",
		"Odd 'name'.csv":   "customer_id\n3\n",
		"membership.csv":   "customer_id\n2\n",
		"visits/notes.txt": "not data",
	})
}

// inFiles is what a project over that folder has declared.
func inFiles() warehouse.Allowed {
	allowed := declared()
	allowed.Tables = map[string]string{
		"customers": "main.customers", "main.customers": "main.customers", "clients": "main.customers",
		"orders": "main.orders", "visits": "main.visits", "odd": `main."Odd 'name'"`, "vip": "memory.main.vip",
	}
	return allowed
}

// plainShell is a DuckDB as it comes, which has not heard of any warehouse.
func plainShell(t *testing.T) *sql.DB {
	t.Helper()
	connector, err := duckdb.NewConnector("", nil)
	require.NoError(t, err)
	shell := sql.OpenDB(connector)
	shell.SetMaxOpenConns(1)
	t.Cleanup(func() { require.NoError(t, errors.Join(shell.Close(), connector.Close())) })
	return shell
}

// inShell returns the first value of a query in a shell.
func inShell(t *testing.T, shell *sql.DB, query string) (v any) {
	t.Helper()
	require.NoError(t, shell.QueryRowContext(t.Context(), query).Scan(&v), query)
	return widened(warehouse.Plain(v))
}

// TestShellReadsFiles runs the form for shells where there are files and no views.
func TestShellReadsFiles(t *testing.T) {
	db := open(t, warehouse.Config{Warehouse: shopFiles(t)})
	shell := plainShell(t)
	for _, c := range []struct {
		name, text string
		want       any
	}{
		{"csv", `SELECT count(*) FROM customers`, int64(3)},
		{"tsv", `SELECT sum(CAST(amount AS INTEGER)) FROM orders WHERE customer_id = 1`, int64(10)},
		{"folder of files", `SELECT count(*) FROM visits WHERE seen < $as_of`, int64(2)},
		{"name with quotes", `SELECT max(odd.customer_id) FROM odd`, int64(3)},
		{"column of its table", `SELECT max(customers.customer_id) FROM customers`, int64(3)},
		{"other name of the table", `SELECT max(clients.customer_id) FROM clients`, int64(3)},
		{"alias", `SELECT max(c.customer_id) FROM customers AS c`, int64(3)},
		{"alias of columns", `SELECT max(c.a) FROM customers AS c(a, b)`, int64(3)},
		{"schema in front of the table", `SELECT max(customers.customer_id) FROM main.customers`, int64(3)},
		{"schema in front of a column", `SELECT max(main.customers.customer_id) FROM main.customers`, int64(3)},
		{"catalog in front of a column", `SELECT max(warehouse.main.customers.customer_id) FROM customers`, int64(3)},
		{"capitals", `SELECT MAX(CUSTOMERS.CUSTOMER_ID) FROM CUSTOMERS`, int64(3)},
		{"star of the table", `SELECT count(*) FROM (SELECT customers.* FROM customers)`, int64(3)},
		{"join with itself", `SELECT count(*) FROM customers a JOIN customers b ON a.customer_id < b.customer_id`, int64(3)},
		{"join using", `SELECT count(DISTINCT email) FROM customers JOIN orders USING (customer_id)`, int64(2)},
		{"correlated", `SELECT count(*) FROM customers WHERE EXISTS (SELECT 1 FROM orders WHERE orders.customer_id = customers.customer_id)`, int64(2)},
		{"in", `SELECT count(*) FROM customers WHERE customer_id NOT IN (SELECT customer_id FROM visits)`, int64(1)},
		{"cte of its own name", `WITH customers AS (SELECT * FROM customers WHERE customer_id < 3) SELECT count(*) FROM customers`, int64(2)},
		{"set operation", `SELECT count(*) FROM (SELECT customer_id FROM orders UNION SELECT customer_id FROM odd)`, int64(3)},
		{"struct of a column", `SELECT max(s.a.b) FROM (SELECT {'b': customer_id} AS a FROM customers) s`, int64(3)},
	} {
		t.Run(c.name, func(t *testing.T) {
			checked, err := db.Guard(t.Context(), c.text, inFiles())
			require.NoError(t, err)
			require.Equal(t, c.want, widened(one(t, db, checked.SQL)), checked.SQL)
			require.Equal(t, c.want, inShell(t, shell, checked.Shell), checked.Shell)
		})
	}
}

// TestShellKeepsOtherTables leaves what is not a file of the folder as it is.
func TestShellKeepsOtherTables(t *testing.T) {
	db := open(t, warehouse.Config{Warehouse: shopFiles(t)})
	checked, err := db.Guard(t.Context(), `SELECT * FROM vip JOIN odd USING (customer_id)`, inFiles())
	require.NoError(t, err)
	require.Equal(t, `SELECT * FROM memory.main.vip INNER JOIN `+db.Relation("main", "Odd 'name'")+` AS odd USING (customer_id)`, checked.Shell)
	require.Equal(t, []string{"odd", "vip"}, checked.Tables)
}

// TestShellOfFile takes our catalog's name from the columns too, since a shell gives the file a name of its own.
func TestShellOfFile(t *testing.T) {
	path := shop(t)
	p, shell := newParser(t), plainShell(t)
	for _, statement := range []string{`ATTACH '` + path + `' AS own (READ_ONLY)`, `USE own`} {
		_, err := shell.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	for text, want := range map[string]string{
		`SELECT warehouse.main.customers.customer_id FROM customers`: `SELECT main.customers.customer_id FROM main.customers`,
		`SELECT main.customers.customer_id FROM customers`:           `SELECT main.customers.customer_id FROM main.customers`,
		`SELECT crm.orders.amount FROM crm.orders`:                   `SELECT crm.orders.amount FROM crm.orders`,
		`SELECT warehouse.customer_id FROM customers AS warehouse`:   `SELECT warehouse.customer_id FROM main.customers AS warehouse`,
		`SELECT clients.customer_id FROM clients`:                    `SELECT clients.customer_id FROM main.customers AS clients`,
	} {
		checked, err := p.Guard(t.Context(), text, declared())
		require.NoError(t, err)
		require.Equal(t, want, checked.Shell)
		require.NotNil(t, inShell(t, shell, checked.Shell))
	}
}

package warehouse_test

import (
	"strings"
	"testing"
	"time"

	"strata/sql/dialect"
	"strata/sql/warehouse"

	"github.com/stretchr/testify/require"
)

// asOf is the moment of the tests' evaluations.
var asOf = time.Date(2026, 1, 6, 12, 0, 0, 0, time.UTC)

// declared is what the tests' project has declared.
func declared() warehouse.Allowed {
	return warehouse.Allowed{
		Tables: map[string]string{"customers": "main.customers", "clients": "main.customers", "orders": "crm.orders"},
		Params: map[string]any{"as_of": asOf, "least": dialect.Decimal("5000.00"), "name": "o'hara", "days": []int64{1, 2}},
	}
}

func newParser(t testing.TB) *warehouse.Parser {
	t.Helper()
	p, err := warehouse.NewParser(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	return p
}

// TestGuardAccepts runs what it accepts and compares the first value, so that rewriting is seen to keep the meaning.
func TestGuardAccepts(t *testing.T) {
	db := open(t, warehouse.Config{Warehouse: shop(t)})
	for _, c := range []struct {
		name, text string
		want       any
	}{
		{"plain", `SELECT count(*) FROM customers`, int64(10)},
		{"trailing semicolon", `SELECT count(*) FROM customers;`, int64(10)},
		{"semicolons in comments", "SELECT count(*) /* ; DROP TABLE x */ FROM customers -- ; SELECT 2", int64(10)},
		{"semicolon in text", `SELECT ';'`, ";"},
		{"schema written", `SELECT sum(amount) FROM crm.orders`, dialect.Decimal("5000.10")},
		{"name for another table", `SELECT max(clients.customer_id) FROM clients`, int64(9)},
		{"upper case", `SELECT count(*) FROM CUSTOMERS`, int64(10)},
		{"quoted", `SELECT count(*) FROM "customers"`, int64(10)},
		{"as_of", `SELECT count(*) FROM customers WHERE created_at < $as_of`, int64(6)},
		{"as_of type", `SELECT typeof($as_of)`, "TIMESTAMP WITH TIME ZONE"},
		{"decimal param", `SELECT typeof($least)`, "DECIMAL(6,2)"},
		{"decimal compare", `SELECT count(*) FROM orders WHERE amount >= $least`, int64(1)},
		{"text param", `SELECT $name`, "o'hara"},
		{"list param", `SELECT count(*) FROM customers WHERE list_contains($days, customer_id)`, int64(2)},
		{"param twice", `SELECT $name || $NAME`, "o'harao'hara"},
		{"param in a subquery", `SELECT (SELECT count(*) FROM customers WHERE created_at < $as_of)`, int64(6)},
		{"join", `SELECT count(*) FROM customers c JOIN orders o USING (customer_id)`, int64(2)},
		{"lateral", `SELECT sum(l.n) FROM customers c, LATERAL (SELECT count(*) AS n FROM orders o WHERE o.customer_id = c.customer_id) l`, int64(2)},
		{"values", `SELECT sum(x) FROM (VALUES (1), (2)) v(x)`, int64(3)},
		{"values alone", `VALUES (7)`, int64(7)},
		{"table functions", `SELECT sum(i) FROM range(4) r(i), unnest([1, 2]) u(k)`, int64(12)},
		{"cte", `WITH c AS (SELECT 1 AS a) SELECT a FROM c`, int64(1)},
		{"cte shadows a table", `WITH customers AS (SELECT 5 AS n) SELECT n FROM customers`, int64(5)},
		{"cte of its own name reads the table", `WITH customers AS (SELECT * FROM customers WHERE customer_id < 3) SELECT count(*) FROM customers`, int64(3)},
		{"cte in a subquery only", `SELECT (WITH customers AS (SELECT 1 AS n) SELECT n FROM customers) + count(*) FROM customers`, int64(11)},
		{"recursive", `WITH RECURSIVE r AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM r WHERE a < 5) SELECT sum(a) FROM r`, int64(15)},
		{"recursive that begins at its table", `WITH RECURSIVE orders AS (SELECT 1 AS n FROM orders UNION SELECT n + 1 FROM orders WHERE n < 3) SELECT count(*) FROM orders`, int64(3)},
		{"window", `SELECT max(n) FROM (SELECT row_number() OVER (PARTITION BY customer_id ORDER BY amount) AS n FROM orders)`, int64(2)},
		{"age of two", `SELECT age(DATE '2026-01-02', DATE '2026-01-01') = INTERVAL 1 DAY`, true},
		{"integer division and precedence", `SELECT (7 - (2 - 1)) * 10 // 4`, int64(15)},
		{"double stays double", `SELECT typeof(1e0)`, "DOUBLE"},
		{"doubles exactly", `SELECT 0.1e0 + 0.2e0`, 0.30000000000000004},
		{"tiny double", `SELECT 4.9e-324 > 0`, true},
		{"reserved names", `SELECT "last" FROM (SELECT 3 AS "last")`, int64(3)},
		{"interval", `SELECT DATE '2026-01-31' + INTERVAL 1 MONTH = TIMESTAMP '2026-02-28 00:00:00'`, true},
		{"comprehension", `SELECT [x + 1 for x in [1, 2] if x > 1][1]`, int64(3)},
		{"like with escape", `SELECT 'a_b' LIKE 'a\_b' ESCAPE '\'`, true},
		{"filter and distinct", `SELECT count(DISTINCT customer_id) FILTER (WHERE amount > 1) FROM orders`, int64(1)},
		{"column named like a session value", `SELECT t.user FROM (SELECT 4 AS user) t`, int64(4)},
		{"conditions", `SELECT if(1 = 2, 'a', coalesce(NULL, ifnull(NULL, 'b')))`, "b"},
		{"json arrow", `SELECT (('{"a": {"b": 1}}'::JSON) -> '$.a' ->> 'b')`, "1"},
		{"arrow lambda", `SELECT list_transform([1, 2], x -> x + 1)[2]`, int64(3)},
		{"array of a query", `SELECT len(array(SELECT customer_id FROM customers))`, int64(10)},
		{"grouping sets", `SELECT count(*) FROM (SELECT customer_id, count(*) FROM orders GROUP BY ROLLUP (customer_id))`, int64(2)},
		{"window frames", `SELECT max(s) FROM (SELECT sum(amount) OVER w AS s FROM orders WINDOW w AS (ORDER BY paid_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW))`, dialect.Decimal("5000.10")},
		{"json", `SELECT ('{"a": 1}'::JSON) ->> '$.a'`, "1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			checked, err := db.Guard(t.Context(), c.text, declared())
			require.NoError(t, err)
			require.Equal(t, c.want, widened(one(t, db, checked.SQL)), checked.SQL)
			require.Equal(t, c.want, widened(one(t, db, checked.Shell)), checked.Shell)
			require.Equal(t, strings.Contains(c.text, "$as_of"), checked.UsesAsOf)
		})
	}
}

// widened makes HUGEINT sums comparable with plain integers.
func widened(v any) any {
	if b, ok := v.(interface {
		IsInt64() bool
		Int64() int64
	}); ok && b.IsInt64() {
		return b.Int64()
	}
	return v
}

// TestGuardRefuses holds what a hostile or careless definition may try. Each error must name the thing.
func TestGuardRefuses(t *testing.T) {
	p := newParser(t)
	for _, c := range []struct{ name, text, says string }{
		{"empty", ``, "not 0 statements"},
		{"two selects", `SELECT 1; SELECT 2`, "not 2 statements"},
		{"drop first", `DROP TABLE customers; SELECT 1`, "only one SELECT"},
		{"drop last", `SELECT 1; DROP TABLE customers`, "only one SELECT"},
		{"copy", `COPY (SELECT 1) TO 'x.csv'`, "only one SELECT"},
		{"attach", `ATTACH 'x.duckdb'`, "only one SELECT"},
		{"export", `EXPORT DATABASE 'x'`, "only one SELECT"},
		{"prepare", `PREPARE p AS SELECT 1`, "only one SELECT"},
		{"execute", `EXECUTE p`, "only one SELECT"},
		{"call", `CALL pragma_version()`, "only one SELECT"},
		{"set", `SET memory_limit = '1GB'`, "only one SELECT"},
		{"pragma", `PRAGMA database_list`, "only one SELECT"},
		{"insert", `INSERT INTO customers VALUES (1)`, "only one SELECT"},
		{"explain", `EXPLAIN SELECT 1`, "only one SELECT"},
		{"install", `INSTALL httpfs`, "only one SELECT"},
		{"pivot", `PIVOT orders ON customer_id USING sum(amount)`, "only one SELECT"},
		{"pivot in from", `SELECT * FROM (PIVOT orders ON customer_id USING sum(amount))`, "only one SELECT"},
		{"unpivot", `SELECT * FROM orders UNPIVOT (v FOR n IN (order_id, customer_id))`, "PIVOT"},
		{"summarize", `SUMMARIZE customers`, "SHOW"},
		{"describe", `DESCRIBE customers`, "SHOW"},
		{"show", `SHOW TABLES`, "SHOW"},
		{"select into", `SELECT * INTO x FROM customers`, "INTO"},
		{"syntax", "SELECT\n  1 +", "2:6: "},
		{"unknown table", `SELECT * FROM secret`, "1:15: the table secret"},
		{"near table", `SELECT * FROM custmers`, "did you mean customers"},
		{"table by catalog", `SELECT * FROM warehouse.main.secret`, "warehouse.main.secret"},
		{"store", `SELECT * FROM store.main.membership`, "store.main.membership"},
		{"file as table", `SELECT * FROM 'customers.csv'`, "customers.csv"},
		{"file behind an alias", `SELECT * FROM '/etc/passwd' AS customers`, "/etc/passwd"},
		{"information schema", `SELECT * FROM information_schema.tables`, "information_schema.tables"},
		{"sqlite master", `SELECT * FROM sqlite_master`, "sqlite_master"},
		{"pg catalog", `SELECT * FROM pg_catalog.pg_class`, "pg_catalog.pg_class"},
		{"settings", `SELECT * FROM duckdb_settings()`, "duckdb_settings"},
		{"pragma function", `SELECT * FROM pragma_table_info('secret')`, "pragma_table_info"},
		{"query", `SELECT * FROM query('SELECT 1')`, "query"},
		{"query_table", `SELECT * FROM query_table('secret')`, "query_table"},
		{"read_csv", `SELECT * FROM read_csv('x.csv')`, "only declared sources"},
		{"read_text", `SELECT * FROM read_text('/etc/passwd')`, "only declared sources"},
		{"glob", `SELECT * FROM glob('*')`, "only declared sources"},
		{"now", `SELECT now()`, "$as_of"},
		{"now in capitals", `SELECT NOW()`, "$as_of"},
		{"today", `SELECT today()`, "$as_of"},
		{"current_date", `SELECT current_date`, "$as_of"},
		{"current_date quoted", `SELECT "CURRENT_DATE" FROM customers`, "$as_of"},
		{"current_timestamp", `SELECT count(*) FROM customers WHERE created_at < current_timestamp`, "$as_of"},
		{"get_current_time", `SELECT get_current_time()`, "$as_of"},
		{"age of one", `SELECT age(created_at) FROM customers`, "age($as_of, x)"},
		{"ago", `SELECT ago(INTERVAL 1 DAY)`, "$as_of"},
		{"random", `SELECT random()`, "another answer each time"},
		{"uuid", `SELECT uuid()`, "another answer each time"},
		{"sample", `SELECT * FROM customers USING SAMPLE 10`, "sample"},
		{"tablesample", `SELECT * FROM customers TABLESAMPLE 10%`, "sample"},
		{"getvariable", `SELECT getvariable('x')`, "getvariable"},
		{"setting", `SELECT current_setting('memory_limit')`, "current_setting"},
		{"user", `SELECT user`, "write the table before it"},
		{"json as sql", `SELECT json_serialize_sql('SELECT 1')`, "json_serialize_sql"},
		{"plan", `SELECT * FROM json_execute_serialized_sql('x')`, "json_execute_serialized_sql"},
		{"hash", `SELECT hash(1)`, "hash"},
		{"list_aggregate by name", `SELECT list_aggregate([1], 'reservoir_quantile', 0.5)`, "list_aggregate"},
		{"near function", `SELECT lowr('A')`, "did you mean lower"},
		{"macro of a schema", `SELECT crm.f(1)`, "crm.f"},
		{"method", `SELECT email.lower() FROM customers`, "write lower(email"},
		{"positional parameter", `SELECT ?`, "$1"},
		{"unknown param", `SELECT $nobody`, "allowed: $as_of, $days, $least, $name"},
		{"time travel", `SELECT * FROM customers AT (VERSION => 1)`, "AT"},
		{"table before a recursive union", `WITH RECURSIVE secret AS (SELECT salary FROM secret UNION ALL SELECT salary FROM secret) SELECT * FROM secret`, "the table secret"},
		{"later cte", `WITH a AS (SELECT * FROM secret), secret AS (SELECT 1) SELECT * FROM a`, "the table secret"},
		{"cte of another subquery", `SELECT * FROM (WITH secret AS (SELECT 1) SELECT * FROM secret) x, secret`, "the table secret"},
		{"cte in a schema", `WITH secret AS (SELECT 1) SELECT * FROM main.secret`, "main.secret"},
		{"letters that fold to ASCII", "WITH \"\u212Aundensecret\" AS (SELECT 1) SELECT * FROM kundensecret", "kundensecret"},
		{"wide letters", "SELECT * FROM \uFF53ecret", "\uFF53ecret"},
		{"no text", "SELECT '\x00'", "no readable text"},
		{"not UTF-8", "SELECT '\xff'", "no readable text"},
		{"too long", "SELECT '" + strings.Repeat("x", 1<<20) + "'", "no readable text"},
	} {
		t.Run(c.name, func(t *testing.T) {
			checked, err := p.Guard(t.Context(), c.text, declared())
			require.Empty(t, checked)
			var e *warehouse.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, warehouse.Refused, e.Kind)
			require.Contains(t, err.Error(), c.says)
		})
	}
}

// TestGuardLooksEverywhere puts a forbidden thing into every clause that can hold one.
func TestGuardLooksEverywhere(t *testing.T) {
	p := newParser(t)
	const bad = `(SELECT max(salary) FROM secret)`
	for _, text := range []string{
		`SELECT ` + bad,
		`SELECT DISTINCT ON (` + bad + `) 1`,
		`SELECT * FROM customers WHERE customer_id = ` + bad,
		`SELECT * FROM customers WHERE customer_id IN ` + bad,
		`SELECT * FROM customers WHERE EXISTS ` + bad,
		`SELECT * FROM customers JOIN orders ON customers.customer_id = ` + bad,
		`SELECT * FROM ` + bad,
		`SELECT * FROM range(` + bad + `)`,
		`SELECT * FROM customers, LATERAL ` + bad + ` l`,
		`SELECT 1 GROUP BY ` + bad,
		`SELECT 1 GROUP BY GROUPING SETS ((` + bad + `))`,
		`SELECT 1 HAVING ` + bad + ` > 1`,
		`SELECT 1 QUALIFY ` + bad + ` > 1`,
		`SELECT 1 ORDER BY ` + bad,
		`SELECT 1 LIMIT ` + bad,
		`SELECT 1 OFFSET ` + bad,
		`SELECT sum(1) FILTER (WHERE ` + bad + ` > 1)`,
		`SELECT string_agg('a', ',' ORDER BY ` + bad + `)`,
		`SELECT sum(1) OVER (PARTITION BY ` + bad + `)`,
		`SELECT sum(1) OVER (ORDER BY ` + bad + `)`,
		`SELECT sum(1) OVER (ROWS BETWEEN ` + bad + ` PRECEDING AND CURRENT ROW)`,
		`SELECT lag(1, 1, ` + bad + `) OVER ()`,
		`SELECT CASE WHEN ` + bad + ` > 1 THEN 1 END`,
		`SELECT CASE 1 WHEN 2 THEN ` + bad + ` END`,
		`SELECT list_transform([1], lambda x: x + ` + bad + `)`,
		`SELECT * REPLACE (` + bad + ` AS email) FROM customers`,
		`SELECT COLUMNS(c -> c = ` + bad + `) FROM customers`,
		`SELECT 1 UNION SELECT salary FROM secret`,
		`SELECT 1 EXCEPT SELECT salary FROM secret`,
		`WITH c AS (SELECT salary FROM secret) SELECT 1`,
		`WITH RECURSIVE r AS (SELECT 1 AS a UNION ALL SELECT ` + bad + ` FROM r) SELECT * FROM r`,
		`VALUES (` + bad + `)`,
		`SELECT * FROM (VALUES (` + bad + `)) v`,
		`SELECT {'a': ` + bad + `}`,
		`SELECT [1][` + bad + `]`,
		`SELECT CAST(` + bad + ` AS TEXT) COLLATE nocase`,
		`SELECT 1 BETWEEN 0 AND ` + bad,
		`SELECT NOT (1 = 1 AND ` + bad + ` > 1)`,
		`FROM customers SELECT ` + bad,
	} {
		_, err := p.Guard(t.Context(), text, declared())
		var e *warehouse.Error
		require.ErrorAs(t, err, &e, text)
		require.Equal(t, warehouse.Refused, e.Kind, text)
		require.Contains(t, err.Error(), "the table secret", text)
	}
}

// TestGuardSeesMacros shows that a macro of the warehouse does win over a built-in function, and is therefore refused.
func TestGuardSeesMacros(t *testing.T) {
	db := open(t, warehouse.Config{Warehouse: shop(t, `CREATE MACRO lower(x) AS 'other'`, `CREATE MACRO mine(x) AS x`)})
	require.Equal(t, "other", one(t, db, `SELECT lower('A')`))
	_, err := db.Guard(t.Context(), `SELECT lower(email) FROM customers`, declared())
	require.ErrorContains(t, err, "the warehouse has a macro lower")
	_, err = db.Guard(t.Context(), `SELECT mine(email) FROM customers`, declared())
	require.ErrorContains(t, err, "the function mine")
	_, err = db.Guard(t.Context(), `SELECT upper(email) FROM customers`, declared())
	require.NoError(t, err)
}

// TestGuardRelations checks names with more parts and with quotes.
func TestGuardRelations(t *testing.T) {
	p := newParser(t)
	allowed := warehouse.Allowed{Tables: map[string]string{
		"vip": "memory.main.vip", "plain": "plain", "odd": `"a.b"."c d"`,
	}}
	checked, err := p.Guard(t.Context(), `SELECT * FROM vip, plain, odd`, allowed)
	require.NoError(t, err)
	require.Equal(t, `SELECT * FROM memory.main.vip , warehouse.main.plain , warehouse."a.b"."c d" AS odd`, checked.SQL)
	require.Equal(t, `SELECT * FROM memory.main.vip , main.plain , "a.b"."c d" AS odd`, checked.Shell)
	require.Equal(t, []string{"odd", "plain", "vip"}, checked.Tables)
}

// relations counts names that stand for the same table once.
func relations(names []string) map[string]bool {
	distinct := map[string]bool{}
	for _, name := range names {
		distinct[declared().Tables[name]] = true
	}
	return distinct
}

// FuzzGuard demands that nothing panics, and that whatever is accepted is again accepted as one SELECT over the same tables.
func FuzzGuard(f *testing.F) {
	for _, text := range []string{
		`SELECT 1`, `SELECT * FROM customers WHERE created_at < $as_of`, `WITH RECURSIVE r AS (SELECT 1 UNION SELECT * FROM r) FROM r`,
		`SELECT 1; SELECT 2`, `DROP TABLE x`, "SELECT 'a' -- ;\n", `SELECT $$;$$`, `VALUES (1)`, `SELECT [x for x in [1]]`, `(((`,
	} {
		f.Add(text)
	}
	p, err := warehouse.NewParser(f.Context())
	require.NoError(f, err)
	f.Cleanup(func() { require.NoError(f, p.Close()) })
	f.Fuzz(func(t *testing.T, text string) {
		checked, err := p.Guard(t.Context(), text, declared())
		if err != nil {
			require.Empty(t, checked)
			return
		}
		again, err := p.Guard(t.Context(), checked.Shell, warehouse.Allowed{Tables: map[string]string{
			"main.customers": "main.customers", "crm.orders": "crm.orders",
		}})
		require.NoError(t, err, checked.Shell)
		require.Len(t, again.Tables, len(relations(checked.Tables)))
	})
}

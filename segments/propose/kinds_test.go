package propose_test

import (
	"context"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/propose"
)

// continued finds where a long comment goes on.
var continued = regexp.MustCompile(`\n *#    `)

// containsAll demands that the file of a proposal has each text, its comments
// unbroken.
func containsAll(t *testing.T, text string, wanted ...string) {
	t.Helper()
	text = continued.ReplaceAllString(text, " ")
	for _, want := range wanted {
		require.Contains(t, text, want)
	}
}

// TestFolder looks at a folder of CSV files as dbt's sample shop has them: the
// orders have no amount, the payments no customer.
func TestFolder(t *testing.T) {
	p := proposal(t, folder(t, map[string]string{
		"raw_customers.csv": "id,first_name,last_name\n1,Michael,P.\n2,Shawn,M.\n3,Kathleen,P.\n4,Jimmy,C.\n",
		"raw_orders.csv.gz": "id,user_id,order_date,status\n1,1,2018-01-01,returned\n2,3,2018-01-02,completed\n3,2,2018-01-04,completed\n" +
			"4,1,2018-01-05,return_pending\n5,3,2018-04-09,placed\n",
		"raw_payments.csv": "id,order_id,payment_method,amount\n1,1,credit_card,1000\n2,2,credit_card,2000\n3,3,coupon,100\n4,4,coupon,2500\n" +
			"5,5,gift_card,1700\n6,5,coupon,300\n",
		"products.csv": "sku,name\na,Apple\nb,Banana\n",
	}))
	containsAll(t, p.Project(),
		"    table: raw_customers\n    key: id\n",
		"    customer: user_id\n    at: order_date\n    id: id\n",
		"# unsure: the table has none, so it is the sum over the rows of raw_payments; its numbers are whole: perhaps they are cents\n",
		"  order: {from: orders, where: \"status not in ('return_pending', 'returned')\"}\n",
		"  payment: {from: payments}\n",
		"# unsure: products is not used: no column names a customer\n")
	require.Equal(t, "7600", p.total(t, "sum(any_order.amount) ever"))
	require.Equal(t, "4100", p.total(t, "sum(order.amount) ever"))
	require.Equal(t, "2900", p.total(t, "sum(payment.amount where payment_method = 'coupon') ever"))
	require.Equal(t, int64(2), p.sizes(t)["buyers"])
}

const retailHead = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"

const retailLines = `536365,85123A,WHITE HANGING HEART,6,12/1/2010 8:26,2.55,17850.0,United Kingdom
536365,71053,WHITE METAL LANTERN,6,12/1/2010 8:26,3.39,17850.0,United Kingdom
536366,22633,HAND WARMER,6,12/1/2010 8:28,1.85,17850.0,United Kingdom
536367,84879,ORNAMENT,32,12/1/2010 8:34,1.69,13047.0,United Kingdom
536370,22728,ALARM CLOCK,24,12/1/2010 8:45,3.75,12583.0,France
536370,22727,ALARM CLOCK RED,24,12/1/2010 8:45,3.75,12583.0,France
C536379,D,Discount,-1,12/1/2010 9:41,27.5,14527.0,United Kingdom
536390,22941,LIGHTS,2,1/13/2011 10:19,8.5,17511.0,United Kingdom
536390,22960,JAM SET,12,1/13/2011 10:19,4.25,17511.0,United Kingdom
536414,22139,,56,1/14/2011 11:52,0,,United Kingdom
`

// checkRetail demands of one table of order lines: customers are those that its
// lines name, orders are sums of lines.
func checkRetail(t *testing.T, p proposed) {
	t.Helper()
	containsAll(t, p.Project(),
		"# unsure: no table holds the customers",
		"    key: customer_id\n",
		"created_at: first_seen\n",
		"    customer: customer_id\n",
		"    id: invoice_no\n    amount: amount\n",
		"# unsure: its rows look like lines that share",
		"# unsure: rows whose invoice_no starts with C look like cancellations and do not count\n",
		"  order: {from: orders, where: \"not starts_with(invoice_no, 'C')\"}\n",
		"  order_line: {from: order_lines}\n")
	sizes := p.sizes(t)
	require.Equal(t, int64(5), sizes["population"])
	require.Equal(t, int64(4), sizes["buyers"])
	require.Equal(t, "5", p.total(t, "count(order) ever"))
	require.Equal(t, "348.82", p.total(t, "sum(order.amount) ever"))
	require.Equal(t, "321.32", p.total(t, "sum(any_order.amount) ever"))
	require.Equal(t, "321.32", p.total(t, "sum(order_line.amount) ever"))
	require.Equal(t, "68", p.total(t, "sum(order.amount where customer.country = 'United Kingdom' and month = 1) ever"))
	require.Equal(t, "9", p.total(t, "count(order_line) ever"))
}

// TestOrderLinesText looks at order lines whose times are text and whose
// customers are floating numbers.
func TestOrderLinesText(t *testing.T) {
	p := proposal(t, folder(t, map[string]string{"online_retail.csv": retailHead + retailLines}))
	checkRetail(t, p)
	containsAll(t, p.Project(),
		`TRY_CAST("CustomerID" AS BIGINT) AS "customer_id"`,
		`min(try_strptime("InvoiceDate", '%m/%d/%Y %H:%M')) AS "invoice_date"`,
		"times without a zone (invoice_date)")
}

// TestOrderLinesAllText has texts in all columns.
func TestOrderLinesAllText(t *testing.T) {
	p := proposal(t, build(t, retailTable("InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country")))
	containsAll(t, p.Project(), `TRY_CAST(TRY_CAST("CustomerID" AS DOUBLE) AS BIGINT)`)
	checkRetail(t, p)
}

// TestOrderLinesTyped looks at the same lines in a table with types.
func TestOrderLinesTyped(t *testing.T) {
	p := proposal(t, build(t, retailTable("InvoiceNo, StockCode, Description, Quantity::INTEGER AS Quantity, "+
		"strptime(InvoiceDate, '%m/%d/%Y %H:%M') AS InvoiceDate, UnitPrice::DECIMAL(10,3) AS UnitPrice, CustomerID::DOUBLE::BIGINT AS CustomerID, Country")))
	checkRetail(t, p)
	containsAll(t, p.Project(), `"CustomerID" AS "customer_id"`, `min("InvoiceDate") AS "invoice_date"`)
}

// TestSchemas looks at tables that lie in schemas.
func TestSchemas(t *testing.T) {
	p := proposal(t, build(t,
		"CREATE SCHEMA crm", "CREATE SCHEMA shop", "CREATE SCHEMA web",
		"CREATE TABLE crm.customers AS SELECT i AS id, 'u' || i || '@x.de' AS email FROM range(50) AS r(i)",
		"CREATE TABLE shop.orders AS SELECT i AS id, i % 50 AS customer_id, TIMESTAMPTZ '2025-01-01' + to_days(i) AS ordered_at, 9.5::DECIMAL(10,2) AS total FROM range(80) AS r(i)",
		"CREATE TABLE web.orders AS SELECT i AS id, i % 20 AS customer_id, TIMESTAMPTZ '2025-01-01' + to_days(i) AS ordered_at FROM range(30) AS r(i)",
		"CREATE VIEW web.hits AS SELECT id, customer_id, ordered_at AS ts, 'hit' AS event_type FROM web.orders"))
	containsAll(t, p.Project(), "    table: crm.customers\n", "  orders:\n    table: shop.orders\n", "  orders_2:\n    table: web.orders\n", "    table: web.hits\n",
		"  hit: {from: hits, type: hit}\n")
	require.Equal(t, "760", p.total(t, "sum(order.amount) ever"))
}

// TestHistory looks at customers that keep a row for each version.
func TestHistory(t *testing.T) {
	p := proposal(t, build(t,
		"CREATE TABLE dim_customer AS SELECT i % 10 AS customer_id, 'plan' || i AS plan, TIMESTAMPTZ '2024-01-01' + to_days(i) AS valid_from, CASE WHEN i < 10 THEN TIMESTAMPTZ '2024-01-11' + to_days(i) END AS valid_to FROM range(20) AS r(i)",
		"CREATE TABLE fct_orders AS SELECT i AS order_id, i % 10 AS customer_id, DATE '2025-01-01' + i::INTEGER AS order_date, i * 1.5 AS amount FROM range(30) AS r(i)"))
	containsAll(t, p.Project(), "    table: dim_customer\n    key: customer_id\n", "    # unsure: 10 rows have a key that occurred before", "    valid_from: valid_from\n    valid_to: valid_to\n",
		"  orders:\n    table: fct_orders\n")
	require.Equal(t, int64(10), p.sizes(t)["population"])
}

// TestRepeatedKeys looks at customers whose keys occur twice for no reason that
// the table tells.
func TestRepeatedKeys(t *testing.T) {
	p := proposal(t, build(t,
		"CREATE TABLE users AS SELECT i % 8 AS id, 'n' || i AS first_name, 'a@b.de' AS email FROM range(10) AS r(i)"))
	containsAll(t, p.Project(), "# unsure: 2 rows have a key that occurred before; only one row of each key is kept", "QUALIFY row_number()")
	require.Equal(t, int64(8), p.sizes(t)["population"])
}

// TestUUIDs looks at keys that are UUIDs, here and there as text.
func TestUUIDs(t *testing.T) {
	const key = "('00000000-0000-4000-8000-' || lpad(CAST(i % 10 AS VARCHAR), 12, '0'))"
	p := proposal(t, build(t,
		"CREATE TABLE members AS SELECT "+key+"::UUID AS member_id, 'DE' AS country, TIMESTAMP '2024-01-01' AS joined_at FROM range(10) AS r(i)",
		"CREATE TABLE purchases AS SELECT uuid() AS purchase_id, "+key+"::UUID AS member_id, TIMESTAMPTZ '2025-01-01' + to_days(i) AS purchased_at, 3::DECIMAL(9,2) AS amount FROM range(40) AS r(i)",
		"CREATE TABLE visits AS SELECT "+key+" AS member_id, TIMESTAMPTZ '2025-01-01' + to_days(i) AS at FROM range(25) AS r(i)"))
	containsAll(t, p.Project(), "    key: member_id\n", "    created_at: joined_at\n", "    id: purchase_id\n", "    customer: member_id\n    at: at\n")
	require.Equal(t, "40", p.total(t, "count(purchase) ever"))
	require.Equal(t, "25", p.total(t, "count(visit) ever"))
	require.Equal(t, int64(10), p.sizes(t)["buyers"])
}

// TestOddNames looks at names that rules cannot use as they are.
func TestOddNames(t *testing.T) {
	p := proposal(t, build(t,
		`CREATE TABLE "Customer List" AS SELECT i AS "Customer ID", 'x' AS "First Name", 'DE' AS "in", true AS "Größe", 1 AS "select" FROM range(9) AS r(i)`,
		`CREATE TABLE "web events" AS SELECT i AS id, i % 9 AS "Customer ID", TIMESTAMPTZ '2025-01-01' + to_hours(i) AS "event time", `+
			`['Test Event', 'test_event', 'Order', 'last', '1st visit', 'Ünïcode – ok', 'email'][i % 7 + 1] AS "event name", i AS day, 2 AS month, 'x' AS "not", 5 AS gap, `+
			`'a' AS "at", 'b' AS "type", 'c' AS "customer", 1 AS "a.b", '{"user id": 1, "a.b": 2, "day": "2025-01-01", "Nested": {"X": [1]}, "type": null}' AS payload FROM range(70) AS r(i)`))
	text := p.Project()
	containsAll(t, text,
		"    table: Customer List\n    key: Customer ID\n",
		"      first_name: {column: First Name}\n", "      customer_in: {column: in}\n",
		"    table: web events\n    customer: Customer ID\n    at: event time\n    type: event name\n    id: id\n",
		"      web_event_day: {column: day}\n", "      web_event_month: {column: month}\n", "      web_event_not: {column: not}\n",
		"      web_event_gap: {column: gap}\n", "      web_event_at: {column: at}\n", "      web_event_type: {column: type}\n",
		"      web_event_customer: {column: customer}\n", "      a_b: {column: a.b}\n",
		"      user_id: {path: payload.user id, type: integer}\n", "      payload_day: {path: payload.day, type: date}\n", "      x: {path: payload.Nested.X, type: list}\n",
		"  test_event: {from: web_events, type: Test Event}\n", "  test_event_event: {from: web_events, type: test_event}\n",
		"  last_event: {from: web_events, type: last}\n", "  n1st_visit: {from: web_events, type: ", "  uenicode_ok: {from: web_events, type: ")
	require.Equal(t, "10", p.total(t, "count(test_event) ever"))
	require.Equal(t, "10", p.total(t, "count(test_event_event where web_event_day >= 0 and user_id = 1 and web_event_type = 'b') ever"))
}

// TestMoreForms looks at times and numbers in the forms that files have.
func TestMoreForms(t *testing.T) {
	for name, c := range map[string]struct{ at, amount, reading string }{
		"German":       {"strftime(d, '%d.%m.%Y %H:%M:%S')", "replace(CAST(v AS VARCHAR), '.', ',')", "%d.%m.%Y %H:%M:%S"},
		"English day":  {"strftime(d, '%d/%m/%Y')", "'$' || v", "%d/%m/%Y"},
		"American":     {"strftime(d, '%m/%d/%Y %I:%M %p')", "CAST(v AS VARCHAR)", "%m/%d/%Y %I:%M %p"},
		"ISO":          {"strftime(d, '%Y-%m-%dT%H:%M:%S.000Z')", "v::DOUBLE", "AS TIMESTAMP WITH TIME ZONE"},
		"a whole day":  {"CAST(strftime(d, '%Y%m%d') AS INTEGER)", "v::DECIMAL(9,1)", "%Y%m%d"},
		"seconds":      {"epoch(d)::BIGINT", "v", "to_timestamp("},
		"milliseconds": {"epoch_ms(d)", "v", " / 1000.0"},
		"month name":   {"strftime(d, '%d-%b-%Y')", "v", "%d-%b-%Y"},
	} {
		t.Run(name, func(t *testing.T) {
			p := proposal(t, build(t,
				"CREATE TABLE customers AS SELECT i AS customer_id FROM range(3) AS r(i)",
				"CREATE TABLE orders AS SELECT i AS order_id, i % 3 AS customer_id, "+c.at+" AS order_date, "+c.amount+" AS amount FROM (SELECT i, TIMESTAMP '2025-01-10 14:00' + to_days(i::INTEGER) AS d, i + 0.5 AS v FROM range(10) AS r(i))"))
			containsAll(t, p.Project(), c.reading, "    at: order_date\n")
			require.Equal(t, "50", p.total(t, "sum(order.amount) ever"))
			require.Equal(t, "10", p.total(t, "count(order where month = 1) ever"))
		})
	}
}

// TestAmbiguousDays says so where days and months cannot be told apart.
func TestAmbiguousDays(t *testing.T) {
	p := proposal(t, folder(t, map[string]string{
		"customers.csv": "customer_id\n1\n2\n",
		"orders.csv":    "order_id,customer_id,order_date,amount\n1,1,01/02/2025 10:00 AM,5\n2,2,03/04/2025 11:00 AM,6\n",
	}))
	containsAll(t, p.Project(), "say whether days or months come first")
}

// TestSeveralTablesOfRows has no customers, and two tables that name them.
func TestSeveralTablesOfRows(t *testing.T) {
	p := proposal(t, build(t,
		"CREATE TABLE events AS SELECT 'u' || (i % 4) AS user_id, TIMESTAMPTZ '2025-01-01' + to_hours(i) AS ts, 'view' AS event FROM range(8) AS r(i)",
		"CREATE TABLE orders AS SELECT i AS user_id, TIMESTAMPTZ '2025-02-01' AS ordered_at, true AS is_test, NULL::TIMESTAMP AS cancelled_at FROM range(3) AS r(i)"))
	containsAll(t, p.Project(), "UNION ALL", "created_at: first_seen\n", "  order: {from: orders, where: not is_test and cancelled_at is missing}\n",
		"# unsure: rows that are is_test do not count")
	require.Equal(t, int64(7), p.sizes(t)["population"])
	require.Equal(t, "8", p.total(t, "count(view) ever"))
	require.Equal(t, "0", p.total(t, "count(order) ever"))
	require.Equal(t, "3", p.total(t, "count(any_order) ever"))
}

// TestCustomersAlone has nothing to count.
func TestCustomersAlone(t *testing.T) {
	p := proposal(t, build(t, "CREATE TABLE contacts AS SELECT i AS id, 'a@b.de' AS email, DATE '2025-01-01' AS created_on FROM range(4) AS r(i)",
		"CREATE TABLE notes AS SELECT 1 AS contact_id, 'x' AS note"))
	require.NotContains(t, p.Project(), "streams:")
	containsAll(t, p.Project(), "# unsure: notes is not used: no column says when its rows happened\n")
	require.Equal(t, map[string]int64{"population": 4, "everybody": 4, "reachable": 4, "newcomers": 0}, p.sizes(t))
}

// TestEmptyTables has tables without rows: names alone must do.
func TestEmptyTables(t *testing.T) {
	p := proposal(t, build(t, "CREATE TABLE customers (id BIGINT, email VARCHAR)",
		"CREATE TABLE orders (id BIGINT, customer_id BIGINT, ordered_at TIMESTAMP, amount DECIMAL(9,2), status VARCHAR)"))
	containsAll(t, p.Project(), "    key: id\n", "    customer: customer_id\n    at: ordered_at\n", "  order: {from: orders}\n")
	require.Equal(t, int64(0), p.sizes(t)["population"])
}

// TestBrokenView leaves out what cannot be read.
func TestBrokenView(t *testing.T) {
	p := proposal(t, build(t, "CREATE TABLE customers AS SELECT i AS id FROM range(3) AS r(i)", "CREATE TABLE gone (customer_id BIGINT, ts TIMESTAMP)",
		"CREATE VIEW visits AS SELECT * FROM gone", "DROP TABLE gone"))
	containsAll(t, p.Project(), "# unsure: visits is not used: it cannot be read: ")
}

// TestUnmatchedCustomers prefers the rows where they name others than those of
// the table of customers.
func TestUnmatchedCustomers(t *testing.T) {
	p := proposal(t, build(t, "CREATE TABLE customers AS SELECT i AS id, 'a@b.de' AS email FROM range(3) AS r(i)",
		"CREATE TABLE orders AS SELECT 100 + i AS customer_id, DATE '2025-01-01' AS order_date FROM range(3) AS r(i)"))
	containsAll(t, p.Project(), "# unsure: customers is not used: no rows name its customers\n", "  order: {from: orders}\n")
	require.Equal(t, int64(3), p.sizes(t)["buyers"]+p.sizes(t)["active"])
}

// TestJaffle looks at the jaffle shop: 99 orders of 62 among 100 customers, for
// 167,200 cents in all.
func TestJaffle(t *testing.T) {
	p := proposal(t, open(t, filepath.Join("..", "..", "fixtures", "jaffle", "data")))
	require.Equal(t, int64(100), p.sizes(t)["population"])
	require.Equal(t, "99", p.total(t, "count(any_order) ever"))
	require.Equal(t, "167200", p.total(t, "sum(any_order.amount) ever"))
	require.Equal(t, "167200", p.total(t, "sum(payment.amount) ever"))
	require.Equal(t, "113", p.total(t, "count(payment) ever"))
}

// TestCancelled gives up when it is told to.
func TestCancelled(t *testing.T) {
	db := build(t, "CREATE TABLE customers AS SELECT 1 AS id")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := propose.Look(ctx, db)
	require.ErrorIs(t, err, context.Canceled)
}

// TestNothingToPropose gives errors that say what is missing.
func TestNothingToPropose(t *testing.T) {
	_, err := propose.Look(t.Context(), build(t))
	require.ErrorIs(t, err, propose.ErrEmpty)
	_, err = propose.Look(t.Context(), build(t, "CREATE TABLE products (sku VARCHAR, name VARCHAR)", "CREATE TABLE visits (user_id BIGINT, page VARCHAR)"))
	var unusable *propose.UnusableError
	require.ErrorAs(t, err, &unusable)
	require.Equal(t, []string{"products: no column names a customer", "visits: no column says when its rows happened"}, unusable.Reasons)
	require.ErrorContains(t, err, "products: no column names a customer; visits: ")
}

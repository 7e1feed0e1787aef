package run_test

import (
	"maps"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"strata/reports"
	"strata/reports/run"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/evaluate"
	"strata/sql/warehouse"
)

// The shop of the fixture: six customers, and orders at days from 1 January.
const kpiProject = `
warehouse: warehouse.duckdb
timezone: UTC
sources:
  customers: {table: customers, key: customer_id}
  orders: {table: orders, customer: customer_id, at: ordered_at, id: order_id, amount: amount}
  events: {table: events, customer: customer_id, at: ts, type: kind, id: event_id}
streams:
  order: {from: orders}
  email_sent: {from: events, type: sent}
  email_bounce: {from: events, type: bounce}
  email_open: {from: events, type: open}
  email_click: {from: events, type: click}
  email_unsubscribe: {from: events, type: unsubscribe}
kpi:
  email:
    opened: {stream: email_open, machine: proxy = true}
    clicked: {stream: email_click, machine: proxy = true}
`

const kpiSchema = `
sources:
  customers: {customer_id: VARCHAR}
  orders: {order_id: VARCHAR, customer_id: VARCHAR, ordered_at: TIMESTAMPTZ, amount: "DECIMAL(12,2)", refunded: "DECIMAL(12,2)"}
  events: {event_id: BIGINT, customer_id: VARCHAR, ts: TIMESTAMPTZ, kind: VARCHAR, proxy: BOOLEAN}
`

var kpiTables = []string{
	`CREATE TABLE customers AS SELECT 'c' || i AS customer_id FROM range(1, 7) AS t(i)`,
	`CREATE TABLE orders AS SELECT order_id, customer_id, TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_days(day) AS ordered_at,
		CAST(amount AS DECIMAL(12,2)) AS amount, CAST(refunded AS DECIMAL(12,2)) AS refunded
		FROM (VALUES ('o1', 'c1', 1, 100, 0), ('o2', 'c1', 31, 50, 0), ('o3', 'c1', 41, 150, 0), ('o4', 'c2', 10, 80, 80),
			('o5', 'c3', 5, 60, 10), ('o6', 'c3', 65, 40, 0), ('o7', 'c4', 20, 0, 0), ('o8', NULL, 22, 25, 0)) AS t(order_id, customer_id, day, amount, refunded)`,
	`CREATE TABLE events (event_id BIGINT, customer_id VARCHAR, ts TIMESTAMPTZ, kind VARCHAR, proxy BOOLEAN)`,
}

func kpiDay(n int) time.Time {
	return time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n)
}

// kpiShop opens a shop with some of its files replaced.
func kpiShop(t *testing.T, tables []string, change map[string]string) *evaluate.Evaluator {
	t.Helper()
	db, err := warehouse.Scratch(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	for _, statement := range tables {
		_, err := db.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	texts := map[string]string{"strata.yaml": kpiProject, "strata.schema.yaml": kpiSchema}
	maps.Copy(texts, change)
	files := fstest.MapFS{}
	for name, text := range texts {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	set, problems := definition.Load(files, "")
	require.False(t, problems.HasErrors(), problems.Error())
	program, problems := check.Check(set)
	require.False(t, problems.HasErrors(), problems.Error())
	return evaluate.New(db, program)
}

// kpiRaw are the values of all customers without the rule of small cells, which
// the fixtures are all below.
func kpiRaw(t *testing.T, e *evaluate.Evaluator, from, to time.Time) map[string]float64 {
	t.Helper()
	a, err := run.KPI(t.Context(), e, run.KPIQuestion{KPIPeriod: run.KPIPeriod{From: from, To: to}})
	require.NoError(t, err)
	values := map[string]float64{"customers": float64(a.Report.Sets[0].Customers)}
	for j, m := range a.Report.Metrics {
		c := a.Report.Cells[0][j]
		switch {
		case c.Days != nil:
			values[m.Name], values[m.Name+"_by_customer"] = c.Days.Median, c.Days.ByCustomer
		case m.Form == reports.KPITotal:
			values[m.Name] = c.Upper
		case c.Lower == 0:
			require.Nil(t, c.Value, "%s of nothing", m.Name)
		default:
			values[m.Name] = c.Upper / c.Lower
			require.Nil(t, c.Value, "%s of six customers is too few to say", m.Name)
		}
	}
	return values
}

// The vector kpi-fixture, counted by hand in the specification.
func TestKPIFixture(t *testing.T) {
	t.Parallel()
	cases := []struct {
		counts string
		want   map[string]float64
	}{
		{"purchases", map[string]float64{
			"customers": 6, "buyers": 2, "orders": 5, "gross": 400, "refunds": 10, "net": 390, "aov": 78, "revenue_per_customer": 65,
			"revenue_per_buyer": 195, "frequency": 2.5, "conversion": 1. / 3, "repeat_rate": 1, "repeat_in_period": 1,
			"days_between_orders": 30, "days_between_orders_by_customer": 40,
		}},
		{"paid", map[string]float64{"buyers": 3, "orders": 6, "aov": 65, "repeat_rate": 2. / 3}},
		{"all", map[string]float64{"buyers": 4, "orders": 7, "aov": 390. / 7, "conversion": 4. / 6}},
	}
	for _, c := range cases {
		e := kpiShop(t, kpiTables, map[string]string{"strata.yaml": kpiProject + "  orders: {stream: order, counts: " + c.counts + "}\n"})
		got := kpiRaw(t, e, kpiDay(0), kpiDay(100))
		for name, want := range c.want {
			require.InDelta(t, want, got[name], 1e-12, "%s, %s", c.counts, name)
		}
	}
}

// The vector email-funnel.
func TestKPIEmailFunnel(t *testing.T) {
	t.Parallel()
	events := func(kind string, n, machine int) string {
		return `SELECT '` + kind + `', i, i < ` + itoa(machine) + ` FROM range(` + itoa(n) + `) AS t(i)`
	}
	tables := []string{
		`CREATE TABLE customers AS SELECT 'c' || i AS customer_id FROM range(1000) AS t(i)`,
		`CREATE TABLE events AS SELECT row_number() OVER () AS event_id, 'c' || i AS customer_id, TIMESTAMPTZ '2026-01-05 00:00:00+00' AS ts, kind, proxy FROM (` +
			events("sent", 1000, 0) + " UNION ALL " + events("bounce", 20, 0) + " UNION ALL " + events("open", 400, 150) + " UNION ALL " +
			events("click", 49, 9) + " UNION ALL " + events("unsubscribe", 3, 0) + `) AS e(kind, i, proxy)`,
		// 12 buyers with 14 orders of 50.
		`CREATE TABLE orders AS SELECT 'o' || i AS order_id, 'c' || (i % 12) AS customer_id, TIMESTAMPTZ '2026-01-06 00:00:00+00' AS ordered_at,
			CAST(50 AS DECIMAL(12,2)) AS amount, CAST(0 AS DECIMAL(12,2)) AS refunded FROM range(14) AS t(i)`,
	}
	e := kpiShop(t, tables, map[string]string{"segments/m.yaml": `
metrics:
  converted: {ratio: count(order) >= 1, per: count(email_sent) - count(email_bounce), unit: percent}
  placed_order_rate: {ratio: count(order), per: count(email_sent) - count(email_bounce), unit: percent}
  rpr: {ratio: sum(order.amount), per: count(email_sent) - count(email_bounce)}
`})
	a, err := run.KPI(t.Context(), e, run.KPIQuestion{KPIPeriod: run.KPIPeriod{From: kpiDay(0), To: kpiDay(30)}})
	require.NoError(t, err)
	got := map[string]float64{}
	for j, m := range a.Report.Metrics {
		if c := a.Report.Cells[0][j]; c.Lower > 0 {
			got[m.Name] = c.Upper / c.Lower
		}
	}
	for name, want := range map[string]float64{
		"delivery_rate": 0.98, "open_rate": 0.408163, "human_open_rate": 0.255102, "click_rate": 0.05, "human_click_rate": 0.040816,
		"ctor": 0.1225, "human_ctor": 0.16, "unsubscribe_rate": 0.003061, "converted": 0.012245, "placed_order_rate": 0.014286, "rpr": 0.714286,
	} {
		require.InDelta(t, want, got[name], 1e-6, name)
	}
}

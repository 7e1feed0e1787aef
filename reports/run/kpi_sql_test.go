package run_test

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/fixtures/shop"
	"strata/reports"
	"strata/reports/run"
	"strata/reports/stats"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/evaluate"
	"strata/sql/warehouse"
)

func itoa(n int) string { return strconv.Itoa(n) }

// kpiDemo is the demo shop with fewer customers.
type kpiDemo struct {
	*evaluate.Evaluator
	db *warehouse.DB
}

func demoShop(t *testing.T) kpiDemo {
	t.Helper()
	options := shop.Default()
	options.Customers = 4000
	path := filepath.Join(t.TempDir(), "shop.duckdb")
	require.NoError(t, warehouse.Build(t.Context(), path, shop.Statements(options)))
	db, err := warehouse.Open(t.Context(), warehouse.Config{Warehouse: path, TempDir: t.TempDir()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	set, problems := definition.Load(shop.Files(), ".")
	require.Empty(t, problems)
	program, problems := check.Check(set)
	require.False(t, problems.HasErrors(), problems.Error())
	return kpiDemo{Evaluator: evaluate.New(db, program), db: db}
}

func (d kpiDemo) lookup(t *testing.T, names ...string) []check.Definition {
	t.Helper()
	var list []check.Definition
	for _, name := range names {
		found, ok := d.Program().Lookup(name)
		require.True(t, ok, name)
		list = append(list, found)
	}
	return list
}

// number is what a statement written by hand returns.
func (d kpiDemo) number(t *testing.T, text string) float64 {
	t.Helper()
	var x *float64
	require.NoError(t, d.db.Row(t.Context(), []any{&x}, "SELECT CAST(("+text+") AS DOUBLE)"), text)
	if x == nil {
		return 0
	}
	return *x
}

// The statements by hand read two tables: who is a member, and the period.
const (
	handOrders = ` FROM warehouse.main.orders o JOIN memory.main.kpi_keys USING (customer_id), memory.main.kpi_period
		WHERE status NOT IN ('cancelled', 'refunded') AND amount > 0 AND ordered_at < t`
	handPeriod = handOrders + ` AND ordered_at >= f`
	handEvents = ` FROM warehouse.main.events e JOIN memory.main.kpi_keys USING (customer_id), memory.main.kpi_period WHERE ts >= f AND ts < t AND event_type = `
	handBuyers = `SELECT count(DISTINCT customer_id)` + handPeriod
	handNet    = `SELECT sum(amount)` + handPeriod
	handCount  = `SELECT count(*)` + handPeriod
	handAll    = `SELECT count(*) FROM memory.main.kpi_keys`
	handEver   = `SELECT count(*) FROM (SELECT customer_id, count(*) AS n` + handOrders + ` GROUP BY customer_id) WHERE n >= `
)

// handMessages counts messages, each once per customer.
func handMessages(kind, where string) string {
	return `SELECT count(*) FROM (SELECT DISTINCT customer_id, campaign_id` + handEvents + `'` + kind + `' AND campaign_id IS NOT NULL` + where + `)`
}

// handDelivered is per customer what was sent less what bounced.
var handDelivered = `(` + handMessages("email_sent", "") + `) - (` + handMessages("email_bounce", "") + `)`

// handKPIs are upper and lower part of each metric, in other words than the
// program's.
func handKPIs() map[string][2]string {
	human := ` AND device IS DISTINCT FROM 'proxy'`
	opens, clicks := handMessages("email_open", ""), handMessages("email_click", "")
	return map[string][2]string{
		"buyers": {handBuyers}, "orders": {handCount}, "gross": {handNet}, "net": {handNet},
		"aov": {handNet, handCount}, "revenue_per_customer": {handNet, handAll}, "revenue_per_buyer": {handNet, handBuyers},
		"conversion": {handBuyers, handAll}, "frequency": {handCount, handBuyers},
		"repeat_rate":      {handEver + `2`, handEver + `1`},
		"repeat_in_period": {`SELECT count(*) FROM (SELECT customer_id` + handPeriod + ` GROUP BY customer_id HAVING count(*) >= 2)`, handBuyers},
		"emails_sent":      {handMessages("email_sent", "")}, "emails_delivered": {handDelivered},
		"opens": {opens}, "human_opens": {handMessages("email_open", human)},
		"machine_opens": {handMessages("email_open", ` AND device = 'proxy'`)}, "clicks": {clicks},
		"delivery_rate": {handDelivered, handMessages("email_sent", "")},
		"open_rate":     {opens, handDelivered}, "human_open_rate": {handMessages("email_open", human), handDelivered},
		"click_rate": {clicks, handDelivered}, "ctor": {clicks, opens}, "human_ctor": {clicks, handMessages("email_open", human)},
		"unsubscribe_rate": {handMessages("email_unsubscribe", ""), handDelivered},
		"bounce_rate":      {handMessages("email_bounce", ""), handMessages("email_sent", "")},
		"visited":          {`SELECT count(DISTINCT customer_id)` + handEvents + `'page_view'`, handAll},
		"discount_rate": {
			`SELECT sum(discount)` + strings.Replace(handPeriod, "AND amount > 0", "", 1), `SELECT sum(amount)` + strings.Replace(handPeriod, "AND amount > 0", "", 1),
		},
		"cart_to_order": {
			`SELECT count(DISTINCT e.customer_id) FROM warehouse.main.events e JOIN memory.main.kpi_keys k ON k.customer_id = e.customer_id, memory.main.kpi_period
				WHERE event_type = 'add_to_cart' AND ts >= f AND ts < t AND EXISTS (SELECT 1 FROM warehouse.main.orders o WHERE o.customer_id = e.customer_id
				AND status NOT IN ('cancelled', 'refunded') AND ordered_at > ts AND ordered_at < ts + INTERVAL 24 HOUR AND ordered_at < t)`,
			`SELECT count(DISTINCT customer_id)` + handEvents + `'add_to_cart'`,
		},
	}
}

// TestKPIsOfTheDemo builds the demo once and asks it everything.
func TestKPIsOfTheDemo(t *testing.T) {
	t.Parallel()
	d := demoShop(t)
	t.Run("are what hands count", func(t *testing.T) { checkHands(t, d) })
	t.Run("know their circles", func(t *testing.T) { checkCircle(t, d) })
	t.Run("change between periods", func(t *testing.T) { checkAgainst(t, d) })
	t.Run("open to their SQL", func(t *testing.T) { checkOpened(t, d) })
}

// Every number of the report is what a statement written by hand finds, for all
// customers, segments and a stage, with members at the start and at the end.
func checkHands(t *testing.T, d kpiDemo) {
	t.Helper()
	zone := d.Program().Zone
	from, to := time.Date(2026, time.September, 1, 0, 0, 0, 0, zone), time.Date(2026, time.October, 26, 0, 0, 0, 0, zone)
	for _, atEnd := range []bool{false, true} {
		q := run.KPIQuestion{Definitions: d.lookup(t, "vip", "lapsed_60_days", "lifecycle"), KPIPeriod: run.KPIPeriod{From: from, To: to}, AtEnd: atEnd}
		a, err := run.KPI(t.Context(), d.Evaluator, q)
		require.NoError(t, err)
		d.exec(t, `CREATE OR REPLACE TABLE memory.main.kpi_period AS SELECT CAST(? AS TIMESTAMPTZ) AS f, CAST(? AS TIMESTAMPTZ) AS t`, from.UTC(), to.UTC())
		for i, name := range []string{"", "vip", "lapsed_60_days", "lifecycle = 'loyal'"} {
			d.keys(t, name, q.At(q.KPIPeriod))
			require.InDelta(t, float64(a.Report.Sets[i].Customers), d.number(t, handAll), 0, name)
			d.compare(t, a.Report, i)
		}
	}
}

func (d kpiDemo) exec(t *testing.T, text string, args ...any) {
	t.Helper()
	_, err := d.db.Exec(t.Context(), text, args...)
	require.NoError(t, err, text)
}

// keys leaves the members of a rule at a moment, "" for all customers, found by
// another way than the report finds them.
func (d kpiDemo) keys(t *testing.T, rule string, at time.Time) {
	t.Helper()
	if rule == "" {
		d.exec(t, `CREATE OR REPLACE TABLE memory.main.kpi_keys AS SELECT customer_id FROM warehouse.main.customers WHERE created_at IS NULL OR created_at < ?`, at.UTC())
		return
	}
	keys, err := d.Members(t.Context(), segmentOf(t, d.Program(), rule), at)
	require.NoError(t, err)
	d.exec(t, `CREATE OR REPLACE TABLE memory.main.kpi_keys AS SELECT CAST(unnest(string_split(?, ',')) AS BIGINT) AS customer_id`, strings.Join(keys, ","))
}

// compare holds the cells of a set against statements by hand.
func (d kpiDemo) compare(t *testing.T, r reports.KPIReport, set int) {
	t.Helper()
	hand := handKPIs()
	for j, m := range r.Metrics {
		c := r.Cells[set][j]
		if m.Form == reports.KPIGap {
			d.compareGap(t, c)
			continue
		}
		parts, ok := hand[m.Name]
		require.True(t, ok, "nobody counted %s by hand", m.Name)
		require.InDelta(t, d.number(t, parts[0]), c.Upper, 1e-6, "upper part of %s for set %d", m.Name, set)
		if m.Form != reports.KPITotal {
			require.InDelta(t, d.number(t, parts[1]), c.Lower, 1e-6, "lower part of %s for set %d", m.Name, set)
		}
	}
	d.compareSpread(t, r, set)
}

func (d kpiDemo) compareGap(t *testing.T, c reports.KPICell) {
	t.Helper()
	gaps := `(SELECT customer_id, ordered_at, epoch_us(ordered_at - lag(ordered_at) OVER (PARTITION BY customer_id ORDER BY ordered_at, order_id)) / 86400e6 AS gap` + handOrders + `)`
	where := ` WHERE gap IS NOT NULL AND ordered_at >= (SELECT f FROM memory.main.kpi_period)`
	count := d.number(t, `SELECT count(*) FROM `+gaps+where)
	if c.Days == nil {
		require.Zero(t, count)
		return
	}
	require.InDelta(t, count, float64(c.Days.Gaps), 0)
	require.InDelta(t, d.number(t, `SELECT median(gap) FROM `+gaps+where), c.Days.Median, 1e-9)
	require.InDelta(t, d.number(t, `SELECT median(m) FROM (SELECT median(gap) AS m FROM `+gaps+where+` GROUP BY customer_id)`), c.Days.ByCustomer, 1e-9)
}

// compareSpread holds the interval of the AOV against one from the customers
// themselves.
func (d kpiDemo) compareSpread(t *testing.T, r reports.KPIReport, set int) {
	t.Helper()
	rows, err := d.db.Query(t.Context(), `SELECT CAST(coalesce(sum(amount), 0) AS DOUBLE), CAST(count(order_id) AS DOUBLE) FROM memory.main.kpi_keys k LEFT JOIN (SELECT o.*`+
		handPeriod+`) AS o ON o.customer_id = k.customer_id GROUP BY k.customer_id`)
	require.NoError(t, err)
	var money, orders []float64
	for rows.Next() {
		var y, x float64
		require.NoError(t, rows.Scan(&y, &x))
		money, orders = append(money, y), append(orders, x)
	}
	require.NoError(t, rows.Close())
	for j, m := range r.Metrics {
		c := r.Cells[set][j]
		if m.Name != "aov" || c.Interval == nil {
			continue
		}
		want, ok := stats.RatioOfSums(stats.PairsOf(money, orders), reports.KPIConfidence)
		require.True(t, ok)
		require.InDelta(t, want.Interval.Low, c.Interval.Low, 1e-6)
		require.InDelta(t, want.Interval.High, c.Interval.High, 1e-6)
	}
}

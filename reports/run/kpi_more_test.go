package run_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/reports"
	"strata/reports/run"
	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/source"
)

func segmentOf(t *testing.T, p *check.Program, rule string) *check.Segment {
	t.Helper()
	s, problems := p.Rule(source.WholeFile(source.NewFile("rule", rule)))
	require.False(t, problems.HasErrors(), problems.Error())
	return s
}

// The statement that --sql prints finds the number of the report, for every
// metric.
func checkOpened(t *testing.T, d kpiDemo) {
	t.Helper()
	zone := d.Program().Zone
	q := run.KPIQuestion{
		Definitions: d.lookup(t, "vip"),
		KPIPeriod:   run.KPIPeriod{From: time.Date(2026, time.July, 1, 0, 0, 0, 0, zone), To: time.Date(2026, time.October, 1, 0, 0, 0, 0, zone)},
	}
	a, err := run.KPI(t.Context(), d.Evaluator, q)
	require.NoError(t, err)
	d.exec(t, "USE warehouse")
	for j, m := range a.Metrics {
		statement, err := d.OpenKPI(t.Context(), evaluate.OpenedKPI{
			Metric: m, Segments: []*check.Segment{segmentOf(t, d.Program(), "vip")}, From: q.From, To: q.To, At: q.From,
		})
		require.NoError(t, err)
		text, err := statement.Literal()
		require.NoError(t, err)
		rows, err := d.db.Query(t.Context(), "SELECT who, value FROM ("+text+")")
		require.NoError(t, err, m.Name)
		found := map[string]float64{}
		for rows.Next() {
			var who string
			var value *float64
			require.NoError(t, rows.Scan(&who, &value))
			if value != nil {
				found[who] = *value
			}
		}
		require.NoError(t, rows.Close())
		for i, who := range []string{"all", "vip"} {
			if v := a.Report.Cells[i][j].Value; v != nil {
				require.InEpsilon(t, *v, found[who], 1e-9, "%s of %s", m.Name, who)
			}
		}
	}
}

// A segment of those who bought in the last 30 days converts at 100% when its
// members are those at the end of the 30 days, and the report says why.
func checkCircle(t *testing.T, d kpiDemo) {
	t.Helper()
	zone := d.Program().Zone
	bought := segmentOf(t, d.Program(), "count(order where amount > 0) last 30 days >= 1")
	q := run.KPIQuestion{
		Definitions: []check.Definition{bought}, Metrics: []string{"conversion", "visited", "repeat_rate"},
		KPIPeriod: run.KPIPeriod{From: time.Date(2026, time.September, 1, 0, 0, 0, 0, zone), To: time.Date(2026, time.October, 1, 0, 0, 0, 0, zone)},
	}
	q.AtEnd = true
	a, err := run.KPI(t.Context(), d.Evaluator, q)
	require.NoError(t, err)
	conversion, visited := a.Report.Cells[1][0], a.Report.Cells[1][1]
	require.InDelta(t, 1.0, *conversion.Value, 0)
	require.Equal(t, reports.KPICircular, conversion.Circle)
	require.False(t, conversion.Difference.Star(), "what is true by definition is no finding")
	require.Empty(t, visited.Circle)
	require.True(t, visited.Difference.Star())
	require.Equal(t, 1, a.Report.Tests)

	q.AtEnd = false
	a, err = run.KPI(t.Context(), d.Evaluator, q)
	require.NoError(t, err)
	conversion = a.Report.Cells[1][0]
	require.Less(t, *conversion.Value, 1.0)
	require.Equal(t, reports.KPIPast, conversion.Circle)
	require.Equal(t, reports.KPICircular, a.Report.Cells[1][2].Circle, "orders ever hold those that made the members")
	require.Positive(t, a.Newcomers)
}

// A period against another one is two reports, and each difference the one
// between them.
func checkAgainst(t *testing.T, d kpiDemo) {
	t.Helper()
	zone := d.Program().Zone
	day := func(m time.Month) time.Time { return time.Date(2026, m, 1, 0, 0, 0, 0, zone) }
	q := run.KPIQuestion{Definitions: d.lookup(t, "buyers"), KPIPeriod: run.KPIPeriod{From: day(time.September), To: day(time.October)}}
	q.Against = &run.KPIPeriod{From: day(time.August), To: day(time.September)}
	both, err := run.KPI(t.Context(), d.Evaluator, q)
	require.NoError(t, err)
	q.KPIPeriod, q.Against = *q.Against, nil
	before, err := run.KPI(t.Context(), d.Evaluator, q)
	require.NoError(t, err)
	require.Equal(t, before.Report, *both.Before)
	for _, c := range both.Changes {
		require.Equal(t, both.Report.Cells[c.Set][c.Metric].Value, c.Now)
		require.Equal(t, before.Report.Cells[c.Set][c.Metric].Value, c.Before)
		if c.Difference != nil && both.Report.Metrics[c.Metric].Form == reports.KPIShare {
			require.InDelta(t, *c.Now-*c.Before, c.Difference.Estimate, 1e-12)
		}
	}
}

// Orders in two currencies have metrics of money for each, and no total.
func TestKPICurrencies(t *testing.T) {
	t.Parallel()
	tables := append([]string{}, kpiTables...)
	tables = append(tables, `ALTER TABLE orders ADD COLUMN currency VARCHAR DEFAULT 'EUR'`, `UPDATE orders SET currency = 'US-$' WHERE customer_id = 'c3'`)
	change := map[string]string{"strata.schema.yaml": `
sources:
  customers: {customer_id: VARCHAR}
  orders: {order_id: VARCHAR, customer_id: VARCHAR, ordered_at: TIMESTAMPTZ, amount: "DECIMAL(12,2)", refunded: "DECIMAL(12,2)", currency: VARCHAR}
  events: {event_id: BIGINT, customer_id: VARCHAR, ts: TIMESTAMPTZ, kind: VARCHAR, proxy: BOOLEAN}
`}
	e := kpiShop(t, tables, change)
	q := run.KPIQuestion{KPIPeriod: run.KPIPeriod{From: kpiDay(0), To: kpiDay(100)}}
	a, err := run.KPI(t.Context(), e, q)
	require.NoError(t, err)
	require.Equal(t, []string{"EUR", "US-$"}, a.Currencies)
	got := map[string]float64{}
	for j, m := range a.Report.Metrics {
		got[m.Name] = a.Report.Cells[0][j].Upper
	}
	require.NotContains(t, got, "net")
	require.InDelta(t, 300.0, got["net_eur"], 0)
	require.InDelta(t, 90.0, got["net_us"], 0)
	require.InDelta(t, 5.0, got["orders"], 0, "things can be added up")

	q.Metrics = []string{"net"}
	_, err = run.KPI(t.Context(), e, q)
	var mixed *run.CurrencyError
	require.ErrorAs(t, err, &mixed)
	require.Equal(t, []string{"net_eur", "net_us"}, mixed.Instead)

	// One currency in the period is no mix.
	q.To = kpiDay(5)
	a, err = run.KPI(t.Context(), e, q)
	require.NoError(t, err)
	require.InDelta(t, 100.0, a.Report.Cells[0][0].Upper, 0)
}

// Names of metrics are found or refused, and one of the project takes the place
// of the built-in one.
func TestKPIMetrics(t *testing.T) {
	t.Parallel()
	e := kpiShop(t, kpiTables, map[string]string{"segments/m.yaml": "metrics: {conversion: {share: count(order) >= 3}}\n"})
	q := run.KPIQuestion{KPIPeriod: run.KPIPeriod{From: kpiDay(0), To: kpiDay(100)}, Metrics: []string{"conversion", "aov", "conversion"}}
	a, err := run.KPI(t.Context(), e, q)
	require.NoError(t, err)
	require.Len(t, a.Report.Metrics, 2)
	require.InDelta(t, 1.0, a.Report.Cells[0][0].Upper, 0, "c1 alone has three orders")
	require.False(t, a.Report.Metrics[0].BuiltIn)

	q.Metrics = []string{"nothing"}
	_, err = run.KPI(t.Context(), e, q)
	var unknown *run.UnknownMetricError
	require.ErrorAs(t, err, &unknown)
	require.Contains(t, unknown.Known, "aov")
}

// The law of circles on data: where a metric is not circular, a world without the
// rows that it counts has the same members. In the worlds of the test most rules
// that are circular do lose or win some.
func TestCirclesOnData(t *testing.T) {
	t.Parallel()
	without := append([]string{}, kpiTables...)
	without = append(without, `DELETE FROM orders WHERE ordered_at >= TIMESTAMPTZ '2026-01-08 00:00:00+00' AND ordered_at < TIMESTAMPTZ '2026-02-05 00:00:00+00'`)
	whole, cut := kpiShop(t, kpiTables, nil), kpiShop(t, without, nil)
	from, to := kpiDay(7), kpiDay(35)
	changed := 0
	for _, rule := range []string{
		"count(order) ever >= 1", "count(order) last 7 days = 0", "sum(order.amount) last 30 days > 60", "days_since(last order) > 10",
		"count(order) between 20 days and 60 days ago >= 1", "count(order where nth = 1) last 20 days >= 1", "count(email_open) ever = 0",
		"sequence(order then not order within 5 days) between 20 days and 40 days ago", "periods(order per 10 days) last 40 days >= 2",
		"count(order) previous month >= 1",
	} {
		for _, at := range []time.Time{from, to, kpiDay(45), kpiDay(70)} {
			for _, m := range whole.Program().Metrics {
				if m.Name != "orders" {
					continue
				}
				circle := whole.Program().CircleOf(segmentOf(t, whole.Program(), rule), at, m, from, to)
				a, err := whole.Members(t.Context(), segmentOf(t, whole.Program(), rule), at)
				require.NoError(t, err)
				b, err := cut.Members(t.Context(), segmentOf(t, cut.Program(), rule), at)
				require.NoError(t, err)
				if circle != check.Circular {
					require.Equal(t, a, b, "%s at %s", rule, at)
				} else if len(a) != len(b) {
					changed++
				}
			}
		}
	}
	require.Greater(t, changed, 10)
}

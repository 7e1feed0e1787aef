package check_test

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/source"
)

// metricsOf checks the small shop with more in its files.
func metricsOf(t *testing.T, kpi, definitions string) *check.Program {
	t.Helper()
	fs := files()
	fs["strata.yaml"] = &fstest.MapFile{Data: []byte(project + kpi)}
	fs["segments/a.yaml"] = &fstest.MapFile{Data: []byte(definitions)}
	set, list := definition.Load(fs, "")
	require.Empty(t, list)
	program, list := check.Check(set)
	require.False(t, list.HasErrors(), list.Error())
	return program
}

func metricNamed(t *testing.T, p *check.Program, name string) *check.Metric {
	t.Helper()
	for _, m := range p.Metrics {
		if m.Name == name {
			return m
		}
	}
	t.Fatalf("no metric %s", name)
	return nil
}

func metricNames(p *check.Program) []string {
	var names []string
	for _, m := range p.Metrics {
		names = append(names, m.Name)
	}
	return names
}

// Built-in metrics are there where their streams are, and what was taken is said.
func TestBuiltInMetrics(t *testing.T) {
	t.Parallel()
	p := metricsOf(t, "", "")
	require.Equal(t, []string{
		"buyers", "orders", "gross", "net", "aov", "revenue_per_customer", "revenue_per_buyer", "conversion", "frequency", "repeat_rate",
		"repeat_in_period", "days_between_orders", "opens",
	}, metricNames(p))
	require.Equal(t, "share of count(order where total > 0) >= 1", metricNamed(t, p, "conversion").Text())
	require.Equal(t, []string{
		"orders are the rows of order with amount > 0; nothing says what was refunded, so net is gross",
		"e-mail is opened email_open; missing is sent, delivered, bounced, clicked, unsubscribed and complained",
		"opens by machines are not told apart: `kpi: {email: {opened: {stream: …, machine: …}}}` in strata.yaml says which they are",
	}, p.KPI.Notes)

	said := "kpi:\n  orders: {stream: order, where: \"status = 'paid'\", counts: all}\n  email: {sent: product_view, opened: {stream: email_open, machine: category = 'bot'}}\n"
	p = metricsOf(t, said, "metrics: {conversion: {share: count(product_view) >= 1, better: lower}}")
	require.Equal(t, "total of count(order where status = 'paid')", metricNamed(t, p, "orders").Text())
	require.Equal(t, "count(email_open where category <> 'bot') per count(product_view)", metricNamed(t, p, "human_open_rate").Text())
	require.False(t, metricNamed(t, p, "conversion").BuiltIn, "the project's takes its place")
	require.Equal(t, "lower", metricNamed(t, p, "conversion").Better)
}

// What strata.yaml says wrongly is reported in its place.
func TestWrongRoles(t *testing.T) {
	t.Parallel()
	fs := files()
	fs["strata.yaml"] = &fstest.MapFile{Data: []byte(project +
		"kpi:\n  orders: {stream: ordr, amount: x}\n  email: {opened: {stream: email_open, machine: nothing = 1}, clicked: email_clik, message: nowhere}\n")}
	set, list := definition.Load(fs, "")
	require.Empty(t, list)
	_, list = check.Check(set)
	var found []string
	for _, d := range list {
		if d.Severity == source.Error {
			found = append(found, string(d.Code)+" "+d.Message)
		}
	}
	require.Equal(t, []string{
		`E204 unknown stream "ordr"`,
		`E203 rows of email_open have no column "nothing"`,
		`E204 unknown stream "email_clik"`,
		`E203 rows of email_open have no column "nowhere"`,
	}, found)
}

// A metric's meaning is its expression: neither titles nor units are part of it.
func TestMetricCanonical(t *testing.T) {
	t.Parallel()
	p := metricsOf(t, "", `
metrics:
  a: {title: One, ratio: sum( order.amount ), per: COUNT(order), unit: money}
  b: {ratio: "sum(order.amount)", per: count(order), better: higher, owner: x}
  c: {median_gap: order where total>5}
`)
	require.Equal(t, "ratio sum(order.amount)\nof count(order)\n", metricNamed(t, p, "a").Canonical())
	require.Equal(t, metricNamed(t, p, "a").Canonical(), metricNamed(t, p, "b").Canonical())
	require.Equal(t, "median_gap order where total > 5\n", metricNamed(t, p, "c").Canonical())
	require.Equal(t, check.UnitMoney, metricNamed(t, p, "b").Unit)
	require.Equal(t, check.UnitDays, metricNamed(t, p, "c").Unit)
}

// Units follow from what is counted.
func TestMetricUnits(t *testing.T) {
	t.Parallel()
	p := metricsOf(t, "", `
metrics:
  a: {total: count(order)}
  b: {value: sum(order.amount)}
  c: {share: count(order) >= 1}
  d: {value: visits}
  e: {total: sum(order.amount) / 2}
`)
	for name, unit := range map[string]string{"a": "count", "b": "money", "c": "percent", "d": "number", "e": "money"} {
		require.Equal(t, unit, metricNamed(t, p, name).Unit, name)
	}
}

// dayOf is the beginning of a day in a project's zone: days of the tests are days
// of its calendar, also those after a clock was set.
func dayOf(p *check.Program, n int) time.Time {
	return time.Date(2026, time.January, 1+n, 0, 0, 0, 0, p.Zone)
}

// circle is how a rule at a day depends on a metric in days.
func circle(t require.TestingT, p *check.Program, rule string, at int, m *check.Metric, from, to int) check.Circle {
	s, list := p.Rule(source.WholeFile(source.NewFile("rule", rule)))
	require.False(t, list.HasErrors(), list.Error())
	return p.CircleOf(s, dayOf(p, at), m, dayOf(p, from), dayOf(p, to))
}

func TestCircles(t *testing.T) {
	t.Parallel()
	p := metricsOf(t, "", `
traits: {spent: {value: sum(order.amount) ever}}
segments:
  bought: {where: count(order) last 30 days >= 1}
  indirect: {where: not bought}
  by_sql: {sql: "SELECT customer_id FROM orders WHERE ordered_at < $as_of"}
  lately: {where: bought as of 30 days ago}
  held: {where: bought for 10 days}
partitions: {tier: {over: spent, bands: [high: '> 100', low: else]}}
`)
	conversion, repeat, opens := metricNamed(t, p, "conversion"), metricNamed(t, p, "repeat_rate"), metricNamed(t, p, "opens")
	cases := []struct {
		rule   string
		at     int
		metric *check.Metric
		want   check.Circle
		why    string
	}{
		{"bought", 30, conversion, check.Circular, "bought in the last 30 days"},
		{"bought", 0, conversion, check.Past, "members at the start"},
		{"bought", 0, repeat, check.Circular, "orders ever are counted"},
		{"bought", 30, opens, check.Independent, "another event"},
		{"indirect", 30, conversion, check.Circular, "through another segment"},
		{"spent > 5", 30, conversion, check.Circular, "through a trait"},
		{"tier = 'low'", 30, conversion, check.Circular, "through a partition"},
		{"count(order) between 60 days and 90 days ago >= 1", 30, conversion, check.Past, "a window before the period"},
		{"lately", 30, conversion, check.Past, "as of before the period"},
		{"lately", 45, conversion, check.Circular, "as of inside of it"},
		{"held", 39, conversion, check.Circular, "held over the period's end"},
		{"count(order) last 5 days >= 1", 36, conversion, check.Past, "after the period"},
		{"days_since(last order) > 90", 30, conversion, check.Circular, "the last order of all"},
		{"country = 'DE'", 30, conversion, check.Independent, "a field"},
		{"by_sql", 30, conversion, check.Opaque, "nobody can tell"},
		{"by_sql or bought", 30, conversion, check.Circular, "what can be told is worse"},
		{"sequence(product_view then not order within 5 days) between 40 days and 60 days ago", 30, conversion, check.Circular, "a negative step looks up to the moment"},
		{"count(order where nth = 1) last 5 days >= 1", 41, conversion, check.Circular, "which order is the first depends on those before"},
		{"count(order) since renews_on >= 1", 30, conversion, check.Circular, "an end that differs by customer"},
	}
	for _, c := range cases {
		require.Equal(t, c.want, circle(t, p, c.rule, c.at, c.metric, 0, 30), "%s: %s", c.why, c.rule)
	}
}

// The law of windows: a rule over a window of days and a metric over a period are
// circular exactly when some day lies in both.
func TestCircleLaw(t *testing.T) {
	t.Parallel()
	p := metricsOf(t, "", "")
	orders := metricNamed(t, p, "orders")
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(rt, "near")
		m := n + rapid.IntRange(1, 40).Draw(rt, "far")
		at := rapid.IntRange(0, 90).Draw(rt, "at")
		from := rapid.IntRange(0, 60).Draw(rt, "from")
		to := from + rapid.IntRange(1, 60).Draw(rt, "length")
		rule := "count(order) between " + calendar.Duration{N: n, Unit: calendar.Day}.String() + " and " + calendar.Duration{N: m, Unit: calendar.Day}.String() + " ago >= 1"
		common := false
		for day := at - m; day < at-n; day++ {
			common = common || day >= from && day < to
		}
		want := check.Past
		if common {
			want = check.Circular
		}
		require.Equal(rt, want, circle(rt, p, rule, at, orders, from, to), "%s at %d, %d to %d", rule, at, from, to)
	})
}

// With members at the start no metric of the period alone is circular, whatever
// the rule.
func TestStartIsNeverCircular(t *testing.T) {
	t.Parallel()
	p := metricsOf(t, "", "")
	for _, rule := range []string{"count(order) ever >= 1", "count(order) last 1 day = 0", "days_since(last order) < 5", "count(order) this month > 1"} {
		for _, name := range []string{"orders", "conversion", "aov", "revenue_per_customer"} {
			require.Equal(t, check.Past, circle(t, p, rule, 10, metricNamed(t, p, name), 10, 40), "%s, %s", rule, name)
		}
	}
}

package check

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/definition"
	"strata/segments/rule"
)

// The units of metrics.
const (
	UnitCount   = "count"
	UnitMoney   = "money"
	UnitPercent = "percent"
	UnitDays    = "days"
	UnitNumber  = "number"
)

// Metric is a number that reports give for a set of customers in a period. Its
// expressions are values per customer, at the period's end; calls without a
// window read the rows of the period (In gives them one).
type Metric struct {
	Name, Title, Description string
	Form                     definition.MetricForm
	// Unit is one of the units, Better is higher, lower or "".
	Unit, Better string
	// X is a number or a boolean, which counts 1 where it is true; nil for a gap.
	X Expr
	// Of is the denominator of a ratio, or the test of who is counted in a share;
	// nil where there is none.
	Of Expr
	// Gap are the rows between which time passes.
	Gap *Rows
	// BuiltIn says that no file holds it.
	BuiltIn bool
	// Currency is that of the orders that alone count, "" where all do.
	Currency string

	canonical string
}

// Canonical is the metric's meaning as text.
func (m *Metric) Canonical() string { return m.canonical }

// Text is the metric in the words of the language, on one line.
func (m *Metric) Text() string {
	switch m.Form {
	case definition.MetricGap:
		return strings.TrimSpace("days between rows of " + rowsText(*m.Gap, ""))
	case definition.MetricRatio:
		return periodText(m.X) + " per " + periodText(m.Of)
	case definition.MetricShare:
		if m.Of != nil {
			return "share of " + periodText(m.X) + " among " + periodText(m.Of)
		}
		return "share of " + periodText(m.X)
	case definition.MetricTotal:
		return "total of " + periodText(m.X)
	case definition.MetricValue:
	}
	return "mean of " + periodText(m.X)
}

func periodText(e Expr) string { return strings.Join(strings.Fields(Text(e)), " ") }

// In returns the metric's expressions within a period: calls that had no window
// read the rows of [from, to), and those with ever the rows before to.
func (m *Metric) In(from, to time.Time) (x, of Expr) {
	window := Window{
		Calendar: calendar.Window{
			From: calendar.Bound{Anchor: calendar.Fixed, At: from.UTC()}, To: calendar.Bound{Anchor: calendar.Fixed, At: to.UTC()},
		},
		Text: fmt.Sprintf("from %s to %s", from.UTC().Format(time.RFC3339Nano), to.UTC().Format(time.RFC3339Nano)),
	}
	within := func(e Expr) Expr {
		return Rewrite(e, func(part Expr) (Expr, bool) {
			switch a := part.(type) {
			case *Aggregate:
				if a.Window.Period {
					c := *a
					c.Window = window
					return &c, true
				}
			case *Sequence:
				if a.Window.Period {
					c := *a
					c.Window = window
					return &c, true
				}
			}
			return nil, false
		})
	}
	return within(m.X), within(m.Of)
}

// metrics types the project's metrics, and puts the built-in ones before those
// whose names are new.
func (c *checker) metrics() {
	roles := c.kpiRoles()
	c.built.KPI = roles
	var own []*Metric
	for _, d := range c.set.Metrics {
		m := c.metric(d, &scope{period: true, needs: newCollector()})
		m.canonical = canonicalMetric(d)
		own = append(own, m)
	}
	for _, m := range c.standardMetrics(roles, "") {
		if at := slices.IndexFunc(own, func(o *Metric) bool { return o.Name == m.Name }); at >= 0 {
			continue
		}
		c.built.Metrics = append(c.built.Metrics, m)
	}
	c.built.Metrics = append(c.built.Metrics, own...)
}

// canonicalMetric is a metric's canonical text; one that could not be read has
// none, and was reported.
func canonicalMetric(d *definition.Metric) string {
	if d.Form == "" || (d.X == nil && d.Gap == nil) {
		return ""
	}
	return d.Canonical()
}

// metric types one metric.
func (c *checker) metric(d *definition.Metric, s *scope) *Metric {
	m := &Metric{
		Name: d.Name.Name, Title: d.Title, Description: d.Description, Form: d.Form, Unit: d.Unit.Value, Better: d.Better.Value,
	}
	if d.Gap != nil {
		if rows, ok := c.rows(*d.Gap, s); ok {
			m.Gap = &rows
		}
		m.Unit = UnitDays
		return m
	}
	m.X = c.metricPart(d.X, d.Form == definition.MetricShare, s)
	if d.Of != nil {
		m.Of = c.metricPart(d.Of, d.Form == definition.MetricShare, s)
	}
	if m.Unit == "" {
		m.Unit = metricUnit(m)
	}
	return m
}

// metricPart types an expression of a metric: a test, or a number or test.
func (c *checker) metricPart(e rule.Expr, test bool, s *scope) Expr {
	if e == nil {
		return bad(c.set.Project.Zone.At())
	}
	if test {
		return c.oneMoment(c.test(e, s))
	}
	x := c.value(e, s)
	switch t := x.Type(); {
	case isBad(x):
		return x
	case t.Kind == catalog.Boolean:
		return c.oneMoment(c.asTest(x))
	case !t.Numeric():
		return c.fail(x.Span(), noMetric(x))
	}
	return c.oneMoment(x)
}

// oneMoment refuses what a metric does not say by itself: what looks at other
// moments, or at the order of customers, has its place in a trait or segment.
func (c *checker) oneMoment(x Expr) Expr {
	what := ""
	Walk(x, func(e Expr) bool {
		switch e.(type) {
		case *Held:
			what = "for"
		case *AsOf:
			what = "as of"
		case *Ranking:
			what = "percentile and rank"
		case *Periods:
			what = "periods"
		}
		return what == ""
	})
	if what != "" {
		return c.fail(x.Span(), notInMetric(what))
	}
	return x
}

// metricUnit is the unit of a metric that does not say: money where a mapped
// amount is summed.
func metricUnit(m *Metric) string {
	if m.Form == definition.MetricShare {
		return UnitPercent
	}
	money := false
	amounts := func(e Expr) bool {
		a, ok := e.(*Aggregate)
		if !ok {
			return true
		}
		column, ok := a.Column.(*Column)
		money = money || ok && column.Field != nil && column.Field == a.Rows.Stream.Source.Amount
		return true
	}
	Walk(m.X, amounts)
	switch {
	case money:
		return UnitMoney
	case m.Form == definition.MetricTotal && m.X != nil && (m.X.Type().Kind == catalog.Integer || m.X.Type().Kind == catalog.Boolean):
		return UnitCount
	}
	return UnitNumber
}

// periodWindow is the window of a call in a metric: that of the report, or ever.
func (c *checker) periodWindow(w *rule.Window) (Window, bool) {
	switch {
	case w == nil:
		return Window{Period: true}, true
	case w.Kind == rule.Ever:
		return ever(), true
	}
	c.fail(w.At, windowInMetric(rule.FormatWindow(*w)))
	return Window{}, false
}

func windowInMetric(window string) problem {
	return problem{
		"E370", "a metric has no window of its own: it counts the rows of the period that is asked for",
		fmt.Sprintf("leave %q out (strata kpi --from and --to say which period), or write `ever` for all rows before its end", window),
	}
}

func notInMetric(what string) problem {
	return problem{
		"E371", what + " cannot stand in a metric", "make it a trait or a segment and name that; its value at the period's end counts",
	}
}

func noMetric(x Expr) problem {
	return problem{"E372", fmt.Sprintf("a metric adds up numbers and tests, not %s", describe(x)), ""}
}

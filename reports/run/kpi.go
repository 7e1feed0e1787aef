package run

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"strata/reports"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/evaluate"
)

// KPIPeriod is a period, [From, To).
type KPIPeriod struct{ From, To time.Time }

// KPIQuestion asks for metrics of segments and stages in a period.
type KPIQuestion struct {
	Definitions []check.Definition
	// Metrics are the metrics by name; nil asks for all.
	Metrics []string
	KPIPeriod
	// AtEnd takes the members at the end of the period; else those at its start.
	AtEnd bool
	// Against, where set, is a period to compare with.
	Against *KPIPeriod
}

// At is the moment at which members are members in a period.
func (q KPIQuestion) At(p KPIPeriod) time.Time {
	if q.AtEnd {
		return p.To
	}
	return p.From
}

// KPIAnswer is what was found.
type KPIAnswer struct {
	Report reports.KPIReport
	// Before and Changes are set where a period is compared with.
	Before  *reports.KPIReport
	Changes []reports.KPIChange
	// Metrics are those of the report, in its order.
	Metrics []*check.Metric
	// Newcomers are the customers who joined in the period and so are in no row.
	Newcomers int64
	// Currencies are those of the orders of the period where there is more than
	// one.
	Currencies []string
	// Skipped are definitions that cannot be evaluated at one moment.
	Skipped []evaluate.Skipped
}

// CurrencyError says that a total would add up money of different currencies.
type CurrencyError struct {
	Metric     string
	Currencies []string
	// Instead are metrics of one currency each; none where the project has none.
	Instead []string
}

// Error names the metric and the currencies.
func (e *CurrencyError) Error() string {
	return fmt.Sprintf("%s would add up %s", e.Metric, strings.Join(e.Currencies, " and "))
}

// UnknownMetricError says that a metric was asked for that there is not.
type UnknownMetricError struct {
	Name  string
	Known []string
}

// Error names the metric.
func (e *UnknownMetricError) Error() string { return fmt.Sprintf("there is no metric %q", e.Name) }

// KPI measures metrics of segments and stages. The errors are a CurrencyError,
// an UnknownMetricError and those of evaluations.
func KPI(ctx context.Context, e *evaluate.Evaluator, q KPIQuestion) (*KPIAnswer, error) {
	a := &KPIAnswer{}
	var err error
	if a.Currencies, err = kpiCurrencies(ctx, e, q); err != nil {
		return nil, err
	}
	if a.Metrics, err = KPIMetrics(e.Program(), q.Metrics, a.Currencies); err != nil {
		return nil, err
	}
	if a.Report, err = a.measure(ctx, e, q, q.KPIPeriod); err != nil || q.Against == nil {
		return a, err
	}
	before, err := a.measure(ctx, e, q, *q.Against)
	if err != nil {
		return nil, err
	}
	a.Before, a.Changes = &before, reports.KPIAgainst(a.Report, before)
	return a, nil
}

// kpiCurrencies are the currencies of the orders of all periods that are looked
// at, none where there is at most one.
func kpiCurrencies(ctx context.Context, e *evaluate.Evaluator, q KPIQuestion) ([]string, error) {
	orders := e.Program().KPI.Orders
	if orders == nil || orders.Currency == "" {
		return nil, nil
	}
	var all []string
	periods := []KPIPeriod{q.KPIPeriod}
	if q.Against != nil {
		periods = append(periods, *q.Against)
	}
	for _, p := range periods {
		found, err := e.Currencies(ctx, orders.Stream, orders.Currency, p.From, p.To)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	slices.Sort(all)
	if all = slices.Compact(all); len(all) < 2 {
		return nil, nil
	}
	return all, nil
}

// KPIMetrics are the metrics of a project by their names, in the order of the
// project; all of them without names. Where orders are in several currencies,
// those of money have one metric for each, and asking for their total is a
// CurrencyError.
func KPIMetrics(p *check.Program, names, currencies []string) ([]*check.Metric, error) {
	known := slices.Clone(p.Metrics)
	if len(currencies) > 0 {
		known = nil
		for _, m := range p.Metrics {
			if !m.MoneyOf() {
				known = append(known, m)
			}
		}
		for _, currency := range currencies {
			known = append(known, p.MetricsIn(currency)...)
		}
	}
	if len(names) == 0 {
		return known, nil
	}
	var picked []*check.Metric
	for _, name := range names {
		at := slices.IndexFunc(known, func(m *check.Metric) bool { return m.Name == name })
		if at >= 0 {
			if !slices.Contains(picked, known[at]) {
				picked = append(picked, known[at])
			}
			continue
		}
		if slices.ContainsFunc(p.Metrics, func(m *check.Metric) bool { return m.Name == name }) {
			return nil, kpiMixed(name, known, currencies)
		}
		e := &UnknownMetricError{Name: name}
		for _, m := range known {
			e.Known = append(e.Known, m.Name)
		}
		return nil, e
	}
	return picked, nil
}

// kpiMixed is the error of a metric that adds up several currencies, with those
// that can be asked for instead.
func kpiMixed(name string, known []*check.Metric, currencies []string) error {
	e := &CurrencyError{Metric: name, Currencies: currencies}
	for _, m := range known {
		if m.Currency != "" && strings.HasPrefix(m.Name, name+"_") {
			e.Instead = append(e.Instead, m.Name)
		}
	}
	return e
}

// kpiRefused is a CurrencyError where one of the metrics would add up money of
// several currencies; nil where there is at most one currency, or no such metric.
func kpiRefused(p *check.Program, metrics []*check.Metric, currencies []string) error {
	if len(currencies) == 0 {
		return nil
	}
	for _, m := range metrics {
		if !m.MoneyOf() {
			continue
		}
		var known []*check.Metric
		for _, currency := range currencies {
			known = append(known, p.MetricsIn(currency)...)
		}
		return kpiMixed(m.Name, known, currencies)
	}
	return nil
}

// measure makes the report of one period.
func (a *KPIAnswer) measure(ctx context.Context, e *evaluate.Evaluator, q KPIQuestion, p KPIPeriod) (report reports.KPIReport, err error) {
	sets, err := e.KPISets(ctx, q.Definitions, q.At(p))
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, sets.Close(context.WithoutCancel(ctx))) }()
	found, err := sets.Measure(ctx, a.Metrics, p.From, p.To)
	if err != nil {
		return report, err
	}
	if p == q.KPIPeriod {
		a.Skipped = sets.Skipped
		if !q.AtEnd {
			if a.Newcomers, err = sets.Newcomers(ctx, p.To); err != nil {
				return report, err
			}
		}
	}
	all := reports.KPISet{Name: "all", Customers: found.Customers[0], Circles: make([]string, len(a.Metrics))}
	list := []reports.KPISet{all}
	for i, unit := range sets.Units {
		set := reports.KPISet{Name: unit.Name, Customers: found.Customers[i+1]}
		for _, m := range a.Metrics {
			set.Circles = append(set.Circles, kpiCircle(e.Program().CircleOf(sets.Of[i], sets.At, m, p.From, p.To)))
		}
		list = append(list, set)
	}
	for i := range list {
		for j, m := range a.Metrics {
			list[i].Sums = append(list[i].Sums, kpiSums(m, found.Sums[i][j]))
			list[i].Days = append(list[i].Days, kpiDays(found.Gaps[i][j]))
		}
	}
	return reports.KPI(kpiMetrics(a.Metrics, e.Program().Metrics), list), nil
}

func kpiCircle(c check.Circle) string {
	switch c {
	case check.Circular:
		return reports.KPICircular
	case check.Past:
		return reports.KPIPast
	case check.Opaque:
		return reports.KPIOpaque
	case check.Independent:
	}
	return ""
}

// kpiMetrics are metrics as a report knows them; all are those of the project.
func kpiMetrics(list, all []*check.Metric) []reports.KPIMetric {
	out := make([]reports.KPIMetric, len(list))
	for i, m := range list {
		out[i] = reports.KPIMetric{
			Name: m.Name, Title: m.Title, Form: string(m.Form), Unit: m.Unit, Better: m.Better, Text: m.Text(),
			BuiltIn: m.BuiltIn, Currency: m.Currency, Base: kpiBase(all, m),
		}
		if m.Title == "" {
			out[i].Title = m.Name
		}
	}
	return out
}

// kpiBase names what a metric is divided by: like the total that counts the same,
// if there is one.
func kpiBase(list []*check.Metric, m *check.Metric) string {
	switch {
	case m.Form == definition.MetricTotal:
		return ""
	case m.Form == definition.MetricGap:
		return "gaps"
	case m.Of == nil:
		return "customers"
	}
	text := check.Text(m.Of)
	for _, other := range list {
		if other.Form == definition.MetricTotal && other.X != nil && check.Text(other.X) == text {
			return other.Title
		}
	}
	if m.Form == definition.MetricShare {
		return "of them"
	}
	return "units"
}

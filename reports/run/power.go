package run

import (
	"context"
	"errors"
	"fmt"
	"time"

	"strata/reports"
	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/evaluate"
)

// PowerQuestion asks what the split of a campaign can detect.
type PowerQuestion struct {
	Campaign *check.Campaign
	// At is the end of the period that the metric is measured in; the period is as
	// long as the campaign's window, and who is in the audience is taken at its
	// beginning, so that the rule does not decide what is then counted.
	At time.Time
	// Arms are what the split gives today.
	Arms  []reports.PowerArm
	Lifts []float64
}

// PowerAnswer is what was found.
type PowerAnswer struct {
	Report reports.PowerReport
	// From and To bound the period in which the metric was measured.
	From, To time.Time
}

// Power measures a campaign's primary metric over its audience, a window before,
// and says what the split can detect. The errors are a CurrencyError and those of
// evaluations.
func Power(ctx context.Context, e *evaluate.Evaluator, q PowerQuestion) (a *PowerAnswer, err error) {
	c := q.Campaign
	a = &PowerAnswer{From: calendar.Step(q.At, c.Window.Negative(), e.Program().Zone), To: q.At}
	period := KPIQuestion{KPIPeriod: KPIPeriod{From: a.From, To: a.To}}
	metrics := []*check.Metric{c.Primary}
	currencies, err := kpiCurrencies(ctx, e, period)
	if err == nil {
		err = kpiRefused(e.Program(), metrics, currencies)
	}
	if err != nil {
		return nil, err
	}
	sets, err := e.KPISets(ctx, []check.Definition{c.Contacts()}, a.From)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, sets.Close(context.WithoutCancel(ctx))) }()
	for _, skipped := range sets.Skipped {
		return nil, fmt.Errorf("measure the audience of %s: %s", skipped.Name, skipped.Reason)
	}
	// A total is compared as its mean, whose spread only a value has.
	measure := *c.Primary
	if measure.Form == definition.MetricTotal {
		measure.Form = definition.MetricValue
	}
	measured, err := sets.Measure(ctx, []*check.Metric{&measure}, a.From, a.To)
	if err != nil {
		return nil, err
	}
	a.Report = reports.Power(reports.PowerCounts{
		Metric: kpiMetrics(metrics, metrics)[0], Sums: kpiSums(c.Primary, measured.Sums[1][0]), Arms: q.Arms, Lifts: q.Lifts,
	})
	return a, nil
}

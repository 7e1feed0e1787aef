package cmd

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"strata/reports"
	"strata/reports/render"
	reporting "strata/reports/run"
	"strata/segments/check"
)

type campaignPowerOptions struct {
	f     *factory
	lifts []string
	table string
}

func campaignPowerTables() []string { return []string{"comparisons", "lifts"} }

func newCampaignPowerCommand(f *factory) *cobra.Command {
	opts := campaignPowerOptions{f: f}
	c := &cobra.Command{
		Use:   "power NAME",
		Short: "Say what a campaign's arms can detect, before it is sent",
		Long: `Say what a campaign's arms can detect before it is sent, and what holdout a wanted
lift needs.

The audience is divided on trial. What the primary metric is without the campaign is
measured on the audience as it was a window earlier, in the window up to the freeze,
or up to the end of the data where they end before. The smallest detectable
difference is the one that a two-sided test at 5% finds in 80 of 100 campaigns: for
shares by Fleiss' formula, for means and ratios from the spread of customers'
values. A campaign whose true effect is smaller will most likely find nothing.

For each --lift, relative to the base, the second table has the smallest holdout of
the audience that would see it, and how many customers it takes with half of them
held out where the audience is too small.`,
		Example: `  strata campaign power winter_2027
  strata campaign power winter_2027 --lift 10% --lift 25%
  strata campaign power winter_2027 --json`,
		Args:              one("the name of a campaign"),
		ValidArgsFunction: f.completeNames("campaign"),
		RunE:              func(c *cobra.Command, args []string) error { return runCampaignPower(c.Context(), opts, args[0]) },
	}
	c.Flags().StringArrayVar(&opts.lifts, "lift", usualLifts(), "a wanted lift, a `SHARE` of the base; can be given several times")
	declareTables(c, &opts.table, campaignPowerTables()...)
	answers(c, fieldsOf(campaignPowerColumns("", 0), campaignLiftColumns())...)
	return c
}

// parseLift reads 10% as 0.1.
func parseLift(text string) (float64, error) {
	number, ok := strings.CutSuffix(strings.TrimSpace(text), "%")
	percent, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if !ok || err != nil || !(percent > 0 && percent <= 10_000) {
		return 0, usage("--lift %q is no share", text).advise("write a number with a percent sign, such as --lift 10%%")
	}
	return percent / 100, nil
}

// usualLifts are those that are looked at where nobody says.
func usualLifts() []string { return []string{"5%", "10%", "20%", "50%"} }

// parseLifts reads several lifts.
func parseLifts(texts []string) ([]float64, error) {
	var lifts []float64
	for _, text := range texts {
		lift, err := parseLift(text)
		if err != nil {
			return nil, err
		}
		lifts = append(lifts, lift)
	}
	return lifts, nil
}

func runCampaignPower(ctx context.Context, opts campaignPowerOptions, name string) error {
	if err := knownTable(opts.table, campaignPowerTables()); err != nil {
		return err
	}
	lifts, err := parseLifts(opts.lifts)
	if err != nil {
		return err
	}
	s, c, err := opts.f.campaignSession(ctx, name)
	if err != nil {
		return err
	}
	at, err := s.trialMoment(ctx, c)
	if err != nil {
		return err
	}
	found, err := s.power(ctx, c, at, lifts)
	if err != nil {
		return err
	}
	return s.showPower(opts, c, found)
}

// power asks what the arms of a campaign that are drawn at a moment can detect.
func (s *session) power(ctx context.Context, c *check.Campaign, at time.Time, lifts []float64) (*reporting.PowerAnswer, error) {
	if err := divided(c, "divide"); err != nil {
		return nil, err
	}
	if len(c.Arms()) < 2 {
		return nil, refused("%s has no arms to compare", c.Name).advise("add split: with a holdout, such as `split: {arms: {holdout: 10%%, treatment: 90%%}, holdout: holdout}`")
	}
	draw, err := s.draw(ctx, c, at)
	if err != nil {
		return nil, err
	}
	q := reporting.PowerQuestion{Campaign: c, At: at, Lifts: lifts}
	sizes, _ := draw.Sizes()
	for i, arm := range draw.Arms {
		q.Arms = append(q.Arms, reports.PowerArm{Name: arm.Name, Customers: sizes[i], Holdout: arm.Name == c.Holdout()})
	}
	found, err := reporting.Power(ctx, s.evaluator, q)
	return found, kpiError(err)
}

func campaignPowerColumns(title string, kind render.Kind) []render.Column {
	return []render.Column{
		{Name: "arm"},
		{Name: "customers", Kind: render.Count},
		{Name: "against"},
		{Name: "against_customers", Title: "customers", Kind: render.Count},
		{Name: "base", Title: title, Align: render.Right},
		{Name: "least", Title: "least difference", Align: render.Right},
		{Name: "relative", Title: "of base", Align: render.Right},
		{Name: "metric", DataOnly: true},
		{Name: "base_value", Kind: kind, DataOnly: true},
		{Name: "detectable", Kind: render.Number, DataOnly: true},
		{Name: "detectable_relative", Kind: render.Number, DataOnly: true},
		{Name: "base_customers", Kind: render.Count, DataOnly: true},
	}
}

func campaignLiftColumns() []render.Column {
	return []render.Column{
		{Name: "lift", Kind: render.Share},
		{Name: "needed_holdout", Title: "smallest holdout", Kind: render.Share},
		{Name: "holdout_customers", Title: "customers", Kind: render.Count},
		{Name: "needed_audience", Title: "audience at half and half", Kind: render.Count},
	}
}

// showPower answers with what can be seen, and what it takes to see more.
func (s *session) showPower(opts campaignPowerOptions, c *check.Campaign, a *reporting.PowerAnswer) error {
	r := a.Report
	if r.Refusal != "" {
		return refused("nothing can be said of what %s can detect: %s from %s to %s, %s", c.Name, r.Metric.Name, s.shown(a.From), s.shown(a.To), r.Refusal).
			advise("choose a primary metric that the audience has, or a longer window")
	}
	comparisons := render.Table{Name: "comparisons", Columns: campaignPowerColumns(r.Metric.Title, render.Number), Meta: s.momentMeta(a.To)}
	for _, p := range r.Comparisons {
		least, relative := "more than 100%", "-"
		if p.Detectable != nil {
			least, relative = powerNumber(r.Metric, *p.Detectable, true), powerPercent(*p.DetectableRel)
		}
		comparisons.Rows = append(comparisons.Rows, []any{
			p.Arm, p.Customers, p.Against, p.AgainstCount, powerNumber(r.Metric, *r.Base, false), least, relative, r.Metric.Name, *r.Base,
			known(p.Detectable), known(p.DetectableRel), r.Customers,
		})
	}
	lifts := render.Table{Name: "lifts", Columns: campaignLiftColumns()}
	for _, l := range r.Lifts {
		lifts.Rows = append(lifts.Rows, []any{l.Lift, known(l.Holdout), known(l.Held), known(l.Customers)})
	}
	if err := s.writeTables("power", opts.table, comparisons, lifts); err != nil {
		return err
	}
	s.say("%s without the campaign: %s, measured on %s from %s to %s", r.Metric.Title, powerNumber(r.Metric, *r.Base, false),
		pluralWord(r.Customers, "customer", "customers"), s.shown(a.From), s.shown(a.To))
	s.say("a two-sided test at 5%% finds the least difference in 80 of 100 campaigns; a smaller true effect will most likely not be seen")
	return nil
}

// powerNumber writes a value of the metric, or a difference of two.
func powerNumber(m reports.KPIMetric, x float64, difference bool) string {
	if m.Form == reports.KPIShare || m.Unit == check.UnitPercent {
		if difference {
			return fmt.Sprintf("%.2f pp", 100*x)
		}
		return fmt.Sprintf("%.2f%%", 100*x)
	}
	return render.GroupDigits(strconv.FormatFloat(x, 'f', 2, 64))
}

func powerPercent(x float64) string { return fmt.Sprintf("%.1f%%", 100*x) }

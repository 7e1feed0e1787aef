package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"strata/reports/render"
	reporting "strata/reports/run"
	"strata/segments/check"
)

type campaignReportOptions struct {
	f *factory
	// by are selectors of segments and partitions to look at in place of the
	// campaign's own.
	by    []string
	table string
	// sql is the metric whose SQL is asked for in place of the report.
	sql string
	// page is where the whole goes as an HTML page, if it does.
	page campaignPage
}

const campaignReportAbout = `Show what became of a campaign: the verdict, every metric with its difference and
95% interval, the audience beside the list and what was sent, the funnel, what
last touch credits, how the difference grew by day, segments, and the health of
the experiment.

Outcomes are those of everybody assigned, whoever got, opened or clicked anything
(intention to treat), over the same time in all arms: [send, send + window).
Audience and segments are those of the freeze. An assignment that is in the data
is reported as it is; a campaign that is divided here is read from its freeze.

The primary metric decides, as the campaign names it. "clear win" and "clear harm"
need p < .01 and no warning about health, "likely" p < .05; "no detectable effect"
says how small an effect could have been seen. Without a random holdout no lift is
claimed: recipients are followed, beside customers like them, and that is labelled.
Where the audience's rule asks for the outcome itself, that is refused as well.

Attribution credits each order once, to the last touch of any campaign. It stands
beside the incremental number and is not one.

While the window is open all is interim and judged by a confidence sequence, which
holds however often one looks. --at sets up to when the data are looked at.

--by looks at other segments and partitions than those of the campaign; which of
them responded differently is said with the false discoveries of all of them in
mind. --sql METRIC prints the statement behind a number, for each arm.

--out FILE.html writes it all as one page with charts that needs nothing else: no
script, no network, and it prints. A file that is no such page is only replaced
with --force.`

// campaignReportTables are the tables of the answer, the first one by itself where
// a format has a row a line.
func campaignReportTables() []string {
	return []string{"effects", "verdict", "arms", "reconciliation", "funnel", "attribution", "days", "segments", "health", "cost", "observed", "notes"}
}

func newCampaignReportCommand(f *factory) *cobra.Command {
	opts := campaignReportOptions{f: f}
	c := &cobra.Command{
		Use:   "report NAME",
		Short: "Show what became of a campaign: verdict, lift, funnel, attribution, health",
		Long:  campaignReportAbout,
		Example: `  strata campaign report autumn_2026
  strata campaign report autumn_2026 --by lifecycle --by tag:value
  strata campaign report autumn_2026 --table attribution -o csv
  strata campaign report autumn_2026 --at 2026-10-10
  strata campaign report autumn_2026 --sql conversion | duckdb warehouse.duckdb
  strata campaign report autumn_2026 --out autumn.html
  strata campaign report autumn_2026 -o json`,
		Args:              one("the name of a campaign"),
		ValidArgsFunction: f.completeNames("campaign"),
		RunE: func(c *cobra.Command, args []string) error {
			return runCampaignReport(c.Context(), opts, args[0])
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringArrayVar(&opts.by, "by", nil, "look at the segments and partitions of `SELECTOR` instead of the campaign's own; can be given several times")
	flags.StringVar(&opts.sql, "sql", "", "print the SQL behind the `METRIC`, for each arm")
	opts.page.flags(flags)
	declareTables(c, &opts.table, campaignReportTables()...)
	formats := []string{formatText, formatHTML}
	for _, format := range render.Formats() {
		formats = append(formats, string(format))
	}
	var fields []string
	for _, column := range campaignReportFields() {
		fields = append(fields, column.Name)
	}
	declare(c, formats, fields)
	return c
}

func runCampaignReport(ctx context.Context, opts campaignReportOptions, name string) error {
	if err := knownTable(opts.table, campaignReportTables()); err != nil {
		return err
	}
	if opts.sql != "" && (opts.table != "" || opts.f.format != "" || len(opts.by) > 0) {
		return usage("--sql prints a statement, which has only one form").advise("leave --table, --by, -o and --json off")
	}
	if err := opts.page.decide(&opts); err != nil {
		return err
	}
	s, campaign, err := opts.f.campaignSession(ctx, name)
	if err != nil {
		return err
	}
	q := reporting.CampaignQuestion{Campaign: campaign, Reach: s.asOf.UTC()}
	if opts.sql != "" {
		return s.campaignResultSQL(ctx, q, opts.sql)
	}
	if q.By, err = s.campaignResultBy(opts.by); err != nil {
		return err
	}
	found, err := s.campaignResult(ctx, &q)
	if err != nil {
		return err
	}
	for _, sentence := range found.Said {
		s.say("%s", sentence)
	}
	if opts.page.wanted {
		return s.writeCampaignPage(ctx, opts.page, q, found)
	}
	return s.showCampaignReport(opts, found)
}

// campaignResult asks what became of a campaign. What the store kept of its freeze
// is added to the question.
func (s *session) campaignResult(ctx context.Context, q *reporting.CampaignQuestion) (*reporting.CampaignAnswer, error) {
	if err := s.campaignResultFreeze(ctx, q); err != nil {
		return nil, err
	}
	defer s.progress(ctx, "measuring "+q.Campaign.Name)()
	found, err := reporting.Campaign(ctx, s.db, s.evaluator, *q)
	return found, campaignReportError(err)
}

// campaignResultBy finds the segments and partitions of --by; nil without it.
func (s *session) campaignResultBy(selectors []string) ([]check.Definition, error) {
	if len(selectors) == 0 {
		return nil, nil
	}
	chosen, err := s.Select(selectors)
	if err == nil {
		err = onlyMembers(chosen)
	}
	return chosen, err
}

// campaignResultFreeze reads what the store kept of a campaign that is divided
// here. An assignment that is in the data needs none.
func (s *session) campaignResultFreeze(ctx context.Context, q *reporting.CampaignQuestion) error {
	if q.Campaign.Split == nil {
		return nil
	}
	var err error
	if q.Frozen, err = s.frozen(ctx, q.Campaign.Name); err != nil || q.Frozen == nil {
		return err
	}
	if changed := s.changedSince(q.Campaign, *q.Frozen); len(changed) > 0 {
		q.Changed = "the definition is not what was frozen at " + s.shown(q.Frozen.FrozenAt) + ": " + strings.Join(changed, ", ") + " changed"
	}
	return nil
}

// campaignReportError says what to do about a campaign that cannot be reported.
func campaignReportError(err error) error {
	if missing, ok := errors.AsType[*reporting.NotFrozenError](err); ok {
		return refused("%w", err).advise("'strata campaign freeze %s' writes it down before sending; an assignment that somebody else made goes under assignment:", missing.Name)
	}
	if early, ok := errors.AsType[*reporting.NotSentError](err); ok {
		return refused("%w", err).advise("'strata campaign power %s' says what its holdout can show", early.Name)
	}
	if _, ok := errors.AsType[*reporting.NothingSentError](err); ok {
		return refused("%w", err).advise("give it assignment:, split: or messages: {sent: …}")
	}
	if _, ok := errors.AsType[*reporting.NoArmsError](err); ok {
		return refused("%w", err).advise("write arms: with their shares into assignment:")
	}
	return kpiError(err)
}

// campaignResultSQL prints the statement behind a metric of each arm.
func (s *session) campaignResultSQL(ctx context.Context, q reporting.CampaignQuestion, metric string) error {
	statement, err := reporting.CampaignSQL(ctx, s.evaluator, q, metric)
	if err != nil {
		return campaignReportError(err)
	}
	text, err := statement.Literal()
	if err != nil {
		return fmt.Errorf("write the statement: %w", err)
	}
	if q.Campaign.Split != nil {
		store := s.program.Set.Project.Store.Value
		text = "-- The arms are in the store: ATTACH '" + store + "' AS store (READ_ONLY) before.\n" + text
	}
	if _, err := io.WriteString(s.env.Stdout, text+"\n"); err != nil {
		return environment("write the statement: %w", err)
	}
	return nil
}

// showCampaignReport answers with a text, or with tables where a format or a table
// was asked for.
func (s *session) showCampaignReport(opts campaignReportOptions, found *reporting.CampaignAnswer) error {
	if text := s.format == formatText || s.format == ""; text && opts.table == "" && len(s.fields) == 0 {
		written, err := s.campaignReportText(found)
		if err != nil {
			return environment("write the report: %w", err)
		}
		if _, err := io.WriteString(s.env.Stdout, written); err != nil {
			return environment("write the report: %w", err)
		}
		return nil
	}
	if s.format == formatText {
		s.format = ""
	}
	return s.writeTables("campaign_report", opts.table, s.campaignReportTables(found)...)
}

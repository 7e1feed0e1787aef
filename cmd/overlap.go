package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"strata/reports"
	"strata/reports/render"
	reporting "strata/reports/run"
	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/snapshot"
)

type overlapOptions struct {
	f         *factory
	selectors []string
	// run is the id of a committed run or "latest", "" where an as-of is evaluated.
	run string
	// measure is what pairs are ordered by, and matrix says that somebody asked for
	// it and so for the matrix.
	measure string
	matrix  bool
	table   string
	top     int
	// baseRate and holdout are those of a campaign that somebody might run.
	baseRate, holdout float64
}

// overlapAbout explains the report.
const overlapAbout = `Show how segments and the stages of partitions share customers, and what could be
merged, dropped or is too small.

Pairs come with the share of each that lies in the other, Jaccard (both over
either), the overlap coefficient (both over the smaller) and lift: how many times
as many share both as chance would bring about. Where one lies in the other it is
said whether that follows from the rules, whatever the data ("by definition"), or
was only seen in this data. Stages of one partition exclude each other and are no
pair.

Exclusive sets count the customers who are in just the segments marked with # and
in no other. Reach, exclusive sets, unique customers and the cover are about
segments; stages take part where no segment is asked for. The cover takes the
segment with most customers who are not covered yet, again and again.

The smallest lift is the smallest difference to a held-out part of the members
that a campaign would find in 80 of 100 cases at a level of 5%. Rates and verdicts
of segments below 30 members are not given.

With --run nothing is evaluated: the members are read from the store. There are
up to seven tables: pairs, matrix, sets, reach, cover, advice and sizes.`

func newOverlapCommand(f *factory) *cobra.Command {
	opts := overlapOptions{f: f}
	c := &cobra.Command{
		Use:   "overlap [SELECTOR...]",
		Short: "Show how segments share customers, and what could be merged",
		Long:  overlapAbout,
		Example: `  strata overlap
  strata overlap tag:crm lifecycle --top 10
  strata overlap --run latest --matrix row
  strata overlap --table advice
  strata overlap --base-rate 0.035 --holdout 0.2 --table sizes -o csv
  strata run --overlap`,
		GroupID:           groupCompare,
		ValidArgsFunction: f.completeNames("segment", "partition"),
		RunE: func(c *cobra.Command, args []string) error {
			opts.selectors, opts.matrix = args, c.Flags().Changed("matrix")
			return runOverlap(c.Context(), opts)
		},
	}
	var measures []string
	for _, measure := range reports.OverlapMeasures() {
		measures = append(measures, string(measure))
	}
	c.Flags().StringVar(&opts.run, "run", "", "read the members of run `N`, or of the latest, instead of evaluating")
	c.Flags().StringVar(&opts.measure, "matrix", measures[0], "show the matrix of `MEASURE` and order pairs by it: "+strings.Join(measures, ", "))
	_ = c.RegisterFlagCompletionFunc("matrix", cobra.FixedCompletions(measures, cobra.ShellCompDirectiveNoFileComp))
	c.Flags().IntVar(&opts.top, "top", overlapTop, "show at most `N` pairs, sets and pieces of advice, 0 for all")
	c.Flags().Float64Var(&opts.baseRate, "base-rate", overlapBaseRate, "the conversion `RATE` without a campaign")
	c.Flags().Float64Var(&opts.holdout, "holdout", overlapHoldout, "the `SHARE` of members that a campaign holds out")
	declareTables(c, &opts.table, overlapTables()...)
	formats := []string{formatText}
	for _, format := range render.Formats() {
		formats = append(formats, string(format))
	}
	var fields []string
	for _, column := range fieldsOf(overlapPairColumns(), overlapSetColumns(), overlapReachColumns(), overlapCoverColumns(), overlapAdviceColumns(), overlapSizeColumns()) {
		fields = append(fields, column.Name)
	}
	declare(c, formats, fields)
	return c
}

// What an overlap assumes where nobody says.
const (
	overlapTop      = 20
	overlapBaseRate = 0.02
	overlapHoldout  = 0.1
)

// overlapTables are the tables of an overlap.
func overlapTables() []string {
	return []string{"pairs", "matrix", "sets", "reach", "cover", "advice", "sizes"}
}

// fitting refuses values that make no sense.
func (o overlapOptions) fitting() error {
	if err := knownTable(o.table, overlapTables()); err != nil {
		return err
	}
	if !slices.Contains(reports.OverlapMeasures(), reports.OverlapMeasure(o.measure)) {
		var known []string
		for _, measure := range reports.OverlapMeasures() {
			known = append(known, string(measure))
		}
		return unknownWord(usage("there is no measure %q", o.measure), o.measure, known)
	}
	switch {
	case o.top < 0:
		return usage("--top cannot be negative")
	case !(o.baseRate > 0 && o.baseRate < 1):
		return usage("--base-rate %v: it is more than 0 and less than 1", o.baseRate).advise("write 0.02 for 2%%")
	case !(o.holdout > 0 && o.holdout < 1):
		return usage("--holdout %v: it is more than 0 and less than 1", o.holdout).advise("write 0.1 for 10%%")
	case o.run != "" && o.f.flags.at != "":
		return usage("--run and --at exclude each other").advise("--at run:%s evaluates at the as-of of that run", o.run)
	}
	return nil
}

// counts are what is to be counted.
func (o overlapOptions) counts() reports.OverlapOptions {
	return reports.OverlapOptions{Sets: o.top, BaseRate: o.baseRate, Holdout: o.holdout}
}

func runOverlap(ctx context.Context, opts overlapOptions) error {
	if err := opts.fitting(); err != nil {
		return err
	}
	if opts.run != "" {
		return runStoredOverlap(ctx, opts)
	}
	chosen, err := opts.f.chosenMembers(opts.selectors)
	if err != nil {
		return err
	}
	s, err := opts.f.session(ctx)
	if err != nil {
		return err
	}
	done := s.progress(ctx, "evaluating")
	answer, err := reporting.Overlap(ctx, s.evaluator, chosen, s.asOf, opts.counts())
	done()
	if answer != nil {
		s.sayLeftOut(answer.Skipped)
	}
	if errors.Is(err, reporting.ErrNothingToOverlap) {
		return nothingToOverlap()
	}
	if err != nil {
		return answerable(err)
	}
	answer.KnownAt = s.knownAt
	return s.showOverlap(opts, answer)
}

func nothingToOverlap() error {
	return refused("nothing of what was asked for can be evaluated at one moment")
}

// sayLeftOut names what takes no part.
func (s *session) sayLeftOut(skipped []evaluate.Skipped) {
	for _, left := range skipped {
		s.say("left out %s: %s", left.Name, left.Reason)
	}
}

// runStoredOverlap answers from the members of a committed run.
func runStoredOverlap(ctx context.Context, opts overlapOptions) error {
	var chosen []check.Definition
	if len(opts.selectors) > 0 {
		var err error
		if chosen, err = opts.f.Select(opts.selectors); err == nil {
			err = onlyMembers(chosen)
		}
		if err != nil {
			return err
		}
	}
	s, err := opts.f.stored(ctx)
	if err != nil {
		return err
	}
	id, err := s.runID(ctx, opts.run)
	if err != nil {
		return err
	}
	done := s.progress(ctx, "reading")
	answer, err := reporting.StoredOverlap(ctx, s.db, s.program, id, chosen, opts.counts())
	done()
	if answer != nil {
		s.sayLeftOut(answer.Skipped)
	}
	switch {
	case errors.Is(err, reporting.ErrNothingToOverlap):
		return notFound("run %d has no members of what was asked for", id).advise("'strata runs show %d' lists what it has", id)
	case err != nil:
		return missingRun(err)
	}
	if n := len(answer.Edited); n > 0 {
		s.say("%s not what %s at run %d, so nothing is concluded from the rules: %s", pluralIs(n, "segment"), map[bool]string{true: "it was", false: "they were"}[n == 1], id, strings.Join(answer.Edited, ", "))
	}
	return s.showOverlap(opts, answer)
}

// runID reads the id of a run, or finds the latest.
func (s *session) runID(ctx context.Context, word string) (int64, error) {
	if strings.EqualFold(word, "latest") {
		latest, err := snapshot.Newest(ctx, s.db)
		if errors.Is(err, snapshot.ErrEmpty) {
			return 0, notFound("there is no run yet").advise("'strata run' makes one; without --run the overlap is evaluated")
		}
		return latest.ID, err
	}
	id, err := strconv.ParseInt(strings.TrimPrefix(word, "run:"), 10, 64)
	if err != nil || id < 1 {
		return 0, usage("--run takes the id of a run or latest, not %q", word).advise("'strata runs' lists them")
	}
	return id, nil
}

// showOverlap answers as text, or with tables where a format or a table was asked
// for.
func (s *session) showOverlap(opts overlapOptions, a *reporting.OverlapAnswer) error {
	if text := s.format == formatText || s.format == ""; text && opts.table == "" && len(s.fields) == 0 {
		return s.writeOverlap(opts, a)
	}
	if s.format == formatText {
		s.format = ""
	}
	tables := s.overlapTables(opts, a)
	return s.writeTables("overlap", opts.table, tables...)
}

// severalTables reports whether an answer may consist of several tables.
func (f *factory) severalTables() bool {
	if len(f.fields) > 0 {
		return false
	}
	switch render.Format(f.format) { //nolint:exhaustive // The others have a row a line.
	case "", render.Aligned, render.Markdown, render.JSON:
		return true
	}
	return false
}

// overlapAfter is the overlap of a run, from what it left: a text, or tables where
// a format was asked for.
func (s *session) overlapAfter(ctx context.Context, definitions []check.Definition, of snapshot.Run) (runMore, error) {
	opts := overlapOptions{
		f: s.factory, measure: string(reports.OverlapJaccard), top: overlapTop, baseRate: overlapBaseRate, holdout: overlapHoldout,
	}
	answer, err := reporting.Overlap(ctx, s.evaluator, definitions, s.asOf, opts.counts())
	if errors.Is(err, reporting.ErrNothingToOverlap) { // The run has said what it left out.
		return runMore{}, nil
	}
	if err != nil {
		return runMore{}, fmt.Errorf("run %d is committed; count its overlap: %w", of.ID, answerable(err))
	}
	answer.KnownAt, answer.Run = s.knownAt, &of.ID
	if s.format != "" {
		return runMore{tables: s.overlapTables(opts, answer)}, nil
	}
	text, err := s.overlapText(opts, answer)
	return runMore{text: text}, err
}

// writeBelow writes a text below a table, with a line between them.
func (s *session) writeBelow(text string) error {
	if text == "" {
		return nil
	}
	if _, err := io.WriteString(s.env.Stdout, "\n"+text); err != nil {
		return environment("write the answer: %w", err)
	}
	return nil
}

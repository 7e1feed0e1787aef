package cmd

import (
	"context"
	"errors"
	"math"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"strata/reports"
	analyse "strata/reports/run"
	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/history"
	"strata/segments/revision"
	"strata/segments/snapshot"
)

type driftOptions struct {
	f         *factory
	selectors []string
	// from and to are the ends, and against the commit whose definitions hold at
	// the first.
	from, to, against string
	table             string
	// why is short for the table of causes, and runs takes sizes from the store.
	why, runs bool
	traits    []string
	failOn    []string
}

// driftDays is how many days a drift goes back where nobody says, and
// driftHistory how many days before it are looked at to know what is usual.
const (
	driftDays    = 30
	driftHistory = 57
)

// driftAbout explains what the numbers mean.
const driftAbout = `Say how segments changed between two moments, whether that is unusual, what their
members are like now, and why. Without a name there is a line for each segment
and stage; with one its parts stand below each other. The ends are moments, or
runs (run:12), whose members are taken from the store. Without --runs no run is
needed: sizes come from following customers through time.

membership: who entered, left and stayed. "jaccard" is the part of those at
either end who are at both, "turnover" entries and exits by both sizes. The time
that members stay is measured from 57 days before --from on, as history --exact
has it.

size: flows are judged, not levels. Each day is compared with the same weekday
of the eight weeks before, itself left out (or with at least 14 days of any
weekday): an alert is more than 3.5 robust standard deviations and 5% and 30
members. A slow leak shows in the average of the flows (EWMA, weight 0.2, 3
standard deviations), centred on the history before --from. Too little history
is said, not guessed.

composition: each trait of the rule and each field of customers, or --trait,
in bins that were frozen at --from, missing values in one of their own. "psi" is
the stability index, "noise" what chance alone makes of it at these sizes. A
trait is to be watched from 0.10 above the noise, and major from 0.25, if it is
also significant after correction for the number of traits. The change of the
share that changed most is split exactly: members who stayed and changed, entrants
(in) who differ, leavers (out) who differed.

why: every member gained or lost is laid at the door of causes by Shapley's
value, which adds up exactly: for each leaf the clock (rows that left a window,
days that passed) and the data (rows and fields that came), the edit of the rule
(--against, or another run), and customers who were created or removed. Fields
without history have today's value at both ends, so that their changes show
nowhere.

--fail-on makes the exit code 1: alert (the size), watch or major (the
composition), or a percentage that the size changes by more than; several with a
comma. What cannot be judged never fails, and is said.`

func newDriftCommand(f *factory) *cobra.Command {
	opts := driftOptions{f: f}
	c := &cobra.Command{
		Use:   "drift [NAME|SELECTOR...]",
		Short: "Show how segments drift in size and composition, and why",
		Long:  driftAbout,
		Example: `  strata drift                                  # a line for each segment
  strata drift vip --from -90d                  # all about one
  strata drift vip --why                        # the causes alone
  strata drift vip --from run:12 --to run:40
  strata drift vip --trait country --trait ltv  # the bins of these
  strata drift tag:crm --fail-on alert,major    # for cron
  strata drift vip --against HEAD~5 --why       # the rule was edited in between`,
		GroupID:           groupCompare,
		ValidArgsFunction: f.completeNames("segment", "partition"),
		RunE: func(c *cobra.Command, args []string) error {
			opts.selectors = args
			return runDrift(c.Context(), opts)
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&opts.from, "from", "", "first `MOMENT`, or a run as run:12; -90d counts from --to (default -30d)")
	flags.StringVar(&opts.to, "to", "", "last `MOMENT`, or a run (default the as-of)")
	flags.BoolVar(&opts.why, "why", false, "only the causes, as --table why")
	declareTables(c, &opts.table, driftTables()...)
	flags.StringArrayVar(&opts.traits, "trait", nil, "compare members by the trait, field or expression `T`, and show its bins")
	flags.StringVar(&opts.against, "against", "", "the rule at --from is that of the commit `REF`")
	flags.BoolVar(&opts.runs, "runs", false, "judge sizes by committed runs instead of following customers")
	flags.StringSliceVar(&opts.failOn, "fail-on", nil, "fail on `WHAT`: alert, watch, major or a percentage")
	// The only error is a flag that does not exist, which tests would show.
	_ = c.RegisterFlagCompletionFunc("fail-on", cobra.FixedCompletions([]string{"alert", "watch", "major", "10%"}, cobra.ShellCompDirectiveNoFileComp))
	answers(c, driftFieldsOfAll()...)
	return c
}

func runDrift(ctx context.Context, opts driftOptions) error {
	fails, err := parseDriftFails(opts.failOn)
	if err != nil {
		return err
	}
	if opts.table, err = driftTable(opts); err != nil {
		return err
	}
	var former *base
	if opts.against != "" {
		if former, err = opts.f.base(ctx, opts.against); err != nil {
			return err
		}
	}
	s, err := opts.f.session(ctx)
	if err != nil {
		return err
	}
	q, err := s.driftQuestion(ctx, opts, fails)
	if err != nil {
		return err
	}
	if former != nil {
		if q.Old, _, err = revision.Fit(ctx, s.db, former.files, former.program, s.program); err != nil {
			return former.explained(&revision.BeforeError{Version: former.version(), Err: err})
		}
		q.OldName = opts.against
	}
	all, err := s.drift(ctx, q)
	if err != nil {
		return err
	}
	if err := s.showDrift(all, opts); err != nil {
		return err
	}
	return fails.verdict(s, all)
}

// driftTable is the table that is asked for, "" for all.
func driftTable(opts driftOptions) (string, error) {
	table := opts.table
	switch {
	case opts.why && table != "" && table != driftWhyTable:
		return "", usage("--why is short for --table why and does not go with --table %s", table)
	case opts.why:
		table = driftWhyTable
	case runWord.MatchString(opts.against):
		return "", usage("--against takes a commit, and %s is a run", opts.against).advise("write --from run:N")
	}
	return table, knownTable(table, driftTables())
}

// drift asks, and gives what fails its exit code.
func (s *session) drift(ctx context.Context, q driftQuestion) ([]reports.Drift, error) {
	asker := s.asker()
	var done func()
	asker.Step, done = s.pointProgress(ctx, "point")
	all, err := analyse.Drift(ctx, asker, q.chosen, q.DriftOptions)
	done()
	missing, notInRun := errors.AsType[*analyse.NotInRunError](err)
	switch {
	case notInRun:
		return nil, notFound("%w", missing).advise("without a run members are evaluated: give --from and --to as dates")
	case errors.Is(err, snapshot.ErrNotFound), errors.Is(err, snapshot.ErrEmpty):
		return nil, missingRun(err)
	case err != nil:
		return nil, answerable(err)
	case len(all) == 1 && all[0].Skipped != "":
		return nil, refused("%s: %s", all[0].Name, all[0].Skipped)
	}
	return all, nil
}

// driftQuestion is what is asked about which definitions.
type driftQuestion struct {
	analyse.DriftOptions

	chosen []check.Definition
}

// driftQuestion reads the command line.
func (s *session) driftQuestion(ctx context.Context, opts driftOptions, fails driftFails) (q driftQuestion, err error) {
	if q.chosen, q.Stage, err = s.drifting(ctx, opts.selectors); err != nil {
		return q, err
	}
	if err := s.driftRange(ctx, opts, &q); err != nil {
		return q, err
	}
	for _, text := range opts.traits {
		x, err := s.expression(text)
		if err != nil {
			return q, err
		}
		q.Traits = append(q.Traits, analyse.DriftTrait{Name: text, X: x})
	}
	shows := func(tables ...string) bool {
		return opts.table == "" || opts.table == driftSummaryTable || slices.Contains(tables, opts.table)
	}
	q.Runs, q.KnownAt = opts.runs, s.knownAt
	q.Why = shows(driftWhyTable)
	// The time that members stay comes with the sizes of a single one.
	q.Size = shows(driftSizeTable) || fails.size || opts.table == driftMembershipTable && len(q.chosen) == 1
	q.Composition = shows(driftCompositionTable, driftBinsTable) || fails.composition
	return q, nil
}

// driftRange reads the ends, and the days in between.
func (s *session) driftRange(ctx context.Context, opts driftOptions, q *driftQuestion) error {
	first := opts.from
	if first == "" {
		first = "-" + strconv.Itoa(driftDays) + "d"
	}
	from, to, err := s.timeRange(ctx, first, opts.to)
	if err != nil {
		return err
	}
	if !from.Before(to) {
		return usage("both ends are %s, and nothing drifts in no time", s.shown(from)).advise("give --from an earlier moment")
	}
	if q.From, err = driftEnd(from, first); err != nil {
		return err
	}
	if q.To, err = driftEnd(to, opts.to); err != nil {
		return err
	}
	q.Points, err = s.driftPoints(from, to)
	return err
}

// drifting are the definitions that are meant, and the stage where only one is.
func (s *session) drifting(ctx context.Context, words []string) (chosen []check.Definition, stage string, err error) {
	if len(words) == 1 && !isSelector(words[0]) {
		about, err := s.about(ctx, words[0])
		return []check.Definition{about.Definition}, about.Stage, err
	}
	all, err := s.Select(words)
	if err != nil {
		return nil, "", err
	}
	for _, d := range all {
		switch d.(type) {
		case *check.Segment, *check.Partition:
			chosen = append(chosen, d)
		}
	}
	if len(chosen) == 0 && len(all) > 0 {
		return nil, "", onlyMembers(all)
	}
	if len(chosen) == 0 {
		return nil, "", notFound("there is no segment and no partition").advise("'strata list --all' shows what there is")
	}
	return chosen, "", nil
}

// selectorForm is a word that chooses several definitions.
var selectorForm = regexp.MustCompile(`^(\+.*|[a-z]+:\S.*|[a-z0-9_.*?\[\]-]*[*?\[][a-z0-9_.*?\[\]-]*)$`)

// isSelector reports whether a word chooses definitions instead of naming one.
func isSelector(word string) bool { return selectorForm.MatchString(word) }

// driftEnd is an end in the words of a moment.
func driftEnd(at time.Time, text string) (analyse.DriftEnd, error) {
	asked, err := parseMoment(text)
	if err != nil {
		return analyse.DriftEnd{}, err
	}
	end := analyse.DriftEnd{At: at}
	if asked.kind == momentRun {
		end.Run = &asked.run
	}
	return end, nil
}

// driftPoints are days that end at the last moment, with enough before the first
// to know what is usual.
func (s *session) driftPoints(from, to time.Time) ([]time.Time, error) {
	days := int(math.Ceil(to.Sub(from).Hours()/24)) + driftHistory //nolint:mnd // Hours of a day.
	if days > history.MaxPoints {
		return nil, usage("from %s to %s are too many days", s.shown(from), s.shown(to)).advise("take a shorter range")
	}
	points := make([]time.Time, 0, days+1)
	for i := days; i >= 0; i-- {
		points = append(points, calendar.Step(to, calendar.Duration{N: -i, Unit: calendar.Day}, s.program.Zone).UTC())
	}
	return slices.CompactFunc(points, time.Time.Equal), nil
}

// driftFails is what --fail-on came to.
type driftFails struct {
	asked       []string
	size        bool
	composition bool
	worst       reports.DriftVerdict
	share       failing
}

func parseDriftFails(words []string) (driftFails, error) {
	fails := driftFails{asked: words, worst: reports.DriftMajor}
	for _, word := range words {
		switch verdict := reports.DriftVerdict(strings.TrimSpace(word)); verdict {
		case reports.DriftAlert:
			fails.size = true
		case reports.DriftMajor:
			fails.composition = true
		case reports.DriftWatch:
			fails.composition, fails.worst = true, verdict
		default:
			share, err := parseFailOn(string(verdict))
			if err != nil || share.share == nil {
				return fails, usage("--fail-on takes alert, watch, major or a percentage, not %q", word).advise("write --fail-on alert,10%%")
			}
			fails.share = share
		}
	}
	return fails, nil
}

// beyondSizes reports whether a size changed by more than the share.
func (fails failing) beyondSizes(before, after int64) bool {
	moved, allowed := big.NewRat(after-before, 1), new(big.Rat).Mul(fails.share, big.NewRat(before, 1))
	return moved.Abs(moved).Cmp(allowed) > 0
}

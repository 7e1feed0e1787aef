package cmd

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"strata/reports/render"
	"strata/segments/evaluate"
	"strata/sql/warehouse"
)

// differencesShown are the differences in the order in which they are shown,
// and their words for people.
var differencesShown = [...]struct {
	is    evaluate.Difference
	words string
}{
	{evaluate.SharedOnly, "in shared only"},
	{evaluate.StandaloneOnly, "in standalone only"},
	{evaluate.Repeated, "more than once"},
	{evaluate.OtherStage, "in another stage"},
	{evaluate.OtherContactable, "contactable by one way only"},
}

// What an audit found of a definition.
const (
	auditEqual       = "equal"
	auditDifferent   = "different"
	auditNotCompared = "not compared"
)

type auditOptions struct {
	f         *factory
	selectors []string
	// verify compares the two ways of evaluation.
	verify bool
	// limit is how many customers are named for each definition, 0 for all.
	limit int64
}

func newAuditCommand(f *factory) *cobra.Command {
	opts := auditOptions{f: f}
	c := &cobra.Command{
		Use:   "audit --verify [SELECTOR...]",
		Short: "Compare two independent ways to evaluate your definitions",
		Long: `Evaluate all segments and partitions, or what the selectors mean, in both of the
ways that strata knows, on your data at the as-of, and compare every customer:
the shared way reads each source once for all definitions together, as run does;
the standalone way runs the statement of each, which 'strata sql' prints. Other
code writes each of them, so a mistake in one of them shows.

A definition is equal, different, with the number of customers who are a member
by one way only, in another stage, or contactable by one way only, and with the
keys of some of them; or it is not compared, since it can be evaluated in one
way only: sql segments, and rules with "for" or "as of". Its size is that of the
standalone way. Nothing is committed.

The exit code is 1 when anything differs. --verify is what audit does so far, so
it has to be given.`,
		Example: `  strata audit --verify
  strata audit --verify tag:crm --at 2026-08-01
  strata audit --verify vip --limit 0 --json name,result,customers`,
		GroupID:           groupCompare,
		ValidArgsFunction: f.completeNames("segment", "partition"),
		RunE: func(c *cobra.Command, args []string) error {
			opts.selectors = args
			return runAudit(c.Context(), opts)
		},
	}
	c.Flags().BoolVar(&opts.verify, "verify", false, "compare the shared with the standalone evaluation")
	c.Flags().Int64Var(&opts.limit, "limit", 10, "name at most `N` differing customers of a definition, 0 for all")
	answers(c, auditColumns()...)
	return c
}

func auditColumns() []render.Column {
	columns := []render.Column{
		{Name: "name"},
		{Name: "kind"},
		{Name: "size", Kind: render.Count},
		{Name: "result"},
		{Name: "differing", Kind: render.Count},
		{Name: "detail"},
	}
	for _, difference := range differencesShown {
		columns = append(columns, render.Column{Name: string(difference.is), Kind: render.Count, DataOnly: true})
	}
	return append(columns,
		render.Column{Name: "customers", Kind: render.Nested, DataOnly: true},
		render.Column{Name: "standalone_seconds", Kind: render.Number, DataOnly: true})
}

func runAudit(ctx context.Context, opts auditOptions) error {
	f := opts.f
	if !opts.verify {
		return usage("audit needs --verify: to compare the two ways of evaluation is what it can do so far").
			advise("write 'strata audit --verify'; 'strata doctor' looks at the data")
	}
	if opts.limit < 0 {
		return usage("--limit cannot be negative")
	}
	chosen, err := f.Select(opts.selectors)
	if err != nil {
		return err
	}
	s, err := f.session(ctx)
	if err != nil {
		return err
	}
	if len(chosen) == 0 {
		return usage("there is no segment to compare").advise("add one under segments/")
	}
	progress, done := s.auditProgress()
	found, err := s.evaluator.Verify(ctx, evaluate.VerifyOptions{
		AsOf: s.asOf, Definitions: chosen, Examples: opts.limit, Now: f.env.Now, Progress: progress,
	})
	done()
	if err != nil {
		return answerable(err)
	}
	if err := s.showVerification(found); err != nil {
		return err
	}
	return auditVerdict(found, opts.selectors)
}

// auditVerdict is an error where something differs, or where nothing of what
// selectors asked for was looked at.
func auditVerdict(v *evaluate.Verification, selectors []string) error {
	compared, different := v.Counts()
	switch {
	case different > 0:
		return checkFailed("both ways differ in %d of %s: strata is wrong in one of them", different, plural(compared, "definition")).
			advise("'strata why CUSTOMER NAME' shows what speaks for a customer; please report it")
	case compared == 0 && len(selectors) > 0:
		return refused("nothing of what was asked for can be compared")
	}
	return nil
}

// auditProgress shows the step that runs to somebody who waits, cut to a line
// since the name of a step may be a long rule.
func (s *session) auditProgress() (progress func(done, all int, name string), end func()) {
	show, end := s.doing()
	if show == nil {
		return nil, end
	}
	return func(done, all int, name string) {
		text := inert(fmt.Sprintf("comparing, step %d of %d: %s", done+1, all, name))
		show(ansi.Truncate(text, max(20, s.env.Terminal.Width-len(" …")-1), ""))
	}, end
}

// showVerification answers with what both ways found. What differs comes first,
// so that it is seen.
func (s *session) showVerification(v *evaluate.Verification) error {
	t := render.Table{Name: "audit", Columns: auditColumns(), Meta: s.meta()}
	var others [][]any
	for _, d := range v.Definitions {
		if row := auditRow(d); d.Differing() > 0 {
			t.Rows = append(t.Rows, row)
		} else {
			others = append(others, row)
		}
	}
	t.Rows = append(t.Rows, others...)
	// --limit is about the customers of a definition here; each definition is
	// shown.
	s.flags.limit = 0
	if err := s.write(t); err != nil {
		return err
	}
	for _, d := range v.Definitions {
		if d.Differing() > 0 && s.tableFormat() == render.Aligned { // The table may have cut it.
			s.say("%s: %s", d.Definition.DefinitionName(), inert(auditDetail(d)))
		}
	}
	s.say("%s", auditSummary(v))
	return nil
}

// auditSummary says what came out, and how long each way took.
func auditSummary(v *evaluate.Verification) string {
	compared, different := v.Counts()
	var parts []string
	switch {
	case compared == 0:
		parts = append(parts, "nothing compared")
	case different == 0:
		parts = append(parts, plural(compared, "definition")+" compared, all equal")
	default:
		parts = append(parts, plural(compared, "definition")+fmt.Sprintf(" compared, %d different", different))
	}
	if others := len(v.Definitions) - compared; others > 0 {
		parts = append(parts, fmt.Sprintf("%d not compared", others))
	}
	text := strings.Join(parts, ", ")
	if compared > 0 {
		text += fmt.Sprintf(" (shared %s, standalone %s)", v.Shared.Round(time.Millisecond), v.Standalone.Round(time.Millisecond))
	}
	return text
}

func auditRow(d evaluate.Verified) []any {
	row := []any{d.Definition.DefinitionName(), d.Definition.DefinitionKind()}
	if d.Alone != "" {
		row = append(row, nil, auditNotCompared, nil, d.Alone)
		for range differencesShown {
			row = append(row, nil)
		}
		return append(row, nil, nil)
	}
	result := auditEqual
	if d.Differing() > 0 {
		result = auditDifferent
	}
	row = append(row, d.Size, result, d.Differing(), orUnknown(auditDetail(d)))
	for _, difference := range differencesShown {
		row = append(row, d.Counts[difference.is])
	}
	customers := make([]any, 0, len(d.Examples))
	for _, example := range d.Examples {
		customers = append(customers, auditCustomer(example))
	}
	return append(row, customers, d.Standalone.Seconds())
}

// auditCustomer is a customer about whom the ways differ, for programs.
func auditCustomer(d evaluate.Disagreement) map[string]any {
	customer := map[string]any{"key": d.Key, "difference": string(d.Difference)}
	for way, said := range map[string]*evaluate.Said{"shared": d.Shared, "standalone": d.Standalone} {
		customer[way] = nil
		if said != nil {
			customer[way] = map[string]any{"stage": orUnknown(said.Stage), "contactable": said.Contactable}
		}
	}
	return customer
}

// auditDetail says how many customers differ in which way, and who.
func auditDetail(d evaluate.Verified) string {
	named := map[evaluate.Difference][]string{}
	for _, example := range d.Examples {
		text := warehouse.Text(example.Key)
		if example.Difference == evaluate.OtherStage {
			text += fmt.Sprintf(" (%s, standalone %s)", example.Shared.Stage, example.Standalone.Stage)
		}
		named[example.Difference] = append(named[example.Difference], text)
	}
	var parts []string
	for _, difference := range differencesShown {
		n := d.Counts[difference.is]
		if n == 0 {
			continue
		}
		part := render.GroupDigits(strconv.FormatInt(n, 10)) + " " + difference.words
		if keys := named[difference.is]; len(keys) > 0 {
			part += ": " + strings.Join(keys, ", ")
			if int64(len(keys)) < n {
				part += ", …"
			}
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}

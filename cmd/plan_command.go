package cmd

import (
	"context"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"strata/reports/render"
	"strata/segments/check"
	"strata/segments/revision"
)

// The command plan is about members: what an edit of definitions does to them.
// How definitions are evaluated together, which "strata sql --plan" shows, is in
// plan_text.go.

type revisionOptions struct {
	f         *factory
	selectors []string
	// against names the version that the working files are compared with.
	against string
	// failOn says which differences make the command fail.
	failOn string
	// examples is how many customers are named on each side of a change.
	examples int64
}

func newPlanCommand(f *factory) *cobra.Command {
	opts := revisionOptions{f: f}
	c := &cobra.Command{
		Use:   "plan [SELECTOR...]",
		Short: "Show what an edit of the definitions does to members",
		Long: `Compare the working files with a committed version of them, on the same data at
the same as-of: who joins and leaves each segment and which change of its rule
makes them, who moves between the stages of a partition, and which definitions
are only affected through what they name. What means the same in both versions
is counted and not evaluated. Nothing is written.

The version is a commit of the git repository that the project lies in (a
branch, a tag, a hash; HEAD unless --against names another one), or a run of the
store (12 or run:12). A run keeps members and not leaves: it is compared at its
own as-of, and data that changed since then shows as well.

A move counts once: at the leaf that makes it alone (undoing its change alone
undoes the move, and making it alone makes it), or at the smallest set of leaves
that only together do. Leaves that were added or removed count as leaves, and a
change from all to any, say, as (structure).

The exit code is 1 when --fail-on finds something, else 0: "broken" is a bound
on a size (expect:) that does not hold after the edit, "any" is any difference,
and a percentage is a segment or stage whose size changes by more than that, or
a broken bound. New and deleted definitions have no change of size.

Keys of customers can be personal data, so none are shown unless --examples asks
for them.`,
		Example: `  strata plan                              # since the last commit
  strata plan --against origin/main -o markdown > comment.md
  strata plan tag:crm --at 2026-08-01
  strata plan vip --examples 5             # with some customers who move
  strata plan --against 12                 # since run 12, at its as-of
  strata plan --fail-on 10%                # 1 where a size changes by more`,
		GroupID:           groupCompare,
		ValidArgsFunction: f.completeNames("segment", "partition"),
		RunE: func(c *cobra.Command, args []string) error {
			opts.selectors = args
			return runRevision(c.Context(), opts)
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&opts.against, "against", "HEAD", "the other version: `REF`, a commit, or a run such as 12")
	flags.StringVar(&opts.failOn, "fail-on", failOnBroken, "fail on `WHAT`: broken, any or a percentage")
	flags.Int64Var(&opts.examples, "examples", 0, "name at most `N` customers on each side of a change")
	// The only error is a flag that does not exist, which tests would show.
	_ = c.RegisterFlagCompletionFunc("fail-on", cobra.FixedCompletions([]string{failOnBroken, failOnAny, "10%"}, cobra.ShellCompDirectiveNoFileComp))
	declare(c, []string{formatText, formatJSON, string(render.Markdown)}, nil)
	return c
}

// What --fail-on can be besides a percentage.
const (
	failOnBroken = "broken"
	failOnAny    = "any"
)

// percentage is what --fail-on takes as a share.
var percentage = regexp.MustCompile(`^(\d{1,6}(?:\.\d{1,6})?)%$`)

// failing is what --fail-on came to: any difference, or sizes that change by
// more than a share, nil for none.
type failing struct {
	any   bool
	share *big.Rat
	text  string
}

func parseFailOn(text string) (failing, error) {
	switch text {
	case failOnBroken:
		return failing{}, nil
	case failOnAny:
		return failing{any: true}, nil
	}
	if m := percentage.FindStringSubmatch(text); m != nil {
		if share, ok := new(big.Rat).SetString(m[1]); ok {
			return failing{share: share.Quo(share, big.NewRat(100, 1)), text: text}, nil
		}
	}
	return failing{}, usage("--fail-on takes broken, any or a percentage, not %q", text).advise("write --fail-on 10%%")
}

func runRevision(ctx context.Context, opts revisionOptions) error {
	f := opts.f
	fails, err := parseFailOn(opts.failOn)
	switch {
	case err != nil:
		return err
	case opts.examples < 0:
		return usage("--examples cannot be negative")
	case len(f.fields) > 0:
		return usage("a plan has no columns to choose").advise("--json without a list gives all of it")
	case opts.against == "":
		return usage("--against is empty").advise("leave it out to compare with HEAD")
	}
	base, err := f.base(ctx, opts.against)
	if err != nil {
		return err
	}
	report, s, err := base.compare(ctx, opts)
	if err != nil {
		return err
	}
	if err := s.showRevision(report); err != nil {
		return err
	}
	return fails.verdict(report)
}

// onlySelectable refuses selectors that mean nothing with members. What is not
// there may be of the version before.
func onlySelectable(program *check.Program, selectors []string) error {
	for _, selector := range selectors {
		found, err := program.Select([]string{selector})
		if err != nil {
			continue
		}
		if !slices.ContainsFunc(found, func(d check.Definition) bool { return onlyMembers([]check.Definition{d}) == nil }) {
			return onlyMembers(found)
		}
	}
	return nil
}

// verdict is an error where the report holds what --fail-on speaks of.
func (fails failing) verdict(r *revision.Report) error {
	if broken := r.Broken(); len(broken) > 0 {
		return checkFailed("%s broken: %s", pluralIs(len(broken), "size bound"), boundText(broken[0]))
	}
	if n := len(r.Changes) + len(r.Edits); fails.any && n > 0 {
		return checkFailed("%s, and --fail-on any allows none", pluralWord(n, "definition differs", "definitions differ"))
	}
	if fails.share == nil {
		return nil
	}
	var beyond []string
	for i := range r.Changes {
		beyond = append(beyond, fails.beyond(&r.Changes[i])...)
	}
	if len(beyond) > 0 {
		return checkFailed("%s by more than %s: %s", pluralWord(len(beyond), "size changes", "sizes change"), fails.text, strings.Join(firstOf(beyond, 5), ", "))
	}
	return nil
}

// beyond names the segment, or the stages, whose size changes by more than the
// share.
func (fails failing) beyond(c *revision.Change) []string {
	var names []string
	look := func(name string, before, after *revision.Size) {
		if before == nil || after == nil {
			return
		}
		moved := big.NewRat(after.Members-before.Members, 1)
		allowed := new(big.Rat).Mul(fails.share, big.NewRat(before.Members, 1))
		if moved.Abs(moved).Cmp(allowed) > 0 {
			names = append(names, name+" "+sizeChange(before.Members, after.Members))
		}
	}
	if len(c.Stages) == 0 {
		look(c.Name, c.Before, c.After)
	}
	for _, stage := range c.Stages {
		look(c.Name+"."+stage.Name, stage.Before, stage.After)
	}
	return names
}

// firstOf are the first texts of a list; that there are more is said.
func firstOf(list []string, n int) []string {
	if len(list) <= n {
		return list
	}
	return append(append([]string{}, list[:n]...), fmt.Sprintf("and %d more", len(list)-n))
}

// pluralIs writes a number of things with its verb.
func pluralIs(n int, thing string) string {
	if n == 1 {
		return plural(n, thing) + " is"
	}
	return plural(n, thing) + " are"
}

// pluralWord writes a number with what there is one or several of.
func pluralWord[N int | int64](n N, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(int64(n)) + " " + several
}

// number writes a number of customers.
func number(n int64) string { return render.GroupDigits(strconv.FormatInt(n, 10)) }

// sizeChange is the change of a size in percent.
func sizeChange(before, after int64) string {
	if before == 0 {
		return fmt.Sprintf("(from 0 to %s)", number(after))
	}
	share := big.NewRat((after-before)*100, before)
	text := share.FloatString(1)
	if share.Sign() > 0 {
		text = "+" + text
	}
	return "(" + render.GroupDigits(text) + "%)"
}

// boundText says which bound does not hold.
func boundText(b revision.Bound) string {
	text := fmt.Sprintf("%s has %s, expected %s", b.Unit, pluralWord(b.Size, "member", "members"), boundRange(b))
	if b.Already {
		text += " (broken before as well)"
	}
	return text
}

// boundRange writes the bounds as they stand in a file.
func boundRange(b revision.Bound) string {
	text := ".."
	if b.Low != nil {
		text = strconv.FormatInt(*b.Low, 10) + text
	}
	if b.High != nil {
		text += strconv.FormatInt(*b.High, 10)
	}
	return text
}

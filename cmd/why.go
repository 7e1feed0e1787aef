package cmd

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"strata/segments/check"
	"strata/segments/result"
)

type whyOptions struct {
	f        *factory
	customer string
	// name is a definition or rule; "" explains all segments and partitions
	// shortly.
	name string
	// horizon is how far ahead is looked at.
	horizon string
}

func newWhyCommand(f *factory) *cobra.Command {
	opts := whyOptions{f: f}
	c := &cobra.Command{
		Use:     "why CUSTOMER [NAME|RULE]",
		Aliases: []string{"explain"},
		Short:   "Prove why a customer is in a segment, or is not",
		Long: `Show every test of a rule for one customer: the value, what it is compared with,
whether it held or a value was missing, what is short, and the rows that count.
Without a name, say for every segment and partition whether the customer is in.

Above the proof stands since when it is so and what made it so: a row that came, a
row that a window left behind, or time that passed. Then until when it stays so if
nothing happens any more, which is exact and no guess; and for who is not in, what
would be enough: rows that were added to the customer's own, and evaluated, and
until when they would do.`,
		Example: `  strata why 4711 luxury_cart_abandoners
  strata why 4711 lifecycle
  strata why 4711 'count(order) last 90 days >= 3'
  strata why 4711 vip --horizon 90d
  strata why 4711`,
		GroupID: groupAsk,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 {
				return usage("why needs a customer's key and at most one definition or rule")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			opts.customer = args[0]
			if len(args) == 2 {
				opts.name = args[1]
			}
			return runWhy(c.Context(), opts)
		},
	}
	c.Flags().StringVar(&opts.horizon, "horizon", whyHorizon, "look ahead for `TIME`, such as 90d, to see what time alone does")
	declare(c, []string{formatText, formatJSON}, nil)
	return c
}

// whyHorizon is how far ahead is looked at where nobody says.
const whyHorizon = "1y"

func runWhy(ctx context.Context, opts whyOptions) error {
	s, err := opts.f.session(ctx)
	if err != nil {
		return err
	}
	to, err := s.parseHorizon(opts.horizon)
	if err != nil {
		return err
	}
	defer s.progress(ctx, "explaining")()
	if opts.name == "" {
		return s.whyAll(ctx, opts.customer, to)
	}
	d, ok := s.program.Lookup(opts.name)
	if !ok {
		if d, err = s.segment(ctx, opts.name); err != nil {
			return err
		}
	}
	switch d.(type) {
	case *check.Segment, *check.Partition:
	default:
		return usage("%s is a %s, which has no members to explain", opts.name, d.DefinitionKind()).
			advise("name a segment or a partition, or write a rule about it")
	}
	why, err := s.explain(ctx, opts.customer, d, to)
	if err != nil {
		return answerable(err)
	}
	why.AsOf = s.asOf
	if s.format == formatJSON {
		return s.writeWhy([]result.Why{why})
	}
	p := &proofPrinter{zone: s.program.Zone, knownAt: s.knownAt, color: s.colorOn(s.env.Terminal.Stdout)}
	if _, err := fmt.Fprint(s.env.Stdout, p.print(why)); err != nil {
		return environment("write the proof: %w", err)
	}
	return nil
}

// whyAll answers for every definition that has members, one line each.
func (s *session) whyAll(ctx context.Context, customer string, to time.Time) error {
	definitions, err := s.program.Select(nil)
	if err != nil {
		return err
	}
	all, skipped, err := s.evaluator.Memberships(ctx, customer, definitions, s.asOf)
	if err != nil {
		return answerable(err)
	}
	for _, left := range skipped {
		s.say("left out %s: %s", left.Name, left.Reason)
	}
	if err := s.spells(ctx, customer, all, to); err != nil {
		return answerable(err)
	}
	for i := range all {
		all[i].AsOf = s.asOf
	}
	if s.format == formatJSON {
		return s.writeWhy(all)
	}
	for _, why := range all {
		if _, err := fmt.Fprintln(s.env.Stdout, verdictLine(why)+spellText(why)); err != nil {
			return environment("write the answer: %w", err)
		}
	}
	s.say("%s", momentText(s.asOf, s.knownAt))
	return nil
}

func verdictLine(why result.Why) string {
	sign := map[bool]string{true: "✓", false: "✗"}
	switch {
	case !why.Known:
		return "- " + why.Name + ": " + why.Reason
	case why.Kind == (&check.Partition{}).DefinitionKind():
		return "= " + why.Name + ": " + why.Stage
	case why.Member && !why.Contactable:
		return "✓ " + why.Name + "  (not contactable)"
	}
	return sign[why.Member] + " " + why.Name
}

// writeWhy answers with proofs as JSON.
func (s *session) writeWhy(all []result.Why) error {
	encoder := json.NewEncoder(s.env.Stdout)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(map[string]any{
		"schema": "strata/v1/why", "data": all,
		"meta": map[string]any{
			"as_of": s.asOf, "as_known_at": s.knownAt, "run": nil, "rows": len(all), "total": len(all), "truncated": false,
		},
	})
	if err != nil {
		return environment("write the proof: %w", err)
	}
	return nil
}

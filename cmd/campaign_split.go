package cmd

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"strata/reports/render"
	"strata/segments/campaign"
	"strata/segments/check"
	"strata/segments/snapshot"
)

type campaignOptions struct {
	f *factory
	// out is the folder for the lists, "" for none; force replaces those that are
	// there.
	out   string
	force bool
	// asLoaded freezes although the data end before the freeze.
	asLoaded bool
	table    string
}

func campaignArmTables() []string { return []string{"arms", "strata"} }

func newCampaignSplitCommand(f *factory) *cobra.Command {
	opts := campaignOptions{f: f}
	c := &cobra.Command{
		Use:   "split NAME",
		Short: "Divide an audience on trial: sizes of the arms, nothing is kept",
		Long: `Divide the audience of a campaign on trial: how many customers each arm would have,
and each arm in each stratum. Nothing is written to the store.

The audience is as of the campaign's freeze, or as far as the data go where they
end before it, or as of --at. Only those whom every gate lets pass are divided. A customer's arm
is decided by the number that sample() gives the key with the split's salt: the
first 15 hexadecimal digits of SHA-256 of "salt:key" modulo 10,000. It does not
change when others enter the audience. With stratify: the customers of each stage
are ordered by that number and cut at the shares, so that every arm has its exact
share of every stage, to within one customer.

--out DIR writes a CSV file of keys for each arm, NAME.ARM.csv. A frozen campaign is
shown as it was frozen, and --out writes those lists.`,
		Example: `  strata campaign split winter_2027
  strata campaign split winter_2027 --table strata -o csv
  strata campaign split winter_2027 --out lists`,
		Args:              one("the name of a campaign"),
		ValidArgsFunction: f.completeNames("campaign"),
		RunE:              func(c *cobra.Command, args []string) error { return runCampaignSplit(c.Context(), opts, args[0]) },
	}
	declareLists(c, &opts)
	return c
}

// declareLists declares the flags of commands that show arms and write lists.
func declareLists(c *cobra.Command, opts *campaignOptions) {
	c.Flags().SortFlags = false
	c.Flags().StringVar(&opts.out, "out", "", "write a list of keys for each arm into `DIR`")
	c.Flags().BoolVar(&opts.force, "force", false, "replace lists that are there")
	declareTables(c, &opts.table, campaignArmTables()...)
	answers(c, fieldsOf(campaignArmColumns(), campaignStratumColumns())...)
}

func runCampaignSplit(ctx context.Context, opts campaignOptions, name string) error {
	if err := knownTable(opts.table, campaignArmTables()); err != nil {
		return err
	}
	s, c, err := opts.f.campaignSession(ctx, name)
	if err != nil {
		return err
	}
	if err := divided(c, "divide"); err != nil {
		return err
	}
	frozen, err := s.frozen(ctx, name)
	if err != nil {
		return err
	}
	if frozen != nil {
		return s.showFrozen(ctx, opts, c, *frozen)
	}
	at, err := s.trialMoment(ctx, c)
	if err != nil {
		return err
	}
	draw, err := s.draw(ctx, c, at)
	if err != nil {
		return err
	}
	if err := s.showDraw(opts, c, draw); err != nil {
		return err
	}
	s.say("%s of %s can be contacted as of %s; this is a trial, nothing is frozen",
		number(int64(len(draw.Customers))), pluralWord(draw.Members, "member", "members"), s.shown(at))
	switch {
	case s.flags.at != "":
		s.say("the freeze is as of %s, when the audience is another", s.shown(c.Freeze))
	case at.Before(c.Freeze):
		s.say("the data end before the freeze at %s: the audience will be another then", s.shown(c.Freeze))
	}
	return s.writeLists(opts, c, campaign.Split(c).Arms, draw.Keys)
}

// draw divides the audience at a moment and refuses an empty one.
func (s *session) draw(ctx context.Context, c *check.Campaign, at time.Time) (*campaign.Draw, error) {
	done := s.progress(ctx, "dividing")
	draw, err := campaign.Make(ctx, s.db, s.evaluator, c, at)
	done()
	switch {
	case err != nil:
		return nil, answerable(err)
	case draw.Members == 0:
		return nil, refused("the audience of %s is empty as of %s", c.Name, s.shown(at)).
			advise("'strata funnel %s --at %s' shows which condition nobody meets", c.Audience.DefinitionName(), at.In(s.program.Zone).Format("2006-01-02T15:04:05"))
	case len(draw.Customers) == 0:
		return nil, refused("none of the %s of %s can be contacted as of %s", pluralWord(draw.Members, "member", "members"), c.AudienceName(), s.shown(at)).
			advise("the gates let nobody pass: %s", gateList(c))
	}
	return draw, nil
}

func campaignArmColumns() []render.Column {
	return []render.Column{
		{Name: "arm"},
		{Name: "planned", Kind: render.Share},
		{Name: "customers", Kind: render.Count},
		{Name: "share", Kind: render.Share},
		{Name: "holdout", Kind: render.Flag},
	}
}

func campaignStratumColumns() []render.Column {
	return []render.Column{
		{Name: "stratum"},
		{Name: "arm"},
		{Name: "customers", Kind: render.Count},
		{Name: "share", Kind: render.Share},
		{Name: "of", Kind: render.Count},
	}
}

// showDraw answers with the arms, and the strata where there are some.
func (s *session) showDraw(opts campaignOptions, c *check.Campaign, draw *campaign.Draw) error {
	sizes, byStratum := draw.Sizes()
	arms := render.Table{Name: "arms", Columns: campaignArmColumns(), Meta: s.momentMeta(draw.AsOf)}
	for i, arm := range draw.Arms {
		arms.Rows = append(arms.Rows, armRow(arm.Name, arm.Share, sizes[i], int64(len(draw.Customers)), arm.Name == c.Holdout()))
	}
	strata := render.Table{Name: "strata", Columns: campaignStratumColumns()}
	for i, stage := range draw.Stages {
		whole := int64(0)
		for _, n := range byStratum[i] {
			whole += n
		}
		for j, n := range byStratum[i] {
			strata.Rows = append(strata.Rows, []any{stage, draw.Arms[j].Name, n, share(n, whole), whole})
		}
	}
	return s.writeTables("split", opts.table, arms, strata)
}

func armRow(name string, planned float64, n, of int64, holdout bool) []any {
	return []any{name, planned, n, share(n, of), holdout}
}

// momentMeta is about a moment of the campaign's rather than of the session.
func (s *session) momentMeta(at time.Time) render.Meta {
	local := at.In(s.program.Zone)
	return render.Meta{AsOf: &local, KnownAt: s.knownAt}
}

// showFrozen answers with what was frozen.
func (s *session) showFrozen(ctx context.Context, opts campaignOptions, c *check.Campaign, f snapshot.Freeze) error {
	if err := s.writeFrozen(opts, f); err != nil {
		return err
	}
	s.say("frozen at %s as of %s with %s", s.shown(f.FrozenAt), s.shown(f.AsOf), pluralWord(f.Customers(), "customer", "customers"))
	s.sayChanged(c, f)
	return s.writeLists(opts, c, frozenArms(f), s.frozenKeys(ctx, f.Campaign))
}

// frozenKeys reads the customers of a freeze one by one.
func (s *session) frozenKeys(ctx context.Context, name string) func(func(key, arm string) error) error {
	return func(each func(key, arm string) error) error {
		return snapshot.FrozenKeys(ctx, s.db, name, each)
	}
}

func frozenArms(f snapshot.Freeze) []check.CampaignArm {
	var arms []check.CampaignArm
	for _, arm := range f.Arms {
		arms = append(arms, check.CampaignArm{Name: arm.Name, Share: float64(arm.To-arm.From) / campaign.Numbers, From: arm.From, To: arm.To})
	}
	return arms
}

// writeFrozen answers with the arms of a freeze.
func (s *session) writeFrozen(opts campaignOptions, f snapshot.Freeze) error {
	arms := render.Table{Name: "arms", Columns: campaignArmColumns(), Meta: s.momentMeta(f.AsOf)}
	for _, arm := range f.Arms {
		planned := float64(arm.To-arm.From) / campaign.Numbers
		arms.Rows = append(arms.Rows, armRow(arm.Name, planned, arm.Customers, f.Customers(), arm.Holdout))
	}
	if opts.table == "strata" {
		return fmt.Errorf("show strata: %w", usage("what is frozen has no table of strata").advise("'strata count NAME --by PARTITION' counts the audience"))
	}
	return s.writeTables("split", opts.table, arms)
}

package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"strata/segments/campaign"
	"strata/segments/check"
	"strata/segments/snapshot"
)

func newCampaignFreezeCommand(f *factory) *cobra.Command {
	opts := campaignOptions{f: f}
	c := &cobra.Command{
		Use:   "freeze NAME",
		Short: "Write a campaign's audience and arms into the store, once",
		Long: `Write the audience of a campaign as of its freeze, divided into its arms, into the
store, with the campaign's meaning, its hash, and how far the data went. This
happens once: the store's primary key refuses a second freeze of a name, so that
nobody can draw again until the arms are pleasant. What has to be drawn anew is
another campaign, under another name.

The freeze cannot lie in the future, nor behind the end of the data; --as-loaded
freezes with the data as they are where they end earlier, as quiet nights do.
Freezing after the data show what came of it is possible and is noted: the report
then says that the plan was not made before.

--out DIR writes a CSV file of keys for each arm, NAME.ARM.csv, for the system that
sends.`,
		Example: `  strata campaign freeze winter_2027
  strata campaign freeze winter_2027 --out lists`,
		Args:              one("the name of a campaign"),
		ValidArgsFunction: f.completeNames("campaign"),
		RunE:              func(c *cobra.Command, args []string) error { return runCampaignFreeze(c.Context(), opts, args[0]) },
	}
	declareLists(c, &opts)
	c.Flags().BoolVar(&opts.asLoaded, "as-loaded", false, "freeze although the newest row is older than the freeze")
	return c
}

func runCampaignFreeze(ctx context.Context, opts campaignOptions, name string) error {
	if err := knownTable(opts.table, campaignArmTables()); err != nil {
		return err
	}
	if opts.f.flags.at != "" {
		return usage("a campaign is frozen as of its own freeze, not of --at").advise("'strata campaign split %s --at %s' divides on trial as of then", name, opts.f.flags.at)
	}
	s, c, err := opts.f.campaignSession(ctx, name)
	if err != nil {
		return err
	}
	if err := divided(c, "freeze"); err != nil {
		return err
	}
	arms := campaign.Split(c).Arms
	if err := opts.freeLists(c, arms); err != nil {
		return err
	}
	draw, frozen, err := s.freezeNow(ctx, opts, c)
	if err != nil {
		return err
	}
	if err := s.showDraw(opts, c, draw); err != nil {
		return err
	}
	for _, line := range s.frozenText(c, frozen) {
		s.say("%s", line)
	}
	return s.writeLists(opts, c, arms, draw.Keys)
}

// freezeNow divides the audience as of the freeze and writes it into the store.
func (s *session) freezeNow(ctx context.Context, opts campaignOptions, c *check.Campaign) (*campaign.Draw, snapshot.Freeze, error) {
	// The database refuses a second freeze in any case; this saves the work.
	switch before, err := s.frozen(ctx, c.Name); {
	case err != nil:
		return nil, snapshot.Freeze{}, err
	case before != nil:
		return nil, *before, s.frozenBefore(c, &snapshot.FrozenError{Freeze: *before})
	}
	reach, err := s.freezable(ctx, opts, c)
	if err != nil {
		return nil, snapshot.Freeze{}, err
	}
	draw, err := s.draw(ctx, c, c.Freeze)
	if err != nil {
		return nil, snapshot.Freeze{}, err
	}
	frozen, err := s.freeze(ctx, c, draw, reach)
	if err != nil {
		return nil, frozen, s.frozenBefore(c, err)
	}
	return draw, frozen, nil
}

// frozenText says what was frozen, and what is doubtful about it.
func (s *session) frozenText(c *check.Campaign, f snapshot.Freeze) []string {
	lines := []string{fmt.Sprintf("frozen: %s of %s as of %s, with what the campaign means (%s)", pluralWord(f.Customers(), "customer", "customers"),
		c.AudienceName(), s.shown(f.AsOf), f.Definition[:12])}
	if f.Reach != nil && f.Reach.After(c.Send) {
		lines = append(lines, fmt.Sprintf("warning: the data go up to %s, after sending at %s: what came of it could be seen when this was frozen, and the report will say so",
			s.shown(*f.Reach), s.shown(c.Send)))
	}
	return lines
}

// freezable refuses a freeze that the clock or the data have not come to yet, and
// returns how far the data go.
func (s *session) freezable(ctx context.Context, opts campaignOptions, c *check.Campaign) (*time.Time, error) {
	reach, err := s.reach(ctx)
	if err != nil {
		return nil, err
	}
	far := "there are no data yet"
	if reach != nil {
		far = "the data go up to " + s.shown(*reach)
	}
	switch {
	case c.Freeze.After(s.env.Now()):
		return nil, refused("%s freezes at %s, which is in the future; %s", c.Name, s.shown(c.Freeze), far).
			advise("'strata campaign split %s' divides on trial as far as the data go", c.Name)
	case (reach == nil || reach.Before(c.Freeze)) && !opts.asLoaded:
		return nil, refused("%s freezes at %s, and %s", c.Name, s.shown(c.Freeze), far).
			advise("load the data up to the freeze; if nothing happened since, --as-loaded freezes with the data as they are")
	}
	return reach, nil
}

// freeze writes what was drawn into the store.
func (s *session) freeze(ctx context.Context, c *check.Campaign, draw *campaign.Draw, reach *time.Time) (frozen snapshot.Freeze, err error) {
	marks, err := s.evaluator.Marks(ctx, c.Freeze)
	if err != nil {
		return frozen, answerable(err)
	}
	meaning := campaign.MeaningOf(s.program, c)
	f := snapshot.Freeze{
		Campaign: c.Name, AsOf: c.Freeze, FrozenAt: s.env.Now(), KnownAt: s.knownAt, Definition: meaning.Hash, Canonical: meaning.Canonical,
		Reach: reach, Members: &draw.Members, ProgramVersion: s.env.Version, Sources: marks,
	}
	for _, arm := range draw.Arms {
		f.Arms = append(f.Arms, snapshot.FrozenArm{Name: arm.Name, From: arm.From, To: arm.To, Holdout: arm.Name == c.Holdout()})
	}
	relation, err := draw.Table(ctx, s.db)
	if err != nil {
		return frozen, err
	}
	defer func() { err = errors.Join(err, campaign.Drop(context.WithoutCancel(ctx), s.db, relation)) }()
	return snapshot.FreezeCampaign(ctx, s.db, f, snapshot.FrozenRows{
		Relation: relation, KeyType: s.program.Customers.Key.Physical, Zone: s.program.ZoneName,
	})
}

// frozenBefore says what was frozen where a second freeze was refused.
func (s *session) frozenBefore(c *check.Campaign, err error) error {
	before, ok := errors.AsType[*snapshot.FrozenError](err)
	if !ok {
		return err
	}
	f := before.Freeze
	since := "it means the same now"
	if changed := s.changedSince(c, f); len(changed) > 0 {
		since = strings.Join(changed, ", ") + " changed since"
	}
	return refused("%s was frozen at %s as of %s with %s (%s), and a campaign is frozen once", c.Name, s.shown(f.FrozenAt),
		s.shown(f.AsOf), pluralWord(f.Customers(), "customer", "customers"), since).
		advise("'strata campaign split %s --out DIR' writes the frozen lists; to draw anew, define a campaign under another name", c.Name)
}

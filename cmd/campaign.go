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
	"strata/segments/evaluate"
	"strata/segments/snapshot"
)

const campaignAbout = `List campaigns, divide and freeze their audiences, say what they can detect, and
report what became of them.

A campaign stands under campaigns: in a definition file: for whom, when, in which
arms, and the one metric that decides. What it means is written down before it is
sent:

  strata campaign power NAME    is the audience large enough to see anything
  strata campaign split NAME    a trial: how large would the arms be
  strata campaign freeze NAME   write the audience and its arms down, once
  strata campaign report NAME   what became of it

Without a command campaigns are listed with their states: planned (the data end
before the freeze), due (they reach it, and nothing is frozen), frozen, sent (its
window is open), done. Arms that are in the data need no freeze. States are as of
--at, by default that of the project.`

func newCampaignCommand(f *factory) *cobra.Command {
	c := &cobra.Command{
		Use:   "campaign",
		Short: "Split, freeze, measure and report campaigns",
		Long:  campaignAbout,
		Example: `  strata campaign
  strata campaign power winter_2027 --lift 10%
  strata campaign split winter_2027
  strata campaign freeze winter_2027 --out lists`,
		GroupID: groupCompare,
		Args:    onlyCommands,
		RunE:    func(c *cobra.Command, _ []string) error { return runCampaignList(c.Context(), f) },
	}
	answers(c, campaignColumns()...)
	list := &cobra.Command{
		Use: "list", Short: "List campaigns with their states", Args: none,
		RunE: func(c *cobra.Command, _ []string) error { return runCampaignList(c.Context(), f) },
	}
	answers(list, campaignColumns()...)
	c.AddCommand(list, newCampaignPowerCommand(f), newCampaignSplitCommand(f), newCampaignFreezeCommand(f), newCampaignReportCommand(f))
	return c
}

// campaignSession opens the data for one campaign.
func (f *factory) campaignSession(ctx context.Context, name string) (*session, *check.Campaign, error) {
	program, err := f.Program()
	if err != nil {
		return nil, nil, err
	}
	c, ok := program.Campaign(name)
	if !ok {
		return nil, nil, campaignMissing(program, name)
	}
	s, err := f.session(ctx)
	return s, c, err
}

// divided refuses campaigns that have no audience to divide here.
func divided(c *check.Campaign, doing string) error {
	switch {
	case c.Assignment != nil:
		return refused("the arms of %s are in the data, so there is nothing to %s", c.Name, doing).
			advise("'strata campaign report %s' reads them; a campaign that is divided here has split: instead of assignment:", c.Name)
	case c.Audience == nil:
		return refused("%s names no audience, so there is nobody to %s", c.Name, doing).
			advise("add audience: with a segment, or a stage as partition.stage")
	}
	return nil
}

// reach is how far the data go: the first whole second after the newest row. It is
// nil where there is no row.
func (s *session) reach(ctx context.Context) (*time.Time, error) {
	at, err := s.evaluator.Latest(ctx, s.env.Now())
	if errors.Is(err, evaluate.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look how far the data go: %w", err)
	}
	return &at, nil
}

// frozen is the freeze of a campaign; nil where there is none.
func (s *session) frozen(ctx context.Context, name string) (*snapshot.Freeze, error) {
	f, err := snapshot.Frozen(ctx, s.db, name)
	if errors.Is(err, snapshot.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &f, nil
}

// changedSince are the parts of a campaign that are not what was frozen.
func (s *session) changedSince(c *check.Campaign, f snapshot.Freeze) []string {
	now := campaign.MeaningOf(s.program, c)
	if now.Hash == f.Definition {
		return nil
	}
	return campaign.Changed(f.Canonical, now.Canonical)
}

// sayChanged warns where a campaign is not any more what was frozen.
func (s *session) sayChanged(c *check.Campaign, f snapshot.Freeze) {
	if changed := s.changedSince(c, f); len(changed) > 0 {
		s.say("warning: %s is not what was frozen at %s: %s changed since; what is frozen stays as it is",
			c.Name, s.shown(f.FrozenAt), strings.Join(changed, ", "))
	}
}

// trialMoment is the moment of a trial: --at, or else the freeze, or how far the
// data go where they end before it.
func (s *session) trialMoment(ctx context.Context, c *check.Campaign) (time.Time, error) {
	if s.flags.at != "" {
		return s.asOf, nil
	}
	reach, err := s.reach(ctx)
	if err != nil {
		return time.Time{}, err
	}
	if reach == nil || !reach.Before(c.Freeze) {
		return c.Freeze, nil
	}
	return *reach, nil
}

// campaignMissing says that there is no such campaign, and which one is near.
func campaignMissing(p *check.Program, name string) error {
	var known []string
	for _, c := range p.Campaigns {
		known = append(known, c.Name)
	}
	e := suggest(notFound("there is no campaign %q", name), name, known)
	if e.hint == "" {
		e = e.advise("'strata campaign' lists them; campaigns: in a file of definitions makes one")
	}
	return e
}

package cmd

import (
	"context"
	"time"

	"strata/reports/render"
	"strata/segments/check"
	"strata/segments/snapshot"
)

func campaignColumns() []render.Column {
	return []render.Column{
		{Name: "name"},
		{Name: "state"},
		{Name: "audience"},
		{Name: "arms", Kind: render.Count},
		{Name: "customers", Kind: render.Count},
		{Name: "freeze", Kind: render.Moment},
		{Name: "send", Kind: render.Moment},
		{Name: "until", Kind: render.Moment},
		{Name: "primary"},
		{Name: "title", DataOnly: true},
		{Name: "holdout", DataOnly: true},
		{Name: "frozen_at", Kind: render.Moment, DataOnly: true},
		{Name: "changed", Kind: render.Flag, DataOnly: true},
		{Name: "owner", DataOnly: true},
		{Name: "file", DataOnly: true},
	}
}

// The states of a campaign.
const (
	campaignPlanned = "planned"
	campaignDue     = "due"
	campaignFrozen  = "frozen"
	campaignSent    = "sent"
	campaignDone    = "done"
)

// campaignState is how far a campaign has come at a moment.
func campaignState(c *check.Campaign, frozen bool, at time.Time) string {
	switch {
	case !at.Before(c.End):
		return campaignDone
	case at.After(c.Send):
		return campaignSent
	case frozen:
		return campaignFrozen
	case !at.Before(c.Freeze) && c.Split != nil:
		return campaignDue
	}
	return campaignPlanned
}

func runCampaignList(ctx context.Context, f *factory) error {
	s, err := f.session(ctx)
	if err != nil {
		return err
	}
	all, frozen, err := s.freezes(ctx)
	if err != nil {
		return err
	}
	t := render.Table{Name: "campaigns", Columns: campaignColumns(), Meta: s.meta()}
	var changed []*check.Campaign
	for _, c := range s.program.Campaigns {
		one, ok := frozen[c.Name]
		delete(frozen, c.Name)
		t.Rows = append(t.Rows, s.campaignRow(c, one, ok))
		if ok && len(s.changedSince(c, one)) > 0 {
			changed = append(changed, c)
		}
	}
	if err := s.write(t); err != nil {
		return err
	}
	if len(s.program.Campaigns) == 0 {
		s.say("there is no campaign: 'campaigns:' in a definition file defines them")
	}
	for _, c := range changed {
		one := all[0]
		for _, other := range all {
			if other.Campaign == c.Name {
				one = other
			}
		}
		s.sayChanged(c, one)
	}
	for _, one := range all {
		if _, left := frozen[one.Campaign]; left {
			s.say("%s is frozen as of %s and is in no file any more", inert(one.Campaign), s.shown(one.AsOf))
		}
	}
	return nil
}

// freezes are those of the store, in order and by campaign.
func (s *session) freezes(ctx context.Context) ([]snapshot.Freeze, map[string]snapshot.Freeze, error) {
	all, err := snapshot.Freezes(ctx, s.db)
	frozen := map[string]snapshot.Freeze{}
	for _, one := range all {
		frozen[one.Campaign] = one
	}
	return all, frozen, err
}

func (s *session) campaignRow(c *check.Campaign, f snapshot.Freeze, frozen bool) []any {
	zone := s.program.Zone
	var arms, customers, frozenAt, changed any
	if n := len(c.Arms()); n > 0 {
		arms = int64(n)
	}
	if frozen {
		customers, frozenAt, changed = f.Customers(), f.FrozenAt.In(zone), len(s.changedSince(c, f)) > 0
	}
	file := ""
	if place := c.Info.Name.At.File; place != nil {
		file = place.Name
	}
	return []any{
		c.Name, campaignState(c, frozen, s.asOf), orUnknown(c.AudienceName()), arms, customers, c.Freeze.In(zone), c.Send.In(zone),
		c.End.In(zone), c.Primary.Name, orUnknown(c.Title), orUnknown(c.Holdout()), frozenAt, changed, orUnknown(c.Info.Owner), file,
	}
}

package cmd

import (
	"context"
	"strings"
	"time"

	"strata/reports"
	reporting "strata/reports/run"
	"strata/segments/check"
	"strata/segments/snapshot"
	"strata/tui/ask"
)

// Campaigns lists campaigns with their states, as "strata campaign" does.
func (d *desk) Campaigns(ctx context.Context, at time.Time) ([]ask.CampaignLine, error) {
	return answer(ctx, d, at, func(ctx context.Context, s *session) ([]ask.CampaignLine, error) {
		_, frozen, err := s.freezes(ctx)
		if err != nil {
			return nil, err
		}
		lines := make([]ask.CampaignLine, 0, len(s.program.Campaigns))
		for _, c := range s.program.Campaigns {
			freeze, ok := frozen[c.Name]
			lines = append(lines, s.campaignLine(c, freeze, ok))
		}
		return lines, nil
	})
}

// campaignLine is a campaign of the list. A post-mortem is possible where nothing
// is missing that is known before anything is measured.
func (s *session) campaignLine(c *check.Campaign, f snapshot.Freeze, frozen bool) ask.CampaignLine {
	line := ask.CampaignLine{
		Name: c.Name, Title: c.Title, Owner: c.Info.Owner, Audience: c.AudienceName(), Primary: c.Primary.Name,
		Stage: campaignState(c, frozen, s.asOf), Sent: c.Send.In(s.program.Zone), Measurable: true,
	}
	q := reporting.CampaignQuestion{Campaign: c, Reach: s.asOf.UTC()}
	if frozen {
		q.Frozen = &f
	}
	if err := q.Missing(s.program.Zone); err != nil {
		line.Measurable, line.Why = false, err.Error()
	}
	return line
}

// campaign finds a campaign by its name.
func (s *session) campaign(name string) (*check.Campaign, error) {
	c, ok := s.program.Campaign(name)
	if !ok {
		return nil, campaignMissing(s.program, name)
	}
	return c, nil
}

// Campaign is the post-mortem, as "strata campaign report" has it.
func (d *desk) Campaign(ctx context.Context, name string, at time.Time) (reports.CampaignReport, error) {
	return answer(ctx, d, at, func(ctx context.Context, s *session) (report reports.CampaignReport, err error) {
		c, err := s.campaign(name)
		if err != nil {
			return report, err
		}
		found, err := s.campaignResult(ctx, &reporting.CampaignQuestion{Campaign: c, Reach: s.asOf.UTC()})
		if err != nil {
			return report, err
		}
		return found.Report, nil
	})
}

// Power is what the arms of a campaign could show, as "strata campaign power" has
// it: drawn as of the freeze, or as of the question where that is earlier.
func (d *desk) Power(ctx context.Context, name string, at time.Time) (reports.PowerReport, error) {
	return answer(ctx, d, at, func(ctx context.Context, s *session) (report reports.PowerReport, err error) {
		c, err := s.campaign(name)
		if err != nil {
			return report, err
		}
		lifts, err := parseLifts(usualLifts())
		if err != nil {
			return report, err
		}
		drawn, err := s.trialMoment(ctx, c)
		if err != nil {
			return report, err
		}
		if s.asOf.Before(drawn) {
			drawn = s.asOf
		}
		found, err := s.power(ctx, c, drawn, lifts)
		if err != nil {
			return report, err
		}
		return found.Report, nil
	})
}

// Freeze writes the arms of a campaign down, as "strata campaign freeze" does: as
// of its own freeze, whatever as-of the screens show.
func (d *desk) Freeze(ctx context.Context, name string, at time.Time) (string, error) {
	return writing(ctx, d, at, func(ctx context.Context, s *session) (string, error) {
		c, err := s.campaign(name)
		if err != nil {
			return "", err
		}
		if err := divided(c, "freeze"); err != nil {
			return "", err
		}
		_, frozen, err := s.freezeNow(ctx, campaignOptions{f: s.factory}, c)
		if err != nil {
			return "", err
		}
		return strings.Join(s.frozenText(c, frozen), "\n"), nil
	})
}

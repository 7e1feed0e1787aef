package cmd

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	reporting "strata/reports/run"
)

func campaignsAsPrinted(t *testing.T, env Env, d *desk, at time.Time) {
	t.Helper()
	lines, err := d.Campaigns(t.Context(), at)
	require.NoError(t, err)
	type row struct{ Name, State, Title, Owner, Audience, Primary, Send string }
	var got []row
	for _, l := range lines {
		got = append(got, row{l.Name, l.Stage, l.Title, l.Owner, l.Audience, l.Primary, l.Sent.Format(time.RFC3339)})
	}
	var want []row
	for _, one := range rowsOf(t, commandOutput(t, env, "campaign", "-o", "json")) {
		want = append(want, row{
			text(one["name"]), text(one["state"]), text(one["title"]), text(one["owner"]), text(one["audience"]), text(one["primary"]), text(one["send"]),
		})
	}
	require.Equal(t, want, got)

	// What can be reported is what a report is made of.
	for _, l := range lines {
		_, err := d.Campaign(t.Context(), l.Name, at)
		require.Equal(t, l.Measurable, err == nil, l.Name)
		if !l.Measurable {
			require.EqualError(t, err, l.Why)
			require.NotEmpty(t, hintOfError(err))
		}
	}
}

func campaignAsPrinted(t *testing.T, env Env, d *desk, at time.Time) {
	t.Helper()
	for _, name := range []string{"autumn_2026", "newsletter_w41"} {
		report, err := d.Campaign(t.Context(), name, at)
		require.NoError(t, err)
		got := shown(t, d, at, func(s *session) error {
			return s.showCampaignReport(campaignReportOptions{}, &reporting.CampaignAnswer{Report: report})
		})
		require.Equal(t, dataOf(t, commandOutput(t, env, "campaign", "report", name, "-o", "json")), got)
	}
	_, err := d.Campaign(t.Context(), "autum_2026", at)
	require.Contains(t, hintOfError(err), "autumn_2026")
}

func powerAsPrinted(t *testing.T, env Env, d *desk, at time.Time) {
	t.Helper()
	print := func(at time.Time) any {
		report, err := d.Power(t.Context(), "advent_2026", at)
		require.NoError(t, err)
		return shown(t, d, at, func(s *session) error {
			c, err := s.campaign("advent_2026")
			require.NoError(t, err)
			return s.showPower(campaignPowerOptions{}, c, &reporting.PowerAnswer{Report: report})
		})
	}
	require.Equal(t, dataOf(t, commandOutput(t, env, "campaign", "power", "advent_2026", "-o", "json")), print(at))
	before := at.AddDate(0, 0, -20)
	require.Equal(t, dataOf(t, commandOutput(t, env, "campaign", "power", "advent_2026", "-o", "json", "--at", before.Format(time.RFC3339))), print(before))
	_, err := d.Power(t.Context(), "autumn_2026", at)
	require.ErrorContains(t, err, "in the data")
}

func freezeAsPrinted(t *testing.T, env Env, d *desk, at time.Time) {
	t.Helper()
	lines, err := d.Campaigns(t.Context(), at)
	require.NoError(t, err)
	require.Equal(t, campaignDue, lines[2].Stage)
	said, err := d.Freeze(t.Context(), "advent_2026", at)
	require.NoError(t, err)
	require.Regexp(t, `^frozen: [0-9,]+ customers of recency.lapsed as of 2026-10-31 18:00:00 CET, with what the campaign means \([0-9a-f]{12}\)$`, said)
	lines, err = d.Campaigns(t.Context(), at)
	require.NoError(t, err)
	require.Equal(t, campaignFrozen, lines[2].Stage)
	require.Contains(t, lines[2].Why, "is sent at 2026-11-03")
	require.Equal(t, campaignFrozen, rowsOf(t, commandOutput(t, env, "campaign", "-o", "json"))[2]["state"])
	_, err = d.Freeze(t.Context(), "advent_2026", at)
	require.ErrorContains(t, err, "a campaign is frozen once")
	require.Contains(t, hintOfError(err), "another name")
}

// rowsOf are the rows of an answer in JSON.
func rowsOf(t *testing.T, answer string) []map[string]any {
	t.Helper()
	whole, ok := dataOf(t, answer).(map[string]any)
	require.True(t, ok)
	list, ok := whole["data"].([]any)
	require.True(t, ok)
	var rows []map[string]any
	for _, one := range list {
		row, ok := one.(map[string]any)
		require.True(t, ok)
		rows = append(rows, row)
	}
	return rows
}

// text is a value of JSON as a text, "" for null.
func text(v any) string {
	s, _ := v.(string)
	return s
}

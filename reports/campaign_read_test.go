package reports_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/reports"
)

// campaignTold is a sound campaign with a secondary metric that is clearly better,
// one that is clearly higher where lower is better, one that says nothing and one
// of too few.
func campaignTold() reports.CampaignCounts {
	c := campaignSound()
	for _, x := range []struct {
		name, better  string
		control, with int64
	}{{"orders", "higher", 1000, 1400}, {"returns", "lower", 1000, 1400}, {"colour", "", 1000, 1400}, {"visits", "higher", 2000, 2010}, {"calls", "higher", 2, 2}} {
		m := campaignConversion
		m.Name, m.Role, m.Better = x.name, reports.CampaignConversion, x.better
		c.Metrics = append(c.Metrics, m)
		c.Outcomes = append(c.Outcomes, []reports.CampaignOutcome{campaignShare(x.control, 10000), campaignShare(x.with, 10000)})
	}
	return c
}

func campaignReads(k reports.CampaignComparison) (read, brought []string) {
	for _, e := range k.Effects {
		read = append(read, k.Read(e))
	}
	for _, e := range k.Brought() {
		brought = append(brought, e.Metric)
	}
	return read, brought
}

func TestCampaignRead(t *testing.T) {
	t.Parallel()
	c := campaignTold()
	k := reports.Campaign(c).Comparisons[0]
	read, brought := campaignReads(k)
	require.Equal(t, []string{reports.CampaignClearWin, "better", "worse", "different", "not clear", "too few to say"}, read)
	require.Equal(t, []string{"conversion", "orders", "returns", "colour", "visits"}, brought)
	require.InDelta(t, 400.0, k.Added(k.Effects[1]).Estimate, 1e-9)

	c.Arms[0].Weight, c.Arms[1].Weight = 1, 1.1
	k = reports.Campaign(c).Comparisons[0]
	read, brought = campaignReads(k)
	require.False(t, k.Causal, "the split failed its check")
	require.Equal(t, []string{reports.CampaignCannotTell, "no effect claimed", "no effect claimed", "no effect claimed", "no effect claimed", "too few to say"}, read)
	require.Empty(t, brought)
	require.Nil(t, k.Added(k.Effects[1]))
	require.NotNil(t, k.Effects[1].Difference, "the difference is shown for the sake of finding out why")
}

// Whatever the counts: where a comparison is not causal nothing is called better
// or worse, and nothing incremental.
func TestCampaignClaimsOnlyWhatIsCausal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for _, k := range reports.Campaign(campaignRandom(t)).Comparisons {
			read, brought := campaignReads(k)
			for i, e := range k.Effects {
				if !k.Causal {
					require.NotContains(t, []string{"better", "worse", "different", "not clear"}, read[i])
					require.Nil(t, k.Added(e))
				}
			}
			if !k.Causal || k.Kind == reports.CampaignArmArm {
				require.Empty(t, brought)
			}
		}
	})
}

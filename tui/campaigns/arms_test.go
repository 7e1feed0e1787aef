package campaigns_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/reports"
	"strata/tui/campaigns"
	"strata/tui/page"
	"strata/tui/pagetest"
)

// share are x of n customers.
func share(x, n int64) reports.CampaignOutcome {
	fx, fn := float64(x), float64(n)
	return reports.CampaignOutcome{KPISums: reports.KPISums{N: n, Y: fx, X: fn, YY: fx, XX: fn, XY: fx, NonZero: x, CutY: fx, CutYY: fx}}
}

// sums are those of x customers who did something, of n.
func sums(x, n int64) reports.KPISums { return share(x, n).KPISums }

// threeArms is a campaign with a letter, a voucher and a holdout whose window is
// open or over.
func threeArms(reach time.Time) reports.CampaignReport {
	send := time.Date(2026, 10, 20, 10, 0, 0, 0, time.UTC)
	metric := reports.CampaignMetric{KPIMetric: reports.KPIMetric{Name: "conversion", Form: reports.KPIShare, Unit: "percent", Better: "higher"}, Role: reports.CampaignConversion}
	c := reports.CampaignCounts{
		Name: "three", Title: "Letter or voucher", Audience: "recency.lapsed", Freeze: send, Send: send, Window: "14 days", WindowEnd: send.AddDate(0, 0, 14), Reach: reach,
		Plan: reports.CampaignPlanned, Randomised: true, Assignment: "drawn here, frozen", Metrics: []reports.CampaignMetric{metric},
		Outcomes: [][]reports.CampaignOutcome{{share(300, 4000), share(410, 8000), share(960, 8000)}},
		Groups: []reports.CampaignGroup{{By: "value", Title: "Value", Strata: []reports.CampaignStratum{
			{Name: "高価値", Sums: []reports.KPISums{sums(200, 2000), sums(210, 4000), sums(300, 4000)}},
			{Name: "قيمة منخفضة", Sums: []reports.KPISums{sums(100, 2000), sums(200, 4000), sums(660, 4000)}},
		}}},
	}
	for i, name := range []string{"holdout", "letter", "voucher"} {
		n := c.Outcomes[0][i].N
		c.Arms = append(c.Arms, reports.CampaignArm{Name: name, Weight: float64(n), Holdout: i == 0, Assigned: n})
	}
	for day := 1; day <= 7; day++ {
		n := int64(day)
		c.Days = append(c.Days, reports.CampaignDayCounts{Day: day, Until: send.AddDate(0, 0, day), Sums: []reports.KPISums{sums(40*n, 4000), sums(55*n, 8000), sums(130*n, 8000)}})
	}
	return reports.Campaign(c)
}

func armsBench(t testing.TB, reach time.Time) *pagetest.Bench {
	t.Helper()
	f := backend(t)
	f.reports["three"] = threeArms(reach)
	var p page.Page = campaigns.NewReport("three", links())
	return pagetest.New(t, p, f).Settle()
}

func TestManyArms(t *testing.T) {
	b := armsBench(t, pagetest.AsOf().AddDate(0, 1, 0))
	b.Goldens("arms")
	pagetest.Golden(t, "arms_days", b.Key("d").Frame(100, 40))
	pagetest.Golden(t, "arms_segments", b.Key("s").Frame(100, 40))
	all := parts(b)
	for _, want := range []string{"letter against holdout", "voucher against holdout", "clear win", "harm", "高価値"} {
		require.Contains(t, all, want)
	}
}

// While the window is open all is interim, and says so.
func TestInterim(t *testing.T) {
	b := armsBench(t, pagetest.AsOf().AddDate(0, 0, -3))
	pagetest.Golden(t, "interim", b.Frame(120, 40))
	require.Contains(t, everything(b), "still open")
	require.Contains(t, everything(b.Key("d")), "hold at every look")
	require.Contains(t, everything(b.Key("s")), "single look only")
}

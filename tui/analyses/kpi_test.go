package analyses

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/reports"
	"strata/tui/draw"
	"strata/tui/page"
)

func TestKPIChoosesMetrics(t *testing.T) {
	p := NewKPI(links())
	f := &fake{}
	b := on(t, p, f)
	require.Equal(t, []string{"kpi", "--metric", "conversion"}, p.CLI(&b.Context))
	b.Key("m")
	require.Equal(t, []string{"kpi", "--metric", "repeat_rate"}, p.CLI(&b.Context))
	require.Contains(t, b.Frame(120, 32), "circular")
	b.Key("b", "b", "left")
	require.Equal(t, []string{"kpi", "--metric", "aov"}, p.CLI(&b.Context))
	require.Len(t, f.kpis, 1, "all metrics come in one answer")
	a, _ := kpiAnswer(&b.Context)
	shown, at := p.sets(&b.Context, a), metricOf(&b.Context, a)
	for i := 1; i < len(shown); i++ {
		x, y := a.Cells[shown[i-1]][at].Value, a.Cells[shown[i]][at].Value
		if y != nil {
			require.NotNil(t, x)
			require.GreaterOrEqual(t, *x, *y)
		}
	}
	b.Key("enter")
	one, ok := b.Last().(page.Open).Page.(*KPIs)
	require.True(t, ok)
	require.Equal(t, a.Sets[shown[p.list.Cursor]].Name, one.word)
}

func TestKPIsOfStages(t *testing.T) {
	p := NewKPIs(links(), "lifecycle")
	b := on(t, p, &fake{})
	require.Contains(t, b.Frame(120, 32), "lifecycle.loyal (1 of 2, m next)")
	b.Key("m")
	require.Contains(t, b.Frame(120, 32), "lifecycle.lapsed (2 of 2, m next)")
	b.Key("m", "tab")
	require.Contains(t, b.Frame(120, 32), "407 customers who came in the period")
	b.Key("tab", "D")
	require.Equal(t, []string{"kpi", "lifecycle", "--from", "-90d"}, p.CLI(&b.Context))
	b.Key("enter")
	_, ok := b.Last().(page.Open).Page.(*KPI)
	require.True(t, ok)
}

// Numbers of metrics read as the commands write them.
func TestMetricNumbers(t *testing.T) {
	money := reports.KPIMetric{Unit: unitMoney, Form: reports.KPIMean}
	percent := reports.KPIMetric{Unit: unitPercent, Form: reports.KPIShare}
	for want, got := range map[string]string{
		"965.50": metricNumber(money, 965.5), "1,788": metricNumber(money, 1788.2), "0.00": metricNumber(money, -0.0001),
		"54.0%": metricNumber(percent, .54), "0.47%": metricNumber(percent, .0047), "100.0%": metricNumber(percent, 1),
		"6.8": metricNumber(reports.KPIMetric{Unit: unitDays}, 6.8), "1,253": metricNumber(reports.KPIMetric{Unit: unitCount}, 1253),
	} {
		require.Equal(t, want, got)
	}
}

func TestForestText(t *testing.T) {
	f := forest{low: 0, high: 10, width: 11, zero: 5}
	look := draw.Look{}
	require.Equal(t, " ├─●┤│", f.text(look, 3, 1, 4))
	require.Equal(t, "     │    ●", f.text(look, math.Inf(1), math.NaN(), math.NaN()))
	require.Equal(t, "     │", f.text(look, math.NaN(), 1, 2))
	require.Equal(t, "●    │", f.text(look, math.Inf(-1), math.NaN(), math.NaN()))
}

func TestHyphensDoNotBreak(t *testing.T) {
	require.Equal(t, []string{"since", "2026-10-02", "-1.0"}, broken("since 2026-10-02 -1.0", 11))
}

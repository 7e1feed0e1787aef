package campaigns_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/reports"
	"strata/tui/ask"
	"strata/tui/campaigns"
	"strata/tui/draw"
	"strata/tui/page"
	"strata/tui/pagetest"
)

var _ = flag.Bool("update", false, "rewrite expected frames")

// fake answers with what the demo shop's commands answered.
type fake struct {
	ask.Backend

	lines   []ask.CampaignLine
	reports map[string]reports.CampaignReport
	power   map[string]reports.PowerReport
	err     error
	frozen  []string
	exports [][]string
}

func (f *fake) Campaigns(context.Context, time.Time) ([]ask.CampaignLine, error) {
	return f.lines, f.err
}

func (f *fake) Campaign(_ context.Context, name string, _ time.Time) (reports.CampaignReport, error) {
	r, ok := f.reports[name]
	if !ok {
		return r, errors.New("there is no campaign " + name)
	}
	return r, f.err
}

func (f *fake) Power(_ context.Context, name string, _ time.Time) (reports.PowerReport, error) {
	r, ok := f.power[name]
	if !ok {
		return r, errors.New("there is no campaign " + name)
	}
	return r, f.err
}

func (f *fake) Freeze(_ context.Context, name string, _ time.Time) (string, error) {
	f.frozen = append(f.frozen, name)
	return "frozen", nil
}

func (f *fake) Export(_ context.Context, command []string, path string) (string, error) {
	f.exports = append(f.exports, append(command, path))
	return "wrote " + path, nil
}

func read[T any](t testing.TB, name string) T {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	require.NoError(t, err)
	var value T
	require.NoError(t, json.Unmarshal(raw, &value))
	return value
}

func backend(t testing.TB) *fake {
	t.Helper()
	day := func(month time.Month, d, hour int) time.Time {
		return time.Date(2026, month, d, hour, 0, 0, 0, time.UTC)
	}
	return &fake{
		lines: []ask.CampaignLine{
			{Name: "autumn_2026", Title: "Autumn mailing", Owner: "crm", Audience: "contactable", Primary: "conversion", Stage: "done", Sent: day(10, 6, 8), Measurable: true},
			{Name: "newsletter_w41", Title: "Newsletter of the 41st week", Owner: "crm", Audience: "contactable", Primary: "conversion", Stage: "done", Sent: day(10, 8, 7), Measurable: true},
			{Name: "advent_2026", Title: "Come back before Christmas", Owner: "crm", Audience: "recency.lapsed", Primary: "conversion", Stage: "due", Sent: day(11, 3, 9), Why: "it is not sent before 2026-11-03"},
			{Name: "東京_ÜberKäufer", Title: "حملة الخريف", Stage: "planned", Why: "it has no audience"},
		},
		reports: map[string]reports.CampaignReport{
			"autumn_2026": read[reports.CampaignReport](t, "autumn_2026"), "newsletter_w41": read[reports.CampaignReport](t, "newsletter_w41"),
		},
		power: map[string]reports.PowerReport{"advent_2026": read[reports.PowerReport](t, "advent_2026")},
	}
}

func links() campaigns.Links {
	return campaigns.Links{Segment: func(string) page.Page { return campaigns.NewPower("audience") }}
}

func listBench(t testing.TB) *pagetest.Bench {
	t.Helper()
	return pagetest.New(t, campaigns.New(links()), backend(t)).Settle()
}

func reportBench(t testing.TB, name string) *pagetest.Bench {
	t.Helper()
	return pagetest.New(t, campaigns.NewReport(name, links()), backend(t)).Settle()
}

func TestListFrames(t *testing.T) {
	b := listBench(t)
	b.Goldens("list")
	b = listBench(t)
	b.Key("down", "down").Goldens("list_planned")
}

func TestReportFrames(t *testing.T) {
	for i, name := range []string{"result", "health", "funnel", "days", "segments", "credit", "method"} {
		reportBench(t, "autumn_2026").Key(string(rune('1' + i))).Goldens(name)
	}
	reportBench(t, "newsletter_w41").Goldens("without_holdout")
}

func TestPowerFrames(t *testing.T) {
	pagetest.New(t, campaigns.NewPower("advent_2026"), backend(t)).Settle().Goldens("power")
}

func looks() map[string]draw.Look {
	return map[string]draw.Look{
		"light": {Theme: draw.Light}, "ansi": {Theme: draw.ANSI}, "nocolor": {NoColor: true}, "ascii": {ASCII: true}, "plain": {Plain: true},
	}
}

func TestLooks(t *testing.T) {
	for name, look := range looks() {
		list, report, power := listBench(t), reportBench(t, "autumn_2026"), pagetest.New(t, campaigns.NewPower("advent_2026"), backend(t))
		for what, b := range map[string]*pagetest.Bench{"list": list, "result": report, "power": power.Settle()} {
			b.Context.Look = look
			pagetest.Golden(t, what+"_"+name, b.Frame(100, 40))
		}
	}
}

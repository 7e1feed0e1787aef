package campaigns_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/reports"
	"strata/tui/ask"
	"strata/tui/campaigns"
	"strata/tui/draw"
	"strata/tui/page"
	"strata/tui/pagetest"
)

// everything is what a page says at a width, however high the screen had to be.
func everything(b *pagetest.Bench) string { return b.Frame(120, 200) }

// parts are all parts of a post-mortem, one below the other.
func parts(b *pagetest.Bench) string {
	all := ""
	for _, key := range []string{"1", "2", "3", "4", "5", "6", "7"} {
		all += everything(b.Key(key))
	}
	return all
}

// Where a check of the health failed, nothing is called better, worse or
// incremental, in no part.
func TestNothingIsClaimedWhereHealthFailed(t *testing.T) {
	f := backend(t)
	r := f.reports["autumn_2026"]
	r.Comparisons = append([]reports.CampaignComparison{}, r.Comparisons...)
	k := r.Comparisons[0]
	k.Causal = false
	k.Verdict = reports.CampaignVerdict{Code: reports.CampaignCannotTell, Reason: "the split failed", Sentence: "Cannot tell: the split failed."}
	k.Effects = append([]reports.CampaignEffect{}, k.Effects...)
	for i := range k.Effects {
		tiny := 1e-9
		k.Effects[i].Q = &tiny
	}
	r.Comparisons[0], r.Verdict = k, k.Verdict
	r.Health = append([]reports.CampaignCheck{}, r.Health...)
	for i, c := range r.Health {
		if c.Name == "split" {
			r.Health[i] = reports.CampaignCheck{Name: "split", State: reports.CampaignFail, Text: "arms are not as large as planned (p = 1e-20)"}
		}
	}
	f.reports["autumn_2026"] = r

	b := pagetest.New(t, campaigns.NewReport("autumn_2026", links()), f).Settle()
	b.Goldens("failed_health")
	all := parts(b)
	require.Contains(t, all, "no effect claimed")
	require.Contains(t, all, reports.CampaignUnproved[:60])
	for _, word := range []string{"better", "worse", "What came on top", "came on top", "revenue by cost", "the effect "} {
		require.NotContains(t, all, word)
	}

	// The same numbers in good health are.
	k.Causal = true
	r.Comparisons[0] = k
	f.reports["autumn_2026"] = r
	all = parts(pagetest.New(t, campaigns.NewReport("autumn_2026", links()), f).Settle())
	require.Contains(t, all, "better")
	require.Contains(t, all, "came on top")
}

// Without a holdout there is no lift and no comparison, and it says why.
func TestWithoutHoldout(t *testing.T) {
	b := reportBench(t, "newsletter_w41")
	all := parts(b)
	require.Contains(t, all, "there is no random holdout")
	require.Contains(t, all, "this is no lift")
	for _, word := range []string{"came on top", "incremental ", "clear win", "relative"} {
		require.NotContains(t, all, word)
	}
	b.Key("d")
	require.Equal(t, page.Toast{Text: "nothing is known by day"}, b.Last())
}

func TestReportKeys(t *testing.T) {
	b := reportBench(t, "autumn_2026")
	cli := func() string { return strings.Join(b.Page.CLI(&b.Context), " ") }
	require.Equal(t, "campaign report autumn_2026", cli())
	for key, table := range map[string]string{"d": "days", "s": "segments", "m": "notes", "2": "health", "3": "funnel", "6": "attribution"} {
		b.Key(key)
		require.Equal(t, "campaign report autumn_2026 --table "+table, cli())
	}
	b.Key("7", "]")
	require.Equal(t, "campaign report autumn_2026", cli(), "from the last to the first")
	b.Send(page.Click{ID: "tab:3"})
	require.Equal(t, "campaign report autumn_2026 --table days", cli())

	b.Key("1")
	require.NotContains(t, b.Frame(80, 20), "Clicks include those of mail programs")
	b.Key("G")
	require.Contains(t, b.Frame(80, 20), "Clicks include those of mail programs")
	b.Key("g")
	require.Contains(t, b.Frame(80, 20), "Clear win")

	b.Key("H")
	start, ok := b.Last().(page.Start)
	require.True(t, ok)
	text, err := start.Do(t.Context(), b.Backend, b.Context.AsOf, func(string) {})
	require.NoError(t, err)
	require.Equal(t, "wrote autumn_2026.html", text)
	f, ok := b.Backend.(*fake)
	require.True(t, ok)
	require.Equal(t, [][]string{{"campaign", "report", "autumn_2026", "--at", "2026-10-31T23:59:32Z", "autumn_2026.html"}}, f.exports)
	b.Key("a")
	require.IsType(t, page.Open{}, b.Last())
}

func TestListOpens(t *testing.T) {
	b := listBench(t).Key("enter")
	open, ok := b.Last().(page.Open)
	require.True(t, ok)
	require.Equal(t, "campaign", open.Page.ID())
	b.Key("down", "down", "enter")
	open, ok = b.Last().(page.Open)
	require.True(t, ok)
	require.Equal(t, "power", open.Page.ID())
	b.Key("down", "enter")
	require.Equal(t, page.Toast{Text: "東京_ÜberKäufer: it has no audience", Bad: true}, b.Last())

	b.Key("g", "f")
	require.Equal(t, page.Toast{Text: "autumn_2026 is not divided here: there is nothing to freeze"}, b.Last())
	b.Key("down", "down", "f")
	confirm, ok := b.Last().(page.Confirm)
	require.True(t, ok)
	start, ok := confirm.Yes().(page.Start)
	require.True(t, ok)
	require.True(t, start.Writes)
	_, err := start.Do(t.Context(), b.Backend, b.Context.AsOf, func(string) {})
	require.NoError(t, err)
	f, ok := b.Backend.(*fake)
	require.True(t, ok)
	require.Equal(t, []string{"advent_2026"}, f.frozen)
	b.Send(start.Then)
	require.Equal(t, page.Refresh{}, b.Last())

	f.lines[2].Stage = "frozen"
	b = pagetest.New(t, campaigns.New(links()), f).Key("down", "down", "f")
	require.Equal(t, page.Toast{Text: "advent_2026 is frozen already"}, b.Last())
}

func TestListFilter(t *testing.T) {
	b := listBench(t).Key("/").Type("news w41")
	require.Contains(t, b.Frame(80, 20), "1 of 4 campaigns")
	require.NotContains(t, b.Frame(80, 20), "autumn")
	b.Type("zz")
	require.Contains(t, b.Frame(80, 20), "No campaign matches")
	pagetest.Golden(t, "list_no_match", b.Frame(80, 12))
	closing, ok := b.Page.(page.Closing)
	require.True(t, ok)
	require.True(t, closing.Close())
	require.False(t, closing.Close())
	require.Contains(t, b.Frame(80, 20), "autumn")
}

// lost is an error that knows what to do.
type lost struct{}

func (lost) Error() string { return "the warehouse shop.duckdb is held by process 4711" }
func (lost) Hint() string  { return "end the program that holds it, or wait" }

func TestStates(t *testing.T) {
	pages := map[string]struct {
		slot string
		make func() page.Page
	}{
		"list":   {"campaigns", func() page.Page { return campaigns.New(links()) }},
		"report": {"report", func() page.Page { return campaigns.NewReport("autumn_2026", links()) }},
		"power":  {"power", func() page.Page { return campaigns.NewPower("advent_2026") }},
	}
	for name, one := range pages {
		b := pagetest.New(t, one.make(), backend(t))
		b.Hold = map[string]bool{one.slot: true}
		b.Settle()
		require.NotContains(t, b.Frame(80, 12), "stops")
		b.Context.Now = b.Context.Now.Add(3 * time.Second)
		pagetest.Golden(t, "state_"+name+"_loading", b.Frame(80, 12))

		f := backend(t)
		f.err = lost{}
		b = pagetest.New(t, one.make(), f).Settle()
		frame := b.Frame(80, 12)
		require.Contains(t, frame, "held by process 4711")
		require.Contains(t, frame, "end the program")

		// At another as-of the old answer stays until the new one comes.
		b = pagetest.New(t, one.make(), backend(t)).Settle()
		b.Hold = map[string]bool{one.slot: true}
		b.Context.AsOf = b.Context.AsOf.AddDate(0, 0, -1)
		b.Settle()
		b.Context.Now = b.Context.Now.Add(3 * time.Second)
		frame = b.Frame(80, 20)
		require.Contains(t, frame, "esc stops")
		require.Contains(t, frame, "2026")
	}
	require.Contains(t, pagetest.New(t, campaigns.New(links()), &fake{}).Settle().Frame(80, 12), "There is no campaign")
	f := backend(t)
	f.power["advent_2026"] = reports.PowerReport{Refusal: "nobody in the audience has an order"}
	require.Contains(t, pagetest.New(t, campaigns.NewPower("advent_2026"), f).Settle().Frame(80, 12), "nobody in the audience")
}

// A preview never stands under the name of another campaign.
func TestPreviewIsOfTheSelected(t *testing.T) {
	b := listBench(t)
	require.Contains(t, b.Frame(120, 32), "14.03% in those treated")
	b.Hold = map[string]bool{"report:newsletter_w41": true}
	b.Key("down")
	require.NotContains(t, b.Frame(120, 32), "14.03% in those treated")
	require.Contains(t, b.Frame(120, 32), "Newsletter of the 41st week")
}

// sparse are reports with as little in them as types allow.
func sparse() *fake {
	verdict := reports.CampaignVerdict{Code: reports.CampaignCannotTell, Sentence: "Cannot tell: nobody was assigned."}
	effect := reports.CampaignEffect{Metric: "m", Primary: true, Few: "too few"}
	return &fake{
		lines: []ask.CampaignLine{{Name: "a", Measurable: true}, {Name: ""}},
		reports: map[string]reports.CampaignReport{
			"a": {Verdict: verdict},
			"b": {
				Verdict: verdict, Comparisons: []reports.CampaignComparison{{Treated: "t", Control: "c", Effects: []reports.CampaignEffect{effect}}},
				Days: []reports.CampaignDays{{Days: []reports.CampaignDay{{Day: 1}}}}, Segments: []reports.CampaignSegments{{By: "x", Strata: []reports.CampaignSegment{{Name: "s"}}}},
				Funnel: []reports.CampaignFunnel{{Arm: "t", Steps: []reports.CampaignStep{{Name: "sent"}}}}, Attribution: reports.CampaignAttribution{Rows: []reports.CampaignCredited{{}}},
				Observed: &reports.CampaignObserved{Periods: []reports.CampaignPeriodLine{{}}}, Arms: []reports.CampaignArmLine{{}}, Cost: &reports.CampaignCostLine{},
			},
		},
		power: map[string]reports.PowerReport{"a": {}, "b": {Base: new(float64), Comparisons: []reports.PowerComparison{{}}, Lifts: []reports.PowerLift{{}}}},
		err:   nil,
	}
}

// What is frozen cannot be frozen again, and the page says so.
func TestPowerOfAFrozenCampaign(t *testing.T) {
	f := backend(t)
	f.lines[2].Stage = "frozen"
	b := pagetest.New(t, campaigns.NewPower("advent_2026"), f).Settle()
	require.Contains(t, b.Frame(120, 32), "stage • frozen: its arms are written down")
	b.Key("f")
	require.Equal(t, page.Toast{Text: "advent_2026 is frozen already"}, b.Last())
	b = pagetest.New(t, campaigns.NewPower("advent_2026"), backend(t)).Settle()
	require.Contains(t, b.Frame(120, 32), "stage ! due")
	b.Key("f")
	require.IsType(t, page.Confirm{}, b.Last())
}

// On a low screen the preview stands below a list that leaves it the room.
func TestPreviewOnALowScreen(t *testing.T) {
	require.Contains(t, listBench(t).Frame(60, 16), "Clear win")
	require.NotContains(t, listBench(t).Frame(60, 13), "Clear win")
}

// A fact that is longer than the screen goes on in the next line.
func TestLongFactsAreBroken(t *testing.T) {
	b := reportBench(t, "autumn_2026").Key("7")
	text := strings.Join(strings.Fields(strings.NewReplacer("│", " ").Replace(b.Frame(60, 60))), " ")
	require.Contains(t, text, "cut at the 99.9th percentile")
}

// Whatever is pressed, clicked, pasted or resized, no line is wider than the
// screen and nothing breaks, in no look, with full answers, scant ones and none.
func TestRandom(t *testing.T) {
	keys := []string{"up", "down", "left", "right", "tab", "shift+tab", "[", "]", "1", "2", "3", "4", "5", "6", "7", "8", "enter", "g", "G", "pgup", "pgdown", "d", "s", "m", "H", "f", "p", "a", "E", "/", "backspace", "x", "space"}
	failing := &fake{err: errors.New("lost")}
	backends := []*fake{backend(t), sparse(), failing}
	looks := []draw.Look{{Theme: draw.Dark}, {NoColor: true}, {ASCII: true}, {Plain: true}}
	rapid.Check(t, func(rt *rapid.T) {
		name := rapid.SampledFrom([]string{"autumn_2026", "newsletter_w41", "advent_2026", "a", "b", "none"}).Draw(rt, "name")
		pages := []page.Page{campaigns.New(links()), campaigns.NewReport(name, links()), campaigns.NewPower(name)}
		b := pagetest.New(t, rapid.SampledFrom(pages).Draw(rt, "page"), rapid.SampledFrom(backends).Draw(rt, "backend"))
		b.Context.Look = rapid.SampledFrom(looks).Draw(rt, "look")
		for range rapid.IntRange(1, 20).Draw(rt, "steps") {
			switch rapid.IntRange(0, 4).Draw(rt, "what") {
			case 0, 1, 2:
				b.Key(rapid.SampledFrom(keys).Draw(rt, "key"))
			case 3:
				id := rapid.SampledFrom([]string{"row:0", "row:2", "row:99", "row:-1", "tab:0", "tab:4", "tab:77", "report", "preview"}).Draw(rt, "zone")
				b.Send(page.Click{ID: id, Wheel: rapid.IntRange(-1, 1).Draw(rt, "wheel")})
			default:
				b.Send(tea.PasteMsg{Content: rapid.String().Draw(rt, "paste")})
			}
			w, h := rapid.IntRange(1, 200).Draw(rt, "w"), rapid.IntRange(1, 60).Draw(rt, "h")
			for line := range strings.SplitSeq(b.Frame(w, h), "\n") {
				require.LessOrEqual(rt, draw.Width(line), w)
			}
		}
	})
}

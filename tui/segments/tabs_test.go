package segments_test

import (
	"context"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
	"strata/tui/pagetest"
	"strata/tui/segments"
)

// probe is a tab that writes down what it is told.
type probe struct {
	name   string
	got    []tea.Msg
	typing bool
	shut   bool
	lost   string
}

func (p *probe) ID() string                       { return p.name }
func (p *probe) Crumb() string                    { return p.name }
func (p *probe) CLI(*page.Context) []string       { return []string{p.name, "vip"} }
func (p *probe) Typing() bool                     { return p.typing }
func (p *probe) Unsaved() string                  { return p.lost }
func (p *probe) Close() bool                      { was := !p.shut; p.shut = true; return was }
func (p *probe) Copies(*page.Context) []page.Copy { return []page.Copy{{What: p.name, Text: p.name}} }

func (p *probe) Exports(*page.Context) []page.Export {
	return []page.Export{{What: p.name, Command: []string{p.name}}}
}

func (p *probe) Needs(*page.Context) []page.Need {
	return []page.Need{{Slot: "count", Key: p.name, Ask: func(context.Context, ask.Backend, time.Time) (any, error) { return p.name + "!", nil }}}
}

func (p *probe) Update(_ *page.Context, msg tea.Msg) tea.Cmd {
	p.got = append(p.got, msg)
	return nil
}

func (p *probe) Draw(c *page.Context, a draw.Area) {
	a.Put(0, 0, draw.Normal, "tab "+page.Answer[string](c, "count").Value)
}

func (p *probe) Actions(*page.Context) []page.Action {
	return []page.Action{{ID: p.name + ".who", Keys: []string{"w"}, Title: "Who?", Do: func() tea.Cmd { return page.Send(page.Toast{Text: p.name}) }}}
}

// probed is a segment page whose tabs are probes.
func probed(t *testing.T) (*pagetest.Bench, map[string]*probe) {
	t.Helper()
	made := map[string]*probe{}
	tab := func(name string) func(string) page.Page {
		return func(string) page.Page {
			require.Nil(t, made[name], "a tab is made once")
			made[name] = &probe{name: name}
			return made[name]
		}
	}
	l := links()
	l.Rule, l.Funnel, l.Members = tab("rule"), tab("funnel"), tab("members")
	return pagetest.New(t, segments.NewSegment("vip", l), newFake(t)).Settle(), made
}

func TestTabsHaveTheirOwnAnswers(t *testing.T) {
	b, made := probed(t)
	require.Equal(t, []string{"count", "vip"}, b.Page.CLI(&b.Context))
	require.Empty(t, made, "tabs are made when they are shown")
	b.Key("2")
	require.Contains(t, b.Frame(80, 20), "tab rule!")
	b.Key("]")
	require.Contains(t, b.Frame(80, 20), "tab funnel!")
	require.Equal(t, []string{"funnel", "vip"}, b.Page.CLI(&b.Context))
	b.Key("[", "1", "3")
	require.Contains(t, b.Frame(80, 20), "[3 Funnel]")
	b.Send(page.Click{ID: "segment.tab:3"})
	require.Contains(t, b.Frame(80, 20), "tab members!")
	require.Len(t, made, 3)
	require.Equal(t, []tea.Msg{page.Shown{}}, made["members"].got)
}

func TestTabsForward(t *testing.T) {
	b, made := probed(t)
	b.Key("2", "3")
	rule, funnel := made["rule"], made["funnel"]
	rule.got, funnel.got = nil, nil

	type ended struct{}
	b.Send(ended{})
	require.Equal(t, []tea.Msg{ended{}}, rule.got, "the end of a task is told to all tabs")
	require.Equal(t, []tea.Msg{ended{}}, funnel.got)
	b.Send(tea.PasteMsg{Content: "x"})
	b.Send(page.Click{ID: "row:1"})
	b.Key("j")
	require.Len(t, rule.got, 1, "what is typed and clicked is for the tab that is shown")
	require.Len(t, funnel.got, 4)

	typing := b.Page.(page.Typing)
	require.False(t, typing.Typing())
	funnel.typing = true
	require.True(t, typing.Typing())
	b.Key("1")
	require.Contains(t, b.Frame(80, 20), "[3 Funnel]", "while one types, digits are text")
	rule.lost = "a draft of vip"
	require.Equal(t, "a draft of vip", b.Page.(page.Unsaved).Unsaved(), "also of a tab that is not shown")
	require.True(t, b.Page.(page.Closing).Close())
	require.False(t, b.Page.(page.Closing).Close())
	require.Equal(t, []page.Copy{{What: "funnel", Text: "funnel"}}, b.Page.(page.Subject).Copies(&b.Context))
	require.Equal(t, []page.Export{{What: "funnel", Command: []string{"funnel"}}}, b.Page.(page.Exporting).Exports(&b.Context))
}

func TestTabsActions(t *testing.T) {
	b, _ := probed(t)
	require.Equal(t, "why vip", opened(t, b.Key("w")))
	b.Key("2", "w")
	require.Equal(t, page.Toast{Text: "rule"}, b.Last(), "the tab's own key comes first")
	require.Equal(t, "workbench vip", opened(t, b.Key("e")))
	keys := map[string]string{}
	for _, a := range b.Page.Actions(&b.Context) {
		for _, key := range a.Keys {
			require.Empty(t, keys[key], "%s is %s and %s", key, keys[key], a.ID)
			keys[key] = a.ID
		}
	}
}

// TestSeedStandsIn opens a segment from the list: what the list knew is there
// before the answers are.
func TestSeedStandsIn(t *testing.T) {
	home := newHome(t).Settle().Key("/").Type("vip").Key("enter", "enter")
	s := pagetest.New(t, home.Last().(page.Open).Page, newFake(t))
	s.Hold["Overview/count"], s.Hold["Overview/course"] = true, true
	s.Settle()
	require.Contains(t, s.Frame(120, 32), "108 members")
	require.Contains(t, s.Frame(120, 32), "members, 12 weeks")

	alone := newSegment(t, "vip")
	alone.Hold["Overview/count"], alone.Hold["Overview/course"] = true, true
	require.NotContains(t, alone.Settle().Frame(120, 32), "108 members")
}

func TestSegmentThatIsGone(t *testing.T) {
	b := newSegment(t, "nobody").Settle()
	require.Contains(t, b.Frame(80, 20), "nobody is not defined any more")
	b.Key("e")
	require.Equal(t, page.Toast{Text: "nobody is not defined any more"}, b.Last())
	b.Key("8")
	require.Contains(t, b.Frame(80, 20), "nobody is not defined any more")
}

func TestHistoryOpens(t *testing.T) {
	b := newSegment(t, "lifecycle").Key("8", "down", "enter")
	require.Equal(t, "segment lifecycle.new", opened(t, b))
	require.Equal(t, []string{"history", "lifecycle", "--exact", "--from", "-86d"}, b.Page.CLI(&b.Context))

	l := links()
	l.WhyCustomer = func(customer, word string) page.Page { return stub{id: "why", word: customer + " in " + word} }
	b = pagetest.New(t, segments.NewSegment("vip", l), newFake(t)).Key("8", "tab", "down", "enter")
	require.Equal(t, "why 10037 in vip", opened(t, b))
	require.Equal(t, []string{"forecast", "vip"}, b.Page.CLI(&b.Context))
	b.Send(page.Click{ID: "day:2"})
	require.Equal(t, []string{"history", "vip", "--exact", "--from", "-86d"}, b.Page.CLI(&b.Context), "the days that are shown")
	require.Equal(t, b.Page.CLI(&b.Context), b.Page.(page.Exporting).Exports(&b.Context)[0].Command)
}

// A segment that cannot be followed has a point a week, and the screen says so.
func TestHistoryOfWeeks(t *testing.T) {
	b := newSegment(t, "best_of_region")
	b.Backend.(*fake).weekly["best_of_region"] = "evaluated at 13 points, a week apart: rank compares all customers with each other"
	b.Key("8")
	pagetest.Golden(t, "history_weeks_120x32", b.Frame(120, 32))
	pagetest.Golden(t, "history_weeks_60x16", b.Frame(60, 16))
	require.Equal(t, []string{"history", "best_of_region", "--exact", "--from", "-84d", "--every", "week"}, b.Page.CLI(&b.Context))
	text := b.Key("1").Frame(120, 32)
	list := points("best_of_region", pagetest.AsOf())
	week, month := draw.Signed(list[86].Size-list[79].Size), "in 30 days"
	require.Contains(t, text, week+" (")
	require.NotContains(t, text, month, "there is no point of that day")
	require.Contains(t, text, "12 weeks, a point a week")
	require.Contains(t, text, "? unknown")
}

// What could not be followed with all others may be followed by itself, so that
// nothing is said of it meanwhile.
func TestSegmentIsNotSkippedTooEarly(t *testing.T) {
	home := newHome(t)
	home.Backend.(*fake).skipped["top_tenth"] = "its sizes cannot be followed: percentile compares all customers with each other (ask for it alone, or --runs)"
	home.Key("/").Type("top_tenth").Key("enter")
	text := home.Frame(120, 32)
	require.Contains(t, text, "enter opens it with its weeks")
	require.NotContains(t, text, "--runs", "flags are for the command line")
	require.NotContains(t, home.Frame(80, 20), "--runs")
	home.Key("enter")
	s := pagetest.New(t, home.Last().(page.Open).Page, newFake(t))
	s.Hold["Overview/course"] = true
	require.NotContains(t, s.Settle().Frame(120, 32), "cannot be followed")
	require.Contains(t, s.Frame(120, 32), "being followed")
}

// dimmed reports whether all characters of a text in a frame are dim.
func dimmed(t *testing.T, b *pagetest.Bench, text string) bool {
	t.Helper()
	canvas := b.Canvas(120, 32)
	dim := draw.NewCanvas(1, 1, b.Context.Look)
	dim.Area().Put(0, 0, draw.Dim, "x")
	want := dim.Cell(0, 0).Style.Fg
	for y := range 32 {
		row := ""
		for x := range 120 {
			row += canvas.Cell(x, y).Content
			if len(row) >= len(text) && row[len(row)-len(text):] == text {
				return canvas.Cell(x, y).Style.Fg == want
			}
		}
	}
	require.Fail(t, "not drawn", text)
	return false
}

func TestOldAnswersAreDim(t *testing.T) {
	b := newSegment(t, "vip").Settle()
	require.False(t, dimmed(t, b, "108"))
	b.Hold["Overview/count"], b.Hold["Overview/course"] = true, true
	b.Context.AsOf = b.Context.AsOf.AddDate(0, 0, -1)
	b.Settle()
	require.True(t, dimmed(t, b, "108"))
	require.True(t, dimmed(t, b, "12 joined"))
}

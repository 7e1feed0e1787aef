package segments_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/source"
	"strata/tui/draw"
	"strata/tui/page"
	"strata/tui/pagetest"
	"strata/tui/segments"
)

func stubLink(id string) func(string) page.Page {
	return func(word string) page.Page { return stub{id: id, word: word} }
}

func links() segments.Links {
	return segments.Links{
		Workbench: func(name, _ string) page.Page { return stub{id: "workbench", word: name} },
		Why:       stubLink("why"), Drift: stubLink("drift"),
		Overlap:   func(words []string) page.Page { return stub{id: "overlap", word: words[0]} },
		Campaigns: func() page.Page { return stub{id: "campaigns"} },
		Rule:      stubLink("rule"), Funnel: stubLink("funnel"), Members: stubLink("members"),
		OverlapOf: stubLink("overlap_of"), DriftOf: stubLink("drift_of"), KPIs: stubLink("kpis"),
	}
}

func newHome(t testing.TB) *pagetest.Bench {
	t.Helper()
	return pagetest.New(t, segments.New(links()), newFake(t))
}

// broken are two errors and a warning in a file.
func broken() source.List {
	vip := source.NewFile("segments/vip.yaml", "segments:\n  vip:\n    where: sum(order.net) last 6 months > 5000 and contry = 'DE'\n    tags: vip\n")
	at := func(text string) source.Span {
		for i := range len(vip.Text) - len(text) {
			if vip.Text[i:i+len(text)] == text {
				return source.Span{File: vip, Start: i, End: i + len(text)}
			}
		}
		return source.Span{}
	}
	return source.List{
		{Code: "W301", Severity: source.Warning, Message: "the segment 東京 has no owner", Span: at("vip:"), Hint: "write owner: and a name"},
		{
			Code: "E204", Severity: source.Error, Message: `unknown field "contry"`, Span: at("contry"), Hint: "did you mean country?",
			Related: []source.Related{{Span: at("where"), Message: "the rule begins here"}},
		},
		{Code: "E110", Severity: source.Error, Message: "tags is a list", Span: at("tags: vip"), Hint: "write [vip]"},
	}
}

func TestHome(t *testing.T) {
	newHome(t).Settle().Goldens("home")
}

func TestHomeFilter(t *testing.T) {
	b := newHome(t).Key("/").Type("vip").Key("enter")
	b.Goldens("home_filter")
}

func TestHomeTree(t *testing.T) {
	b := newHome(t).Key("/").Type("lifecyc").Key("enter", "space", "down", "down")
	b.Goldens("home_tree")
	b = newHome(t).Key("/").Type("lifecyc").Key("enter")
	pagetest.Golden(t, "home_partition_120x32", b.Frame(120, 32))
	pagetest.Golden(t, "home_partition_80x20", b.Frame(80, 20))
}

func TestHomeStates(t *testing.T) {
	first := newHome(t)
	first.Hold["stored"], first.Hold["sizes"], first.Hold["courses"] = true, true, true
	first.Settle()
	pagetest.Golden(t, "home_first_100x26", first.Frame(100, 26))

	stored := newHome(t)
	stored.Hold["sizes"], stored.Hold["courses"] = true, true
	stored.Settle().Context.Now = pagetest.AsOf().Add(3700_000_000_000)
	pagetest.Golden(t, "home_stored_100x26", stored.Frame(100, 26))

	back := newHome(t).Settle()
	back.Hold["sizes"], back.Hold["courses"] = true, true
	back.Context.AsOf = pagetest.AsOf().AddDate(0, 0, -1)
	back.Settle()
	pagetest.Golden(t, "home_old_100x26", back.Frame(100, 26))

	failed := newHome(t)
	failed.Backend.(*fake).failing["Sizes"], failed.Backend.(*fake).failing["Courses"] = errLocked, errPlain
	failed.Settle()
	pagetest.Golden(t, "home_failed_100x26", failed.Frame(100, 26))

	none := newHome(t).Key("/").Type("tag:crmm size>10k zz size>>3")
	pagetest.Golden(t, "home_nothing_80x20", none.Frame(80, 20))

	wrong := newHome(t)
	wrong.Context.Project.Problems = broken()
	wrong.Settle()
	pagetest.Golden(t, "home_broken_120x32", wrong.Frame(120, 32))
	pagetest.Golden(t, "home_broken_60x16", wrong.Frame(60, 16))
	wrong.Context.Project.Program = nil
	pagetest.Golden(t, "home_never_right_60x16", wrong.Frame(60, 16))
}

func TestHomeLooks(t *testing.T) {
	for name, look := range map[string]draw.Look{"ascii": {ASCII: true}, "plain": {Plain: true}, "mono": {NoColor: true}, "light": {Theme: draw.Light}} {
		b := newHome(t)
		b.Context.Look = look
		b.Key("/").Type("e").Key("enter", "down", "p")
		pagetest.Golden(t, "home_"+name+"_100x26", b.Frame(100, 26))
	}
}

func TestHomeZoom(t *testing.T) {
	b := newHome(t).Settle().Key("+")
	pagetest.Golden(t, "home_zoom_120x32", b.Frame(120, 32))
	require.NotContains(t, b.Frame(80, 20), "members   ▼", "no preview below")
	b.Key("+")
	require.Equal(t, page.Toast{Text: "the list has all the room"}, b.Last())
	again := newHome(t)
	again.Context.Memory = b.Context.Memory
	again.Settle()
	require.Equal(t, b.Frame(120, 32), again.Frame(120, 32), "it is remembered")
	require.Equal(t, newHome(t).Settle().Frame(120, 32), again.Key("_").Frame(120, 32))
}

// While a filter is typed the only action is the key that ends it.
func TestHomeFilterIsKept(t *testing.T) {
	b := newHome(t).Settle().Key("/").Type("vip+")
	actions := b.Page.Actions(&b.Context)
	require.Len(t, actions, 1)
	require.Equal(t, []string{"enter"}, actions[0].Keys)
	b.Key("backspace", "enter")
	require.False(t, b.Page.(page.Typing).Typing())
	require.Equal(t, "vip", selected(t, b))
}

func TestProblems(t *testing.T) {
	b := pagetest.New(t, segments.NewProblems(), newFake(t))
	b.Context.Project.Problems = broken()
	b.Goldens("problems")
	require.Contains(t, b.Frame(40, 7), "mean country?", "the message is read on the smallest screen too")
	b.Key("enter")
	require.Equal(t, page.EditFile{File: "segments/vip.yaml", Line: 3}, b.Last())
	b.Context.Project.Problems = nil
	require.Contains(t, b.Frame(60, 16), "All definitions are right")
}

// names are the names in the list, from the frame's left pane.
func opened(t *testing.T, b *pagetest.Bench) string {
	t.Helper()
	open, ok := b.Last().(page.Open)
	require.True(t, ok, "%#v", b.Last())
	if s, ok := open.Page.(stub); ok {
		return s.id + " " + s.word
	}
	return open.Page.ID() + " " + open.Page.Crumb()
}

func TestHomeOpensPages(t *testing.T) {
	b := newHome(t).Key("/").Type("vip").Key("enter")
	for _, c := range []struct{ key, want string }{
		{"enter", "segment vip"},
		{"8", "segment vip"},
		{"e", "workbench vip"},
		{"w", "why vip"},
		{"o", "overlap vip"},
		{"d", "drift vip"},
		{"n", "workbench "},
		{"C", "campaigns "},
	} {
		require.Equal(t, c.want, opened(t, b.Key(c.key)), c.key)
	}
	b.Key("E")
	require.Equal(t, page.EditFile{File: "segments/value.yaml", Line: 64}, b.Last())
	sent := len(b.Sent)
	b.Key("9")
	require.Len(t, b.Sent, sent, "there is no ninth tab")
}

func TestHomeWithoutLinks(t *testing.T) {
	b := pagetest.New(t, segments.New(segments.Links{}), newFake(t)).Settle()
	for _, a := range b.Page.Actions(&b.Context) {
		require.NotContains(t, []string{"segments.edit", "segments.why", "segments.overlap", "segments.drift", "segments.new", "segments.campaigns"}, a.ID)
	}
	require.Equal(t, "segment active_readers", opened(t, b.Key("2")), "the second tab is the history where nobody has others")
}

func TestHomeSkipped(t *testing.T) {
	b := newHome(t)
	why := "the list store_vips.csv cannot be read"
	b.Backend.(*fake).skipped["vip!"], b.Backend.(*fake).skipped["vip"] = why, why
	b.Key("/").Type("vip").Key("enter")
	require.Regexp(t, `vip\s+skipped`, b.Frame(120, 32))
	require.Contains(t, b.Frame(120, 32), "no size   the list store_vips.csv cannot be read")
	require.Contains(t, b.Frame(80, 20), "no size   the list store_vips.csv cannot be read")
}

func TestHomeReasons(t *testing.T) {
	b := newHome(t).Key("/").Type("lifecycle.loyal").Key("enter", "down")
	b.Key("e")
	require.Equal(t, page.Toast{Text: "stages are edited in the file: E opens it"}, b.Last())
	b.Key("p")
	require.Equal(t, page.Toast{Text: "a stage stands below its partition"}, b.Last())
	require.Equal(t, "why lifecycle.loyal", opened(t, b.Key("w")))
	b.Key("up", "w")
	require.Equal(t, page.Toast{Text: "choose one of its stages: space shows them"}, b.Last())
}

func TestHomeStoresARun(t *testing.T) {
	b := newHome(t).Settle().Key("W")
	confirm := b.Last().(page.Confirm)
	require.Contains(t, confirm.Question, "2026-10-31 23:59")
	start := confirm.Yes().(page.Start)
	require.True(t, start.Writes)
	text, err := start.Do(t.Context(), b.Backend, pagetest.AsOf(), func(string) {})
	require.NoError(t, err)
	require.Equal(t, "run #13 stored: 68 segments of 20,000 customers in 1.8 s", text)
	b.Send(start.Then)
	require.Equal(t, page.Refresh{}, b.Last())
	b.Backend.(*fake).failing["Run"] = errLocked
	_, err = start.Do(t.Context(), b.Backend, pagetest.AsOf(), func(string) {})
	require.ErrorIs(t, err, errLocked)
}

// selected is the name in the row of the cursor.
func selected(t *testing.T, b *pagetest.Bench) string {
	t.Helper()
	for _, c := range b.Page.(page.Subject).Copies(&b.Context) {
		if c.What == "name" {
			return c.Text
		}
	}
	return ""
}

func TestHomeKeepsTheName(t *testing.T) {
	b := newHome(t).Settle().Key("down", "down", "down")
	name := selected(t, b)
	require.Equal(t, "birthday_week", name)
	b.Key("s")
	require.Equal(t, name, selected(t, b), "sorted by size")
	require.Contains(t, b.Frame(120, 32), "sorted by size")
	b.Key("s", "s", "s", "/").Type("e")
	b.Type("ng")
	require.Equal(t, "engaged_and_recent", selected(t, b), "what does not match gives way to the first row that does")
	b.Key("enter")
	require.True(t, b.Page.(page.Closing).Close())
	require.False(t, b.Page.(page.Closing).Close(), "there is nothing more to close")
	require.Equal(t, name, selected(t, b))
}

func TestHomeRemembers(t *testing.T) {
	b := newHome(t).Settle().Key("down", "p", "s", "/").Type("tag:campaign").Key("enter")
	again := newHome(t)
	again.Context.Memory = b.Context.Memory
	again.Settle()
	require.Equal(t, b.Frame(80, 20), again.Frame(80, 20))
	require.Equal(t, []string{"list", "--live", "tag:campaign"}, again.Page.CLI(&again.Context))
}

func TestHomeMouse(t *testing.T) {
	b := newHome(t).Settle()
	b.Send(page.Click{ID: "row:4"})
	require.Equal(t, "bought_last_winter_only", selected(t, b))
	require.Empty(t, b.Sent)
	require.Equal(t, "segment bought_last_winter_only", opened(t, b.Send(page.Click{ID: "row:4"})))
	b.Send(page.Click{ID: "list", Wheel: 1})
	require.Equal(t, "browse_abandoners", selected(t, b))
	require.Equal(t, "problems problems", opened(t, b.Send(page.Click{ID: "problems"})))
	require.Equal(t, "segment browse_abandoners", opened(t, b.Send(page.Click{ID: "open:3"})))
}

package customers_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/reports/render"
	"strata/segments/result"
	"strata/tui/ask"
	"strata/tui/customers"
	"strata/tui/draw"
	"strata/tui/page"
	"strata/tui/pagetest"
)

var _ = flag.Bool("update", false, "rewrite expected frames")

// read reads an answer of the demo shop that was printed as JSON.
func read[T any](t testing.TB, name string) T {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".json")
	require.NoError(t, err)
	var v T
	require.NoError(t, json.Unmarshal(text, &v))
	return v
}

// fake answers with proofs of the demo shop.
type fake struct {
	ask.Backend

	whys  map[string]result.Why
	all   []result.Why
	err   error
	asked []string
}

func newFake(t testing.TB) *fake {
	t.Helper()
	return &fake{
		whys: map[string]result.Why{
			"luxury_cart_abandoners": read[result.Why](t, "luxury"), "rising": read[result.Why](t, "rising"), "lifecycle": read[result.Why](t, "lifecycle"),
		},
		all: read[[]result.Why](t, "memberships"),
	}
}

func (f *fake) Why(_ context.Context, customer, word string, _ time.Time) (result.Why, error) {
	f.asked = append(f.asked, customer+" "+word)
	if f.err != nil {
		return result.Why{}, f.err
	}
	if why, ok := f.whys[word]; ok {
		why.Customer = customer
		return why, nil
	}
	return result.Why{Customer: customer, Name: word, Kind: "segment", Reason: "the customer was created at or after the as-of"}, nil
}

func (f *fake) Memberships(context.Context, string, time.Time) (ask.Memberships, error) {
	return ask.Memberships{All: f.all, Skipped: []ask.Skipped{{Name: "top_tenth", Reason: "percentile compares all customers"}}}, f.err
}

func (f *fake) Find(_ context.Context, prefix string, n int, _ time.Time) ([]string, error) {
	var found []string
	for _, key := range []string{"10005", "10096", "11202", "11203", "日本-7", "مصر-1"} {
		if strings.HasPrefix(key, prefix) && len(found) < n {
			found = append(found, key)
		}
	}
	return found, f.err
}

func (f *fake) Profile(context.Context, string, time.Time) (render.Table, error) {
	return render.Table{
		Name: "profile", Record: true,
		Columns: []render.Column{
			{Name: "customer_id", Kind: render.Figure},
			{Name: "name"},
			{Name: "country"},
			{Name: "created_at", Kind: render.Moment},
			{Name: "birth_date", Kind: render.Date},
			{Name: "bounced", Kind: render.Flag},
			{Name: "tags", Kind: render.Nested},
			{Name: "ltv", Kind: render.Number},
			{Name: "orders_ever", Kind: render.Number},
			{Name: "average_basket", Kind: render.Number},
			{Name: "usual_gap", Kind: render.Number},
		},
		Rows: [][]any{{
			11202, "سارة 山田 Müller\u202e", "DE", time.Date(2022, 3, 30, 6, 17, 2, 0, time.UTC), time.Date(1988, 2, 29, 0, 0, 0, 0, time.UTC), false,
			[]any{"vip", "newsletter"},
			"20487.30", 17, 1205.135, nil,
		}},
	}, f.err
}

type stub struct {
	page.Page

	said string
}

func links() customers.Links {
	return customers.Links{
		Why:       func(a, b string) page.Page { return stub{said: "why " + a + " " + b} },
		Customer:  func(a string) page.Page { return stub{said: "customer " + a} },
		Segment:   func(a string) page.Page { return stub{said: "segment " + a} },
		Workbench: func(a, b string) page.Page { return stub{said: "workbench " + a + "|" + b} },
	}
}

func opened(t *testing.T, b *pagetest.Bench) string {
	t.Helper()
	open, ok := b.Last().(page.Open)
	require.True(t, ok, "%#v", b.Last())
	return open.Page.(stub).said
}

const luxury = "luxury_cart_abandoners"

func why(t testing.TB, f *fake, customer, word string) *pagetest.Bench {
	t.Helper()
	return pagetest.New(t, customers.NewWhy(customer, word, links()), f).Settle()
}

func TestWhy(t *testing.T) {
	t.Parallel()
	b := why(t, newFake(t), "11202", luxury)
	b.Goldens("why")
	require.Equal(t, []string{"why", "11202", luxury}, b.Page.CLI(&b.Context))
	b.Frame(120, 32)
	b.Key("down", "enter").Goldens("why_rows")
	b.Frame(120, 32)
	b.Key("a", "end")
	pagetest.Golden(t, "why_all", b.Frame(100, 26))
	b.Key("a", "home", "left")
	pagetest.Golden(t, "why_folded", b.Frame(100, 20))
	b.Key("p")
	require.Equal(t, "customer 11202", opened(t, b))
	b.Key("e")
	require.Equal(t, "workbench "+luxury+"|", opened(t, b))
}

func TestWhyNot(t *testing.T) {
	t.Parallel()
	why(t, newFake(t), "10096", "rising").Goldens("why_not")
	pagetest.Golden(t, "why_stage", why(t, newFake(t), "11202", "lifecycle").Frame(100, 26))
	pagetest.Golden(t, "why_unknown", why(t, newFake(t), "11202", "vip").Frame(80, 10))
}

// The rows behind a value take no room from the columns, and what has nothing in
// them is written out.
func TestWhyKeepsItsColumns(t *testing.T) {
	t.Parallel()
	b := why(t, newFake(t), "10096", "rising")
	for _, keys := range [][]string{nil, {"a"}} {
		text := b.Key(keys...).Frame(120, 32)
		require.Contains(t, text, "needs", "%v", keys)
		require.Contains(t, text, "margin", "%v", keys)
	}
	require.Contains(t, why(t, newFake(t), "11202", luxury).Frame(100, 26), "sequence(add_to_cart then not order within 24 hours, early) last 24 hours")
}

func TestWhyAsks(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := why(t, f, "", "")
	require.True(t, b.Page.(page.Typing).Typing())
	require.False(t, b.Page.(page.Closing).Close(), "there is nothing below the prompt")
	pagetest.Golden(t, "why_prompt", b.Frame(100, 26))
	b.Type("11").Key("down", "down", "enter")
	require.Equal(t, "why? 11203", b.Page.Crumb())
	b.Type("lux")
	pagetest.Golden(t, "why_prompt_segment", b.Frame(80, 20))
	b.Key("enter")
	require.Equal(t, "11203 "+luxury, f.asked[len(f.asked)-1])
	b.Key("s").Type("count(order) >").Key("enter")
	pagetest.Golden(t, "why_prompt_rule", b.Frame(60, 16))
	require.True(t, b.Page.(page.Closing).Close())
	b.Key("/").Type("nobody")
	require.Contains(t, b.Frame(80, 20), "no customer's key begins with nobody")
	b.Key("enter")
	require.Equal(t, "nobody "+luxury, f.asked[len(f.asked)-1])
}

func TestWhyStates(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.err = errors.New("no customer has the key 4711")
	pagetest.Golden(t, "why_failed", why(t, f, "4711", luxury).Frame(80, 10))
	f.err = nil
	b := why(t, f, "11202", luxury)
	b.Hold = map[string]bool{"why": true}
	b.Context.AsOf = b.Context.AsOf.AddDate(0, 0, -1)
	b.Settle()
	b.Context.Now = b.Context.Now.Add(2e9)
	pagetest.Golden(t, "why_old", b.Frame(80, 20))
	b = pagetest.New(t, customers.NewWhy("1", "vip", links()), f)
	b.Hold = map[string]bool{"why": true}
	require.Equal(t, 10, strings.Count(b.Settle().Frame(80, 10), "\n"))
}

func TestWhyLooks(t *testing.T) {
	t.Parallel()
	for name, look := range map[string]draw.Look{
		"nocolor": {NoColor: true}, "ascii": {ASCII: true, Theme: draw.Light}, "plain": {Plain: true}, "ansi": {Theme: draw.ANSI},
	} {
		b := why(t, newFake(t), "11202", luxury)
		b.Context.Look = look
		pagetest.Golden(t, "why_"+name, b.Key("down", "enter").Frame(100, 26))
		b = pagetest.New(t, customers.NewCustomer("11202", links()), newFake(t)).Settle()
		b.Context.Look = look
		pagetest.Golden(t, "customer_"+name, b.Frame(100, 20))
	}
}

func TestCustomer(t *testing.T) {
	t.Parallel()
	b := pagetest.New(t, customers.NewCustomer("11202", links()), newFake(t)).Settle()
	b.Goldens("customer")
	require.Equal(t, []string{"why", "11202"}, b.Page.CLI(&b.Context))
	b.Key("enter")
	require.Equal(t, "why 11202 cart_open", opened(t, b))
	require.Equal(t, "profile", b.Page.Actions(&b.Context)[0].Hint)
	b.Key("tab")
	require.Equal(t, "segments", b.Page.Actions(&b.Context)[0].Hint)
	pagetest.Golden(t, "customer_profile", b.Frame(60, 16))
	b.Key("tab", "/").Type("lapsed")
	pagetest.Golden(t, "customer_filter", b.Frame(120, 20))
	b.Type("zzz")
	require.Contains(t, b.Frame(120, 20), "No segment matches lapsedzzz. esc shows all.")
	require.True(t, b.Page.(page.Closing).Close())
	b.Key("c").Type("10096").Key("enter")
	require.Equal(t, "customer 10096", b.Page.Crumb())
	b = pagetest.New(t, customers.NewCustomer("", links()), newFake(t)).Settle()
	require.True(t, b.Page.(page.Typing).Typing())
	f := newFake(t)
	f.err = errors.New("no customer has the key 4711")
	pagetest.Golden(t, "customer_failed", pagetest.New(t, customers.NewCustomer("4711", links()), f).Settle().Frame(100, 10))
}

// Whatever is pressed, clicked and pasted, in whatever size, nothing panics and
// no line is too wide.
func TestPagesTakeAnything(t *testing.T) {
	t.Parallel()
	project, f := pagetest.Project(t), newFake(t)
	keys := []string{
		"enter", "tab", "up", "down", "left", "right", "home", "end", "pgup", "pgdown", "backspace", "delete", "space",
		"a", "c", "e", "p", "s", "o", "w", "/", "j", "G", "x", "7", "(", "日", "ctrl+u", "ctrl+w", "esc",
	}
	rapid.Check(t, func(r *rapid.T) {
		customer := rapid.SampledFrom([]string{"", "11202"}).Draw(r, "customer")
		word := rapid.SampledFrom([]string{"", luxury, "rising", "lifecycle", "vip"}).Draw(r, "word")
		pages := []page.Page{customers.NewWhy(customer, word, links()), customers.NewCustomer(customer, links())}
		b := pagetest.New(t, rapid.SampledFrom(pages).Draw(r, "page"), f)
		b.Context.Project = project
		b.Settle()
		for range rapid.IntRange(1, 25).Draw(r, "steps") {
			switch rapid.IntRange(0, 5).Draw(r, "kind") {
			case 0:
				id := rapid.SampledFrom([]string{"row:0", "row:3", "row:999", "place:1", "field:99", "pick:2", "pick:x", "profile", "why"}).Draw(r, "zone")
				b.Send(page.Click{ID: id, Wheel: rapid.IntRange(-1, 1).Draw(r, "wheel")})
			case 1:
				b.Send(tea.PasteMsg{Content: rapid.StringN(0, 12, -1).Draw(r, "paste")})
			default:
				if key := rapid.SampledFrom(keys).Draw(r, "key"); key != "esc" {
					b.Key(key)
				} else {
					b.Page.(page.Closing).Close()
				}
			}
			w, h := rapid.IntRange(0, 130).Draw(r, "w"), rapid.IntRange(0, 40).Draw(r, "h")
			for line := range strings.SplitSeq(b.Frame(w, h), "\n") {
				require.LessOrEqual(r, draw.Width(line), w)
			}
		}
	})
}

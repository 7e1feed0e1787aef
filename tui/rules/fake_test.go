package rules_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"strata/reports/render"
	"strata/segments/result"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
	"strata/tui/pagetest"
	"strata/tui/rules"
)

// fake answers with the numbers of the demo shop.
type fake struct {
	ask.Backend

	statement string
	err       error
	total     int64
	// asked are the pages of members, and off the leaves that were left out.
	asked []ask.MembersPage
	words []string
	off   [][]int
}

func newFake(t testing.TB) *fake {
	t.Helper()
	text, err := os.ReadFile("testdata/luxury.sql")
	require.NoError(t, err)
	return &fake{statement: string(text), total: 839}
}

func (f *fake) Statement(_ context.Context, word string, _ time.Time) (string, error) {
	f.words = append(f.words, word)
	return f.statement, f.err
}

// Funnel implements ask.Rules: the size without saw_luxury is what the whole
// funnel says of it left out.
func (f *fake) Funnel(_ context.Context, word string, off []int, _ time.Time) (result.Funnel, error) {
	f.words, f.off = append(f.words, word), append(f.off, off)
	if f.err != nil {
		return result.Funnel{}, f.err
	}
	full := result.Funnel{
		Name: word, Customers: 20000, Members: 30, Leaves: []result.Leaf{
			{Name: "high_value", Rule: "sum(order.amount) last 6 months > $min_spend", Alone: 373, SoFar: 373, Without: 74},
			{Name: "saw_luxury", Rule: "count(product_view where category = 'Luxury Watches') last 48 hours >= 1", Alone: 109, SoFar: 56, Without: 33},
			{Name: "open_cart", Rule: "sequence(add_to_cart then not order within 24 hours, early) last 24 hours", Alone: 116, SoFar: 30, Without: 56},
		},
	}
	if len(off) == 1 {
		full.Members = full.Leaves[off[0]].Without
	}
	if len(off) > 1 {
		full.Members = 116
	}
	return full, nil
}

// Members implements ask.Rules with made-up rows, wide and written from the right
// among them.
func (f *fake) Members(_ context.Context, q ask.MembersPage, _ time.Time) (ask.MembersList, error) {
	f.asked = append(f.asked, q)
	if f.err != nil {
		return ask.MembersList{}, f.err
	}
	t := render.Table{Name: "members", Columns: []render.Column{{Name: "customer_id", Kind: render.Figure}}}
	for _, name := range q.Columns {
		kind := render.Text
		switch name {
		case "ltv", "orders_ever", "count(order) last 30 days":
			kind = render.Number
		case "created_at":
			kind = render.Moment
		case "tags":
			kind = render.Nested
		}
		t.Columns = append(t.Columns, render.Column{Name: name, Kind: kind})
	}
	n := max(0, min(q.Limit, f.total-q.Offset))
	if q.Find != "" {
		n = 1
	}
	for i := range n {
		at := q.Offset + i
		row := []any{10000 + 7*at}
		for _, name := range q.Columns {
			row = append(row, value(name, at))
		}
		t.Rows = append(t.Rows, row)
	}
	total := f.total
	if q.Find != "" {
		total = n
	}
	return ask.MembersList{Table: t, Total: total}, nil
}

func value(name string, at int64) any {
	switch name {
	case "country":
		return []any{"DE", "AT", "日本", nil, "مصر"}[at%5]
	case "ltv":
		return fmt.Sprintf("%d.%02d", 500+at*977%40000, at*13%100)
	case "orders_ever":
		return at * 31 % 90
	case "tags":
		return []any{[]any{"vip"}, []any{}, []any{"vip", "newsletter", "friend of the house", "store Munich"}}[at%3]
	case "favourite_category":
		return []any{"Luxury Watches", "Shoes", "Ünïcode & 靴"}[at%3]
	case "created_at":
		return time.Date(2024, 1, 1, 8, 0, 0, 0, time.UTC).Add(time.Duration(at) * 31 * time.Hour)
	}
	return at
}

// stub is a page that says what was asked of it.
type stub struct {
	page.Page

	said string
}

func links() rules.Links {
	open := func(kind string) func(string) page.Page {
		return func(word string) page.Page { return stub{said: kind + " " + word} }
	}
	two := func(kind string) func(a, b string) page.Page {
		return func(a, b string) page.Page { return stub{said: kind + " " + a + " | " + b} }
	}
	return rules.Links{Why: two("why"), Customer: open("customer"), Members: open("members"), Workbench: two("workbench")}
}

func opened(t *testing.T, b *pagetest.Bench) string {
	t.Helper()
	open, ok := b.Last().(page.Open)
	require.True(t, ok, "%#v", b.Last())
	return open.Page.(stub).said
}

// looks are ways to see a frame besides the usual one.
func looks() map[string]draw.Look {
	return map[string]draw.Look{
		"nocolor": {NoColor: true}, "ascii": {ASCII: true, Theme: draw.Light}, "plain": {Plain: true}, "ansi": {Theme: draw.ANSI},
	}
}

// anywhere is a page in every state and size: nothing may panic.
func anywhere(t testing.TB, b *pagetest.Bench) {
	t.Helper()
	for _, size := range [][2]int{{0, 0}, {1, 1}, {5, 3}, {40, 7}, {60, 5}, {100, 10}, {200, 60}} {
		text := b.Frame(size[0], size[1])
		for line := range strings.SplitSeq(text, "\n") {
			require.LessOrEqual(t, draw.Width(line), size[0])
		}
	}
}

var errLocked = &hinted{errors.New("the warehouse is locked by strata run (process 4711)")}

type hinted struct{ error }

func (*hinted) Hint() string { return "wait until it is done, then press r" }

func click(id string, wheel int) tea.Msg { return page.Click{ID: id, Wheel: wheel} }

var _ = flag.Bool("update", false, "rewrite expected frames")

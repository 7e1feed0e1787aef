package rules_test

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/tui/draw"
	"strata/tui/page"
	"strata/tui/pagetest"
	"strata/tui/rules"
)

func members(t testing.TB, f *fake) *pagetest.Bench {
	t.Helper()
	return pagetest.New(t, rules.NewMembers("vip", links()), f).Settle()
}

func TestMembers(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := members(t, f)
	b.Goldens("members")
	require.Equal(t, int64(100), f.asked[0].Limit)
	b.Key("n", "n")
	require.Equal(t, int64(200), f.asked[len(f.asked)-1].Offset)
	require.Equal(t, []string{
		"members", "vip", "--columns", "tags,country,region,created_at", "--limit", "100", "--offset", "200",
	}, b.Page.CLI(&b.Context))
	b.Key("p", "p", "p")
	require.Equal(t, page.Toast{Text: "this is the first page"}, b.Last())
	b.Key("s", "s", "s")
	last := f.asked[len(f.asked)-1]
	require.Equal(t, "tags", last.Sort)
	require.True(t, last.Down)
	require.Equal(t, []string{
		"members", "vip", "--columns", "tags,country,region,created_at", "--sort", "tags", "--desc", "--limit", "100",
	}, b.Page.CLI(&b.Context))
	b.Key("down", "enter")
	require.Equal(t, "customer 10007", opened(t, b))
	b.Key("w")
	require.Equal(t, "why 10007 | vip", opened(t, b))
	require.Equal(t, page.Copy{What: "customer", Text: "10007"}, b.Page.(page.Subject).Copies(&b.Context)[0])
}

func TestMembersKeepTheirColumns(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := members(t, f)
	b.Key("c")
	pagetest.Golden(t, "members_columns", b.Frame(100, 26))
	pagetest.Golden(t, "members_columns_small", b.Frame(40, 7))
	b.Type("ltv").Key("enter", "tab").Type("count(order) last 30 day >= ")
	pagetest.Golden(t, "members_expression_wrong", b.Frame(100, 26))
	for range len(" >= ") {
		b.Key("backspace")
	}
	b.Type("s").Key("enter")
	require.True(t, b.Page.(page.Closing).Close())
	last := f.asked[len(f.asked)-1]
	require.Equal(t, []string{"tags", "country", "region", "created_at", "ltv", "count(order) last 30 days"}, last.Columns)
	pagetest.Golden(t, "members_chosen", b.Frame(120, 20))
	again := pagetest.New(t, rules.NewMembers("vip", links()), f)
	again.Context.Memory = b.Context.Memory
	again.Settle()
	require.Equal(t, last.Columns, f.asked[len(f.asked)-1].Columns)
	again.Key("c", "tab").Type("coalesce(ltv, 0)").Key("enter")
	require.Equal(t, []string{
		"members", "vip", "--columns", "tags,country,region,created_at,ltv,count(order) last 30 days", "--columns", "coalesce(ltv, 0)", "--limit", "100",
	}, again.Page.CLI(&again.Context), "a column with a comma has a flag of its own")
}

// The sign of the order is seen however narrow the column is, and columns that
// stay have the room of those that went.
func TestMembersOrderIsSeen(t *testing.T) {
	t.Parallel()
	b := members(t, newFake(t)).Key("c").Type("count").Key("enter")
	require.True(t, b.Page.(page.Closing).Close())
	for _, width := range []int{40, 46, 60, 80, 120} {
		head := strings.Split(b.Frame(width, 12), "\n")[1]
		require.Contains(t, head, "▲", "%d", width)
	}
	pagetest.Golden(t, "members_narrow_sorted", b.Key("s", "s", "s").Frame(40, 10))
}

func TestMembersAreFound(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := members(t, f).Key("/").Type("100")
	require.Equal(t, "100", f.asked[len(f.asked)-1].Find)
	pagetest.Golden(t, "members_find", b.Frame(80, 16))
	command := b.Page.CLI(&b.Context)
	require.Equal(t, []string{"--find", "100"}, command[slices.Index(command, "--find"):][:2])
	export := b.Page.(page.Exporting).Exports(&b.Context)[0]
	require.Equal(t, "members whose key begins with 100", export.What)
	require.Contains(t, export.Command, "--find")
	b.Key("enter", "n")
	require.Equal(t, page.Toast{Text: "this is the last page"}, b.Last())
	require.True(t, b.Page.(page.Closing).Close())
	require.False(t, b.Page.(page.Closing).Close())
	require.False(t, b.Page.(page.Typing).Typing())
	require.Empty(t, f.asked[0].Find)
}

func TestMembersStates(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.total = 0
	pagetest.Golden(t, "members_none", members(t, f).Frame(60, 10))
	f = newFake(t)
	f.err = errLocked
	pagetest.Golden(t, "members_failed", members(t, f).Frame(60, 10))
	b := pagetest.New(t, rules.NewMembers("recency", links()), newFake(t)).Settle()
	pagetest.Golden(t, "members_stages", b.Frame(80, 12))
}

func TestMembersLooks(t *testing.T) {
	t.Parallel()
	for name, look := range looks() {
		b := pagetest.New(t, rules.NewMembers("vip", links()), newFake(t))
		b.Context.Look = look
		pagetest.Golden(t, "members_"+name, b.Settle().Key("down").Frame(100, 12))
		anywhere(t, b)
	}
}

// Whatever is pressed, clicked and pasted, in whatever size, nothing panics, no
// line is too wide, and the cursor stays in the list.
func TestPagesTakeAnything(t *testing.T) {
	t.Parallel()
	program := pagetest.Program(t)
	keys := []string{
		"enter", "tab", "up", "down", "left", "right", "home", "end", "pgup", "pgdown", "backspace", "delete", "space",
		"a", "c", "e", "n", "p", "s", "v", "w", "/", "j", "G", "x", "7", "(", "'", "日", "ctrl+u", "ctrl+w", "esc",
	}
	project := pagetest.Project(t)
	rapid.Check(t, func(r *rapid.T) {
		word := rapid.SampledFrom([]string{"vip", luxury, "lifecycle", "recency", "recency.x", "count(order) ever > 1", program.Segments[3].DefinitionName()}).Draw(r, "word")
		pages := []page.Page{rules.NewRule(word, links()), rules.NewFunnel(word, links()), rules.NewMembers(word, links())}
		f := &fake{statement: "SELECT 1", total: rapid.SampledFrom([]int64{0, 1, 99, 100, 101, 250}).Draw(r, "total")}
		b := pagetest.New(t, rapid.SampledFrom(pages).Draw(r, "page"), f)
		b.Context.Project = project
		b.Settle()
		for range rapid.IntRange(1, 25).Draw(r, "steps") {
			switch rapid.IntRange(0, 5).Draw(r, "kind") {
			case 0:
				id := rapid.SampledFrom([]string{"row:0", "row:3", "row:999", "stage:1", "stage:99", "pick:2", "pick:x", "picker", "sql", "rule"}).Draw(r, "zone")
				b.Send(click(id, rapid.IntRange(-1, 1).Draw(r, "wheel")))
			case 1:
				b.Send(tea.PasteMsg{Content: rapid.StringN(0, 12, -1).Draw(r, "paste")})
			default:
				if key := rapid.SampledFrom(keys).Draw(r, "key"); key != "esc" {
					b.Key(key)
				} else if closing, ok := b.Page.(page.Closing); ok {
					closing.Close()
				}
			}
			w, h := rapid.IntRange(0, 130).Draw(r, "w"), rapid.IntRange(0, 40).Draw(r, "h")
			for line := range strings.SplitSeq(b.Frame(w, h), "\n") {
				require.LessOrEqual(r, draw.Width(line), w)
			}
		}
	})
}

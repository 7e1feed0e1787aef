package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"strata/tui/page"
	"strata/tui/pagetest"
	"strata/tui/rules"
)

const luxury = "luxury_cart_abandoners"

func TestFunnel(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := pagetest.New(t, rules.NewFunnel(luxury, links()), f).Settle()
	b.Goldens("funnel")
	require.Equal(t, []string{"funnel", luxury}, b.Page.CLI(&b.Context))
	b.Key("up", "space")
	require.Equal(t, page.Toast{Text: "choose a leaf with the arrows first"}, b.Last())
	b.Key("down", "down", "space").Goldens("funnel_off")
	require.Equal(t, []int{1}, f.off[len(f.off)-1])
	b.Key("up", "space", "down", "down", "space")
	require.Equal(t, page.Toast{Text: "one leaf has to stay"}, b.Last())
	require.Equal(t, []int{0, 1}, f.off[len(f.off)-1])
	b.Key("a")
	require.NotContains(t, b.Frame(100, 20), "(out)")
}

func TestFunnelOpensMembersUpToALeaf(t *testing.T) {
	t.Parallel()
	b := pagetest.New(t, rules.NewFunnel(luxury, links()), newFake(t)).Settle()
	b.Key("enter")
	require.Equal(t, "members sum(order.amount) last 6 months > $min_spend", opened(t, b))
	b.Key("down", "enter")
	require.Equal(t, "members (sum(order.amount) last 6 months > $min_spend) and "+
		"(count(product_view where category = 'Luxury Watches') last 48 hours >= 1)", opened(t, b))
	b.Key("end", "enter")
	require.Equal(t, "members "+luxury, opened(t, b))
	b.Key("e")
	require.Equal(t, "workbench "+luxury+" | ", opened(t, b))
}

func TestFunnelOfStages(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := pagetest.New(t, rules.NewFunnel("lifecycle", links()), f).Settle()
	require.Equal(t, "lifecycle.loyal", f.words[0])
	b.Key("right", "right")
	require.Equal(t, "lifecycle.repeat", f.words[len(f.words)-1])
	pagetest.Golden(t, "funnel_stages", b.Frame(80, 20))
	pagetest.Golden(t, "funnel_stages_narrow", b.Frame(40, 7))
	b.Send(click("stage:5", 0))
	require.Equal(t, "lifecycle.lead", f.words[len(f.words)-1])
	b.Send(click("stage:2", 0))
	require.Equal(t, []string{"funnel", "lifecycle.repeat"}, b.Page.CLI(&b.Context))
}

func TestFunnelStates(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := pagetest.New(t, rules.NewFunnel(luxury, links()), f).Settle()
	f.err = errLocked
	b.Context.AsOf = b.Context.AsOf.AddDate(0, 0, -1)
	pagetest.Golden(t, "funnel_failed", b.Settle().Frame(80, 20))
	f.err = nil
	b.Hold = map[string]bool{"funnel": true}
	b.Context.AsOf = b.Context.AsOf.AddDate(0, 0, -1)
	b.Settle()
	b.Context.Now = b.Context.Now.Add(2e9)
	pagetest.Golden(t, "funnel_old", b.Frame(80, 20))
	b = pagetest.New(t, rules.NewFunnel("nobody_knows", links()), f).Settle()
	pagetest.Golden(t, "funnel_wrong", b.Frame(60, 6))
}

func TestFunnelLooks(t *testing.T) {
	t.Parallel()
	for name, look := range looks() {
		b := pagetest.New(t, rules.NewFunnel(luxury, links()), newFake(t))
		b.Context.Look = look
		pagetest.Golden(t, "funnel_"+name, b.Settle().Key("down").Frame(100, 20))
		anywhere(t, b)
	}
}

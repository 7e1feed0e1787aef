package analyses

import (
	"testing"

	"github.com/stretchr/testify/require"

	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

func TestDriftWorstFirst(t *testing.T) {
	p := NewDrift(links())
	f := &fake{}
	b := on(t, p, f)
	all, _ := p.all(&b.Context)
	var names []string
	for _, d := range all {
		names = append(names, d.Name)
	}
	require.Equal(t, []string{"high_value", "vip", "buyers", wideName, rightName, "coupon_hunters", "store_list"}, names)
	b.Key("down", "s", "s", "s")
	require.Equal(t, "vip", p.chosen(&b.Context).Name, "the cursor stays on its segment")
	b.Key("D")
	require.Equal(t, []ask.DriftQuestion{{Days: 30}, {Days: 90}}, f.drifts)
	require.Equal(t, []string{"drift", "--from", "-90d"}, p.CLI(&b.Context))
	b.Key("enter")
	one, ok := b.Last().(page.Open).Page.(*DriftOf)
	require.True(t, ok)
	require.Equal(t, "vip", one.word)
	require.Equal(t, 90, one.days)
}

// What costs much is asked only when it is shown.
func TestDriftAsksForPartsThatAreShown(t *testing.T) {
	f := &fake{}
	p := NewDriftOf(links(), "vip")
	b := on(t, p, f)
	b.Key("tab")
	require.Equal(t, []ask.DriftQuestion{{Words: []string{"vip"}, Days: 30}}, f.drifts)
	b.Key("tab")
	require.Equal(t, ask.DriftQuestion{Words: []string{"vip"}, Days: 30, Composition: true}, f.drifts[1])
	b.Key("tab")
	require.Equal(t, ask.DriftQuestion{Words: []string{"vip"}, Days: 30, Why: true}, f.drifts[2])
	require.Len(t, f.drifts, 3)
	require.Equal(t, []string{"drift", "vip", "--why"}, p.CLI(&b.Context))
}

// The steps of the waterfall lead from the size then to the size now.
func TestWaterfallAddsUp(t *testing.T) {
	w := why()
	at := w.Size0
	for _, x := range w.Causes {
		at += x.Members
	}
	require.Equal(t, w.Size1, at)
	frame := on(t, NewDriftOf(links(), "vip"), &fake{}).Key("shift+tab").Frame(120, 32)
	require.Contains(t, frame, "members then")
	require.Regexp(t, `members then +904 `, frame)
	require.Regexp(t, `members now +828 `, frame)
	sum := int64(0)
	for _, x := range w.Causes {
		require.Contains(t, frame, draw.Signed(x.Members))
		sum += x.Members
	}
	require.Equal(t, int64(828-904), sum)
}

func TestBinsOpenAndClose(t *testing.T) {
	p := NewDriftOf(links(), "vip")
	b := on(t, p, &fake{}).Key("tab", "tab", "enter")
	require.Contains(t, b.Frame(120, 32), "then ")
	require.Equal(t, []string{"drift", "vip", "--trait", "plan"}, p.CLI(&b.Context))
	require.True(t, p.Close())
	b.Key("G", "enter")
	toast, ok := b.Last().(page.Toast)
	require.True(t, ok)
	require.Contains(t, toast.Text, "no values")
	require.Contains(t, b.Frame(120, 32), "5,120 different values", "the reason is shown")
}

package analyses

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
	"strata/tui/pagetest"
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
	require.Equal(t, []string{"high_value", "vip", wideName, rightName, "buyers", "coupon_hunters", "store_list"}, names)
	b.Key("down", "s", "s", "s")
	require.Equal(t, "vip", p.chosen(&b.Context).Name, "the cursor stays on its segment")
	b.Key("D")
	require.Equal(t, []ask.DriftQuestion{{Days: 30}, {Days: 30, Composition: true}, {Days: 90}, {Days: 90, Composition: true}}, f.drifts)
	require.Equal(t, []string{"drift", "--from", "-90d"}, p.CLI(&b.Context))
	b.Key("enter")
	one, ok := b.Last().(page.Open).Page.(*DriftOf)
	require.True(t, ok)
	require.Equal(t, "vip", one.word)
	require.Equal(t, 90, one.days)
}

// Sizes are shown before it is known what members are like; then what changed in
// them counts as much as what changed in size, and the cursor stays on its segment.
func TestDriftOfMembersComesLater(t *testing.T) {
	p := NewDrift(links())
	b := pagetest.New(t, p, &fake{})
	b.Hold[compositionSlot] = true
	b.Settle()
	b.Context.Now = b.Context.Now.Add(3 * time.Second)
	before := b.Frame(120, 32)
	require.Equal(t, "buyers", p.rows[2].Name)
	require.Contains(t, before, "comparing what members are like")
	require.NotContains(t, before, "esc stops", "it runs behind the others")
	require.Contains(t, before, "2 of 7 to look at")
	delete(b.Hold, compositionSlot)
	b.Context.AsOf = b.Context.AsOf.Add(time.Second)
	after := b.Settle().Frame(120, 32)
	require.Equal(t, "high_value", p.chosen(&b.Context).Name)
	require.Equal(t, wideName, p.rows[2].Name)
	require.Contains(t, after, "3 of 7 to look at")
	require.Regexp(t, wideName+` +✓ stable +! (major|watch)`, after)
	require.Contains(t, b.Key("down", "down").Frame(120, 32), "plan: 東京 pro 0.0%")
	needs := p.Needs(&b.Context)
	require.False(t, needs[0].Background)
	require.True(t, needs[1].Background)
}

// What is known of members at another moment is not set beside the sizes of this
// one.
func TestDriftOfMembersIsOfTheSameMoment(t *testing.T) {
	p := NewDrift(links())
	b := on(t, p, &fake{})
	b.Hold[compositionSlot] = true
	b.Context.AsOf = b.Context.AsOf.Add(-24 * time.Hour)
	b.Settle()
	all, _ := p.all(&b.Context)
	for _, d := range all {
		require.Nil(t, d.Composition, d.Name)
	}
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

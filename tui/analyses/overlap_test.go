package analyses

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/reports"
	"strata/segments/result"
	"strata/tui/draw"
	"strata/tui/page"
	"strata/tui/pagetest"
)

// on puts a page on the bench and draws it once.
func on(t *testing.T, p page.Page, f *fake) *pagetest.Bench {
	t.Helper()
	b := pagetest.New(t, p, f).Settle()
	b.Canvas(120, 32)
	return b
}

// last is what was opened last.
func last(t *testing.T, b *pagetest.Bench) opened {
	t.Helper()
	open, ok := b.Last().(page.Open)
	require.True(t, ok, "%T", b.Last())
	o, ok := open.Page.(opened)
	require.True(t, ok, "%T", open.Page)
	return o
}

func TestOverlapOpensTheIntersection(t *testing.T) {
	b := on(t, NewOverlap(links(), nil), &fake{})
	require.Equal(t, "active_readers and buyers", last(t, b.Key("enter")).word)
	require.Equal(t, "members", last(t, b).what)
	b.Key("down", "down", "down", "right")
	require.Equal(t, "workbench ", last(t, b.Key("n")).what)
	require.Equal(t, "contactable and cart_open", last(t, b).word)
	require.Equal(t, opened{what: "segment", word: "contactable"}, last(t, b.Key("o")))
	b.Key("right")
	require.Equal(t, "contactable", last(t, b.Key("enter")).word, "a segment with itself is the segment")
}

// From a segment one comes to its row, and to the segment that is most like it.
func TestOverlapBeginsAtASegment(t *testing.T) {
	b := on(t, NewOverlapAt(links(), "steady_spenders"), &fake{})
	require.Equal(t, "steady_spenders and high_spenders", last(t, b.Key("enter")).word)
	b = on(t, NewOverlapAt(links(), "active_readers"), &fake{})
	p, ok := b.Page.(*Overlap)
	require.True(t, ok)
	g, o := p.grid, p.grid.of
	best := *o.Pair(g.order[0], g.order[p.columns.Cursor]).Jaccard
	require.Zero(t, p.rows.Cursor)
	for column := 1; column < len(g.order); column++ {
		if q := o.Pair(g.order[0], g.order[column]); !q.Few {
			require.LessOrEqual(t, *q.Jaccard, best)
		}
	}
	b = on(t, NewOverlapAt(links(), "nobody_knows"), &fake{})
	require.Equal(t, "active_readers and buyers", last(t, b.Key("enter")).word)
}

// Where only picked segments are shown, the command and the file are about them.
func TestOverlapOfPickedNamesThem(t *testing.T) {
	p := NewOverlap(links(), nil)
	b := on(t, p, &fake{}).Key("space", "space", "p")
	b.Canvas(120, 32)
	require.Equal(t, []string{"overlap", "active_readers", "buyers", "--matrix", "row"}, p.CLI(&b.Context))
	require.Equal(t, []string{"overlap", "active_readers", "buyers", "--table", "matrix", "--matrix", "row"}, p.Exports(&b.Context)[1].Command)
	b.Key("tab")
	require.Equal(t, []string{"overlap", "--table", "sizes"}, p.CLI(&b.Context), "the other parts are about all")
}

// Too many for letters have numbers, and a number says what it numbers.
func TestOverlapNumbersSayWhatTheyNumber(t *testing.T) {
	g := &grid{order: make([]int, 27)}
	require.Equal(t, "row 3", g.called("row", 2))
	g.order = g.order[:26]
	require.Equal(t, "C", g.called("row", 2))
}

// A share that is there is never shown as none.
func TestJaccardIsNotRoundedAway(t *testing.T) {
	for x, want := range map[float64]string{0: "0.00", .001: "<0.01", .2: "0.20", .999: ">0.99", 1: "1.00"} {
		require.Equal(t, want, jaccardText(&x))
	}
	require.Equal(t, draw.Unknown, jaccardText(nil))
}

// A lift that is there is never shown as none.
func TestLiftIsNotRoundedAway(t *testing.T) {
	for x, want := range map[float64]string{0: "0", .04: "<.1", .05: "0.1", 1.04: "1.0", 9.96: "10.0", 12.4: "12", 4711: "4.7k"} {
		require.Equal(t, want, lift.text(x))
	}
}

// The words of a pair hold the numbers that sets have when they are counted one
// by one.
func TestPairWordsAreCounted(t *testing.T) {
	all := rules()
	place := func(name string) int { return slices.IndexFunc(all, func(r rule) bool { return r.name == name }) }
	reader, buyer := all[place("active_readers")], all[place("buyers")]
	var a, b, both int
	for _, p := range people() {
		x, y := reader.in(p), buyer.in(p)
		a, b, both = a+boolInt(x), b+boolInt(y), both+boolInt(x && y)
	}
	frame := on(t, NewOverlap(links(), nil), &fake{}).Frame(120, 32)
	require.Contains(t, frame, "A active_readers ∩ B buyers")
	require.Contains(t, frame, fmt.Sprintf("%.1f%% of A (%s of %s)", 100*float64(both)/float64(a), draw.Count(int64(both)), draw.Count(int64(a))))
	require.Contains(t, frame, fmt.Sprintf("expected by chance %.1f%%", 100*float64(b)/customers))
	require.Contains(t, frame, fmt.Sprintf("jaccard %.2f", float64(both)/float64(a+b-both)))
}

func TestOverlapMeasuresTurn(t *testing.T) {
	b := on(t, NewOverlap(links(), nil), &fake{})
	var seen []string
	for range 5 {
		head := strings.Split(b.Frame(120, 32), "\n")[3]
		seen = append(seen, strings.Fields(head)[1])
		b.Key("J")
	}
	require.Equal(t, []string{"row", "column", "Jaccard", "lift", "row"}, seen)
}

// Alike segments stand side by side, and the cursor stays on its pair.
func TestOverlapSorts(t *testing.T) {
	p := NewOverlap(links(), nil)
	b := on(t, p, &fake{})
	b.Key("down", "down", "down") // contactable and buyers
	before := p.word(&b.Context)
	b.Key("S")
	require.Equal(t, before, p.word(&b.Context))
	var order []string
	for at := range p.grid.order {
		order = append(order, p.grid.unit(at).Name)
	}
	require.Equal(t, "buyers", order[0], "the largest comes first")
	require.Equal(t, 1, max(slices.Index(order, "high_spenders")-slices.Index(order, "steady_spenders"), slices.Index(order, "steady_spenders")-slices.Index(order, "high_spenders")))
	again := NewOverlap(links(), nil)
	on(t, again, &fake{}).Key("S")
	require.Equal(t, p.grid.order, again.grid.order)
	b.Key("S")
	require.Equal(t, before, p.word(&b.Context))
}

func TestOverlapPicks(t *testing.T) {
	p := NewOverlap(links(), nil)
	f := &fake{}
	b := on(t, p, f)
	b.Key("space", "space", "p")
	require.Contains(t, b.Frame(120, 32), "2 of 14 segments")
	require.Equal(t, map[string]bool{"active_readers": true, "buyers": true}, b.Context.Memory[pickedKey])
	again := pagetest.New(t, NewOverlap(links(), nil), &fake{})
	again.Context.Memory = b.Context.Memory
	require.Contains(t, again.Settle().Frame(120, 32), "2 picked", "picks survive the page")
	b.Key("p", "a")
	require.Empty(t, b.Context.Memory[pickedKey])
	b.Key("a")
	require.Len(t, b.Context.Memory[pickedKey], 14)
	b.Key("v")
	toast, ok := b.Last().(page.Toast)
	require.True(t, ok)
	require.Contains(t, toast.Text, "up to three")
	require.Equal(t, 1, f.overlaps, "nothing is asked again for a choice")
	b.Key("u")
	require.Contains(t, b.Frame(120, 32), "16 segments and stages")
}

// The regions of a Venn are counted one by one and open their own rule.
func TestVennRegions(t *testing.T) {
	p := NewOverlap(links(), nil)
	b := on(t, p, &fake{})
	picked(&b.Context)["vip"] = true
	picked(&b.Context)["active_readers"] = true
	picked(&b.Context)[wideName] = true
	b.Key("v")
	names := p.vennNames(&b.Context)
	require.Len(t, names, 3)
	regions, _, ok := p.vennRegions(&b.Context)
	require.True(t, ok)
	require.Len(t, regions, 7)
	all := rules()
	for _, r := range regions {
		count := int64(0)
		for _, person := range people() {
			fits := true
			for _, u := range all {
				switch {
				case slices.Contains(r.in, u.name):
					fits = fits && u.in(person)
				case slices.Contains(r.out, u.name):
					fits = fits && !u.in(person)
				}
			}
			count += int64(boolInt(fits))
		}
		require.Equal(t, count, r.customers, r.said())
	}
	b.Key("G")
	require.Equal(t, wideName+" and not (active_readers or vip)", last(t, b.Key("enter")).word)
	require.True(t, p.Close(), "esc goes back to the map")
	require.False(t, p.Close())
}

func TestExclusiveSetsOpenTheirRule(t *testing.T) {
	p := NewOverlap(links(), nil)
	b := on(t, p, &fake{}).Key("tab", "tab")
	word := last(t, b.Key("enter")).word
	require.True(t, strings.HasPrefix(word, "buyers and contactable and lapsed_30_days and not (active_readers or "), word)
	require.NotContains(t, word, "lifecycle.")
}

func TestOverlapClicks(t *testing.T) {
	p := NewOverlap(links(), nil)
	b := on(t, p, &fake{})
	b.Send(page.Click{ID: "map", X: p.seen.names + 3*cellWidth + 1, Y: 4})
	require.Equal(t, "coupon_hunters and contactable", p.word(&b.Context))
	b.Send(page.Click{ID: "map", X: p.seen.names + 3*cellWidth + 1, Y: 4})
	require.Equal(t, "coupon_hunters and contactable", last(t, b).word)
	b.Send(page.Click{ID: "part:3"})
	require.Contains(t, b.Frame(120, 32), "near duplicate:")
}

// Of hundreds of segments only those that are seen are looked at.
func TestOverlapOfHundreds(t *testing.T) {
	bits := result.Bits{Customers: 64 * 50}
	var units []reports.OverlapUnit
	for i := range 300 {
		set := make([]uint64, 50)
		for w := range set {
			set[w] = uint64(i+1) * 0x9E3779B97F4A7C15 >> (w % 7)
		}
		bits.Sets = append(bits.Sets, set)
		units = append(units, reports.OverlapUnit{Name: fmt.Sprintf("segment_%03d", i)})
	}
	o := reports.NewOverlap(units, bits, reports.OverlapOptions{Sets: 20, BaseRate: .02, Holdout: .1})
	f := &fixed300{o: o}
	p := NewOverlap(links(), nil)
	b := pagetest.New(t, p, f).Settle()
	b.Canvas(120, 32)
	b.Key("G", "end")
	require.Contains(t, b.Frame(120, 32), "300 segment_299")
	require.Contains(t, b.Frame(120, 32), "row 300, column 300 of 300")
	require.LessOrEqual(t, len(p.grid.tested), 2, "only pairs under the cursor are tested")
}

type fixed300 struct {
	fake

	o *reports.Overlap
}

func TestOverlapOf(t *testing.T) {
	p := NewOverlapOf(links(), "vip")
	b := on(t, p, &fake{})
	require.Equal(t, "vip and high_value", last(t, b.Key("enter")).word)
	list := p.pairs(&b.Context)
	require.Len(t, list, 15)
	for i := 1; i < len(list); i++ {
		if a, c := list[i-1], list[i]; !a.Few && !c.Few && c.Both > 0 {
			require.GreaterOrEqual(t, *a.Lift, *c.Lift)
		}
	}
	b.Key("s")
	require.Equal(t, "high_value", p.pairs(&b.Context)[p.list.Cursor].B, "the cursor stays on its segment")
	require.InDelta(t, 1, *p.pairs(&b.Context)[0].AInB, 0)
	require.Equal(t, []string{"overlap", "vip", "high_value"}, p.CLI(&b.Context))
}

func TestOverlapOfStagesAndOthers(t *testing.T) {
	b := on(t, NewOverlapOf(links(), "lifecycle.loyal"), &fake{})
	frame := b.Frame(120, 32)
	require.Contains(t, frame, "frequent_6_months")
	require.NotContains(t, frame, "lifecycle.lapsed", "stages of one partition exclude each other")
	require.Contains(t, on(t, NewOverlapOf(links(), "lifecycle"), &fake{}).Frame(120, 32), "open one of its stages")
	require.Contains(t, on(t, NewOverlapOf(links(), "ltv > 5"), &fake{}).Frame(120, 32), "has a name")
}

package workbench

import (
	"strings"

	"strata/segments/result"
	"strata/tui/draw"
	"strata/tui/page"
)

// drawFunnel draws what each leaf does.
func (p *Page) drawFunnel(c *page.Context, a draw.Area) {
	in := a.Panel(framed(a, draw.Frame{Title: "Funnel", Foot: p.funnelFoot(), Focus: p.focus == onFunnel && p.conflict == nil, Zone: "funnel"}))
	words := p.funnelWords(c)
	n := 0
	for _, w := range words {
		n += len(draw.Lines(w, in.W))
	}
	table := in
	if in.H > n+5 && n > 0 { //nolint:mnd // The head, some leaves and a blank line.
		table, _ = in.Bottom(n + 1)
	}
	used := p.drawLeaves(c, table)
	if table.H < in.H && used > 0 {
		below := in.Sub(0, min(used+1, table.H+1), in.W, n)
		y := 0
		for _, w := range words {
			y += below.Sub(0, y, below.W, below.H).Wrap(0, 0, draw.Dim, w)
		}
	}
}

func (p *Page) funnelFoot() string {
	if p.focus != onFunnel {
		return ""
	}
	text := "space switches a leaf off"
	if p.threshold() != nil {
		text += " · , . move the threshold"
	}
	return text
}

// leaves is the funnel that is shown, the leaves that are off left out where that
// was counted, and whether it is about another rule.
func (p *Page) leaves(c *page.Context) (f result.Funnel, has, fits bool) {
	got := page.Answer[sieved](c, "funnel")
	if !got.Has {
		return f, false, false
	}
	f, fits = got.Value.funnel, !got.Old && got.Value.key == p.key()
	without := page.Answer[sieved](c, "without")
	if fits && len(p.off) > 0 && without.Has && !without.Old && without.Value.key == p.key() && without.Value.off == p.offKey() &&
		len(without.Value.funnel.Leaves) == len(f.Leaves) {
		f = without.Value.funnel
	}
	return f, true, fits
}

// drawLeaves draws the table of leaves and returns the lines used.
func (p *Page) drawLeaves(c *page.Context, a draw.Area) int {
	f, has, fits := p.leaves(c)
	if !has {
		if p.word() == "" {
			return a.Wrap(0, 0, draw.Dim, "each leaf of the rule with its size comes here")
		}
		return page.DrawState(c, a, page.Answer[sieved](c, "funnel").State, "counting leaves")
	}
	p.funnel.Resize(len(f.Leaves) + 1)
	y := 0
	if !fits || !p.shownIsGood() && c.Width >= twoPanes {
		text := "of the rule before"
		if !p.shownIsGood() && fits {
			text = "of the last right rule"
		}
		y = a.Wrap(0, 0, draw.Dim, text)
	}
	const bar = 10
	columns := []draw.Column{
		{Title: "leaf", Min: 24, Grow: true},
		{Title: "alone", Right: true, Drop: 2},
		{Title: "so far", Right: true},
		{Title: "drops", Right: true, Drop: 1},
		{Title: "", Min: bar, Drop: 3},
	}
	room := a.Sub(0, y, a.W, a.H-y)
	room.Table(draw.Table{
		Columns: columns, List: &p.funnel, Zone: "leaf", Dim: !fits || !p.shownIsGood(), NoCursor: p.focus != onFunnel,
		Row: func(i int) []draw.Cell { return p.leafRow(f, i-1, bar, a.Look()) },
	})
	return min(a.H, y+1+len(f.Leaves)+1)
}

// leafRow is the row of a leaf, -1 being all customers.
func (p *Page) leafRow(f result.Funnel, i, bar int, look draw.Look) []draw.Cell {
	if i < 0 {
		all := draw.Count(f.Customers)
		return []draw.Cell{{Text: "all customers", Style: draw.Dim}, {Text: all, Style: draw.Dim}, {Text: all}, {}, {}}
	}
	leaf := f.Leaves[i]
	before := f.Customers
	if i > 0 {
		before = f.Leaves[i-1].SoFar
	}
	text := leaf.Rule
	if named(leaf) && leaf.Name != leaf.Rule {
		text = leaf.Name + "  " + leaf.Rule
	}
	if p.off[i] {
		return []draw.Cell{{Text: "off: " + text, Style: draw.Dim}, {Text: draw.Count(leaf.Alone), Style: draw.Dim}, {Text: "off", Style: draw.Dim}, {}, {}}
	}
	return []draw.Cell{
		{Text: text},
		{Text: draw.Count(leaf.Alone)},
		{Text: draw.Count(leaf.SoFar), Style: draw.Bold},
		{Text: dropOf(before, leaf.SoFar)},
		{Text: look.Bar(float64(leaf.SoFar)/float64(longest(f)), bar), Style: draw.Accent},
	}
}

// longest is the size that the longest bar stands for: the largest of the leaves,
// as all customers would leave nothing to see of the others.
func longest(f result.Funnel) int64 {
	most := int64(1)
	for _, leaf := range f.Leaves {
		most = max(most, leaf.SoFar)
	}
	return most
}

// named tells a leaf with a name of its own from one that is only counted.
func named(leaf result.Leaf) bool {
	number, ok := strings.CutPrefix(leaf.Name, "c")
	return !ok || number == "" || strings.Trim(number, "0123456789") != ""
}

// spoken is how sentences speak of a leaf.
func spoken(leaf result.Leaf, look draw.Look) string {
	const most = 32
	if named(leaf) {
		return leaf.Name
	}
	return `"` + draw.Cut(leaf.Rule, most, look) + `"`
}

func dropOf(before, after int64) string {
	if before == after {
		return "0.0%"
	}
	return draw.Change(before, after)
}

// funnelWords say which leaf matters most, and which changes nothing.
func (p *Page) funnelWords(c *page.Context) []string {
	got := page.Answer[sieved](c, "funnel")
	if !got.Has || got.Old || got.Value.key != p.key() || !p.shownIsGood() || len(got.Value.funnel.Leaves) < 2 {
		return nil
	}
	f := got.Value.funnel
	most, by := -1, int64(0)
	var idle []string
	for i, leaf := range f.Leaves {
		change := leaf.Without - f.Members
		change = max(change, -change)
		if change > by {
			most, by = i, change
		}
		if change == 0 {
			idle = append(idle, spoken(leaf, c.Look))
		}
	}
	var words []string
	if most >= 0 {
		words = append(words, spoken(f.Leaves[most], c.Look)+" matters most: without it there are "+draw.Plural(f.Leaves[most].Without, "member", "members")+".")
	}
	if len(idle) > 0 && most >= 0 {
		verb := " changes"
		if len(idle) > 1 {
			verb = " change"
		}
		words = append(words, strings.Join(idle, ", ")+verb+" nothing: without it the size is the same.")
	}
	return words
}

// drawNumbers draws size and funnel in one panel, for narrow screens.
func (p *Page) drawNumbers(c *page.Context, a draw.Area) {
	in := a.Panel(framed(a, draw.Frame{Title: "Size", Foot: p.funnelFoot(), Focus: p.focus != onText && p.conflict == nil, Zone: "funnel"}))
	look := in.Look()
	size := p.sizeLines(c, look)
	difference := p.differenceLines(c, look)
	if in.H < 9 { //nolint:mnd // Little room: the number, and who joins and leaves.
		size = size[:min(len(size), 1)]
		difference = difference[max(0, len(difference)-1):]
	}
	if in.H < 6 { //nolint:mnd // The leaves need what is there.
		difference = nil
	}
	if in.W >= 70 && len(size) > 0 && len(difference) > 0 { //nolint:mnd // Side by side.
		width := in.W / 2
		n := max(putLines(in.Sub(0, 0, width-1, in.H), size), putLines(in.Sub(width, 0, in.W-width, in.H), difference))
		p.drawRest(c, in.Sub(0, n, in.W, in.H-n))
		return
	}
	n := putLines(in, append(size, difference...))
	p.drawRest(c, in.Sub(0, n, in.W, in.H-n))
}

// drawRest draws the funnel below the size, and beside it the curve or customers
// where they were asked for.
func (p *Page) drawRest(c *page.Context, a draw.Area) {
	if a.H > 4 { //nolint:mnd // A blank line where there is room.
		a = a.Sub(0, 1, a.W, a.H-1)
	}
	if p.focus == onSample {
		p.drawSamples(c, a)
		return
	}
	if p.threshold() != nil && a.H >= 4+p.funnel.Len { //nolint:mnd // The funnel, a blank line and some values.
		used := p.drawLeaves(c, a.Sub(0, 0, a.W, p.funnel.Len+1))
		p.drawCurve(c, a.Sub(0, used+1, a.W, a.H-used-1))
		return
	}
	p.drawLeaves(c, a)
}

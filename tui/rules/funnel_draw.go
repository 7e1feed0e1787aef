package rules

import (
	"slices"
	"strconv"
	"strings"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/result"
	"strata/tui/draw"
	"strata/tui/page"
)

// Draw implements page.Page.
func (p *Funnel) Draw(c *page.Context, a draw.Area) {
	word, s, wrong := p.subject(c)
	if wrong != "" {
		in := a.Panel(draw.Frame{Title: "Funnel", Focus: true})
		in.Wrap(0, 0, draw.Normal, wrong)
		return
	}
	got := page.Answer[result.Funnel](c, "funnel")
	title := "Funnel of " + oneLine(word)
	foot := page.Waiting(c, got.State, "counting")
	if got.Has && foot == "" {
		foot = draw.Plural(int64(len(got.Value.Leaves)), "leaf", "leaves")
		if len(got.Value.Leaves) > 1 {
			foot += dot(a.Look()) + "space takes one out"
		}
	}
	in := a.Panel(draw.Frame{Title: title, Foot: foot, Focus: true, Zone: "funnel"})
	if s.partition != nil && s.stage < 0 {
		in = drawStages(in, s, p.stages.chosen)
	}
	if !got.Has {
		page.DrawState(c, in, got.State, "counting")
		return
	}
	if got.Err != nil && !got.Loading {
		in = drawTrouble(in, got.Err)
	}
	p.list.Resize(len(got.Value.Leaves) + 1)
	words := p.words(c, s, got.Value)
	// The words below take what the table leaves free, and a third of a small
	// screen.
	room := max(in.H-len(got.Value.Leaves)-3, min(in.H/3, 6)) //nolint:mnd // The head, all customers, a blank line.
	below := wrapAll(words, in.W, min(room, in.H-4))
	table := in.Sub(0, 0, in.W, in.H-len(below))
	if len(below) > 0 {
		table.H = min(table.H, len(got.Value.Leaves)+2)
	}
	p.drawTable(table, got.Value, got.Old)
	for i, line := range below {
		in.Spans(0, table.H+1+i, line.spans...)
	}
}

// wrapAll breaks lines, and leaves out what has no room.
func wrapAll(lines []textLine, width, height int) []textLine {
	var out []textLine
	for _, line := range lines {
		out = append(out, line.wrap(width)...)
	}
	return out[:max(0, min(len(out), height-1))]
}

// drawStages shows which stage of a partition is chosen, and returns what is
// left of the area. The mouse hits them as "stage:0" and so on.
func drawStages(a draw.Area, s subject, chosen int) draw.Area {
	list := s.partition.Stages
	left := a.Put(0, 0, draw.Dim, "stage ")
	from := 0
	for wide := stagesWidth(list[:chosen+1]); from < chosen && wide > a.W-left-2; from++ {
		wide -= stagesWidth(list[from : from+1])
	}
	x := left
	for i := from; i < len(list); i++ {
		text, style := " "+list[i].Name+" ", draw.Dim
		if i == chosen {
			text, style = "["+list[i].Name+"]", draw.Accent|draw.Bold
		}
		if i > from && x+draw.Width(text) > a.W-2 {
			a.Put(x, 0, draw.Dim, " "+a.Look().Sign(draw.SignMore))
			break
		}
		a.Sub(x, 0, draw.Width(text), 1).Zone("stage:" + strconv.Itoa(i))
		x = a.Put(x, 0, style, text)
	}
	hint := "←→ chooses"
	if a.Look().Simple() {
		hint = "left, right choose"
	}
	if x+draw.Width(hint)+2 <= a.W {
		a.Right(a.W, 0, draw.Dim, hint)
	}
	skip := 1
	if a.H > 10 { //nolint:mnd // A blank line where there is room.
		skip++
	}
	return a.Sub(0, skip, a.W, a.H-skip)
}

// stagesWidth is the width of the names of stages with a blank on both sides.
func stagesWidth(list []check.Stage) int {
	width := 0
	for _, stage := range list {
		width += draw.Width(stage.Name) + 2 //nolint:mnd // The blanks.
	}
	return width
}

// How wide the bars are, and the names of leaves at most.
const (
	barWidth  = 10
	barWide   = 20
	nameWidth = 30
)

// bars is how wide the bars are: wider where no rule stands beside them.
func bars(width int, f result.Funnel) int {
	if width < twoPanes && width >= 70 && !unnamed(f) {
		return barWide
	}
	return barWidth
}

func (p *Funnel) drawTable(a draw.Area, f result.Funnel, old bool) {
	columns := []draw.Column{
		{Title: "leaf", Min: 12},
		{Title: "alone", Right: true, Drop: 2},
		{Title: "so far", Right: true},
		{Title: "change", Right: true},
		{Title: "", Min: bars(a.W, f), Drop: 4},
		{Title: "without it", Right: true, Drop: 3},
		{Title: "rule", Min: 20, Grow: a.W >= twoPanes-10, Drop: 5},
	}
	if a.W < twoPanes-10 || unnamed(f) {
		columns = columns[:len(columns)-1]
	}
	a.Table(draw.Table{
		Columns: columns, List: &p.list, Zone: "row", Dim: old,
		Row: func(i int) []draw.Cell {
			if i == 0 {
				n := draw.Count(f.Customers)
				return []draw.Cell{{Text: "all customers"}, {Text: n}, {Text: n}}
			}
			return p.row(a, f, i-1)
		},
	})
}

// unnamed reports whether no leaf has a name of its own.
func unnamed(f result.Funnel) bool {
	return !slices.ContainsFunc(f.Leaves, func(l result.Leaf) bool { return called(l) == l.Name })
}

// called is the name of a leaf, or its rule where it got a number for a name.
func called(leaf result.Leaf) string {
	if rest, ok := strings.CutPrefix(leaf.Name, "c"); ok && rest != "" && strings.Trim(rest, "0123456789") == "" {
		return oneLine(leaf.Rule)
	}
	return leaf.Name
}

// nameRoom is how wide leaves may be: what two columns of numbers leave, or the
// half where rules stand there.
func nameRoom(a draw.Area, f result.Funnel) int {
	room := max(8, a.W-24) //nolint:mnd // Two columns of numbers.
	if unnamed(f) {
		return min(room, max(nameWidth, a.W/2)) //nolint:mnd // The half.
	}
	return min(room, nameWidth)
}

// row is the row of a leaf.
func (p *Funnel) row(a draw.Area, f result.Funnel, i int) []draw.Cell {
	leaf := f.Leaves[i]
	before := f.Customers
	if i > 0 {
		before = f.Leaves[i-1].SoFar
	}
	style, name := draw.Normal, draw.Cut(called(leaf), nameRoom(a, f), a.Look())
	if slices.Contains(p.off, i) {
		style, name = draw.Dim, name+" (out)"
	}
	change, bar := "", ""
	if before > 0 {
		share := float64(leaf.SoFar-before) / float64(before)
		change = draw.Change(before, leaf.SoFar)
		if share > 0 { // Of a rule whose parts add up.
			change = draw.Signed(leaf.SoFar - before)
		}
		if share < 0 {
			bar = a.Look().Bar(-share, bars(a.W, f))
		}
	}
	left, rule := draw.Count(leaf.Without), oneLine(leaf.Rule)
	if rule == leaf.Name {
		rule = ""
	}
	if leaf.Without == f.Members && len(f.Leaves) > 1 {
		left += " ="
	}
	return []draw.Cell{
		{Text: name, Style: style},
		{Text: draw.Count(leaf.Alone), Style: style},
		{Text: draw.Count(leaf.SoFar), Style: style | draw.Bold},
		{Text: change, Style: style},
		{Text: bar, Style: barStyle(style)},
		{Text: left, Style: style},
		{Text: rule, Style: draw.Dim},
	}
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// words say what the table means.
func (p *Funnel) words(c *page.Context, s subject, f result.Funnel) []textLine {
	var lines []textLine
	lines = append(lines, p.withoutWords(c, f)...)
	if text := selectiveWords(s, f); text != "" {
		lines = append(lines, plain(draw.Normal, text))
	}
	if names := redundant(f); len(names) > 0 && len(f.Leaves) > 1 {
		text := "Without " + names[0] + " the size would be the same: it decides nothing."
		if len(names) > 1 {
			text = "Each of these can go without a change of the size: " + strings.Join(names, ", ") + "."
		}
		lines = append(lines, plain(draw.Normal, text))
	}
	if at := p.list.Cursor - 1; at >= 0 && at < len(f.Leaves) {
		leaf := f.Leaves[at]
		line := textLine{hang: step}
		if called(leaf) == leaf.Name && leaf.Name != leaf.Rule {
			line.spans = []draw.Span{{Style: draw.Bold, Text: leaf.Name}, {Text: "  "}}
		}
		line.spans = append(line.spans, ruleSpans(oneLine(leaf.Rule))...)
		if len(lines) > 0 {
			lines = append(lines, textLine{})
		}
		lines = append(lines, line)
	}
	return lines
}

// withoutWords say what the leaves that were taken out change.
func (p *Funnel) withoutWords(c *page.Context, f result.Funnel) []textLine {
	var names []string
	for _, at := range p.off {
		if at < len(f.Leaves) {
			names = append(names, called(f.Leaves[at]))
		}
	}
	if len(names) == 0 {
		return nil
	}
	head := "Without " + strings.Join(names, " and ") + ": "
	got := page.Answer[result.Funnel](c, "off")
	switch {
	case got.Err != nil:
		return []textLine{plain(draw.Bad, head+got.Err.Error()), {}}
	case !got.Has || got.Old:
		return []textLine{plain(draw.Dim, head+"counting"), {}}
	}
	members := got.Value.Members
	return []textLine{{spans: []draw.Span{
		{Text: head},
		{Style: draw.Bold, Text: draw.Plural(members, "member", "members")},
		{Text: ", " + draw.Signed(members-f.Members) + " to the " + draw.Count(f.Members) + " of the whole rule"},
	}}, {}}
}

// selectiveWords name the leaf that holds for the fewest, or the most where one
// of them is enough.
func selectiveWords(s subject, f result.Funnel) string {
	kind := definition.All
	if s.segment != nil && s.segment.Definition != nil && s.segment.Definition.Where != nil {
		kind = s.segment.Definition.Where.Kind
	}
	if len(f.Leaves) < 2 || f.Customers == 0 { //nolint:mnd // One alone is nothing to choose from.
		return ""
	}
	best := slices.MinFunc(f.Leaves, func(x, y result.Leaf) int { return int(x.Alone - y.Alone) })
	text := "Most selective: "
	if kind != definition.All {
		best = slices.MaxFunc(f.Leaves, func(x, y result.Leaf) int { return int(x.Alone - y.Alone) })
		text = "Holds for most: "
	}
	return text + called(best) + ", alone true for " + draw.Count(best.Alone) + " of " + draw.Plural(f.Customers, "customer", "customers") +
		" (" + draw.Percent(float64(best.Alone)/float64(f.Customers), 1) + ")."
}

// redundant are the leaves without which the size is the same.
func redundant(f result.Funnel) []string {
	var names []string
	for _, leaf := range f.Leaves {
		if leaf.Without == f.Members {
			names = append(names, called(leaf))
		}
	}
	return names
}

// barStyle is that of the bar of a leaf: dim where the leaf is out.
func barStyle(leaf draw.Style) draw.Style {
	if leaf == draw.Normal {
		return draw.Accent
	}
	return leaf
}

package rules

import (
	"slices"
	"strings"

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
	title := "Funnel of " + word
	foot := page.Waiting(c, got.State, "counting")
	if got.Has && foot == "" {
		foot = draw.Plural(int64(len(got.Value.Leaves)), "leaf", "leaves") + dot(a.Look()) + "space takes one out"
	}
	in := a.Panel(draw.Frame{Title: title, Foot: foot, Focus: true, Zone: "funnel"})
	if s.partition != nil && s.stage < 0 {
		in = drawStages(in, s, p.stages.chosen)
	}
	if !got.Has {
		page.DrawState(c, in, got.State, "counting")
		return
	}
	if got.Err != nil {
		in, _ = drawTrouble(in, got.Err)
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
	p.drawTable(c, table, got.Value, got.Old)
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
// left of the area.
func drawStages(a draw.Area, s subject, chosen int) draw.Area {
	names := make([]string, len(s.partition.Stages))
	for i, stage := range s.partition.Stages {
		names[i] = stage.Name
	}
	x := a.Put(0, 0, draw.Dim, "stage ")
	a.Sub(x, 0, a.W-x, 1).Tabs(0, names, chosen)
	skip := 1
	if a.H > 10 { //nolint:mnd // A blank line where there is room.
		skip++
	}
	return a.Sub(0, skip, a.W, a.H-skip)
}

// The columns of a funnel.
const barWidth = 10

func (p *Funnel) drawTable(c *page.Context, a draw.Area, f result.Funnel, old bool) {
	columns := []draw.Column{
		{Title: "leaf", Min: 12, Grow: a.W < 80},
		{Title: "alone", Right: true, Drop: 2},
		{Title: "so far", Right: true},
		{Title: "change", Right: true},
		{Title: "", Min: barWidth, Drop: 4},
		{Title: "left out", Right: true, Drop: 3},
		{Title: "rule", Min: 20, Grow: a.W >= 80, Drop: 5},
	}
	a.Table(draw.Table{
		Columns: columns, List: &p.list, Zone: "row", Dim: old,
		Row: func(i int) []draw.Cell {
			if i == 0 {
				n := draw.Count(f.Customers)
				return []draw.Cell{{Text: "all customers"}, {Text: n}, {Text: n}}
			}
			return p.row(c, a.Look(), f, i-1)
		},
	})
}

// row is the row of a leaf.
func (p *Funnel) row(c *page.Context, look draw.Look, f result.Funnel, i int) []draw.Cell {
	leaf := f.Leaves[i]
	before := f.Customers
	if i > 0 {
		before = f.Leaves[i-1].SoFar
	}
	style, name := draw.Normal, leaf.Name
	if slices.Contains(p.off, i) {
		style, name = draw.Dim, name+" (out)"
	}
	change, bar := "", ""
	if before > 0 {
		share := float64(leaf.SoFar-before) / float64(before)
		change = draw.Change(before, leaf.SoFar)
		if share < 0 {
			bar = look.Bar(-share, barWidth)
		}
	}
	left := draw.Count(leaf.Without)
	if leaf.Without == f.Members && len(f.Leaves) > 1 {
		left += " ="
	}
	return []draw.Cell{
		{Text: name, Style: style}, {Text: draw.Count(leaf.Alone), Style: style}, {Text: draw.Count(leaf.SoFar), Style: style | draw.Bold},
		{Text: change, Style: style}, {Text: bar, Style: draw.Accent}, {Text: left, Style: style}, {Text: oneLine(leaf.Rule), Style: draw.Dim},
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
		text := "Without " + names[0] + " the size is the same: it decides nothing."
		if len(names) > 1 {
			text = "Each of these can go without a change of the size: " + strings.Join(names, ", ") + "."
		}
		lines = append(lines, plain(draw.Normal, text))
	}
	if at := p.list.Cursor - 1; at >= 0 && at < len(f.Leaves) {
		leaf := f.Leaves[at]
		line := textLine{hang: step, spans: []draw.Span{{Style: draw.Bold, Text: leaf.Name}, {Text: "  "}}}
		line.spans = append(line.spans, ruleSpans(oneLine(leaf.Rule))...)
		lines = append(lines, textLine{}, line)
	}
	return lines
}

// withoutWords say what the leaves that were taken out change.
func (p *Funnel) withoutWords(c *page.Context, f result.Funnel) []textLine {
	var names []string
	for _, at := range p.off {
		if at < len(f.Leaves) {
			names = append(names, f.Leaves[at].Name)
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
	return text + best.Name + ", alone true for " + draw.Count(best.Alone) + " of " + draw.Plural(f.Customers, "customer", "customers") +
		" (" + draw.Percent(float64(best.Alone)/float64(f.Customers), 1) + ")."
}

// redundant are the leaves without which the size is the same.
func redundant(f result.Funnel) []string {
	var names []string
	for _, leaf := range f.Leaves {
		if leaf.Without == f.Members {
			names = append(names, leaf.Name)
		}
	}
	return names
}

package analyses

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"strata/reports"
	"strata/tui/draw"
)

// coverEnough is the share of the reach that a cover is stopped at in words.
const coverEnough = 0.98

// reachUnit is a unit with its step of the cover, nil for one that adds nobody.
type reachUnit struct {
	unit  reports.OverlapUnit
	step  *reports.OverlapStep
	place int
}

// reachOrders are what sizes are sorted by.
func reachOrders() []string { return []string{"cover", "size", "only here", "name"} }

// reachUnits are the units as the table has them.
func (p *Overlap) reachUnits(o *reports.Overlap) []reachUnit {
	all := make([]reachUnit, 0, len(o.Units))
	for _, u := range o.Units {
		r := reachUnit{unit: u, place: len(o.Cover)}
		for k := range o.Cover {
			if o.Cover[k].Name == u.Name {
				r.step, r.place = &o.Cover[k], k
			}
		}
		all = append(all, r)
	}
	slices.SortStableFunc(all, func(a, b reachUnit) int {
		size := cmp.Compare(b.unit.Size, a.unit.Size)
		switch p.reachBy {
		case 1:
			return size
		case 2: //nolint:mnd // As reachOrders has it.
			return cmp.Or(cmp.Compare(b.unit.Unique, a.unit.Unique), size)
		case 3: //nolint:mnd // As reachOrders has it.
			return cmp.Compare(a.unit.Name, b.unit.Name)
		}
		return cmp.Or(cmp.Compare(a.place, b.place), size)
	})
	return all
}

// reachFacts are what the segments reach together.
func reachFacts(o *reports.Overlap) [][2]string {
	r := o.Reach
	if r.Net == 0 {
		return [][2]string{{"reach", "nobody is in any of them"}}
	}
	facts := [][2]string{
		{"reach", fmt.Sprintf("%s memberships (gross) of %s customers (net), %s each", draw.Count(r.Gross), draw.Count(r.Net), numberOf(r.Mean, 2))}, //nolint:mnd // Places.
		{"coverage", fmt.Sprintf("%s of %s customers; %s are in none", exactPercent(r.Coverage), draw.Count(r.Customers), draw.Count(r.None))},
		{"pressure", fmt.Sprintf("%s customers are in %d or more (%s of those reached)", draw.Count(r.Many), reports.OverlapMany, partOf(r.Many, r.Net))},
	}
	at := slices.IndexFunc(o.Cover, func(s reports.OverlapStep) bool { return s.Share != nil && *s.Share >= coverEnough })
	if at >= 0 {
		facts = append(facts, [2]string{"cover", fmt.Sprintf("%d of %d segments already cover %s of those reached", at+1, r.Units, exactPercent(o.Cover[at].Share))})
	}
	return facts
}

// drawReach draws the reach, and sizes with the cover and what each unit could
// show.
func (p *Overlap) drawReach(a draw.Area, o *reports.Overlap, style draw.Style) {
	const label = 10
	l := &lines{a: a}
	facts := reachFacts(o)
	if a.H < previewTall {
		facts = facts[:min(1, len(facts))]
	}
	for _, fact := range facts {
		l.fact(fact[0], label, style, fact[1])
	}
	if a.H >= airyFrom {
		l.fact("lift", label, draw.Dim, fmt.Sprintf("the smallest that a campaign would find with %s held out, where %s buy without it",
			draw.Percent(o.Options.Holdout, 0), draw.Percent(o.Options.BaseRate, 0)))
	}
	l.gap()
	units := p.reachUnits(o)
	list := &p.lists[partReach]
	list.Resize(len(units))
	look := a.Look()
	p.tall = l.rest().Table(draw.Table{
		Columns: []draw.Column{
			{Title: sorted(a.Look(), "segment", p.reachBy == 3), Min: nameWidth(a, func(i int) string { return units[i].unit.Name }, len(units)), Grow: true},
			{Title: sorted(a.Look(), "members", p.reachBy == 1), Right: true},
			{Title: sorted(a.Look(), "only here", p.reachBy == 2), Right: true, Drop: 1},
			{Title: "elsewhere too", Right: true, Drop: 3},
			{Title: sorted(a.Look(), "cover adds", p.reachBy == 0), Right: true, Drop: 2},
			{Title: "covered", Right: true, Drop: 5},
			{Title: "smallest lift", Right: true, Drop: 4},
			{Title: "relative", Right: true, Drop: 6},
		},
		List: list, Zone: "row", Dim: style == draw.Dim,
		Row: func(i int) []draw.Cell { return reachRow(look, units[i]) },
	})
}

// sorted marks the column that a table is sorted by: names go up, numbers down. A
// star would say that a difference is there.
func sorted(look draw.Look, title string, by bool) string {
	switch {
	case !by:
		return title
	case look.Plain:
		return title + ", sorted"
	case title == "segment":
		return title + " " + look.Sign(draw.SignUp)
	}
	return title + " " + look.Sign(draw.SignDown)
}

func reachRow(look draw.Look, r reachUnit) []draw.Cell {
	u := r.unit
	unique, elsewhere := draw.Unknown, draw.Unknown
	if u.Counted {
		unique, elsewhere = draw.Count(u.Unique), exactPercent(u.Redundancy)
	}
	adds, covered := draw.Unknown, ""
	if r.step != nil {
		adds, covered = "+"+draw.Count(r.step.Adds), exactPercent(r.step.Share)
	}
	smallest := "none"
	if u.Power.Smallest != nil {
		smallest = "+" + reports.OverlapPoints(*u.Power.Smallest)
	}
	measurable := draw.Normal
	if !u.Power.Measurable {
		measurable = draw.Dim
	}
	name := draw.Cell{Text: u.Name}
	if u.Impossible {
		name = draw.Cell{Text: look.Sign(draw.SignWarn) + " " + u.Name + " (impossible)", Style: draw.Warn}
	}
	return []draw.Cell{
		name,
		{Text: draw.Count(u.Size)},
		{Text: unique},
		{Text: elsewhere, Style: draw.Dim},
		{Text: adds},
		{Text: covered, Style: draw.Dim},
		{Text: smallest, Style: measurable},
		{Text: relative(u.Power.Relative), Style: measurable},
	}
}

// setRule is the rule of the exclusive set under the cursor.
func (p *Overlap) setRule(o *reports.Overlap) string {
	list := &p.lists[partSets]
	list.Resize(len(o.Sets))
	if list.Len == 0 {
		return ""
	}
	in := o.Sets[list.Cursor].Names
	var out []string
	for _, u := range o.Units {
		if u.Counted && u.Size > 0 && !slices.Contains(in, u.Name) {
			out = append(out, u.Name)
		}
	}
	return bothRule(in, out)
}

// setColumns are the units that the shown sets consist of, the largest first.
func setColumns(o *reports.Overlap) []string {
	size := map[string]int64{}
	for _, u := range o.Units {
		size[u.Name] = u.Size
	}
	var columns []string
	for _, set := range o.Sets {
		for _, name := range set.Names {
			if !slices.Contains(columns, name) {
				columns = append(columns, name)
			}
		}
	}
	slices.SortStableFunc(columns, func(a, b string) int {
		return cmp.Or(cmp.Compare(size[b], size[a]), cmp.Compare(a, b))
	})
	return columns
}

// setLetters mark the columns of exclusive sets.
const setLetters = "abcdefghijklmnopqrstuvwxyz"

// drawSets draws exclusive sets as rows of dots, and the names of the selected
// one below.
func (p *Overlap) drawSets(a draw.Area, o *reports.Overlap, style draw.Style) {
	list := &p.lists[partSets]
	list.Resize(len(o.Sets))
	if list.Len == 0 {
		a.Wrap(0, 0, draw.Dim, "nobody is in any of them, so there is no set")
		return
	}
	l := &lines{a: a}
	columns := setColumns(o)
	if a.H >= previewTall {
		l.say(draw.Normal, "customers in just these segments and in no other")
		if setsAsDots(a, columns) {
			l.say(draw.Dim, setLegend(columns))
		}
		l.gap()
	}
	rest := l.rest()
	below := 1
	if a.H >= previewTall {
		below = min(6, rest.H/3) //nolint:mnd // A third, at most some lines.
	}
	table, names := stack(rest, len(o.Sets), below)
	p.drawSetRows(table, o, columns, setsAsDots(a, columns), style)
	set := o.Sets[list.Cursor]
	more := &lines{a: names}
	if a.H >= airyFrom {
		more.y = 1
	}
	more.say(draw.Accent, "in "+listed(set.Names, "and"))
	if o.OtherSets > 0 {
		more.say(draw.Dim, fmt.Sprintf("%s customers (%s) are in %s", draw.Count(o.OtherCustomers), partOf(o.OtherCustomers, o.Reach.Net), draw.Plural(o.OtherSets, "other set", "other sets")))
	}
}

// setsAsDots reports whether sets are drawn as columns of dots, which need a legend
// to be read.
func setsAsDots(a draw.Area, columns []string) bool {
	const besides = 40 // Cells of numbers and of a short bar.
	return a.H >= airyFrom && len(columns) <= min(len(setLetters), max(0, a.W-besides))
}

// setLegend says which segment each column is.
func setLegend(columns []string) string {
	texts := make([]string, len(columns))
	for i, name := range columns {
		texts[i] = setLetters[i:i+1] + "=" + name
	}
	return strings.Join(texts, ", ")
}

func (p *Overlap) drawSetRows(a draw.Area, o *reports.Overlap, columns []string, dots bool, style draw.Style) {
	head, least := "segments", 28 // Names say more than bars.
	if dots {
		head, least = setLetters[:len(columns)], 0
	}
	look := a.Look()
	most := max(1, o.Sets[0].Customers)
	p.tall = a.Table(draw.Table{
		Columns: []draw.Column{
			{Title: "customers", Right: true}, {Title: "of reach", Right: true, Drop: 1}, {Title: head, Min: least, Grow: !dots}, {Title: "", Min: barWidth, Drop: 2},
		},
		List: &p.lists[partSets], Zone: "row", Dim: style == draw.Dim,
		Row: func(i int) []draw.Cell {
			set := o.Sets[i]
			text := strings.Join(set.Names, ", ")
			if dots {
				text = setDots(set.Names, columns)
			}
			return []draw.Cell{
				{Text: draw.Count(set.Customers)},
				{Text: partOf(set.Customers, o.Reach.Net), Style: draw.Dim},
				{Text: text},
				{Text: look.Bar(float64(set.Customers)/float64(most), barWidth), Style: draw.Accent},
			}
		},
	})
}

// setDots marks the columns that a set has.
func setDots(names, columns []string) string {
	marks := []byte(strings.Repeat(".", len(columns)))
	for _, name := range names {
		if at := slices.Index(columns, name); at >= 0 {
			marks[at] = '#'
		}
	}
	return string(marks)
}

// drawAdvice draws what could be done, the selected piece marked.
func (p *Overlap) drawAdvice(a draw.Area, o *reports.Overlap, style draw.Style) {
	list := &p.lists[partAdvice]
	list.Resize(len(o.Advice))
	if list.Len == 0 {
		a.Wrap(0, 0, draw.Good, a.Look().Sign(draw.SignYes)+" nothing to merge or drop, and nothing too small")
		return
	}
	p.tall = drawItems(a, list, &p.top, func(i int, at draw.Area) int {
		return drawAdvicePiece(at, o.Advice[i], style)
	}, func(i, width int) int { return adviceTall(o.Advice[i], width) })
}

// adviceTexts are the paragraphs of a piece.
func adviceTexts(x reports.OverlapAdvice) []string {
	texts := []string{string(x.Kind) + ": " + sentence(x.Finding)}
	if x.Rules != "" {
		texts = append(texts, "rules: "+sentence(x.Rules))
	}
	if x.Consequence != "" {
		texts = append(texts, "then: "+sentence(x.Consequence))
	}
	return texts
}

func adviceTall(x reports.OverlapAdvice, width int) int {
	tall := 0
	for _, text := range adviceTexts(x) {
		tall += len(broken(text, width))
	}
	return tall
}

func drawAdvicePiece(a draw.Area, x reports.OverlapAdvice, style draw.Style) int {
	l := &lines{a: a}
	for i, text := range adviceTexts(x) {
		s := style
		if i > 0 {
			s = draw.Dim
		}
		l.say(s, text)
	}
	if style == draw.Normal {
		a.Put(0, 0, draw.Bold, draw.Cut(string(x.Kind)+":", a.W, a.Look()))
	}
	return l.y
}

// drawItems draws items of different heights with a blank line between, so that
// the selected one is seen, and returns how many are.
func drawItems(a draw.Area, list *draw.List, top *int, one func(i int, at draw.Area) int, tall func(i, width int) int) int {
	const margin = 2
	gap := 1
	if a.H < previewTall {
		gap = 0
	}
	*top = max(0, min(*top, list.Cursor))
	for ; *top < list.Cursor; *top++ {
		used := 0
		for i := *top; i <= list.Cursor; i++ {
			used += tall(i, a.W-margin) + gap
		}
		if used-gap <= a.H {
			break
		}
	}
	y, shown := 0, 0
	for i := *top; i < list.Len && y < a.H; i++ {
		item := a.Sub(margin, y, a.W-margin, a.H-y)
		n := one(i, item)
		if i == list.Cursor {
			for k := range n {
				a.Put(0, y+k, draw.Accent, a.Look().Sign(draw.SignCursor))
			}
			if a.Look().Plain {
				a.Cursor(0, y)
			}
		}
		a.Sub(0, y, a.W, n).Zone(fmt.Sprintf("row:%d", i))
		y += n + gap
		shown++
	}
	return shown
}

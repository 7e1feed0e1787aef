package analyses

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"strata/reports"
	"strata/tui/draw"
	"strata/tui/page"
)

// OverlapOf is how one segment or stage overlaps with all others.
type OverlapOf struct {
	links Links
	word  string

	by   int
	list draw.List
	tall int

	// of, sortedBy and at are what rows were made for.
	of       *reports.Overlap
	sortedBy int
	rows     []reports.OverlapPair
	tested   map[string]reports.OverlapPair
	unit     int
}

// NewOverlapOf is a tab about one segment or stage.
func NewOverlapOf(links Links, word string) *OverlapOf {
	return &OverlapOf{links: links, word: word, sortedBy: -1}
}

// ID implements page.Page.
func (p *OverlapOf) ID() string { return "overlap-of" }

// Crumb implements page.Page.
func (p *OverlapOf) Crumb() string { return "overlap of " + p.word }

// words are what is compared: all segments, and the stages beside where it is one
// of them; false where the word has no name to be compared by.
func (p *OverlapOf) words(c *page.Context) ([]string, bool) {
	segment, _, partition := known(c, p.word)
	switch {
	case segment:
		return nil, true
	case partition == "":
		return nil, false
	}
	names := make([]string, 0, len(c.Project.Program.Segments)+1)
	for _, s := range c.Project.Program.Segments {
		names = append(names, s.DefinitionName())
	}
	return append(names, partition), true
}

// CLI implements page.Page.
func (p *OverlapOf) CLI(c *page.Context) []string {
	list := p.pairs(c)
	if len(list) == 0 {
		return []string{"overlap"}
	}
	one := p.word
	if _, _, partition := known(c, p.word); partition != "" {
		one = partition // Selectors have partitions and not their stages.
	}
	return []string{"overlap", one, list[p.list.Cursor].B}
}

// Needs implements page.Page.
func (p *OverlapOf) Needs(c *page.Context) []page.Need {
	words, ok := p.words(c)
	if !ok {
		return nil
	}
	return []page.Need{overlapNeed(overlapSlot, "comparing", words)}
}

// ofOrders are what the pairs are sorted by.
func ofOrders() []string {
	return []string{"lift", "the share of it", "jaccard", "how many are in both", "name"}
}

// pairs are the pairs of the segment with all others, as they are sorted.
func (p *OverlapOf) pairs(c *page.Context) []reports.OverlapPair {
	got := page.Answer[*reports.Overlap](c, overlapSlot)
	if !got.Has || got.Value == nil {
		p.of, p.rows = nil, nil
		return nil
	}
	if p.of == got.Value && p.sortedBy == p.by {
		return p.rows
	}
	name := ""
	if p.of != nil && p.list.Cursor < len(p.rows) {
		name = p.rows[p.list.Cursor].B
	}
	if p.of != got.Value {
		p.tested = map[string]reports.OverlapPair{}
	}
	p.of, p.sortedBy, p.rows = got.Value, p.by, nil
	p.unit = slices.IndexFunc(p.of.Units, func(u reports.OverlapUnit) bool { return strings.EqualFold(u.Name, p.word) })
	for i, u := range p.of.Units {
		aside := u.Partition != "" && u.Partition == p.partition()
		if p.unit >= 0 && i != p.unit && !aside {
			p.rows = append(p.rows, p.of.Pair(p.unit, i))
		}
	}
	slices.SortStableFunc(p.rows, p.compare)
	p.list.Resize(len(p.rows))
	if at := slices.IndexFunc(p.rows, func(q reports.OverlapPair) bool { return q.B == name }); at >= 0 {
		p.list.To(at)
	}
	return p.rows
}

func (p *OverlapOf) partition() string {
	if p.unit < 0 {
		return ""
	}
	return p.of.Units[p.unit].Partition
}

// compare sorts pairs: those that are too small for rates stand behind all
// others, and those without anybody in both at the end.
func (p *OverlapOf) compare(a, b reports.OverlapPair) int {
	if p.by == 4 { //nolint:mnd // As ofOrders has it.
		return cmp.Compare(a.B, b.B)
	}
	rank := func(q reports.OverlapPair) int {
		switch {
		case q.Both == 0:
			return 2 //nolint:mnd // The last.
		case q.Few:
			return 1
		}
		return 0
	}
	value := func(q reports.OverlapPair) float64 {
		of := [][]*float64{{q.Lift}, {q.AInB}, {q.Jaccard}}
		if p.by >= len(of) || of[p.by][0] == nil {
			return 0
		}
		return *of[p.by][0]
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(value(b), value(a)), cmp.Compare(b.Both, a.Both), cmp.Compare(a.B, b.B))
}

// pair is the tested pair of a row.
func (p *OverlapOf) pair(i int) reports.OverlapPair {
	row := p.rows[i]
	if known, ok := p.tested[row.B]; ok {
		return known
	}
	other := slices.IndexFunc(p.of.Units, func(u reports.OverlapUnit) bool { return u.Name == row.B })
	p.tested[row.B] = p.of.Tested(p.unit, other)
	return p.tested[row.B]
}

// rule is that of those who are in both.
func (p *OverlapOf) rule(c *page.Context) string {
	if list := p.pairs(c); len(list) > 0 {
		return bothRule([]string{p.word, list[p.list.Cursor].B}, nil)
	}
	return ""
}

// Update implements page.Page.
func (p *OverlapOf) Update(c *page.Context, msg tea.Msg) tea.Cmd {
	p.pairs(c)
	if chosen := moveList(&p.list, msg, "row", max(1, p.tall)); chosen && p.links.Members != nil {
		return openPage(p.links.Members(p.rule(c)))
	}
	return nil
}

// Actions implements page.Page.
func (p *OverlapOf) Actions(c *page.Context) []page.Action {
	rule, off := p.rule(c), ""
	if rule == "" {
		off = notYet
	}
	actions := []page.Action{{
		ID: "overlap-of.sort", Keys: []string{"s"}, Title: "sort by lift, share, Jaccard, number or name", Hint: "sort", Off: off,
		Do: func() tea.Cmd { p.by = (p.by + 1) % len(ofOrders()); return nil },
	}}
	if p.links.Members != nil {
		actions = append(actions, page.Action{
			ID: "overlap-of.members", Keys: []string{"enter"}, Title: "list the customers who are in both", Hint: "members", Off: off,
			Do: func() tea.Cmd { return openPage(p.links.Members(rule)) },
		})
	}
	if p.links.Workbench != nil {
		actions = append(actions, page.Action{
			ID: "overlap-of.new", Keys: []string{"n"}, Title: "make a new segment of those who are in both", Hint: "new segment", Off: off,
			Do: func() tea.Cmd { return openPage(p.links.Workbench("", rule)) },
		})
	}
	if list := p.pairs(c); len(list) > 0 && p.links.Segment != nil {
		name := list[p.list.Cursor].B
		actions = append(actions, page.Action{
			ID: "overlap-of.segment", Keys: []string{"o"}, Title: "open the other segment", Hint: "open",
			Do: func() tea.Cmd { return openPage(p.links.Segment(name)) },
		})
	}
	return actions
}

// Copies implements page.Subject.
func (p *OverlapOf) Copies(c *page.Context) []page.Copy {
	rule := p.rule(c)
	if rule == "" {
		return nil
	}
	q := p.pair(p.list.Cursor)
	return []page.Copy{
		{What: "rule of both", Text: rule},
		{What: "the pair in words", Text: words(pairName(c.Look, q, "", "")+": "+pairWords(q, q.A, q.B), insideWords(q))},
	}
}

// Exports implements page.Exporting.
func (p *OverlapOf) Exports(*page.Context) []page.Export {
	return []page.Export{
		exportOf("pairs of all segments", []string{"overlap", "--table", "pairs", "--top", "0"}, "overlap-pairs"),
		exportOf("matrix of row shares", []string{"overlap", "--table", "matrix", "--matrix", "row"}, "overlap-matrix"),
	}
}

// Draw implements page.Page.
func (p *OverlapOf) Draw(c *page.Context, a draw.Area) {
	if _, ok := p.words(c); !ok {
		text := "only a segment or a stage that has a name can be compared with the others"
		if _, partition, _ := known(c, p.word); partition {
			text = "the stages of a partition exclude each other and hold everybody: open one of its stages"
		}
		a.Wrap(0, 0, draw.Dim, text)
		return
	}
	got := page.Answer[*reports.Overlap](c, overlapSlot)
	list := p.pairs(c)
	usual := "sorted by " + ofOrders()[p.by]
	inside := body(a, false, "", status(c, got.State, "comparing", usual), usual)
	switch {
	case p.of == nil:
		page.DrawState(c, inside, got.State, "comparing with all other segments")
		return
	case p.unit < 0:
		inside.Wrap(0, 0, draw.Dim, p.word+" could not be evaluated with the others, so it cannot be compared")
		return
	case len(list) == 0:
		inside.Wrap(0, 0, draw.Dim, "there is no other segment to compare with")
		return
	}
	p.drawPairs(inside, got.State)
}

// drawPairs draws the table, and the selected pair in words.
func (p *OverlapOf) drawPairs(a draw.Area, s page.State) {
	u := p.of.Units[p.unit]
	if a.H >= previewTall {
		head, rest := a.Top(1)
		head.Fit(0, 0, head.W, draw.Dim, words(draw.Plural(u.Size, "member", "members"),
			fmt.Sprintf("%s in no other segment", draw.Count(u.Unique)), "against "+draw.Plural(int64(len(p.rows)), "other", "others")))
		if !u.Counted {
			head.FillLine(0, draw.Normal)
			head.Fit(0, 0, head.W, draw.Dim, words(draw.Plural(u.Size, "member", "members"), "against "+draw.Plural(int64(len(p.rows)), "other", "others")))
		}
		a = rest
		if a.H >= airyFrom {
			_, a = a.Top(1)
		}
	}
	below := 1
	if a.H >= previewTall {
		below = 4
	}
	bars := shortBar
	if a.Look().Plain { // A bar cannot be read aloud, and a column without a width is left out.
		bars = 0
	}
	table, said := stack(a, len(p.rows), below)
	p.tall = table.Table(draw.Table{
		Columns: []draw.Column{
			{Title: "with", Min: nameWidth(a, func(i int) string { return p.rows[i].B }, len(p.rows)), Grow: true},
			{Title: "members", Right: true, Drop: 4},
			{Title: sorted(a.Look(), "both", p.by == 3), Right: true},
			{Title: sorted(a.Look(), "of it", p.by == 1), Right: true},
			{Title: "", Min: bars, Drop: 3},
			{Title: "of other", Right: true, Drop: 2},
			{Title: sorted(a.Look(), "jaccard", p.by == 2), Right: true, Drop: 6},
			{Title: sorted(a.Look(), "lift", p.by == 0), Right: true},
			{Title: "inside", Drop: 5},
		},
		List: &p.list, Zone: "row", Dim: s.Old,
		Row: func(i int) []draw.Cell { return ofRow(a.Look(), p.pair(i), bars) },
	})
	l := &lines{a: said}
	if below > 1 {
		l.y = 1
	}
	q := p.pair(p.list.Cursor)
	l.say(page.StyleOf(s), words(pairName(a.Look(), q, "", "")+": "+pairWords(q, q.A, q.B), insideWords(q)))
}

// shortBar is the width of a bar beside other columns.
const shortBar = 12

func ofRow(look draw.Look, q reports.OverlapPair, bars int) []draw.Cell {
	name := draw.Cell{Text: q.B}
	if q.Both == 0 {
		name.Style = draw.Dim
	}
	other := draw.Cell{Text: draw.Count(q.SizeB), Style: draw.Dim}
	if q.Few {
		few := draw.Cell{Text: "few", Style: draw.Dim}
		return []draw.Cell{name, other, {Text: draw.Count(q.Both)}, few, {}, few, few, few, {Text: insideShort(q), Style: draw.Dim}}
	}
	text := liftText(q)
	if q.P != nil && *q.P >= chanceLevel {
		text = "~" + text
	}
	return []draw.Cell{
		name, other,
		{Text: draw.Count(q.Both), Style: name.Style},
		{Text: exactPercent(q.AInB), Style: name.Style},
		{Text: look.Bar(valueOf(q.AInB), bars), Style: draw.Accent},
		{Text: exactPercent(q.BInA), Style: draw.Dim},
		{Text: jaccardText(q.Jaccard), Style: draw.Dim},
		{Text: text, Style: name.Style},
		{Text: insideShort(q), Style: draw.Accent}, //nolint:mnd // Places.
	}
}

// valueOf is a number that may be unknown, 0 then.
func valueOf(x *float64) float64 {
	if x == nil {
		return 0
	}
	return *x
}

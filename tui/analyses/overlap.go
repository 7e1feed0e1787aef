package analyses

import (
	"context"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/reports"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// The parts of the page about overlap.
const (
	partMap = iota
	partReach
	partSets
	partAdvice
)

// overlapSlot and vennSlot are where answers stand.
const (
	overlapSlot = "overlap"
	vennSlot    = "venn"
	pickedKey   = "overlap.picked"
	vennMost    = 3
)

func overlapParts() []string { return []string{"Map", "Reach & cover", "Exclusive sets", "Advice"} }

// Overlap is the page about how segments share customers.
type Overlap struct {
	links Links
	words []string
	// start is the segment that the cursor begins on, "" for the first.
	start string

	part    int
	measure measure
	shape   gridShape
	grid    *grid
	// rows and columns hold the cursor of the map.
	rows, columns draw.List
	tall          int
	seen          mapSeen

	venn  bool
	lists [partAdvice + 1]draw.List
	// reachBy is what the table of sizes is sorted by.
	reachBy int
	regions draw.List
	top     int
}

// NewOverlap is the page about some segments, all without words.
func NewOverlap(links Links, words []string) *Overlap {
	return &Overlap{links: links, words: words}
}

// NewOverlapAt is the page about all segments, with the cursor on one of them and
// on the segment that is most like it.
func NewOverlapAt(links Links, word string) *Overlap {
	return &Overlap{links: links, start: word}
}

// ID implements page.Page.
func (p *Overlap) ID() string { return "overlap" }

// Crumb implements page.Page.
func (p *Overlap) Crumb() string { return "overlap" }

// CLI implements page.Page.
func (p *Overlap) CLI(c *page.Context) []string {
	if p.venn {
		return append([]string{"overlap"}, append(p.vennNames(c), "--table", "sets")...)
	}
	if p.part == partMap {
		return append(append([]string{"overlap"}, p.shownWords(c)...), "--matrix", p.measure.flag())
	}
	args := append([]string{"overlap"}, p.words...)
	switch p.part {
	case partReach:
		return append(args, "--table", "sizes")
	case partSets:
		return append(args, "--table", "sets")
	case partAdvice:
		return append(args, "--table", "advice")
	}
	return args
}

// shownWords are the selectors of what the map shows: those that were picked where
// nothing else is shown. Stages have no selector of their own.
func (p *Overlap) shownWords(c *page.Context) []string {
	g, _ := p.look(c)
	if g == nil || !p.shape.only || len(g.order) == 0 {
		return p.words
	}
	names := make([]string, 0, len(g.order))
	for at := range g.order {
		if g.unit(at).Partition != "" {
			return p.words
		}
		names = append(names, g.unit(at).Name)
	}
	slices.Sort(names)
	return names
}

// overlapNeed asks for the overlap of some words.
func overlapNeed(slot, doing string, words []string) page.Need {
	return page.Need{
		Slot: slot, Key: keyOf(append([]string{"overlap"}, words...)...), Doing: doing,
		Ask: askFor(func(ctx context.Context, b ask.Backend, at time.Time) (*reports.Overlap, error) {
			return b.Overlap(ctx, words, at)
		}),
	}
}

// Needs implements page.Page.
func (p *Overlap) Needs(c *page.Context) []page.Need {
	needs := []page.Need{overlapNeed(overlapSlot, "comparing", p.words)}
	if names := p.vennNames(c); p.venn && len(names) > 1 {
		needs = append(needs, overlapNeed(vennSlot, "counting", names))
	}
	return needs
}

// picked are the names that were picked; they survive the page.
func picked(c *page.Context) map[string]bool {
	names, ok := c.Memory[pickedKey].(map[string]bool)
	if !ok {
		names = map[string]bool{}
		remember(c, pickedKey, names)
	}
	return names
}

// look brings the order of the map up to what is known and chosen.
func (p *Overlap) look(c *page.Context) (*grid, page.Got[*reports.Overlap]) {
	got := page.Answer[*reports.Overlap](c, overlapSlot)
	if !got.Has || got.Value == nil {
		got.Has = false
		p.grid = nil
		return nil, got
	}
	if p.grid != nil && p.grid.of == got.Value && p.grid.shape == p.shape {
		return p.grid, got
	}
	row, column := "", ""
	if g := p.grid; g != nil && len(g.order) > 0 {
		row, column = g.unit(p.rows.Cursor).Name, g.unit(p.columns.Cursor).Name
	}
	first := p.grid == nil
	p.grid = newGrid(got.Value, p.shape, picked(c))
	p.rows.Resize(len(p.grid.order))
	p.columns.Resize(len(p.grid.order))
	for at := range p.grid.order {
		switch p.grid.unit(at).Name {
		case row:
			p.rows.To(at)
		case column:
			p.columns.To(at)
		}
		if p.grid.unit(at).Name == column {
			p.columns.To(at)
		}
	}
	if first {
		p.begin()
	}
	return p.grid, got
}

// begin puts the cursor on a pair, since that says more than a segment with
// itself: on the first, or on the segment one came from and the one most like it.
func (p *Overlap) begin() {
	if len(p.grid.order) < 2 { //nolint:mnd // A pair.
		return
	}
	p.columns.To(1)
	at := slices.IndexFunc(p.grid.order, func(i int) bool { return strings.EqualFold(p.grid.of.Units[i].Name, p.start) })
	if p.start == "" || at < 0 {
		return
	}
	best, like := boolInt(at == 0), -1.0
	for column := range p.grid.order {
		if column == at {
			continue
		}
		q := p.grid.of.Pair(p.grid.order[at], p.grid.order[column])
		if !q.Few && q.Jaccard != nil && *q.Jaccard > like {
			best, like = column, *q.Jaccard
		}
	}
	p.rows.To(at)
	p.columns.To(best)
}

// at is the pair under the cursor; false where there is none.
func (p *Overlap) at(c *page.Context) (row, column int, ok bool) {
	g, _ := p.look(c)
	if g == nil || len(g.order) == 0 {
		return 0, 0, false
	}
	return p.rows.Cursor, p.columns.Cursor, true
}

// word is the name or rule under the cursor: both of a pair, or a unit by itself.
func (p *Overlap) word(c *page.Context) string {
	if p.venn {
		return p.regionRule(c)
	}
	g, got := p.look(c)
	switch {
	case g == nil:
		return ""
	case p.part == partReach:
		if units := p.reachUnits(got.Value); len(units) > 0 {
			p.lists[partReach].Resize(len(units))
			return units[p.lists[partReach].Cursor].unit.Name
		}
		return ""
	case p.part == partSets:
		return p.setRule(got.Value)
	case p.part == partAdvice:
		if all := got.Value.Advice; len(all) > 0 {
			p.lists[partAdvice].Resize(len(all))
			return strings.Join(firstNames(all[p.lists[partAdvice].Cursor].Names), " and ")
		}
		return ""
	case len(g.order) == 0:
		return ""
	}
	row, column := g.unit(p.rows.Cursor).Name, g.unit(p.columns.Cursor).Name
	if row == column {
		return row
	}
	return bothRule([]string{row, column}, nil)
}

// firstNames are the names of advice where it is about a pair or one.
func firstNames(names []string) []string {
	if len(names) > 2 { //nolint:mnd // More than a pair is no intersection.
		return nil
	}
	return names
}

// Update implements page.Page.
func (p *Overlap) Update(c *page.Context, msg tea.Msg) tea.Cmd {
	g, got := p.look(c)
	if key, ok := msg.(tea.KeyPressMsg); ok {
		if part, moved := partKey(key.String(), p.part, len(overlapParts())); moved {
			p.part, p.venn = part, false
			return nil
		}
	}
	if click, ok := msg.(page.Click); ok {
		if part := clicked(click.ID, "part"); part >= 0 && part < len(overlapParts()) && click.Wheel == 0 {
			p.part, p.venn = part, false
			return nil
		}
	}
	if g == nil {
		return nil
	}
	if p.venn {
		chosen := moveList(&p.regions, msg, "region", max(1, p.tall))
		return p.openIf(c, chosen)
	}
	switch p.part {
	case partMap:
		return p.moveMap(c, msg)
	case partReach:
		p.lists[partReach].Resize(len(got.Value.Units))
	case partSets:
		p.lists[partSets].Resize(len(got.Value.Sets))
	case partAdvice:
		p.lists[partAdvice].Resize(len(got.Value.Advice))
	}
	chosen := moveList(&p.lists[p.part], msg, "row", max(1, p.tall))
	return p.openIf(c, chosen)
}

// openIf opens what is under the cursor where it was chosen by the mouse.
func (p *Overlap) openIf(c *page.Context, chosen bool) tea.Cmd {
	if word := p.word(c); chosen && word != "" && p.links.Members != nil {
		return openPage(p.links.Members(word))
	}
	return nil
}

// moveMap moves the cursor of the map.
func (p *Overlap) moveMap(c *page.Context, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		switch key := msg.String(); key {
		case "left", "h":
			p.columns.Move(-1)
		case "right", "l":
			p.columns.Move(1)
		case "home":
			p.columns.To(0)
		case "end":
			p.columns.To(p.columns.Len - 1)
		default:
			p.rows.Key(key, max(1, p.tall))
		}
	case page.Click:
		if msg.Wheel != 0 {
			p.rows.Move(msg.Wheel * wheelRows)
			return nil
		}
		row, column, ok := p.seen.hit(msg)
		if !ok {
			return nil
		}
		again := row == p.rows.Cursor && column == p.columns.Cursor
		p.rows.To(row)
		p.columns.To(column)
		return p.openIf(c, again)
	}
	return nil
}

// Close implements page.Closing.
func (p *Overlap) Close() bool {
	if p.venn {
		p.venn = false
		return true
	}
	if p.shape.only {
		p.shape.only = false
		return true
	}
	return false
}

// Copies implements page.Subject.
func (p *Overlap) Copies(c *page.Context) []page.Copy {
	word := p.word(c)
	if word == "" {
		return nil
	}
	copies := []page.Copy{{What: "name or rule", Text: word}}
	if text := p.pairText(c); text != "" && p.part == partMap && !p.venn {
		copies = append(copies, page.Copy{What: "the pair in words", Text: text})
	}
	return copies
}

// Exports implements page.Exporting.
func (p *Overlap) Exports(c *page.Context) []page.Export {
	command := func(more ...string) []string {
		return append(append([]string{"overlap"}, p.words...), more...)
	}
	return []page.Export{
		exportOf("pairs", command("--table", "pairs", "--top", "0"), "overlap-pairs"),
		exportOf("matrix of "+p.measure.exported(), append(append([]string{"overlap"}, p.shownWords(c)...), "--table", "matrix", "--matrix", p.measure.flag()), "overlap-matrix"),
		exportOf("exclusive sets", command("--table", "sets", "--top", "0"), "overlap-sets"),
		exportOf("sizes and unique customers", command("--table", "sizes"), "overlap-sizes"),
		exportOf("greedy cover", command("--table", "cover"), "overlap-cover"),
		exportOf("advice", command("--table", "advice", "--top", "0"), "overlap-advice"),
		wholeOf(command("--top", "0"), "overlap"),
		reportOf(p.words),
	}
}

// vennNames are the names of the Venn: those that were picked, or else the pair
// under the cursor. More than three are none.
func (p *Overlap) vennNames(c *page.Context) []string {
	g, got := p.look(c)
	if g == nil {
		return nil
	}
	chosen := picked(c)
	var names []string
	for _, u := range got.Value.Units {
		if chosen[u.Name] {
			names = append(names, u.Name)
		}
	}
	if len(names) > 1 || len(g.order) == 0 {
		return names
	}
	names = append(names, g.unit(p.rows.Cursor).Name, g.unit(p.columns.Cursor).Name)
	slices.Sort(names)
	return slices.Compact(names)
}

package analyses

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"strata/reports"
	"strata/tui/page"
)

// notYet is why nothing can be done before there is an answer.
const notYet = "nothing is known yet"

// Actions implements page.Page.
func (p *Overlap) Actions(c *page.Context) []page.Action {
	actions := p.openActions(c)
	if p.part == partMap && !p.venn {
		// What turns the map comes before what leaves it, but for the first: a narrow
		// line of keys has room for the first few alone.
		turn, rest := p.mapActions(c)
		actions = append(slices.Insert(actions, min(1, len(actions)), turn...), rest...)
	}
	if p.part == partReach && !p.venn {
		actions = append(actions, page.Action{
			ID: "overlap.sizes", Keys: []string{"s"}, Title: "sort sizes by another column", Hint: "sort",
			Do: func() tea.Cmd { p.reachBy = (p.reachBy + 1) % len(reachOrders()); return nil },
		})
	}
	return append(actions, page.Action{
		ID: "overlap.part", Keys: []string{"tab"}, Title: "go to the next part: map, reach and cover, exclusive sets, advice", Hint: "part",
		Do: func() tea.Cmd { p.part, p.venn = (p.part+1)%len(overlapParts()), false; return nil },
	})
}

// what is under the cursor, in a word or two.
func (p *Overlap) what() string {
	switch {
	case p.venn:
		return "the region"
	case p.part == partReach:
		return "the segment"
	case p.part == partSets:
		return "just these segments"
	}
	return "both"
}

// openActions are those that open pages about what is under the cursor.
func (p *Overlap) openActions(c *page.Context) []page.Action {
	word := p.word(c)
	off := ""
	if word == "" {
		off = notYet
		if g, _ := p.look(c); g != nil {
			off = "there is nothing to list here"
		}
	}
	var actions []page.Action
	if p.links.Members != nil {
		actions = append(actions, page.Action{
			ID: "overlap.members", Keys: []string{"enter"}, Title: "list the customers who are in " + p.what(), Hint: "members", Off: off,
			Do: func() tea.Cmd { return openPage(p.links.Members(word)) },
		})
	}
	if p.links.Workbench != nil {
		actions = append(actions, page.Action{
			ID: "overlap.new", Keys: []string{"n"}, Title: "make a new segment of those who are in " + p.what(), Hint: "new segment", Off: off,
			Do: func() tea.Cmd { return openPage(p.links.Workbench("", word)) },
		})
	}
	if row, _, ok := p.at(c); ok && p.part == partMap && !p.venn && p.links.Segment != nil {
		name := p.grid.unit(row).Name
		actions = append(actions, page.Action{
			ID: "overlap.segment", Keys: []string{"o"}, Title: "open the segment of the row", Hint: "open row",
			Do: func() tea.Cmd { return openPage(p.links.Segment(name)) },
		})
	}
	if p.links.Why != nil && word != "" {
		actions = append(actions, page.Action{
			ID: "overlap.why", Keys: []string{"w"}, Title: "why is a customer in " + p.what() + ", or not?",
			Do: func() tea.Cmd { return openPage(p.links.Why("", word)) },
		})
	}
	return actions
}

// mapActions are those of the map: what turns it, and what chooses what it shows.
func (p *Overlap) mapActions(c *page.Context) (turn, choose []page.Action) {
	g, got := p.look(c)
	off := ""
	if g == nil || len(g.order) == 0 {
		off = notYet
	}
	names := picked(c)
	vennOff := off
	if n := len(p.vennNames(c)); n > vennMost {
		vennOff = "a Venn is of up to three: unpick some with space, or a for none"
	} else if n < 2 { //nolint:mnd // One circle says nothing.
		vennOff = "pick two or three with space"
	}
	onlyOff := off
	if len(names) == 0 && !p.shape.only {
		onlyOff = "nothing is picked: space picks the row"
	}
	turn = []page.Action{
		{
			ID: "overlap.measure", Keys: []string{"J"}, Title: "show another measure: row %, column %, Jaccard, lift", Hint: "measure",
			Do: func() tea.Cmd { p.measure = (p.measure + 1) % measureCount; return nil },
		},
		{
			ID: "overlap.similar", Keys: []string{"S"}, Title: "put segments that are alike side by side, or in their own order", Hint: "alike", Off: off,
			Do: func() tea.Cmd { p.shape.similar = !p.shape.similar; return nil },
		},
		{
			ID: "overlap.pick", Keys: []string{"space"}, Title: "pick the segment of the row, or unpick it", Hint: "pick", Off: off,
			Do: func() tea.Cmd { p.pick(c, got.Value); return nil },
		},
		{
			ID: "overlap.venn", Keys: []string{"v"}, Title: "show the regions of a Venn of up to three", Hint: "Venn", Off: vennOff,
			Do: func() tea.Cmd { p.venn = true; p.regions.To(0); return nil },
		},
	}
	choose = []page.Action{
		{
			ID: "overlap.all", Keys: []string{"a"}, Title: "pick all segments, or none", Off: off,
			Do: func() tea.Cmd { p.pickAll(c, got.Value); return nil },
		},
		{
			ID: "overlap.only", Keys: []string{"p"}, Title: "show the picked segments only, or all", Hint: "only picked", Off: onlyOff,
			Do: func() tea.Cmd { p.shape.only = !p.shape.only; return nil },
		},
	}
	if got.Has && stagesAside(got.Value) {
		choose = append(choose, page.Action{
			ID: "overlap.stages", Keys: []string{"u"}, Title: "show stages of partitions too, or segments only", Hint: "stages",
			Do: func() tea.Cmd { p.shape.stages = !p.shape.stages; return nil },
		})
	}
	return turn, choose
}

// pick picks the segment of the row, or unpicks it, and goes on to the next.
func (p *Overlap) pick(c *page.Context, _ *reports.Overlap) {
	names := picked(c)
	name := p.grid.unit(p.rows.Cursor).Name
	if names[name] {
		delete(names, name)
	} else {
		names[name] = true
	}
	if p.shape.only {
		p.shape.picks++
		return
	}
	p.rows.Move(1)
}

// pickAll picks all, or none where something is picked.
func (p *Overlap) pickAll(c *page.Context, o *reports.Overlap) {
	names := picked(c)
	none := len(names) == 0
	clear(names)
	if none {
		for _, u := range o.Units {
			if p.shape.stages || u.Counted {
				names[u.Name] = true
			}
		}
	}
	p.shape.only = p.shape.only && none
	p.shape.picks++
}

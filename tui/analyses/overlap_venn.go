package analyses

import (
	"fmt"
	"slices"

	"strata/reports"
	"strata/tui/draw"
	"strata/tui/page"
)

// region is a part of a Venn: who is in some units and in none of the others.
type region struct {
	in, out   []string
	customers int64
}

// said is a region in words.
func (r region) said() string {
	switch {
	case len(r.out) == 0 && len(r.in) == 2:
		return "both"
	case len(r.out) == 0:
		return "all of them"
	case len(r.in) == 1:
		return "only " + r.in[0]
	}
	return listed(r.in, "and") + ", not " + listed(r.out, "or")
}

// regionsOf are the regions of up to three units, those of most units first;
// false where they cannot be told.
func regionsOf(o *reports.Overlap, names []string) ([]region, bool) {
	for _, name := range names {
		at := slices.IndexFunc(o.Units, func(u reports.OverlapUnit) bool { return u.Name == name })
		if at < 0 || !o.Units[at].Counted {
			return nil, false
		}
	}
	if o.OtherSets > 0 {
		return nil, false
	}
	count := map[int]int64{}
	for _, set := range o.Sets {
		mask := 0
		for i, name := range names {
			if slices.Contains(set.Names, name) {
				mask |= 1 << i
			}
		}
		count[mask] += set.Customers
	}
	var all []region
	for mask := 1; mask < 1<<len(names); mask++ {
		r := region{customers: count[mask]}
		for i, name := range names {
			if mask>>i&1 == 1 {
				r.in = append(r.in, name)
			} else {
				r.out = append(r.out, name)
			}
		}
		all = append(all, r)
	}
	slices.SortStableFunc(all, func(a, b region) int { return len(b.in) - len(a.in) })
	return all, true
}

// vennRegions are the regions that are shown.
func (p *Overlap) vennRegions(c *page.Context) ([]region, page.Got[*reports.Overlap], bool) {
	got := page.Answer[*reports.Overlap](c, vennSlot)
	names := p.vennNames(c)
	if !got.Has || got.Value == nil || got.Old {
		return nil, got, true
	}
	regions, ok := regionsOf(got.Value, names)
	p.regions.Resize(len(regions))
	return regions, got, ok
}

// regionRule is the rule of the region under the cursor.
func (p *Overlap) regionRule(c *page.Context) string {
	regions, _, _ := p.vennRegions(c)
	if len(regions) == 0 {
		return ""
	}
	r := regions[p.regions.Cursor]
	return bothRule(r.in, r.out)
}

// drawVenn draws the regions as a table with bars.
func (p *Overlap) drawVenn(c *page.Context, a draw.Area) {
	names := p.vennNames(c)
	l := &lines{a: a}
	l.say(draw.Bold, "Venn of "+listed(names, "and"))
	l.gap()
	regions, got, ok := p.vennRegions(c)
	switch {
	case len(names) < 2 || len(names) > vennMost:
		l.say(draw.Dim, "a Venn is of two or three segments · esc goes back to the map, space picks there")
		return
	case !ok:
		l.say(draw.Dim, "exclusive sets are counted of segments, or of stages alone: pick no stage beside a segment")
		return
	case regions == nil:
		page.DrawState(c, l.rest(), got.State, "counting regions")
		return
	}
	reach := got.Value.Reach
	p.drawRegions(l.rest(), regions, reach.Net)
	l.y += min(l.left(), len(regions)+2) //nolint:mnd // Head and a blank line.
	l.say(draw.Dim, fmt.Sprintf("%s in any of them, %s of %s in none", draw.Plural(reach.Net, "customer", "customers"), draw.Count(reach.None), draw.Count(reach.Customers)))
}

func (p *Overlap) drawRegions(a draw.Area, regions []region, net int64) {
	most := int64(1)
	for _, r := range regions {
		most = max(most, r.customers)
	}
	p.tall = a.Table(draw.Table{
		Columns: []draw.Column{
			{Title: "who is in", Grow: true, Min: 14},
			{Title: "customers", Right: true},
			{Title: "of any", Right: true, Drop: 2},
			{Title: "", Min: barWidth, Drop: 1},
		},
		List: &p.regions, Zone: "region",
		Row: func(i int) []draw.Cell {
			r := regions[i]
			return []draw.Cell{
				{Text: r.said()},
				{Text: draw.Count(r.customers)},
				{Text: partOf(r.customers, net), Style: draw.Dim},
				{Text: a.Look().Bar(float64(r.customers)/float64(most), barWidth), Style: draw.Accent},
			}
		},
	})
}

// barWidth is the width of bars in tables.
const barWidth = 20

// partOf is a part of a whole in percent.
func partOf(part, whole int64) string {
	if whole == 0 {
		return draw.Unknown
	}
	share := float64(part) / float64(whole)
	return exactPercent(&share)
}

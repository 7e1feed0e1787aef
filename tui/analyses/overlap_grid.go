package analyses

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"strata/reports"
	"strata/tui/draw"
)

// measure is what the cells of the map say.
type measure int

// The measures, in the order in which a key goes through them.
const (
	rowShare measure = iota
	columnShare
	jaccard
	lift
	measureCount
)

// said is a measure in words, and flag what the command calls it.
func (m measure) said() string {
	switch m {
	case columnShare:
		return "of the members of the column, the % who are in the row"
	case jaccard:
		return "those in both over those in either"
	case lift:
		return "how many times as many are in both as by chance"
	case rowShare, measureCount:
	}
	return "of the members of the row, the % who are in the column"
}

func (m measure) short() string {
	return [measureCount]string{"row %", "column %", "Jaccard", "lift"}[m%measureCount]
}

func (m measure) flag() string {
	switch m {
	case jaccard:
		return "jaccard"
	case lift:
		return "lift"
	case rowShare, columnShare, measureCount:
	}
	return "row"
}

// exported is what the file with a matrix holds. That of column % is the one of
// row %, read the other way round.
func (m measure) exported() string {
	if m == columnShare {
		return rowShare.short()
	}
	return m.short()
}

// of is the measure of a pair, nil where it is not known.
func (m measure) of(p reports.OverlapPair) *float64 {
	switch {
	case p.Few:
		return nil
	case m == columnShare:
		return p.BInA
	case m == jaccard:
		return p.Jaccard
	case m == lift:
		return p.Lift
	}
	return p.AInB
}

// shade is where a value stands on the scale of colours, 0 to 1. A lift has steps
// of twice as much, from half to 32 times.
func (m measure) shade(x float64) float64 {
	if m != lift {
		return x
	}
	const below, above = 1, 5 // Powers of two.
	if !(x > 0) {
		return 0
	}
	return min(max((math.Log2(x)+below)/(below+above), 0.01), 1) //nolint:mnd // More than nothing always shows.
}

// text is a value in at most four characters.
func (m measure) text(x float64) string {
	switch m {
	case rowShare, columnShare, measureCount:
		switch {
		case x > 0 && x < 0.005: //nolint:mnd // Half a percent.
			return "<1"
		case x < 1 && x >= 0.995: //nolint:mnd // Not quite all.
			return ">99"
		}
		return strconv.FormatFloat(100*x, 'f', 0, 64) //nolint:mnd // Percent.
	case jaccard:
		switch {
		case x == 0:
			return "0"
		case x < 0.005: //nolint:mnd // Half a hundredth.
			return "<.01"
		case x >= 0.995: //nolint:mnd // Rounded to one.
			return "1.0"
		}
		return strconv.FormatFloat(x, 'f', 2, 64)[1:]
	case lift:
	}
	switch {
	case x == 0:
		return "0"
	case x < 0.05: //nolint:mnd // Half a tenth.
		return "<.1"
	case x >= 1000: //nolint:mnd // Four characters.
		return draw.Short(x)
	case x >= 10: //nolint:mnd // No places behind two digits.
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'f', 1, 64)
}

// legend are values that the scale shows.
func (m measure) legend() []float64 {
	if m == lift {
		return []float64{.5, 1, 2, 4, 8, 16, 32}
	}
	return []float64{.1, .25, .5, .75, 1}
}

// grid is which units the map shows, in which order.
type grid struct {
	of *reports.Overlap
	// order are places of units; shape says what it was made for.
	order []int
	shape gridShape
	// tested are pairs with their test against chance, which takes a moment.
	tested map[[2]int]reports.OverlapPair
}

// gridShape is what a user chose.
type gridShape struct {
	similar, stages, only bool
	// picks counts changes of what is picked.
	picks int
}

// newGrid orders units.
func newGrid(o *reports.Overlap, shape gridShape, picked map[string]bool) *grid {
	g := &grid{of: o, shape: shape, tested: map[[2]int]reports.OverlapPair{}}
	for i, u := range o.Units {
		if (shape.stages || u.Counted) && (!shape.only || picked[u.Name]) {
			g.order = append(g.order, i)
		}
	}
	if shape.similar {
		alike(o, g.order)
	}
	return g
}

// pair is a tested pair of two different units by their places in the order.
func (g *grid) pair(row, column int) reports.OverlapPair {
	at := [2]int{g.order[row], g.order[column]}
	p, ok := g.tested[at]
	if !ok {
		p = g.of.Tested(at[0], at[1])
		g.tested[at] = p
	}
	return p
}

func (g *grid) unit(at int) reports.OverlapUnit { return g.of.Units[g.order[at]] }

// mark is what a unit is called at the head of its column: a letter, or a number
// where there are too many.
func (g *grid) mark(at int) string {
	const letters = 26
	if len(g.order) <= letters {
		return string(rune('A' + at))
	}
	return strconv.Itoa(at + 1)
}

// called is what a row or column is called in a sentence: its letter, or its
// number with what it numbers, since "1.7% of 1" says nothing.
func (g *grid) called(what string, at int) string {
	if mark := g.mark(at); mark[0] > '9' {
		return mark
	}
	return what + " " + g.mark(at)
}

// alike puts units that are alike side by side: it begins with the largest and
// goes on with the one that is most like the last (Jaccard), by size and name
// where several are.
func alike(o *reports.Overlap, order []int) {
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(o.Units[b].Size, o.Units[a].Size), cmp.Compare(o.Units[a].Name, o.Units[b].Name))
	})
	for at := 1; at < len(order); at++ {
		best, like := at, -1.0
		for k := at; k < len(order); k++ {
			p := o.Pair(order[at-1], order[k])
			if p.Jaccard != nil && *p.Jaccard > like {
				best, like = k, *p.Jaccard
			}
		}
		next := order[best]
		copy(order[at+1:best+1], order[at:best])
		order[at] = next
	}
}

// stagesAside reports whether there are stages that take no part in the reach.
func stagesAside(o *reports.Overlap) bool {
	return slices.ContainsFunc(o.Units, func(u reports.OverlapUnit) bool { return !u.Counted })
}

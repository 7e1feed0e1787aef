package page

import (
	"cmp"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"

	"strata/reports"
	"strata/reports/chart"
)

// heatMost is up to how many units the heat map shows, heatNarrow on a small
// screen, and how many pairs and pieces of advice are not folded.
const (
	heatMost   = 30
	heatNarrow = 11
	pairsMost  = 20
	adviceMost = 12
)

// overlaps shows reach, the heat map, exclusive sets, cover and advice.
func (w *writer) overlaps() []block {
	o := w.Overlap
	if o == nil {
		return nil
	}
	blocks := []block{{Text: reachText(o)}}
	heat, sets := w.heat(), w.upset()
	blocks = append(blocks, block{Figure: &heat}, block{Figure: &sets})
	if pairs := pairTable(o); len(pairs.Rows) > 0 {
		blocks = append(blocks, block{Heading: "Strongest pairs", Table: pairs})
	}
	if cover := coverText(o); cover != "" {
		blocks = append(blocks, block{Heading: "Cover and unique reach", Text: []string{cover}, Table: unitTable(o), Closed: true})
	}
	if len(o.Advice) > 0 {
		b := block{Heading: "Advice"}
		for _, a := range o.Advice {
			p := point{Name: string(a.Kind) + ":", Text: sentence(a.Finding)}
			if a.Rules != "" {
				p.Below = append(p.Below, "Rules: "+sentence(a.Rules))
			}
			if a.Consequence != "" {
				p.Below = append(p.Below, "Then: "+sentence(a.Consequence))
			}
			if len(b.Points) < adviceMost {
				b.Points = append(b.Points, p)
			} else {
				b.More = append(b.More, p)
			}
		}
		blocks = append(blocks, b)
	}
	return blocks
}

// reachText says whom the units reach.
func reachText(o *reports.Overlap) []string {
	r := o.Reach
	mean := chart.Missing
	if r.Mean != nil {
		mean = chart.Decimals(2)(*r.Mean)
	}
	return []string{fmt.Sprintf("%s have %s memberships of %s of %s customers (%s), %s segments each. %s customers are in %d or more, %s in none.",
		plural(int64(r.Units), "segment", "segments"), count(r.Gross), count(r.Net), count(r.Customers), percent(r.Coverage), mean,
		count(r.Many), reports.OverlapMany, count(r.None))}
}

// heated are the places of the units in the heat map, near ones side by side: it
// begins with the largest and goes on with the unit most like the last.
func heated(o *reports.Overlap, most int) []int {
	var all []int
	for i, u := range o.Units {
		if u.Counted && u.Size > 0 {
			all = append(all, i)
		}
	}
	slices.SortStableFunc(all, func(a, b int) int {
		return cmp.Or(cmp.Compare(o.Units[b].Size, o.Units[a].Size), cmp.Compare(o.Units[a].Name, o.Units[b].Name))
	})
	all = all[:min(len(all), most)]
	for at := 1; at < len(all); at++ {
		best, like := at, -1.0
		for k := at; k < len(all); k++ {
			if x := o.Cell(reports.OverlapJaccard, all[at-1], all[k]); x != nil && *x > like {
				best, like = k, *x
			}
		}
		next := all[best]
		copy(all[at+1:best+1], all[at:best])
		all[at] = next
	}
	return all
}

// heatChart is the heat map of some units.
func heatChart(o *reports.Overlap, places []int) chart.HeatMapChart {
	h := chart.HeatMapChart{
		Format: func(x float64) string { return chart.Decimals(0)(100 * x) }, High: 1,
		Legend: "percent of the members of the row who are in the column",
		Said: func(i, j int) string {
			if i == j {
				return o.Units[places[i]].Name
			}
			p := o.Pair(places[i], places[j])
			return fmt.Sprintf("%s of %s members of %s are in %s (%s)", count(p.Both), count(p.SizeA), p.A, p.B, percent(p.AInB))
		},
	}
	for _, i := range places {
		h.Names = append(h.Names, o.Units[i].Name)
		row := make([]float64, len(places))
		for k, j := range places {
			row[k] = math.NaN()
			if i == j {
				continue
			}
			if x := o.Cell(reports.OverlapRow, i, j); x != nil {
				row[k] = *x
			}
		}
		h.Cells = append(h.Cells, row)
	}
	return h
}

// heat draws the matrix of row shares.
func (w *writer) heat() figure {
	o := w.Overlap
	wide, narrow := heated(o, heatMost), heated(o, heatNarrow)
	title := "Who of a segment is in another one"
	desc := fmt.Sprintf("Heat map of %d segments: percent of the members of the row who are in the column.", len(wide))
	big, small := heatChart(o, wide), heatChart(o, narrow)
	big.Figure = chart.Figure{ID: w.id(), Title: title, Desc: desc, Width: 1040}
	small.Figure = chart.Figure{ID: w.id(), Title: title, Desc: desc, Width: 350}
	f := figure{Wide: chart.HeatMap(big), Narrow: chart.HeatMap(small)}
	var parts []string
	counted := 0
	for _, u := range o.Units {
		if u.Counted {
			counted++
		}
	}
	if left := counted - len(wide); left > 0 {
		parts = append(parts, fmt.Sprintf("Left out are %s, the smallest and those without members.", plural(int64(left), "segment", "segments")))
	}
	if len(narrow) < len(wide) {
		parts = append(parts, fmt.Sprintf("A narrow screen shows the largest %d; all %d are in the table.", len(narrow), len(wide)))
	}
	parts = append(parts, fmt.Sprintf("Cells without colour are below %d members.", reports.OverlapFewest))
	f.Caption = strings.Join(parts, " ")
	f.Table = heatTable(big)
	return f
}

// heatTable are the cells as a table.
func heatTable(h chart.HeatMapChart) *table {
	t := &table{Caption: "Percent of the members of the row who are in the column.", Columns: columns("of")}
	for _, name := range h.Names {
		t.Columns = append(t.Columns, column{Name: name, Number: true})
	}
	for i, name := range h.Names {
		row := []string{name}
		for j, x := range h.Cells[i] {
			switch {
			case i == j:
				row = append(row, "")
			case math.IsNaN(x):
				row = append(row, chart.Missing)
			default:
				row = append(row, chart.Decimals(1)(100*x))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// upset draws the exclusive sets.
func (w *writer) upset() figure {
	o := w.Overlap
	places := map[string]int{}
	u := chart.UpSetChart{Of: "customers"}
	for _, unit := range o.Units {
		if unit.Counted {
			places[unit.Name] = len(u.Sets)
			u.Sets = append(u.Sets, chart.UpSetSet{Name: unit.Name, Size: float64(unit.Size)})
		}
	}
	t := &table{Columns: columns("#customers", "in just these segments")}
	for _, set := range o.Sets {
		part := chart.UpSetPart{Count: float64(set.Customers)}
		for _, name := range set.Names {
			part.Sets = append(part.Sets, places[name])
		}
		u.Parts = append(u.Parts, part)
		t.Rows = append(t.Rows, []string{count(set.Customers), strings.Join(set.Names, ", ")})
	}
	desc := fmt.Sprintf("The %d largest exclusive sets: customers who are in just the marked segments and in no other.", len(o.Sets))
	f := w.both("Exclusive sets", desc, func(at chart.Figure) template.HTML {
		one := u
		one.Figure = at
		return chart.UpSet(one)
	})
	f.Caption = desc
	if o.OtherSets > 0 {
		t.Left = fmt.Sprintf("%s more, with %s together, have no row.", plural(o.OtherSets, "set", "sets"), plural(o.OtherCustomers, "customer", "customers"))
	}
	f.Table = t
	return f
}

// pairTable has the strongest pairs.
func pairTable(o *reports.Overlap) *table {
	t := &table{Columns: columns("A", "B", "#both", "#of A", "#of B", "#Jaccard", "#overlap", "#lift", "containment")}
	all := o.Strongest(reports.OverlapJaccard, 0)
	for _, at := range all[:min(len(all), pairsMost)] {
		p := o.Pair(at[0], at[1])
		row := []string{p.A, p.B, count(p.Both), percent(p.AInB), percent(p.BInA), short(p.Jaccard), short(p.Coefficient), short(p.Lift), contained(p.Containment)}
		if p.Few {
			row[3], row[4], row[5], row[6], row[7] = chart.Missing, chart.Missing, chart.Missing, chart.Missing, chart.Missing
			row[8] = strings.TrimPrefix(row[8]+", too few to say more", ", ")
		}
		t.Rows = append(t.Rows, row)
	}
	if left := len(all) - pairsMost; left > 0 {
		t.Left = fmt.Sprintf("%s that share customers have no row.", plural(int64(left), "more pair", "more pairs"))
	}
	return t
}

// contained says which lies in which, and how that is known.
func contained(c reports.OverlapContainment) string {
	if c.Which == reports.OverlapNeither {
		return ""
	}
	which := map[reports.OverlapWhich]string{reports.OverlapAInB: "A in B", reports.OverlapBInA: "B in A", reports.OverlapSame: "the same"}[c.Which]
	if c.ByDefinition {
		return which + ", by definition"
	}
	return which + ", in this data"
}

// coverText says how few segments reach nearly everybody.
func coverText(o *reports.Overlap) string {
	const nearly = 0.98
	for i, step := range o.Cover {
		if step.Share == nil || *step.Share < nearly && i < len(o.Cover)-1 {
			continue
		}
		var names []string
		for _, s := range o.Cover[:i+1] {
			names = append(names, s.Name)
		}
		return fmt.Sprintf("%d of %s already reach %s of all whom any of them reaches: %s.",
			i+1, plural(int64(o.Reach.Units), "segment", "segments"), percent(step.Share), strings.Join(names, ", "))
	}
	return ""
}

// unitTable has a row for each unit.
func unitTable(o *reports.Overlap) *table {
	t := &table{Columns: columns("segment or stage", "#members", "#in no other", "#smallest lift", "#relative", "can show +50%")}
	t.Caption = fmt.Sprintf("The smallest lift is the smallest difference that a campaign would find in 80 of 100 cases at a level of 5%%, with %s held out and a base rate of %s.",
		chart.Percent(o.Options.Holdout), chart.Percent(o.Options.BaseRate))
	for _, u := range o.Units {
		unique, lift, measurable := chart.Missing, chart.Missing, "no"
		if u.Counted {
			unique = count(u.Unique)
		}
		if u.Power.Smallest != nil {
			lift = "+" + reports.OverlapPoints(*u.Power.Smallest)
		}
		if u.Power.Measurable {
			measurable = "yes"
		}
		t.Rows = append(t.Rows, []string{u.Name, count(u.Size), unique, lift, change(u.Power.Relative), measurable})
	}
	return t
}

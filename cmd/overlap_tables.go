package cmd

import (
	"strings"

	"strata/reports"
	"strata/reports/render"
	reporting "strata/reports/run"
)

func overlapPairColumns() []render.Column {
	return []render.Column{
		{Name: "a"},
		{Name: "b"},
		{Name: "both", Kind: render.Count},
		{Name: "a_in_b", Title: "of a", Kind: render.Share},
		{Name: "b_in_a", Title: "of b", Kind: render.Share},
		{Name: "jaccard", Kind: render.Number, Digits: 3},
		{Name: "overlap_coefficient", Title: "overlap", Kind: render.Number, Digits: 3},
		{Name: "lift", Kind: render.Number, Digits: 2},
		{Name: "contained", Title: "inside"},
		{Name: "by_definition", Kind: render.Flag, DataOnly: true},
		{Name: "size_a", Kind: render.Count, DataOnly: true},
		{Name: "size_b", Kind: render.Count, DataOnly: true},
		{Name: "expected", Kind: render.Number, DataOnly: true},
		{Name: "phi", Kind: render.Number, DataOnly: true},
		{Name: "p", Kind: render.Number, DataOnly: true},
		{Name: "few", Kind: render.Flag, DataOnly: true},
		{Name: "customers", Kind: render.Count, DataOnly: true},
	}
}

func overlapSetColumns() []render.Column {
	return []render.Column{
		{Name: "customers", Kind: render.Count},
		{Name: "share", Kind: render.Share},
		{Name: "segments", Kind: render.Nested},
	}
}

func overlapReachColumns() []render.Column {
	return []render.Column{
		{Name: "segments_counted", Title: "segments", Kind: render.Count},
		{Name: "gross", Kind: render.Count},
		{Name: "net", Kind: render.Count},
		{Name: "mean_memberships", Title: "each in", Kind: render.Number, Digits: 2},
		{Name: "in_three_or_more", Title: "in 3 or more", Kind: render.Count},
		{Name: "in_none", Title: "in none", Kind: render.Count},
		{Name: "customers", Kind: render.Count},
		{Name: "coverage", Kind: render.Share},
	}
}

func overlapCoverColumns() []render.Column {
	return []render.Column{
		{Name: "step", Kind: render.Count},
		{Name: "name"},
		{Name: "adds", Kind: render.Count},
		{Name: "covered", Kind: render.Count},
		{Name: "share", Title: "of reach", Kind: render.Share},
	}
}

func overlapAdviceColumns() []render.Column {
	return []render.Column{
		{Name: "kind"},
		{Name: "segments", Kind: render.Nested},
		{Name: "by_definition", Title: "always", Kind: render.Flag},
		{Name: "members", Kind: render.Count},
		{Name: "finding"},
		{Name: "rules"},
		{Name: "consequence"},
	}
}

func overlapSizeColumns() []render.Column {
	return []render.Column{
		{Name: "name"},
		{Name: "partition", DataOnly: true},
		{Name: "size", Kind: render.Count},
		{Name: "unique", Kind: render.Count},
		{Name: "redundancy", Title: "elsewhere too", Kind: render.Share},
		{Name: "smallest_lift", Title: "smallest lift", Kind: render.Share, Digits: 2},
		{Name: "measurable", Kind: render.Flag},
		{Name: "treated", Kind: render.Count, DataOnly: true},
		{Name: "control", Kind: render.Count, DataOnly: true},
		{Name: "base_rate", Kind: render.Number, DataOnly: true},
		{Name: "readers", Kind: render.Count, DataOnly: true},
		{Name: "impossible", Kind: render.Flag, DataOnly: true},
		{Name: "counted", Kind: render.Flag, DataOnly: true},
	}
}

// overlapTables are all tables of an answer.
func (s *session) overlapTables(opts overlapOptions, a *reporting.OverlapAnswer) []render.Table {
	asOf := a.AsOf.In(s.program.Zone)
	pairs := overlapPairTable(a.Overlap, opts)
	pairs.Meta = render.Meta{AsOf: &asOf, KnownAt: a.KnownAt, Run: a.Run, Total: pairs.Meta.Total, Truncated: pairs.Meta.Truncated}
	return []render.Table{
		pairs, overlapMatrixTable(a.Overlap, reports.OverlapMeasure(opts.measure)), overlapSetTable(a.Overlap), overlapReachTable(a.Overlap),
		overlapCoverTable(a.Overlap), overlapAdviceTable(a.Overlap, opts.top), overlapSizeTable(a.Overlap),
	}
}

// overlapPairTable are the strongest pairs.
func overlapPairTable(o *reports.Overlap, opts overlapOptions) render.Table {
	t := render.Table{Name: "pairs", Columns: overlapPairColumns(), Rows: [][]any{}}
	pairs := o.Strongest(reports.OverlapMeasure(opts.measure), 0)
	for i, pair := range pairs {
		if opts.top > 0 && i == opts.top {
			total := int64(len(pairs))
			t.Meta.Total, t.Meta.Truncated = &total, true
			break
		}
		p := o.Tested(pair[0], pair[1])
		if p.Few { // Counts are shown, rates are not.
			p.OverlapRates = reports.OverlapRates{}
		}
		t.Rows = append(t.Rows, []any{
			p.A, p.B, p.Both, known(p.AInB), known(p.BInA), known(p.Jaccard), known(p.Coefficient), known(p.Lift),
			overlapContained(p), p.Containment.ByDefinition, p.SizeA, p.SizeB, known(p.Expected), known(p.Phi), known(p.P), p.Few, o.Reach.Customers,
		})
	}
	return t
}

// overlapContained says which of a pair lies in the other, nil for neither.
func overlapContained(p reports.OverlapPair) any {
	switch p.Containment.Which {
	case reports.OverlapNeither:
		return nil
	case reports.OverlapAInB, reports.OverlapBInA, reports.OverlapSame:
	}
	return string(p.Containment.Which)
}

// overlapMatrixTable is the matrix of a measure: a row and a column for each unit.
func overlapMatrixTable(o *reports.Overlap, by reports.OverlapMeasure) render.Table {
	t := render.Table{Name: "matrix", Columns: []render.Column{{Name: "name"}, {Name: "size", Kind: render.Count}}, Rows: [][]any{}}
	for _, u := range o.Units {
		t.Columns = append(t.Columns, overlapMatrixColumn(u.Name, by))
	}
	for i, u := range o.Units {
		row := []any{u.Name, u.Size}
		for j := range o.Units {
			row = append(row, known(o.Cell(by, i, j)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func overlapMatrixColumn(name string, by reports.OverlapMeasure) render.Column {
	c := render.Column{Name: name, Kind: render.Number, Digits: 2}
	switch by {
	case reports.OverlapCount:
		c.Kind, c.Digits = render.Count, 0
	case reports.OverlapRow:
		c.Kind, c.Digits = render.Share, 1
	case reports.OverlapJaccard, reports.OverlapCoefficient, reports.OverlapLift:
	}
	return c
}

func overlapSetTable(o *reports.Overlap) render.Table {
	t := render.Table{Name: "sets", Columns: overlapSetColumns(), Rows: [][]any{}}
	for _, set := range o.Sets {
		t.Rows = append(t.Rows, []any{set.Customers, share(set.Customers, o.Reach.Net), set.Names})
	}
	if o.OtherSets > 0 {
		total := int64(len(o.Sets)) + o.OtherSets
		t.Meta.Total, t.Meta.Truncated = &total, true
	}
	return t
}

func overlapReachTable(o *reports.Overlap) render.Table {
	r := o.Reach
	return render.Table{Name: "reach", Columns: overlapReachColumns(), Record: true, Rows: [][]any{{
		int64(r.Units), r.Gross, r.Net, known(r.Mean), r.Many, r.None, r.Customers, known(r.Coverage),
	}}}
}

func overlapCoverTable(o *reports.Overlap) render.Table {
	t := render.Table{Name: "cover", Columns: overlapCoverColumns(), Rows: [][]any{}}
	for i, step := range o.Cover {
		t.Rows = append(t.Rows, []any{int64(i + 1), step.Name, step.Adds, step.Covered, known(step.Share)})
	}
	return t
}

func overlapAdviceTable(o *reports.Overlap, top int) render.Table {
	t := render.Table{Name: "advice", Columns: overlapAdviceColumns(), Rows: [][]any{}}
	for i, a := range o.Advice {
		if top > 0 && i == top {
			total := int64(len(o.Advice))
			t.Meta.Total, t.Meta.Truncated = &total, true
			break
		}
		t.Rows = append(t.Rows, []any{string(a.Kind), a.Names, a.ByDefinition, a.Members, a.Finding, orUnknown(a.Rules), orUnknown(a.Consequence)})
	}
	return t
}

func overlapSizeTable(o *reports.Overlap) render.Table {
	t := render.Table{Name: "sizes", Columns: overlapSizeColumns(), Rows: [][]any{}}
	for _, u := range o.Units {
		unique, redundancy := any(nil), any(nil)
		if u.Counted {
			unique, redundancy = u.Unique, known(u.Redundancy)
		}
		t.Rows = append(t.Rows, []any{
			u.Name, orUnknown(u.Partition), u.Size, unique, redundancy, known(u.Power.Smallest), u.Power.Measurable,
			u.Power.Treated, u.Power.Control, o.Options.BaseRate, int64(u.Readers), u.Impossible, u.Counted,
		})
	}
	return t
}

// overlapNames writes names one after the other.
func overlapNames(names []string) string { return strings.Join(names, ", ") }

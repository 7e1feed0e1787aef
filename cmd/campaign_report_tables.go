package cmd

import (
	"time"

	"strata/reports"
	"strata/reports/render"
	reporting "strata/reports/run"
)

// campaignReportFields are all columns of all tables.
func campaignReportFields() []render.Column {
	return fieldsOf(campaignResultEffectColumns(), campaignResultVerdictColumns(), campaignResultArmColumns(), campaignResultLineColumns(), campaignResultFunnelColumns(),
		campaignResultCreditColumns(), campaignResultDayColumns(), campaignResultSegmentColumns(), campaignResultCheckColumns(), campaignResultCostColumns(),
		campaignResultObservedColumns(), []render.Column{{Name: "note"}})
}

// campaignReportTables are the tables of a report, in the order of their names.
func (s *session) campaignReportTables(a *reporting.CampaignAnswer) []render.Table {
	r := a.Report
	tables := []render.Table{
		campaignResultEffects(r), s.campaignResultVerdict(r), campaignResultArms(r), campaignResultReconciliation(r), campaignResultFunnels(r), campaignResultCredits(r),
		s.campaignResultDays(r), campaignResultSegments(r), campaignResultChecks(r), campaignResultCosts(r), campaignResultObserved(r),
		{Name: "notes", Columns: []render.Column{{Name: "note"}}},
	}
	for _, note := range r.Notes {
		tables[len(tables)-1].Rows = append(tables[len(tables)-1].Rows, []any{note})
	}
	tables[0].Meta = s.meta()
	return tables
}

func campaignResultData(name string) render.Column {
	return render.Column{Name: name, Kind: render.Number, DataOnly: true}
}

func campaignResultShown(name, title string) render.Column {
	return render.Column{Name: name, Title: title, Align: render.Right}
}

func campaignResultEffectColumns() []render.Column {
	list := []render.Column{
		{Name: "comparison", DataOnly: true},
		{Name: "treated_arm", Title: "arm"},
		{Name: "control_arm", Title: "against"},
		{Name: "title", Title: "metric"},
		campaignResultShown("shown_treated", "treated"), campaignResultShown("shown_control", "control"),
		campaignResultShown("shown_difference", "difference"), campaignResultShown("shown_interval", "95% interval"), campaignResultShown("shown_p", "p"),
		{Name: "read"},
		{Name: "metric", DataOnly: true},
		{Name: "unit", DataOnly: true},
		{Name: "role", DataOnly: true},
		{Name: "primary", Kind: render.Flag, DataOnly: true},
	}
	for _, name := range []string{"treated", "control"} {
		list = append(list, campaignResultData(name), campaignResultData(name+"_low"), campaignResultData(name+"_high"), campaignResultData(name+"_upper"), campaignResultData(name+"_lower"),
			render.Column{Name: name + "_customers", Kind: render.Count, DataOnly: true})
	}
	for _, name := range []string{"difference", "raw", "cut", "adjusted", "bootstrap", "sequence", "relative", "incremental"} {
		list = append(list, campaignResultDifferenceColumns(name)...)
	}
	return append(list, campaignResultData("q"), campaignResultData("variance_reduction"), campaignResultData("fieller_low"), campaignResultData("fieller_high"),
		render.Column{Name: "relative_refused", DataOnly: true}, campaignResultData("detectable"), campaignResultData("detectable_relative"), campaignResultData("skewness"),
		render.Column{Name: "few", DataOnly: true}, render.Column{Name: "refused", DataOnly: true}, render.Column{Name: "effect_notes", Kind: render.Nested, DataOnly: true})
}

func campaignResultDifferenceColumns(name string) []render.Column {
	return []render.Column{
		campaignResultData(name), campaignResultData(name + "_low"), campaignResultData(name + "_high"), campaignResultData(name + "_p"), {Name: name + "_method", DataOnly: true},
	}
}

func campaignResultDifferenceCells(d *reports.CampaignDifference) []any {
	if d == nil {
		return []any{nil, nil, nil, nil, nil}
	}
	low, high := campaignResultEnds(d.Range)
	return []any{d.Estimate, low, high, kpiP(d.P), d.Method}
}

func campaignResultEnds(r *reports.CampaignRange) (low, high any) {
	if r == nil {
		return nil, nil
	}
	return r.Low, r.High
}

func campaignResultEffects(r reports.CampaignReport) render.Table {
	t := render.Table{Name: "effects", Columns: campaignResultEffectColumns()}
	for _, k := range r.Comparisons {
		for _, e := range k.Effects {
			t.Rows = append(t.Rows, campaignResultEffectRow(k, e))
		}
	}
	return t
}

func campaignResultEffectRow(k reports.CampaignComparison, e reports.CampaignEffect) []any {
	row := []any{
		k.Kind, k.Treated, k.Control, e.Title, campaignResultSideText(e, e.Treated), campaignResultSideText(e, e.Control),
		campaignResultDifferenceText(e), campaignResultIntervalText(e), campaignResultPText(e), k.Read(e),
		e.Metric, e.Unit, orUnknown(e.Role), e.Primary,
	}
	for _, v := range []reports.CampaignValue{e.Treated, e.Control} {
		low, high := campaignResultEnds(v.Range)
		row = append(row, known(v.Value), low, high, v.Upper, v.Lower, v.N)
	}
	for _, d := range []*reports.CampaignDifference{e.Difference, e.Raw, e.Cut, e.Adjusted, e.Bootstrap, e.Sequence, e.Relative, k.Added(e)} {
		row = append(row, campaignResultDifferenceCells(d)...)
	}
	low, high := campaignResultEnds(e.Fieller)
	notes := []any{}
	for _, note := range e.Notes {
		notes = append(notes, note)
	}
	return append(row, kpiP(e.Q), known(e.Reduction), low, high, orUnknown(e.RelativeRefused), known(e.Detectable), known(e.DetectableRelative),
		known(e.Skew), orUnknown(e.Few), orUnknown(e.Refused), notes)
}

func campaignResultVerdictColumns() []render.Column {
	return []render.Column{
		{Name: "campaign"},
		{Name: "verdict"},
		{Name: "sentence"},
		{Name: "reason"},
		{Name: "winner"},
		{Name: "interim", Kind: render.Flag},
		{Name: "basis"},
		{Name: "caveats", Kind: render.Nested},
		{Name: "audience"},
		{Name: "assignment"},
		{Name: "freeze", Kind: render.Moment},
		{Name: "send", Kind: render.Moment},
		{Name: "window"},
		{Name: "window_end", Kind: render.Moment},
		{Name: "data_reach", Kind: render.Moment},
	}
}

func (s *session) campaignResultVerdict(r reports.CampaignReport) render.Table {
	winner := any(nil)
	if r.Winner != nil {
		winner = r.Winner.Sentence
	}
	caveats := []any{}
	for _, caveat := range r.Caveats {
		caveats = append(caveats, caveat)
	}
	local := func(t time.Time) time.Time { return t.In(s.program.Zone) }
	return render.Table{Name: "verdict", Columns: campaignResultVerdictColumns(), Record: true, Rows: [][]any{{
		r.Name, r.Verdict.Code, r.Verdict.Sentence, orUnknown(r.Verdict.Reason), winner, r.Interim, r.Basis, caveats,
		orUnknown(r.Audience), orUnknown(r.Assignment), local(r.Freeze), local(r.Send), r.Window, local(r.WindowEnd), local(r.Reach),
	}}}
}

func campaignResultArmColumns() []render.Column {
	return []render.Column{
		{Name: "arm"},
		{Name: "holdout", Kind: render.Flag},
		{Name: "assigned", Kind: render.Count},
		{Name: "share", Kind: render.Share},
		{Name: "planned_share", Title: "planned", Kind: render.Share},
	}
}

func campaignResultArms(r reports.CampaignReport) render.Table {
	t := render.Table{Name: "arms", Columns: campaignResultArmColumns()}
	for _, a := range r.Arms {
		t.Rows = append(t.Rows, []any{a.Name, a.Holdout, a.Assigned.Part, known(a.Assigned.Value), known(a.Planned)})
	}
	return t
}

func campaignResultLineColumns() []render.Column {
	return []render.Column{{Name: "what"}, {Name: "customers", Kind: render.Count}, {Name: "of_customers", Title: "of", Kind: render.Count}, {Name: "share", Kind: render.Share}, {Name: "base"}, {Name: "state"}, {Name: "text"}}
}

func campaignResultReconciliation(r reports.CampaignReport) render.Table {
	t := render.Table{Name: "reconciliation", Columns: campaignResultLineColumns()}
	for _, l := range r.Reconciliation {
		t.Rows = append(t.Rows, []any{l.What, l.Count.Part, l.Count.Of, known(l.Count.Value), l.Of, l.State, orUnknown(l.Text)})
	}
	return t
}

func campaignResultFunnelColumns() []render.Column {
	return []render.Column{
		{Name: "arm"},
		{Name: "step"},
		{Name: "customers", Kind: render.Count},
		{Name: "of_targeted", Kind: render.Share},
		{Name: "of_previous", Kind: render.Share},
		{Name: "previous"},
		{Name: "lost", Kind: render.Count},
		{Name: "of_targeted_low", Kind: render.Share, DataOnly: true},
		{Name: "of_targeted_high", Kind: render.Share, DataOnly: true},
		{Name: "targeted", Kind: render.Count, DataOnly: true},
		{Name: "text"},
	}
}

func campaignResultFunnels(r reports.CampaignReport) render.Table {
	t := render.Table{Name: "funnel", Columns: campaignResultFunnelColumns()}
	for _, f := range r.Funnel {
		for _, step := range f.Steps {
			row := []any{f.Arm, step.Name, nil, nil, nil, orUnknown(step.Previous), nil, nil, nil, nil, orUnknown(step.Text)}
			if step.Known {
				row[2] = step.Customers
			}
			if step.OfTargeted != nil {
				row[3], row[9] = known(step.OfTargeted.Value), step.OfTargeted.Of
				row[7], row[8] = campaignResultEnds(step.OfTargeted.Range)
			}
			if step.OfPrevious != nil {
				row[4] = known(step.OfPrevious.Value)
				if step.Lost >= 0 { // More can convert than clicked: nobody was lost there.
					row[6] = step.Lost
				}
			}
			t.Rows = append(t.Rows, row)
		}
		if m := f.Machines; m != nil {
			t.Rows = append(t.Rows, []any{f.Arm, "opened by machines alone", m.Part, nil, known(m.Value), nil, nil, nil, nil, nil, "not among the opened"})
		}
	}
	return t
}

func campaignResultCreditColumns() []render.Column {
	return []render.Column{
		{Name: "touch"},
		{Name: "within"},
		{Name: "planned", Kind: render.Flag},
		{Name: "arm"},
		{Name: "orders", Kind: render.Count},
		{Name: "customers", Kind: render.Count},
		{Name: "customer_share", Title: "of treated", Kind: render.Share},
		{Name: "revenue", Kind: render.Number, Digits: 2},
	}
}

func campaignResultCredits(r reports.CampaignReport) render.Table {
	t := render.Table{Name: "attribution", Columns: campaignResultCreditColumns()}
	for _, c := range r.Attribution.Rows {
		t.Rows = append(t.Rows, []any{c.Touch, c.Window, c.Planned, "all treated", c.Orders, c.Customers.Part, known(c.Customers.Value), known(c.Revenue)})
		for i, arm := range c.Arms {
			if i < len(r.Arms) && len(r.Arms) > 1 {
				t.Rows = append(t.Rows, []any{c.Touch, c.Window, c.Planned, r.Arms[i].Name, arm.Orders, arm.Customers, nil, arm.Revenue})
			}
		}
	}
	return t
}

func campaignResultDayColumns() []render.Column {
	return []render.Column{
		{Name: "treated_arm", Title: "arm"},
		{Name: "control_arm", Title: "against"},
		{Name: "day", Kind: render.Figure},
		{Name: "until", Kind: render.Moment},
		{Name: "treated", Kind: render.Number},
		{Name: "control", Kind: render.Number},
		{Name: "difference", Kind: render.Number},
		{Name: "low", Kind: render.Number},
		{Name: "high", Kind: render.Number},
		{Name: "sequence_low", Kind: render.Number},
		{Name: "sequence_high", Kind: render.Number},
	}
}

func (s *session) campaignResultDays(r reports.CampaignReport) render.Table {
	t := render.Table{Name: "days", Columns: campaignResultDayColumns()}
	for _, d := range r.Days {
		for _, day := range d.Days {
			low, high := campaignResultEnds(day.Range)
			from, to := campaignResultEnds(day.Sequence)
			t.Rows = append(t.Rows, []any{d.Treated, d.Control, day.Day, day.Until.In(s.program.Zone), known(day.Treated), known(day.Control), known(day.Estimate), low, high, from, to})
		}
	}
	return t
}

func campaignResultSegmentColumns() []render.Column {
	number := func(name string) render.Column { return render.Column{Name: name, Kind: render.Number} }
	return []render.Column{
		{Name: "by"},
		{Name: "segment"},
		{Name: "outside", Kind: render.Flag, DataOnly: true},
		{Name: "treated_arm", Title: "arm"},
		{Name: "control_arm", Title: "against"},
		{Name: "treated_customers", Kind: render.Count},
		{Name: "control_customers", Kind: render.Count},
		number("treated"), number("control"), number("difference"), number("low"), number("high"), number("shrunk"), number("shrunk_low"), number("shrunk_high"),
		number("versus_rest"), number("q"),
		{Name: "named", Kind: render.Flag},
		{Name: "few"},
		campaignResultData("heterogeneity_q"), campaignResultData("heterogeneity_df"), campaignResultData("heterogeneity_p"), campaignResultData("i2"), campaignResultData("tau2"),
	}
}

func campaignResultSegments(r reports.CampaignReport) render.Table {
	t := render.Table{Name: "segments", Columns: campaignResultSegmentColumns()}
	for _, g := range r.Segments {
		for _, x := range g.Strata {
			raw, shrunk, rest := campaignResultDifferenceCells(x.Raw), campaignResultDifferenceCells(x.Shrunk), campaignResultDifferenceCells(x.Versus)
			row := []any{
				g.By, x.Name, x.Outside, g.Treated, g.Control, x.Treated.N, x.Control.N, known(x.Treated.Value), known(x.Control.Value),
				raw[0], raw[1], raw[2], shrunk[0], shrunk[1], shrunk[2], rest[0], kpiP(x.Q), x.Named, orUnknown(x.Few),
			}
			if h := g.Heterogeneity; h != nil {
				row = append(row, h.Q, h.DF, kpiP(&h.P), h.I2, h.Tau2)
			} else {
				row = append(row, nil, nil, nil, nil, nil)
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

func campaignResultCheckColumns() []render.Column {
	return []render.Column{{Name: "check"}, {Name: "state"}, {Name: "p", Kind: render.Number}, {Name: "share", Kind: render.Share}, {Name: "text"}}
}

func campaignResultChecks(r reports.CampaignReport) render.Table {
	t := render.Table{Name: "health", Columns: campaignResultCheckColumns()}
	for _, c := range r.Health {
		share := any(nil)
		if c.Rate != nil {
			share = known(c.Rate.Value)
		}
		t.Rows = append(t.Rows, []any{c.Name, c.State, kpiP(c.P), share, c.Text})
	}
	return t
}

func campaignResultCostColumns() []render.Column {
	number := func(name string) render.Column { return render.Column{Name: name, Kind: render.Number, Digits: 2} }
	return []render.Column{
		number("total"), number("per_sent"), number("fixed"),
		{Name: "messages", Kind: render.Count},
		{Name: "currency"},
		{Name: "what"},
		number("per_outcome"), number("per_outcome_low"), number("per_outcome_high"), number("return"), number("return_low"), number("return_high"),
		{Name: "text"},
	}
}

func campaignResultCosts(r reports.CampaignReport) render.Table {
	t := render.Table{Name: "cost", Columns: campaignResultCostColumns(), Record: true}
	if c := r.Cost; c != nil {
		low, high := campaignResultEnds(c.ReturnRange)
		t.Rows = append(t.Rows, []any{c.Total, c.PerSent, c.Fixed, c.Sent, orUnknown(c.Currency), orUnknown(c.What), known(c.PerOrder), known(c.PerOrderLow), known(c.PerOrderHigh), known(c.Return), low, high, c.Text})
	}
	return t
}

func campaignResultObservedColumns() []render.Column {
	list := []render.Column{{Name: "label"}, {Name: "metric"}, {Name: "text"}, {Name: "refused"}}
	for _, name := range []string{"change", "difference_in_differences", "trend"} {
		list = append(list, campaignResultDifferenceColumns(name)...)
	}
	return append(list, render.Column{Name: "difference_refused", DataOnly: true}, render.Column{Name: "matched"}, render.Column{Name: "unmatched", Kind: render.Count})
}

func campaignResultObserved(r reports.CampaignReport) render.Table {
	t := render.Table{Name: "observed", Columns: campaignResultObservedColumns(), Record: true}
	if o := r.Observed; o != nil {
		row := []any{o.Label, o.Metric, o.Text, orUnknown(o.Refused)}
		for _, d := range []*reports.CampaignDifference{o.Change, o.Difference, o.Trend} {
			row = append(row, campaignResultDifferenceCells(d)...)
		}
		t.Rows = append(t.Rows, append(row, orUnknown(o.DifferenceRefused), orUnknown(o.Matched), o.Unmatched))
	}
	return t
}

package cmd

import (
	"math"
	"strings"

	"strata/reports"
	"strata/reports/render"
)

// The tables of a drift.
const (
	driftMembershipTable  = "membership"
	driftSizeTable        = "size"
	driftCompositionTable = "composition"
	driftBinsTable        = "bins"
	driftWhyTable         = "why"
	driftSummaryTable     = "summary"
)

func driftTables() []string {
	return []string{driftSummaryTable, driftMembershipTable, driftSizeTable, driftCompositionTable, driftBinsTable, driftWhyTable}
}

// driftFieldsOfAll are the columns of all tables.
func driftFieldsOfAll() []render.Column {
	return fieldsOf(driftSummaryColumns(), driftMembershipColumns(false), driftSizeColumns(false), driftCompositionColumns(false),
		driftBinsColumns(false), driftWhyColumns(false))
}

func driftSummaryColumns() []render.Column {
	return []render.Column{
		{Name: "name"},
		{Name: "size_from", Kind: render.Count, DataOnly: true},
		{Name: "size_to", Title: "now", Kind: render.Count},
		{Name: "growth", Title: "change", Kind: render.Share},
		{Name: "entered", Kind: render.Count, DataOnly: true},
		{Name: "exited", Kind: render.Count, DataOnly: true},
		{Name: "jaccard", Kind: render.Number, DataOnly: true},
		{Name: "size_verdict", Title: "size"},
		{Name: "composition_verdict", Title: "traits"},
		{Name: "main_cause", Title: "main cause"},
		{Name: "change", Kind: render.Count, DataOnly: true},
		{Name: "skipped", DataOnly: true},
	}
}

func driftSummaryRow(d reports.Drift) []any {
	if d.Skipped != "" {
		return []any{d.Name, nil, nil, nil, nil, nil, nil, nil, nil, "not evaluated: " + d.Skipped, nil, d.Skipped}
	}
	m := d.Membership
	var composition, cause any
	if d.Composition != nil {
		composition = driftVerdict(d.Composition.Verdict)
	}
	if d.Why != nil && d.Why.Refused == "" && len(d.Why.Causes) > 0 {
		c := d.Why.Causes[0]
		cause = signed(c.Members) + " " + c.Name()
	}
	return []any{
		d.Name, m.Size0, m.Size1, known(m.Growth), m.Entered, m.Exited, known(m.Jaccard),
		driftVerdict(d.Size.Verdict), composition, cause, m.Size1 - m.Size0, nil,
	}
}

// driftVerdict is a verdict, or nil where nobody asked for one.
func driftVerdict(verdict reports.DriftVerdict) any {
	if verdict == "" {
		return nil
	}
	return string(verdict)
}

// unknownForEyes is what people see in place of a verdict that nobody can give.
const unknownForEyes = "?"

// forEyesOnly marks verdicts that are none, so that people see at once where, and
// rounds parts of customers.
func forEyesOnly(t *render.Table) {
	for i, c := range t.Columns {
		for _, row := range t.Rows {
			part, fraction := row[i].(float64)
			switch {
			case strings.HasSuffix(c.Name, "verdict") && row[i] == string(reports.DriftUnknown):
				row[i] = unknownForEyes
			case fraction && c.Kind == render.Count:
				row[i] = int64(math.Round(part))
			}
		}
	}
}

// signed writes a change of members.
func signed(n int64) string {
	if n > 0 {
		return "+" + number(n)
	}
	return number(n)
}

func driftMembershipColumns(single bool) []render.Column {
	return []render.Column{
		{Name: "name"},
		{Name: "from", Kind: render.Moment},
		{Name: "to", Kind: render.Moment},
		{Name: "size_from", Title: "size then", Kind: render.Count},
		{Name: "size_to", Title: "size now", Kind: render.Count},
		{Name: "change", Kind: render.Count},
		{Name: "entered", Kind: render.Count},
		{Name: "exited", Kind: render.Count},
		{Name: "retained", Kind: render.Count},
		{Name: "removed", Title: "removed customers", Kind: render.Count, DataOnly: !single},
		{Name: "entry_rate", Title: "entered of then", Kind: render.Share},
		{Name: "exit_rate", Title: "exited of then", Kind: render.Share},
		{Name: "jaccard", Kind: render.Number, Digits: 3},
		{Name: "turnover", Kind: render.Share},
		{Name: "half_life_days", Title: "half-life in days", Kind: render.Number, Digits: 1},
		{Name: "median_days", Title: "median stay in days", Kind: render.Number, Digits: 1, DataOnly: !single},
		{Name: "came_back", Title: "came back in 30 days", Kind: render.Count, DataOnly: !single},
		{Name: "came_back_of", Title: "of exits", Kind: render.Count, DataOnly: !single},
		{Name: "size_verdict", Title: "size", DataOnly: !single},
		{Name: "composition_verdict", Title: "traits", DataOnly: !single},
		{Name: "exit_rate_low", Kind: render.Share, DataOnly: true},
		{Name: "exit_rate_high", Kind: render.Share, DataOnly: true},
		{Name: "run_from", Kind: render.Figure, DataOnly: true},
		{Name: "run_to", Kind: render.Figure, DataOnly: true},
		{Name: "sentence", DataOnly: true},
		{Name: "skipped", DataOnly: true},
	}
}

func driftMembershipRow(d reports.Drift) []any {
	m := d.Membership
	if d.Skipped != "" {
		row := make([]any, len(driftMembershipColumns(false)))
		row[0], row[len(row)-1] = d.Name, d.Skipped
		return row
	}
	var composition any
	if d.Composition != nil {
		composition = driftVerdict(d.Composition.Verdict)
	}
	return []any{
		d.Name, m.From, m.To, m.Size0, m.Size1, m.Size1 - m.Size0, m.Entered, m.Exited, m.Retained, m.Removed,
		known(m.EntryRate), known(m.ExitRate.Value), known(m.Jaccard), known(m.Turnover), known(m.HalfLifeDays),
		known(m.MedianDays), known(m.CameBack), known(m.Watched), driftVerdict(d.Size.Verdict), composition, known(m.ExitRate.Low), known(m.ExitRate.High),
		known(m.Run0), known(m.Run1), driftSentence(d), nil,
	}
}

func driftSizeColumns(single bool) []render.Column {
	return []render.Column{
		{Name: "name", DataOnly: single},
		{Name: "size_verdict", Title: "size"},
		{Name: "kind"},
		{Name: "as_of", Title: "since", Kind: render.Date},
		{Name: "noticed", Kind: render.Date},
		{Name: "flow"},
		{Name: "change", Kind: render.Count},
		{Name: "value", Kind: render.Share},
		{Name: "usual", Kind: render.Share},
		{Name: "z", Kind: render.Number, Digits: 1},
		{Name: "limit", Kind: render.Number, Digits: 1},
		{Name: "points", Kind: render.Count, DataOnly: true},
		{Name: "same_weekday", Kind: render.Flag, DataOnly: true},
		{Name: "tested", Kind: render.Count, DataOnly: true},
		{Name: "of_points", Kind: render.Count, DataOnly: true},
		{Name: "reason", DataOnly: true},
	}
}

// driftSizeRows are what stands out about the size, or one row that says that
// nothing does.
func driftSizeRows(d reports.Drift) [][]any {
	s := d.Size
	tail := []any{s.Tested, s.Points, s.Reason}
	row := func(cells ...any) []any { return append(append([]any{d.Name, string(s.Verdict)}, cells...), tail...) }
	var rows [][]any
	if l := s.Leak; l != nil {
		kind := "slow leak"
		if l.Delta > 0 {
			kind = "slow growth"
		}
		rows = append(rows, row(kind, l.Since, l.Noticed, "a day", l.Delta, l.PerDay, nil, l.Average, math.Copysign(l.Limit, l.Average), l.Points, nil))
	}
	for _, f := range s.Flags {
		rows = append(rows, row("jump", f.At, f.At, f.Flow, f.Delta, f.Value, f.Usual, f.Z, math.Copysign(3.5, f.Z), f.Points, f.Weekday)) //nolint:mnd // As reports.SizeDrift has it.
	}
	if len(rows) == 0 {
		rows = append(rows, row(nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil))
	}
	return rows
}

func driftCompositionColumns(single bool) []render.Column {
	return []render.Column{
		{Name: "name", DataOnly: single},
		{Name: "trait"},
		{Name: "verdict"},
		{Name: "psi", Kind: render.Number, Digits: 3},
		{Name: "psi_noise", Title: "noise", Kind: render.Number, Digits: 3},
		{Name: "p_adjusted", Kind: render.Number, DataOnly: true},
		{Name: "guilty", Title: "most changed"},
		{Name: "share_before", Title: "then", Kind: render.Share},
		{Name: "share_now", Title: "now", Kind: render.Share},
		{Name: "retained_changed", Title: "stayed", Kind: render.Share},
		{Name: "entrants_differ", Title: "in", Kind: render.Share},
		{Name: "leavers_differ", Title: "out", Kind: render.Share},
		{Name: "psi_excess", Kind: render.Number, DataOnly: true},
		{Name: "js", Kind: render.Number, DataOnly: true},
		{Name: "ks_of_bins", Kind: render.Number, DataOnly: true},
		{Name: "l_infinity", Kind: render.Number, DataOnly: true},
		{Name: "p_value", Kind: render.Number, DataOnly: true},
		{Name: "p_homogeneity", Kind: render.Number, DataOnly: true},
		{Name: "members_before", Kind: render.Count, DataOnly: true},
		{Name: "members_now", Kind: render.Count, DataOnly: true},
		{Name: "reason", DataOnly: true},
	}
}

func driftCompositionRow(d reports.Drift, t reports.TraitDrift) []any {
	var guilty, before, now, changed, arrived, departed any
	for _, b := range t.Bins {
		if b.Label == t.Guilty && t.Guilty != "" {
			guilty, before, now = b.Label, known(b.Share0), known(b.Share1)
			changed, arrived, departed = known(b.Changed), known(b.Arrived), known(b.Departed)
		}
	}
	return []any{
		d.Name, t.Trait, driftVerdict(t.Verdict), known(t.PSI), known(t.Noise), known(t.Adjusted), guilty, before, now, changed, arrived, departed,
		known(t.Excess), known(t.JS), known(t.KS), known(t.LInfinity), known(t.P), known(t.Homogeneity), t.Before, t.Now, t.Reason,
	}
}

func driftBinsColumns(single bool) []render.Column {
	return []render.Column{
		{Name: "name", DataOnly: single},
		{Name: "trait"},
		{Name: "bin"},
		{Name: "before", Title: "then", Kind: render.Count},
		{Name: "now", Kind: render.Count},
		{Name: "share_before", Title: "share then", Kind: render.Share},
		{Name: "share_now", Title: "share now", Kind: render.Share},
		{Name: "retained_changed", Title: "stayed", Kind: render.Share},
		{Name: "entrants_differ", Title: "in", Kind: render.Share},
		{Name: "leavers_differ", Title: "out", Kind: render.Share},
		{Name: "retained_before", Kind: render.Count, DataOnly: true},
		{Name: "retained_now", Kind: render.Count, DataOnly: true},
		{Name: "entrants", Kind: render.Count, DataOnly: true},
		{Name: "leavers", Kind: render.Count, DataOnly: true},
	}
}

func driftBinsRow(d reports.Drift, t reports.TraitDrift, b reports.DriftBin) []any {
	return []any{
		d.Name, t.Trait, b.Label, b.Before, b.Now, known(b.Share0), known(b.Share1), known(b.Changed), known(b.Arrived), known(b.Departed),
		b.Retained0, b.Retained1, b.Entrants, b.Leavers,
	}
}

func driftWhyColumns(single bool) []render.Column {
	return []render.Column{
		{Name: "name", DataOnly: single},
		{Name: "cause"},
		{Name: "members", Kind: render.Count},
		{Name: "entered", Kind: render.Count},
		{Name: "exited", Kind: render.Count},
		{Name: "waterfall", Align: render.Left},
		{Name: "rule", DataOnly: true},
		{Name: "kind", DataOnly: true},
		{Name: "leaf", DataOnly: true},
		{Name: "exact_change", Kind: render.Number, DataOnly: true},
		{Name: "within", Kind: render.Number, DataOnly: true},
		{Name: "se", Kind: render.Number, DataOnly: true},
		{Name: "refused", DataOnly: true},
	}
}

// driftBar is how many cells the waterfall is wide.
const driftBar = 20

// driftWhyRows are a waterfall: the size then, the causes, the size now.
func driftWhyRows(d reports.Drift) [][]any {
	w := d.Why
	if w == nil {
		return nil
	}
	row := func(cause string, members, entered, exited any, bar string, c reports.DriftCause) []any {
		return []any{d.Name, cause, members, entered, exited, bar, orUnknown(c.Rule), orUnknown(string(c.Kind)), orUnknown(c.Leaf), nil, nil, nil, orUnknown(w.Refused)}
	}
	if w.Refused != "" {
		return [][]any{row("not known: "+w.Refused, nil, nil, nil, "", reports.DriftCause{})}
	}
	low, high := min(w.Size0, w.Size1), max(w.Size0, w.Size1)
	at := w.Size0
	for _, c := range w.Causes {
		at += c.Members
		low, high = min(low, at), max(high, at)
	}
	scale := func(size int64) int {
		if high == low {
			return 1
		}
		return 1 + int(math.Round(float64(size-low)/float64(high-low)*(driftBar-1)))
	}
	rows := [][]any{row("size then", w.Size0, nil, nil, strings.Repeat("█", scale(w.Size0)), reports.DriftCause{})}
	at = w.Size0
	for _, c := range w.Causes {
		a, b := scale(min(at, at+c.Members)), scale(max(at, at+c.Members))
		mark := "▒"
		if c.Members < 0 {
			mark = "░"
		}
		bar := strings.Repeat(" ", a) + strings.Repeat(mark, max(b-a, 1))
		at += c.Members
		one := row(c.Name(), c.Members, c.Entered, c.Exited, bar, c)
		one[9], one[10], one[11] = c.Change, c.Within, c.SE
		rows = append(rows, one)
	}
	return append(rows, row("size now", w.Size1, w.Entered, -w.Exited, strings.Repeat("█", scale(w.Size1)), reports.DriftCause{}))
}

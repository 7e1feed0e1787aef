package cmd

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"strata/reports"
	"strata/reports/render"
	reporting "strata/reports/run"
)

// overlapPrinter writes an overlap for people.
type overlapPrinter struct {
	*revisionPrinter
	*reports.Overlap
	opts overlapOptions
}

// writeOverlap answers with a text.
func (s *session) writeOverlap(opts overlapOptions, a *reporting.OverlapAnswer) error {
	text, err := s.overlapText(opts, a)
	if err != nil {
		return environment("write the overlap: %w", err)
	}
	if _, err := io.WriteString(s.env.Stdout, text); err != nil {
		return environment("write the overlap: %w", err)
	}
	return nil
}

func (s *session) overlapText(opts overlapOptions, a *reporting.OverlapAnswer) (string, error) {
	p := &overlapPrinter{
		revisionPrinter: &revisionPrinter{session: s, width: s.env.Terminal.Width, color: s.colorOn(s.env.Terminal.Stdout)},
		Overlap:         a.Overlap, opts: opts,
	}
	if p.width <= 0 {
		p.width = planWidth
	}
	p.header(a)
	for _, part := range []func() error{p.pairs, p.matrix, p.exclusive, p.unique, p.cover, p.advice} {
		if err := part(); err != nil {
			return "", err
		}
	}
	return p.out.String(), nil
}

// header says what is compared and whom it reaches.
func (p *overlapPrinter) header(a *reporting.OverlapAnswer) {
	stages := 0
	for _, u := range p.Units {
		if u.Partition != "" {
			stages++
		}
	}
	what := pluralWord(len(p.Units)-stages, "segment", "segments")
	if stages > 0 {
		what += " and " + pluralWord(stages, "stage", "stages") + " of partitions"
	}
	if stages == len(p.Units) {
		what = pluralWord(stages, "stage", "stages") + " of partitions"
	}
	known := a.KnownAt
	if known != nil {
		local := known.In(p.program.Zone)
		known = &local
	}
	where := momentText(a.AsOf.In(p.program.Zone), known)
	if a.Run != nil {
		where += fmt.Sprintf(", run %d", *a.Run)
	}
	p.hang("", fmt.Sprintf("Overlap of %s among %s customers (%s)", what, number(p.Reach.Customers), where), 0)
	r := p.Reach
	if r.Net == 0 {
		p.hang("reach     ", "nobody is in any of them", 10)
		return
	}
	p.hang("reach     ", fmt.Sprintf("%s memberships (gross) of %s customers (net), %.2f each", number(r.Gross), number(r.Net), *r.Mean), 10)
	p.hang("coverage  ", fmt.Sprintf("%s of everyone; %s customers are in none", overlapPercent(r.Coverage), number(r.None)), 10)
	p.hang("pressure  ", fmt.Sprintf("%s customers are in %d or more (%s of those reached)", number(r.Many), reports.OverlapMany, overlapPart(r.Many, r.Net)), 10)
}

// overlapPercent writes a share, a dash where it is not known.
func overlapPercent(share *float64) string {
	if share == nil {
		return "–"
	}
	return strconv.FormatFloat(100**share, 'f', 1, 64) + "%"
}

func overlapPart(part, whole int64) string {
	if whole == 0 {
		return "–"
	}
	share := float64(part) / float64(whole)
	return overlapPercent(&share)
}

// overlapMeasureNames are the measures in the words of people.
var overlapMeasureNames = map[reports.OverlapMeasure]string{
	reports.OverlapJaccard: "Jaccard", reports.OverlapRow: "share of one in the other",
	reports.OverlapCoefficient: "overlap coefficient", reports.OverlapLift: "lift", reports.OverlapCount: "customers in both",
}

// pairCells are the cells of a line that are not for the two names of a pair.
const pairCells = 46

// pairs writes the strongest pairs.
func (p *overlapPrinter) pairs() error {
	by := reports.OverlapMeasure(p.opts.measure)
	all := p.Strongest(by, 0)
	p.heading("STRONGEST PAIRS, by " + overlapMeasureNames[by])
	if len(all) == 0 {
		p.line("no two of them share a customer")
		return nil
	}
	shown := all
	if p.opts.top > 0 {
		shown = all[:min(p.opts.top, len(all))]
	}
	t := render.Table{Columns: []render.Column{
		{Name: "a"},
		{Name: "b"},
		{Name: "both", Kind: render.Count},
		{Name: "of a", Kind: render.Share},
		{Name: "of b", Kind: render.Share},
		{Name: "jaccard", Title: "j", Kind: render.Number, Digits: 2},
		{Name: "lift", Align: render.Right},
		{Name: "inside", Title: "in"},
	}}
	if by == reports.OverlapCoefficient {
		t.Columns[5].Title = "o"
	}
	chance := false
	for _, pair := range shown {
		q := p.Tested(pair[0], pair[1])
		lift, byChance := overlapLiftText(q)
		chance = chance || byChance
		if q.Few {
			q.OverlapRates = reports.OverlapRates{}
		}
		fifth := q.Jaccard
		if by == reports.OverlapCoefficient {
			fifth = q.Coefficient
		}
		room := max(8, (p.width-pairCells)/2)
		t.Rows = append(t.Rows, []any{ansi.Truncate(q.A, room, "…"), ansi.Truncate(q.B, room, "…"), q.Both, known(q.AInB), known(q.BInA), known(fifth), lift, overlapInsideText(q)})
	}
	if err := p.table(t, 0); err != nil {
		return err
	}
	if more := len(all) - len(shown); more > 0 {
		p.line(fmt.Sprintf("… and %s (--top 0 shows all)", pluralWord(more, "more pair", "more pairs")))
	}
	p.hang("", "j: Jaccard, both over either (o: over the smaller). lift: how many times as many as by chance. "+
		"in: A or B lies in the other, = both are the same; with ! by definition, else in this data", 0)
	if chance {
		p.hang("", "~ an overlap that chance alone may well bring about (p >= 0.05)", 0)
	}
	return nil
}

// overlapLiftText writes a lift, marked where chance may be behind it.
func overlapLiftText(p reports.OverlapPair) (text string, byChance bool) {
	if p.Few || p.Lift == nil {
		return "few", false
	}
	const level = 0.05
	text = strconv.FormatFloat(*p.Lift, 'f', 2, 64)
	if p.P != nil && *p.P >= level {
		return "~" + text, true
	}
	return text, false
}

// overlapInsideText says which of a pair lies in the other.
func overlapInsideText(p reports.OverlapPair) string {
	text := map[reports.OverlapWhich]string{reports.OverlapAInB: "A", reports.OverlapBInA: "B", reports.OverlapSame: "="}[p.Containment.Which]
	if p.Containment.ByDefinition {
		text += " !"
	}
	return text
}

// matrix writes the matrix where it was asked for. Its columns are numbered.
func (p *overlapPrinter) matrix() error {
	if !p.opts.matrix {
		return nil
	}
	by := reports.OverlapMeasure(p.opts.measure)
	title := "MATRIX of " + overlapMeasureNames[by]
	if by == reports.OverlapRow {
		title = "MATRIX: of the members of the row, how many are in the column"
	}
	p.heading(title)
	t := overlapMatrixTable(p.Overlap, by)
	for i := range p.Units {
		t.Columns[i+2].Title = strconv.Itoa(i + 1)
		t.Rows[i][0] = fmt.Sprintf("%d %s", i+1, p.Units[i].Name)
	}
	return p.table(t, 0)
}

// overlapLetters mark the columns of exclusive sets.
const overlapLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// exclusive writes exclusive sets as columns of dots, or by names where there are
// too many columns.
func (p *overlapPrinter) exclusive() error {
	if len(p.Sets) == 0 {
		return nil
	}
	p.heading("EXCLUSIVE SETS: customers in just these and in no other")
	columns := p.overlapSetColumns()
	const besides = 30 // Cells of numbers and of a short overlapBar.
	dots := len(columns) <= min(len(overlapLetters), p.width-besides)
	widest := len(number(p.Sets[0].Customers))
	if dots {
		legend := make([]string, len(columns))
		for i, name := range columns {
			legend[i] = overlapLetters[i:i+1] + "=" + name
		}
		p.hang("", strings.Join(legend, ", "), 0)
		p.line(strings.Repeat(" ", widest+9) + overlapLetters[:len(columns)])
	}
	for _, set := range p.Sets {
		front := fmt.Sprintf("%*s  %5s  ", widest, number(set.Customers), overlapPart(set.Customers, p.Reach.Net))
		if !dots {
			p.hang(front, overlapNames(set.Names), ansi.StringWidth(front))
			continue
		}
		marks := []byte(strings.Repeat(".", len(columns)))
		for _, name := range set.Names {
			marks[slices.Index(columns, name)] = '#'
		}
		room := max(5, min(40, p.width-ansi.StringWidth(front)-len(columns)-2))
		p.line(strings.TrimRight(front+string(marks)+"  "+overlapBar(set.Customers, p.Sets[0].Customers, room), " "))
	}
	if p.OtherSets > 0 {
		p.line(fmt.Sprintf("%*s  %5s  in %s", widest, number(p.OtherCustomers), overlapPart(p.OtherCustomers, p.Reach.Net),
			pluralWord(p.OtherSets, "other set", "other sets")))
	}
	return nil
}

// overlapSetColumns are the segments that the shown sets consist of, the largest first.
func (p *overlapPrinter) overlapSetColumns() []string {
	var columns []string
	for _, set := range p.Sets {
		for _, name := range set.Names {
			if !slices.Contains(columns, name) {
				columns = append(columns, name)
			}
		}
	}
	size := map[string]int64{}
	for _, u := range p.Units {
		size[u.Name] = u.Size
	}
	slices.SortStableFunc(columns, func(a, b string) int { return int(size[b] - size[a]) })
	return columns
}

// overlapBar draws a number beside the largest one.
func overlapBar(n, most int64, room int) string {
	if most == 0 {
		return ""
	}
	return strings.Repeat("█", max(1, int(int64(room)*n/most)))
}

// unique writes for each unit whom only it reaches, and what it could show.
func (p *overlapPrinter) unique() error {
	p.heading("SIZES, UNIQUE CUSTOMERS, SMALLEST LIFT")
	units := slices.Clone(p.Units)
	slices.SortStableFunc(units, func(a, b reports.OverlapUnit) int { return int(b.Size - a.Size) })
	if p.opts.top > 0 {
		units = units[:min(p.opts.top, len(units))]
	}
	t := render.Table{Columns: []render.Column{
		{Name: "name"},
		{Name: "size", Kind: render.Count},
		{Name: "unique", Kind: render.Count},
		{Name: "elsewhere too", Kind: render.Share},
		{Name: "smallest lift", Align: render.Right},
		{Name: "relative", Align: render.Right},
	}}
	for _, u := range units {
		lift, relative := any("none"), any(nil)
		if u.Power.Smallest != nil {
			lift, relative = "+"+reports.OverlapPoints(*u.Power.Smallest), fmt.Sprintf("+%.0f%%", 100**u.Power.Relative)
		}
		unique, redundancy := any(nil), any(nil)
		if u.Counted {
			unique, redundancy = u.Unique, known(u.Redundancy)
		}
		t.Rows = append(t.Rows, []any{u.Name, u.Size, unique, redundancy, lift, relative})
	}
	if err := p.table(t, 0); err != nil {
		return err
	}
	if more := len(p.Units) - len(units); more > 0 {
		p.line(fmt.Sprintf("… and %s (--top 0 shows all)", pluralWord(more, "smaller one", "smaller ones")))
	}
	p.hang("", fmt.Sprintf("unique: in no other segment. smallest lift: what a campaign could show at best, with %s held out and a base rate of %s",
		overlapPercent(&p.opts.holdout), overlapPercent(&p.opts.baseRate)), 0)
	return nil
}

// overlapEnough is the share of the reach that a cover is stopped at in words.
const overlapEnough = 0.98

// cover says how few segments reach nearly everyone whom all reach.
func (p *overlapPrinter) cover() error {
	if len(p.Cover) == 0 {
		return nil
	}
	at := slices.IndexFunc(p.Cover, func(s reports.OverlapStep) bool { return *s.Share >= overlapEnough })
	steps := p.Cover[:at+1]
	p.heading("COVER")
	what := "segments"
	if !slices.ContainsFunc(p.Units, func(u reports.OverlapUnit) bool { return u.Partition == "" }) {
		what = "stages"
	}
	p.hang("", fmt.Sprintf("%d of your %d %s already cover %s of the %s customers that all of them reach:",
		len(steps), p.Reach.Units, what, overlapPercent(steps[at].Share), number(p.Reach.Net)), 0)
	texts := make([]string, len(steps))
	for i, step := range steps {
		texts[i] = step.Name + " +" + number(step.Adds)
	}
	if p.opts.top > 0 && len(texts) > p.opts.top {
		texts = append(texts[:p.opts.top], "…")
	}
	p.hang("  ", overlapNames(texts), 2)
	return nil
}

// advice writes what could be done.
func (p *overlapPrinter) advice() error {
	p.heading("ADVICE")
	if len(p.Advice) == 0 {
		p.line("nothing to merge or drop, and nothing too small")
		return nil
	}
	shown := p.Advice
	if p.opts.top > 0 {
		shown = shown[:min(p.opts.top, len(shown))]
	}
	for i, a := range shown {
		front := fmt.Sprintf("%2d. ", i+1)
		p.hang(front+string(a.Kind)+": ", a.Finding, len(front))
		if a.Rules != "" {
			p.hang("    rules: ", a.Rules, 6)
		}
		if a.Consequence != "" {
			p.hang("    then: ", a.Consequence, 6)
		}
	}
	if more := len(p.Advice) - len(shown); more > 0 {
		p.line(fmt.Sprintf("… and %d more (--top 0 shows all)", more))
	}
	return nil
}

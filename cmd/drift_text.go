package cmd

import (
	"math"
	"slices"
	"strings"

	"strata/reports"
	"strata/reports/render"
)

// showDrift answers with the tables. One segment is shown part by part, and
// several with a line each.
func (s *session) showDrift(all []reports.Drift, opts driftOptions) error {
	single := len(all) == 1 && opts.table != driftSummaryTable
	tables := driftTablesOf(all, single)
	if format := s.tableFormat(); format == render.Aligned || format == render.Markdown {
		for _, t := range tables {
			forEyesOnly(t)
		}
	}
	order := driftTables()
	if single {
		order = []string{driftMembershipTable, driftSizeTable, driftWhyTable, driftCompositionTable, driftBinsTable, driftSummaryTable}
	}
	var list []render.Table
	for i, name := range order {
		if i == 0 || name == opts.table || s.tableFormat() == render.JSON || single && opts.table == "" && tells(name, all, opts) {
			list = append(list, *tables[name])
		}
	}
	list[0].Meta = s.meta()
	if err := s.writeTables("drift", opts.table, list...); err != nil {
		return err
	}
	if single {
		s.sayDrift(all[0], opts)
	} else {
		s.sayBlind(all)
	}
	return nil
}

// tells reports whether a table about one segment tells people what the others
// do not.
func tells(table string, all []reports.Drift, opts driftOptions) bool {
	switch table {
	case driftSizeTable:
		return !calm(all)
	case driftCompositionTable:
		return !unjudged(all)
	case driftBinsTable: // There are dozens of bins of dozens of traits.
		return len(opts.traits) > 0
	case driftSummaryTable:
		return false
	}
	return true
}

// sayBlind says at how many there is no verdict.
func (s *session) sayBlind(all []reports.Drift) {
	blind := 0
	for _, d := range all {
		unknown := d.Size.Verdict == reports.DriftUnknown || d.Composition != nil && d.Composition.Verdict == reports.DriftUnknown
		if d.Skipped == "" && unknown {
			blind++
		}
	}
	if blind > 0 {
		s.say("no verdict at %d of %s: too little history, too few members, or sizes that cannot be followed (--json says which)",
			blind, pluralWord(len(all), "segment or stage", "segments and stages"))
	}
}

// calm reports whether nothing about any size stands out.
func calm(all []reports.Drift) bool {
	return !slices.ContainsFunc(all, func(d reports.Drift) bool { return d.Size.Leak != nil || len(d.Size.Flags) > 0 })
}

// unjudged reports whether nothing is known about what members are like.
func unjudged(all []reports.Drift) bool {
	return !slices.ContainsFunc(all, func(d reports.Drift) bool {
		return d.Composition != nil && d.Composition.Verdict != reports.DriftUnknown
	})
}

// driftTablesOf makes all tables.
func driftTablesOf(all []reports.Drift, single bool) map[string]*render.Table {
	tables := map[string]*render.Table{
		driftSummaryTable:     {Name: driftSummaryTable, Columns: driftSummaryColumns()},
		driftMembershipTable:  {Name: driftMembershipTable, Columns: driftMembershipColumns(single), Record: single},
		driftSizeTable:        {Name: driftSizeTable, Columns: driftSizeColumns(single)},
		driftCompositionTable: {Name: driftCompositionTable, Columns: driftCompositionColumns(single)},
		driftBinsTable:        {Name: driftBinsTable, Columns: driftBinsColumns(single)},
		driftWhyTable:         {Name: driftWhyTable, Columns: driftWhyColumns(single)},
	}
	add := func(name string, rows ...[]any) { tables[name].Rows = append(tables[name].Rows, rows...) }
	for _, d := range all {
		add(driftSummaryTable, driftSummaryRow(d))
		add(driftMembershipTable, driftMembershipRow(d))
		if d.Skipped != "" {
			continue
		}
		add(driftSizeTable, driftSizeRows(d)...)
		add(driftWhyTable, driftWhyRows(d)...)
		if d.Composition == nil {
			continue
		}
		for _, t := range d.Composition.Traits {
			add(driftCompositionTable, driftCompositionRow(d, t))
			for _, b := range t.Bins {
				add(driftBinsTable, driftBinsRow(d, t, b))
			}
		}
	}
	return tables
}

// sayDrift says what the numbers of one segment come to, and what they do not
// say.
func (s *session) sayDrift(d reports.Drift, opts driftOptions) {
	if text := driftSentence(d); text != "" {
		s.say("%s", text)
	}
	shows := func(table string) bool { return opts.table == "" || opts.table == table }
	if d.Why != nil {
		for _, note := range d.Why.Notes {
			s.say("%s", note)
		}
	}
	if d.Skipped != "" {
		s.say("%s: %s", d.Name, d.Skipped)
	}
	if shows(driftSizeTable) && d.Size.Reason != "" {
		s.say("size: %s", d.Size.Reason)
	}
	if shows(driftMembershipTable) && d.Membership.Size0 < driftFew && d.Skipped == "" {
		s.say("rates of fewer than %d members say little", driftFew)
	}
	if c := d.Composition; c != nil && c.Reason != "" {
		s.say("composition: %s", c.Reason)
	}
}

// driftFew is the number of members below which rates are noise.
const driftFew = 30

// driftMentioned is how many causes the sentence names.
const driftMentioned = 4

// driftSentence says in words why a segment drifted, "" where nobody knows.
func driftSentence(d reports.Drift) string {
	w := d.Why
	if w == nil || w.Refused != "" {
		return ""
	}
	total := signed(w.Size1 - w.Size0)
	end := "; today's rule is meant at both ends."
	switch {
	case w.Edited != nil && *w.Edited:
		end = "."
	case w.Edited != nil:
		end = "; the rule itself did not change."
	}
	var parts []string
	rest := w.Size1 - w.Size0
	for _, c := range w.Causes {
		if len(parts) < driftMentioned && c.Members != 0 {
			parts = append(parts, driftPart(c))
			rest -= c.Members
		}
	}
	if len(parts) == 0 {
		return total + ": nobody entered or left for good" + end
	}
	if rest != 0 {
		parts = append(parts, signed(rest)+" by other causes")
	}
	return total + " = " + strings.Join(parts, ", ") + end
}

// driftPart is a cause as part of the sentence.
func driftPart(c reports.DriftCause) string {
	n, gains := number(int64(math.Abs(float64(c.Members)))), c.Members > 0
	say := func(gain, loss string) string {
		if gains {
			return n + " " + gain
		}
		return n + " " + loss
	}
	rule := "'" + shortened(c.Rule) + "'"
	switch c.Kind {
	case reports.DriftClock:
		return say("came by the clock with ", "aged past ") + rule
	case reports.DriftData:
		return say("came by what they did: ", "fell by what they did: ") + rule
	case reports.DriftEither:
		return say("came by clock or data: ", "left by clock or data: ") + rule
	case reports.DriftEdit:
		return say("let in by the edit of the rule", "put out by the edit of the rule")
	case reports.DriftPopulation:
		return say("new customers", "removed customers")
	case reports.DriftKept0:
		return say("whom the first run missed", "whom the first run has and nobody finds now")
	case reports.DriftKept1:
		return say("whom the last run has and nobody finds now", "whom the last run missed")
	}
	return n + " " + string(c.Kind)
}

// driftRuleWidth is how much of a rule the sentence quotes.
const driftRuleWidth = 60

// shortened is a rule that fits a sentence.
func shortened(rule string) string {
	runes := []rune(rule)
	if len(runes) <= driftRuleWidth {
		return rule
	}
	return string(runes[:driftRuleWidth-1]) + "…"
}

// verdict is an error where --fail-on finds something. What could not be judged
// is said.
func (fails driftFails) verdict(s *session, all []reports.Drift) error {
	if len(fails.asked) == 0 {
		return nil
	}
	var found, unknown []string
	for _, d := range all {
		bad, blind := fails.look(d)
		if len(bad) > 0 {
			found = append(found, d.Name+" ("+strings.Join(bad, ", ")+")")
		}
		if blind {
			unknown = append(unknown, d.Name)
		}
	}
	if len(unknown) > 0 {
		s.say("could not be judged: %s", strings.Join(firstOf(unknown, 5), ", "))
	}
	if len(found) == 0 {
		return nil
	}
	return checkFailed("%s by --fail-on %s: %s", pluralWord(len(found), "segment drifts", "segments drift"),
		strings.Join(fails.asked, ","), strings.Join(firstOf(found, 5), ", "))
}

// look finds what --fail-on speaks of about one segment, and whether it could not
// be judged.
func (fails driftFails) look(d reports.Drift) (bad []string, blind bool) {
	if d.Skipped != "" {
		return nil, true
	}
	if fails.size {
		blind = d.Size.Verdict == reports.DriftUnknown
		if d.Size.Verdict == reports.DriftAlert {
			bad = append(bad, "size "+string(d.Size.Verdict))
		}
	}
	if c := d.Composition; fails.composition && c != nil {
		blind = blind || c.Verdict == reports.DriftUnknown
		if c.Verdict.Worse(fails.worst) {
			bad = append(bad, "traits "+string(c.Verdict))
		}
	}
	if fails.share.share != nil {
		beyond := fails.share.beyondSizes(d.Membership.Size0, d.Membership.Size1)
		if beyond {
			bad = append(bad, strings.Trim(sizeChange(d.Membership.Size0, d.Membership.Size1), "()"))
		}
	}
	return slices.Compact(bad), blind
}

package run

import (
	"fmt"

	"strata/reports"
	"strata/segments/evaluate"
)

// game is the rule with the patterns.
func (u *driftUnit) game(patterns []reports.DriftPattern) reports.DriftGame {
	g := gameOf(u.form, u.formerly)
	g.Patterns = patterns
	if u.at.aged < 0 {
		for i := range g.Leaves {
			g.Leaves[i].Whole, g.Leaves[i].Reason = true, u.unaged
		}
	}
	return g
}

// membership adds up who was in and who is.
func (u *driftUnit) membership(m *reports.MembershipDrift, g reports.DriftGame) {
	var size0, size1, retained int64
	for i := range g.Patterns {
		p := &g.Patterns[i]
		first, last := p.Ends(g.Old, g.New)
		if first {
			size0 += p.Customers
		}
		if last {
			size1 += p.Customers
		}
		if first && last {
			retained += p.Customers
		}
		if first && !last && u.evaluates() && !p.Here1 {
			m.Removed += p.Customers
		}
	}
	m.Compared(size0, size1, retained)
}

// attribute says why the unit drifted, and what is not known about that.
func (u *driftUnit) attribute(g reports.DriftGame) reports.DriftWhy {
	if u.refusedWhy != "" {
		return reports.DriftWhy{Refused: u.refusedWhy, Causes: []reports.DriftCause{}, Notes: []string{}}
	}
	why := reports.Attribute(g)
	if u.whole != "" {
		why.Notes = append(why.Notes, u.whole)
	}
	if u.unaged != "" {
		why.Notes = append(why.Notes, "clock and data are not told apart: "+u.unaged)
	}
	if !why.Exact {
		why.Notes = append(why.Notes, "where more than 12 causes are at work for a customer, the parts are means over 2,000 permutations")
	}
	edited := u.formerly != nil
	why.Edited = &edited
	if u.Old == nil {
		u.runEdits(&why)
	}
	return why
}

// runEdits says whether the rule of a run is the rule of today.
func (u *driftUnit) runEdits(why *reports.DriftWhy) {
	hash := evaluate.MeaningOf(u.program, u.definition).Hash
	known := false
	for i, run := range u.runs {
		if run == nil {
			continue
		}
		for _, unit := range run.Units {
			if unit.Name != u.Name && (u.Was == "" || unit.Name != u.Was) {
				continue
			}
			known = true
			if unit.Definition == hash {
				continue
			}
			*why.Edited = true
			what := "first run"
			if i == 1 {
				what = "last run"
			}
			why.Notes = append(why.Notes, fmt.Sprintf(
				"the rule was edited since run %d, which keeps members and no rule: what the edit did stands at '%s', with data that changed since", run.ID, what))
		}
	}
	if !known {
		why.Edited = nil
	}
}

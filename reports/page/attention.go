package page

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"strata/reports"
	"strata/reports/chart"
)

// attentionMost is how many points of a kind are listed.
const attentionMost = 12

// attention lists in words what a reader should look at first.
func (w *writer) attention() []block {
	var points []point
	add := func(found []point, what string) {
		points = append(points, found[:min(len(found), attentionMost)]...)
		if left := len(found) - attentionMost; left > 0 {
			points = append(points, point{Mark: "…", Class: "note", Text: fmt.Sprintf("%d more %s, which stand in the tables below", left, what)})
		}
	}
	add(w.driftPoints(), "segments and stages that drift")
	add(w.advicePoints(), "pieces of advice on overlap")
	add(w.ratePoints(), "rates beyond what is usual for senders")
	if len(points) == 0 {
		points = append(points, point{Mark: "✓", Class: "note", Text: "Nothing stands out: no size beyond its limits, no major change of what members are like, no advice on overlap."})
	}
	if unjudged := w.unjudged(); unjudged != "" {
		points = append(points, point{Mark: "?", Class: "note", Text: unjudged})
	}
	for _, note := range w.Notes {
		points = append(points, point{Mark: "i", Class: "note", Text: chart.Clean(note)})
	}
	return []block{{Points: points}}
}

// bad is how bad a unit's drift is: 2 for alert and major, 1 for watch.
func bad(d reports.Drift) int {
	worst := 0
	verdicts := []reports.DriftVerdict{d.Size.Verdict}
	if d.Composition != nil {
		verdicts = append(verdicts, d.Composition.Verdict)
	}
	for _, v := range verdicts {
		switch {
		case v.Worse(reports.DriftMajor):
			worst = max(worst, 2)
		case v.Worse(reports.DriftWatch):
			worst = max(worst, 1)
		}
	}
	return worst
}

// moved is by how many members a unit changed.
func moved(d reports.Drift) float64 {
	return math.Abs(float64(d.Membership.Size1 - d.Membership.Size0))
}

// ranked are the units by what there is to say about them: the verdict, then the
// change of the size, then the size, then the name.
func (w *writer) ranked() []reports.Drift {
	var all []reports.Drift
	for _, d := range w.Drift {
		if d.Skipped == "" {
			all = append(all, d)
		}
	}
	slices.SortStableFunc(all, func(a, b reports.Drift) int {
		return cmp.Or(cmp.Compare(bad(b), bad(a)), cmp.Compare(moved(b), moved(a)),
			cmp.Compare(b.Membership.Size1, a.Membership.Size1), cmp.Compare(a.Name, b.Name))
	})
	return all
}

// detailed are the units that are shown in detail, and how many are not.
func (w *writer) detailed() (shown []reports.Drift, left int) {
	all := w.ranked()
	n := min(len(all), w.Detail)
	return all[:n], len(all) - n
}

// driftPoints are the units whose size or members drift.
func (w *writer) driftPoints() []point {
	var points []point
	for _, d := range w.ranked() {
		if bad(d) == 0 {
			continue
		}
		parts := []string{w.sizeSentence(d)}
		if text := w.leakSentence(d); text != "" {
			parts = append(parts, text)
		}
		if text := w.flagSentence(d); text != "" {
			parts = append(parts, text)
		}
		if text := compositionSentence(d); text != "" {
			parts = append(parts, text)
		}
		mark := point{Mark: "▲", Class: "bad", Name: d.Name + ":", Text: strings.Join(parts, "; ") + "."}
		if bad(d) == 1 {
			mark.Mark = "△"
		}
		points = append(points, mark)
	}
	return points
}

// sizeSentence says how the size changed.
func (w *writer) sizeSentence(d reports.Drift) string {
	m := d.Membership
	text := fmt.Sprintf("%s members, %s before", count(m.Size1), count(m.Size0))
	if m.Growth != nil && m.Size0 != m.Size1 {
		text += " (" + change(m.Growth) + ")"
	}
	return text
}

// leakSentence says what the slow average found.
func (w *writer) leakSentence(d reports.Drift) string {
	l := d.Size.Leak
	if l == nil {
		return ""
	}
	kind := "slow leak"
	if l.Delta > 0 {
		kind = "slow growth"
	}
	share, day := l.Share, l.PerDay
	return fmt.Sprintf("%s since %s, %s a day, noticed on %s, %s in all", kind, w.date(l.Since), change(&day), w.date(l.Noticed), change(&share))
}

// flagSentence names the days that stand out.
func (w *writer) flagSentence(d reports.Drift) string {
	if len(d.Size.Flags) == 0 {
		return ""
	}
	first := slices.MaxFunc(d.Size.Flags, func(a, b reports.SizeFlag) int { return cmp.Compare(math.Abs(a.Z), math.Abs(b.Z)) })
	text := fmt.Sprintf("unusual %s on %s (%s members, %s standard deviations)", first.Flow, w.date(first.At),
		chart.SignedCount(float64(first.Delta)), chart.Decimals(1)(first.Z))
	if more := len(d.Size.Flags) - 1; more > 0 {
		text += " and on " + plural(int64(more), "other day", "other days")
	}
	return text
}

// compositionSentence names the trait that changed most.
func compositionSentence(d reports.Drift) string {
	c := d.Composition
	if c == nil || !c.Verdict.Worse(reports.DriftWatch) {
		return ""
	}
	worst := -1
	for i, t := range c.Traits {
		if t.Verdict.Worse(reports.DriftWatch) && t.Excess != nil && (worst < 0 || *t.Excess > *c.Traits[worst].Excess) {
			worst = i
		}
	}
	if worst < 0 {
		return ""
	}
	t := c.Traits[worst]
	text := fmt.Sprintf("members differ in %s (%s: PSI %s, %s by chance)", t.Trait, t.Verdict, short(t.PSI), short(t.Noise))
	at := slices.IndexFunc(t.Bins, func(b reports.DriftBin) bool { return b.Label == t.Guilty && t.Guilty != "" })
	if at < 0 {
		return text
	}
	b := t.Bins[at]
	return text + fmt.Sprintf(", %s from %s to %s", b.Label, percent(b.Share0), percent(b.Share1))
}

// unjudged says of how many units nothing can be said.
func (w *writer) unjudged() string {
	var names []string
	for _, d := range w.Drift {
		if d.Skipped != "" || d.Size.Verdict == reports.DriftUnknown {
			names = append(names, d.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf("The size of %d of %s has no verdict, because of too little history or because it cannot be followed; the table of sizes has the reasons.",
		len(names), plural(int64(len(w.Drift)), "segment and stage", "segments and stages"))
}

// advicePoints are the pieces of advice on overlap that are about a choice.
func (w *writer) advicePoints() []point {
	if w.Overlap == nil {
		return nil
	}
	var points []point
	for _, a := range w.Overlap.Advice {
		switch a.Kind {
		case reports.OverlapAdviceImpossible, reports.OverlapAdviceDuplicate:
			points = append(points, point{Mark: "▲", Class: "bad", Text: sentence(a.Finding)})
		case reports.OverlapAdviceNear, reports.OverlapAdviceUncovered:
			points = append(points, point{Mark: "△", Class: "bad", Text: sentence(a.Finding)})
		default:
		}
	}
	return points
}

// ratePoints are rates of e-mail that are surely beyond what senders aim at.
func (w *writer) ratePoints() []point {
	if w.KPI == nil {
		return nil
	}
	bounds := map[string]float64{"complaint_rate": 0.001, "bounce_rate": 0.02, "unsubscribe_rate": 0.005}
	var points []point
	for j, m := range w.KPI.Metrics {
		bound, ok := bounds[m.Name]
		if !ok {
			continue
		}
		var names []string
		for i, row := range w.KPI.Cells {
			if c := row[j]; c.Value != nil && c.Interval != nil && c.Interval.Low > bound {
				names = append(names, fmt.Sprintf("%s %s", w.KPI.Sets[i].Name, chart.Percent(*c.Value)))
			}
		}
		if len(names) > 0 {
			text := strings.Join(names[:min(len(names), 5)], ", ")
			if left := len(names) - 5; left > 0 {
				text += fmt.Sprintf(" and %d more", left)
			}
			points = append(points, point{Mark: "△", Class: "bad", Text: fmt.Sprintf("%s above %s, by the lower end of the interval: %s.", m.Title, chart.Percent(bound), text)})
		}
	}
	return points
}

// sentence ends with a full stop.
func sentence(text string) string {
	if text == "" || strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}

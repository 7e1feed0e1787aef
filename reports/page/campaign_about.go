package page

import (
	"time"

	"strata/reports"
	"strata/reports/chart"
)

// about says who was meant and when.
func (w *campaignWriter) about() []block {
	t := &table{Columns: columns("what", "value")}
	add := func(name, value string) {
		if value != "" {
			t.Rows = append(t.Rows, []string{name, value})
		}
	}
	add("audience", w.Audience)
	add("its rule", w.AudienceText)
	add("frozen", w.moment(w.Freeze))
	add("sent", w.moment(w.Send))
	add("window", w.Window+", up to "+w.moment(w.WindowEnd))
	add("data up to", w.moment(w.Reach))
	add("assignment", firstOf(w.Assignment, "nobody was held out"))
	add("what may be claimed", map[string]string{
		reports.CampaignHoldout:  "lift, since a holdout was drawn at random",
		reports.CampaignArmsOnly: "which arm did better, and no lift of the campaign, since nobody was held out",
		reports.CampaignNone:     "nothing causal, since no arms were drawn at random",
	}[w.Basis])
	blocks := []block{{Table: t}}
	if len(w.Arms) == 0 {
		return blocks
	}
	arms := &table{Columns: columns("arm", "got", "#customers", "#of all assigned", "#95% interval", "#planned")}
	for _, a := range w.Arms {
		got := "the campaign"
		if a.Holdout {
			got = "nothing (holdout)"
		}
		arms.Rows = append(arms.Rows, []string{a.Name, got, count(a.Assigned.Part), percent(a.Assigned.Value), rateRange(a.Assigned.Range), percent(a.Planned)})
	}
	return append(blocks, block{Heading: "Arms", Table: arms})
}

// rateRange writes the interval of a rate.
func rateRange(r *reports.CampaignRange) string {
	if r == nil {
		return chart.Missing
	}
	return chart.Percent(r.Low) + " – " + chart.Percent(r.High)
}

// health lists every check with what it found.
func (w *campaignWriter) health() []block {
	if len(w.Health) == 0 {
		return nil
	}
	t := &table{Columns: columns("check", "state", "what was found", "#p", "#share")}
	for _, c := range w.Health {
		mark, _ := stateMark(c.State)
		share := ""
		if c.Rate != nil {
			share = count(c.Rate.Part) + " of " + count(c.Rate.Of)
			if c.Rate.Value != nil {
				share += " (" + percent(c.Rate.Value) + ")"
			}
		}
		p := ""
		if c.P != nil {
			p = probability(c.P)
		}
		state := c.State
		if mark != chart.Missing {
			state = mark + " " + state
		}
		t.Rows = append(t.Rows, []string{c.Name, state, c.Text, p, share})
	}
	return []block{{
		Text:  []string{"A check that fails forbids a verdict, one that warns forbids to call it clear, and a note takes nothing from it."},
		Table: t,
	}}
}

// reconciliation sets audience, arms and list beside each other.
func (w *campaignWriter) reconciliation() []block {
	if len(w.Reconciliation) == 0 {
		return nil
	}
	t := &table{Columns: columns("what", "#customers", "#share", "of", "state", "remark")}
	for _, l := range w.Reconciliation {
		mark, _ := stateMark(l.State)
		t.Rows = append(t.Rows, []string{l.What, count(l.Count.Part), percent(l.Count.Value), l.Of, mark + " " + l.State, l.Text})
	}
	return []block{{Table: t}}
}

// method says how everything was counted.
func (w *campaignWriter) method() []block {
	if len(w.Notes) == 0 {
		return nil
	}
	b := block{}
	for _, note := range w.Notes {
		b.Points = append(b.Points, point{Text: note})
	}
	return []block{b}
}

// campaignManifest is the table of what the page follows from, the campaign's
// moments first.
func (w *campaignWriter) campaignManifest() []block {
	blocks := w.manifest()
	at := func(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
	rows := [][]string{
		{"campaign", w.Name}, {"audience frozen", at(w.Freeze)}, {"sent", at(w.Send)}, {"window ends", at(w.WindowEnd)}, {"data up to", at(w.Reach)},
	}
	blocks[0].Table.Rows = append(rows, blocks[0].Table.Rows...)
	return blocks
}

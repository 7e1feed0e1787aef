package tui

import "slices"

// actionNames are the actions that keys can be given to, by page. A test goes
// through all pages and finds what is missing here.
var actionNames = []string{
	"app.campaigns", "app.copy", "app.details", "app.doctor", "app.drift", "app.earlier", "app.export", "app.keys",
	"app.kpi", "app.later", "app.mouse", "app.new", "app.now", "app.overlap", "app.palette", "app.problems", "app.quit",
	"app.redraw", "app.refresh", "app.runs", "app.suspend", "app.theme", "app.travel",
	"campaign.audience", "campaign.days", "campaign.html", "campaign.method", "campaign.segments",
	"campaigns.audience", "campaigns.edit", "campaigns.filter", "campaigns.freeze", "campaigns.open", "campaigns.power",
	"customer.filter", "customer.other", "customer.segment", "customer.side", "customer.why",
	"doctor.copy",
	"drift.days", "drift.open", "drift.segment", "drift.sort", "drift.why",
	"drift-of.bins", "drift-of.days", "drift-of.part", "drift-of.stage", "drift-of.try",
	"funnel.all", "funnel.edit", "funnel.members", "funnel.toggle",
	"history.customer", "history.side", "history.stage",
	"kpi.days", "kpi.metric", "kpi.next", "kpi.notes", "kpi.open", "kpi.previous", "kpi.sort",
	"kpis.all", "kpis.days", "kpis.notes", "kpis.stage",
	"members.columns", "members.find", "members.next", "members.previous", "members.profile", "members.sort",
	"members.why",
	"overlap.all", "overlap.measure", "overlap.members", "overlap.new", "overlap.only", "overlap.part", "overlap.pick",
	"overlap.picked", "overlap.segment", "overlap.similar", "overlap.sizes", "overlap.stages", "overlap.venn",
	"overlap.why",
	"overlap-of.members", "overlap-of.new", "overlap-of.segment", "overlap-of.sort",
	"power.freeze",
	"problems.file",
	"rule.file", "rule.view",
	"runs.cancel", "runs.open", "runs.write",
	"segment.edit", "segment.file", "segment.next", "segment.previous", "segment.why",
	"segment.tab.drift", "segment.tab.funnel", "segment.tab.history", "segment.tab.kpis", "segment.tab.members",
	"segment.tab.overlap", "segment.tab.overview", "segment.tab.rule",
	"segments.campaigns", "segments.drift", "segments.edit", "segments.file", "segments.filter", "segments.keep", "segments.new", "segments.open",
	"segments.order", "segments.overlap", "segments.pin", "segments.pins", "segments.problems", "segments.run",
	"segments.sort", "segments.unzoom", "segments.why", "segments.zoom",
	"why.customer", "why.edit", "why.open", "why.profile", "why.rows", "why.segment",
	"workbench.diff", "workbench.earlier", "workbench.editor", "workbench.keep", "workbench.later", "workbench.less",
	"workbench.members", "workbench.more", "workbench.next", "workbench.overwrite", "workbench.redo", "workbench.save",
	"workbench.sql", "workbench.theirs", "workbench.toggle", "workbench.undo", "workbench.why",
}

// ActionNames are the names of all actions, sorted.
func ActionNames() []string { return slices.Sorted(slices.Values(actionNames)) }

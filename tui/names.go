package tui

import "slices"

// actionNames are the actions that keys can be given to. A test goes through all
// pages and finds what is missing here.
var actionNames = []string{
	"app.palette", "app.keys", "app.travel", "app.earlier", "app.later", "app.now", "app.refresh", "app.copy", "app.export", "app.doctor",
	"app.details", "app.theme", "app.mouse", "app.redraw", "app.suspend", "app.quit", "app.runs", "app.campaigns", "app.overlap",
	"app.drift", "app.kpi", "app.problems", "app.new", "doctor.copy",
}

// ActionNames are the names of all actions, sorted.
func ActionNames() []string { return slices.Sorted(slices.Values(actionNames)) }

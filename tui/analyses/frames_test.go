package analyses

import (
	"flag"
	"testing"

	"strata/tui/page"
	"strata/tui/pagetest"
)

var _ = flag.Bool("update", false, "rewrite expected frames")

// scene is a page after some keys.
type scene struct {
	name string
	make func() page.Page
	keys []string
}

func scenes() []scene {
	overlap := func() page.Page { return NewOverlap(links(), nil) }
	of := func(word string) func() page.Page { return func() page.Page { return NewOverlapOf(links(), word) } }
	drift := func() page.Page { return NewDrift(links()) }
	driftOf := func() page.Page { return NewDriftOf(links(), "vip") }
	kpi := func() page.Page { return NewKPI(links()) }
	kpis := func() page.Page { return NewKPIs(links(), "vip") }
	return []scene{
		{"overlap_map", overlap, []string{"down", "down", "down", "down", "down", "down", "down", "down", "down", "down", "down"}},
		{"overlap_lift", overlap, []string{"J", "J", "J", "S"}},
		{"overlap_venn", overlap, []string{"down", "space", "down", "down", "down", "down", "down", "space", "G", "k", "k", "space", "v"}},
		{"overlap_reach", overlap, []string{"tab"}},
		{"overlap_sets", overlap, []string{"tab", "tab", "down"}},
		{"overlap_advice", overlap, []string{"shift+tab", "down"}},
		{"overlap_of", of("vip"), nil},
		{"drift", drift, nil},
		{"drift_quiet", drift, []string{"G"}},
		{"drift_summary", driftOf, nil},
		{"drift_size", driftOf, []string{"tab"}},
		{"drift_composition", driftOf, []string{"tab", "tab"}},
		{"drift_bins", driftOf, []string{"tab", "tab", "enter"}},
		{"drift_why", driftOf, []string{"shift+tab", "down"}},
		{"kpi", kpi, nil},
		{"kpi_total", kpi, []string{"m", "m", "m", "m"}},
		{"kpis", kpis, []string{"down"}},
		{"kpis_notes", kpis, []string{"tab"}},
	}
}

func TestFrames(t *testing.T) {
	for _, s := range scenes() {
		t.Run(s.name, func(t *testing.T) {
			b := pagetest.New(t, s.make(), &fake{}).Settle()
			b.Canvas(120, 32) // A page knows its size before it is moved.
			b.Key(s.keys...)
			b.Goldens(s.name)
		})
	}
}

func TestFramesInOtherLooks(t *testing.T) {
	for look, how := range looks() {
		for _, s := range scenes() {
			switch s.name {
			case "overlap_map", "overlap_sets", "drift", "drift_why", "drift_bins", "kpi", "kpis":
			default:
				continue
			}
			t.Run(s.name+"_"+look, func(t *testing.T) {
				b := pagetest.New(t, s.make(), &fake{})
				b.Context.Look = how
				b.Settle().Canvas(100, 26)
				b.Key(s.keys...)
				pagetest.Golden(t, s.name+"_"+look, b.Frame(100, 26))
			})
		}
	}
}

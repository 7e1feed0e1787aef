package analyses

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/tui/page"
	"strata/tui/pagetest"
)

func TestStates(t *testing.T) {
	for _, s := range scenes() {
		if len(s.keys) > 0 && s.name != "overlap_map" && s.name != "kpis" {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			slot := map[string]string{"overlap_map": overlapSlot, "overlap_of": overlapSlot, "drift": driftSlot, "drift_summary": driftSlot, "kpi": kpiSlot, "kpis": kpiSlot}[s.name]
			b := pagetest.New(t, s.make(), &fake{})
			b.Hold[slot] = true
			b.Settle()
			b.Context.Now = b.Context.Now.Add(3 * time.Second)
			require.Contains(t, b.Frame(80, 20), "esc stops", "a first answer that takes long")

			b = pagetest.New(t, s.make(), &fake{fails: locked()}).Settle()
			frame := b.Frame(80, 20)
			require.Contains(t, frame, "process 4711")
			require.Contains(t, frame, "wait until")

			b = pagetest.New(t, s.make(), &fake{empty: true}).Settle()
			require.NotEmpty(t, strings.Trim(b.Frame(80, 20), "╭─╮│╰╯ \n"), "an empty answer says so")

			f := &fake{}
			b = pagetest.New(t, s.make(), f).Settle()
			b.Canvas(80, 20)
			before := b.Frame(80, 20)
			f.fails = locked()
			b.Context.AsOf = b.Context.AsOf.Add(-24 * time.Hour)
			b.Settle()
			after := b.Frame(80, 20)
			require.Contains(t, after, "so this is old")
			require.Equal(t, strings.Split(before, "\n")[5], strings.Split(after, "\n")[5], "what was known stays")
			require.NotEmpty(t, b.Frame(40, 7))
		})
	}
}

// The commands of pages and exports exist.
func TestCommandsNameTables(t *testing.T) {
	for _, s := range scenes() {
		b := pagetest.New(t, s.make(), &fake{}).Settle()
		b.Canvas(120, 32)
		b.Key(s.keys...)
		args := b.Page.CLI(&b.Context)
		require.Contains(t, []string{"overlap", "drift", "kpi"}, args[0])
		exporting, ok := b.Page.(page.Exporting)
		require.True(t, ok)
		for _, e := range exporting.Exports(&b.Context) {
			require.NotEmpty(t, e.Formats)
			require.Contains(t, []string{"overlap", "drift", "kpi", "report"}, e.Command[0])
		}
		require.NotEmpty(t, b.Page.(page.Subject).Copies(&b.Context)) //nolint:errcheck // All are.
		ids := map[string]bool{}
		for _, a := range b.Page.Actions(&b.Context) {
			require.False(t, ids[a.ID], a.ID)
			ids[a.ID] = true
			require.NotEmpty(t, a.Keys)
			require.NotEmpty(t, a.Title)
		}
	}
}

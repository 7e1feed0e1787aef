package analyses

import (
	"context"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"pgregory.net/rapid"

	"strata/reports"
	"strata/tui/draw"
	"strata/tui/page"
	"strata/tui/pagetest"
)

// Overlap answers with what was prepared.
func (f *fixed300) Overlap(context.Context, []string, time.Time) (*reports.Overlap, error) {
	return f.o, nil
}

// inRange are lists whose selection must stay in range.
func inRange(p page.Page) []*draw.List {
	switch p := p.(type) {
	case *Overlap:
		return []*draw.List{&p.rows, &p.columns, &p.lists[1], &p.lists[2], &p.lists[3], &p.regions}
	case *OverlapOf:
		return []*draw.List{&p.list}
	case *Drift:
		return []*draw.List{&p.list}
	case *DriftOf:
		return []*draw.List{&p.traits, &p.bins, &p.causes, &p.flags}
	case *KPI:
		return []*draw.List{&p.list, &p.note}
	case *KPIs:
		return []*draw.List{&p.list, &p.note}
	}
	return nil
}

// Whatever is pressed, clicked, pasted or resized, whatever fails: nothing panics,
// no line is wider than the screen, and selections stay in range.
func TestAnythingGoes(t *testing.T) {
	keys := []string{
		"up", "down", "left", "right", "pgup", "pgdown", "home", "end", "g", "G", "h", "j", "k", "l", "enter", "space", "tab", "shift+tab",
		"J", "S", "a", "p", "v", "u", "n", "o", "w", "s", "D", "m", "b", "esc", "x",
	}
	all := scenes()
	rapid.Check(t, func(r *rapid.T) {
		s := all[rapid.IntRange(0, len(all)-1).Draw(r, "page")]
		f := &fake{}
		b := pagetest.New(t, s.make(), f).Settle()
		for range rapid.IntRange(1, 25).Draw(r, "steps") {
			switch rapid.IntRange(0, 9).Draw(r, "what") {
			case 0:
				id := rapid.SampledFrom([]string{"map", "row:0", "row:3", "row:99", "row:x", "part:1", "part:9", "region:2", "tab:1", ""}).Draw(r, "zone")
				b.Send(page.Click{ID: id, X: rapid.IntRange(-1, 130).Draw(r, "x"), Y: rapid.IntRange(-1, 40).Draw(r, "y"), Wheel: rapid.IntRange(-1, 1).Draw(r, "wheel")})
			case 1:
				b.Send(tea.PasteMsg{Content: "vip\n\x1b[2J"})
			case 2:
				f.empty = !f.empty
				b.Context.AsOf = b.Context.AsOf.Add(-time.Hour)
				b.Settle()
			case 3:
				f.fails = nil
				if rapid.Bool().Draw(r, "fails") {
					f.fails = locked()
				}
				b.Context.AsOf = b.Context.AsOf.Add(-time.Hour)
				b.Settle()
			default:
				b.Key(rapid.SampledFrom(keys).Draw(r, "key"))
			}
			if closing, ok := b.Page.(page.Closing); ok && rapid.IntRange(0, 9).Draw(r, "close") == 0 {
				closing.Close()
			}
			w, h := rapid.IntRange(1, 140).Draw(r, "w"), rapid.IntRange(1, 40).Draw(r, "h")
			for line := range strings.SplitSeq(strings.TrimSuffix(b.Frame(w, h), "\n"), "\n") {
				if draw.Width(line) > w {
					r.Fatalf("%d wide: %q", w, line)
				}
			}
			for i, l := range inRange(b.Page) {
				if l.Cursor < 0 || l.Len > 0 && l.Cursor >= l.Len {
					r.Fatalf("list %d: %d of %d", i, l.Cursor, l.Len)
				}
			}
			b.Page.CLI(&b.Context)
			b.Page.(page.Subject).Copies(&b.Context)    //nolint:errcheck // All are.
			b.Page.(page.Exporting).Exports(&b.Context) //nolint:errcheck // All are.
		}
	})
}

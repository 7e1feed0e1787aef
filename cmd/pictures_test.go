//go:build pictures

package cmd

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/tui"
	"strata/tui/draw"
	"strata/tui/drive"
	"strata/tui/picture"
)

// picturesDir is where TestPictures writes what README shows, see "make pictures".
var picturesDir = flag.String("pictures", "", "write the pictures of README into this folder")

// pictures are the screens that README shows, and the keys that lead there.
var pictures = []struct {
	name string
	look draw.Look
	// segment is where the way begins, "" at the list; keys are pressed, then a text
	// is typed, then further keys are pressed.
	segment string
	keys    []string
	typed   string
	after   []string
}{
	{name: "segments", keys: []string{"down", "down", "down", "down", "down", "down"}},
	{name: "workbench", keys: []string{"n"}, typed: "sum(order.amount) last 365 days >= 1000\nand country = 'DE'\nand count(order) last 90 days >= 2"},
	{name: "why", keys: []string{"w"}, typed: "10033", after: []string{"enter", "a"}},
	{name: "overlap", keys: []string{"o", "S", "g"}},
	{name: "drift", segment: "active_readers", keys: []string{"6", "tab", "tab", "tab"}},
	{name: "campaign", look: draw.Look{Theme: draw.Light}, keys: []string{"C", "enter"}},
}

// TestPictures draws the pictures of README from the program itself.
func TestPictures(t *testing.T) {
	t.Parallel()
	dir := *picturesDir
	require.NoError(t, os.MkdirAll(dir, 0o750))
	env := atDemo(t)
	commandOutput(t, env, "run")
	d, _ := deskAt(t, env)
	for _, p := range pictures {
		if p.look.Theme == "" {
			p.look.Theme = draw.Dark
		}
		ui := drive.New(t.Context(), tui.Options{Backend: d, Look: p.look, Name: p.segment}, env.Now(), 120, 36)
		began := time.Now()
		ui.Now = func() time.Time { return env.Now().Add(time.Since(began)) }
		require.NoError(t, ui.Rest())
		for _, key := range p.keys {
			ui.Press(key)
			require.NoError(t, ui.Rest())
		}
		ui.Type(p.typed)
		require.NoError(t, ui.Rest())
		for _, key := range p.after {
			ui.Press(key)
			require.NoError(t, ui.Rest())
		}
		svg := picture.SVG(ui.Screen(), "strata")
		require.NotContains(t, ui.Text(), "fault in strata")
		require.NoError(t, os.WriteFile(filepath.Join(dir, p.name+".svg"), []byte(svg), 0o600))
	}
}

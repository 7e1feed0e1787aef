package segments_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"strata/fixtures/shop"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/tui/page"
	"strata/tui/pagetest"
	"strata/tui/segments"
)

// renamed is the demo shop with a title in other scripts.
func renamed(t *testing.T, from, to string) *check.Program {
	t.Helper()
	files := fstest.MapFS{}
	require.NoError(t, fs.WalkDir(shop.Files(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(shop.Files(), path)
		files[path] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(string(data), from, to))}
		return err
	}))
	set, problems := definition.Load(files, "/shop")
	require.Empty(t, problems)
	program, more := check.Check(set)
	require.False(t, more.HasErrors())
	return program
}

func TestTitlesInOtherScripts(t *testing.T) {
	program := renamed(t, "Very important customers", "とても大切なお客様 عملاء مهمون 👩‍👩‍👧 "+strings.Repeat("東京", 30))
	for _, p := range []page.Page{segments.New(links()), segments.NewSegment("vip", links())} {
		b := pagetest.New(t, p, newFake(t))
		b.Context.Project.Program = program
		b.Settle()
		if p.ID() == "segments" {
			b.Key("/").Type("お客様").Key("enter")
			require.Equal(t, "vip", selected(t, b), "titles are searched as well")
		}
		for _, size := range pagetest.Sizes() {
			for line := range strings.SplitSeq(b.Frame(size[0], size[1]), "\n") {
				require.LessOrEqual(t, ansi.StringWidth(line), size[0])
			}
		}
		require.Contains(t, b.Frame(120, 32), "とても大切なお客様")
	}
}

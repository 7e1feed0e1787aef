package cmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/reports/render"
	"strata/segments/diagnose"
)

func TestFindingsForPeople(t *testing.T) {
	t.Parallel()
	p := findingPrinter{width: 60}
	require.Equal(t, strings.Join([]string{
		"error    schema     the warehouse has no table \"ordres\"",
		"                    → did you mean \"orders\"?",
		"warning  mapping    rows of orders of unknown customers: 1",
		"                    of 4 (25%)",
		"ok       store      fine",
		"",
	}, "\n"), p.print([]diagnose.Finding{
		{Check: diagnose.Schema, Status: diagnose.Error, Detail: `the warehouse has no table "ordres"`, Hint: `did you mean "orders"?`},
		{Check: diagnose.Mapping, Status: diagnose.Warning, Detail: "rows of orders of unknown customers: 1 of 4 (25%)"},
		{Check: diagnose.Store, Status: diagnose.OK, Detail: "fine", Hint: "nothing to do"},
	}))
}

// A terminal that is too narrow for sentences gets them whole, and so does one
// of unknown width.
func TestFindingsOnOddTerminals(t *testing.T) {
	t.Parallel()
	finding := diagnose.Finding{Check: diagnose.Zone, Status: diagnose.Note, Detail: strings.Repeat("word ", 20) + "end"}
	for _, width := range []int{0, 10, 30} {
		p := findingPrinter{width: width}
		require.Equal(t, 1, strings.Count(p.print([]diagnose.Finding{finding}), "\n"), width)
	}
}

// No line is wider than the terminal, no word is lost, and nothing in the data
// steers the terminal.
func TestFindingsFit(t *testing.T) {
	t.Parallel()
	words := rapid.SliceOfN(rapid.StringMatching(`[a-zäöü日本\x1b\x07,.()]{1,12}`), 1, 30)
	rapid.Check(t, func(t *rapid.T) {
		detail, hint := words.Draw(t, "detail"), words.Draw(t, "hint")
		width := rapid.IntRange(45, 200).Draw(t, "width")
		p := findingPrinter{width: width, color: rapid.Bool().Draw(t, "color")}
		text := p.print([]diagnose.Finding{{
			Check: diagnose.Mapping, Status: diagnose.Warning, Detail: strings.Join(detail, " "), Hint: strings.Join(hint, " "),
		}})
		for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
			require.LessOrEqual(t, ansi.StringWidth(line), width, line)
			plain := strings.TrimPrefix(line, "\x1b[33mwarning  \x1b[0m")
			require.False(t, strings.ContainsFunc(plain, unicode.IsControl), "%q", line)
		}
		all := strings.Fields(ansi.Strip(text))
		want := append([]string{"warning", "mapping"}, strings.Fields(render.Clean(strings.Join(detail, " ")))...)
		want = append(append(want, "→"), strings.Fields(render.Clean(strings.Join(hint, " ")))...)
		require.Equal(t, strings.Join(want, ""), strings.Join(all, ""))
	})
}

// The file is made, left alone where nothing changes, and replaced in one step;
// nothing else stays in the folder.
func TestSchemaIsPutInOneStep(t *testing.T) {
	t.Parallel()
	f, dir := newFactory(Env{}), t.TempDir()
	path := filepath.Join(dir, "strata.schema.yaml")
	for _, step := range []struct {
		text    string
		changed bool
	}{{"a: 1\n", true}, {"a: 1\n", false}, {"b: 2\n", true}} {
		changed, err := f.putSchema(dir, step.text)
		require.NoError(t, err)
		require.Equal(t, step.changed, changed)
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, step.text, string(text))
	}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1)
	_, err = f.putSchema(filepath.Join(dir, "nowhere"), "c: 3\n")
	require.Error(t, err)
	require.NoError(t, os.Remove(path))
	require.NoError(t, os.Mkdir(path, 0o755))
	_, err = f.putSchema(dir, "c: 3\n")
	require.Error(t, err, "a folder of that name is no file")
}

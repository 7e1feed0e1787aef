package definition_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/definition"
	"strata/segments/source"
)

// TestFormat compares formatted files with what is wanted. Each is formatted
// with both kinds of line break.
func TestFormat(t *testing.T) {
	names, err := filepath.Glob("testdata/format/*.txtar")
	require.NoError(t, err)
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			require.NoError(t, err)
			file := archive.Files[0]
			got, list := definition.FormatFile(source.NewFile(file.Name, string(file.Data)))
			require.Empty(t, list)
			if *update {
				setWant(archive, got)
				require.NoError(t, os.WriteFile(name, txtar.Format(archive), 0o600))
			}
			_, want := project(archive)
			require.Equal(t, want, got)

			again, list := definition.FormatFile(source.NewFile(file.Name, got))
			require.Empty(t, list)
			require.Equal(t, got, again)

			windows := "\ufeff" + strings.ReplaceAll(string(file.Data), "\n", "\r\n")
			same, list := definition.FormatFile(source.NewFile(file.Name, windows))
			require.Empty(t, list)
			require.Equal(t, got, same)
		})
	}
}

// TestFormatBroken leaves files with errors as they are and says why.
func TestFormatBroken(t *testing.T) {
	for _, text := range []string{
		"segments:\n   a: {where:  x ==  1}\n",
		"segments:\n   a: {wher:  x}\n",
		"segments: [\n",
		"segments:\n   a: {where: x}\n---\n",
	} {
		got, list := definition.FormatFile(source.NewFile("segments/a.yaml", text))
		require.True(t, list.HasErrors())
		require.Equal(t, text, got)
	}
}

// TestFormatEmpty keeps a file that holds comments alone.
func TestFormatEmpty(t *testing.T) {
	for text, want := range map[string]string{"": "", "\n\n": "", "# a\n\n\n# b": "# a\n\n# b\n"} {
		got, list := definition.FormatFile(source.NewFile("segments/a.yaml", text))
		require.Empty(t, list)
		require.Equal(t, want, got)
	}
}

// layout writes one and the same project in random layouts.
type layout struct{ t *rapid.T }

func (l layout) pick(choices ...string) string {
	return rapid.SampledFrom(choices).Draw(l.t, "choice")
}

// expression writes a rule plain or quoted, with random blanks.
func (l layout) expression(flow bool, words ...string) string {
	text := strings.Join(words, l.pick(" ", "  "))
	styles := []string{`"` + text + `"`, "'" + strings.ReplaceAll(text, "'", "''") + "'"}
	if !flow {
		styles = append(styles, text)
	}
	return l.pick(styles...)
}

// break_ ends a line, perhaps with a comment and blank lines.
func (l layout) breakLine() string {
	return l.pick("", "  # behind") + "\n" + l.pick("", "\n", "\n\n\n", "# alone\n", "      # deeper\n", "\n  # between\n\n")
}

// file writes the definitions of TestFormatMeaning.
func (l layout) file() string {
	deep := l.pick("  ", "    ", "   ")
	text := l.breakLine() + "traits:" + l.breakLine()
	text += deep + "ltv:" + l.pick(" ", "   ") + "{value: " + l.expression(true, "sum(order.amount)", "last", "90", "days") + l.pick("", " ") + "}" + l.breakLine()
	text += "segments:" + l.breakLine() + deep + "vip:" + l.breakLine()
	text += deep + deep + "where:" + l.breakLine() + deep + deep + deep + "all:" + l.breakLine()
	list := deep + deep + deep + l.pick("", deep)
	text += list + "-" + l.pick(" ", "   ") + "rich: " + l.expression(false, "ltv", ">", "100") + l.breakLine()
	text += list + "- " + l.pick("any: [a, b]", "any: [ a,b ]", "any: [a,\n"+list+deep+deep+" b]") + l.breakLine()
	text += list + "- german: " + l.expression(false, "country", "in", "('DE',", "'it''s')") + l.breakLine()
	text += deep + deep + "title: " + l.pick("plain", "'quoted'", "|-\n"+deep+deep+deep+"block", "over\n"+deep+deep+deep+"lines") + l.breakLine()
	return text
}

// TestFormatMeaning demands of random layouts that formatting keeps what the
// file means and every comment, and that a second time changes nothing.
func TestFormatMeaning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := layout{t}.file()
		got, list := definition.FormatFile(source.NewFile("segments/a.yaml", text))
		require.Empty(t, list, "%s", text)
		require.Equal(t, canonical(t, text), canonical(t, got))
		require.Equal(t, strings.Count(text, "#"), strings.Count(got, "#"), "%s\nbecame\n%s", text, got)
		require.NotContains(t, got, "\n\n\n")
		again, list := definition.FormatFile(source.NewFile("segments/a.yaml", got))
		require.Empty(t, list)
		require.Equal(t, got, again, "of\n%s", text)
		require.Contains(t, got, "country in ('DE', 'it''s')")
	})
}

// canonical loads a definition file and returns the meaning of all it defines.
func canonical(t require.TestingT, text string) string {
	set, list := definition.Load(projectWith(text), "")
	require.Empty(t, list)
	meaning := ""
	for _, trait := range set.Traits {
		meaning += trait.Name.Name + ": " + trait.Canonical()
	}
	for _, segment := range set.Segments {
		meaning += segment.Name.Name + " " + segment.Title + ": " + segment.Canonical()
	}
	return meaning
}

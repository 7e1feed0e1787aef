package definition_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/definition"
	"strata/segments/source"
)

// edited is a file whose rules are written in every way.
const edited = `# About the file.
segments:
  plain:
    title: One   # who
    # before the rule
    where: a > 1 and b = 'x'   # why
    owner: crm
  quoted: {where: "c in (1, 2)", title: In braces}
  folded:
    where: >-   # header
      a > 1
      and b > 2
    # behind
    owner: crm

  tree:
    where:   # about the tree
      # inside, first
      all:
        - rich: a   >   1   # not much
        # inside
        - any: [plain, quoted]
        - text: b = 'it''s'

      # inside, last
    gate: mail
    # of the definition
  flow:
    where: {all: [{one: "contains(a, b)"}, plain]}
  below:
    where:
      a > 5
gates:
  mail:
    where: ok
`

func fileOf(text string) *source.File { return source.NewFile("segments/a.yaml", text) }

func setOf(t require.TestingT, text string) *definition.Set {
	set, list := definition.Load(projectWith(text), "")
	require.Empty(t, list, text)
	return set
}

func TestRuleText(t *testing.T) {
	set := setOf(t, edited)
	for name, want := range map[string]string{
		"plain":  "a > 1 and b = 'x'",
		"quoted": "c in (1, 2)",
		"folded": "a > 1 and b > 2",
		"tree": "# inside, first\nall:\n  - rich: a   >   1   # not much\n  # inside\n  - any: [plain, quoted]\n" +
			"  - text: b = 'it''s'\n\n# inside, last",
		"flow":  `{all: [{one: "contains(a, b)"}, plain]}`,
		"below": "a > 5",
	} {
		got, err := definition.RuleText(set, name)
		require.NoError(t, err)
		require.Equal(t, want, got, name)
	}
	_, err := definition.RuleText(set, "nobody")
	require.ErrorIs(t, err, definition.ErrNoSegment)
	_, err = definition.RuleText(setOf(t, "segments:\n  a:\n    sql: SELECT 1 AS customer_id\n"), "a")
	require.ErrorIs(t, err, definition.ErrSQLRule)
}

func TestReplaceRule(t *testing.T) {
	for _, c := range []struct{ name, text, from, to string }{
		{"plain", "a  >  2\n and c = 'it: x'", "    where: a > 1 and b = 'x'   # why\n", "    where: \"a > 2 and c = 'it: x'\"   # why\n"},
		{"plain", "any:\n- a: b   > 1\n- tree # yes", "    where: a > 1 and b = 'x'   # why\n", "    where:   # why\n      any:\n        - a: b > 1\n        - tree # yes\n"},
		{"quoted", "c  in (1,3)", `{where: 'c in (1, 2)',`, `{where: 'c in (1, 3)',`},
		{"quoted", "not: plain", `{where: 'c in (1, 2)',`, `{where: {not: plain},`},
		{"folded", "a > 1", "    where: a > 1 and b > 2 # header\n", "    where: a > 1 # header\n"},
		{
			"tree", "a > 1", "    where:   # about the tree\n      # inside, first\n      all:\n        - rich: a > 1       # not much\n" +
				"        # inside\n        - any: [plain, quoted]\n        - text: b = 'it''s'\n\n      # inside, last\n",
			"    # about the tree\n    where: a > 1\n",
		},
		{"flow", "# now\nall:\n  - one: a > 1", "    where: {all: [{one: 'contains(a, b)'}, plain]}\n", "    where:\n      # now\n      all:\n        - one: a > 1\n"},
		{"below", "{any: [plain,  tree]}", "    where: a > 5\n", "    where: {any: [plain, tree]}\n"},
	} {
		got, err := definition.ReplaceRule(fileOf(edited), c.name, c.text)
		require.NoError(t, err, c.name)
		before, list := definition.FormatFile(fileOf(edited))
		require.Empty(t, list)
		require.Contains(t, before, c.from, c.name)
		require.Equal(t, strings.Replace(before, c.from, c.to, 1), got, c.name)
	}
}

func TestReplaceRuleRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"a >":                       "rule:1:4: expected a value, found the end",
		"":                          "is empty",
		"all:\n  - a: b >\n":        "rule:2:11",
		"all:\n  - a: b\ngate: x":   "unknown key",
		"all: [a]\nany: [b]":        "one entry",
		"all:\n\t- a: b > 1":        "tab",
		"all:\n  - a: x\n  - a: y":  "a",
		"all:\n  - b > 1":           "name",
		"{all: [a]} ---":            "",
		"all:\n  - a: x\n---\nb: c": "",
	} {
		_, err := definition.ReplaceRule(fileOf(edited), "plain", text)
		require.ErrorContains(t, err, want, text)
		var list source.List
		require.ErrorAs(t, err, &list, text)
	}
	_, err := definition.ReplaceRule(fileOf(edited), "quoted", "all:\n  - a: x # why\n")
	require.ErrorIs(t, err, definition.ErrBraces)
	_, err = definition.ReplaceRule(fileOf(edited), "nobody", "a > 1")
	require.ErrorIs(t, err, definition.ErrNoSegment)
	_, err = definition.ReplaceRule(fileOf("segments:\n  a:\n    sql: SELECT 1\n"), "a", "a > 1")
	require.ErrorIs(t, err, definition.ErrSQLRule)
	_, err = definition.ReplaceRule(fileOf("segments: [\n"), "a", "a > 1")
	require.ErrorContains(t, err, "segments/a.yaml")
}

func TestAddSegment(t *testing.T) {
	for before, want := range map[string]string{
		"":          "segments:\n  new:\n    title: \"It's: new\"\n    where: a > 1\n",
		"# About\n": "# About\n\nsegments:\n  new:\n    title: \"It's: new\"\n    where: a > 1\n",
		"segments:\n  a: {where: x}\n  # of a\n\n# gates\ngates:\n  g: {where: x}\n": "segments:\n  a: {where: x}\n  # of a\n\n  new:\n    title: \"It's: new\"\n    where: a > 1\n\n# gates\ngates:\n  g: {where: x}\n",
		"gates:\n  g: {where: x}\n": "gates:\n  g: {where: x}\n\nsegments:\n  new:\n    title: \"It's: new\"\n    where: a > 1\n",
	} {
		got, err := definition.AddSegment(fileOf(before), "new", "a  >  1", "It's: new")
		require.NoError(t, err, before)
		require.Equal(t, want, got)
	}
	got, err := definition.AddSegment(fileOf(""), "new", "all:\n- a: b\n", "")
	require.NoError(t, err)
	require.Equal(t, "segments:\n  new:\n    where:\n      all:\n        - a: b\n", got)
	_, err = definition.AddSegment(fileOf(edited), "plain", "a > 1", "")
	require.ErrorIs(t, err, definition.ErrTaken)
	_, err = definition.AddSegment(fileOf("segments: {a: {where: x}}\n"), "b", "a > 1", "")
	require.ErrorIs(t, err, definition.ErrBraces)
	for _, name := range []string{"", "A", "count", "1a", "a b", "a: b"} {
		_, err := definition.AddSegment(fileOf(""), name, "a > 1", "")
		require.ErrorIs(t, err, definition.ErrBadName)
	}
}

// texts are rules as somebody may type them.
var texts = []string{
	"a > 1", "b = 'it''s' and c in (1, 2)", "a > 1\n  and b = ': #'\n", "'x' = b", "-a < 3", "d = '\"'", "f matches '\\d+ # {}'",
	"all:\n  - one: a > 1\n  - two", "  any:\n    - one: a > 1 # so\n\n\n    # then\n    - not: two\n  # end",
	"# first\n\nnot:\n  any:\n    - x: \"b = 'y: z'\"\n    - group:\n        all: [p, q]", "{all: [{one: \"contains(a, b)\"},\n   two]}",
	"all:\n- long: >-\n    a > 1\n    and b > 2\n- last: |\n    c > 3\n", "all:\r\n  - one: a > 1\r\n  - two\r\n",
}

// TestReplaceRuleLaws puts any rule in the place of any other, in files of
// random layout and of the examples.
func TestReplaceRuleLaws(t *testing.T) {
	files := exampleFiles(t)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom(append(files, layout{t}.file())).Draw(t, "file")
		before := setOf(t, text)
		at := rapid.IntRange(0, len(before.Segments)-1).Draw(t, "segment")
		s := before.Segments[at]
		own, err := definition.RuleText(before, s.Name.Name)
		if s.SQL != nil {
			require.ErrorIs(t, err, definition.ErrSQLRule)
			return
		}
		require.NoError(t, err)

		formattedText, list := definition.FormatFile(fileOf(text))
		require.Empty(t, list)
		same, err := definition.ReplaceRule(fileOf(text), s.Name.Name, own)
		require.NoError(t, err)
		require.Equal(t, formattedText, same)

		rule := rapid.SampledFrom(texts).Draw(t, "rule")
		after, err := definition.ReplaceRule(fileOf(text), s.Name.Name, rule)
		if errors.Is(err, definition.ErrBraces) {
			require.True(t, definition.IsTree(rule))
			require.Contains(t, rule, "#")
			return
		}
		require.NoError(t, err)
		now := setOf(t, after)
		written, err := definition.RuleText(now, s.Name.Name)
		require.NoError(t, err)
		canonicalText, err := definition.FormatRule(rule)
		require.NoError(t, err)
		if !strings.HasPrefix(written, "{") {
			require.Equal(t, canonicalText, written)
		}
		requireOthers(t, before, now, s.Name.Name)
		requireRule(t, rule, now.Segments[at])

		// Written twice it stays, and the old rule brings the old file back.
		twice, err := definition.ReplaceRule(fileOf(after), s.Name.Name, written)
		require.NoError(t, err)
		require.Equal(t, after, twice)
		outside := strings.Count(formattedText, "#") - strings.Count(own, "#")
		require.Equal(t, outside, strings.Count(after, "#")-strings.Count(written, "#"), "%s\nbecame\n%s", formattedText, after)
	})
}

// TestAddSegmentLaws adds a segment to files of random layout.
func TestAddSegmentLaws(t *testing.T) {
	files := exampleFiles(t)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom(append(files, layout{t}.file())).Draw(t, "file")
		rule := rapid.SampledFrom(texts).Draw(t, "rule")
		title := rapid.String().Draw(t, "title")
		after, err := definition.AddSegment(fileOf(text), "a_new_one", rule, strings.ToValidUTF8(title, ""))
		if errors.Is(err, definition.ErrBraces) {
			return
		}
		require.NoError(t, err)
		now := setOf(t, after)
		requireOthers(t, setOf(t, text), now, "a_new_one")
		added := now.Segments[len(now.Segments)-1]
		require.Equal(t, "a_new_one", added.Name.Name)
		require.Equal(t, title, added.Title)
		requireRule(t, rule, added)
		require.Equal(t, strings.Count(text, "#")+strings.Count(rule, "#")+strings.Count(title, "#"), strings.Count(after, "#"))
	})
}

// requireRule demands that a segment has a rule, as it is read in the only
// segment of a file.
func requireRule(t require.TestingT, rule string, s *definition.Segment) {
	text := "segments:\n  x:\n    where: |\n      " + strings.ReplaceAll(rule, "\n", "\n      ") + "\n"
	if definition.IsTree(rule) {
		text = "segments:\n  x:\n    where:\n        " + strings.ReplaceAll(strings.ReplaceAll(rule, "\r", ""), "\n", "\n        ") + "\n"
	}
	want := setOf(t, text).Segments[0]
	want.Gates = s.Gates
	require.Equal(t, want.Canonical(), s.Canonical())
}

// requireOthers demands that two sets differ in one segment alone.
func requireOthers(t require.TestingT, before, after *definition.Set, name string) {
	meaning := func(set *definition.Set) []string {
		var all []string
		for _, s := range set.Segments {
			if s.Name.Name != name {
				all = append(all, s.Name.Name, s.Title, s.Owner, s.Canonical())
			}
		}
		for _, trait := range set.Traits {
			all = append(all, trait.Name.Name, trait.Canonical())
		}
		return all
	}
	require.Equal(t, meaning(before), meaning(after))
}

// exampleFiles are the definition files of the examples that have segments.
func exampleFiles(t *testing.T) []string {
	t.Helper()
	found := []string{edited}
	for _, root := range []string{"testdata/example/segments", "../../fixtures/shop/project/segments"} {
		err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			data, err := os.ReadFile(name)
			if strings.Contains(string(data), "\nsegments:") && !strings.Contains(string(data), "\nlists:") {
				found = append(found, string(data))
			}
			return err
		})
		require.NoError(t, err)
	}
	return found
}

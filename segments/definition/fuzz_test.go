package definition

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"strata/segments/source"
)

// FuzzLoad reads any text as each of the three kinds of file: nothing may
// panic, and every place that is reported lies inside its file.
func FuzzLoad(f *testing.F) {
	for _, text := range seeds(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		set, list := Load(fstest.MapFS{
			"strata.yaml":        {Data: []byte(text)},
			"strata.schema.yaml": {Data: []byte(text)},
			"segments/a.yaml":    {Data: []byte(text)},
		}, "")
		require.NotNil(t, set.Project)
		for _, d := range list {
			requireInside(t, d.Span)
			require.NotEmpty(t, d.Message)
			for _, related := range d.Related {
				requireInside(t, related.Span)
			}
		}
		for _, s := range set.Segments {
			_ = s.Canonical()
		}
		for _, p := range set.Partitions {
			_ = p.Canonical()
		}
	})
}

// FuzzScalars holds the walk over the source against the parser: in every
// file that has no error it finds each scalar.
func FuzzScalars(f *testing.F) {
	for _, text := range seeds(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "?")
		root, list := readYAML(source.NewFile("a.yaml", text))
		if root == nil || list.HasErrors() {
			return
		}
		requireWalked(t, root)
	})
}

// requireWalked demands that the value of every scalar is mapped to the
// source characters that made it: a mapping that gave up has empty ranges.
func requireWalked(tb tester, n *node) {
	tb.Helper()
	for _, item := range n.items {
		requireWalked(tb, item)
	}
	for _, p := range n.pairs {
		requireWalked(tb, p.key)
		requireWalked(tb, p.value)
	}
	if n.kind != scalarNode || strings.Trim(n.scalar.Value, "\n") == "" {
		return
	}
	text := n.scalar.Text
	last := n.span.Start
	for i := range text.Starts {
		if text.Text[i] == '\n' {
			continue
		}
		require.Less(tb, text.Starts[i], text.Ends[i], "byte %d of %q in %q", i, text.Text, text.File.Text)
		require.LessOrEqual(tb, last, text.Starts[i])
		require.LessOrEqual(tb, text.Ends[i], n.span.End)
		last = text.Starts[i]
	}
}

// FuzzFormat demands that formatting keeps a file's meaning, and that a second
// time changes nothing.
func FuzzFormat(f *testing.F) {
	for _, text := range seeds(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "?")
		file := source.NewFile("segments/a.yaml", strings.TrimPrefix(text, byteOrderMark))
		root, list := parseForFormat(file, definitionShape())
		if list.HasErrors() {
			return
		}
		once := printTree(file.Text, root, definitionShape())
		formatted := source.NewFile(file.Name, once)
		require.True(t, sameMeaning(file, formatted, definitionShape()), "%q\nbecame\n%q", text, once)
		twice, list := FormatFile(formatted)
		require.False(t, list.HasErrors(), "formatted text is broken: %v\n%s\n%s", list, text, once)
		require.Equal(t, once, twice)
	})
}

// seeds are the project files under testdata.
func seeds(tb testing.TB) []string {
	tb.Helper()
	var texts []string
	err := filepath.WalkDir("testdata", func(name string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.Contains(name, "fuzz") {
			return err
		}
		data, err := os.ReadFile(name)
		texts = append(texts, string(data))
		return err
	})
	require.NoError(tb, err)
	return append(texts, scalarSeeds...)
}

var scalarSeeds = []string{
	"traits:\n  a:\n    value: 'x ''y'' '\n    title: \"a\\n\\x41\\u00e9\\\n      b\"\n",
	"traits:\n  a:\n    description: |+2\n       x\n\n      y\n\n\n    value: >-\n      count(order)\n      ever\n",
	"traits: {a: {value: x, title: a\n  b}, b: {value: \"z\"}}\n",
	"segments:\n  a:\n    where:\n      any:\n      - a: x > 1 # c\n      # d\n      - b\n    # e\n",
	"\ufeffparams: # a\r\n  b: 1 # c\r\n\r\n\r\n  d: [1, # e\r\n    2]\r\n",
	"- a\n- - b\n  - c\n- d: e\n  f: g\n",
	"traits:\n xa:\n    description: |+2\n        \n\n ",
	"params:\n  d: [1, # e\n    ?]\n  e: [-]\n",
	"metrics:\n  a: &x [1]\n  b: *x\n  <<: {c: !!str d}\n---\n",
}

package check_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/source"
)

// inside demands that a diagnostic points at a range of a file.
func inside(t *testing.T, list source.List) {
	t.Helper()
	for _, d := range list {
		require.NotEmpty(t, d.Code)
		require.NotEmpty(t, d.Message)
		require.NotNil(t, d.Span.File, d.Message)
		require.LessOrEqual(t, 0, d.Span.Start, d.Message)
		require.LessOrEqual(t, d.Span.Start, d.Span.End, d.Message)
		require.LessOrEqual(t, d.Span.End, len(d.Span.File.Text), d.Message)
		require.Less(t, d.Span.Start, d.Span.End, d.Message)
	}
}

// FuzzCheck checks definitions of any text: also those that could be read in
// part only must be checked as far as that goes.
func FuzzCheck(f *testing.F) {
	f.Add(everything)
	f.Add(connected)
	cases, err := filepath.Glob(filepath.Join("testdata", "codes", "*.txtar"))
	require.NoError(f, err)
	for _, path := range cases {
		text, err := os.ReadFile(path)
		require.NoError(f, err)
		for _, file := range txtar.Parse(text).Files {
			if file.Name == "segments/a.yaml" {
				f.Add(string(file.Data))
			}
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		set, _ := definition.Load(files("segments/a.yaml", text), ".")
		program, list := check.Check(set)
		require.Equal(t, list.HasErrors(), program == nil)
		inside(t, list)
	})
}

// FuzzProject checks project files of any text.
func FuzzProject(f *testing.F) {
	f.Add(project, schema)
	f.Add("sources: {}", "sources: {}")
	f.Add("streams: {a: }", "")
	f.Fuzz(func(t *testing.T, project, schema string) {
		fs := files("segments/a.yaml", everything)
		fs["strata.yaml"].Data, fs["strata.schema.yaml"].Data = []byte(project), []byte(schema)
		set, _ := definition.Load(fs, ".")
		program, list := check.Check(set)
		require.Equal(t, list.HasErrors(), program == nil)
		inside(t, list)
	})
}

// FuzzRule checks rules of any text against the shop.
func FuzzRule(f *testing.F) {
	for _, text := range []string{
		"visits > 3", "vip", "count(order where total > 3) last 3 days > 1", "sequence(order then not order within 3 days) ever",
		"country = DE", "tier in ('a', $regions)", "renews_on in since first_at + 3 days",
	} {
		f.Add(text)
	}
	program := historic(f)
	f.Fuzz(func(t *testing.T, text string) {
		s, list := program.Rule(typed(text))
		require.Equal(t, list.HasErrors(), s == nil)
		if s != nil {
			for _, leaf := range s.Where.Leaves() {
				require.NotEmpty(t, check.Text(leaf.X))
			}
		}
	})
}

package cmd

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"strata/reports/render"
)

// tree is a command tree with a command whose fields are known and one whose
// fields depend on the question.
func tree(f *factory, work func() error) *cobra.Command {
	root := newRootCommand(f)
	known := &cobra.Command{Use: "sizes", RunE: func(*cobra.Command, []string) error { return work() }}
	answers(known, render.Column{Name: "name"}, render.Column{Name: "size", Kind: render.Count})
	open := &cobra.Command{Use: "rows", RunE: func(*cobra.Command, []string) error { return work() }}
	answers(open)
	root.AddCommand(known, open)
	return root
}

func TestJoinFields(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"sizes --json name":             "sizes --json=name",
		"sizes --json name,size vip":    "sizes --json=name,size vip",
		"sizes --json ?":                "sizes --json=?",
		"sizes --json vip":              "sizes --json vip",
		"sizes vip --json":              "sizes vip --json",
		"sizes --json -q":               "sizes --json -q",
		"sizes --json=name vip":         "sizes --json=name vip",
		"sizes -- --json name":          "sizes -- --json name",
		"-C x sizes --json size":        "-C x sizes --json=size",
		"rows --json name":              "rows --json name",
		"rows --json name,size":         "rows --json=name,size",
		"rows --json ?":                 "rows --json=?",
		"nothing --json name":           "nothing --json name",
		"sizes --json name --json size": "sizes --json=name --json=size",
	} {
		root := tree(newFactory(Env{}), nil)
		require.Equal(t, want, strings.Join(joinFields(root, strings.Fields(in)), " "))
	}
}

// sizes runs a command of the tree and returns what it wrote.
func sizes(t *testing.T, terminal Terminal, args ...string) (code int, out, talk string) {
	t.Helper()
	var stdout, stderr strings.Builder
	f := newFactory(Env{
		Args: args, Stdout: &stdout, Stderr: &stderr, Dir: t.TempDir(), Now: noon, Terminal: terminal,
		Getenv: func(string) string { return "" },
	})
	at := noon()
	root := tree(f, func() error {
		return f.write(render.Table{
			Name: "sizes", Columns: []render.Column{{Name: "name"}, {Name: "size", Kind: render.Count}},
			Rows: [][]any{{"vip", 12345}, {"new", 6}, {"lapsed", 7}}, Meta: render.Meta{AsOf: &at},
		})
	})
	code = f.execute(t.Context(), root)
	return code, stdout.String(), stderr.String()
}

func TestAnswersTellTheirMoment(t *testing.T) {
	t.Parallel()
	code, out, talk := sizes(t, Terminal{}, "sizes")
	require.Zero(t, code)
	require.Equal(t, "vip\t12345\nnew\t6\nlapsed\t7\n", out)
	require.Equal(t, "as of 2026-03-31 10:00:00 UTC\n", talk)

	_, out, talk = sizes(t, Terminal{}, "sizes", "--json", "--limit", "2")
	require.Contains(t, out, `"as_of":"2026-03-31T10:00:00.123456789Z"`)
	require.Contains(t, out, `"rows":2,"total":3,"truncated":true`)
	require.Equal(t, "2 of 3 rows (use --limit 0)\n", talk)

	_, out, talk = sizes(t, Terminal{Stdout: true, Width: 80}, "sizes", "-q", "--color", "never")
	require.Equal(t, "NAME      SIZE\nvip     12,345\nnew          6\nlapsed       7\n", out)
	require.Empty(t, talk)
}

func TestFormatAndFields(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"sizes -o csv -q":                             "name,size\nvip,12345\nnew,6\nlapsed,7\n",
		"sizes -o csv --header=false -q":              "vip,12345\nnew,6\nlapsed,7\n",
		"sizes -o tsv --header -q":                    "name\tsize\nvip\t12345\nnew\t6\nlapsed\t7\n",
		"sizes --limit 0 --json size -o jsonl -q":     "{\"size\":12345}\n{\"size\":6}\n{\"size\":7}\n",
		"rows --json size,name -o jsonl --limit 1 -q": "{\"size\":12345,\"name\":\"vip\"}\n",
		"sizes --json ?":                              "name\nsize\n",
	} {
		code, out, talk := sizes(t, Terminal{}, strings.Fields(args)...)
		require.Zero(t, code, args)
		require.Equal(t, want, out, args)
		require.Empty(t, talk, args)
	}
}

func TestFormatAndFieldsThatAreNone(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"sizes --json=sise":     "strata: unknown field \"sise\"\n  hint: did you mean size?\n",
		"sizes --json=x,y":      "strata: unknown field \"x\"\n  hint: it is one of name, size\n",
		"rows --json=sise":      "strata: unknown field \"sise\"\n  hint: did you mean size?\n",
		"rows --json ?":         "strata: the fields of strata rows depend on the question\n  hint: --json without a list gives them all\n",
		"sizes -o csv --json":   "strata: -o csv and --json exclude each other\n  hint: 'strata sizes --help' shows how it is used\n",
		"sizes -o markdwn":      "strata: strata sizes cannot write \"markdwn\"\n  hint: did you mean markdown?\n",
		"sizes --threads -1":    "strata: --limit, --threads, --wait and --timeout cannot be negative\n  hint: 'strata sizes --help' shows how it is used\n",
		"schema --json":         "strata: strata schema has only one form of output\n  hint: leave -o and --json off\n",
		"sizes --at 30.2.2026":  "strata: \"30.2.2026\" is no moment\n  hint: write 2026-08-01, '2026-08-01 12:00', -7d, -6mo, latest, now or run:12\n",
		"sizes --as-known-at x": "strata: \"x\" is no moment\n  hint: write 2026-08-01, '2026-08-01 12:00', -7d, -6mo, latest, now or run:12\n",
	} {
		code, out, talk := sizes(t, Terminal{}, strings.Fields(args)...)
		require.Equal(t, 2, code, args)
		require.Empty(t, out, args)
		require.Equal(t, want, talk, args)
	}
}

// fullDisk is a stream that takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// An answer that could not be written is no answer, whichever command gave it.
func TestAnswersThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for _, args := range []string{
		"version", "version -o csv", "version --json", "version -o jsonl", "version -o markdown", "version -o table",
		"version --json ?", "schema", "help rules", "completion bash", "completion zsh", "completion fish", "completion powershell",
	} {
		var talk strings.Builder
		code := Main(t.Context(), Env{
			Args: strings.Fields(args), Stdin: strings.NewReader(""), Stdout: io.Writer(fullDisk{}), Stderr: &talk,
			Getenv: func(string) string { return "" }, Dir: t.TempDir(), Now: noon,
		})
		require.Equal(t, 3, code, args)
		require.Contains(t, talk.String(), "no space left on device", args)
	}
}

package queries_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/sql/queries"
)

func TestNamesAreTheFiles(t *testing.T) {
	names := queries.Names()
	require.NotEmpty(t, names)
	require.IsIncreasing(t, names)
	require.Contains(t, names, "commit/difference")
}

func TestEveryFileIsOneStatement(t *testing.T) {
	for _, name := range queries.Names() {
		text := queries.Text(name)
		require.NotEmpty(t, text, name)
		require.NotContains(t, statement(text), ";", name)
		require.NotContains(t, statement(text), "?", "%s: parameters have names", name)
		require.NotContains(t, text, "\t", name)
		for line := range strings.Lines(text) {
			require.LessOrEqual(t, len(line), 125, "%s: %s", name, line)
		}
		keyword := strings.Fields(statement(text))[0]
		require.Contains(t, []string{"SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "COPY"}, keyword, name)
	}
}

// statement returns a text without the lines that are comments.
func statement(text string) string {
	var kept strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimSpace(line), "--") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

func TestUnknownStatementIsAMistakeOfTheProgram(t *testing.T) {
	require.PanicsWithValue(t, "queries: there is no statement commit/nothing", func() { queries.Text("commit/nothing") })
}

func TestFillPutsArgumentsInOrder(t *testing.T) {
	text, args, err := queries.Fill("prune/route", queries.Values{"targets": 1, "steps": 3, "origins": 2})
	require.NoError(t, err)
	require.Equal(t, []any{1, 2, 3}, args)
	require.Equal(t, 3, strings.Count(text, "?"))
	require.NotContains(t, text, "$")
}

func TestFillRepeatsAValue(t *testing.T) {
	values := queries.Values{"run": 1, "from": 2, "to": 3, "kind": 4, "segment": 5, "limit": 6}
	_, args, err := queries.Fill("read/runs", values)
	require.NoError(t, err)
	require.Equal(t, []any{1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6}, args)
	require.Len(t, values, 6, "the caller's values are left alone")
}

func TestFillRefusesWhatDoesNotFit(t *testing.T) {
	_, _, err := queries.Fill("commit/last_run", nil)
	require.EqualError(t, err, "fill statement commit/last_run: no value for $run")
	_, _, err = queries.Fill("commit/last_run", queries.Values{"run": 1, "walk": 2})
	require.EqualError(t, err, "fill statement commit/last_run: no parameter $walk")
}

func TestParameters(t *testing.T) {
	require.Equal(t, []string{"from", "kind", "limit", "run", "segment", "to"}, queries.Parameters("read/runs"))
	require.Empty(t, queries.Parameters("commit/rewritten"))
}

func TestWithReplacesQuotedNamesOnly(t *testing.T) {
	relations := queries.Relations{"a": `"memory"."main"."b"`, "b": `"c"`}
	require.Equal(t, `SELECT a FROM "memory"."main"."b" JOIN "c"`, queries.With(`SELECT a FROM "a" JOIN "b"`, relations))
	require.Equal(t, "SELECT 1", queries.With("SELECT 1", nil))
}

// TestWithIsOnePass: a relation that is itself named like a stand-in is not replaced again, in whatever order.
func TestWithIsOnePass(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"a", "b", "c"})
		relations := queries.Relations{}
		for _, from := range []string{"a", "b", "c"} {
			relations[from] = `"` + name.Draw(t, from) + `"`
		}
		require.Equal(t, relations["a"]+relations["b"]+relations["c"], queries.With(`"a""b""c"`, relations))
	})
}

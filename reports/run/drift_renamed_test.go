package run_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/reports"
	"strata/reports/run"
	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/history"
)

// A renamed definition drifts between runs that were made under its old name as it
// did before it was renamed: by members, sizes and what members are like. That
// holds before the first run under the new name, and after it.
func TestDriftOfARenamedDefinition(t *testing.T) {
	t.Parallel()
	asker, program := driftWorld(t, driftShop(8, 120))
	chosen := func(p *check.Program, names ...string) []check.Definition {
		var list []check.Definition
		for _, name := range names {
			d, ok := p.Lookup(name)
			require.True(t, ok, name)
			list = append(list, d)
		}
		return list
	}
	old := chosen(program, "keen", "worth")
	from, to := committed(t, asker, old, driftFrom), committed(t, asker, old, driftTo)
	ask := func(asker *history.Asker, definitions []check.Definition, end run.DriftEnd) map[string]reports.Drift {
		all, err := run.Drift(t.Context(), asker, definitions, run.DriftOptions{
			From: run.DriftEnd{At: driftFrom, Run: &from}, To: end, Size: true, Runs: true, Composition: true,
		})
		require.NoError(t, err)
		found := map[string]reports.Drift{}
		for _, d := range all {
			d.Name = strings.NewReplacer("eager", "keen", "value", "worth").Replace(d.Name)
			found[d.Name] = d
		}
		return found
	}
	atRun, evaluated := run.DriftEnd{At: driftTo, Run: &to}, run.DriftEnd{At: driftTo}
	want, wantEvaluated := ask(asker, old, atRun), ask(asker, old, evaluated)
	require.Len(t, want, 5)
	require.Len(t, want["keen"].Size.Series, 2)
	require.NotNil(t, want["keen"].Composition)

	later := driftProgram(t, strings.NewReplacer("  keen:", "  eager:\n    was: keen", "worth: {", "value: {was: worth, ").Replace(driftDefinitions))
	renamed := &history.Asker{Follower: evaluate.New(asker.DB, later), Evaluator: evaluate.New(asker.DB, later), DB: asker.DB, Workers: 2}
	definitions := chosen(later, "eager", "value")
	require.Equal(t, want, ask(renamed, definitions, atRun), "before a run knows the new name")
	require.Equal(t, wantEvaluated, ask(renamed, definitions, evaluated), "from a run to the evaluation of today")
	committed(t, renamed, definitions, driftTo.Add(24*time.Hour))
	require.Equal(t, want, ask(renamed, definitions, atRun), "after it")
}

package evaluate_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/plan"
)

// shared evaluates rules, or segments by name, together and returns their
// members in the order of keys. Each of them is held against its own statement.
func (s tiny) shared(t *testing.T, at time.Time, texts ...string) map[string][]string {
	t.Helper()
	found := s.sharedOnly(t, at, texts...)
	for _, text := range texts {
		alone, err := s.StandaloneMembers(t.Context(), s.segment(t, text), at)
		require.NoError(t, err, text)
		require.Equal(t, alone, found[text], "standalone and shared: %s", text)
	}
	return found
}

// sharedOnly is shared without the statement of each.
func (s tiny) sharedOnly(t *testing.T, at time.Time, texts ...string) map[string][]string {
	t.Helper()
	definitions := make([]check.Definition, len(texts))
	for i, text := range texts {
		definitions[i] = s.segment(t, text)
	}
	words := s.words(t, at, definitions...)
	found := map[string][]string{}
	for i, d := range definitions {
		unit, ok := words.Unit(d)
		require.True(t, ok, "%s is not in the words", texts[i])
		found[texts[i]] = s.keys(t, words, unit.Members)
	}
	return found
}

// words evaluates definitions together; their tables are dropped when the test
// ends.
func (s tiny) words(t *testing.T, at time.Time, definitions ...check.Definition) *evaluate.Words {
	t.Helper()
	words, err := s.Words(t.Context(), definitions, at)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, words.Close(t.Context())) })
	return words
}

// keys are those for whom a formula holds.
func (s tiny) keys(t *testing.T, words *evaluate.Words, f *plan.Formula) []string {
	t.Helper()
	keys, err := words.Keys(t.Context(), f)
	require.NoError(t, err)
	return keys
}

// stagesIn are the stages of a partition by customer, read from the words and
// held against the partition's own statement.
func (s tiny) stagesIn(t *testing.T, words *evaluate.Words, name string) map[string]string {
	t.Helper()
	p, ok := s.definition(t, name).(*check.Partition)
	require.True(t, ok)
	unit, ok := words.Unit(p)
	require.True(t, ok)
	found := map[string]string{}
	for i, stage := range slices.Backward(p.Stages) {
		for _, key := range s.keys(t, words, unit.Stages[i]) {
			found[key] = stage.Name
		}
	}
	alone, err := s.Stages(t.Context(), p, words.AsOf)
	require.NoError(t, err)
	require.Equal(t, alone, found, "standalone and shared: %s", name)
	return found
}

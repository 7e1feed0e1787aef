package compile_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/plan"
	"strata/sql/warehouse"
)

// evaluated runs the steps of a shared evaluation of definitions, after each of
// its statements was held against the laws of statements.
func evaluated(t testing.TB, db *warehouse.DB, c *compile.Compiler, p *plan.Plan, wide bool) *compile.Shared {
	t.Helper()
	shared, err := c.Shared(p, compile.SharedOptions{Prefix: fmt.Sprintf("test %d", db.Number()), Wide: wide})
	require.NoError(t, err)
	for _, step := range shared.Steps {
		checkLaws(t, db, step.Statement)
		_, err := db.Exec(t.Context(), step.Statement.SQL, step.Statement.Args...)
		require.NoError(t, err, step.Name)
	}
	return shared
}

// keysOf are those for whom a formula holds.
func keysOf(t testing.TB, db *warehouse.DB, shared *compile.Shared, f *plan.Formula) []string {
	t.Helper()
	statement, err := shared.Keys(f)
	require.NoError(t, err)
	keys := []string{}
	for _, row := range rowsOf(t, db, statement.SQL, statement.Args...) {
		keys = append(keys, row[0])
	}
	return keys
}

// randomFormula draws a formula over conditions: made by the functions that
// simplify, or as it is written.
func randomFormula(t *rapid.T, conditions, depth int) *plan.Formula {
	kind := rapid.IntRange(0, 11).Draw(t, "kind")
	if depth == 0 {
		kind %= 5
	}
	switch kind {
	case 0:
		return &plan.Formula{Op: plan.Constant, Value: rapid.Bool().Draw(t, "value")}
	case 1, 2, 3:
		return &plan.Formula{Op: plan.Bit, Condition: rapid.IntRange(0, conditions-1).Draw(t, "condition")}
	case 4:
		return plan.Negation(&plan.Formula{Op: plan.Bit, Condition: rapid.IntRange(0, conditions-1).Draw(t, "condition")})
	case 5:
		return plan.Negation(randomFormula(t, conditions, depth-1))
	case 6:
		return &plan.Formula{Op: plan.Not, Parts: []*plan.Formula{randomFormula(t, conditions, depth-1)}}
	}
	parts := make([]*plan.Formula, rapid.IntRange(0, 5).Draw(t, "parts"))
	for i := range parts {
		parts[i] = randomFormula(t, conditions, depth-1)
	}
	switch {
	case kind == 7 || kind == 9 && len(parts) == 0:
		return plan.Both(parts...)
	case kind == 8 || len(parts) == 0:
		return plan.Either(parts...)
	}
	return &plan.Formula{Op: map[int]plan.Op{9: plan.All, 10: plan.Any, 11: plan.Any}[kind], Parts: parts}
}

// TestSharedFormulas holds the SQL of random formulas, constants included,
// against their values. The conditions fill more than a word and come from a
// pass, from fields and from a list; customer n visited n times.
func TestSharedFormulas(t *testing.T) {
	p := project(t)
	db := filled(t, tables)
	var definitions []check.Definition
	truth := []func(visits int) bool{}
	for n := range 70 {
		definitions = append(definitions, ruleOf(t, p, fmt.Sprintf("visits >= %d", n-20)))
		truth = append(truth, func(visits int) bool { return visits >= n-20 })
	}
	for n := range 3 {
		definitions = append(definitions, ruleOf(t, p, fmt.Sprintf("count(cart) last %d days >= 1", n+1)))
		truth = append(truth, nil) // What a pass says is taken from the words themselves.
	}
	built := plan.Build(p, definitions)
	require.Len(t, built.Conditions, len(definitions))
	shared := evaluated(t, db, compilerAt(p, asOf), built, false)
	holds := make([]map[string]bool, len(definitions))
	for i, unit := range built.Units {
		holds[i] = map[string]bool{}
		for _, key := range keysOf(t, db, shared, unit.Members) {
			holds[i][key] = true
		}
		if truth[i] == nil {
			require.NotEmpty(t, holds[i])
			continue
		}
		for n := 1; n <= 20; n++ {
			require.Equal(t, truth[i](n), holds[i][strconv.Itoa(n)], "visits %d, condition %d", n, i)
		}
		require.False(t, holds[i]["98"])
	}
	customers := keysOf(t, db, shared, plan.Both())
	require.Len(t, customers, 21)
	rapid.Check(t, func(r *rapid.T) {
		f := randomFormula(r, len(definitions), 3)
		want := []string{}
		for _, key := range customers {
			if f.Holds(func(id int) bool { return holds[id][key] }) {
				want = append(want, key)
			}
		}
		got := keysOf(t, db, shared, f)
		slices.Sort(want)
		slices.Sort(got)
		require.Equal(r, want, got, f.String())
		sizes, err := shared.Sizes([]*plan.Formula{f, plan.Negation(f)})
		require.NoError(r, err)
		require.Equal(r, [][]string{{"21", strconv.Itoa(len(want)), strconv.Itoa(21 - len(want))}}, rowsOf(t, db, sizes.SQL, sizes.Args...))
	})
}

// TestSharedSaysWhatStatementsSay evaluates every construct of the language
// together, with narrow counters and wide ones, and holds each against its own
// statement.
func TestSharedSaysWhatStatementsSay(t *testing.T) {
	p := project(t)
	db := filled(t, tables)
	c := compilerAt(p, asOf)
	var definitions []check.Definition
	for _, g := range goldens {
		if d, ok := p.Lookup(g.text); ok {
			definitions = append(definitions, d)
		} else if !g.values {
			definitions = append(definitions, ruleOf(t, p, g.text))
		}
	}
	for _, text := range []string{"engagement >= 5", "engagement is missing", "ltv > 20 and tier = 'high'", "lifecycle in ('loyal', 'new')", "chosen"} {
		definitions = append(definitions, ruleOf(t, p, text))
	}
	built := plan.Build(p, definitions)
	for _, wide := range []bool{false, true} {
		shared := evaluated(t, db, c, built, wide)
		compared := 0
		for _, unit := range built.Units {
			if unit.Alone != "" || unit.Members == nil {
				continue
			}
			statement, err := c.Members(unit.Definition)
			require.NoError(t, err)
			want := []string{}
			for _, row := range rowsOf(t, db, statement.SQL, statement.Args...) {
				want = append(want, row[0])
			}
			segment := unit.Definition.(*check.Segment)
			require.Equal(t, want, keysOf(t, db, shared, unit.Members), segment.Where.Leaves()[0].X.Span().Text())
			compared++
		}
		require.Greater(t, compared, 30)
		partition, ok := lookup(t, p, "lifecycle").(*check.Partition)
		require.True(t, ok)
		statement, err := c.Values(partition)
		require.NoError(t, err)
		want := map[string][]string{}
		for _, row := range rowsOf(t, db, statement.SQL, statement.Args...) {
			want[row[1]] = append(want[row[1]], row[0])
		}
		i := slices.IndexFunc(built.Units, func(u *plan.Unit) bool { return u.Definition == partition })
		for j, stage := range partition.Stages {
			require.ElementsMatch(t, want[stage.Name], keysOf(t, db, shared, built.Units[i].InStage(j)), stage.Name)
		}
	}
}

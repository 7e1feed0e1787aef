package plan_test

import (
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/plan"
)

// requireLawful checks what holds of every plan.
func requireLawful(t testing.TB, p *plan.Plan) {
	t.Helper()
	requireTraitsInOrder(t, p)
	requireConditionsInOrder(t, p)
	requirePasses(t, p)
	requireUnits(t, p)
}

// Traits have their places as ids and different texts, and stand behind what
// they need.
func requireTraitsInOrder(t testing.TB, p *plan.Plan) {
	t.Helper()
	texts := map[string]bool{}
	for i, trait := range p.Traits {
		require.Equal(t, i, trait.ID)
		require.False(t, texts[trait.Text], "%s is there twice", trait.Text)
		texts[trait.Text] = true
		found, ok := p.TraitOf(trait.X)
		require.True(t, ok)
		require.Same(t, trait, found)
		for _, need := range trait.Needs {
			require.Less(t, need, trait.ID)
			require.LessOrEqual(t, p.Traits[need].Round, trait.Round)
			require.True(t, p.Traits[need].Value, "%s is read, but nobody says that its value is needed", p.Traits[need].Text)
		}
		requireHeld(t, p, trait.X, trait.Round)
	}
}

// Conditions stand behind what they read, and what they read of definitions is
// in the words of a round before theirs.
func requireConditionsInOrder(t testing.TB, p *plan.Plan) {
	t.Helper()
	texts := map[string]bool{}
	rounds := 0
	for i, c := range p.Conditions {
		require.Equal(t, i, c.ID)
		require.False(t, texts[c.Text], "%s is there twice", c.Text)
		texts[c.Text] = true
		rounds = max(rounds, c.Round+1)
		for _, id := range c.Traits {
			require.LessOrEqual(t, p.Traits[id].Round, c.Round)
		}
		if c.Kind == plan.Derived {
			for _, id := range c.Formula.Conditions() {
				require.Less(t, id, c.ID)
				require.Less(t, p.Conditions[id].Round, c.Round)
			}
			continue
		}
		requireHeld(t, p, c.X, c.Round)
	}
	require.Equal(t, rounds, p.Rounds)
}

// requireHeld checks that the definitions which an expression names are held by
// words before a round. Traits are written out, not named.
func requireHeld(t testing.TB, p *plan.Plan, e check.Expr, round int) {
	t.Helper()
	check.Walk(e, func(x check.Expr) bool {
		ref, ok := x.(*check.Ref)
		if !ok {
			return true
		}
		var formulas []*plan.Formula
		switch target := ref.Target.(type) {
		case *check.Partition:
			formulas = p.StagesOf(target)
			require.Len(t, formulas, len(target.Stages))
		case *check.Trait:
			require.Fail(t, "a trait is named", target.DefinitionName())
		default:
			f, ok := p.MembersOf(target)
			require.True(t, ok, "%s has no formula", target.DefinitionName())
			formulas = append(formulas, f)
		}
		for _, f := range formulas {
			for _, id := range f.Conditions() {
				require.Less(t, p.Conditions[id].Round, round)
			}
		}
		return true
	})
}

// Each pass reads one source by the same columns, each of its traits just once,
// and computes conditions of its own traits.
func requirePasses(t testing.TB, p *plan.Plan) {
	t.Helper()
	placed := map[*plan.Trait]bool{}
	for i, pass := range p.Passes {
		require.Equal(t, i, pass.ID)
		counted, filtered := 0, 0
		for _, trait := range pass.Traits {
			require.False(t, placed[trait])
			placed[trait] = true
			require.Equal(t, i, trait.Pass)
			require.Same(t, pass.Source, trait.Rows.Stream.Source)
			require.Len(t, trait.Equal, len(pass.Columns))
			for j, equal := range trait.Equal {
				require.Equal(t, pass.Columns[j].Column, equal.Column.Column)
				require.NotEmpty(t, equal.Values)
			}
			if trait.Kind == plan.Counted {
				counted++
				require.Empty(t, trait.Rest)
			} else {
				require.Equal(t, plan.Filtered, trait.Kind)
				filtered++
			}
		}
		require.LessOrEqual(t, counted, 96)
		require.LessOrEqual(t, filtered, 32)
		for _, c := range pass.Conditions {
			require.Equal(t, i, c.Pass)
			for _, id := range c.Traits {
				require.Equal(t, i, p.Traits[id].Pass)
			}
		}
	}
	for _, trait := range p.Traits {
		together := trait.Kind == plan.Counted || trait.Kind == plan.Filtered
		require.Equal(t, together, placed[trait], trait.Text)
		require.Equal(t, together, trait.Pass >= 0)
	}
}

// What a unit shares was added by one before it, and what it adds was not.
func requireUnits(t testing.TB, p *plan.Plan) {
	t.Helper()
	seenTraits, seenConditions := map[int]bool{}, map[int]bool{}
	for _, u := range p.Units {
		if u.Alone != "" {
			require.Nil(t, u.Members)
			require.Empty(t, u.Stages)
			require.Empty(t, u.Added)
			require.Empty(t, u.Shared)
			continue
		}
		requireAccount(t, seenTraits, u.Added.Traits, u.Shared.Traits)
		requireAccount(t, seenConditions, u.Added.Conditions, u.Shared.Conditions)
		all := slices.Concat(u.Added.Conditions, u.Shared.Conditions)
		for _, f := range append([]*plan.Formula{u.Members, u.Gates}, u.Stages...) {
			for _, id := range f.Conditions() {
				require.Contains(t, all, id)
				for _, trait := range p.Conditions[id].Traits {
					require.Contains(t, slices.Concat(u.Added.Traits, u.Shared.Traits), trait)
				}
			}
		}
	}
}

func requireAccount(t testing.TB, seen map[int]bool, added, shared []int) {
	t.Helper()
	for _, id := range shared {
		require.True(t, seen[id])
	}
	for _, id := range added {
		require.False(t, seen[id])
		seen[id] = true
	}
}

// demo is the program of the demo shop.
func demo(t testing.TB) *check.Program {
	t.Helper()
	set, list := definition.Load(os.DirFS("../../fixtures/shop/project"), "../../fixtures/shop/project")
	require.NoError(t, list.Err())
	program, list := check.Check(set)
	require.NoError(t, list.Err())
	return program
}

func TestDemoShopIsPlannedLawfully(t *testing.T) {
	t.Parallel()
	p := planned(t, demo(t))
	alone := map[string]string{}
	for _, u := range p.Units {
		if u.Alone != "" {
			alone[u.Definition.DefinitionName()] = u.Alone
		}
	}
	require.Equal(t, map[string]string{
		"shared_address":  "it is given by sql",
		"newly_inactive":  "it looks at more than one moment",
		"steady_spenders": "it looks at more than one moment",
	}, alone)
	require.True(t, p.Together())
}

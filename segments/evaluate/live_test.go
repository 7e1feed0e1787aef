package evaluate_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/plan"
)

// After a run its conditions stay readable: sizes, funnels, members, an overlap
// and a rule with one condition turned around are answered without the sources,
// which are gone here.
func TestWordsAreReadWithoutTheSources(t *testing.T) {
	ctx := t.Context()
	s := tinyShop(t, nil)
	tree := s.definition(t, "tree").(*check.Segment)
	spenders := s.definition(t, "spenders").(*check.Segment)
	funnel, err := s.Funnel(ctx, tree, tinyNoon)
	require.NoError(t, err)
	members, err := s.Members(ctx, tree, tinyNoon)
	require.NoError(t, err)
	run := s.run(t)
	for _, table := range []string{"events", "orders", "customers"} {
		_, err := s.db.Exec(ctx, "DROP TABLE "+table)
		require.NoError(t, err)
	}

	after, err := s.Funnel(ctx, tree, tinyNoon)
	require.NoError(t, err)
	require.Equal(t, funnel, after)
	keys, err := s.Members(ctx, tree, tinyNoon)
	require.NoError(t, err)
	require.Equal(t, members, keys)
	count, err := s.Count(ctx, tree, tinyNoon)
	require.NoError(t, err)
	require.Equal(t, funnel.Members, count.Members)

	// Customer 1 alone spent 100.
	one, ok := run.Words.Unit(tree)
	require.True(t, ok)
	other, ok := run.Words.Unit(spenders)
	require.True(t, ok)
	_, sizes, err := run.Words.Sizes(ctx, []*plan.Formula{
		other.Members, plan.Both(one.Members, other.Members), plan.Either(one.Members, other.Members),
		plan.Both(one.Members, plan.Negation(other.Members)),
	})
	require.NoError(t, err)
	require.Equal(t, int64(1), sizes[0])
	require.Equal(t, count.Members+sizes[0], sizes[1]+sizes[2], "what both have and what either has are what each has")
	require.Equal(t, count.Members, sizes[1]+sizes[3], "a condition and its opposite divide a segment")

	require.NoError(t, s.Release(ctx))
	_, err = s.Funnel(ctx, tree, tinyNoon)
	require.Error(t, err, "what was released is not there any more")
}

// One customer's memberships in everything are those that each definition's own
// statement finds.
func TestMembershipsOfOneCustomer(t *testing.T) {
	ctx := t.Context()
	s := tinyShop(t, nil)
	for _, customer := range []string{"1", "2", "3", "4", "6"} {
		all, skipped, err := s.Memberships(ctx, customer, s.all(t), tinyNoon)
		require.NoError(t, err)
		require.Empty(t, skipped)
		require.Len(t, all, len(s.all(t)))
		for _, why := range all {
			alone, err := evaluate.New(s.db, s.program).Membership(ctx, customer, s.definition(t, why.Name), tinyNoon)
			require.NoError(t, err)
			require.Equal(t, alone, why, "%s of customer %s", why.Name, customer)
		}
	}
	all, _, err := s.Memberships(ctx, "5", s.all(t), tinyNoon)
	require.NoError(t, err)
	require.False(t, all[0].Known, "who comes later is said to")
	require.NotEmpty(t, all[0].Reason)
	_, _, err = s.Memberships(ctx, "404", s.all(t), tinyNoon)
	require.ErrorIs(t, err, evaluate.ErrNoSuchCustomer)
}

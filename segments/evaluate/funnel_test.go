package evaluate_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/result"
)

// TestFunnelByHand counts trees whose sets are small enough to look at:
// buyers 1 2 3 6, german 1 2, opened 1 3, chosen 1 3, of 1 2 3 4 6.
func TestFunnelByHand(t *testing.T) {
	s := tinyShop(t, nil)
	for _, c := range []struct {
		rule   string
		leaves []result.Leaf
	}{
		{"tree", []result.Leaf{
			{Name: "buyers", Rule: "buyers", Alone: 4, SoFar: 4, Without: 1},
			{Name: "german", Rule: "country = 'DE'", Alone: 2, SoFar: 2, Without: 0},
			{Name: "opened", Rule: "count(email_open) last 7 days >= 1", Alone: 2, SoFar: 3, Without: 1},
			{Name: "chosen", Rule: "chosen", Alone: 2, SoFar: 1, Without: 3},
		}},
		{"buyers and not chosen and country = 'AT'", []result.Leaf{
			{Name: "c1", Rule: "buyers", Alone: 4, SoFar: 4, Without: 1}, // 4 is in Austria and not chosen.
			{Name: "c2", Rule: "not chosen", Alone: 3, SoFar: 2, Without: 1},
			{Name: "c3", Rule: "country = 'AT'", Alone: 2, SoFar: 0, Without: 2},
		}},
		{"country = 'FR'", []result.Leaf{{Name: "c1", Rule: "country = 'FR'", Alone: 1, SoFar: 1, Without: 5}}},
	} {
		funnel, err := s.Funnel(t.Context(), s.segment(t, c.rule), tinyNoon)
		require.NoError(t, err)
		require.Equal(t, c.leaves, funnel.Leaves)
		require.Equal(t, int64(5), funnel.Customers)
		require.Equal(t, int64(len(s.members(t, c.rule))), funnel.Members)
		require.Equal(t, tinyNoon, funnel.AsOf)
	}
}

// TestFunnelOfNestedTrees uses rules that a line cannot hold: any of all, not
// of any, a group within a group.
func TestFunnelOfNestedTrees(t *testing.T) {
	s := tinyShop(t, map[string]string{"segments/more.yaml": `
segments:
  nested:
    where:
      any:
        - both: {all: [{german: country = 'DE'}, {opened: count(email_open) last 7 days >= 1}]}
        - neither: {not: [{one: {any: [{bought: buyers}, {listed: chosen}]}}]}
  negative:
    where:
      not:
        - some: {any: [{bought: buyers}, {french: country = 'FR'}]}
`})
	// both 1; neither 4.
	funnel, err := s.Funnel(t.Context(), s.segment(t, "nested"), tinyNoon)
	require.NoError(t, err)
	require.Equal(t, int64(2), funnel.Members)
	require.Equal(t, []result.Leaf{
		{Name: "german", Rule: "country = 'DE'", Alone: 2, SoFar: 2, Without: 3}, // opened 1 3, neither 4.
		{Name: "opened", Rule: "count(email_open) last 7 days >= 1", Alone: 2, SoFar: 1, Without: 3},
		{Name: "bought", Rule: "buyers", Alone: 4, SoFar: 2, Without: 4}, // both 1, not listed 2 4 6.
		{Name: "listed", Rule: "chosen", Alone: 2, SoFar: 2, Without: 2},
	}, funnel.Leaves)

	funnel, err = s.Funnel(t.Context(), s.segment(t, "negative"), tinyNoon)
	require.NoError(t, err)
	require.Equal(t, int64(1), funnel.Members)
	require.Equal(t, []result.Leaf{
		{Name: "bought", Rule: "buyers", Alone: 4, SoFar: 1, Without: 4},
		{Name: "french", Rule: "country = 'FR'", Alone: 1, SoFar: 1, Without: 1},
	}, funnel.Leaves)
}

func TestFunnelNeedsLeaves(t *testing.T) {
	s := tinyShop(t, nil)
	_, err := s.Funnel(t.Context(), s.segment(t, "in_sql"), tinyNoon)
	require.EqualError(t, err, "segment in_sql is given by sql and has no leaves to count")
}

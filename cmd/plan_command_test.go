package cmd

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/revision"
)

func TestFailOn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]failing{
		"broken": {}, "any": {any: true}, "10%": {share: big.NewRat(1, 10), text: "10%"},
		"0%": {share: new(big.Rat), text: "0%"}, "12.5%": {share: big.NewRat(1, 8), text: "12.5%"},
	} {
		got, err := parseFailOn(text)
		require.NoError(t, err, text)
		require.Equal(t, want.any, got.any, text)
		require.Equal(t, want.text, got.text)
		require.True(t, want.share == nil && got.share == nil || want.share.Cmp(got.share) == 0, text)
	}
	for _, text := range []string{"", "10", "-10%", "10 %", "%", "ten%", "Any", "1e3%", "10%%", "12345678%"} {
		_, err := parseFailOn(text)
		require.Equal(t, exitUsage, codeOf(err, nil), "%q", text)
	}
}

// A change of just the percentage passes; from nobody to somebody is more than
// any; what is new or gone has no size to change from.
func TestFailOnAPercentageIsExact(t *testing.T) {
	t.Parallel()
	fails, err := parseFailOn("10%")
	require.NoError(t, err)
	size := func(n int64) *revision.Size { return &revision.Size{Members: n} }
	for _, c := range []struct {
		before, after *revision.Size
		want          int
	}{
		{size(10), size(11), 0},
		{size(10), size(9), 0},
		{size(10), size(12), 1},
		{size(1000), size(1101), 1},
		{size(1000), size(899), 1},
		{size(0), size(0), 0},
		{size(0), size(1), 1},
		{nil, size(5), 0},
		{size(5), nil, 0},
	} {
		change := &revision.Change{Name: "x", Before: c.before, After: c.after}
		require.Len(t, fails.beyond(change), c.want, "%v -> %v", c.before, c.after)
	}
	stages := &revision.Change{Name: "p", Before: size(20), After: size(20), Stages: []revision.Stage{
		{Name: "a", Before: size(10), After: size(12)}, {Name: "b", Before: size(10), After: size(8)}, {Name: "c", After: size(0)},
	}}
	require.Equal(t, []string{"p.a (+20.0%)", "p.b (-20.0%)"}, fails.beyond(stages))
}

// The rows of the table of causes add up to the moves, however many combinations
// are put together in its last row.
func TestTableOfCausesAddsUp(t *testing.T) {
	t.Parallel()
	c := &revision.Change{Causes: []revision.Cause{{Name: "a", Joined: 3, Left: 1, TogetherJoined: 9}, {Name: "b", Left: 2}}}
	for i := range 8 {
		c.Together = append(c.Together, revision.Combination{Causes: []string{"a", fmt.Sprint("x", i)}, Joined: int64(10 - i), Left: int64(i)})
	}
	table := causesTable(c)
	require.Len(t, table.Rows, 2+mostCombinations+1)
	var joined, left int64
	for _, row := range table.Rows {
		joined, left = joined+row[1].(int64), left+row[2].(int64)
	}
	require.Equal(t, int64(3+10+9+8+7+6+5+4+3), joined)
	require.Equal(t, int64(3+0+1+2+3+4+5+6+7), left)
	require.Equal(t, "3 other combinations", table.Rows[7][0])
}

// A row of the matrix has all customers of a stage before, a column all of one
// after.
func TestMatrixAddsUp(t *testing.T) {
	t.Parallel()
	size := func(n int64) *revision.Size { return &revision.Size{Members: n} }
	c := &revision.Change{
		Stages: []revision.Stage{
			{Name: "a", Before: size(10), After: size(6)}, {Name: "gone", Before: size(3)}, {Name: "added", After: size(5)}, {Name: "b", Before: size(2), After: size(5)},
		},
		Moves: []revision.Move{
			{From: "", To: "b", Customers: 2},
			{From: "a", To: "added", Customers: 4},
			{From: "gone", To: "added", Customers: 1},
			{From: "gone", To: "b", Customers: 1},
			{From: "gone", To: "", Customers: 1},
		},
	}
	m := matrix(c)
	var titles []string
	for _, column := range m.Columns {
		titles = append(titles, column.Name)
	}
	require.Equal(t, []string{"from \\ to", "a", "added", "b", "(no customer)"}, titles)
	require.Equal(t, [][]any{
		{"a", int64(6), int64(4), nil, nil},
		{"gone", nil, int64(1), int64(1), int64(1)},
		{"b", nil, nil, int64(2), nil},
		{"(no customer)", nil, nil, int64(2), nil},
	}, m.Rows)
}

// Whatever stands in code cannot end it.
func TestCodeInMarkdown(t *testing.T) {
	t.Parallel()
	require.Equal(t, "`a`", code("a"))
	require.Equal(t, "``a`b``", code("a`b"))
	require.Equal(t, "`` `a ``", code("`a"))
	require.Equal(t, "`a b`", code("a\nb"))
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("ab`\n<@"))).Draw(t, "text")
		written := code(text)
		fence := written[:strings.IndexFunc(written, func(r rune) bool { return r != '`' })]
		inner := strings.TrimSuffix(strings.TrimPrefix(written, fence), fence)
		require.NotContains(t, inner, fence)
		require.False(t, strings.HasPrefix(inner, "`") || strings.HasSuffix(inner, "`"))
		require.NotContains(t, written, "\n")
	})
	require.Equal(t, "\\*\\_a\\* &lt;b> \\[c] @\u200bd \\#1", plainText("*_a* <b> [c] @d #1"))
}

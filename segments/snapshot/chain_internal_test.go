package snapshot

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// at is an as-of.
func at(hour int) time.Time { return time.Date(2026, 1, 1, hour, 0, 0, 0, time.UTC) }

func TestRoute(t *testing.T) {
	// Runs 1, 2 and 5 follow each other; 3 was superseded by 4 and 4 by 5.
	c := newChain([]link{
		{run: 5, asOf: at(3)},
		{run: 1, asOf: at(1)},
		{run: 2, asOf: at(2)},
		{run: 3, asOf: at(3), supersededBy: 4},
		{run: 4, asOf: at(3), supersededBy: 5},
	})
	require.Equal(t, int64(5), c.newest())
	for _, test := range []struct {
		from, to int64
		want     []int64
	}{
		{5, 5, []int64{}},
		{5, 2, []int64{5}},
		{2, 5, []int64{5}},
		{5, 1, []int64{2, 5}},
		{5, 3, []int64{3, 4}},
		{1, 4, []int64{2, 4, 5}},
		{3, 4, []int64{3}},
	} {
		require.Equal(t, test.want, c.route(test.from, test.to), "%d to %d", test.from, test.to)
	}
}

func TestNearestFullCopy(t *testing.T) {
	c := newChain([]link{
		{run: 1, asOf: at(1), changes: 0},
		{run: 2, asOf: at(2), changes: 10, based: true},
		{run: 3, asOf: at(3), changes: 10},
		{run: 4, asOf: at(4), changes: 50},
		{run: 5, asOf: at(5), changes: 5},
	})
	require.Equal(t, source{base: 0, steps: []int64{5}}, c.nearest(4))
	require.Equal(t, source{base: 2, steps: []int64{3}}, c.nearest(3))
	require.Equal(t, source{base: 2, steps: []int64{}}, c.nearest(2))
	require.Equal(t, source{base: 2, steps: []int64{2}}, c.nearest(1))
}

func TestEmptyChain(t *testing.T) {
	require.Zero(t, newChain(nil).newest())
}

// TestRouteLaws: the way back is the way there, and a way over a third run is the direct one.
func TestRouteLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 9).Draw(t, "runs")
		links := make([]link, n)
		latest := map[int]int{}
		for i := range links {
			hour := rapid.IntRange(1, 5).Draw(t, "hour")
			links[i] = link{run: int64(i + 1), asOf: at(hour)}
			if before, ok := latest[hour]; ok {
				links[before].supersededBy = int64(i + 1)
			}
			latest[hour] = i
		}
		c := newChain(links)
		pick := func(label string) int64 { return rapid.Int64Range(1, int64(n)).Draw(t, label) }
		a, b, over := pick("a"), pick("b"), pick("over")
		require.Equal(t, c.route(a, b), c.route(b, a))
		odd := map[int64]bool{}
		for _, step := range append(c.route(a, over), c.route(over, b)...) {
			odd[step] = !odd[step]
		}
		direct := map[int64]bool{}
		for _, step := range c.route(a, b) {
			direct[step] = true
		}
		for step, left := range odd {
			require.Equal(t, direct[step], left)
		}
	})
}

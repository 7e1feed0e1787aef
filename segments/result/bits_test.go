package result_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/result"
)

func TestTransposeTurnsASquare(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // A test repeats.
	var square [64]uint64
	for i := range square {
		square[i] = random.Uint64()
	}
	turned := square
	result.Transpose(&turned)
	for i := range 64 {
		for j := range 64 {
			require.Equal(t, square[j]>>i&1, turned[i]>>j&1, "bit %d of word %d", i, j)
		}
	}
	result.Transpose(&turned)
	require.Equal(t, square, turned)
	require.Zero(t, result.Bits{}.Words())
	require.Equal(t, 2, result.Bits{Sets: [][]uint64{{1, 2}}}.Words())
}

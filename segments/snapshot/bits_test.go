package snapshot_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/result"
	"strata/segments/snapshot"
)

// Bits of a run are its members then, also where customers have gone since.
func TestBitsOfARun(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db := open(t, storeAt(t))
	first := commit(t, db, day(1), state{customers: upTo(200), units: map[string]set{"a": upTo(130), "b": of(1, 65, 200), "c": of()}})
	second := commit(t, db, day(2), state{customers: upTo(100), units: map[string]set{"a": of(1, 2), "b": of(2, 3), "c": of(100)}})

	bits, err := snapshot.Bits(ctx, db, first.ID, []string{"b", "a", "c"})
	require.NoError(t, err)
	require.Equal(t, int64(200), bits.Customers)
	require.Equal(t, []int64{3, 130, 0}, sizesOf(bits))
	require.Equal(t, int64(2), shared(bits, 0, 1))
	bits, err = snapshot.Bits(ctx, db, second.ID, []string{"a", "b", "c"})
	require.NoError(t, err)
	require.Equal(t, int64(100), bits.Customers)
	require.Equal(t, []int64{2, 2, 1}, sizesOf(bits))
	require.Equal(t, int64(1), shared(bits, 0, 1))
	require.Zero(t, shared(bits, 0, 2))

	nobody, err := snapshot.Bits(ctx, db, first.ID, []string{"c"})
	require.NoError(t, err)
	require.Equal(t, []int64{0}, sizesOf(nobody))
	_, err = snapshot.Bits(ctx, db, 99, []string{"a"})
	require.ErrorIs(t, err, snapshot.ErrNotFound)
	_, err = snapshot.Bits(ctx, db, first.ID, []string{"a", "nothing"})
	require.ErrorIs(t, err, snapshot.ErrNotFound)
	_, err = snapshot.Bits(ctx, open(t, storeAt(t)), 1, []string{"a"})
	require.ErrorIs(t, err, snapshot.ErrEmpty)
	left := 0
	require.NoError(t, db.Row(ctx, []any{&left}, "SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'run % bits %'"))
	require.Zero(t, left)
}

func sizesOf(bits result.Bits) []int64 {
	sizes := make([]int64, len(bits.Sets))
	for i, set := range bits.Sets {
		sizes[i] = result.CountBits(set)
	}
	return sizes
}

func shared(bits result.Bits, i, j int) int64 {
	n := int64(0)
	for w := range bits.Sets[i] {
		n += result.CountBits([]uint64{bits.Sets[i][w] & bits.Sets[j][w]})
	}
	return n
}

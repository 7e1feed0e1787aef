package snapshot_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/snapshot"
)

func TestDefinitionsOfARun(t *testing.T) {
	db := open(t, storeAt(t))
	_, err := snapshot.Definitions(t.Context(), db, 1)
	require.ErrorIs(t, err, snapshot.ErrNotFound)
	commit(t, db, day(1), state{customers: upTo(3), units: map[string]set{"vip": of(1), "lead": of(2)}})
	commit(t, db, day(2), state{customers: upTo(3), units: map[string]set{"vip": of(1)}})
	first, err := snapshot.Definitions(t.Context(), db, 1)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"hash of vip": "text of vip", "hash of lead": "text of lead"}, first)
	second, err := snapshot.Definitions(t.Context(), db, 2)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"hash of vip": "text of vip"}, second)
	_, err = snapshot.Definitions(t.Context(), db, 3)
	require.ErrorIs(t, err, snapshot.ErrNotFound)
	require.NotErrorIs(t, err, snapshot.ErrEmpty)
}

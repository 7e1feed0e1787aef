package evaluate_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/evaluate"
)

// TestNarrowProvesTheSame demands that the copies of one customer's rows prove
// what the warehouse does, for everybody and for keys of nobody.
func TestNarrowProvesTheSame(t *testing.T) {
	s := tinyShop(t, nil)
	rules := []string{
		"buyers", "germans", "spenders", "tree", "worth", "steady", "spent >= 100 or basket < 10", "count(order where nth = 2) ever >= 1",
		"sequence(cart then not order within 2 hours) last 30 days", "created_at in last 60 days or chosen", "spenders as of 3 days ago",
	}
	for _, key := range []string{"1", "2", "3", "4", "5", "6", "9", "77", "01", "x", ""} {
		for _, rule := range rules {
			d, ok := s.program.Lookup(rule)
			if !ok {
				d = s.segment(t, rule)
			}
			want, wantErr := s.Why(t.Context(), key, d, tinyNoon)
			narrow, err := s.Narrow(t.Context(), key, []check.Definition{d}, tinyNoon)
			require.NoError(t, err)
			got, err := narrow.Why(t.Context(), key, d, tinyNoon)
			require.NoError(t, narrow.Close(t.Context()))
			if wantErr != nil {
				require.EqualError(t, err, wantErr.Error())
				require.ErrorIs(t, err, evaluate.ErrNoSuchCustomer)
				continue
			}
			require.NoError(t, err)
			require.Equal(t, want, got, "%s for %s", rule, key)
		}
	}
}

// TestNarrowIsOneCustomerUntilTheAsOf demands that the copies hold nothing else,
// that what is supposed stays apart, and that nothing is left.
func TestNarrowIsOneCustomerUntilTheAsOf(t *testing.T) {
	s := tinyShop(t, nil)
	tables := func() (n int64) {
		require.NoError(t, s.db.Row(t.Context(), []any{&n}, "SELECT count(*) FROM duckdb_tables()"))
		return n
	}
	before := tables()
	d := s.segment(t, "sum(order.amount) ever >= 160")
	narrow, err := s.Narrow(t.Context(), "1", []check.Definition{d}, tinyNoon)
	require.NoError(t, err)
	require.Equal(t, before+2, tables(), "customers and orders")
	later := tinyNoon.Add(time.Hour)
	why, err := narrow.Membership(t.Context(), "1", d, later)
	require.NoError(t, err)
	require.False(t, why.Member, "155.50, and 999.00 that nobody knows of")
	why, err = narrow.Membership(t.Context(), "2", d, later)
	require.ErrorIs(t, err, evaluate.ErrNoSuchCustomer)
	require.False(t, why.Known)

	order := s.program.Streams[2]
	require.Equal(t, "order", order.Name)
	row := compile.Supposed{Stream: order, At: tinyNoon, Times: 1, Values: map[string]any{"amount": "4.50"}}
	for _, rows := range [][]compile.Supposed{{row}, {row, row}} {
		supposed, err := narrow.Suppose(t.Context(), rows)
		require.NoError(t, err)
		require.Equal(t, before+3, tables())
		for moment, member := range map[time.Time]bool{tinyNoon: false, later: true} {
			why, err = supposed.Membership(t.Context(), "1", d, moment)
			require.NoError(t, err)
			require.Equal(t, member, why.Member)
		}
		require.NoError(t, supposed.Close(t.Context()))
		why, err = narrow.Membership(t.Context(), "1", d, later)
		require.NoError(t, err)
		require.False(t, why.Member)
	}
	row.Values = map[string]any{"amount": "no number"}
	_, err = narrow.Suppose(t.Context(), []compile.Supposed{row})
	require.ErrorContains(t, err, "make up a row of order")
	require.NoError(t, narrow.Close(t.Context()))
	require.Equal(t, before, tables())

	for key, want := range map[string]string{"1": "2024-01-01T00:00:00Z", "4": "2026-01-12T00:00:00Z", "9": "2026-01-01T00:00:00Z"} {
		narrow, err := s.Narrow(t.Context(), key, []check.Definition{d}, tinyNoon)
		require.NoError(t, err)
		first, err := narrow.Beginning(t.Context(), []check.Definition{d})
		require.NoError(t, err)
		require.Equal(t, want, first.UTC().Format(time.RFC3339))
		require.NoError(t, narrow.Close(t.Context()))
	}
}

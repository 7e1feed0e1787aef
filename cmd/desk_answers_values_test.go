package cmd

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/compile"
	"strata/segments/evaluate"
)

func (q demoQuestions) values(t *testing.T) {
	rows, ok := q.printed(t, "count", "customer_id is not missing", "--by", "country").([]any)
	require.True(t, ok)
	want := []string{}
	for _, row := range rows {
		values, ok := row.(map[string]any)
		require.True(t, ok)
		if text, ok := values["value"].(string); ok {
			want = append(want, text)
		}
	}
	found, err := q.d.Values(t.Context(), "country", "", 3, q.at)
	require.NoError(t, err)
	require.Equal(t, want[:3], found)
	found, err = q.d.Values(t.Context(), "country", "d", 3, q.at)
	require.NoError(t, err)
	require.Equal(t, []string{"DE"}, found)
	before, err := q.d.Values(t.Context(), "order.status", "", 10, q.at)
	require.NoError(t, err)
	require.NotEmpty(t, before)
	require.NoError(t, q.d.Warm(t.Context()))
	after, err := q.d.Values(t.Context(), "order.status", "", 10, q.at)
	require.NoError(t, err)
	require.Subset(t, before, after)
	_, err = q.d.Values(t.Context(), "order.nothing", "", 10, q.at)
	require.ErrorContains(t, err, `no field "order.nothing"`)
	_, err = q.d.Values(t.Context(), "order.amount", "", 10, q.at)
	require.ErrorContains(t, err, "no text")
}

// estimate compares estimates with what they estimate. The sample is the same
// every time, so what holds once always does.
func (q demoQuestions) estimate(t *testing.T) {
	missed := 0
	words := []string{
		"vip", "buyers", "high_spenders", "lapsed_30_days", "lifecycle.inactive", "country = 'DE'", "count(order) last 365 days >= 3",
		"top_tenth", "no_open_in_30_days", "steady_spenders", "newly_inactive",
	}
	for _, at := range []time.Time{q.at, q.at.AddDate(0, -6, 0)} {
		for _, word := range words {
			count, err := q.d.Count(t.Context(), word, at)
			require.NoError(t, err)
			estimate, err := q.d.Estimate(t.Context(), word, at)
			require.NoError(t, err, word)
			require.Equal(t, count.Customers, estimate.Customers, word)
			require.LessOrEqual(t, estimate.Low, estimate.Members)
			require.LessOrEqual(t, estimate.Members, estimate.High)
			require.Less(t, estimate.Sampled, count.Customers)
			require.Greater(t, estimate.Sampled, int64(1500))
			if count.Members < estimate.Low || count.Members > estimate.High {
				missed++
			}
		}
	}
	require.LessOrEqual(t, missed, 4, "an interval at 95%% misses one of twenty")
	for word, reason := range map[string]string{"shared_address": "given by sql", "best_of_region": "rank", "vip and not best_of_region": "rank"} {
		_, err := q.d.Estimate(t.Context(), word, q.at)
		require.ErrorContains(t, err, reason)
		require.NotEmpty(t, hintOfError(err))
	}
}

func (q demoQuestions) errors(t *testing.T) {
	_, err := q.d.Count(t.Context(), "vipp", q.at)
	require.Equal(t, exitNotFound, codeOf(err, nil))
	require.NotEmpty(t, hintOfError(err))
	_, err = q.d.Count(t.Context(), "lifecycle", q.at)
	require.Contains(t, hintOfError(err), "name a stage")
	_, err = q.d.Count(t.Context(), "count(order) last 30 dys >= 1", q.at)
	require.Equal(t, exitUsage, codeOf(err, nil))
	require.ErrorContains(t, err, "rule:1:")
	_, err = q.d.Count(t.Context(), "vip", time.Date(1200, 1, 1, 0, 0, 0, 0, time.UTC))
	require.ErrorContains(t, err, "out of range")

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = q.d.Count(ended, "vip", q.at)
	require.ErrorIs(t, err, context.Canceled)
	_, err = answer(t.Context(), q.d, q.at, func(context.Context, *session) (int, error) { panic("a bug") })
	require.ErrorContains(t, err, "a bug")
	count, err := q.d.Count(t.Context(), "vip", q.at)
	require.NoError(t, err)
	require.Positive(t, count.Members)

	later := &compile.LaterError{What: "x"}
	require.ErrorIs(t, deskError(answerable(later)), compile.ErrLater)
	require.NoError(t, deskError(nil))
	require.ErrorIs(t, deskError(errors.Join(evaluate.ErrNoRows)), evaluate.ErrNoRows)
}

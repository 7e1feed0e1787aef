package evaluate_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/evaluate"
)

// clockwork is a clock that goes a second further with every look.
func clockwork() func() time.Time {
	now := tinyNoon
	return func() time.Time {
		now = now.Add(time.Second)
		return now
	}
}

// TestLatest is the first whole second after the newest row that the clock has
// reached.
func TestLatest(t *testing.T) {
	s := tinyShop(t, nil)
	at := func(text string) time.Time {
		moment, err := time.Parse(time.RFC3339Nano, text)
		require.NoError(t, err)
		return moment
	}
	for clock, want := range map[string]string{
		"2027-01-01T00:00:00Z":        "2026-01-15T11:00:01Z", // The order of 999 at noon is the newest row.
		"2026-01-15T11:00:00Z":        "2026-01-15T11:00:01Z", // The clock reads just that.
		"2026-01-15T10:59:59.999999Z": "2026-01-15T11:00:00Z", // The newest is half a second before it.
		"2026-01-15T10:59:59.5Z":      "2026-01-15T11:00:00Z",
		"2026-01-15T10:59:59.499999Z": "2026-01-14T12:00:01Z",
		"2026-01-14T11:59:00Z":        "2026-01-14T11:30:01Z", // A cart, of another source.
		"2025-01-01T00:00:00Z":        "2025-01-01T00:00:01Z",
	} {
		got, err := s.Latest(t.Context(), at(clock))
		require.NoError(t, err)
		require.Equal(t, at(want), got.UTC(), clock)
	}
	_, err := s.Latest(t.Context(), at("2024-12-31T23:59:59Z"))
	require.ErrorIs(t, err, evaluate.ErrNoRows)
}

func TestMarks(t *testing.T) {
	s := tinyShop(t, nil)
	marks, err := s.Marks(t.Context(), tinyNoon)
	require.NoError(t, err)
	found := map[string]evaluate.SourceMark{}
	for _, mark := range marks {
		found[mark.Source] = mark
	}
	require.Len(t, found, 3)
	require.Equal(t, int64(7), found["customers"].Rows)
	require.Nil(t, found["customers"].LastAt)
	require.Equal(t, int64(7), found["events"].Rows)
	require.Equal(t, time.Date(2026, 1, 14, 11, 30, 0, 0, time.UTC), found["events"].LastAt.UTC())
	require.Nil(t, found["events"].LastLoadedAt)
	require.Equal(t, int64(9), found["orders"].Rows)
	require.Equal(t, time.Date(2026, 1, 15, 10, 59, 59, 5e8, time.UTC), found["orders"].LastAt.UTC())
	require.Equal(t, time.Date(2026, 1, 20, 0, 0, 0, 0, time.UTC), found["orders"].LastLoadedAt.UTC())
}

// TestMarksOfWhatIsKnown leaves out of the marks what was loaded later, and out
// of the latest moment as well; a source that maps no loaded_at is seen in full.
func TestMarksOfWhatIsKnown(t *testing.T) {
	s := tinyShop(t, nil)
	var all int64
	var last, loaded time.Time
	known := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	require.NoError(t, s.db.Row(t.Context(), []any{&all, &last, &loaded},
		"SELECT count(*), max(ordered_at), max(loaded_at) FROM orders WHERE ordered_at < ? AND (loaded_at IS NULL OR loaded_at <= ?)", tinyNoon, known))
	hidden := s.KnownAt(known)
	marks, err := hidden.Marks(t.Context(), tinyNoon)
	require.NoError(t, err)
	series, err := hidden.MarkSeries(t.Context(), []time.Time{tinyNoon.AddDate(0, 0, -30), tinyNoon})
	require.NoError(t, err)
	require.Equal(t, marks, series[1])
	for _, mark := range marks {
		switch mark.Source {
		case "orders":
			require.Less(t, all, int64(9))
			require.Equal(t, []any{all, last.UTC(), loaded.UTC()}, []any{mark.Rows, mark.LastAt.UTC(), mark.LastLoadedAt.UTC()})
		case "events":
			require.Equal(t, int64(7), mark.Rows)
		}
	}
	// The newest of all rows is an order that was loaded on the 20th.
	latest, err := hidden.Latest(t.Context(), tinyNoon.AddDate(1, 0, 0))
	require.NoError(t, err)
	require.Equal(t, time.Date(2026, 1, 14, 11, 30, 1, 0, time.UTC), latest.UTC())
}

// TestKnownAt hides what was loaded later. A source that maps no loaded_at is
// seen in full.
func TestKnownAt(t *testing.T) {
	s := tinyShop(t, nil)
	loaded := time.Date(2026, 1, 20, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		known time.Time
		want  []string
	}{
		{loaded, []string{"1", "2", "3", "6"}},
		{loaded.Add(-time.Microsecond), []string{"1", "2", "3"}},
		{time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), []string{"1", "3"}},
	} {
		hidden := tiny{Evaluator: s.KnownAt(c.known), db: s.db, program: s.program}
		require.Equal(t, c.want, hidden.members(t, "buyers"))
		require.Equal(t, []string{"1", "3"}, hidden.members(t, "count(email_open) last 7 days >= 1"))
		run, err := hidden.Run(t.Context(), evaluate.RunOptions{
			AsOf: tinyNoon, Definitions: []check.Definition{s.segment(t, "buyers")}, Now: clockwork(),
		})
		require.NoError(t, err)
		require.Equal(t, c.known, *run.KnownAt)
		require.Equal(t, int64(len(c.want)), run.Units[0].Size)
	}
	require.Equal(t, []string{"1", "2", "3", "6"}, s.members(t, "buyers"), "the evaluator itself is as it was")
}

// withBigOrders is the tiny project with a source that a query makes.
func withBigOrders(query string) map[string]string {
	return map[string]string{
		"strata.yaml": strings.NewReplacer(
			"streams:", "  big_orders: {query: \""+query+"\", customer: customer_id, at: ordered_at}\nstreams:\n  big: {from: big_orders}",
		).Replace(tinyProject),
		"strata.schema.yaml": tinySchema + "  big_orders: {customer_id: BIGINT, ordered_at: TIMESTAMPTZ}\n",
		"segments/all.yaml":  "segments: {some: {where: count(big) ever >= 1}}",
	}
}

// TestSourceGivenByAQuery reads rows that a query makes, and refuses one that
// reads the clock or a file, or that is none.
func TestSourceGivenByAQuery(t *testing.T) {
	for query, want := range map[string]string{
		"SELECT customer_id, ordered_at FROM orders WHERE amount >= 50":       "",
		"SELECT customer_id, ordered_at FROM orders WHERE ordered_at < now()": "now",
		"SELECT customer_id, ts AS ordered_at FROM read_csv('x.csv')":         "read_csv",
		"DROP TABLE orders; SELECT 1":                                         "only one SELECT",
	} {
		s := tinyShop(t, withBigOrders(query))
		keys, err := s.Members(t.Context(), s.segment(t, "some"), tinyNoon)
		if want != "" {
			require.ErrorContains(t, err, "check the query of source big_orders: ")
			require.ErrorContains(t, err, want)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, []string{"1"}, keys)
	}
}

package cmd

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// noon is the clock of these tests, a Tuesday.
func noon() time.Time { return time.Date(2026, time.March, 31, 10, 0, 0, 123456789, time.UTC) }

func berlin(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	return zone
}

// inBerlin looks moments up in a shop whose newest row is of the day before and
// whose snapshot 12 is of 1 March.
func inBerlin(t *testing.T, usual string) moments {
	t.Helper()
	parsed, err := parseMoment(usual)
	require.NoError(t, err)
	return moments{
		zone: berlin(t), usual: parsed, now: noon,
		latest: func(context.Context) (time.Time, error) {
			return time.Date(2026, time.March, 30, 22, 0, 0, 0, time.UTC), nil
		},
		run: func(_ context.Context, id int64) (time.Time, error) {
			if id != 12 {
				return time.Time{}, notFound("there is no run %d", id)
			}
			return time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC), nil
		},
	}
}

func TestMoments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, usual, want string }{
		// The usual moment.
		{"", "", "2026-03-31T10:00:00.123456Z"},
		{"", "now", "2026-03-31T10:00:00.123456Z"},
		{"", "latest", "2026-03-30T22:00:00Z"},
		{"", "2026-01-15", "2026-01-14T23:00:00Z"},
		// Asked for by name, whatever is usual.
		{"now", "latest", "2026-03-31T10:00:00.123456Z"},
		{"latest", "", "2026-03-30T22:00:00Z"},
		{"LATEST", "", "2026-03-30T22:00:00Z"},
		{"run:12", "", "2026-03-01T00:00:00Z"},
		// A date is the start of its day in Berlin, in winter and in summer.
		{"2026-02-01", "", "2026-01-31T23:00:00Z"},
		{"2026-08-01", "", "2026-07-31T22:00:00Z"},
		// Readings of the clock in Berlin; at 02:30 on 29 March there was none,
		// and at 02:30 on 25 October there are two.
		{"2026-08-01 12:00", "", "2026-08-01T10:00:00Z"},
		{"2026-08-01T12:00:01", "", "2026-08-01T10:00:01Z"},
		{"2026-08-01 12:00:01.5", "", "2026-08-01T10:00:01.5Z"},
		{"2026-03-29 02:30", "", "2026-03-29T01:00:00Z"},
		{"2026-10-25 02:30", "", "2026-10-25T00:30:00Z"},
		// Instants name their zone.
		{"2026-08-01T12:00:00Z", "", "2026-08-01T12:00:00Z"},
		{"2026-08-01 12:00+05:30", "", "2026-08-01T06:30:00Z"},
		// Offsets count from the usual moment: hours are elapsed, days and months
		// are steps on the calendar. 31 February is the start of March.
		{"-7d", "latest", "2026-03-23T23:00:00Z"},
		{"-48h", "latest", "2026-03-28T22:00:00Z"},
		{"-30min", "latest", "2026-03-30T21:30:00Z"},
		{"+90s", "latest", "2026-03-30T22:01:30Z"},
		{"-2w", "2026-03-31", "2026-03-16T23:00:00Z"},
		{"-1mo", "2026-03-31", "2026-02-28T23:00:00Z"},
		{"-1y", "2026-03-31", "2025-03-30T22:00:00Z"},
		{"-1d", "", "2026-03-30T10:00:00.123456Z"},
	} {
		moment, err := parseMoment(c.text)
		require.NoError(t, err, c.text)
		got, err := inBerlin(t, c.usual).resolve(t.Context(), moment)
		require.NoError(t, err, c.text)
		require.Equal(t, c.want, got.Format(time.RFC3339Nano), "--at %q, usually %q", c.text, c.usual)
	}
}

func TestMomentsThatAreNone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"yesterday", "7d", "-7", "-7days", "-1m", "2026-02-30", "2026-13-01", "01.02.2026", "run:", "run:0", "run:-1", "run:x",
		"-99999999d", " 2026-01-01", "2026-01-01 25:00",
	} {
		_, err := parseMoment(text)
		var wrong *failure
		require.ErrorAs(t, err, &wrong, text)
		require.Equal(t, exitUsage, wrong.code)
		require.Contains(t, wrong.hint, "-7d")
	}
}

func TestMomentsThatCannotBeLookedUp(t *testing.T) {
	t.Parallel()
	m := inBerlin(t, "latest")
	_, err := m.resolve(t.Context(), atMoment{kind: momentRun, run: 99})
	require.EqualError(t, err, "there is no run 99")

	empty := errors.New("there are no rows")
	m.latest = func(context.Context) (time.Time, error) { return time.Time{}, empty }
	_, err = m.resolve(t.Context(), atMoment{kind: momentLatest})
	require.ErrorIs(t, err, empty)
	minusOneDay, err := parseMoment("-1d")
	require.NoError(t, err)
	_, err = m.resolve(t.Context(), minusOneDay)
	require.ErrorIs(t, err, empty)
}

// FuzzParseMoment feeds whatever somebody may type: the answer is a moment or
// an error of use, and a moment can be looked up.
func FuzzParseMoment(f *testing.F) {
	for _, seed := range []string{"", "now", "latest", "2026-08-01", "2026-08-01 12:00+05:30", "-7d", "+9999999y", "-9999999mo", "run:12", "9999-12-31"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		moment, err := parseMoment(text)
		if err != nil {
			require.Equal(t, exitUsage, codeOf(err, nil))
			return
		}
		if moment.kind == momentRun {
			return
		}
		at, err := inBerlin(t, "").resolve(t.Context(), moment)
		require.NoError(t, err)
		require.Equal(t, time.UTC, at.Location())
	})
}

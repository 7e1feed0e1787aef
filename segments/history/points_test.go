package history_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/calendar"
	"strata/segments/history"
)

func zone(t require.TestingT, name string) *time.Location {
	z, err := time.LoadLocation(name)
	require.NoError(t, err)
	return z
}

// readings are points as the clock of a zone shows them.
func readings(points []time.Time, z *time.Location) []string {
	var list []string
	for _, p := range points {
		list = append(list, p.In(z).Format("2006-01-02 15:04"))
	}
	return list
}

func TestPointsKeepTheHourOfTheDay(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	at := func(day, hour int) time.Time { return time.Date(2026, time.October, day, hour, 0, 0, 0, berlin) }
	for name, c := range map[string]struct {
		from, to time.Time
		every    calendar.Duration
		want     []string
	}{
		"over the end of summer time": {
			at(24, 9), at(27, 9),
			calendar.Duration{N: 1, Unit: calendar.Day},
			[]string{"2026-10-24 09:00", "2026-10-25 09:00", "2026-10-26 09:00", "2026-10-27 09:00"},
		},
		"the end is a point of its own": {
			at(24, 9), at(26, 15),
			calendar.Duration{N: 1, Unit: calendar.Day},
			[]string{"2026-10-24 09:00", "2026-10-25 09:00", "2026-10-26 09:00", "2026-10-26 15:00"},
		},
		"hours are elapsed time": {
			at(25, 0), at(25, 5),
			calendar.Duration{N: 2, Unit: calendar.Hour},
			[]string{"2026-10-25 00:00", "2026-10-25 02:00", "2026-10-25 03:00", "2026-10-25 05:00"},
		},
		"a step longer than the range": {
			at(1, 0), at(2, 0),
			calendar.Duration{N: 1, Unit: calendar.Week},
			[]string{"2026-10-01 00:00", "2026-10-02 00:00"},
		},
		"months from the 31st stay there": {
			at(31, 0), at(31, 0).AddDate(0, 0, 151),
			calendar.Duration{N: 1, Unit: calendar.Month},
			[]string{"2026-10-31 00:00", "2026-12-01 00:00", "2026-12-31 00:00", "2027-01-31 00:00", "2027-03-01 00:00", "2027-03-31 00:00"},
		},
		"one moment": {at(1, 0), at(1, 0), calendar.Duration{N: 1, Unit: calendar.Day}, []string{"2026-10-01 00:00"}},
	} {
		points, err := history.Points(c.from, c.to, c.every, berlin)
		require.NoError(t, err, name)
		require.Equal(t, c.want, readings(points, berlin), name)
	}
}

// The whole of 30 December 2011 is missing in Samoa: two steps come to the same
// instant, which is one point.
func TestPointsOfASkippedDay(t *testing.T) {
	t.Parallel()
	apia := zone(t, "Pacific/Apia")
	from := time.Date(2011, time.December, 28, 0, 0, 0, 0, apia)
	points, err := history.Points(from, time.Date(2012, time.January, 1, 0, 0, 0, 0, apia), calendar.Duration{N: 1, Unit: calendar.Day}, apia)
	require.NoError(t, err)
	require.Equal(t, []string{"2011-12-28 00:00", "2011-12-29 00:00", "2011-12-31 00:00", "2012-01-01 00:00"}, readings(points, apia))
}

func TestPointsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	day := calendar.Duration{N: 1, Unit: calendar.Day}
	_, err := history.Points(from, from.Add(-time.Microsecond), day, time.UTC)
	require.ErrorIs(t, err, history.ErrBackwards)
	_, err = history.Points(from, from.AddDate(0, 1, 0), calendar.Duration{Unit: calendar.Day}, time.UTC)
	require.ErrorIs(t, err, history.ErrNoStep)
	_, err = history.Points(from, from.AddDate(0, 1, 0), day.Negative(), time.UTC)
	require.ErrorIs(t, err, history.ErrNoStep)
	second := calendar.Duration{N: 1, Unit: calendar.Second}
	points, err := history.Points(from, from.Add((history.MaxPoints-1)*time.Second), second, time.UTC)
	require.NoError(t, err)
	require.Len(t, points, history.MaxPoints)
	_, err = history.Points(from, from.Add(history.MaxPoints*time.Second), second, time.UTC)
	require.ErrorIs(t, err, history.ErrTooManyPoints)
}

// Points are in order, apart, and have both ends of the range; a step of many
// hours does not run over the end of the calendar.
func TestPointsAreInOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		z := zone(t, rapid.SampledFrom([]string{"Europe/Berlin", "Pacific/Apia", "UTC", "America/Sao_Paulo"}).Draw(t, "zone"))
		from := time.UnixMicro(rapid.Int64Range(0, 4e15).Draw(t, "from")).UTC()
		to := from.Add(time.Duration(rapid.Int64Range(0, int64(200*365*24*time.Hour)).Draw(t, "length") / 1000 * 1000))
		every := calendar.Duration{
			N:    rapid.SampledFrom([]int{1, 2, 30, 99_999}).Draw(t, "n"),
			Unit: rapid.SampledFrom([]calendar.Unit{calendar.Hour, calendar.Day, calendar.Week, calendar.Month, calendar.Year}).Draw(t, "unit"),
		}
		points, err := history.Points(from, to, every, z)
		if err != nil {
			require.ErrorIs(t, err, history.ErrTooManyPoints)
			return
		}
		require.True(t, points[0].Equal(from))
		require.True(t, points[len(points)-1].Equal(to))
		require.LessOrEqual(t, len(points), history.MaxPoints)
		for i := range points[1:] {
			require.True(t, points[i].Before(points[i+1]), "%d: %v", i, points)
		}
	})
}

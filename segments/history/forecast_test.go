package history_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/history"
	"strata/segments/result"
	"strata/segments/source"
)

// list is leavers in short: the day, the key, the ways, the moment.
func list(f result.Forecast) []string {
	lines := []string{}
	for _, l := range f.Leavers {
		line := fmt.Sprintf("day %d: %v", l.Day, l.Key)
		if l.From != "" {
			line += " " + l.From + " > " + l.To
		}
		line += " " + l.At.Format("02 15:04:05.000000")
		if l.Contactable != nil && !*l.Contactable {
			line += " not contactable"
		}
		if l.Value != nil {
			line += fmt.Sprintf(" %v", l.Value)
		}
		lines = append(lines, line)
	}
	return lines
}

func (s *shop) value(t *testing.T, text string) check.Expr {
	t.Helper()
	e, problems := s.program.Expression(source.WholeFile(source.NewFile("value", text)))
	require.False(t, problems.HasErrors(), problems.Error())
	return e
}

func TestForecastOfASegment(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	q := history.Ahead{About: s.about(t, "active", ""), Days: s.points(t, january(15), january(25))}
	f, err := s.asker.Forecast(t.Context(), q)
	require.NoError(t, err)
	require.Equal(t, int64(4), f.Leaving)
	require.Empty(t, f.Falls)
	require.Equal(t, []string{
		"day 1: 1 15 12:00:00.000001", "day 1: 6 15 12:00:00.000001",
		"day 8: 2 22 12:00:00.000001 not contactable", "day 10: 3 24 12:00:00.000001",
	}, list(f))
	require.Len(t, f.Sizes, 1)
	require.Nil(t, f.Sizes[0].Spells)
	require.Equal(t, []string{"15: 4/3 +- -- (- -)", "16: 2/1 +0 -2 (0 2)"}, text(f.Sizes[0])[:2])
	require.Equal(t, "25: 0/0 +0 -1 (0 1)", text(f.Sizes[0])[10])

	// The largest value of a day first, then the others; those of a later day are
	// behind whatever they are worth.
	q.By = s.value(t, "ltv")
	f, err = s.asker.Forecast(t.Context(), q)
	require.NoError(t, err)
	require.Equal(t, []string{
		"day 1: 1 15 12:00:00.000001 15.00", "day 1: 6 15 12:00:00.000001 5.00",
		"day 8: 2 22 12:00:00.000001 not contactable 120.00", "day 10: 3 24 12:00:00.000001 70.00",
	}, list(f))
	q.By = s.value(t, "0 - ltv")
	q.Most = 1
	f, err = s.asker.Forecast(t.Context(), q)
	require.NoError(t, err)
	require.Equal(t, []string{"day 1: 6 15 12:00:00.000001 -5.00"}, list(f))
	require.Equal(t, int64(4), f.Leaving)
	q.By = s.value(t, "days_until(date '2026-02-01')")
	_, err = s.asker.Forecast(t.Context(), q)
	require.NoError(t, err, "a value that is the same for all")
}

// The clock alone brings people in, too.
func TestForecastBringsPeopleIn(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	f, err := s.asker.Forecast(t.Context(), history.Ahead{About: s.about(t, "quiet", ""), Days: s.points(t, january(15), january(17))})
	require.NoError(t, err)
	require.Equal(t, []string{"15: 2/- +- -- (- -)", "16: 4/- +2 -0 (2 0)", "17: 4/- +0 -0 (0 0)"}, text(f.Sizes[0]))
	require.Empty(t, f.Leavers)
	require.NotNil(t, f.Leavers)
	require.Zero(t, f.Leaving)
}

func TestForecastOfStages(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	q := history.Ahead{About: s.about(t, "recency", ""), Days: s.points(t, january(15), january(30)), By: s.value(t, "ltv")}
	f, err := s.asker.Forecast(t.Context(), q)
	require.NoError(t, err)
	require.Equal(t, []string{
		"day 1: 1 recent > cooling 15 12:00:00.000001 15.00", "day 1: 6 recent > cooling 15 12:00:00.000001 5.00",
		"day 8: 2 recent > cooling 22 12:00:00.000001 not contactable 120.00", "day 10: 3 recent > cooling 24 12:00:00.000001 70.00",
	}, list(f))
	require.Equal(t, []result.Fall{
		{From: "recent", To: "cooling", Members: 4, Within: []result.Horizon{{Days: 1, Customers: 2}, {Days: 7, Customers: 2}, {Days: 15, Customers: 4}}},
	}, f.Falls)
	require.Len(t, f.Sizes, 3)

	q.Days = s.points(t, january(23), january(26))
	f, err = s.asker.Forecast(t.Context(), q)
	require.NoError(t, err)
	require.Equal(t, []result.Fall{
		{From: "recent", To: "cooling", Members: 1, Within: []result.Horizon{{Days: 1, Customers: 0}, {Days: 3, Customers: 1}}},
		{From: "cooling", To: "lost", Members: 3, Within: []result.Horizon{{Days: 1, Customers: 0}, {Days: 3, Customers: 2}}},
	}, f.Falls)
	require.Equal(t, int64(3), f.Leaving)

	q.Stage = "cooling"
	f, err = s.asker.Forecast(t.Context(), q)
	require.NoError(t, err)
	require.Equal(t, int64(2), f.Leaving)
	require.Len(t, f.Falls, 1)
	require.Equal(t, "recency.cooling", f.Sizes[0].Name)
	require.Equal(t, []string{"day 3: 1 cooling > lost 25 12:00:00.000001 15.00", "day 3: 6 cooling > lost 25 12:00:00.000001 5.00"}, list(f))
}

func TestForecastOfWhatIsNotFollowed(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	_, err := s.asker.Forecast(t.Context(), history.Ahead{About: s.about(t, "top", ""), Days: s.points(t, january(15), january(16))})
	var not *history.NotFollowedError
	require.ErrorAs(t, err, &not)
	require.Equal(t, "top cannot be forecast: percentile compares all customers with each other", err.Error())
	s.requireNoTables(t)
}

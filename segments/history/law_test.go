package history_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/calendar"
	"strata/segments/history"
	"strata/segments/result"
	"strata/segments/timeline"
)

// stubborn follows nobody, so that everything is evaluated at points.
type stubborn struct{}

func (stubborn) Follow(context.Context, timeline.Request, int, timeline.Visitor) (*timeline.Result, error) {
	return &timeline.Result{Dated: []timeline.Dated{{Reason: "nobody wants to"}}}, nil
}

// evaluated asks by evaluation at points.
func (s *shop) evaluated() *history.Asker {
	a := *s.asker
	a.Follower = stubborn{}
	return &a
}

// fill puts random orders and customers in the place of those there are. The
// moments are whole hours, so that many of them meet points and ends of windows.
func (s *shop) fill(t *testing.T, r *rand.Rand) {
	t.Helper()
	exec := func(statement string, args ...any) {
		_, err := s.db.Exec(t.Context(), statement, args...)
		require.NoError(t, err)
	}
	moment := func() time.Time { return january(1).Add(time.Duration(r.IntN(60*24)) * time.Hour) }
	exec("DELETE FROM customers")
	exec("DELETE FROM orders")
	customers := 1 + r.IntN(12)
	for key := range customers {
		var created any
		if r.IntN(3) == 0 {
			created = moment()
		}
		exec("INSERT INTO customers VALUES (?, ?, ?)", key+1, r.IntN(3) > 0, created)
	}
	for order := range r.IntN(40) {
		exec("INSERT INTO orders VALUES (?, ?, ?, ?)", order, r.IntN(customers+1), moment(), r.IntN(50))
	}
}

// comparable leaves out what evaluation at points does not know.
func comparable(all []result.History) []result.History {
	for i := range all {
		all[i].Spells, all[i].Reason = nil, ""
		for j := range all[i].Points {
			all[i].Points[j].Entries, all[i].Points[j].Exits = nil, nil
		}
	}
	return all
}

// Following customers gives the sizes, and who entered and left, that evaluation
// at the points gives.
func TestFollowedIsEvaluated(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	moved := int64(0)
	for seed := range uint64(8) {
		r := rand.New(rand.NewPCG(1, seed))
		s.fill(t, r)
		from := january(1).Add(time.Duration(r.IntN(30*24)) * time.Hour)
		points, err := history.Points(from, from.Add(time.Duration(1+r.IntN(40*24))*time.Hour), calendar.Duration{N: 1 + r.IntN(100), Unit: calendar.Hour}, s.program.Zone)
		require.NoError(t, err)
		if len(points) > 60 {
			points = append(points[:59], points[len(points)-1])
		}
		for _, name := range []string{"active", "quiet", "recency"} {
			about := s.about(t, name, "")
			followed, err := s.asker.Exact(t.Context(), about, points)
			require.NoError(t, err)
			for _, h := range followed {
				for i, p := range h.Points[1:] {
					require.Equal(t, h.Points[i].Size+*p.Entries-*p.Exits, p.Size, "all passages add up")
					moved += *p.Entered
				}
			}
			asker, steps := s.evaluated(), 0
			asker.Step = func(done, all int) {
				require.Equal(t, steps, done)
				require.Len(t, points, all)
				steps++
			}
			evaluated, err := asker.Exact(t.Context(), about, points)
			require.NoError(t, err)
			require.Len(t, points, steps)
			require.Equal(t, "nobody wants to", evaluated[0].Reason)
			require.Equal(t, comparable(evaluated), comparable(followed), "seed %d: %s", seed, name)
		}
	}
	require.Greater(t, moved, int64(20))
	s.requireNoTables(t)
}

// A forecast is what evaluation says when the rows and customers since the as-of
// are taken away.
func TestForecastIsWhatComesWithoutRows(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	left := int64(0)
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(2, seed))
		s.fill(t, r)
		asOf := january(5).Add(time.Duration(r.IntN(30*24)) * time.Hour)
		q := history.Ahead{Days: s.points(t, asOf, asOf.AddDate(0, 0, 25))}
		names := []string{"active", "quiet", "recency"}
		var forecasts []result.Forecast
		for _, name := range names {
			q.About = s.about(t, name, "")
			f, err := s.asker.Forecast(t.Context(), q)
			require.NoError(t, err)
			require.Len(t, f.Leavers, int(f.Leaving))
			left += f.Leaving
			forecasts = append(forecasts, f)
		}
		for _, removal := range []string{"DELETE FROM orders WHERE ts >= ?", "DELETE FROM customers WHERE created_at >= ?"} {
			_, err := s.db.Exec(t.Context(), removal, asOf)
			require.NoError(t, err)
		}
		for i, name := range names {
			evaluated, err := s.evaluated().Exact(t.Context(), s.about(t, name, ""), q.Days)
			require.NoError(t, err)
			require.Equal(t, comparable(evaluated), comparable(forecasts[i].Sizes), "seed %d: %s", seed, name)
		}
	}
	require.Greater(t, left, int64(10))
}

package calendar

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A course is quick to ask because it has few pieces: what moves along with
// as-of breaks at changes of the clock and where months differ, and units of
// one length are one piece between changes. It is quick to make because the
// bound is asked for at few as-ofs: each change that the bound comes to is
// looked for three times, by halving the range.
func TestCoursesAreShort(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	to := time.Date(2026, 6, 15, 12, 34, 56, 789, zone).UnixMicro()
	tests := []struct {
		name          string
		bound         Bound
		years         int64
		pieces, asked int
	}{
		{"last 48 hours", Bound{Anchor: AsOf, By: Duration{N: -48, Unit: Hour}}, 15, 1, 2},
		// Each change is met twice, and each of that breaks the line twice at most.
		{"last 30 days", Bound{Anchor: AsOf, By: Duration{N: -30, Unit: Day}}, 2, 1 + 2*2*2*2, 1000},
		// A month adds the stretch that has no day and the jump after a short month.
		{"last 6 months", Bound{Anchor: AsOf, By: Duration{N: -6, Unit: Month}}, 2, 1 + 2*(2*2*2+2*12), 1500},
		{"this second", Bound{Anchor: Start, Unit: Second}, 15, 1, 200},
		{"the minute after this one", Bound{Anchor: Start, Unit: Minute, Shift: 1}, 15, 1, 200},
		{"the hour before this one", Bound{Anchor: Start, Unit: Hour, Shift: -1}, 15, 1, 200},
		{"today", Bound{Anchor: Start, Unit: Day}, 15, 1 + 2*2*15, 2*366*15 + 2},
		{"this month", Bound{Anchor: Start, Unit: Month}, 15, 12*15 + 1, 2*12*15 + 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			asked, c := 0, newCuts(to-test.years*(365*24*time.Hour).Microseconds(), to, zone)
			bound := inMicros(func(asOf time.Time) time.Time {
				asked++
				return *test.bound.resolve(asOf, zone)
			})
			c.bound(test.bound, bound)
			course := tabulate(bound, c, test.bound.stride())
			require.NotEmpty(t, course.pieces)
			require.LessOrEqual(t, len(course.pieces), test.pieces)
			require.LessOrEqual(t, asked, test.asked)
		})
	}
}

package say_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/result"
	"strata/segments/say"
)

func at(day int) *time.Time {
	t := time.Date(2026, 3, day, 13, 0, 0, 0, time.UTC)
	return &t
}

func lines(t *testing.T, why result.Why) []string {
	t.Helper()
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	return say.Teller{Zone: berlin, Value: func(v any) string { return fmt.Sprint(v) }}.Course(why)
}

func TestCourseOfAMember(t *testing.T) {
	t.Parallel()
	row := result.Row{At: *at(12), ID: "8812", Value: "212.40"}
	days := int64(1234)
	why := result.Why{Member: true, Time: &result.Course{
		Followed: true, Since: at(12), Until: at(31),
		By:   []result.Cause{{Kind: result.RowCame, Leaf: "spent", Stream: "order", Rows: []result.Row{row}, Count: 2}},
		Ends: []result.Cause{{Kind: result.DaysPassed, Leaf: "fresh", Of: "birth_date", Value: *at(1), Days: &days}},
	}}
	require.Equal(t, []string{
		"member since 2026-03-12 14:00:00 CET: order #8812 (212.40) and 1 more came (spent)",
		"until 2026-03-31 15:00:00 CEST if nothing happens: 1,234 days pass since birth_date, 2026-03-01 14:00:00 CET (fresh)",
	}, lines(t, why))
}

func TestCourseOfNoMember(t *testing.T) {
	t.Parallel()
	why := result.Why{Time: &result.Course{
		Followed: true, From: *at(1), To: *at(30), LastSpell: &result.Spell{To: *at(9)},
		Changes: []result.Change{{Tried: true, Before: at(20), Needs: []result.Need{{
			Leaf: "spent", Rows: 1, Stream: "order", Column: "amount", Compare: ">=", Amount: "118.3",
		}}}},
	}}
	require.Equal(t, []string{
		"last a member from before 2026-03-01 14:00:00 CET to 2026-03-09 14:00:00 CET",
		"time alone does not bring the customer in before 2026-03-30 15:00:00 CEST",
		"in with 1 more order with amount >= 118.3 (spent), before 2026-03-20 14:00:00 CET",
	}, lines(t, why))
	require.Empty(t, lines(t, result.Why{}))
	require.Equal(t, []string{"since when is not known: it ranks"}, lines(t, result.Why{Time: &result.Course{Reason: "it ranks"}}))
}

// Names that the reader does not see are left out, and what they lack stays.
func TestCourseWithoutNames(t *testing.T) {
	t.Parallel()
	row := result.Row{At: *at(12), ID: "8812"}
	why := result.Why{Member: true, Time: &result.Course{
		Followed: true, Since: at(12), To: *at(30),
		By: []result.Cause{{Kind: result.RowCame, Leaf: "c2", Stream: "order", Rows: []result.Row{row}, Count: 1}},
		Changes: []result.Change{
			{Tried: true, Needs: []result.Need{{Leaf: "c1", Rows: 1, Stream: "order"}, {Leaf: "spent", Rows: 2, Stream: "visit"}}},
			{Needs: []result.Need{{Leaf: "c1", Rule: "bounced = false", Holds: true}, {Leaf: "staff", Rule: "staff"}}},
		},
	}}
	teller := say.Teller{Zone: time.UTC, Value: func(v any) string { return fmt.Sprint(v) }}
	told := func() string { return strings.Join(teller.Course(why), "\n") }
	for _, part := range []string{"order #8812 came (c2)", "in with 1 more order (c1) and 2 more rows of visit (spent)", "c1 (bounced = false) and staff (not staff)"} {
		require.Contains(t, told(), part)
	}
	teller.Unnamed = func(leaf string) bool { return strings.HasPrefix(leaf, "c") }
	for _, part := range []string{"order #8812 came\n", "in with 1 more order and 2 more rows of visit (spent)", "together: bounced = false and staff (not staff)"} {
		require.Contains(t, told(), part)
	}
}

package since_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/result"
)

// TestWhatMadeItSo looks at every kind of cause, counted by hand. A + stands for a
// microsecond more: a row is seen from then on.
func TestWhatMadeItSo(t *testing.T) {
	t.Parallel()
	s := open(t, append(tables, rows...), nil)
	for _, c := range []struct {
		customer, rule          string
		since, by, until, ended string
	}{
		// Rows come and leave.
		{"1", "twice", "2026-01-10 10:00:00+", "row_came c1 order#3", "2026-02-04 09:00:00+", "row_left c1 order#2"},
		{"1", "count(cart) last 2 days = 0", "2026-01-14 08:00:00+", "row_left c1 cart#1", "-", ""},
		{"1", "spent > 100", "2026-01-10 10:00:00+", "row_came c1 order#3", "-", ""},
		{"1", "max(order.amount) last 3 weeks >= 50", "2026-01-10 10:00:00+", "row_came c1 order#3", "2026-01-31 10:00:00+", "row_left c1 order#3"},
		{"1", "periods(order per 1 week) last 2 weeks = 2", "2026-01-12 09:00:00+", "clock c1", "2026-01-17 10:00:00+", "clock c1"},
		// The ends of calendar units pass by, at midnight in Berlin.
		{"1", "count(order) this month >= 2", "2026-01-10 10:00:00+", "row_came c1 order#3", "2026-01-31 23:00:00", "row_left c1 order#3 order#2"},
		{"1", "count(order) previous month >= 1", "2025-12-31 23:00:00", "row_entered c1 order#1", "2026-02-28 23:00:00", "row_left c1 order#3 order#2"},
		// Days pass.
		{"1", "days_since(last order) >= 5", "2026-01-15 10:00:00", "days_passed c1 order#3 5", "-", ""},
		{"1", "days_since(first order) < 60", "2025-12-01 09:00:00+", "row_came c1 order#1", "2026-01-30 09:00:00", "days_passed c1 order#1 60"},
		{"1", "days_until(renews_on) <= 10", "2026-01-09 23:00:00", "days_left c1 10", "-", ""},
		{"1", "renews_on in next 7 days", "2026-01-12 23:00:00+", "time_entered c1", "2026-01-19 23:00:00+", "time_left c1"},
		{"1", "created_at in last 2 years", "2025-01-01 00:00:00+", "created", "2027-01-01 00:00:00+", "time_left c1"},
		// The population.
		{"3", "count(order) ever = 0", "2026-01-10 08:00:00+", "created", "-", ""},
		{"2", "country = 'FR'", "-", "", "-", ""},
		{"2", "count(order) last 1 year >= 1 and country = 'FR'", "2025-10-01 10:00:00+", "row_came c1 order#4", "2026-10-01 10:00:00+", "row_left c1 order#4"},
		// Sequences.
		{"1", "sequence(cart then not order within 24 hours) last 7 days", "2026-01-13 08:00:00", "decided c1 cart#1", "2026-01-19 08:00:00+", "row_left c1 cart#1"},
		{"1", "sequence(cart then not order within 24 hours, early) last 7 days", "2026-01-12 08:00:00+", "row_came c1 cart#1", "2026-01-19 08:00:00+", "row_left c1 cart#1"},
		{"4", "sequence(cart then order within 1 day) last 3 days", "2026-01-14 09:00:00+", "row_came c1 order#6", "2026-01-17 08:00:00+", "row_left c1 cart#3"},
		// More than one moment.
		{"1", "twice for 3 days", "2026-01-13 10:00:00", "held_long c1 2026-01-10 10:00:00+", "2026-02-04 09:00:00+", "row_left c1 order#2"},
		{"1", "twice as of 3 days ago", "2026-01-13 10:00:00+", "earlier c1 2026-01-10 10:00:00+", "2026-02-07 09:00:00+", "earlier c1 2026-02-04 09:00:00+"},
		// A definition that is named, and one of several leaves.
		{"1", "named", "2026-01-10 10:00:00+", "row_came twice order#3", "2026-02-04 09:00:00+", "row_left twice order#2"},
		{"1", "count(order) ever >= 1 and days_since(last order) <= 20", "2026-01-05 09:00:00+", "row_came c2 order#2", "2026-01-31 10:00:00", "days_passed c2 order#3 21"},
		{"1", "recency = 'fresh' and country = 'DE'", "2026-01-05 09:00:00+", "row_came c1 order#2", "2026-01-17 10:00:00+", "row_left c1 order#3"},
	} {
		why, course := s.ask(t, c.customer, c.rule)
		require.True(t, why.Member, c.rule)
		require.True(t, course.Followed, c.rule)
		require.Equal(t, []string{c.since, c.by, c.until, c.ended},
			[]string{moment(course.Since), told(course.By), moment(course.Until), told(course.Ends)}, c.rule)
		require.Nil(t, course.LastSpell)
		require.Empty(t, course.Changes)
	}
}

// TestWhatEndedIt is about customers who are no members: the last spell, what
// ended it, and whether time alone begins another.
func TestWhatEndedIt(t *testing.T) {
	t.Parallel()
	s := open(t, append(tables, rows...), nil)
	for _, c := range []struct {
		customer, rule             string
		from, to, by, until, begun string
	}{
		{"1", "count(order) last 7 days >= 2", "2026-01-10 10:00:00+", "2026-01-12 09:00:00+", "row_left c1 order#2", "-", ""},
		{"4", "sequence(cart then not order within 24 hours, early) last 7 days", "2026-01-14 08:00:00+", "2026-01-14 09:00:00+", "row_came c1 order#6", "-", ""},
		{"1", "days_since(last order) > 20", "2025-12-22 09:00:00", "2026-01-05 09:00:00+", "row_came c1 order#2", "2026-01-31 10:00:00", "days_passed c1 order#3 21"},
		{"1", "count(order) between 60 days and 30 days ago >= 2", "", "", "created", "2026-02-09 10:00:00+", "row_entered c1 order#3"},
		{"1", "twice for 6 days", "", "", "created", "2026-01-16 10:00:00", "held_long c1 2026-01-10 10:00:00+"},
		{"3", "count(order) ever >= 1", "", "", "created", "-", ""},
		// What comes tomorrow is not known, and the cancelled order is none.
		{"2", "sum(order.amount) ever > 200", "", "", "", "-", ""},
	} {
		why, course := s.ask(t, c.customer, c.rule)
		require.False(t, why.Member, c.rule)
		var from, to string
		if last := course.LastSpell; last != nil {
			from, to = moment(last.From), moment(&last.To)
			require.Equal(t, course.Since, &last.To)
		}
		require.Equal(t, []string{c.from, c.to, c.by, c.until, c.begun},
			[]string{from, to, told(course.By), moment(course.Until), told(course.Ends)}, c.rule)
	}
}

// TestStages says which stage was before and which comes next.
func TestStages(t *testing.T) {
	t.Parallel()
	s := open(t, append(tables, rows...), nil)
	why, course := s.ask(t, "1", "recency")
	require.Equal(t, "fresh", why.Stage)
	require.Equal(t, []string{"2026-01-05 09:00:00+", "cold", "row_came fresh order#2, row_came warm order#2", "2026-01-17 10:00:00+", "warm", "row_left fresh order#3"},
		[]string{moment(course.Since), course.PreviousStage, told(course.By), moment(course.Until), course.NextStage, told(course.Ends)})
	why, course = s.ask(t, "3", "recency")
	require.Equal(t, "cold", why.Stage)
	require.Equal(t, []string{"2026-01-10 08:00:00+", "", "created", "-", "", ""},
		[]string{moment(course.Since), course.PreviousStage, told(course.By), moment(course.Until), course.NextStage, told(course.Ends)})
	require.Empty(t, course.Changes)
}

// TestWhatCannotBeFollowed says why.
func TestWhatCannotBeFollowed(t *testing.T) {
	t.Parallel()
	s := open(t, append(tables, rows...), nil)
	for rule, reason := range map[string]string{
		"best": "percentile compares all customers with each other", "country = 'DE' and rank(spent) < 3": "rank compares all customers with each other",
		"in_sql": "it is given by sql", "by_sql": "in_sql is given by sql",
	} {
		_, course := s.ask(t, "1", rule)
		require.False(t, course.Followed)
		require.Equal(t, reason, course.Reason)
		require.Equal(t, []any{[]result.Cause{}, []result.Cause{}, []result.Change{}}, []any{course.By, course.Ends, course.Changes})
	}
}

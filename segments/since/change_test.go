package since_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/result"
)

// changed writes changes in short.
func changed(changes []result.Change) []string {
	list := []string{}
	for _, c := range changes {
		var needs []string
		for _, n := range c.Needs {
			text := n.Leaf
			switch {
			case n.Rows > 0:
				text += fmt.Sprintf(" %d %s", n.Rows, n.Stream)
			case !n.Holds:
				text += " not"
			}
			if n.Where != "" {
				text += " where " + n.Where
			}
			if n.Amount != "" {
				text += " with " + n.Column + " " + n.Compare + " " + n.Amount
			}
			needs = append(needs, text)
		}
		text := strings.Join(needs, " + ")
		switch {
		case !c.Tried:
			text += " ?"
		case c.OnlyNow:
			text += " now"
		case c.Before != nil:
			text += " before " + moment(c.Before)
		}
		list = append(list, text)
	}
	return list
}

// TestWhatWouldChangeIt names the smallest changes that make a member, and until
// when they do. What ends with ? was not, or could not be, tried out.
func TestWhatWouldChangeIt(t *testing.T) {
	t.Parallel()
	s := open(t, append(tables, rows...), nil)
	for _, c := range []struct {
		customer, rule string
		want           []string
	}{
		// The order of the 10th leaves the window on the 17th.
		{"1", "count(order) last 7 days >= 2", []string{"c1 1 order before 2026-01-17 10:00:00"}},
		{"1", "count(order) last 7 days > 2", []string{"c1 2 order before 2026-01-17 10:00:00"}},
		{"1", "count(order) last 7 days = 3", []string{"c1 2 order before 2026-01-17 10:00:00"}},
		{"1", "count(order) last 7 days between 2 and 3", []string{"c1 1 order before 2026-01-17 10:00:00"}},
		{"1", "sum(order.amount) last 30 days >= $bound", []string{"c1 1 order with amount >= 50 before 2026-02-04 09:00:00"}},
		{"1", "sum(order.amount) last 30 days > 150.5", []string{"c1 1 order with amount > 50.5 before 2026-02-04 09:00:00"}},
		{"1", "spent >= 1000", []string{"c1 1 order with amount >= 880"}},
		{"1", "sum(order.amount where amount > 60) last 30 days >= 100", []string{"c1 1 order where amount > 60 with amount >= 30 before 2026-02-09 10:00:00"}},
		{"1", "max(order.amount) ever >= 100", []string{"c1 1 order with amount >= 100"}},
		{"1", "min(order.amount) ever < 10", []string{"c1 1 order with amount < 10"}},
		{"1", "last(order.amount) ever = 5", []string{"c1 1 order with amount = 5"}},
		{"1", "count(order where status = 'paid' and amount between 5 and 7) ever >= 1", []string{"c1 1 order where status = 'paid' and amount between 5 and 7"}},
		{"1", "days_since(last order) < 3", []string{"c1 1 order"}},
		{"1", "not (days_since(last order) > 3)", []string{"c1 1 order"}},
		{"3", "first(order.amount) ever is not missing", []string{"c1 not ?"}},
		// Another leaf ends first.
		{"1", "count(cart where item = 'shoe') last 30 days >= 1 and count(open) last 7 days >= 1", []string{"c1 1 cart where item = 'shoe' before 2026-01-21 08:00:00"}},
		{"1", "count(cart where item = 'shoe') last 30 days >= 1 and renews_on in next 7 days", []string{"c1 1 cart where item = 'shoe' before 2026-01-19 23:00:00"}},
		// Sequences: the step that is lacking.
		{"4", "sequence(open then cart within 2 days) last 7 days", []string{"c1 ?"}},
		{"1", "sequence(open then cart within 2 days) last 7 days", []string{"c1 1 cart now"}},
		{"3", "sequence(cart then not order within 24 hours, early) last 24 hours", []string{"c1 1 cart"}},
		{"3", "sequence(cart then not order within 24 hours) last 48 hours", []string{"c1 ?"}},
		// Several leaves.
		{"1", "count(order) last 1 day >= 1 and count(cart) last 1 day >= 2", []string{"c1 1 order + c2 2 cart"}},
		{"3", "twice or spent >= 1000", []string{"c1 2 order", "c1 1 order with amount >= 1000"}},
		{"3", "named", []string{"twice 2 order", "much 1 order with amount >= 1000"}},
		{"4", "named", []string{"twice 1 order before 2026-02-13 09:00:00"}},
		{"3", "(count(cart) ever >= 1 and count(open) ever >= 1) or (count(order) ever >= 1 and country = 'FR' and spent > 3)", []string{"c1 1 cart + c1 1 open"}},
		// What rows do not change, or would spoil.
		{"1", "country = 'FR' and count(order) ever >= 1", []string{"c1 ?"}},
		{"1", "country = 'FR' and count(order) ever >= 9", []string{"c1 + c2 6 order ?"}},
		{"1", "count(order) last 7 days = 0", []string{"c1 ?"}},
		{"1", "not (country = 'DE')", []string{"c1 not ?"}},
		{"1", "count(order) last 1 day = 0 and sum(order.amount) last 30 days >= 150", []string{"c2 ?"}},
		{"1", "count(order) between 60 days and 30 days ago >= 2", []string{"c1 ?"}},
		{"1", "count(order) ever >= 1000000", []string{"c1 999997 order ?"}},
	} {
		why, course := s.ask(t, c.customer, c.rule)
		require.False(t, why.Member, c.rule)
		require.Equal(t, c.want, changed(course.Changes), c.rule)
	}
}

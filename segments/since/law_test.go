package since_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/check"
	"strata/segments/result"
)

// world is random rows of one customer, and of another one, around an as-of. The
// twin does not have those from the as-of on: it is what is known then, and what
// goes on if nothing happens.
type world struct {
	shop, twin *shop
	asOf       time.Time
	ids        int
}

// stamp is a moment of SQL.
func stamp(at time.Time) string {
	return "TIMESTAMPTZ '" + at.UTC().Format("2006-01-02 15:04:05.999999") + "+00'"
}

// moments are drawn at whole hours, at the as-of's own time of day or near a
// change of clocks, so that many of them meet.
func (w *world) moment(t *rapid.T, label string) time.Time {
	hours := rapid.IntRange(-50*24, 5*24).Draw(t, label)
	if rapid.Bool().Draw(t, label+" daily") {
		hours = hours / 24 * 24
	}
	return w.asOf.Add(time.Duration(hours) * time.Hour)
}

// draw puts rows in the place of those there are.
func (w *world) draw(t *rapid.T) {
	zone := w.shop.program.Zone
	w.asOf = time.Date(2026, rapid.SampledFrom([]time.Month{1, 4, 11}).Draw(t, "month"), rapid.IntRange(1, 28).Draw(t, "day"),
		rapid.IntRange(0, 23).Draw(t, "hour"), 0, 0, 0, zone).UTC()
	both := []string{"DELETE FROM customers", "DELETE FROM events", "DELETE FROM orders"}
	var late []string
	created, renews := "NULL", "NULL"
	if rapid.Bool().Draw(t, "created") {
		created = stamp(w.asOf.Add(-time.Duration(rapid.IntRange(1, 60*24).Draw(t, "age")) * time.Hour))
	}
	if rapid.Bool().Draw(t, "renews") {
		renews = "DATE '" + w.moment(t, "renews on").Format(time.DateOnly) + "'"
	}
	country := rapid.SampledFrom([]string{"'DE'", "'FR'", "NULL"}).Draw(t, "country")
	both = append(both, fmt.Sprintf("INSERT INTO customers VALUES (1, %s, %s, %s), (2, 'DE', NULL, NULL)", country, renews, created))
	for w.ids = range rapid.IntRange(0, 14).Draw(t, "rows") {
		at := w.moment(t, "at")
		statement := w.row(t, at)
		if at.Before(w.asOf) {
			both = append(both, statement)
		} else {
			late = append(late, statement)
		}
	}
	w.twin.exec(t, both...)
	w.shop.exec(t, append(both, late...)...)
}

// row is a random row at a moment.
func (w *world) row(t *rapid.T, at time.Time) string {
	customer := rapid.SampledFrom([]int{1, 1, 1, 1, 2}).Draw(t, "customer")
	if rapid.Bool().Draw(t, "order") {
		return fmt.Sprintf("INSERT INTO orders VALUES (%d, %d, %s, %d, %s)", w.ids, customer, stamp(at), rapid.IntRange(0, 60).Draw(t, "amount"),
			rapid.SampledFrom([]string{"'paid'", "'cancelled'", "NULL"}).Draw(t, "status"))
	}
	return fmt.Sprintf("INSERT INTO events VALUES (%d, %d, %s, '%s', %s)", w.ids, customer, stamp(at),
		rapid.SampledFrom([]string{"open", "cart"}).Draw(t, "type"), rapid.SampledFrom([]string{"'hat'", "'shoe'", "NULL"}).Draw(t, "item"))
}

// window is a random window of rows.
func window(t *rapid.T) string {
	form := rapid.SampledFrom([]string{
		"last %d days", "last %d days", "last %d hours", "ever", "this week", "this month", "previous month", "yesterday",
		"last 1 month", "between %d days and 3 days ago", "since created_at",
	}).Draw(t, "window")
	if strings.Contains(form, "%d") {
		return fmt.Sprintf(form, rapid.IntRange(4, 40).Draw(t, "length"))
	}
	return form
}

// compared is a comparison with a small number.
func compared(t *rapid.T, most int) string {
	return fmt.Sprintf("%s %d", rapid.SampledFrom([]string{">=", ">=", ">", "<", "<=", "="}).Draw(t, "op"), rapid.IntRange(0, most).Draw(t, "bound"))
}

// leaf is a random test.
func leaf(t *rapid.T) string {
	hours := func() int { return rapid.IntRange(1, 72).Draw(t, "hours") }
	switch rapid.IntRange(0, 13).Draw(t, "leaf") {
	case 0, 1:
		return "count(order) " + window(t) + " " + compared(t, 4)
	case 2:
		return "count(cart where item = 'hat') " + window(t) + " " + compared(t, 3)
	case 3:
		return "sum(order.amount) " + window(t) + " " + compared(t, 120)
	case 4:
		return "count(order where amount > 20) " + window(t) + " " + compared(t, 3)
	case 5:
		return "max(order.amount) " + window(t) + " " + compared(t, 60)
	case 6:
		return fmt.Sprintf("days_since(%s) %s", rapid.SampledFrom([]string{"last order", "first cart", "renews_on"}).Draw(t, "of"), compared(t, 30))
	case 7:
		return fmt.Sprintf("sequence(cart then not order within %d hours%s) %s", hours(),
			rapid.SampledFrom([]string{"", ", early"}).Draw(t, "early"), fmt.Sprintf("last %d days", rapid.IntRange(4, 20).Draw(t, "length")))
	case 8:
		return fmt.Sprintf("sequence(open then cart within %d hours) %s", hours(), window(t))
	case 9:
		return fmt.Sprintf("renews_on in next %d days", rapid.IntRange(1, 20).Draw(t, "next"))
	case 10:
		return "country = 'DE'"
	case 11:
		return rapid.SampledFrom([]string{"twice", "recency = 'fresh'", "recency <> 'cold'"}).Draw(t, "named")
	case 12:
		return "periods(order per 1 week) last 3 weeks " + compared(t, 3)
	}
	of := rapid.SampledFrom([]string{"twice", "recency = 'fresh'", "count(order) last 9 days < 2", "days_since(last order) <= 6"}).Draw(t, "held")
	return fmt.Sprintf("%s for %d days", of, rapid.IntRange(1, 9).Draw(t, "days"))
}

// rule is a random rule.
func rule(t *rapid.T, depth int) string {
	part := func() string {
		if depth > 0 && rapid.IntRange(0, 2).Draw(t, "deeper") == 0 {
			return "(" + rule(t, depth-1) + ")"
		}
		return leaf(t)
	}
	text := part()
	for range rapid.IntRange(0, 2).Draw(t, "more") {
		text += rapid.SampledFrom([]string{" and ", " and ", " or "}).Draw(t, "joint") + part()
	}
	if rapid.IntRange(0, 5).Draw(t, "not") == 0 {
		return "not (" + text + ")"
	}
	return text
}

// answerOf is what the evaluation says of the customer at a moment: in, out, a
// stage, or away.
func answerOf(t *rapid.T, s *shop, d check.Definition, at time.Time) string {
	why := s.membership(t, "1", d, at)
	switch {
	case !why.Known:
		return "away"
	case d.DefinitionKind() == "partition":
		return why.Stage
	case why.Member:
		return "in"
	}
	return "out"
}

const us = time.Microsecond

// inspection is a course that is held against the evaluation.
type inspection struct {
	*world

	t    *rapid.T
	text string
	d    check.Definition
	c    *result.Course
	// now is the answer at the as-of.
	now string
}

// at is the answer at a moment.
func (i *inspection) at(moment time.Time) string { return answerOf(i.t, i.twin, i.d, moment) }

// TestMomentsAreThoseOfTheEvaluation demands that the answer is what it is from
// since to until and another one a microsecond before and then, by the evaluation
// at these moments, and that changes make a member.
func TestMomentsAreThoseOfTheEvaluation(t *testing.T) {
	t.Parallel()
	w := &world{shop: open(t, tables, nil), twin: open(t, tables, nil)}
	moments, changes := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		w.draw(t)
		text := "recency"
		if rapid.IntRange(0, 9).Draw(t, "partition") > 0 {
			text = rule(t, 1)
		}
		_, c := w.shop.course(t, question{
			customer: "1", d: w.shop.definition(t, text), asOf: w.asOf, days: rapid.IntRange(1, 90).Draw(t, "horizon"),
		})
		require.True(t, c.Followed, "%s: %s", text, c.Reason)
		i := &inspection{world: w, t: t, text: text, d: w.twin.definition(t, text), c: c}
		i.now = i.at(w.asOf)
		require.NotEqual(t, "away", i.now)
		moments += i.ends()
		i.lastSpell()
		for _, change := range c.Changes {
			require.Equal(t, "out", i.now)
			if change.Tried {
				changes++
				i.tryOut(change)
			}
		}
	})
	t.Logf("%d moments, %d changes", moments, changes)
	require.Positive(t, moments)
	require.Positive(t, changes)
}

// ends looks at both ends of the present answer, and at a moment between.
func (i *inspection) ends() (known int) {
	t, c := i.t, i.c
	require.Equal(t, c.Since != nil, len(c.By) > 0, "%s: %+v", i.text, c)
	require.Equal(t, c.Until != nil, len(c.Ends) > 0, "%s: %+v", i.text, c)
	from, to := c.From.Add(us), c.To
	if c.Since != nil {
		known++
		from = *c.Since
		before := i.at(from.Add(-us))
		require.NotEqual(t, i.now, before, "%s before %s", i.text, from)
		if c.PreviousStage != "" {
			require.Equal(t, c.PreviousStage, before)
		}
		i.causes(t, c.By, from)
	}
	if c.Until != nil {
		known++
		to = c.Until.Add(-us)
		then := i.at(*c.Until)
		require.NotEqual(t, i.now, then, "%s at %s", i.text, c.Until)
		if c.NextStage != "" {
			require.Equal(t, c.NextStage, then)
		}
		i.causes(t, c.Ends, *c.Until)
	}
	if from.After(to) { // The range begins at the as-of.
		return known
	}
	between := from.Add(time.Duration(rapid.Int64Range(0, int64(to.Sub(from)/us)).Draw(t, "between")) * us)
	for _, at := range []time.Time{from, between, to} {
		require.Equal(t, i.now, i.at(at), "%s at %s", i.text, at)
	}
	return known
}

// lastSpell looks at the ends of the last spell.
func (i *inspection) lastSpell() {
	last := i.c.LastSpell
	if last == nil {
		return
	}
	require.Equal(i.t, "out", i.now)
	require.Equal(i.t, "in", i.at(last.To.Add(-us)))
	require.NotEqual(i.t, "in", i.at(last.To))
	if last.From != nil {
		require.Equal(i.t, "in", i.at(*last.From))
		require.NotEqual(i.t, "in", i.at(last.From.Add(-us)))
	}
}

// causes demands that the rows that are named are there, and when they say.
func (w *world) causes(t *rapid.T, causes []result.Cause, at time.Time) {
	for _, c := range causes {
		require.NotEmpty(t, c.Kind)
		for _, row := range c.Rows {
			table, id, when := "orders", "order_id", "ordered_at"
			if c.Stream != "order" {
				table, id, when = "events", "event_id", "ts"
			}
			var n int64
			require.NoError(t, w.twin.db.Row(context.Background(), []any{&n},
				fmt.Sprintf("SELECT count(*) FROM %s WHERE customer_id = 1 AND %s = %s AND %s = %s", table, id, row.ID, when, stamp(row.At))))
			require.Equal(t, int64(1), n, "%+v", c)
			if c.Kind == result.RowCame {
				require.Equal(t, at.UTC(), row.At.Add(us).UTC())
			} else {
				require.True(t, row.At.Add(us).Before(at) || c.Kind == result.RowLeft, "%+v", c)
			}
		}
	}
}

// tryOut adds the rows that a change names, at the as-of, at the last moment that
// it names, and at one between: the customer is in a microsecond later.
func (i *inspection) tryOut(change result.Change) {
	t, last := i.t, i.c.To.Add(-2*us)
	if change.Before != nil {
		last = change.Before.Add(-us)
	}
	times := []time.Time{i.asOf, last, i.asOf.Add(time.Duration(rapid.Int64Range(0, int64(last.Sub(i.asOf))).Draw(t, "when"))).Truncate(us)}
	if change.OnlyNow {
		times = times[:1]
	}
	for _, at := range times {
		var added []string
		for _, n := range change.Needs {
			require.True(t, n.Holds || n.Rows > 0)
			added = append(added, slices.Repeat([]string{i.made(n, at)}, int(n.Rows))...)
		}
		i.twin.exec(t, added...)
		require.Equal(t, "in", i.at(at.Add(us)), "%+v at %s of %s", change, at, i.asOf)
		i.twin.exec(t, "DELETE FROM orders WHERE order_id = 999", "DELETE FROM events WHERE event_id = 999")
	}
}

// made is the row that a need names, in all else like the customer's newest.
func (w *world) made(n result.Need, at time.Time) string {
	if n.Stream != "order" {
		item := "item"
		if n.Where != "" {
			item = "'hat'"
		}
		return fmt.Sprintf(`INSERT INTO events SELECT 999, 1, %s, '%s', %s FROM (SELECT 1) LEFT JOIN
			(SELECT item FROM events WHERE customer_id = 1 AND event_type = '%s' AND ts < %s ORDER BY ts DESC, event_id DESC LIMIT 1) ON TRUE`,
			stamp(at), n.Stream, item, n.Stream, stamp(w.asOf))
	}
	amount := "amount"
	switch {
	case n.Amount != "" && n.Compare == ">":
		amount = n.Amount + " + 0.01"
	case n.Amount != "" && n.Compare == "<":
		amount = n.Amount + " - 0.01"
	case n.Amount != "":
		amount = n.Amount
	case n.Where != "":
		amount = "20.01"
	}
	return fmt.Sprintf(`INSERT INTO orders SELECT 999, 1, %s, %s, status FROM (SELECT 1) LEFT JOIN
		(SELECT amount, status FROM orders WHERE customer_id = 1 AND status IS DISTINCT FROM 'cancelled' AND ordered_at < %s
		ORDER BY ordered_at DESC, order_id DESC LIMIT 1) ON TRUE`, stamp(at), amount, stamp(w.asOf))
}

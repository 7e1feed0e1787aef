package check_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
)

// Each of these names something in its place; what it becomes is written
// beside it.
func TestNamesInTheirPlaces(t *testing.T) {
	program := historic(t)
	for rule, want := range map[string]string{
		"Country = 'DE'":        "country = 'DE'",
		"ADDRESS.Geo.Lat > 1":   "address.geo.lat > 1",
		"Consent = 'granted'":   "email_consent = 'granted'",
		"VIP":                   "vip",
		"COUNT(Order) EVER > 0": "count(order) ever > 0",
		"count(order where STATUS = 'x' and Customer.Country = 'DE') ever > 0": "count(order where status = 'x' and customer.country = 'DE') ever > 0",
		"count(order where customer.address.city = 'Ulm') ever > 0":            "count(order where customer.address.city = 'Ulm') ever > 0",
		"count(product_view where product.brand = 'x') ever > 0":               "count(product_view where product.brand = 'x') ever > 0",
		"count(order where customer = 5) ever > 0":                             "count(order where customer_id = 5) ever > 0",
		"count(order where customer.customer_id = 5) ever > 0":                 "count(order where customer.customer_id = 5) ever > 0",
		"count(order where customer.ltv > total) ever > 0":                     "count(order where customer.ltv > total) ever > 0",
		"count(product_view where type = event_type) ever > 0":                 "count(product_view where event_type = event_type) ever > 0",
		"count(order where order_id <> id) ever = 0":                           "count(order where id <> id) ever = 0",
		"max(order.ordered_at) ever > created_at":                              "max(order.at) ever > created_at",
		"sum(product_view.product.price where nth = 1) ever > 0":               "sum(product_view.product.price where nth = 1) ever > 0",
	} {
		x, list := program.Expression(typed(rule))
		require.NoError(t, list.Err(), rule)
		require.Equal(t, want, check.Text(x), rule)
	}
}

// A bare name in a where of rows is never the customer's, so that a trait may
// have the name of a column without needing itself.
func TestColumnsAreNotDefinitions(t *testing.T) {
	program := shop(t, `
traits:
  category: {value: last(order.category where category is not missing) ever}
  items: {value: sum(order.items where items > customer.discount) ever}
  discount: {value: avg(order.discount) ever}
`)
	require.Empty(t, lookup[*check.Trait](t, program, "category").Needs())
	require.Equal(t, []string{"discount"}, defined(lookup[*check.Trait](t, program, "items").Needs()))
}

// The place of a diagnostic and of an expression is what was written.
func TestSpans(t *testing.T) {
	program := historic(t)
	text := "visits > 3 and (count(order where total > 5) last 7 days = $few or not vip)"
	s, list := program.Rule(typed(text))
	require.NoError(t, list.Err())
	want := map[string]string{
		"visits > 3": "visits > 3", "visits": "visits", "3": "3",
		"count(order where total > 5) last 7 days": "count(order where total > 5) last 7 days",
		"total > 5": "total > 5", "7": "$few", "vip": "vip", "not vip": "not vip",
	}
	for _, leaf := range s.Where.Leaves() {
		check.Walk(leaf.X, func(e check.Expr) bool {
			if written, ok := want[check.Text(e)]; ok {
				require.Equal(t, written, e.Span().Text())
				delete(want, check.Text(e))
			}
			return true
		})
	}
	require.Empty(t, want)
}

// Timestamps without an offset are read on the clocks of Berlin: the hour
// that comes twice means its first pass, the one that is skipped the first
// instant behind the gap.
func TestTimestamps(t *testing.T) {
	program := historic(t)
	for text, want := range map[string]string{
		"2026-01-31 18:00":          "2026-01-31T17:00:00Z",
		"2026-07-31T18:00:01":       "2026-07-31T16:00:01Z",
		"2026-07-31 18:00:01.5":     "2026-07-31T16:00:01.5Z",
		"2026-07-31 18:00Z":         "2026-07-31T18:00:00Z",
		"2026-07-31 18:00:00+05:30": "2026-07-31T12:30:00Z",
		"2026-07-31 18:00 -0300":    "2026-07-31T21:00:00Z",
		"2026-07-31 18:00+02":       "2026-07-31T16:00:00Z",
		"2025-10-26 02:30":          "2025-10-26T00:30:00Z",
		"2026-03-29 02:30":          "2026-03-29T01:00:00Z",
	} {
		x, list := program.Expression(typed("timestamp '" + text + "'"))
		require.NoError(t, list.Err(), text)
		require.Equal(t, "timestamp '"+want+"'", check.Text(x))
	}
	for _, text := range []string{"2026-01-31", "2026-01-31 24:00", "2026-02-30 10:00", "18:00", "2026-01-31 18", "2026-01-31 18:00+25", "0000-01-01 00:00"} {
		_, list := program.Expression(typed("timestamp '" + text + "'"))
		require.Error(t, list.Err(), text)
	}
}

func TestConstants(t *testing.T) {
	program := shop(t, `
params: {exact: 0.10, below: -2.50, word: '5', yes: true, since_day: 2026-01-31, moment: timestamp '2026-01-31 10:00', many: [1, 2.50, -3]}
segments:
  s: {where: weight > $exact and weight > $below and country = $word and bounced = $yes and birth_date < $since_day and created_at < $moment and weight in $many}
`)
	require.Equal(t, "0.10", program.Params["exact"].Values[0].Number)
	require.Equal(t, "-2.50", program.Params["below"].Values[0].Number)
	require.Equal(t, "5", program.Params["word"].Values[0].Text)
	require.Equal(t, decimal(2), program.Params["many"].Type)
	require.True(t, program.Params["many"].IsList)
	s := lookup[*check.Segment](t, program, "s")
	require.Equal(t, "created_at < timestamp '2026-01-31T09:00:00Z'", check.Text(s.Where.Leaves()[5].X))
	require.Equal(t, "weight in (1, 2.50, -3)", check.Text(s.Where.Leaves()[6].X))
}

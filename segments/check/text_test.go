package check_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/check"
)

// vocabulary is what the random rules and many tables name. The customers
// keep their history, so that all of the language can be used.
const vocabulary = `
params: {min_spend: 5000, regions: [DE-BY, DE-BE], launch: 2025-11-01, few: 7}
traits:
  ltv: {value: sum(order.total) ever}
  first_at: {value: min(order.at) ever}
segments:
  vip: {where: sum(order.amount) last 6 months > $min_spend and country in $regions and created_at > $launch and created_at in last $few days}
partitions:
  tier: {stages: [{high: ltv > 100}, {low: else}]}
`

// historic is the shop with a customers source that keeps history.
func historic(t testing.TB) *check.Program {
	t.Helper()
	fs := files("segments/a.yaml", vocabulary)
	fs["strata.yaml"].Data = replaced(t, project, "created_at: created_at}", "created_at: created_at, valid_from: created_at, valid_to: renews_on}")
	program, list := load(t, fs)
	require.NoError(t, list.Err())
	return program
}

func TestText(t *testing.T) {
	program := historic(t)
	for rule, want := range map[string]string{
		"sum(order.amount) last 6mo > $min_spend":                              "sum(order.total) last 6 months > 5000",
		"SUM( Order.TOTAL )  LAST 6 Months>5000":                               "sum(order.total) last 6 months > 5000",
		"((country = 'it''s'))":                                                "country = 'it''s'",
		"country != 'DE' and (bounced and not vip)":                            "country <> 'DE' and bounced and not vip",
		"country in $regions":                                                  "country in ('DE-BY', 'DE-BE')",
		"not (bounced or vip)":                                                 "not (bounced or vip)",
		"not (country = 'DE')":                                                 "country <> 'DE'",
		"(visits + 2) * 3 - (2 - 1) > -2":                                      "(visits + 2) * 3 - (2 - 1) > -2",
		"created_at in last $few days":                                         "created_at in last 7 days",
		"days_since(last order where ordered_at in today) > 3":                 "days_since(last order where at in today) > 3",
		"count(order) since $launch + 1d before created_at > 0":                "count(order) since date '2025-11-01' + 1 day before created_at > 0",
		"count(order) since timestamp '2026-01-01 10:00' > 0":                  "count(order) since timestamp '2026-01-01T09:00:00Z' > 0",
		"vip as of date '2026-01-01'":                                          "vip as of timestamp '2025-12-31T23:00:00Z'",
		"(visits = 2) for 7d and not (vip for 1w)":                             "visits = 2 for 7 days and not (vip for 1 week)",
		"periods(order per 1 month) previous 3 months = 3":                     "periods(order per 1 month, at least 1) previous 3 months = 3",
		"percentile(ltv among vip within tier) >= 75":                          "percentile(ltv among vip within tier) >= 75",
		"sequence(add_to_cart x 2 then not order within 1d) last 3d":           "sequence(add_to_cart x 2 then not order within 1 day) last 3 days",
		"times(product_view then order within 1d, anchor any) ever > 1":        "times(product_view then order within 1 day) ever > 1",
		"anniversary(birth_date) not in next 7 days":                           "anniversary(birth_date) not in next 7 days",
		"sample(10.50%, 'a')":                                                  "sample(10.5%, 'a')",
		"count(order where customer.country = 'DE') between 5d and 3d ago > 0": "count(order where customer.country = 'DE') between 3 days and 5 days ago > 0",
		"count(order) between 12 months and 4 quarters ago > 0":                "count(order) between 12 months and 4 quarters ago > 0",
		"count(order) between 4 quarters and 12 months ago > 0":                "count(order) between 12 months and 4 quarters ago > 0",
		"(bounced = true) = false":                                             "(bounced = true) = false",
		"round(weight, 2) > 1.50":                                              "round(weight, 2) > 1.50",
	} {
		x, list := program.Expression(typed(rule))
		require.NoError(t, list.Err(), rule)
		require.Equal(t, want, check.Text(x), rule)
	}
}

// The canonical text means the same as what it was made from: checked again,
// it gives itself and the same type.
func TestTextIsCanonical(t *testing.T) {
	program := historic(t)
	rapid.Check(t, func(r *rapid.T) {
		g := gen{r}
		text := g.test(3)
		if g.n(0, 2) == 0 {
			text = g.number(3)
		}
		x, list := program.Expression(typed(text))
		if list.HasErrors() {
			r.Fatalf("%s: %s", text, shown(t, list))
		}
		canonical := check.Text(x)
		again, list := program.Expression(typed(canonical))
		if list.HasErrors() {
			r.Fatalf("%s\nbecame %s: %s", text, canonical, shown(t, list))
		}
		require.Equal(r, canonical, check.Text(again), text)
		require.Equal(r, x.Type(), again.Type(), text)
		require.Equal(r, check.CanBeMissing(x), check.CanBeMissing(again), text)
	})
}

// Every part of an expression is visited, has a type and a place.
func TestWalkVisitsTypedParts(t *testing.T) {
	program := historic(t)
	rapid.Check(t, func(r *rapid.T) {
		text := gen{r}.test(3)
		x, list := program.Expression(typed(text))
		require.NoError(r, list.Err())
		check.Walk(x, func(e check.Expr) bool {
			require.NotZero(r, e.Type().Kind, check.Text(e))
			require.NotContains(r, check.Text(e), "…")
			return true
		})
	})
}

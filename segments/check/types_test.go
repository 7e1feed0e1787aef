package check_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/catalog"
	"strata/segments/check"
)

func kind(k catalog.Kind) catalog.Type { return catalog.Type{Kind: k} }
func decimal(scale int) catalog.Type   { return catalog.Type{Kind: catalog.Decimal, Scale: scale} }
func typeOf(t *testing.T, p *check.Program, text string) catalog.Type {
	t.Helper()
	x, list := p.Expression(typed(text))
	require.NoError(t, list.Err(), text)
	return x.Type()
}

func TestTypes(t *testing.T) {
	program := historic(t)
	for text, want := range map[string]catalog.Type{
		"5":                                kind(catalog.Integer),
		"0.10":                             decimal(2),
		"visits":                           kind(catalog.Integer),
		"weight":                           kind(catalog.Number),
		"country":                          kind(catalog.Text),
		"email_consent":                    kind(catalog.Text),
		"consent":                          kind(catalog.Text),
		"bounced":                          kind(catalog.Boolean),
		"birth_date":                       kind(catalog.Date),
		"address.geo.lat":                  kind(catalog.Number),
		"interests":                        {Kind: catalog.List, Elem: catalog.Text},
		"visits + 2":                       kind(catalog.Integer),
		"visits * 2 - 1":                   kind(catalog.Integer),
		"visits / 2":                       kind(catalog.Number),
		"visits + 0.5":                     decimal(1),
		"0.25 * 0.5":                       decimal(3),
		"0.25 - 0.5":                       decimal(2),
		"0.1234567 * 0.1234567":            kind(catalog.Number),
		"weight * 0.5":                     kind(catalog.Number),
		"-0.5":                             decimal(1),
		"birth_date + 3 days":              kind(catalog.Date),
		"birth_date - 1 month":             kind(catalog.Date),
		"birth_date + 3 hours":             kind(catalog.Timestamp),
		"created_at + 1 year":              kind(catalog.Timestamp),
		"round(0.255, 2)":                  decimal(3),
		"floor(weight)":                    kind(catalog.Integer),
		"abs(0.5)":                         decimal(1),
		"ln(visits)":                       kind(catalog.Number),
		"least(visits, 0.50)":              decimal(2),
		"coalesce(weight, 0.50)":           kind(catalog.Number),
		"greatest(birth_date, created_at)": kind(catalog.Timestamp),
		"upper(country)":                   kind(catalog.Text),
		"length(country)":                  kind(catalog.Integer),
		"contains(country, 'x')":           kind(catalog.Boolean),
		"days_since(birth_date)":           kind(catalog.Integer),
		"days_until(renews_on)":            kind(catalog.Integer),
		"days_since(last order)":           kind(catalog.Integer),
	} {
		require.Equal(t, want, typeOf(t, program, text), text)
	}
}

func TestTypesOfRowsAndDefinitions(t *testing.T) {
	program := historic(t)
	for text, want := range map[string]catalog.Type{
		"count(order) ever":                            kind(catalog.Integer),
		"sum(order.items) ever":                        kind(catalog.Integer),
		"sum(order.shipping) ever":                     decimal(2),
		"sum(order.amount) ever":                       decimal(4),
		"sum(order.total) ever":                        decimal(4),
		"sum(order.discount) ever":                     decimal(6),
		"sum(order.gap) ever":                          decimal(6),
		"avg(order.items) ever":                        kind(catalog.Number),
		"median(order.shipping) ever":                  kind(catalog.Number),
		"max(order.shipping) ever":                     decimal(2),
		"min(order.discount) ever":                     kind(catalog.Number),
		"min(order.at) ever":                           kind(catalog.Timestamp),
		"max(order.day) ever":                          kind(catalog.Date),
		"distinct(order.category) ever":                kind(catalog.Integer),
		"first(order.category) ever":                   kind(catalog.Text),
		"last(order.gift) ever":                        kind(catalog.Boolean),
		"most_frequent(order.weekday) ever":            kind(catalog.Integer),
		"last(order.id) ever":                          kind(catalog.Text),
		"last(product_view.id) ever":                   kind(catalog.Integer),
		"last(product_view.plan) ever":                 kind(catalog.Text),
		"max(product_view.product.price) ever":         decimal(2),
		"periods(order per 1 day) last 7 days":         kind(catalog.Integer),
		"times(order then order within 1 day) ever":    kind(catalog.Integer),
		"sequence(order then order within 1 day) ever": kind(catalog.Boolean),

		"percentile(ltv)":        kind(catalog.Number),
		"rank(ltv)":              kind(catalog.Integer),
		"ltv":                    decimal(4),
		"vip":                    kind(catalog.Boolean),
		"tier":                   kind(catalog.Text),
		"ltv as of 3 days ago":   decimal(4),
		"$launch":                kind(catalog.Date),
		"(visits > 2) = bounced": kind(catalog.Boolean),
	} {
		require.Equal(t, want, typeOf(t, program, text), text)
	}
}

func TestScoreTypes(t *testing.T) {
	program := shop(t, `
traits:
  whole: {range: 0..100, score: [{points: 5, of: visits}, {points: -3, of: bounced, cap: 2}]}
  money: {range: 0..100, score: [{points: 0.5, of: sum(order.shipping) ever, cap: 10}]}
  fading: {range: -10..100, score: [{points: 2, of: count(order) ever, half_life: 14 days}]}
  double: {range: 0..100, score: [{points: 1, of: weight}]}
`)
	for name, want := range map[string]catalog.Type{
		"whole": kind(catalog.Integer), "money": decimal(3), "fading": decimal(9), "double": kind(catalog.Number),
	} {
		d, ok := program.Lookup(name)
		require.True(t, ok)
		require.Equal(t, want, d.Type(), name)
	}
	d, _ := program.Lookup("fading")
	score := d.(*check.Trait).Value.(*check.Score)
	require.Equal(t, "-10", score.Low.Number)
	require.Equal(t, "score(2 x count(order) ever half_life 14 days) from -10 to 100", check.Text(score))
}

// Tests are never missing, boolean values can be: only they are wrapped.
func TestTruth(t *testing.T) {
	program := historic(t)
	for rule, wrapped := range map[string]bool{
		"bounced": true, "vip": true, "true": true, "last(order.gift) ever": true, "coalesce(bounced, false)": true,
		"vip as of 3 days ago": true, "bounced = true": false, "has(interests, 'a')": false, "sample(5%, 'a')": false,
		"sequence(order then order within 1 day) ever": false, "not bounced": false, "country is missing": false,
	} {
		s, list := program.Rule(typed("(" + rule + ")"))
		require.NoError(t, list.Err(), rule)
		_, ok := s.Where.Leaves()[0].X.(*check.Truth)
		require.Equal(t, wrapped, ok, rule)
	}
}

func TestCanBeMissing(t *testing.T) {
	program := historic(t)
	for text, want := range map[string]bool{
		"5": false, "visits": true, "count(order) ever": false, "sum(order.total) ever": false, "distinct(order.day) ever": false,
		"avg(order.total) ever": true, "last(order.gift) ever": true, "days_since(last order)": true, "days_since(date '2026-01-01')": false,
		"coalesce(visits, 0)": false, "coalesce(visits, weight)": true, "least(1, visits)": true, "abs(-1)": false, "ln(5)": true,
		"count(order) ever / 2": false, "count(order) ever / 0": true, "1 / count(order) ever": true, "visits + 1": true,
		"count(order) ever + 1": false, "ltv": false, "first_at": true, "vip": false, "tier": false, "bounced": true,
		"percentile(ltv)": false, "percentile(ltv among vip)": true, "percentile(ltv within tier)": false, "percentile(ltv within country)": true,
		"vip as of 3 days ago": false, "ltv as of 3 days ago": true, "visits > 3": false, "contains(country, 'a')": false,
		"times(order then order within 1 day) ever": false, "-visits": true, "created_at + 3 days": true,
	} {
		x, list := program.Expression(typed(text))
		require.NoError(t, list.Err(), text)
		require.Equal(t, want, check.CanBeMissing(x), text)
	}
}

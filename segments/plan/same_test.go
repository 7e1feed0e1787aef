package plan_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/plan"
)

// Rules that mean the same, each in a file of its own, are one trait, one
// condition and one formula.
func TestSameMeaningIsOneCondition(t *testing.T) {
	t.Parallel()
	for name, rules := range map[string][]string{
		"count at least": {
			"count(order) last 30 days >= 2",
			"count( order )  LAST 30 DAY >= 2",
			"count(order) last 30d > 1",
			"2 <= count(order) last 30 days",
			"1 < count(order) last $span days",
			"count(order) last $span days >= $two",
			"orders_30 >= 2",
			"again > 1",
			"not (count(order) last 30 days < 2)",
			"not (again <= 1)",
			"count(order) last 30 days >= 2.0",
			"count(purchase) last 30 days >= 2",
		},
		"exactly": {
			"count(order) last 30 days = 3",
			"3 = orders_30",
			"not (count(purchase) last 30 days <> 3)",
			"count(order) last 30 days between 3 and 3",
		},
		"between": {
			"count(order) last 30 days between 2 and 5",
			"count(order) last 30 days >= 2 and count(order) last 30 days <= 5",
			"orders_30 > 1 and orders_30 < 6",
			"not (orders_30 not between $two and 5)",
		},
		"order of terms": {
			"count(order where category = 'a' and items > 2) ever >= 1",
			"count(order where items > 2 and category = 'a') ever >= 1",
			"count(order where (2 < items) and (category = 'a' and items > 2)) ever > 0",
			"count(order where category in ('a') and items > 2.00) ever > 0",
		},
		"order of alternatives": {
			"count(order where items > 2 or category = 'a') ever >= 1",
			"count(order where category = 'a' or items > 2) ever >= 1",
		},
		"order of values": {
			"count(product_view where category in ('a', 'b')) last 7 days >= 1",
			"count(product_view where category in ('b', 'a', 'b')) last 1 week >= 1",
			"count(product_view where category in $spam) last 7 days >= 1",
		},
		"order of factors": {
			"ltv * visits > 100 + visits",
			"visits * ltv > visits + 100",
		},
		"elapsed units": {
			"sum(order.amount) last 48 hours > 10",
			"sum(order.amount) last 2880 minutes > 10",
			"sum(order.total) last 48 hours > 10.00",
			"sum(purchase.total) last 48h > 10",
		},
		"calendar units": {
			"sum(order.amount) last 12 months > 10",
			"sum(order.amount) last 1 year > 10",
			"sum(order.amount) last 4 quarters > 10",
		},
		"either order of between": {
			"avg(order.amount) between 3 days and 5 days ago > 10",
			"avg(order.amount) between 5 days and 3 days ago > 10",
		},
		"sides of a comparison": {
			"country = 'DE'", "'DE' = country", "country in ('DE')", "not (country <> 'DE')",
		},
		"sides of an order": {
			"not (visits < 3 and ltv >= visits)", "not (ltv >= visits and 3 > visits)", "not (not (not (visits < 3.0 and ltv >= visits)))",
		},
		"more and less": {"visits > 3 or visits <= 1", "3 < visits or 1 >= visits", "visits > 3 or 3 < visits or visits <= 1"},
		"signs and times": {
			"-visits * 2 < -5.5 and created_at + 3 days < date '2026-01-01'",
			"2 * -visits < -5.50 and date '2026-01-01' > created_at + 3 days",
		},
		"terms that are there twice": {
			"count(order where items > 2 and items > 2) ever >= 1",
			"count(order where 2 < items) ever >= 1",
			"count(order where items > 2 or items > 2) ever >= 1",
			"count(order where not (not (items > 2))) ever >= 1",
		},
		"odd seconds": {"count(order) last 90 seconds >= 1", "count(order) last 90s > 0"},
		"names of what is there twice": {
			"count(any_order where total > 5) ever >= 1",
			"count(any_order where amount > 5) ever >= 1",
		},
		"sequences": {
			"sequence(add_to_cart then not order within 24 hours) last 2 days",
			"sequence(add_to_cart then not purchase within 1440 minutes) last 2 days",
		},
		"times": {
			"times(product_view then order within 1 week) last 60 days >= 2",
			"times(product_view then order within 7 days) last 60 days > 1",
		},
		"points": {
			"count(order) since date '2025-11-01' >= 1",
			"count(order) since $launch > 0",
		},
		"periods": {
			"periods(order per 1 week, at least 1) last 4 weeks >= 3",
			"periods(purchase per 7 days, at least 1) last 28 days > 2",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := planOf(t, rules...)
			first := planOf(t, rules[0])
			require.Equal(t, traits(first), traits(p))
			require.Equal(t, conditions(first), conditions(p))
			for i, f := range members(p) {
				require.Equal(t, members(first)[0], f, rules[i])
			}
			require.NotEmpty(t, p.Units[0].Added.Conditions)
			for _, u := range p.Units[1:] {
				require.Empty(t, u.Added)
				require.Equal(t, p.Units[0].Added, u.Shared)
			}
		})
	}
}

// Each of these differs from each other in what it means.
func TestNearMissesAreTwo(t *testing.T) {
	t.Parallel()
	rules := []string{
		"count(order) last 30 days >= 2",
		"count(order) last 31 days >= 2",
		"count(order) last 1 month >= 2",
		"count(order) between 30 days and 1 day ago >= 2",
		"count(order) previous 30 days >= 2",
		"count(order) ever >= 2",
		"count(any_order) last 30 days >= 2",
		"count(order where category = 'a') last 30 days >= 2",
		"count(order where category = 'b') last 30 days >= 2",
		"count(order where category in ('a', 'b')) last 30 days >= 2",
		"count(order where category not in ('a', 'b')) last 30 days >= 2",
		"count(order where channel in ('a', 'b')) last 30 days >= 2",
		"count(order where category = 'a' or items > 2) last 30 days >= 2",
		"count(order where category = 'a' and items > 2) last 30 days >= 2",
		"sum(order.items) last 30 days >= 2",
		"distinct(order.items) last 30 days >= 2",
		"distinct(order.day) last 30 days >= 2",
		"count(order) since $launch >= 2",
		"count(order) since date '2025-11-02' >= 2",
		"count(order) since created_at >= 2",
		"count(order) last 48 hours >= 2",
		"count(order) last 2 days >= 2",
		"count(add_to_cart) last 30 days >= 2",
		"periods(order per 1 day, at least 2) last 30 days >= 2",
		"periods(order per 1 day, at least 1) last 30 days >= 2",
		"periods(order per 1 day, at least 1) previous 30 days >= 2",
		"times(order then order within 1 day) last 30 days >= 2",
		"times(order then order within 24 hours) last 30 days >= 2",
		"times(order then order within 1 day, same channel) last 30 days >= 2",
	}
	p := planOf(t, rules...)
	require.Len(t, p.Traits, len(rules))
	require.Len(t, p.Conditions, len(rules))
	for _, u := range p.Units {
		require.Len(t, u.Added.Traits, 1, u.Definition.DefinitionName())
		require.Empty(t, u.Shared)
	}
}

// One trait is tested in ways that are not the same.
func TestOneTraitManyConditions(t *testing.T) {
	t.Parallel()
	p := planOf(t, "ltv > 10", "ltv >= 10", "ltv < 10", "ltv = 10", "ltv > 11", "ltv is missing", "ltv between 10 and 11", "ltv in (10, 11)", "ltv > visits")
	require.Equal(t, []string{"sum(order.total) ever"}, traits(p))
	require.Len(t, p.Conditions, 9)
	// A sum can be missing or broken: not (x < 10) is no x >= 10.
	p = planOf(t, "avg(order.amount) ever >= 10", "not (avg(order.amount) ever < 10)")
	require.Equal(t, []string{"c1", "not c2"}, members(p))
}

// Having a row at all is one condition, whichever way it is asked for.
func TestPresenceIsOneCondition(t *testing.T) {
	t.Parallel()
	p := planOf(t,
		"count(order) last 7 days >= 1", "count(order) last 7 days > 0", "count(order) last 1 week <> 0", "0 < count(purchase) last 7 days",
		"count(order) last 7 days = 0", "count(order) last 7 days < 1", "not (count(order) last 7 days >= 1)", "count(order) last 7 days <= 0")
	require.Equal(t, []string{"c1", "c1", "c1", "c1", "not c1", "not c1", "not c1", "not c1"}, members(p))
	require.Equal(t, []string{"count(order) last 7 days >= 1"}, conditions(p))
	require.Equal(t, plan.Present, p.Conditions[0].Kind)
	require.True(t, p.Traits[0].Present)
	require.False(t, p.Traits[0].Value)
	require.False(t, p.Traits[0].Tested)
	// Where rows pass a filter that takes looking at them, it is a test.
	p = planOf(t, "count(order where items > 2) last 7 days >= 1", "distinct(order.items) last 7 days >= 1", "count(order) last 7 days >= 2")
	for _, c := range p.Conditions {
		require.Equal(t, plan.Tested, c.Kind)
		require.True(t, p.Traits[c.Traits[0]].Tested)
	}
}

// A number of rows is never negative, and every number is at least zero.
func TestWhatACountCannotBe(t *testing.T) {
	t.Parallel()
	p := planOf(t, "count(order) ever >= 0", "count(order) ever < 0", "not (count(order) ever >= 0)")
	require.Equal(t, []string{"true", "false", "false"}, members(p))
	require.Empty(t, p.Conditions)
	require.Empty(t, p.Traits)
	require.Zero(t, p.Rounds)
	// Numbers that no count is compared with are left as they are.
	p = planOf(t, "count(order) ever > 2.5", "count(order) ever >= -1", "count(order) ever < 2000000000000000000")
	require.Equal(t, []string{"count(order) ever > 2.5", "count(order) ever >= -1", "count(order) ever < 2000000000000000000"}, conditions(p))
}

func TestKindsOfConditions(t *testing.T) {
	t.Parallel()
	p := planOf(t,
		"chosen", "not chosen", "country = 'DE'", "bounced", "not bounced", "sequence(order then order within 3 days) last 30 days",
		"sample(10%, 'a')", "email_consent like 'g%'", "created_at in last 7 days", "country is missing", "count(order where customer.country = 'DE') ever >= 1", "not not bounced")
	kinds := map[string]plan.ConditionKind{}
	for _, c := range p.Conditions {
		kinds[c.Text] = c.Kind
	}
	require.Equal(t, map[string]plan.ConditionKind{
		"list chosen": plan.Listed, "country = 'DE'": plan.Tested, "bounced": plan.Tested,
		"sequence(order then order within 3 days) last 30 days": plan.Followed,
		"sample(10%, 'a')":        plan.Tested,
		"email_consent like 'g%'": plan.Tested, "created_at in last 7 days": plan.Tested, "country is missing": plan.Tested,
		"count(order where customer.country = 'DE') ever >= 1": plan.Tested,
	}, kinds)
}

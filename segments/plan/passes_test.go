package plan_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/plan"
)

// columns are the columns by which a pass tells rows apart.
func columns(pass *plan.Pass) []string {
	list := []string{}
	for _, c := range pass.Columns {
		list = append(list, c.Column)
	}
	return list
}

// Traits of one source are read together where rows are told apart by the same
// columns and the streams have the same filter.
func TestEqualColumnsGroup(t *testing.T) {
	t.Parallel()
	p := planOf(t,
		"count(product_view) last 30 days >= 1",
		"count(add_to_cart) last 30 days >= 1",
		"sum(product_view.price where price > 3) last 30 days > 1",
		"count(product_view where category = 'a') last 30 days >= 1",
		"count(add_to_cart where 'b' = category) last 30 days >= 1",
		"count(add_to_cart where category in ('c', 'a')) last 30 days >= 3",
		"count(product_view where brand = 'x' and category = 'a') last 30 days >= 1",
		"count(product_view where category = 'b' and brand = 'x') last 30 days >= 1",
		"count(order) last 30 days >= 1",
		"count(purchase where items > 2) last 30 days >= 1",
		"sum(any_order.amount) last 30 days >= 1",
		"count(any_order where channel = 'web') last 30 days >= 1",
	)
	type read struct {
		source           string
		columns          []string
		common           int
		counts, filtered int
		conditions       int
	}
	reads := []read{}
	for _, pass := range p.Passes {
		counts := 0
		for _, trait := range pass.Traits {
			if trait.Kind == plan.Counted {
				counts++
			}
		}
		reads = append(reads, read{
			source: pass.Source.Name, columns: columns(pass), common: len(pass.Common),
			counts: counts, filtered: len(pass.Traits) - counts, conditions: len(pass.Conditions),
		})
	}
	require.ElementsMatch(t, []read{
		{"events", []string{"event_type"}, 0, 2, 1, 3},
		{"events", []string{"category", "event_type"}, 0, 3, 0, 3},
		{"events", []string{"brand", "category", "event_type"}, 0, 2, 0, 2},
		{"orders", []string{}, 1, 1, 1, 2},
		{"orders", []string{}, 0, 0, 1, 1},
		{"orders", []string{"channel"}, 0, 1, 0, 1},
	}, reads)
}

// The values that rows are looked up by, and what remains of a filter.
func TestFiltersAreTakenApart(t *testing.T) {
	t.Parallel()
	many := "'v0'"
	for i := 1; i < 65; i++ {
		many += fmt.Sprintf(", 'v%d'", i)
	}
	for rule, want := range map[string]struct {
		kind  plan.TraitKind
		equal map[string][]string
		rest  int
	}{
		"count(any_order) ever >= 1":                                             {plan.Counted, map[string][]string{}, 0},
		"count(any_order where status = 'a') ever >= 1":                          {plan.Counted, map[string][]string{"status": {"a"}}, 0},
		"count(add_to_cart where category in ('b', 'a')) ever >= 1":              {plan.Counted, map[string][]string{"event_type": {"add_to_cart"}, "category": {"a", "b"}}, 0},
		"count(any_order where status = 'a' and category in ('b')) ever >= 1":    {plan.Counted, map[string][]string{"status": {"a"}, "category": {"b"}}, 0},
		"count(any_order where status = 'a' and status in ('b', 'c')) ever >= 1": {plan.Filtered, map[string][]string{"status": {"a"}}, 1},
		"count(any_order where status = 'a' and items = 2) ever >= 1":            {plan.Filtered, map[string][]string{"status": {"a"}}, 1},
		"count(any_order where status <> 'a') ever >= 1":                         {plan.Filtered, map[string][]string{}, 1},
		"count(any_order where status = 'a' or items > 1) ever >= 1":             {plan.Filtered, map[string][]string{}, 1},
		"count(any_order where status = category) ever >= 1":                     {plan.Filtered, map[string][]string{}, 1},
		"count(any_order where status in ('a', category)) ever >= 1":             {plan.Filtered, map[string][]string{}, 1},
		"count(any_order where lower(status) = 'a') ever >= 1":                   {plan.Filtered, map[string][]string{}, 1},
		"count(any_order where weekday = 1) ever >= 1":                           {plan.Filtered, map[string][]string{}, 1},
		"count(any_order where status in (" + many + ")) ever >= 1":              {plan.Filtered, map[string][]string{}, 1},
		"distinct(any_order.items where status = 'a') ever >= 1":                 {plan.Filtered, map[string][]string{"status": {"a"}}, 0},
		"count(any_order where nth = 1) ever >= 1":                               {plan.Separate, nil, 0},
		"max(any_order.gap) ever > 30":                                           {plan.Separate, nil, 0},
		"most_frequent(any_order.category) ever = 'a'":                           {plan.Separate, nil, 0},
		"count(any_order) since created_at >= 1":                                 {plan.Separate, nil, 0},
		"count(any_order) before created_at + 1 year >= 1":                       {plan.Separate, nil, 0},
		"count(any_order where total > customer.visits) ever >= 1":               {plan.Separate, nil, 0},
		"periods(any_order per 1 day, at least 1) last 7 days >= 2":              {plan.Separate, nil, 0},
		"times(order then order within 3 days) last 30 days >= 2":                {plan.Separate, nil, 0},
		"rank(visits) <= 10": {plan.Ranked, nil, 0},
	} {
		p := planOf(t, rule)
		require.Len(t, p.Traits, 1, rule)
		trait := p.Traits[0]
		require.Equal(t, want.kind, trait.Kind, rule)
		require.Len(t, trait.Rest, want.rest, rule)
		require.Len(t, trait.Equal, len(want.equal), rule)
		for _, equal := range trait.Equal {
			values := []string{}
			for _, v := range equal.Values {
				values = append(values, v.Text)
			}
			require.ElementsMatch(t, want.equal[equal.Column.Column], values, rule)
		}
	}
}

// A few traits over all time and many over a short one are read apart; a few
// over much the same time are not.
func TestLongAndShortAreReadApart(t *testing.T) {
	t.Parallel()
	rules := []string{"count(order) ever >= 3", "sum(order.amount) ever > 5", "max(order.amount) ever > 5"}
	for i := range 60 {
		rules = append(rules, fmt.Sprintf("count(order) last %d hours >= 2", i+1))
	}
	p := planOf(t, rules...)
	require.Len(t, p.Passes, 2)
	for _, pass := range p.Passes {
		ever := 0
		for _, trait := range pass.Traits {
			if trait.Window.Text == "ever" {
				ever++
			}
		}
		require.Contains(t, []int{0, len(pass.Traits)}, ever)
	}
	require.Len(t, planOf(t, "count(order) last 30 days >= 3", "count(order) last 31 days >= 3", "sum(order.amount) last 29 days > 3").Passes, 1)
}

// Each customer's state of a pass is in memory at once, so that no pass has too
// many traits, however much alike they are.
func TestPassesAreBounded(t *testing.T) {
	t.Parallel()
	var rules []string
	for i := range 200 {
		rules = append(rules, fmt.Sprintf("count(product_view where category = 'c%d') last 30 days >= 2", i))
	}
	for i := range 70 {
		rules = append(rules, fmt.Sprintf("sum(product_view.price where category = 'c%d') last 30 days > 2", i))
	}
	p := planOf(t, rules...)
	sizes, reads := []int{}, 0
	for _, pass := range p.Passes {
		require.Equal(t, []string{"category", "event_type"}, columns(pass))
		sizes = append(sizes, len(pass.Traits))
		reads += len(pass.Traits)
	}
	require.Equal(t, 270, reads)
	require.Greater(t, slices.Max(sizes), 64)
	require.LessOrEqual(t, len(sizes), 6)
}

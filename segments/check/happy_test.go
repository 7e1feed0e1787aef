package check_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
)

// everything is a set of definitions that uses most of the language.
const everything = `
params:
  min_spend: 5000
  key_regions: [DE-BY, DE-BE]
  span: 7
  launch: 2025-11-01
traits:
  ltv: {value: sum(order.total) ever}
  last_category: {value: last(order.category) ever}
  first_order_at: {value: min(order.at) ever}
  engagement_score:
    range: 0..100
    score:
      - {points: 5, of: count(email_open) last 30 days, cap: 30}
      - {points: 3, of: count(product_view) last 30 days, cap: 30, half_life: 14 days}
      - {points: -10, of: bounced}
segments:
  luxury:
    title: Luxury
    owner: crm
    tags: [vip, watches]
    where:
      all:
        - high_value: sum(order.amount) last 6 months > $min_spend
        - saw_luxury: count(product_view where category = 'Luxury Watches') last 48 hours >= 1
        - open_cart: sequence(add_to_cart then not order within 24 hours, early) last 24 hours
    gate: email_marketing
    tests:
      - name: exactly 5000 is not enough
        given:
          orders: [{total: 5000, ordered_at: -1 day}]
          events: [{event_type: product_view, category: Luxury Watches, ts: -1 hour}]
        expect: {member: false, failing: [high_value]}
  regional: {where: "country in $key_regions and created_at in last $span days"}
  nested: {where: {all: [luxury, {any: [{a: visits > 3}, {b: weight * 2 < 10.5}]}, {not: [regional]}]}}
  mixed:
    where: |
      anniversary(birth_date) in next 7 days and lifecycle = 'loyal'
      and periods(order per 1 month, at least 2) previous 3 months = 3
      and times(add_to_cart then order within 2 days, same cart_id, anchor first) last 90 days > 1
      and days_since(last order where customer.country = 'DE') <= 30
      and percentile(ltv among luxury within country) >= 90
      and sample(10%, 'a')
      and (count(order) last 7 days = 0) for 7 days
      and luxury as of 30 days ago
      and count(order) since first_order_at + 1 day before $launch > 0
      and has(interests, 'golf') and address.geo.lat > 50
      and distinct(product_view.day) last 7 days > 3 or email is blank
partitions:
  lifecycle:
    stages:
      - loyal: count(order) last 6 months >= 4 and ltv >= 500
      - new: days_since(first order) < 30
      - lead: else
    transitions: {allowed: [lead -> new, any -> loyal]}
  tier:
    over: percentile(engagement_score among luxury)
    bands: [high: '>= 75', none: missing, low: else]
gates:
  email_marketing: {where: "email_consent = 'granted' and bounced = false"}
`

func TestEverythingChecks(t *testing.T) {
	text := everything
	_, list := load(t, files("segments/a.yaml", text))
	require.Empty(t, shown(t, list))
}

// TestEverythingTyped shows what each definition became: its type, what it
// needs, and its rules in canonical form.
func TestEverythingTyped(t *testing.T) {
	program := shop(t, everything)
	var b strings.Builder
	for _, d := range program.Order {
		fmt.Fprintf(&b, "%s %s: %s", d.DefinitionKind(), d.DefinitionName(), d.Type().Kind)
		if needs := defined(d.Needs()); needs != nil {
			fmt.Fprintf(&b, ", needs %s", strings.Join(needs, ", "))
		}
		b.WriteString("\n")
		for _, line := range ruleLines(d) {
			fmt.Fprintf(&b, "  %s\n", line)
		}
	}
	path := filepath.Join("testdata", "everything.txt")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(b.String()), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), b.String())
}

// ruleLines lists the leaves, stages or value of a definition.
func ruleLines(d check.Definition) []string {
	var lines []string
	switch d := d.(type) {
	case *check.Trait:
		lines = append(lines, check.Text(d.Value))
	case *check.Segment:
		for _, leaf := range d.Where.Leaves() {
			lines = append(lines, leaf.Name+": "+check.Text(leaf.X))
		}
	case *check.Gate:
		for _, leaf := range d.Where.Leaves() {
			lines = append(lines, leaf.Name+": "+check.Text(leaf.X))
		}
	case *check.Partition:
		for _, stage := range d.Stages {
			lines = append(lines, strings.TrimSuffix(stage.Name+": "+check.Text(stage.X), ": "))
		}
	}
	return lines
}

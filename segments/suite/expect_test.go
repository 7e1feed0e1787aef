package suite_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/suite"
)

// Every kind of expectation, met and missed. A test whose name starts with
// "wrong" must fail, with the message that stands behind its name below.
const expectations = `segments:
  big:
    gate: [agreed, reachable]
    where:
      all:
        - spent: sum(order.amount) last 30 days > 100
        - looked: {any: [{saw: count(product_view) last 7 days >= 1}, {carted: count(add_to_cart) last 7 days >= 1}]}
        - not: {left: country = 'FR'}
    tests:
      - name: a member
        given:
          customer: {country: DE, email: a@b.de, email_consent: granted}
          orders: [{total: 60, at: -1 day}, {amount: 40.01, ordered_at: -2 days}]
          events: [{type: product_view, at: -1 hour}]
        expect: {member: true, contactable: true, failing: [carted, left]}
      - name: a cancelled order is none
        given: {orders: [{amount: 500, at: -1 day, status: cancelled}], events: [{type: add_to_cart, at: -1 hour}]}
        expect: {member: false, contactable: false, failing: [left, saw, spent]}
      - name: nobody
        expect: {member: false, failing: [spent, saw, carted, left]}
      - name: wrong member
        given: {orders: [{amount: 100, at: -1 day}], events: [{type: product_view, at: -1 hour}]}
        expect: {member: true}
      - name: wrong failing
        given: {customer: {country: FR}, orders: [{amount: 100.01, at: -1 day}]}
        expect: {failing: [saw]}
      - name: wrong contactable
        given:
          customer: {email_consent: denied}
          orders: [{amount: 101, at: -1 day}]
          events: [{type: product_view, at: -1 hour}]
        expect: {member: true, contactable: true}
gates:
  agreed: {where: email_consent = 'granted'}
  reachable: {where: email is not missing}
partitions:
  stage:
    stages: [{loyal: count(order) ever >= 2}, {new: days_since(first order) < 30}, {lead: else}]
    gate: agreed
    tests:
      - name: a stage
        given: {orders: [{amount: 1, at: -29 days}]}
        expect: {stage: new, contactable: false}
      - name: wrong stage
        given: {customer: {email_consent: granted}, orders: [{amount: 1, at: -30 days}]}
        expect: {stage: new, contactable: false}
  band:
    over: avg(order.amount) ever
    bands: [high: '>= 10', none: missing, low: else]
    tests:
      - name: no value
        expect: {stage: none}
      - name: wrong band
        given: {orders: [{amount: 9.99, at: -1 day}, {amount: 10, at: -1 day}]}
        expect: {stage: high}
traits:
  spent_so_far:
    value: sum(order.amount) ever
    tests:
      - name: a sum
        given: {orders: [{amount: 0.10, at: -1 day}, {amount: 0.2, at: -1 day}]}
        expect: {value: 0.3}
      - name: nothing is zero
        expect: {value: 0}
      - name: wrong sum
        given: {orders: [{amount: 0.1, at: -1 day}]}
        expect: {value: 0.11}
  mean:
    value: round(avg(order.amount) ever, 2)
    tests:
      - name: a mean
        given: {orders: [{amount: 1, at: -1 day}, {amount: 1, at: -2 days}, {amount: 2, at: -3 days}]}
        expect: {value: 1.33}
      - name: no mean
        expect: {value: missing}
      - name: wrong missing
        given: {orders: [{amount: 1, at: -1 day}]}
        expect: {value: missing}
      - name: wrong mean
        expect: {value: 0}
  last_view:
    value: last(product_view.category) ever
    tests:
      - name: a text
        given: {events: [{type: product_view, category: missing, at: -1 day}]}
        expect: {value: "missing"}
      - name: wrong text
        given: {events: [{type: product_view, category: Shoes, at: -1 day}]}
        expect: {value: shoes}
  first_day:
    value: min(order.day) ever
    tests:
      - name: a date
        given: {orders: [{amount: 1, at: -10 days}]}
        expect: {value: 2026-01-05}
      - name: a date as an offset
        given: {orders: [{amount: 1, at: -10 days}]}
        expect: {value: -10 days}
      - name: wrong date
        given: {orders: [{amount: 1, at: -10 days}]}
        expect: {value: 2026-01-06}
  last_moment:
    value: max(order.at) ever
    tests:
      - name: a moment
        given: {orders: [{amount: 1, at: -1 hour}]}
        expect: {value: 2026-01-15 11:00}
      - name: wrong moment
        given: {orders: [{amount: 1, at: -1 hour}]}
        expect: {value: 2026-01-15 12:00}
  is_german:
    value: country = 'DE'
    tests:
      - name: a boolean
        given: {customer: {country: DE}}
        expect: {value: true}
      - name: wrong boolean
        expect: {value: true}
`

var complaints = map[string]string{
	"wrong member": "expected member true, got false\n" +
		"  spent is false: sum(order.amount) last 30 days = 100.00\n" +
		"  saw is true: count(product_view) last 7 days = 1\n" +
		"  carted is false: count(add_to_cart) last 7 days = 0\n" +
		"  left is missing: country = missing\n" +
		"  gate agreed is false: email_consent = missing\n" +
		"  gate reachable is false: email = missing",
	"wrong failing":     "expected failing [saw], got [carted, saw]\n",
	"wrong contactable": "expected contactable true, got false\n",
	"wrong stage":       "expected contactable false, got true\nexpected stage new, got lead\n",
	"wrong band":        "expected stage high, got low\n",
	"wrong sum":         "expected value 0.11, got 0.10",
	"wrong missing":     "expected value missing, got 1",
	"wrong mean":        "expected value 0, got missing",
	"wrong text":        "expected value shoes, got 'Shoes'",
	"wrong date":        "expected value 2026-01-06, got 2026-01-05",
	"wrong moment":      "expected value 2026-01-15 12:00, got 2026-01-15 11:00:00 +01:00",
	"wrong boolean":     "expected value true, got false",
}

func TestExpectations(t *testing.T) {
	found := messages(run(t, load(t, expectations)))
	for name, message := range found {
		if want, ok := complaints[name]; ok {
			require.True(t, strings.HasPrefix(message, want), "%s:\n%s", name, message)
			continue
		}
		require.False(t, strings.HasPrefix(name, "wrong"), "%s: %s", name, message)
		require.Empty(t, message, name)
	}
	require.Len(t, found, strings.Count(expectations, "- name: "), "names are unique")
	for name := range complaints {
		require.Contains(t, found, name)
	}
}

// The message names every leaf with the values it compared.
func TestMessageExplains(t *testing.T) {
	found := messages(run(t, load(t, expectations)))
	require.Equal(t, complaints["wrong member"], found["wrong member"])
	require.Equal(t, "expected stage new, got lead\n"+
		"  loyal is false: count(order) ever = 1\n"+
		"  new is false: days_since(first order) = 30\n"+
		"  lead is true\n"+
		"  gate agreed is true: email_consent = 'granted'", strings.Replace(found["wrong stage"], "expected contactable false, got true\n", "", 1))
}

// Outcomes come in the order of the files and know their place; the clock is
// the caller's.
func TestOutcomesHavePlaces(t *testing.T) {
	program := load(t, expectations)
	outcomes := run(t, program)
	byTest := map[string]suite.Outcome{}
	for _, o := range outcomes {
		byTest[o.Test] = o
		require.Positive(t, o.Duration)
		require.False(t, o.Skipped)
	}
	o := byTest["a cancelled order is none"]
	require.Equal(t, "big", o.Definition)
	require.Equal(t, "segments/a.yaml", o.File)
	lines := strings.Split(expectations, "\n")
	require.Contains(t, lines[o.Line-1], "name: a cancelled order is none")
}

// Only the definitions that were asked for are tested, and without any test no
// warehouse is made.
func TestSelection(t *testing.T) {
	program := load(t, expectations)
	for _, d := range program.Order {
		outcomes, err := suite.Tests(t.Context(), program, program.Order[:0], ticking())
		require.NoError(t, err)
		require.Empty(t, outcomes)
		if d.DefinitionName() != "mean" {
			continue
		}
		outcomes, err = suite.Tests(t.Context(), program, append(program.Order[:0:0], d), ticking())
		require.NoError(t, err)
		require.Len(t, outcomes, 4)
	}
}

// Who cancels gets an error and no outcomes.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	program := load(t, expectations)
	_, err := suite.Tests(ctx, program, program.Order, ticking())
	require.ErrorIs(t, err, context.Canceled)
}

// A definition of another program is said to be one.
func TestForeignDefinition(t *testing.T) {
	other := load(t, "traits:\n  foreign: {value: points, tests: [{name: x, expect: {value: missing}}]}\n")
	outcomes, err := suite.Tests(t.Context(), load(t, expectations), other.Order, ticking())
	require.NoError(t, err)
	require.Equal(t, map[string]string{"x": "the definition is not part of the program"}, messages(outcomes))
}

// Hundreds of tests take about a second: they share a warehouse.
func TestManyTests(t *testing.T) {
	var b strings.Builder
	b.WriteString("traits:\n  total:\n    value: sum(order.amount) ever\n    tests:\n")
	for i := range 400 {
		b.WriteString("      - {name: t" + time.Duration(i).String() + ", given: {orders: [{amount: 3, at: -1 day}, {amount: 4, at: -2 days}]}, expect: {value: 7}}\n")
	}
	started := time.Now()
	outcomes := run(t, load(t, b.String()))
	require.Len(t, outcomes, 400)
	for _, o := range outcomes {
		require.True(t, o.Passed, o.Message)
	}
	require.Less(t, time.Since(started), 20*time.Second)
	t.Logf("400 tests in %s", time.Since(started))
}

package plan_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/plan"
	"strata/segments/source"
)

// project is a small shop. It has two names for its orders, which say the same
// in other words, and a third that does not.
const project = `warehouse: shop.duckdb
timezone: Europe/Berlin
currency: EUR
sources:
  customers: {table: customers, key: customer_id, consent: email_consent, created_at: created_at}
  events: {table: events, customer: customer_id, at: ts, type: event_type, id: event_id}
  orders: {table: orders, customer: customer_id, at: ordered_at, id: order_id, amount: total, status: status}
streams:
  product_view: {from: events, type: product_view}
  add_to_cart: {from: events, type: add_to_cart}
  order: {from: orders, where: "not gift and status not in ('cancelled', 'refunded')"}
  purchase: {from: orders, where: "not (status in ('refunded', 'cancelled')) and not gift"}
  any_order: {from: orders}
`

const schema = `sources:
  customers:
    customer_id: BIGINT
    email_consent: VARCHAR
    created_at: TIMESTAMP
    country: VARCHAR
    region: VARCHAR
    bounced: BOOLEAN
    visits: INTEGER
    opted_in: BOOLEAN
  events:
    event_id: BIGINT
    customer_id: BIGINT
    ts: TIMESTAMP WITH TIME ZONE
    event_type: VARCHAR
    category: VARCHAR
    brand: VARCHAR
    price: DECIMAL(10,2)
  orders:
    order_id: BIGINT
    customer_id: BIGINT
    ordered_at: TIMESTAMP
    total: DECIMAL(10,2)
    status: VARCHAR
    category: VARCHAR
    channel: VARCHAR
    items: INTEGER
    gift: BOOLEAN
`

// program checks the shop with definitions, each text a file of its own.
func program(t testing.TB, texts ...string) *check.Program {
	t.Helper()
	fs := fstest.MapFS{"strata.yaml": {Data: []byte(project)}, "strata.schema.yaml": {Data: []byte(schema)}}
	for i, text := range texts {
		fs[fmt.Sprintf("segments/%03d.yaml", i)] = &fstest.MapFile{Data: []byte(text)}
	}
	fs["lists/chosen.csv"] = &fstest.MapFile{Data: []byte("customer_id\n1\n2\n")}
	set, list := definition.Load(fs, ".")
	require.NoError(t, list.Err(), shown(t, list))
	program, list := check.Check(set)
	require.NoError(t, list.Err(), shown(t, list))
	return program
}

// fragment is a rule that was typed.
func fragment(text string) source.Fragment { return source.WholeFile(source.NewFile("rule", text)) }

func shown(t testing.TB, list source.List) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, source.RenderText(&b, list, source.TextOptions{}))
	return b.String()
}

// segments is a file with a segment for each rule, called s1, s2, … behind a
// prefix.
func segments(prefix string, rules ...string) string {
	var b strings.Builder
	b.WriteString("segments:\n")
	for i, rule := range rules {
		fmt.Fprintf(&b, "  %s%d:\n    where: |\n      %s\n", prefix, i+1, rule)
	}
	return b.String()
}

// shared are definitions that rules of many tests name.
const shared = `
params:
  two: 2
  span: 30
  spam: [b, a]
  launch: 2025-11-01
lists:
  chosen: {file: lists/chosen.csv, column: customer_id}
traits:
  orders_30: {value: count(order) last 30 days}
  again: {value: orders_30}
  ltv: {value: sum(order.amount) ever}
`

// planned plans all segments and partitions of a program, by the laws that all
// plans obey.
func planned(t testing.TB, p *check.Program) *plan.Plan {
	t.Helper()
	definitions, err := p.Select(nil)
	require.NoError(t, err)
	built := plan.Build(p, definitions)
	requireLawful(t, built)
	return built
}

// planOf plans one segment for each rule, all in files of their own.
func planOf(t testing.TB, rules ...string) *plan.Plan {
	t.Helper()
	texts := []string{shared}
	for i, rule := range rules {
		texts = append(texts, segments(fmt.Sprintf("f%d_s", i), rule))
	}
	built := planned(t, program(t, texts...))
	require.Len(t, built.Units, len(rules))
	for _, u := range built.Units {
		require.Empty(t, u.Alone)
	}
	return built
}

// traits and conditions are the texts of those of a plan, in order.
func traits(p *plan.Plan) []string {
	list := []string{}
	for _, t := range p.Traits {
		list = append(list, t.Text)
	}
	return list
}

func conditions(p *plan.Plan) []string {
	list := []string{}
	for _, c := range p.Conditions {
		list = append(list, c.Text)
	}
	return list
}

// members are the formulas of a plan's segments.
func members(p *plan.Plan) []string {
	list := []string{}
	for _, u := range p.Units {
		if u.Members != nil {
			list = append(list, u.Members.String())
		}
	}
	return list
}

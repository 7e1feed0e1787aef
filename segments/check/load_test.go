package check_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/source"
)

// project is a small shop that most tests add definitions to.
const project = `warehouse: shop.duckdb
timezone: Europe/Berlin
currency: EUR
sources:
  customers: {table: customers, key: customer_id, email: email, consent: email_consent, created_at: created_at}
  events: {table: events, customer: customer_id, at: ts, type: event_type, id: event_id, fields: {plan: {path: properties.plan, type: text}}}
  orders: {table: shop.orders, customer: customer_id, at: ordered_at, id: order_id, amount: total, status: status}
streams:
  product_view: {from: events, type: product_view}
  add_to_cart: {from: events, type: add_to_cart}
  email_open: {from: events, type: email_open}
  order: {from: orders, where: "status not in ('cancelled', 'refunded')"}
`

const schema = `sources:
  customers:
    customer_id: BIGINT
    email: VARCHAR
    email_consent: VARCHAR
    created_at: TIMESTAMP
    country: VARCHAR
    birth_date: DATE
    renews_on: DATE
    bounced: BOOLEAN
    interests: VARCHAR[]
    visits: INTEGER
    weight: DOUBLE
    address: STRUCT(city VARCHAR, "geo" STRUCT(lat DOUBLE, lon DOUBLE))
    photo: BLOB
    extra: JSON
  events:
    event_id: BIGINT
    customer_id: BIGINT
    ts: TIMESTAMP WITH TIME ZONE
    event_type: VARCHAR
    category: VARCHAR
    cart_id: VARCHAR
    product: STRUCT(brand VARCHAR, price DECIMAL(10,2))
    properties: JSON
    labels: VARCHAR[]
  orders:
    order_id: VARCHAR
    customer_id: BIGINT
    ordered_at: TIMESTAMP
    total: DOUBLE
    status: VARCHAR
    category: VARCHAR
    shipping: DECIMAL(10,2)
    items: INTEGER
    discount: DOUBLE
    gift: BOOLEAN
    cart_id: VARCHAR
`

// files makes a project of the shop and more files, given as path and text.
func files(more ...string) fstest.MapFS {
	fs := fstest.MapFS{
		"strata.yaml":        {Data: []byte(project)},
		"strata.schema.yaml": {Data: []byte(schema)},
	}
	for i := 0; i+1 < len(more); i += 2 {
		fs[more[i]] = &fstest.MapFile{Data: []byte(more[i+1])}
	}
	return fs
}

// load reads and checks a project whose files can all be read.
func load(t testing.TB, fs fstest.MapFS) (*check.Program, source.List) {
	t.Helper()
	set, list := definition.Load(fs, ".")
	require.NoError(t, list.Err())
	return check.Check(set)
}

// shop checks the shop with definitions that have no errors.
func shop(t testing.TB, definitions string) *check.Program {
	t.Helper()
	program, list := load(t, files("segments/a.yaml", definitions))
	require.NoError(t, list.Err())
	return program
}

// typed returns a rule as a fragment.
func typed(text string) source.Fragment {
	return source.WholeFile(source.NewFile("rule", text))
}

// shown renders diagnostics as people see them.
func shown(t testing.TB, list source.List) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, source.RenderText(&b, list, source.TextOptions{}))
	return b.String()
}

// replaced returns a text with one part of it exchanged; the part must be
// there.
func replaced(t testing.TB, text, old, with string) []byte {
	t.Helper()
	require.Contains(t, text, old)
	return []byte(strings.Replace(text, old, with, 1))
}

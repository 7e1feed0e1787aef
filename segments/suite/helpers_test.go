package suite_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/suite"
	"strata/sql/warehouse"
)

// project is a small shop with awkward parts: a schema of its own, a query, a
// source in another zone, JSON, STRUCT and list columns.
const project = `warehouse: w.duckdb
timezone: Europe/Berlin
sources:
  customers:
    table: crm.people
    key: customer_id
    email: email
    consent: email_consent
    created_at: created_at
  events:
    table: events
    customer: customer_id
    at: ts
    type: event_type
    id: event_id
    fields:
      price: {path: properties.price, type: decimal}
      seen_at: {path: properties.seen.at, type: timestamp}
      page: {path: properties.seen.page, type: text}
      gift: {path: properties.gift, type: boolean}
      plan_type: {column: Plan Type}
  orders:
    query: SELECT order_id, customer_id, ordered_at, total, status FROM raw_orders
    customer: customer_id
    at: ordered_at
    id: order_id
    amount: total
    status: status
    zone: UTC
  visits:
    table: events
    customer: customer_id
    at: ts
    type: event_type
streams:
  product_view: {from: events, type: product_view}
  add_to_cart: {from: events, type: add_to_cart}
  any_event: {from: visits}
  order: {from: orders, where: "status not in ('cancelled')"}
`

const schema = `sources:
  customers:
    customer_id: BIGINT
    email: VARCHAR
    email_consent: ENUM('granted', 'denied')
    country: VARCHAR
    bounced: BOOLEAN
    birth_date: DATE
    created_at: TIMESTAMP WITH TIME ZONE
    tags: VARCHAR[]
    preferences: STRUCT(brand VARCHAR, size STRUCT("net size" INTEGER, fit VARCHAR))
    points: INTEGER
  events:
    event_id: UUID
    customer_id: BIGINT
    ts: TIMESTAMP WITH TIME ZONE
    event_type: VARCHAR
    category: VARCHAR
    properties: JSON
    Plan Type: VARCHAR
    day_of_use: DATE
  visits:
    customer_id: BIGINT
    ts: TIMESTAMP WITH TIME ZONE
    event_type: VARCHAR
    source: VARCHAR
  orders:
    order_id: VARCHAR
    customer_id: VARCHAR
    ordered_at: TIMESTAMP
    total: DECIMAL(12,2)
    status: VARCHAR
`

// load checks a project with the given definitions.
func load(t *testing.T, definitions string) *check.Program {
	t.Helper()
	// Orders name customers by text, which the checker refuses for BIGINT keys.
	return loadFiles(t, fstest.MapFS{
		"strata.yaml":           {Data: []byte(project)},
		"strata.schema.yaml":    {Data: []byte(strings.Replace(schema, "customer_id: VARCHAR", "customer_id: INTEGER", 1))},
		"segments/a.yaml":       {Data: []byte(definitions)},
		"lists/known_vips.csv":  {Data: []byte("customer_id\n1\n2\n77\n")},
		"lists/known_vips2.csv": {Data: []byte("customer_id\n1\n")},
	})
}

func loadFiles(t *testing.T, files fs.FS) *check.Program {
	t.Helper()
	set, list := definition.Load(files, ".")
	require.NoError(t, list.Err())
	program, list := check.Check(set)
	require.NoError(t, list.Err())
	return program
}

// ticking is a clock that moves a millisecond each time it is read.
func ticking() func() time.Time {
	at := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	return func() time.Time {
		at = at.Add(time.Millisecond)
		return at
	}
}

// run runs the tests of all definitions of a program.
func run(t *testing.T, program *check.Program) []suite.Outcome {
	t.Helper()
	outcomes, err := suite.Tests(t.Context(), program, program.Order, ticking())
	require.NoError(t, err)
	return outcomes
}

// messages returns the message of each test by its name; passing ones have
// none.
func messages(outcomes []suite.Outcome) map[string]string {
	found := map[string]string{}
	for _, o := range outcomes {
		found[o.Test] = o.Message
		if o.Passed != (o.Message == "") {
			found[o.Test] = "passed and message disagree: " + o.Message
		}
	}
	return found
}

// runWith runs the tests of all definitions and returns what went wrong.
func runWith(t *testing.T, program *check.Program) ([]suite.Outcome, error) {
	t.Helper()
	return suite.Tests(t.Context(), program, program.Order, ticking())
}

// scratch is a warehouse in memory made with statements.
func scratch(t *testing.T, statements ...string) *warehouse.DB {
	t.Helper()
	db, err := warehouse.Scratch(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	for _, statement := range statements {
		_, err := db.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	return db
}

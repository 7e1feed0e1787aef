package propose_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"strata/segments/definition"
	"strata/segments/propose"
)

// project reads strata.yaml alone.
func project(t *testing.T, sources string) *definition.Project {
	t.Helper()
	set, list := definition.Load(fstest.MapFS{"strata.yaml": {Data: []byte("warehouse: w.duckdb\ntimezone: UTC\nsources:\n" + sources)}}, ".")
	require.NoError(t, list.Err())
	return set.Project
}

var schemaTables = []string{
	"CREATE SCHEMA crm",
	"CREATE TABLE crm.people (id BIGINT, mood ENUM('it''s', 'ok'), size STRUCT(a INTEGER, \"b c\" VARCHAR), photo BLOB, \"Plan Type\" VARCHAR)",
	"CREATE TABLE orders (id BIGINT, person BIGINT, \"at\" TIMESTAMP, total DOUBLE, fine TIMESTAMP_NS)",
}

func TestSchema(t *testing.T) {
	text, notes, err := propose.Schema(t.Context(), build(t, schemaTables...), project(t, `  customers: {table: crm.people, key: id}
  orders: {table: Orders, customer: person, at: at, amount: total}
  days:
    query: SELECT person, CAST("at" AS DATE) AS day, sum(total) AS total FROM orders GROUP BY ALL
    customer: person
    at: day
`))
	require.NoError(t, err)
	require.Equal(t, `# The columns of the sources and their types, so that a check needs no database.
sources:
  customers:
    id: BIGINT
    mood: "ENUM('it''s', 'ok')"
    size: 'STRUCT(a INTEGER, "b c" VARCHAR)'
    photo: BLOB
    Plan Type: VARCHAR
  orders:
    id: BIGINT
    person: BIGINT
    at: TIMESTAMP
    total: DOUBLE
    fine: TIMESTAMP_NS
  days:
    person: BIGINT
    day: DATE
    total: DOUBLE
`, text)
	require.Equal(t, []string{
		"source customers: column photo (BLOB) has a type that rules cannot use",
		"source orders: column total (DOUBLE) is floating; as an amount it is read as DECIMAL(18,4)",
		"source orders: column fine (TIMESTAMP_NS) is cut to microseconds",
	}, notes)
}

// Everything that is wrong is said at once.
func TestSchemaErrors(t *testing.T) {
	_, _, err := propose.Schema(t.Context(), build(t, schemaTables...), project(t, `  customers: {table: crm.poeple, key: id}
  orders: {table: nothing_like_it, customer: person, at: at}
  odd: {query: SELECT now() AS "at" FROM orders, customer: person, at: at}
  wrong: {query: SELECT nobody FROM orders, customer: person, at: at}
`))
	require.ErrorContains(t, err, "source customers: the warehouse has no table crm.poeple: did you mean crm.people?")
	require.ErrorContains(t, err, "source orders: the warehouse has no table nothing_like_it\n")
	require.ErrorContains(t, err, "source odd: check its query: ")
	require.ErrorContains(t, err, "source wrong: describe its query: ")
}

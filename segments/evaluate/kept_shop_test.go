package evaluate_test

import (
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/evaluate"
)

const keptProject = `
warehouse: warehouse.duckdb
store: strata.duckdb
timezone: Europe/Berlin
sources:
  customers: {table: customers, key: customer_id, created_at: created_at}
  orders: {table: orders, customer: customer_id, at: ordered_at, id: order_id, amount: amount, status: status, loaded_at: loaded_at}
  visits: {table: visits, customer: customer_id, at: ts, type: page, append_only: true}
  clicks: {table: clicks, customer: customer_id, at: ts}
streams:
  order: {from: orders, where: "status <> 'cancelled'"}
  visit: {from: visits}
  help: {from: visits, type: help}
  click: {from: clicks}
`

const keptSchema = `
sources:
  customers: {customer_id: BIGINT, country: VARCHAR, consent: BOOLEAN, created_at: TIMESTAMPTZ}
  orders: {order_id: BIGINT, customer_id: HUGEINT, ordered_at: TIMESTAMPTZ, amount: "DECIMAL(12,2)", status: VARCHAR, loaded_at: TIMESTAMPTZ}
  visits: {customer_id: INTEGER, ts: TIMESTAMPTZ, page: VARCHAR, due: DATE}
  clicks: {customer_id: BIGINT, ts: TIMESTAMPTZ}
`

const keptDefinitions = `
params: {bound: 100}
lists:
  chosen: {file: lists/chosen.csv, column: customer_id}
segments:
  recent: {where: count(order) last 7 days >= 1}
  spenders: {where: sum(order.amount) last 30 days >= $bound, gate: mailable}
  visitors: {where: count(visit) last 24 hours >= 1}
  helpless: {where: count(help) ever >= 1}
  clicked: {where: count(click) ever >= 1}
  picked: {where: chosen}
partitions:
  worth:
    stages:
      - big: sum(order.amount) ever >= 100
      - small: count(order) ever >= 1
      - none: else
gates:
  mailable: {where: consent = true}
`

// keptTables hold three customers, whose keys have another type in each table. The first ordered for 50.00 five days before
// noon and visited three hours before it, the second ordered for 120.00 two
// weeks before, the third clicked once.
var keptTables = []string{
	`CREATE TABLE customers (customer_id BIGINT, country VARCHAR, consent BOOLEAN, created_at TIMESTAMPTZ)`,
	`INSERT INTO customers VALUES (1, 'DE', true, NULL), (2, 'AT', true, NULL), (3, 'DE', false, NULL)`,
	`CREATE TABLE orders (order_id BIGINT, customer_id HUGEINT, ordered_at TIMESTAMPTZ, amount DECIMAL(12,2), status VARCHAR, loaded_at TIMESTAMPTZ)`,
	`INSERT INTO orders VALUES (1, 1, '2026-01-10 11:00:00+00', 50, 'paid', '2026-01-11 00:00:00+00'), (2, 2, '2026-01-01 11:00:00+00', 120, 'paid', NULL)`,
	`CREATE TABLE visits (customer_id INTEGER, ts TIMESTAMPTZ, page VARCHAR, due DATE)`,
	`INSERT INTO visits VALUES (1, '2026-01-15 08:00:00+00', 'home', '2026-01-16')`,
	`CREATE TABLE clicks (customer_id BIGINT, ts TIMESTAMPTZ)`,
	`INSERT INTO clicks VALUES (3, '2026-01-02 00:00:00+00')`,
}

// keptShop is a small shop with a store.
type keptShop struct {
	tiny
	store *keptStore
	files map[string]string
}

// newKeptShop opens the shop after changes to its files.
func newKeptShop(t *testing.T, change map[string]string) *keptShop {
	t.Helper()
	s := &keptShop{files: map[string]string{
		"strata.yaml": keptProject, "strata.schema.yaml": keptSchema, "segments/all.yaml": keptDefinitions, "lists/chosen.csv": "customer_id\n1\n",
	}}
	db := scratch(t)
	s.store = &keptStore{db: db}
	for _, statement := range keptTables {
		_, err := db.Exec(t.Context(), statement)
		require.NoError(t, err, statement)
	}
	s.db = db
	s.redefine(t, change)
	return s
}

// redefine changes files of the project.
func (s *keptShop) redefine(t *testing.T, change map[string]string) {
	t.Helper()
	maps.Copy(s.files, change)
	s.tiny = tinyOn(t, s.db, s.files)
}

// exec changes the warehouse.
func (s *keptShop) exec(t *testing.T, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		_, err := s.db.Exec(t.Context(), statement)
		require.NoError(t, err, statement)
	}
}

// options ask for a run of everything so long after noon.
func (s *keptShop) options(t *testing.T, after time.Duration) evaluate.RunOptions {
	t.Helper()
	return evaluate.RunOptions{AsOf: tinyNoon.Add(after), Definitions: s.all(t)}
}

// runs makes a run from what the store holds and holds it against a full one.
func (s *keptShop) runs(t *testing.T, after time.Duration) *keptRun {
	t.Helper()
	found, _, diff := s.store.both(t.Context(), s.Evaluator, evaluate.New(s.db, s.program), s.options(t, after))
	require.Empty(t, diff)
	return found
}

// begins makes a run that does not continue the one before, for a reason.
func (s *keptShop) begins(t *testing.T, after time.Duration, reason string) *keptRun {
	t.Helper()
	found := s.runs(t, after)
	require.Equal(t, reason, found.Full)
	return found
}

// continues makes a run that continues the one before, with changes.
func (s *keptShop) continues(t *testing.T, after time.Duration, changes ...string) *keptRun {
	t.Helper()
	found := s.runs(t, after)
	require.Empty(t, found.Full)
	require.Equal(t, s.store.runs-1, found.Base)
	require.ElementsMatch(t, changes, found.changes)
	return found
}

// keptShopAtNoon has made its first run, at noon.
func keptShopAtNoon(t *testing.T, change map[string]string) *keptShop {
	t.Helper()
	s := newKeptShop(t, change)
	s.begins(t, 0, noRun)
	return s
}

// The reasons that many cases have.
const (
	noRun          = "there is no run to continue from"
	otherMeaning   = "the definitions, the mapping or the program changed since the last run"
	notLater       = "the last run is not of an earlier as-of"
	tooManyRows    = "a customer has more rows than the kept counters count"
	day1           = 24 * time.Hour
	onlyMicro      = time.Microsecond
	keptNothing    = "the last run kept nothing to continue from"
	keptUnreadable = "what the last run kept cannot be read"
)

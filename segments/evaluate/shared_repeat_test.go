package evaluate_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/evaluate"
	"strata/sql/dialect"
	"strata/sql/warehouse"
)

// repeatTables are as many rows as several threads read at once, in no order.
var repeatTables = []string{
	`CREATE TABLE customers AS SELECT i AS customer_id, (['DE', 'AT', 'FR', NULL])[1 + i % 4] AS country FROM range(2000) AS t(i)`,
	`CREATE TABLE orders AS SELECT i AS order_id, (i * 7919 + i // 13) % 1900 AS customer_id,
		TIMESTAMPTZ '2026-01-15 11:00:00+00' - to_minutes((i * 104729) % 500000) AS ordered_at, CAST((i * 31337) % 100000 / 100 AS DECIMAL(12,2)) AS amount,
		sin(i) * 1000 AS weight, (['paid', 'open', 'gone'])[1 + (i // 7) % 3] AS status, (['a', 'b', 'c', 'd', NULL])[1 + i % 5] AS item
		FROM range(500000) AS t(i)`,
}

const repeatProject = `
warehouse: warehouse.duckdb
timezone: Europe/Berlin
sources:
  customers: {table: customers, key: customer_id}
  orders: {table: orders, customer: customer_id, at: ordered_at, id: order_id, amount: amount, status: status}
streams:
  order: {from: orders}
  paid: {from: orders, where: "status = 'paid'"}
`

const repeatSchema = `
sources:
  customers: {customer_id: BIGINT, country: VARCHAR}
  orders: {order_id: BIGINT, customer_id: BIGINT, ordered_at: TIMESTAMPTZ, amount: "DECIMAL(12,2)", weight: DOUBLE, status: VARCHAR, item: VARCHAR}
`

const repeatDefinitions = `
traits:
  spent: {value: sum(order.amount) ever}
  heavy: {value: sum(paid.weight) last 6 months}
  fresh:
    range: 0..1000000
    score:
      - {points: 1.5, of: count(order) ever, half_life: 30 days}
      - {points: 0.25, of: sum(order.amount where item = 'a') ever, half_life: 90 days}
  share: {value: percentile(spent within country)}
  basket: {value: avg(order.amount) last 3 months}
  middle: {value: median(paid.weight) ever}
segments:
  best: {where: share >= 90}
  often: {where: "count(order where item in ('a', 'b') and status = 'paid') last 3 months >= 10 or best"}
  lately: {where: "sequence(order where item = 'a' then not order where item = 'b' within 6 hours, early) last 30 days"}
  spread: {where: "distinct(order.item) last 30 days >= 3 and periods(order per 1 week) last 8 weeks >= 6"}
  habit: {where: "most_frequent(order.item) ever = 'c' or last(order.status) ever = 'gone'"}
  ranked: {where: "rank(basket among often) <= 100 and not lately"}
partitions:
  size:
    over: share
    bands: [top: '>= 75', low: '< 25', none: missing, rest: else]
`

// repeatShop opens the file with some threads and some memory.
func repeatShop(t *testing.T, path string, threads int, memory string) *evaluate.Evaluator {
	t.Helper()
	db, err := warehouse.Open(t.Context(), warehouse.Config{Warehouse: path, Threads: threads, MemoryLimit: memory})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	set, problems := definition.Load(fstest.MapFS{
		"strata.yaml": {Data: []byte(repeatProject)}, "strata.schema.yaml": {Data: []byte(repeatSchema)},
		"segments/all.yaml": {Data: []byte(repeatDefinitions)},
	}, "")
	require.False(t, problems.HasErrors(), problems.Error())
	program, problems := check.Check(set)
	require.False(t, problems.HasErrors(), problems.Error())
	return evaluate.New(db, program)
}

// TestSharedDoesNotDependOnTheMachine opens one file with one thread and two,
// with little memory and much, and evaluates the same rules on it: traits are
// compared with values that customers have, to the last digit.
func TestSharedDoesNotDependOnTheMachine(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "warehouse.duckdb")
	require.NoError(t, warehouse.Build(t.Context(), path, repeatTables))
	var rules []string
	want := map[string][]string{}
	for i, machine := range []struct {
		threads int
		memory  string
	}{{2, "2GB"}, {1, "2GB"}, {2, "250MB"}, {1, "250MB"}} {
		e := repeatShop(t, path, machine.threads, machine.memory)
		if i == 0 {
			rules = exactRules(t, e)
			require.Greater(t, len(rules), 20)
		}
		if i == 0 {
			want = repeatAnswers(t, e, rules)
		}
		require.Equal(t, want, repeatAnswers(t, e, rules), "%+v", machine)
	}
	for _, rule := range rules {
		require.NotEmpty(t, want[rule], rule)
	}
	require.Len(t, slices.Concat(want["size.top"], want["size.low"], want["size.none"], want["size.rest"]), 2000)
}

// exactRules compare the traits with values that customers have, as their own
// statements say.
func exactRules(t *testing.T, e *evaluate.Evaluator) []string {
	t.Helper()
	var rules []string
	for _, trait := range e.Program().Traits {
		values, err := e.Values(t.Context(), trait, tinyNoon)
		require.NoError(t, err)
		again, err := e.Values(t.Context(), trait, tinyNoon)
		require.NoError(t, err)
		require.Equal(t, values, again, trait.DefinitionName())
		for _, key := range []string{"7", "700", "1403", "1899"} {
			switch v := values[key].(type) {
			case dialect.Decimal:
				rules = append(rules, fmt.Sprintf("%s = %s", trait.DefinitionName(), v), fmt.Sprintf("%s >= %s", trait.DefinitionName(), v))
			case float64:
				rules = append(rules, fmt.Sprintf("%s >= %s", trait.DefinitionName(), strings.TrimPrefix(fmt.Sprintf("%.9f", v-1e-9), "+")))
			default:
				require.Nil(t, v, "%s of %s is a %T", trait.DefinitionName(), key, v)
			}
		}
	}
	slices.Sort(rules)
	return slices.Compact(rules)
}

// repeatAnswers are the members of all definitions and rules, and of stages.
func repeatAnswers(t *testing.T, e *evaluate.Evaluator, rules []string) map[string][]string {
	t.Helper()
	definitions, err := e.Program().Select(nil)
	require.NoError(t, err)
	for _, text := range rules {
		definitions = append(definitions, tiny{program: e.Program()}.segment(t, text))
	}
	words, err := e.Words(t.Context(), definitions, tinyNoon)
	require.NoError(t, err)
	answers := map[string][]string{}
	for _, unit := range words.Plan.Units {
		require.Empty(t, unit.Alone)
		p, ok := unit.Definition.(*check.Partition)
		if !ok {
			answers[called(unit.Definition)], err = words.Keys(t.Context(), unit.Members)
			require.NoError(t, err)
			continue
		}
		for i, stage := range p.Stages {
			answers[p.DefinitionName()+"."+stage.Name], err = words.Keys(t.Context(), unit.InStage(i))
			require.NoError(t, err)
		}
	}
	require.NoError(t, words.Close(t.Context()))
	return answers
}

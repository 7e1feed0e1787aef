package suite_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// Values are typed by their columns; columns that are not given are missing.
const values = `traits:
  at_of_json: {value: last(product_view.seen_at) ever, tests: [
    {name: offset in JSON, given: {events: [{type: product_view, seen_at: -2 hours, at: -1 day}]}, expect: {value: 2026-01-15 10:00}},
    {name: reading in JSON, given: {events: [{type: product_view, seen_at: 2026-01-10 08:00, at: -1 day}]}, expect: {value: 2026-01-10 08:00}},
    {name: instant in JSON, given: {events: [{type: product_view, seen_at: "2026-01-10 08:00:00Z", at: -1 day}]}, expect: {value: 2026-01-10 09:00}}]}
  price_of_json: {value: sum(product_view.price) ever, tests: [
    {name: parts of JSON, given: {events: [{type: product_view, price: 12.34, page: a/b, gift: true, at: -1 day}]}, expect: {value: 12.34}},
    {name: a null in JSON, given: {events: [{type: product_view, price: null, gift: false, at: -1 day}]}, expect: {value: 0}}]}
  page_of_json: {value: last(product_view.page where gift) ever, tests: [
    {name: text in JSON, given: {events: [{type: product_view, price: 1, page: "5", gift: true, at: -1 day}]}, expect: {value: "5"}},
    {name: false in JSON, given: {events: [{type: product_view, page: x, gift: false, at: -1 day}]}, expect: {value: missing}}]}
  fit: {value: preferences.size.fit, tests: [
    {name: parts of a STRUCT, given: {customer: {preferences.brand: Acme, preferences.size.fit: slim}}, expect: {value: slim}},
    {name: a part that is missing, given: {customer: {preferences.brand: Acme}}, expect: {value: missing}}]}
  brand: {value: preferences.brand, tests: [
    {name: the other part, given: {customer: {preferences.brand: Acme, preferences.size.fit: slim}}, expect: {value: Acme}}]}
  is_tagged: {value: "has(tags, 'a, b')", tests: [
    {name: a list, given: {customer: {tags: [x, "a, b"]}}, expect: {value: true}},
    {name: an empty list, given: {customer: {tags: []}}, expect: {value: false}},
    {name: no list, given: {customer: {tags: null}}, expect: {value: false}}]}
  age: {value: days_since(birth_date), tests: [
    {name: an offset in a DATE, given: {customer: {birth_date: -3 days}}, expect: {value: 3}},
    {name: a day in a DATE, given: {customer: {birth_date: 2026-01-01}}, expect: {value: 14}}]}
  consent_text: {value: email_consent, tests: [
    {name: an ENUM by its role, given: {customer: {consent: denied}}, expect: {value: denied}},
    {name: wrong ENUM, given: {customer: {consent: maybe}}, expect: {value: maybe}}]}
  joined: {value: days_since(created_at), tests: [
    {name: created two years before, expect: {value: 731}},
    {name: created when it says, given: {customer: {created_at: -5 days}}, expect: {value: 5}},
    {name: created never, given: {customer: {created_at: null}}, expect: {value: missing}}]}
  last_id: {value: last(any_event.source) ever, tests: [
    {name: two sources of one table, given: {visits: [{type: x, source: web, at: -1 day}]}, expect: {value: web}}]}
  plan: {value: last(product_view.plan_type) ever, tests: [
    {name: a column with a blank, given: {events: [{type: product_view, plan_type: gold, at: -1 day}]}, expect: {value: gold}}]}
  local: {value: max(order.at) ever, tests: [
    {name: an offset in another zone, given: {orders: [{amount: 1, at: -1 hour}]}, expect: {value: "2026-01-15 10:00:00Z"}},
    {name: a reading stays as it stands, given: {orders: [{amount: 1, at: 2026-01-15 08:00}]}, expect: {value: "2026-01-15 08:00:00Z"}},
    {name: an instant is turned, given: {orders: [{amount: 1, at: "2026-01-15T08:00:00+01:00"}]}, expect: {value: "2026-01-15 07:00:00Z"}}]}
  fine: {value: max(order.amount) ever, tests: [
    {name: wrong scale, given: {orders: [{amount: 1.005, at: -1 day}]}, expect: {value: 1.01}},
    {name: zeros fit, given: {orders: [{amount: 1.0000, at: -1 day}]}, expect: {value: 1}}]}
  many: {value: points, tests: [
    {name: wrong size, given: {customer: {points: 99999999999}}, expect: {value: 1}},
    {name: a negative number, given: {customer: {points: -3}}, expect: {value: -3}}]}
  twice: {value: max(order.amount) ever, tests: [
    {name: wrong twice, given: {orders: [{amount: 1, total: 2, at: -1 day}]}, expect: {value: 1}}]}
`

var refused = map[string]string{
	"wrong ENUM":  "could not convert",
	"wrong scale": "row 1 of orders: amount: 1.005 does not fit DECIMAL(12,2)",
	"wrong size":  "convert",
	"wrong twice": "row 1 of orders: total: is given twice, by its own name and by its role",
}

func TestValues(t *testing.T) {
	found := messages(run(t, load(t, values)))
	require.Len(t, found, strings.Count(values, "{name: "))
	for name, message := range found {
		if part, ok := refused[name]; ok {
			require.Contains(t, strings.ToLower(message), strings.ToLower(part), name)
			continue
		}
		require.Empty(t, message, name)
	}
}

// idProject has an id of a type, and a list and a date inside of JSON text.
func idProject(id string) fstest.MapFS {
	return fstest.MapFS{
		"strata.yaml": {Data: []byte(`warehouse: w.duckdb
timezone: UTC
sources:
  customers: {table: c, key: k}
  orders: {table: o, customer: c, at: t, id: n, fields: {words: {path: doc.words, type: list}, day_of: {path: doc.day, type: date}}}
streams: {order: {from: orders}}
`)},
		"strata.schema.yaml": {Data: []byte(`sources:
  customers: {k: BIGINT}
  orders: {c: BIGINT, t: TIMESTAMPTZ, n: "` + id + `", doc: VARCHAR, v: VARCHAR}
`)},
		"segments/a.yaml": {Data: []byte(`params: {back: 3}
traits:
  newest:
    value: last(order.v) last $back days
    tests:
      - {name: in order, given: {orders: [{v: a, at: -$back days}, {v: b, at: -$back days}]}, expect: {value: b}}
  tagged:
    value: count(order where has(words, 'x') and day_of = date '2026-01-14') ever
    tests:
      - {name: inside of JSON, given: {orders: [{words: [x, y], day_of: -1 day, at: -1 day}, {words: null, day_of: null, at: -1 day}]}, expect: {value: 1}}
`)},
	}
}

// Offsets can name a param, and ids count up in their own type.
func TestIDsOfEveryType(t *testing.T) {
	for _, id := range []string{"INTEGER", "DOUBLE", "DECIMAL(9,2)", "VARCHAR", "UUID", "DATE", "TIMESTAMP", "TIMESTAMPTZ"} {
		found := messages(run(t, loadFiles(t, idProject(id))))
		require.Equal(t, map[string]string{"in order": "", "inside of JSON": ""}, found, id)
	}
	// Of what cannot be counted ids stay missing, and the rows are kept.
	for _, id := range []string{"BOOLEAN", "ENUM('a', 'b')"} {
		require.Empty(t, messages(run(t, loadFiles(t, idProject(id))))["inside of JSON"], id)
	}
}

// Rows come in the order of the file: ids count up, so that of two rows at one
// moment the second is the last, also when there are ten of them.
func TestIDsCountUp(t *testing.T) {
	var rows []string
	for i := range 12 {
		rows = append(rows, fmt.Sprintf("{type: product_view, category: c%d, at: -1 hour}", i))
	}
	found := messages(run(t, load(t, `traits:
  first_seen: {value: first(product_view.category) ever, tests: [{name: first, given: {events: [`+strings.Join(rows, ", ")+`]}, expect: {value: c0}}]}
  last_seen: {value: last(product_view.category) ever, tests: [{name: last, given: {events: [`+strings.Join(rows, ", ")+`]}, expect: {value: c11}}]}
  last_order: {value: last(order.status) ever, tests: [{name: text, given: {orders: [{status: a, at: -1 day}, {status: b, at: -1 day}]}, expect: {value: b}},
    {name: given, given: {orders: [{status: a, at: -1 day, id: z}, {status: b, at: -1 day}]}, expect: {value: a}}]}
`)))
	require.Equal(t, map[string]string{"first": "", "last": "", "text": "", "given": ""}, found)
}

// A test may name its own moment, as a day or a time, with or without an
// offset; the default is noon in Berlin.
func TestAsOf(t *testing.T) {
	found := messages(run(t, load(t, `traits:
  newest:
    value: max(product_view.at) ever
    tests:
      - {name: default, given: {events: [{type: product_view, at: -1 second}]}, expect: {value: "2026-01-15T10:59:59Z"}}
      - {name: a day, as_of: 2026-07-01, given: {events: [{type: product_view, at: -1 second}]}, expect: {value: "2026-06-30T21:59:59Z"}}
      - {name: a time, as_of: 2026-07-01 10:00, given: {events: [{type: product_view, at: -1 day}]}, expect: {value: "2026-06-30T08:00:00Z"}}
      - {name: an instant, as_of: "2026-07-01T10:00:00Z", given: {events: [{type: product_view, at: -1 day}]}, expect: {value: "2026-06-30T10:00:00Z"}}
      - {name: over the change of clocks, as_of: 2026-03-29 12:00, given: {events: [{type: product_view, at: -1 day}]}, expect: {value: "2026-03-28T11:00:00Z"}}
      - {name: a month back, as_of: 2026-03-30 12:00, given: {events: [{type: product_view, at: -1 month}]}, expect: {value: "2026-02-28T23:00:00Z"}}
      - {name: at as-of is not there, given: {events: [{type: product_view, at: +0 days}]}, expect: {value: missing}}
      - {name: later is not there, given: {events: [{type: product_view, at: +14 days}]}, expect: {value: missing}}
`)))
	for name, message := range found {
		require.Empty(t, message, name)
	}
	require.Len(t, found, 8)
}

// Who is created at as-of is no customer yet.
func TestNotYetCustomer(t *testing.T) {
	found := messages(run(t, load(t, `segments:
  all_of_them:
    where: points is missing
    tests:
      - {name: not yet, given: {customer: {created_at: +1 day}}, expect: {member: false, contactable: false}}
      - {name: wrong not yet, given: {customer: {created_at: +0 days}}, expect: {member: true}}
      - {name: wrong leaves, given: {customer: {created_at: +1 day}}, expect: {failing: []}}
partitions:
  halves: {stages: [{has: points is not missing}, {none: else}], tests: [
    {name: wrong stage, given: {customer: {created_at: +1 day}}, expect: {stage: none}}]}
`)))
	const later = "the customer was created at or after the as-of, and so is no customer yet"
	require.Equal(t, map[string]string{
		"not yet": "", "wrong not yet": "expected member true, got false\n" + later, "wrong leaves": later, "wrong stage": later,
	}, found)
}

// Lists, samples and ranks see keys and other customers: such tests get the
// warehouse for themselves, and a made-up key is on no list.
func TestAlone(t *testing.T) {
	found := messages(run(t, load(t, `lists:
  known_vips: {file: lists/known_vips.csv, column: customer_id}
segments:
  vip:
    where: {any: [known_vips, {rich: points > 10}]}
    tests:
      - {name: on the list, given: {customer: {customer_id: 77}}, expect: {member: true, failing: [rich]}}
      - {name: the same key again, given: {customer: {customer_id: 77}}, expect: {member: true}}
      - {name: on no list by accident, expect: {member: false, failing: [known_vips, rich]}}
      - {name: leading zeros, given: {customer: {customer_id: "077"}}, expect: {member: true}}
  best:
    where: percentile(points) >= 50 and rank(points) = 1
    tests:
      - {name: the only one, given: {customer: {points: 1}}, expect: {member: true}}
      - {name: the only one too, given: {customer: {points: 2}}, expect: {member: true}}
      - {name: without points, expect: {member: false, failing: [c1, c2]}}
  picked:
    where: sample(100%, 'x') and best
    tests:
      - {name: everybody, given: {customer: {points: 1}}, expect: {member: true}}
  by_sql:
    sql: "SELECT customer_id FROM customers WHERE created_at < $as_of AND (SELECT count(*) FROM customers) = 1"
    tests:
      - {name: alone in SQL, expect: {member: true}}
      - {name: wrong in SQL, expect: {member: false}}
`)))
	require.Contains(t, found["wrong in SQL"], "expected member false, got true")
	delete(found, "wrong in SQL")
	for name, message := range found {
		require.Empty(t, message, name)
	}
	require.Len(t, found, 9)
}

// One test whose rows cannot be stored does not harm those it would share the
// warehouse with.
func TestOneBadTest(t *testing.T) {
	found := messages(run(t, load(t, `traits:
  sum_of_points:
    value: points
    tests:
      - {name: good, given: {customer: {points: 1}}, expect: {value: 1}}
      - {name: bad, given: {customer: {points: 99999999999}}, expect: {value: 1}}
      - {name: good too, given: {customer: {points: 2}}, expect: {value: 2}}
`)))
	require.Empty(t, found["good"])
	require.Empty(t, found["good too"])
	require.Contains(t, found["bad"], "store the given rows")
}

// keyProject has keys of a type and customers that keep history.
func keyProject(key string) fstest.MapFS {
	return fstest.MapFS{
		"strata.yaml": {Data: []byte(`warehouse: w.duckdb
timezone: UTC
sources:
  customers: {table: c, key: k, created_at: born, valid_from: since, valid_to: until}
  orders: {table: o, customer: c, at: t, id: n}
streams: {order: {from: orders}}
`)},
		"strata.schema.yaml": {Data: []byte(`sources:
  customers: {k: "` + key + `", born: DATE, since: TIMESTAMP, until: TIMESTAMP, plan: VARCHAR}
  orders: {c: "` + key + `", t: DATE, n: INTEGER}
`)},
		"segments/a.yaml": {Data: []byte(`segments:
  gold:
    where: plan = 'gold' and count(order) last 3 days = 1
    tests:
      - {name: in, given: {customer: {plan: gold}, orders: [{at: -2 days}]}, expect: {member: true}}
      - {name: out, given: {customer: {plan: gold}}, expect: {member: false, failing: [c2]}}
      - {name: before the version, given: {customer: {plan: gold, valid_from: +1 day}, orders: [{at: -2 days}]}, expect: {member: false, failing: [c1]}}
`)},
	}
}

// Keys are made up by their type, and a version of a customer is valid from
// the start.
func TestKeys(t *testing.T) {
	for _, key := range []string{"BIGINT", "TINYINT", "UHUGEINT", "VARCHAR", "UUID", "ENUM('it''s one', 'two')"} {
		found := messages(run(t, loadFiles(t, keyProject(key))))
		require.Equal(t, map[string]string{"in": "", "out": "", "before the version": ""}, found, key)
	}
}

// A type in strata.schema.yaml that is more than a type is refused.
func TestTypesAreOnlyTypes(t *testing.T) {
	for _, kind := range []string{"VARCHAR); DROP TABLE o; --", "INTEGER, x INTEGER", "INTEGER DEFAULT (1+1)", "BIGINT)("} {
		files := keyProject("BIGINT")
		text := string(files["strata.schema.yaml"].Data)
		files["strata.schema.yaml"].Data = []byte(strings.Replace(text, "plan: VARCHAR", `plan: VARCHAR, odd: "`+kind+`"`, 1))
		program := loadFiles(t, files)
		_, err := runWith(t, program)
		require.Error(t, err, kind)
		require.Contains(t, err.Error(), "odd")
	}
}

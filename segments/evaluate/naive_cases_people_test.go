package evaluate_test

import "testing"

const lively = "segments:\n  lively: {where: count(view) last 7 days >= 1}\n"

// Who is there, and what a rule was worth at another time.
var overTimeCases = []handCase{
	{
		name: "the population", rule: "count(view) ever",
		customers: []string{"a created_at=2026-01-15T12:00+01:00", "b created_at=2026-01-15T11:59:59.999999+01:00", "c"}, want: "0 0",
	},
	{name: "as of an earlier time", rule: "lively as of 30 days ago", more: lively, rows: []string{"view 2025-12-12T12:00+01:00"}, want: "true"},
	{name: "and now", rule: "lively", more: lively, rows: []string{"view 2025-12-12T12:00+01:00"}, want: "false"},
	{name: "as of a date", rule: "lively as of date '2025-12-13'", more: lively, rows: []string{"view 2025-12-12T12:00+01:00"}, want: "true"},
	{name: "as of the row itself it is not there yet", rule: "lively as of timestamp '2025-12-12 12:00'", more: lively, rows: []string{"view 2025-12-12T12:00+01:00"}, want: "false"},
	{name: "who was not there is in nothing", rule: "quiet as of 30 days ago", more: "segments:\n  quiet: {where: count(view) ever = 0}\n", customers: []string{"a created_at=2026-01-01T12:00+01:00", "b created_at=2025-01-01T12:00+01:00"}, want: "false true"},
	{name: "nor in its opposite's", rule: "not (quiet as of 30 days ago)", more: "segments:\n  quiet: {where: count(view) ever = 0}\n", customers: []string{"a created_at=2026-01-01T12:00+01:00", "b created_at=2025-01-01T12:00+01:00"}, want: "true false"},
	{name: "and has no value", rule: "views as of 30 days ago", more: "traits:\n  views: {value: count(view) ever}\n", customers: []string{"a created_at=2026-01-01T12:00+01:00", "b created_at=2025-01-01T12:00+01:00"}, want: "missing 0"},
	{name: "as of inside as of", rule: "formerly as of 10 days ago", more: "traits:\n  views: {value: count(view) ever}\n  formerly: {value: views as of 10 days ago}\n", rows: []string{"view 2025-12-26T11:59+01:00", "view 2025-12-26T12:00+01:00"}, want: "1"},
	{name: "held from the row on", rule: "(count(view) last 7 days >= 1) for 3 days", rows: []string{"view 2026-01-12T12:00+01:00"}, want: "true"},
	{name: "begun a microsecond too late", rule: "(count(view) last 7 days >= 1) for 3 days", rows: []string{"view 2026-01-12T12:00:00.000001+01:00"}, want: "false"},
	{name: "held to the last instant", rule: "(count(view) last 7 days >= 1) for 3 days", rows: []string{"view 2026-01-08T12:00+01:00"}, want: "true"},
	{name: "ended a microsecond too early", rule: "(count(view) last 7 days >= 1) for 3 days", rows: []string{"view 2026-01-08T11:59:59.999999+01:00"}, want: "false"},
	{name: "held by one row after the other", rule: "(count(view) last 1 day >= 1) for 3 days", rows: []string{"view 2026-01-12T12:00+01:00", "view 2026-01-13T12:00+01:00", "view 2026-01-14T12:00+01:00"}, want: "true"},
	{name: "with a gap of a microsecond between", rule: "(count(view) last 1 day >= 1) for 3 days", rows: []string{"view 2026-01-12T12:00+01:00", "view 2026-01-13T12:00:00.000001+01:00", "view 2026-01-14T12:00+01:00"}, want: "false"},
	{name: "moments before creation count as false", rule: "(count(view) ever = 0) for 3 days", customers: []string{"a created_at=2026-01-12T12:00+01:00", "b created_at=2026-01-12T12:00:00.000001+01:00", "c"}, want: "true false true"},
	{name: "a calendar window that changed at midnight", rule: "(count(view) today >= 1) for 11 hours", rows: []string{"view 2026-01-15T00:30+01:00"}, want: "true"},
	{name: "and had not begun", rule: "(count(view) today >= 1) for 12 hours", rows: []string{"view 2026-01-15T00:30+01:00", "view 2026-01-14T00:30+01:00"}, want: "false"},
	{name: "history as it is now", rule: "country", history: true, customers: []string{"a country=DE valid_from=2025-01-01T00:00+01:00 valid_to=2025-12-20T00:00+01:00", "a country=AT valid_from=2025-12-20T00:00+01:00"}, want: "AT"},
	{name: "a version begins after its start", rule: "country", history: true, asOf: "2025-12-20T00:00+01:00", customers: []string{"a country=DE valid_from=2025-01-01T00:00+01:00 valid_to=2025-12-20T00:00+01:00", "a country=AT valid_from=2025-12-20T00:00+01:00"}, want: "DE"},
	{name: "history as it was", rule: "country as of 30 days ago", history: true, customers: []string{"a country=DE valid_from=2025-01-01T00:00+01:00 valid_to=2025-12-20T00:00+01:00", "a country=AT valid_from=2025-12-20T00:00+01:00"}, want: "DE"},
	{name: "before all history fields are missing", rule: "country", history: true, asOf: "2025-01-01T00:00+01:00", customers: []string{"a country=DE valid_from=2025-01-01T00:00+01:00"}, want: "missing"},
	{name: "after it ended too", rule: "country", history: true, customers: []string{"a country=DE valid_from=2025-01-01T00:00+01:00 valid_to=2025-12-20T00:00+01:00"}, want: "missing"},
	{name: "a field that held", rule: "(country = 'AT') for 26 days", history: true, customers: []string{"a country=DE valid_from=2025-01-01T00:00+01:00 valid_to=2025-12-20T12:00+01:00", "a country=AT valid_from=2025-12-20T12:00+01:00"}, want: "true"},
	{name: "and not for longer", rule: "(country = 'AT') for 27 days", history: true, customers: []string{"a country=DE valid_from=2025-01-01T00:00+01:00 valid_to=2025-12-20T12:00+01:00", "a country=AT valid_from=2025-12-20T12:00+01:00"}, want: "false"},
}

const tiers = `partitions:
  tier:
    stages:
      - gold: age >= 10
      - silver: age >= 5
      - none: else
`

// ages are data of several cases.
var ages = []string{"a age=10 country=DE", "b age=20 country=DE", "c age=20 country=AT", "d age=30 country=AT", "e country=AT"}

// Definitions that refer to each other.
var definitionsCases = []handCase{
	{name: "percentile", rule: "percentile(age)", customers: ages, want: "12.5 50 50 87.5 missing"},
	{name: "rank", rule: "rank(age)", customers: ages, want: "4 2 2 1 missing"},
	{name: "percentile within a group", rule: "percentile(age within country)", customers: ages, want: "25 75 25 75 missing"},
	{name: "percentile among some", rule: "percentile(age among old)", more: "segments:\n  old: {where: age >= 20}\n", customers: ages, want: "missing 33.333333333333336 33.333333333333336 83.33333333333333 missing"},
	{name: "rank within a missing group", rule: "rank(age within plan)", customers: ages, want: "missing missing missing missing missing"},
	{name: "a sample by the hash of salt and key", rule: "sample(71%, 's')", customers: []string{"a", "b", "c", "d"}, want: "true false true true"},
	{name: "the threshold is excluded", rule: "sample(12.13%, 's')", customers: []string{"a", "b", "c", "d"}, want: "false false true false"},
	{name: "and reached just above", rule: "sample(12.14%, 's')", customers: []string{"a", "b", "c", "d"}, want: "false false true true"},
	{name: "a list", rule: "chosen", more: "lists:\n  chosen: {file: lists/chosen.csv, column: customer_id}\n", customers: []string{"a", "b", "c"}, want: "true true false"},
	{name: "who is not on it", rule: "not chosen", more: "lists:\n  chosen: {file: lists/chosen.csv, column: customer_id}\n", customers: []string{"a", "b", "c"}, want: "false false true"},
	{name: "the first stage that holds", rule: "tier", more: tiers, customers: []string{"a age=12", "b age=5", "c age=1", "d"}, want: "gold silver none none"},
	{name: "a stage as a test", rule: "tier = 'silver'", more: tiers, customers: []string{"a age=12", "b age=5"}, want: "false true"},
	{name: "a stage of a row's customer", rule: "count(view where item = customer.tier) ever", more: tiers, customers: []string{"a age=12", "b age=5"}, rows: []string{"view 2026-01-01T10:00Z item=gold", "view @b 2026-01-01T10:00Z item=gold"}, want: "1 0"},
	{
		name: "bands", customers: []string{"a age=12", "b age=5", "c age=7", "d"}, want: "high low low unknown",
		rule: "\npartitions:\n  rule:\n    over: age\n    bands: [high: '>= 10', unknown: missing, low: else]\n",
	},
	{
		name: "a score with caps and clamp", customers: []string{"a vip=true age=2", "b vip=false", "c age=50"}, want: "33 10 100",
		rule: `
traits:
  rule:
    range: 0..100
    score:
      - {points: 10, of: count(view) ever, cap: 15}
      - {points: 4, of: vip}
      - {points: 2, of: age}
      - {points: -5, of: count(cart) ever, cap: 8}
      - {points: 2.5, of: count(order) ever}
`,
		rows: []string{"view 2026-01-01T10:00Z", "view 2026-01-01T11:00Z", "order 2026-01-01T11:00Z", "order 2026-01-01T11:00Z", "order 2026-01-01T11:00Z", "order 2026-01-01T11:00Z", "view @b 2026-01-01T10:00Z", "view @c 2026-01-01T10:00Z", "cart @c 2026-01-01T10:00Z"},
	},
	{
		name: "a score below its range", customers: []string{"a"}, want: "-3",
		rule: "\ntraits:\n  rule:\n    range: -3..3\n    score:\n      - {points: -5, of: count(view) ever, cap: 8}\n", rows: []string{"view 2026-01-01T11:00Z", "view 2026-01-01T11:00Z"},
	},
	{
		name: "half-lives", want: "7.5",
		rule: "\ntraits:\n  rule:\n    range: 0..100\n    score:\n      - {points: 10, of: count(view) ever, half_life: 1 day}\n", rows: []string{"view 2026-01-14T12:00+01:00", "view 2026-01-13T12:00+01:00"},
	},
	{
		name: "half-lives of a sum", want: "5.25",
		rule: "\ntraits:\n  rule:\n    range: 0..100\n    score:\n      - {points: 1, of: sum(order.amount) last 3 days, half_life: 24 hours}\n", rows: []string{"order 2026-01-14T12:00+01:00 amount=10", "order 2026-01-13T12:00+01:00 amount=1", "order 2026-01-12T11:00+01:00 amount=99", "order 2026-01-13T12:00+01:00"},
	},
	{
		name: "all, any and not", customers: []string{"a age=1 vip=true", "b age=1 country=DE", "c age=2 vip=true", "d age=1", "e age=1 vip=true country=AT"}, want: "true true false false false",
		rule: `
segments:
  rule:
    where:
      all:
        - young: age < 2
        - either: {any: [a: vip, b: country = 'DE']}
        - not: {c: country = 'AT'}
`,
	},
	{
		name: "a gate does not change the members", customers: []string{"a vip=true", "b"}, want: "true true",
		rule: "\nsegments:\n  rule: {where: count(view) ever = 0, gate: open}\ngates:\n  open: {where: vip}\n",
	},
	{name: "money times a share in params", rule: "balance * $share >= $floor_of", more: "params:\n  share: 0.10\n  floor_of: 5\n", customers: []string{"a balance=50", "b balance=49.99"}, want: "true false"},
}

func TestCasesOverTime(t *testing.T) { runAll(t, overTimeCases) }

func TestCasesDefinitions(t *testing.T) { runAll(t, definitionsCases) }

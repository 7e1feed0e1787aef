package check_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/source"
)

// codes lists the codes of diagnostics.
func codes(list source.List) []source.Code {
	var out []source.Code
	for _, d := range list {
		out = append(out, d.Code)
	}
	return out
}

// A gate must not let through whoever has no value; rules outside of gates
// may.
func TestGateNegations(t *testing.T) {
	for where, wrong := range map[string]bool{
		"email_consent = 'granted' and bounced = false":              false,
		"email_consent <> 'denied'":                                  true,
		"not (email_consent = 'denied')":                             true,
		"not (not (email_consent = 'granted'))":                      false,
		"not (email_consent <> 'granted')":                           false,
		"not (bounced or visits > 3)":                                true,
		"email_consent <> 'denied' and email_consent is not missing": false,
		"email_consent is missing or email_consent <> 'denied'":      false,
		"not (email_consent is blank)":                               false,
		"country not like 'X%'":                                      true,
		"not contains(country, 'X')":                                 true,
		"created_at not in last 3 days":                              true,
		"customer_id <> 5":                                           false,
		"count(email_open) last 7 days <> 3":                         false,
		"not (days_since(last order) <= 3)":                          false,
		"not (count(order where status <> 'x') ever > 3)":            false,
		"not (coalesce(bounced, true))":                              false,
		"not (visits + 1 > 3)":                                       true,
		"not blocked":                                                false,
		"{any: [{not: [{x: bounced}]}, {y: visits > 3}]}":            true,
		"{not: [{any: [{x: not bounced}, {y: email is missing}]}]}":  false,
	} {
		text := "segments:\n  blocked: {where: bounced}\n  s: {where: visits > 1, gate: g}\n  also: {where: not bounced}\ngates:\n  g:\n    where: " + quote(where) + "\n"
		_, list := load(t, files("segments/a.yaml", text))
		if wrong {
			require.Contains(t, codes(list), source.Code("E331"), where)
		} else {
			require.Empty(t, codes(list), where)
		}
	}
}

// quote writes an expression so that YAML takes it as it is; trees stay.
func quote(where string) string {
	if where[0] == '{' {
		return where
	}
	return `"` + where + `"`
}

// What stands in the way of another as-of is found through every kind of
// definition.
func TestOverTimeLooksThroughDefinitions(t *testing.T) {
	text := `
lists: {friends: {file: f.csv, column: id}}
traits:
  listed: {value: count(order where customer.friends) ever}
  scored: {range: 0..10, score: [{points: 1, of: raw}]}
  aged: {value: days_since(created_at)}
  placed: {value: percentile(sum(order.total) ever)}
  window: {value: count(order) since renews_on}
segments:
  raw: {sql: SELECT customer_id FROM customers WHERE created_at < $as_of}
  never: {where: customer_id = 3 and count(order) ever = 0}
partitions:
  stage: {stages: [{a: placed > 3}, {b: else}]}
`
	program, list := load(t, files("segments/a.yaml", text, "f.csv", "id\n1\n"))
	require.NoError(t, list.Err())
	for rule, want := range map[string][]source.Code{
		"listed as of 3 days ago > 1":   {"E313"},
		"(listed > 1) for 3 days":       {"E313"},
		"scored as of 3 days ago > 1":   {"E314"},
		"raw for 3 days":                {"E314"},
		"placed as of 3 days ago > 1":   nil,
		"(placed > 1) for 3 days":       {"E312"},
		"(stage = 'a') for 3 days":      {"E312"},
		"stage as of 3 days ago = 'a'":  nil,
		"(window > 1) for 3 days":       {"E315"},
		"(aged > 1) for 3 days":         nil,
		"never for 3 days":              nil,
		"never as of date '2026-01-01'": nil,
		"(visits > 3) for 3 days":       {"E315"},
		"(count(order where customer.visits > total) ever > 2) for 3 days": {"E315"},
	} {
		_, list := program.Rule(typed(rule))
		require.Equal(t, want, codes(list), rule)
	}
}

// Rules that look like the trap of days_since but are none give no warning.
func TestElapsedLint(t *testing.T) {
	for rule, want := range map[string]int{
		"days_since(last order) > 90":                                     1,
		"days_since(last order) >= 90 or days_since(last email_open) > 5": 2,
		"not (days_since(last order) > 90)":                               0,
		"days_since(last order) <= 90":                                    0,
		"days_since(last order) between 30 and 90":                        0,
		"days_since(last order) > visits":                                 0,
		"days_since(first order) > 90":                                    0,
		"days_since(created_at) > 90":                                     0,
		"days_until(renews_on) > 90":                                      0,
		"count(order) last 1 year >= 1 and days_since(last order) > 90":   0,
		"count(email_open) ever > 1 and days_since(last order) > 90":      1,
	} {
		_, list := load(t, files("segments/a.yaml", "segments:\n  s:\n    where: "+rule+"\n"))
		require.NoError(t, list.Err(), rule)
		require.Len(t, list, want, rule)
	}
}

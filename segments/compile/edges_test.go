package compile_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/source"
	"strata/sql/warehouse"
)

// edges is a project whose columns hold the ends of their types. One row must
// not stop a run, and no rule may take it for something else.
func edges(t *testing.T) (*check.Program, *warehouse.DB) {
	t.Helper()
	p := project(t, func(files fstest.MapFS) {
		clear(files)
		files["strata.yaml"] = &fstest.MapFile{Data: []byte(`
warehouse: w.duckdb
timezone: Europe/Berlin
sources:
  customers:
    table: customers
    key: id
    fields:
      seats: {path: extra.seats, type: integer}
      until: {path: extra.until, type: date}
  events: {table: events, customer: customer, at: ts, id: event_id}
streams:
  event: {from: events}
`)}
		files["strata.schema.yaml"] = &fstest.MapFile{Data: []byte(`
sources:
  customers: {id: BIGINT, tiny: TINYINT, small: UTINYINT, big: BIGINT, money: "DECIMAL(18,4)", weight: DOUBLE, extra: JSON, country: VARCHAR}
  events: {customer: BIGINT, ts: TIMESTAMP, event_id: BIGINT, tiny: TINYINT, small: UTINYINT}
`)}
	})
	db := filled(t, []string{
		`CREATE TABLE customers (id BIGINT, tiny TINYINT, small UTINYINT, big BIGINT, money DECIMAL(18,4), weight DOUBLE, extra JSON, country VARCHAR)`,
		`INSERT INTO customers VALUES
			(1, -128, 5, -9223372036854775808, 99999999999999.9999, 'nan', '{"seats": 5.7, "until": "soon"}', 'DE'),
			(2, 127, 255, 9223372036854775807, -99999999999999.9999, 'infinity', '{"seats": "7.0", "until": "2026-10-30"}', 'de'),
			(3, NULL, NULL, NULL, NULL, '-infinity', NULL, NULL)`,
		`CREATE TABLE events (customer BIGINT, ts TIMESTAMP, event_id BIGINT, tiny TINYINT, small UTINYINT)`,
		`INSERT INTO events SELECT 1, TIMESTAMP '2026-10-01 00:00:00', v, -128, v FROM unnest([5, 200, 200]) AS t(v)`,
		`INSERT INTO events VALUES (2, 'infinity', 1, 1, 1), (2, '-infinity', 2, 1, 1)`,
		`INSERT INTO events VALUES (3, '2026-10-02 00:00:00', NULL, 9, 9), (3, '2026-10-02 00:00:00', 1, 8, 8)`,
	})
	return p, db
}

func TestEndsOfTypes(t *testing.T) {
	p, db := edges(t)
	compiler := compile.New(p, compile.Options{AsOf: asOf})
	for rule, want := range map[string]string{
		"-tiny = 128":       "1",
		"-small = -5":       "1",
		"-big > 0":          "1",
		"abs(tiny) = 128":   "1",
		"abs(big) > 0":      "1 2",
		"big - 1 < 0":       "1",
		"big * big > 0":     "1 2",
		"small - 6 = -1":    "1",
		"weight is missing": "1 2 3",
		"weight * 2 > 0":    "",
		"ln(tiny) > 0":      "2",
		"big / 0 > 0":       "",
		"seats = 7":         "2",
		"seats is missing":  "1 3",
		"until in last 7 days and until < timestamp '2026-10-30 00:01'": "2",
		"until is missing": "1 3",
		"median(event.small) ever = 200 and median(event.tiny) ever = -128":             "1",
		"sum(event.tiny) ever = -384":                                                   "1",
		"count(event where nth = 2 and nth_last = 1 and event_id is missing) ever = 1":  "3",
		"last(event.tiny) ever = 9":                                                     "3",
		"count(event) last 1 year = 1":                                                  "",
		"count(event) ever = 1":                                                         "2",
		"money < 12345678901234567890123456789012345678":                                "1 2",
		"money > -1234567890123456789012345678901234567.5":                              "1 2",
		"big > 0.1234567890123456789012345678901234567":                                 "2",
		"money in (1.5, 99999999999999999999999999999999999999, 99999999999999.9999)":   "1",
		"big between 0.00000000000000000001 and 99999999999999999999999999999999999999": "2",
	} {
		statement, err := compiler.Members(ruleOf(t, p, rule))
		require.NoError(t, err, rule)
		var found []string
		for _, row := range rowsOf(t, db, statement.SQL, statement.Args...) {
			found = append(found, row[0])
		}
		require.Equal(t, want, strings.Join(found, " "), rule)
	}
}

// TestPatternsRun demands that the warehouse reads every pattern that a check
// lets through.
func TestPatternsRun(t *testing.T) {
	p, db := edges(t)
	compiler := compile.New(p, compile.Options{AsOf: asOf})
	classes := slices.Collect(maps.Keys(unicode.Scripts))
	classes = slices.AppendSeq(classes, maps.Keys(unicode.Categories))
	classes = slices.AppendSeq(classes, maps.Keys(unicode.CategoryAliases))
	patterns := []string{"(?<n>a)", "(?P<n>a)", `\Qa.b\E`, "[[:alpha:]]", "(?i:de)", "(?U)a+", "a{1000}", `\x{1F600}`, `\z`}
	for _, class := range append(classes, "Any", "ASCII", "lu") {
		patterns = append(patterns, `\p{`+class+`}`, `\P{^`+class+`}`)
	}
	ran := 0
	for _, pattern := range patterns {
		text := fmt.Sprintf("country matches '%s'", pattern)
		s, problems := p.Rule(source.WholeFile(source.NewFile("rule", text)))
		if problems.HasErrors() {
			continue
		}
		statement, err := compiler.Members(s)
		require.NoError(t, err)
		rowsOf(t, db, statement.SQL, statement.Args...)
		ran++
	}
	require.Greater(t, ran, len(unicode.Scripts))
}

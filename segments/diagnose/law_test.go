package diagnose_test

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/diagnose"
	"strata/sql/dialect"
	"strata/sql/warehouse"
)

// person and happening are rows of a random warehouse; nil is NULL.
type person struct {
	key     *int64
	consent *string
	created *time.Time
}

type happening struct {
	key          *int64
	at, loadedAt *time.Time
	kind         *string
	price        *string
}

// maybe draws a value or NULL.
func maybe[T any](t *rapid.T, g *rapid.Generator[T], label string) *T {
	if rapid.IntRange(0, 4).Draw(t, label+" is there") == 0 {
		return nil
	}
	value := g.Draw(t, label)
	return &value
}

// instants lie around the clock, often at it and at whole days from it.
var instants = rapid.Custom(func(t *rapid.T) time.Time {
	hours := rapid.SampledFrom([]int{0, 0, 1, -1, -24, -25, -48, -49, 24, -1000}).Draw(t, "hours")
	return clock.Add(time.Duration(hours)*time.Hour + time.Duration(rapid.IntRange(-1, 1).Draw(t, "microseconds"))*time.Microsecond)
})

func people(t *rapid.T) []person {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) person {
		return person{
			key: maybe(t, rapid.Int64Range(1, 8), "key"), consent: maybe(t, rapid.SampledFrom([]string{"granted", "denied"}), "consent"),
			created: maybe(t, instants, "created"),
		}
	}), 0, 8).Draw(t, "people")
}

func happenings(t *rapid.T) []happening {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) happening {
		return happening{
			key: maybe(t, rapid.Int64Range(1, 10), "key"), at: maybe(t, instants, "at"), loadedAt: maybe(t, instants, "loaded at"),
			kind:  maybe(t, rapid.SampledFrom([]string{"view", "cart", "open", "it's"}), "kind"),
			price: maybe(t, rapid.SampledFrom([]string{"1", "2.50", "n/a", "", "1e3", "12345678901234567890.5", "NaN"}), "price"),
		}
	}), 0, 12).Draw(t, "happenings")
}

// literal writes a value of a row as SQL.
func literal[T any](t require.TestingT, v *T) string {
	if v == nil {
		return "NULL"
	}
	text, err := dialect.Literal(*v)
	require.NoError(t, err)
	return text
}

func rowsInto(table string, rows []string) []string {
	if len(rows) == 0 {
		return nil
	}
	return []string{"INSERT INTO " + table + " VALUES " + strings.Join(rows, ", ")}
}

// randomProject is the small one with a price inside of JSON.
func randomProject(t *testing.T) project {
	t.Helper()
	p := small()
	p.statements = nil
	p.with("strata.yaml", replaced(t, smallProject, "id: event_id, loaded_at: loaded_at}",
		"id: event_id, loaded_at: loaded_at, fields: {price: {path: properties.price, type: decimal}}}"))
	return p.with("strata.schema.yaml", replaced(t, smallSchema, "kind: VARCHAR, loaded_at: TIMESTAMPTZ}", "kind: VARCHAR, loaded_at: TIMESTAMPTZ, properties: JSON}"))
}

// counted are the numbers of findings, by code and subject.
func counted(findings []diagnose.Finding) map[string]int64 {
	counts := map[string]int64{}
	for _, f := range findings {
		if f.Count != nil && f.Subject != "" && f.Check != diagnose.Temporary && f.Code != "streams" && f.Code != "keys" && f.Code != "no_stream" {
			counts[f.Code+" "+f.Subject] = *f.Count
		}
	}
	return counts
}

// What is found in random rows is what plain Go counts in them.
func TestWhatIsCountedIsThere(t *testing.T) {
	dir := randomProject(t).make(t)
	o := options(t, dir)
	rapid.Check(t, func(rt *rapid.T) {
		persons, events := people(rt), happenings(rt)
		statements := []string{smallTables[0], smallTables[2], "ALTER TABLE events ADD COLUMN properties JSON", smallTables[4]}
		var rows []string
		for _, p := range persons {
			rows = append(rows, fmt.Sprintf("(%s, 'DE', %s, %s)", literal(rt, p.key), literal(rt, p.consent), literal(rt, p.created)))
		}
		statements = append(statements, rowsInto("customers", rows)...)
		rows = nil
		for i, e := range events {
			properties := "NULL"
			if e.price != nil {
				properties = `'{"price": "` + *e.price + `"}'`
			}
			rows = append(rows, fmt.Sprintf("(%d, %s, %s, %s, %s, %s)", i, literal(rt, e.key), literal(rt, e.at), literal(rt, e.kind), literal(rt, e.loadedAt), properties))
		}
		statements = append(statements, rowsInto("events", rows)...)
		require.NoError(rt, warehouse.Build(t.Context(), filepath.Join(dir, "warehouse.duckdb"), statements))

		findings, err := diagnose.Examine(t.Context(), o)
		require.NoError(rt, err)
		require.Equal(rt, naive(persons, events), counted(findings))
	})
}

// naive counts as somebody does who reads the rows one by one.
func naive(persons []person, events []happening) map[string]int64 {
	counts := map[string]int64{"rows customers": int64(len(persons)), "rows events": int64(len(events)), "rows orders": 0}
	keys := map[int64]int64{}
	for _, p := range persons {
		one(counts, "missing_consent customers", p.consent == nil)
		one(counts, "missing_created customers", p.created == nil)
		one(counts, "created_ahead customers", p.created != nil && p.created.After(clock))
		one(counts, "missing_keys customers", p.key == nil)
		if p.key != nil {
			keys[*p.key]++
		}
	}
	for _, n := range keys {
		one(counts, "repeated_keys customers", n > 1)
	}
	for _, e := range events {
		one(counts, "missing_keys events", e.key == nil)
		one(counts, "orphans events", e.key != nil && keys[*e.key] == 0)
		one(counts, "missing_times events", e.at == nil)
		one(counts, "ahead events", e.at != nil && e.at.After(clock))
		one(counts, "missing_loads events", e.loadedAt == nil)
		one(counts, "late events", e.at != nil && e.loadedAt != nil && e.loadedAt.Sub(*e.at) > 24*time.Hour)
		one(counts, "untyped events", e.kind == nil)
		one(counts, "unread events", e.price != nil && !isNumber(*e.price))
	}
	return counts
}

// one adds one where a condition holds; what is never there is not counted.
func one(counts map[string]int64, name string, holds bool) {
	if holds {
		counts[name]++
	}
}

// isNumber reports whether a text is a finite number.
func isNumber(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil && text != "NaN"
}

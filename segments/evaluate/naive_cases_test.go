package evaluate_test

import (
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/evaluate"
	"strata/sql/warehouse"
)

// handCase is a rule, data and what the rule is worth by the language's text,
// derived by hand. It runs against the naive evaluator and against SQL.
type handCase struct {
	name string
	// rule is an expression; more holds further definitions as YAML.
	rule, more string
	// asOf is 2026-01-15 noon in Berlin where it is left out.
	asOf string
	// zone replaces Berlin.
	zone string
	// customers are keys with fields, "a country=DE"; a alone where left out.
	customers []string
	// rows are "view 2026-01-14T10:00+01:00 item=x", of customer a unless "@b"
	// says otherwise. "order" is a row of orders, all else the type of an event.
	rows []string
	// want is the value for each customer, in order of keys.
	want string
	// history gives customers versions.
	history bool
	// at is the type of the rows' times, TIMESTAMPTZ where left out.
	at string
}

// run evaluates the case both ways.
func (c handCase) run(t *testing.T, db *warehouse.DB) {
	t.Helper()
	l := plainLayout()
	if c.zone != "" {
		l.zone = c.zone
	}
	if c.at != "" {
		l.time, l.eventAt, l.orderAt = c.at, c.at, c.at
		if c.at == "DATE" {
			l.time = "TIMESTAMPTZ"
		}
	}
	l.history = c.history
	l = l.described()
	definitions := map[string]string{"rule": c.definition(), listFile: "customer_id\na\n\nb\na\nnobody\n"}
	if c.more != "" {
		definitions["more"] = c.more
	}
	program, list := checked(l, definitions)
	require.False(t, list.HasErrors(), "%v", list)
	asOf := c.asOf
	if asOf == "" {
		asOf = "2026-01-15T12:00+01:00"
	}
	data := c.data(t, l)
	d, at := find(program, "rule"), moment(t, asOf)
	n := newNaive(program, data, nil)
	got := n.values(d, at)
	texts := make([]string, 0, len(got))
	for _, key := range slices.Sorted(maps.Keys(got)) {
		texts = append(texts, show(got[key]))
	}
	require.Equal(t, c.want, strings.Join(texts, " "), "the naive evaluator")
	l.load(t, db, data)
	if !overTime && needsTime(d) {
		return
	}
	require.Empty(t, difference(n, evaluate.New(db, program), d, at), "SQL disagrees with the naive evaluator")
}

// definition makes a segment of a rule that is expected to be true or false,
// and a trait of another. A rule that begins on a new line is YAML already.
func (c handCase) definition() string {
	switch word, _, _ := strings.Cut(c.want, " "); {
	case strings.HasPrefix(c.rule, "\n"):
		return c.rule
	case word == "true" || word == "false":
		return "segments:\n  rule:\n    where: >-\n      " + c.rule + "\n"
	}
	return "traits:\n  rule:\n    value: >-\n      " + c.rule + "\n"
}

func (c handCase) data(t *testing.T, l layout) tables {
	t.Helper()
	data := tables{}
	customers := c.customers
	if customers == nil {
		customers = []string{"a"}
	}
	for _, line := range customers {
		words := split(line)
		r := record{"customer_id": words[0]}
		l.set(t, r, l.tables[0], words[1:])
		data["customers"] = append(data["customers"], r)
	}
	for i, line := range c.rows {
		words := split(line)
		r := record{"customer_id": "a"}
		table, time := l.tables[1], "ts"
		if words[0] == "order" {
			table, time = l.tables[2], "ordered_at"
			r["order_id"] = int64(i + 1)
		} else {
			r["event_id"], r["event_type"] = int64(i+1), words[0]
		}
		words = words[1:]
		if strings.HasPrefix(words[0], "@") {
			r["customer_id"] = words[0][1:]
			words = words[1:]
		}
		r[time] = l.raw(t, words[0], table.physical(time))
		l.set(t, r, table, words[1:])
		data[table.source] = append(data[table.source], r)
	}
	return data
}

func (t tableOf) physical(name string) string {
	for _, c := range t.columns {
		if c.name == name {
			return c.physical
		}
	}
	panic("column " + name)
}

// set fills columns from words such as qty=3; a name with a point is a part of
// a STRUCT.
func (l layout) set(tb testing.TB, r record, t tableOf, words []string) {
	tb.Helper()
	for _, word := range words {
		name, text, ok := strings.Cut(word, "=")
		require.True(tb, ok, word)
		if whole, part, dotted := strings.Cut(name, "."); dotted {
			if r[whole] == nil {
				r[whole] = record{}
			}
			physical := "VARCHAR"
			if part == "level" || part == "depth" {
				physical = "INTEGER"
			}
			r[whole].(record)[part] = l.raw(tb, text, physical)
			continue
		}
		r[name] = l.raw(tb, text, t.physical(name))
	}
}

// raw reads a cell.
func (l layout) raw(tb testing.TB, text, physical string) any {
	tb.Helper()
	base, _, _ := strings.Cut(physical, "(")
	switch {
	case text == "NULL":
		return nil
	case strings.HasSuffix(physical, "[]"):
		list := []any{}
		for item := range strings.SplitSeq(text, ",") {
			list = append(list, l.raw(tb, item, strings.TrimSuffix(physical, "[]")))
		}
		return list
	}
	switch base {
	case "INTEGER", "BIGINT":
		n, err := strconv.ParseInt(text, 10, 64)
		require.NoError(tb, err)
		return n
	case "DECIMAL":
		exact, ok := new(big.Rat).SetString(text)
		require.True(tb, ok, text)
		return exact
	case "DOUBLE":
		f, err := strconv.ParseFloat(text, 64)
		require.NoError(tb, err)
		return f
	case "BOOLEAN":
		return text == "true"
	case "DATE":
		at, err := time.Parse(time.DateOnly, text[:10])
		require.NoError(tb, err)
		return day{at}
	case "TIMESTAMPTZ":
		return moment(tb, text)
	case "TIMESTAMP":
		return reading{moment(tb, text+"Z")}
	case "JSON":
		return jsonText(text)
	}
	return text
}

// moment reads 2026-01-15T12:00+01:00, with seconds and their parts as need
// be.
func moment(tb testing.TB, text string) time.Time {
	tb.Helper()
	for _, form := range []string{"2006-01-02T15:04Z07:00", time.RFC3339Nano} {
		if at, err := time.Parse(form, text); err == nil {
			return at.UTC()
		}
	}
	require.FailNow(tb, "no moment", text)
	return time.Time{}
}

// split cuts at the spaces outside of quotes and drops the quotes.
func split(line string) []string {
	var words []string
	word, quoted, any := "", false, false
	for _, r := range line {
		switch {
		case r == '\'':
			quoted, any = !quoted, true
		case r == ' ' && !quoted:
			if any {
				words = append(words, word)
			}
			word, any = "", false
		default:
			word += string(r)
			any = true
		}
	}
	return append(words, word)
}

// runAll runs cases by their names.
func runAll(t *testing.T, cases []handCase) {
	t.Helper()
	seen := map[string]bool{}
	db := scratch(t)
	for _, c := range cases {
		require.False(t, seen[c.name], "two cases are called %s", c.name)
		seen[c.name] = true
		t.Run(c.name, func(t *testing.T) { c.run(t, db) })
	}
}

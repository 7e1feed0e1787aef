package evaluate_test

import (
	"encoding/json"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/check"
)

// record is a row of a table by lower-case column: nil, int64, *big.Rat,
// float64, string, bool, day, reading (TIMESTAMP), time.Time (TIMESTAMPTZ),
// []any, record (STRUCT) or jsonText.
type record map[string]any

// jsonText is a value of a JSON column.
type jsonText string

// naive evaluates a program over records in memory. It shares no code with
// the compiler; it does what the language says, slowly.
type naive struct {
	program *check.Program
	zone    *time.Location
	tables  map[string][]record
	people  []*person
	rows    map[*catalog.Source]map[string][]*row
	known   map[question]value
	ordered map[*check.Stream]map[*person][]*row
	ranked  map[rankingAt]map[*person]value
}

// person is a customer: one version, or several where history is mapped.
type person struct {
	key      string
	versions []record
}

// row is a row of a source that names a customer and has a time.
type row struct {
	record record
	at     time.Time
	id     value
}

// question asks for the value of a definition for a customer at a moment.
type question struct {
	what check.Definition
	who  *person
	at   int64
}

// newNaive reads tables, given by the name of their source. Where knownAt is
// set, rows that were loaded later are not seen.
func newNaive(program *check.Program, tables map[string][]record, knownAt *time.Time) *naive {
	n := &naive{
		program: program, zone: program.Zone, tables: tables,
		rows: map[*catalog.Source]map[string][]*row{}, known: map[question]value{},
		ordered: map[*check.Stream]map[*person][]*row{}, ranked: map[rankingAt]map[*person]value{},
	}
	byKey := map[string]*person{}
	for _, r := range tables[program.Customers.Name] {
		key, ok := keyText(r[column(program.Customers.Key)])
		if !ok {
			continue
		}
		p := byKey[key]
		if p == nil {
			p = &person{key: key}
			byKey[key] = p
			n.people = append(n.people, p)
		}
		p.versions = append(p.versions, r)
	}
	for _, s := range program.Sources {
		if s == program.Customers {
			continue
		}
		n.rows[s] = map[string][]*row{}
		for _, r := range tables[s.Name] {
			key, ok := keyText(r[column(s.Key)])
			at := n.read(s, s.At, r)
			if !ok || at == nil || n.loadedAfter(s, r, knownAt) {
				continue
			}
			var id value
			if s.ID != nil {
				id = n.read(s, s.ID, r)
			}
			n.rows[s][key] = append(n.rows[s][key], &row{record: r, at: n.instant(at), id: id})
		}
	}
	return n
}

// loadedAfter reports whether a row came later than what is known.
func (n *naive) loadedAfter(s *catalog.Source, r record, knownAt *time.Time) bool {
	if knownAt == nil || s.LoadedAt == nil {
		return false
	}
	at := n.read(s, s.LoadedAt, r)
	return at != nil && n.instant(at).After(*knownAt)
}

func column(f *catalog.Field) string { return strings.ToLower(f.Column) }

// keyText is a customer's key as text: a UUID in lower case.
func keyText(raw any) (string, bool) {
	switch k := raw.(type) {
	case int64:
		return strconv.FormatInt(k, 10), true
	case string:
		return k, true
	}
	return "", false
}

// read returns a field of a record.
func (n *naive) read(s *catalog.Source, f *catalog.Field, r record) value {
	raw, path := r[column(f)], f.Path
	if f.JSON {
		text, ok := raw.(jsonText)
		if !ok {
			return nil
		}
		return n.readJSON(s, f, string(text))
	}
	for _, part := range path {
		inner, ok := raw.(record)
		if !ok {
			return nil
		}
		raw = inner[strings.ToLower(part)]
	}
	return n.plain(s, f, raw)
}

// plain gives a raw value its meaning.
func (n *naive) plain(s *catalog.Source, f *catalog.Field, raw any) value {
	switch v := raw.(type) {
	case int64:
		return new(big.Rat).SetInt64(v)
	case float64:
		if f.Money && !math.IsNaN(v) && !math.IsInf(v, 0) {
			return rounded(new(big.Rat).SetFloat64(v), 4)
		}
		return finite(v)
	case reading:
		zone, err := time.LoadLocation(s.Zone)
		if err != nil {
			zone = n.zone
		}
		return calendar.Instant(v.Time, zone)
	case []any:
		list := make([]value, 0, len(v))
		for _, item := range v {
			list = append(list, n.plain(s, f, item))
		}
		return list
	case time.Time:
		return v.UTC()
	}
	return raw
}

// readJSON follows a field's path into a JSON text. What is not there, null,
// or cannot be read as the field's type is missing.
func (n *naive) readJSON(s *catalog.Source, f *catalog.Field, text string) value {
	var current any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if decoder.Decode(&current) != nil {
		return nil
	}
	for _, part := range f.Path {
		object, ok := current.(map[string]any)
		if !ok {
			return nil
		}
		current = object[part]
	}
	switch v := current.(type) {
	case string:
		return n.parse(s, f, v)
	case json.Number:
		return n.parse(s, f, v.String())
	case bool:
		return n.parse(s, f, strconv.FormatBool(v))
	}
	return nil
}

func (n *naive) parse(s *catalog.Source, f *catalog.Field, text string) value {
	switch f.Type.Kind {
	case catalog.Text:
		return text
	case catalog.Boolean:
		if text == "true" || text == "false" {
			return text == "true"
		}
	case catalog.Integer, catalog.Decimal:
		exact, ok := new(big.Rat).SetString(text)
		if ok && (f.Type.Kind == catalog.Decimal || exact.IsInt()) {
			return exact
		}
	case catalog.Number:
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			return finite(f)
		}
	case catalog.Date:
		if at, err := time.Parse(time.DateOnly, text); err == nil {
			return day{at}
		}
	case catalog.Timestamp:
		if at, err := time.Parse(time.RFC3339, text); err == nil {
			return at.UTC()
		}
		if at, err := time.Parse(time.DateTime, text); err == nil {
			return n.plain(s, f, reading{at})
		}
	case catalog.List, catalog.Invalid:
	}
	return nil
}

// version returns the version of a customer that is valid at as-of: the newest
// of those that began before it and had not ended. Without one the customer's
// fields are missing.
func (n *naive) version(who *person, asOf time.Time) record {
	s := n.program.Customers
	if s.ValidFrom == nil {
		return who.versions[0]
	}
	var found record
	var since time.Time
	for _, v := range who.versions {
		from, to := n.read(s, s.ValidFrom, v), value(nil)
		if s.ValidTo != nil {
			to = n.read(s, s.ValidTo, v)
		}
		if from == nil || !n.instant(from).Before(asOf) || to != nil && n.instant(to).Before(asOf) {
			continue
		}
		if found == nil || n.instant(from).After(since) {
			found, since = v, n.instant(from)
		}
	}
	return found
}

// exists reports whether a customer is in the population: created before
// as-of, or at an unknown time.
func (n *naive) exists(who *person, asOf time.Time) bool {
	created := n.program.Customers.CreatedAt
	if created == nil {
		return true
	}
	at := n.read(n.program.Customers, created, who.versions[0])
	return at == nil || n.instant(at).Before(asOf)
}

// population returns the customers at as-of.
func (n *naive) population(asOf time.Time) []*person {
	var list []*person
	for _, who := range n.people {
		if n.exists(who, asOf) {
			list = append(list, who)
		}
	}
	return list
}

// stream returns all rows of a stream that a customer ever has, in order of
// time and id.
func (n *naive) stream(stream *check.Stream, who *person) []*row {
	if rows, ok := n.ordered[stream][who]; ok {
		return rows
	}
	var list []*row
	for _, r := range n.rows[stream.Source][who.key] {
		if stream.Type != nil && !n.same(n.read(stream.Source, stream.Source.Kind, r.record), *stream.Type) {
			continue
		}
		s := scope{naive: n, stream: stream, row: r}
		if stream.Where == nil || s.test(stream.Where) {
			list = append(list, r)
		}
	}
	slices.SortStableFunc(list, n.byTime)
	if n.ordered[stream] == nil {
		n.ordered[stream] = map[*person][]*row{}
	}
	n.ordered[stream][who] = list
	return list
}

func (n *naive) byTime(a, b *row) int {
	if by := a.at.Compare(b.at); by != 0 || a.id == nil || b.id == nil {
		return by
	}
	return n.order(a.id, b.id)
}

package suite

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/definition"
)

// trial is one inline test on its way to an outcome.
type trial struct {
	definition check.Definition
	test       *definition.Test
	asOf       time.Time
	// alone says that other customers would change what the test sees.
	alone bool
	// key is the customer's key as text.
	key string
	// rows are what the test stores, by table.
	rows    map[*table][]row
	outcome *Outcome
}

// sinceCreated is how long before as-of a customer was created unless the test
// says otherwise.
var sinceCreated = calendar.Duration{N: -2, Unit: calendar.Year}

// place makes the customer with the given key and its rows.
func (s *suite) place(t *trial, key string) error {
	t.key, t.rows = key, map[*table][]row{}
	c := clock{program: s.program, asOf: t.asOf}
	if err := s.customer(t, c); err != nil {
		return fmt.Errorf("customer: %w", err)
	}
	numbers := map[string]int{}
	for _, given := range t.test.Rows {
		in := s.source(given.Source.Name)
		if in == nil {
			return fmt.Errorf("there is no source %s", given.Source.Name)
		}
		numbers[in.Name]++
		if err := s.event(t, newDraft(c, in), given.Values, numbers[in.Name]); err != nil {
			return fmt.Errorf("row %d of %s: %w", numbers[in.Name], in.Name, err)
		}
	}
	return nil
}

func (s *suite) source(name string) *catalog.Source {
	for _, in := range s.program.Sources {
		if in.Name == name {
			return in
		}
	}
	return nil
}

// customer adds the customer's own row. Where customers keep history it is
// valid from when the customer was created, else no field could be read.
func (s *suite) customer(t *trial, c clock) error {
	in := s.program.Customers
	d := newDraft(c, in)
	for _, v := range t.test.Customer {
		if err := d.give(v); err != nil {
			return err
		}
		if f, ok := in.Field(strings.ToLower(v.Name.Name)); ok && f == in.Key {
			t.key = v.Scalar.Value
		}
	}
	d.text(in.Key, t.key)
	created := calendar.Step(t.asOf, sinceCreated, s.program.Zone)
	for _, f := range []*catalog.Field{in.CreatedAt, in.ValidFrom} {
		if f == nil {
			continue
		}
		text, err := c.stored(created, f, in)
		if err != nil {
			return err
		}
		d.text(f, text)
	}
	return s.add(t, d)
}

// event adds a row of another source: it belongs to the customer, and its id
// follows from its place in the file.
func (s *suite) event(t *trial, d *draft, values []definition.Value, number int) error {
	for _, v := range values {
		if err := d.give(v); err != nil {
			return err
		}
	}
	d.text(d.source.Key, t.key)
	if err := d.count(number); err != nil {
		return err
	}
	return s.add(t, d)
}

func (s *suite) add(t *trial, d *draft) error {
	r, err := d.row()
	if err != nil {
		return err
	}
	in := find(s.tables, d.source)
	t.rows[in] = append(t.rows[in], r)
	return nil
}

// count gives the n-th row of a source its id. Texts get leading zeros, so that
// they are in the order of their numbers. What cannot be counted, such as the
// labels of an ENUM, stays missing.
func (d *draft) count(n int) error {
	f := d.source.ID
	switch {
	case f == nil || d.has(f) || strings.HasPrefix(strings.ToUpper(f.Physical), "ENUM"):
	case strings.EqualFold(f.Physical, "UUID"):
		d.text(f, uuid(n))
	case f.Type.Numeric():
		d.text(f, strconv.Itoa(n))
	case f.Type.Temporal():
		text, err := d.clock.stored(d.clock.asOf.AddDate(-3, 0, n), f, d.source)
		if err != nil {
			return err
		}
		d.text(f, text)
	case f.Type.Kind == catalog.Text:
		d.text(f, fmt.Sprintf("%06d", n))
	}
	return nil
}

func uuid(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) }

// keys makes up keys that no list holds, so that nobody is on a list by
// accident.
type keys struct {
	program *check.Program
	next    int
	listed  map[string]bool
}

func newKeys(program *check.Program) *keys {
	k := &keys{program: program, listed: map[string]bool{}}
	for _, list := range program.Lists {
		for _, key := range list.Keys {
			k.listed[key] = true
		}
	}
	return k
}

// take returns a key that was not taken before.
func (k *keys) take() string {
	for {
		k.next++
		if key := k.text(k.next); !k.listed[key] || k.fixed() {
			return key
		}
	}
}

// text is the n-th key. Rows can name customers by a UUID where the customers'
// own key is a text; a UUID is right for both.
func (k *keys) text(n int) string {
	if k.program.Customers.Key.Type.Kind == catalog.Integer {
		return strconv.Itoa(n)
	}
	if label, ok := firstLabel(k.program.Customers.Key.Physical); ok {
		return label
	}
	for _, s := range k.program.Sources {
		if s.Key != nil && strings.EqualFold(s.Key.Physical, "UUID") {
			return uuid(n)
		}
	}
	return fmt.Sprintf("customer %d", n)
}

// fixed says that there is only one key to give: an ENUM has no further ones.
func (k *keys) fixed() bool {
	_, ok := firstLabel(k.program.Customers.Key.Physical)
	return ok
}

// firstLabel returns the first value of an ENUM.
func firstLabel(physical string) (string, bool) {
	if !strings.HasPrefix(strings.ToUpper(physical), "ENUM") {
		return "", false
	}
	_, rest, ok := strings.Cut(physical, "'")
	var label strings.Builder
	for ok {
		before, after, closed := strings.Cut(rest, "'")
		label.WriteString(before)
		if !closed || !strings.HasPrefix(after, "'") {
			return label.String(), closed
		}
		label.WriteByte('\'')
		rest = after[1:]
	}
	return "", false
}

// isolated reports whether what a definition says of a customer depends on
// others, or on the key: ranks, samples, SQL.
func isolated(d check.Definition) bool {
	seen := map[check.Definition]bool{}
	var visit func(check.Definition) bool
	visit = func(d check.Definition) bool {
		if seen[d] {
			return false
		}
		seen[d] = true
		segment, ok := d.(*check.Segment)
		return ok && segment.SQL != "" || slices.ContainsFunc(expressions(d), looksAround) ||
			slices.ContainsFunc(d.Needs(), visit) ||
			slices.ContainsFunc(check.GatesOf(d), func(gate *check.Gate) bool { return visit(gate) })
	}
	return visit(d)
}

func looksAround(e check.Expr) bool {
	found := false
	check.Walk(e, func(x check.Expr) bool {
		switch x.(type) {
		case *check.Ranking, *check.Sample:
			found = true
		}
		return !found
	})
	return found
}

// expressions are those that a definition consists of.
func expressions(d check.Definition) []check.Expr {
	switch x := d.(type) {
	case *check.Trait:
		return []check.Expr{x.Value}
	case *check.Segment:
		return leafTests(x.Where)
	case *check.Gate:
		return leafTests(x.Where)
	case *check.Partition:
		list := make([]check.Expr, 0, len(x.Stages)+1)
		if x.Over != nil {
			list = append(list, x.Over)
		}
		for _, stage := range x.Stages {
			if stage.X != nil {
				list = append(list, stage.X)
			}
		}
		return list
	}
	return nil
}

func leafTests(tree *check.Tree) []check.Expr {
	leaves := tree.Leaves()
	list := make([]check.Expr, 0, len(leaves))
	for _, leaf := range leaves {
		list = append(list, leaf.X)
	}
	return list
}

package evaluate_test

import (
	"fmt"
	"slices"
	"time"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/check"
)

// definition is the value of a definition for the scope's customer.
func (s scope) definition(d check.Definition) value {
	q := question{d, s.who, s.asOf.UnixMicro()}
	if v, ok := s.known[q]; ok {
		return v
	}
	v := s.at(s.asOf).evaluated(d)
	s.known[q] = v
	return v
}

func (s scope) evaluated(d check.Definition) value {
	switch d := d.(type) {
	case *check.List:
		return slices.Contains(d.Keys, s.who.key)
	case *check.Trait:
		return s.value(d.Value)
	case *check.Segment:
		if d.SQL != "" {
			return s.written(d.SQL)
		}
		return s.tree(d.Where)
	case *check.Gate:
		return s.tree(d.Where)
	case *check.Partition:
		for _, stage := range d.Stages {
			if stage.X == nil || s.test(stage.X) {
				return stage.Name
			}
		}
	}
	panic(fmt.Sprintf("definition %s", d.DefinitionName()))
}

// The SQL of sql: segments that the naive evaluator knows: one returns keys
// that are repeated, missing or unknown, the other everybody or nobody.
const (
	sqlOfOrders = "SELECT customer_id FROM orders WHERE qty > 1"
	sqlOfTime   = "SELECT customer_id FROM customers WHERE $as_of > TIMESTAMPTZ '2025-06-15 12:00:00+00'"
)

// written is what the SQL of a segment says of the scope's customer.
func (s scope) written(sql string) bool {
	switch sql {
	case sqlOfOrders:
		return slices.ContainsFunc(s.tables["orders"], func(r record) bool {
			key, ok := keyText(r["customer_id"])
			qty, there := r["qty"].(int64)
			return ok && key == s.who.key && there && qty > 1
		})
	case sqlOfTime:
		return s.asOf.After(time.Date(2025, 6, 15, 12, 0, 0, 0, time.UTC))
	}
	panic("sql: " + sql)
}

// members returns the keys of those for whom a segment, list or gate holds.
func (n *naive) members(d check.Definition, asOf time.Time) []string {
	keys := []string{}
	for _, who := range n.population(asOf) {
		if (scope{naive: n, asOf: asOf, who: who}).definition(d) == true {
			keys = append(keys, who.key)
		}
	}
	slices.Sort(keys)
	return keys
}

// values returns every customer's value of a trait or stage of a partition.
func (n *naive) values(d check.Definition, asOf time.Time) map[string]value {
	values := map[string]value{}
	for _, who := range n.population(asOf) {
		values[who.key] = (scope{naive: n, asOf: asOf, who: who}).definition(d)
	}
	return values
}

// earlier is a value as of another moment: false or missing for customers who
// were not there yet.
func (s scope) earlier(e *check.AsOf) value {
	at := s.asOf
	if e.Ago != nil {
		at = calendar.Step(at, e.Ago.Negative(), s.zone)
	} else {
		at = e.Point.UTC()
	}
	if s.exists(s.who, at) {
		return s.at(at).value(e.X)
	}
	if ref, ok := e.X.(*check.Ref); ok && ref.Target.DefinitionKind() == "segment" {
		return false
	}
	return nil
}

// rankingAt is a percentile or rank at a moment.
type rankingAt struct {
	e  *check.Ranking
	at int64
}

func (s scope) ranking(e *check.Ranking) value {
	at := rankingAt{e, s.asOf.UnixMicro()}
	if s.ranked[at] == nil {
		s.ranked[at] = s.rankAll(e)
	}
	return s.ranked[at][s.who]
}

// contender is a customer who takes part in a ranking.
type contender struct {
	who      *person
	x, group value
}

// rankAll ranks everybody who is among those asked for and has a value and,
// where there are groups, a group.
func (s scope) rankAll(e *check.Ranking) map[*person]value {
	var all []contender
	for _, who := range s.population(s.asOf) {
		other := scope{naive: s.naive, asOf: s.asOf, who: who}
		if e.Among != nil && other.value(e.Among) != true {
			continue
		}
		c := contender{who: who, x: other.value(e.X), group: true}
		if e.Within != nil {
			c.group = other.value(e.Within)
		}
		if c.x != nil && c.group != nil {
			all = append(all, c)
		}
	}
	values := map[*person]value{}
	for _, c := range all {
		below, equal, larger := 0, 0, 0
		for _, other := range all {
			if !s.same(other.group, c.group) {
				continue
			}
			switch by := s.order(other.x, c.x); {
			case by < 0:
				below++
			case by > 0:
				larger++
			default:
				equal++
			}
		}
		values[c.who] = float64(50*(2*below+equal)) / float64(below+equal+larger)
		if e.Rank {
			values[c.who] = whole(1 + larger)
		}
	}
	return values
}

// held reports whether a test is true at every instant of the time before
// as-of, its start left out and as-of included. What is true can only change
// at a few instants: those where a moment that follows from as-of passes one
// that stands in the data.
func (s scope) held(e *check.Held) bool {
	from := calendar.Step(s.asOf, e.For.Negative(), s.zone)
	c := newChanges(s, from)
	c.expr(e.X, func(t time.Time) time.Time { return t })
	for _, t := range c.instants() {
		if !s.exists(s.who, t) || !s.at(t).test(e.X) {
			return false
		}
	}
	return true
}

// moments lists every moment the data holds for a customer.
func (n *naive) moments(who *person) []time.Time {
	var list []time.Time
	add := func(s *catalog.Source, r record) {
		for _, f := range s.Fields {
			if !f.Type.Temporal() {
				continue
			}
			if v := n.read(s, f, r); v != nil {
				list = append(list, n.instant(v))
			}
		}
	}
	for _, r := range who.versions {
		add(n.program.Customers, r)
	}
	for s, rows := range n.rows {
		for _, r := range rows[who.key] {
			add(s, r.record)
		}
	}
	return list
}

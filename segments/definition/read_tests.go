package definition

import (
	"time"

	"strata/segments/rule"
)

func (r *reader) tests(n *node) []*Test {
	if n == nil {
		return nil
	}
	var tests []*Test
	for _, item := range n.items {
		if item.kind == mapNode {
			tests = append(tests, r.test(item))
		}
	}
	return tests
}

func (r *reader) test(n *node) *Test {
	t := &Test{Name: scalarOf(n.get("name")).Value, At: n.span, Expect: r.testExpect(n.get("expect"))}
	if at := n.get("as_of"); at != nil && at.isText() {
		if t.AsOf = moment(at); t.AsOf == nil {
			r.list.Add(diagMoment(at.span, at.scalar.Value, ""))
		}
	}
	for _, p := range n.get("given").entries() {
		if p.name() == "customer" {
			t.Customer = rowOf(p.value)
			continue
		}
		for _, item := range p.value.values() {
			if item.kind == mapNode || item.isNull() {
				t.Rows = append(t.Rows, GivenRow{Source: identOf(p.key), Values: rowOf(item), At: item.span})
			}
		}
	}
	return t
}

// rowOf reads the columns of a row and their values.
func rowOf(n *node) []Value {
	var values []Value
	for _, p := range n.entries() {
		v := Value{Name: identOf(p.key), Scalar: scalarOf(p.value), IsList: p.value.kind == listNode}
		if v.IsList {
			for _, item := range p.value.items {
				v.List = append(v.List, scalarOf(item))
			}
		}
		values = append(values, v)
	}
	return values
}

func (r *reader) testExpect(n *node) TestExpect {
	if n == nil || n.kind != mapNode {
		return TestExpect{}
	}
	e := TestExpect{At: n.span}
	e.Member = r.boolean(n, "member")
	e.Contactable = r.boolean(n, "contactable")
	if failing := n.get("failing"); failing != nil && !failing.isNull() {
		e.Failing = append([]rule.Ident{}, identsOf(failing)...)
	}
	if stage := n.get("stage"); stage != nil && stage.isText() {
		name := identOf(stage)
		e.Stage = &name
	}
	if value := n.get("value"); value != nil && value.kind == scalarNode {
		e.Missing = value.isNull() || (!value.scalar.Quoted && value.scalar.Value == "missing")
		if !e.Missing {
			e.Value = &value.scalar
		}
	}
	return e
}

// momentLayouts are the ways to write a date and a timestamp in YAML.
var momentLayouts = []string{
	time.DateOnly, "2006-01-02 15:04", time.DateTime, "2006-01-02T15:04", "2006-01-02T15:04:05",
	"2006-01-02 15:04:05Z07:00", time.RFC3339,
}

// moment reads a date or timestamp; nil where it is none.
func moment(n *node) *rule.Moment {
	for _, layout := range momentLayouts {
		if _, err := time.Parse(layout, n.scalar.Value); err == nil {
			m := &rule.Moment{Timestamp: layout != time.DateOnly, Text: n.scalar.Value}
			m.At = n.scalar.Text.Span(0, len(n.scalar.Value))
			return m
		}
	}
	return nil
}

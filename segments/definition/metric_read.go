package definition

import (
	"fmt"
	"slices"
	"strings"

	"strata/segments/rule"
	"strata/segments/source"
)

// metricUnits and metricDirections are what unit and better may say.
var (
	metricUnits      = []string{"count", "money", "percent", "days", "number"}
	metricDirections = []string{"higher", "lower"}
	kpiCounts        = []string{"purchases", "paid", "all"}
)

// metric reads an entry of metrics.
func (r *reader) metric(p pair) *Metric {
	m := &Metric{About: r.about(p), Unit: scalarOf(p.value.get("unit")), Better: scalarOf(p.value.get("better"))}
	for _, form := range MetricForms() {
		n := p.value.get(string(form))
		if n == nil || m.Form != "" {
			continue
		}
		m.Form = form
		if form == MetricGap {
			m.Gap = r.rowsOf(n)
			continue
		}
		m.X = r.periodic(n)
	}
	for _, key := range []string{"of", "per"} {
		if n := p.value.get(key); n != nil {
			m.Of = r.periodic(n)
		}
	}
	r.word("unit", m.Unit, metricUnits)
	r.word("better", m.Better, metricDirections)
	return m
}

// word reports a value that is none of some words.
func (r *reader) word(key string, s Scalar, known []string) {
	if !s.Null && s.Value != "" && !slices.Contains(known, s.Value) {
		r.list.Add(diagWord(s.At(), key, s.Value, known))
	}
}

func diagWord(at source.Span, key, value string, known []string) source.Diagnostic {
	hint := source.DidYouMean(value, known)
	if hint == "" {
		hint = "it is " + source.Alternatives(known)
	}
	return fault(codeWord, at, fmt.Sprintf("%q cannot be %q", key, value), hint)
}

// periodic parses an expression whose calls have no windows.
func (r *reader) periodic(n *node) rule.Expr {
	if n == nil || !n.isText() || n.cut || strings.TrimSpace(n.scalar.Value) == "" {
		return nil
	}
	x, list := rule.ParsePeriodic(n.scalar.Text)
	r.add(n, list)
	return x
}

// rowsOf parses a stream with its filter.
func (r *reader) rowsOf(n *node) *rule.Rows {
	if n == nil || !n.isText() || n.cut || strings.TrimSpace(n.scalar.Value) == "" {
		return nil
	}
	rows, ok, list := rule.ParseRows(n.scalar.Text)
	r.add(n, list)
	if !ok || list.HasErrors() {
		return nil
	}
	return &rows
}

// kpi reads the section of strata.yaml; nil where there is none.
func (r *reader) kpi(n *node) *KPI {
	if n == nil || n.kind != mapNode {
		return nil
	}
	k := &KPI{}
	if orders := n.get("orders"); orders != nil && orders.kind == mapNode {
		k.Orders = &KPIOrders{
			Stream: scalarOf(orders.get("stream")), Amount: scalarOf(orders.get("amount")), Refunded: scalarOf(orders.get("refunded")),
			Currency: scalarOf(orders.get("currency")), Counts: scalarOf(orders.get("counts")), Where: r.expression(orders.get("where")),
		}
		r.word("counts", k.Orders.Counts, kpiCounts)
	}
	if email := n.get("email"); email != nil && email.kind == mapNode {
		k.Email = &KPIEmail{Streams: map[string]KPIStream{}, Message: scalarOf(email.get("message"))}
		for _, role := range EmailRoles() {
			switch place := email.get(role); {
			case place == nil:
			case place.kind == mapNode:
				k.Email.Streams[role] = KPIStream{Stream: scalarOf(place.get("stream")), Machine: r.expression(place.get("machine"))}
			case place.isText():
				k.Email.Streams[role] = KPIStream{Stream: place.scalar}
			}
		}
	}
	return k
}

// Canonical returns the metric's meaning as text. What a report says of it, its
// unit and which way is better, is no part of what it means.
func (m *Metric) Canonical() string {
	c := canon{}
	switch {
	case m.Gap != nil:
		c.line(string(m.Form), rule.FormatRows(*m.Gap))
	default:
		c.line(string(m.Form), rule.Format(m.X))
	}
	if m.Of != nil {
		c.line("of", rule.Format(m.Of))
	}
	return c.String()
}

package definition

import (
	"slices"
	"time"
)

// readProject fills the project from strata.yaml.
func (r *reader) readProject(n *node) {
	p := r.set.Project
	p.Warehouse = scalarOf(n.get("warehouse"))
	if store := n.get("store"); store != nil && store.isText() {
		p.Store = store.scalar
	}
	p.Zone = scalarOf(n.get("timezone"))
	r.zone(n.get("timezone"))
	p.Currency = scalarOf(n.get("currency"))
	p.AsOf = r.asOf(n.get("as_of"))
	for _, entry := range n.get("sources").entries() {
		if entry.value.kind == mapNode {
			p.Sources = append(p.Sources, r.source(entry))
		}
	}
	p.KPI = r.kpi(n.get("kpi"))
	for _, entry := range n.get("streams").entries() {
		if entry.value.kind == mapNode {
			p.Streams = append(p.Streams, &Stream{
				Name: identOf(entry.key), From: scalarOf(entry.value.get("from")),
				Type: scalarOf(entry.value.get("type")), Where: r.expression(entry.value.get("where")),
			})
		}
	}
}

// zone reports a time zone that cannot be loaded. "Local" can, but means
// another zone on every machine.
func (r *reader) zone(n *node) {
	if n == nil || !n.isText() || n.scalar.Value == "" {
		return
	}
	if _, err := time.LoadLocation(n.scalar.Value); err != nil || n.scalar.Value == "Local" {
		r.list.Add(diagZone(n.span, n.scalar.Value))
	}
}

func (r *reader) asOf(n *node) Scalar {
	at := scalarOf(n)
	if at.Null || at.Value == "latest" || at.Value == "now" {
		return at
	}
	if moment(n) == nil {
		r.list.Add(diagMoment(n.span, at.Value, ", latest or now"))
	}
	return at
}

func (r *reader) source(p pair) *Source {
	n := p.value
	s := &Source{Name: identOf(p.key), Table: scalarOf(n.get("table")), Query: scalarOf(n.get("query")), Zone: scalarOf(n.get("zone"))}
	r.zone(n.get("zone"))
	if only := r.boolean(n, "append_only"); only != nil {
		s.AppendOnly = *only
	}
	roles := rowRoles
	if s.Name.Name == CustomersSource {
		roles = customerRoles
	}
	for _, entry := range n.entries() {
		if slices.Contains(roles, entry.name()) && entry.value.isText() {
			s.Roles = append(s.Roles, Role{Name: identOf(entry.key), Column: entry.value.scalar})
		}
	}
	for _, entry := range n.get("fields").entries() {
		s.Fields = append(s.Fields, &Field{
			Name: identOf(entry.key), Path: scalarOf(entry.value.get("path")),
			Column: scalarOf(entry.value.get("column")), Type: scalarOf(entry.value.get("type")),
		})
	}
	return s
}

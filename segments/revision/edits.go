package revision

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/rule"
)

// written is something of a version that has no members: its canonical text, and
// its value on one line where it has one.
type written struct{ text, value string }

// edits are what has no members and is written differently, by kind and name.
func edits(before, after *definition.Set) []Edit {
	var list []Edit
	for _, kind := range []struct {
		name string
		of   func(*definition.Set) map[string]written
	}{{"param", params}, {"list", lists}, {"trait", traits}, {"gate", gates}, {"stream", streams}} {
		old, now := kind.of(before), kind.of(after)
		names := maps.Clone(old)
		maps.Copy(names, now)
		for _, name := range slices.Sorted(maps.Keys(names)) {
			a, had := old[name]
			b, has := now[name]
			e := Edit{Kind: kind.name, Name: name, Status: Edited, Before: a.value, After: b.value}
			switch {
			case !had:
				e.Status = New
			case !has:
				e.Status = Deleted
			case a.text == b.text:
				continue
			}
			list = append(list, e)
		}
	}
	return list
}

func params(set *definition.Set) map[string]written {
	all := map[string]written{}
	for _, p := range set.Params {
		values := make([]string, len(p.Values))
		for i, v := range p.Values {
			values[i] = rule.Format(v)
		}
		text := strings.Join(values, ", ")
		if p.IsList {
			text = "[" + text + "]"
		}
		all[p.Name.Name] = written{text: p.Canonical(), value: text}
	}
	return all
}

func lists(set *definition.Set) map[string]written {
	all := map[string]written{}
	for _, l := range set.Lists {
		all[l.Name.Name] = written{text: l.Canonical(), value: fmt.Sprintf("%d keys", len(l.Keys))}
	}
	return all
}

func traits(set *definition.Set) map[string]written {
	all := map[string]written{}
	for _, t := range set.Traits {
		w := written{text: t.Canonical()}
		if t.Score == nil {
			w.value = rule.Format(t.Value)
		}
		all[t.Name.Name] = w
	}
	return all
}

func gates(set *definition.Set) map[string]written {
	all := map[string]written{}
	for _, g := range set.Gates {
		all[g.Name.Name] = written{text: g.Canonical()}
	}
	return all
}

func streams(set *definition.Set) map[string]written {
	all := map[string]written{}
	for _, s := range set.Project.Streams {
		text := "from " + s.From.Value
		if !s.Type.Null {
			text += " type " + s.Type.Value
		}
		if s.Where != nil {
			text += " where " + rule.Format(s.Where)
		}
		all[s.Name.Name] = written{text: text, value: text}
	}
	return all
}

// projectNotes says what strata.yaml has differently, and which sources that
// concerns. What has no say in who is a member is left out.
func projectNotes(before, after *definition.Set) (notes []string, sources map[string]bool, zone bool) {
	sources = map[string]bool{}
	old, now := sourcesOf(before), sourcesOf(after)
	names := maps.Clone(old)
	maps.Copy(names, now)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		facts := differing(old[name], now[name])
		if name != definition.CustomersSource && (old[name] == nil || now[name] == nil) {
			facts = []string{"added"}
			if now[name] == nil {
				facts = []string{"removed"}
			}
		}
		if len(facts) == 0 {
			continue
		}
		sources[name] = true
		notes = append(notes, "source "+name+" changed: "+strings.Join(facts, ", "))
	}
	if a, b := before.Project.Zone.Value, after.Project.Zone.Value; a != b {
		zone = true
		notes = append(notes, fmt.Sprintf("the time zone changed: %s -> %s", a, b))
	}
	if a, b := before.Project.Warehouse.Value, after.Project.Warehouse.Value; a != b {
		notes = append(notes, fmt.Sprintf("the warehouse changed: %s -> %s; both versions are evaluated on %s", a, b, b))
	}
	return notes, sources, zone
}

// sourcesOf are the facts of each source that members depend on.
func sourcesOf(set *definition.Set) map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, s := range set.Project.Sources {
		facts := map[string]string{"table": s.Table.Value, "query": oneLineOf(s.Query.Value), "zone": s.Zone.Value}
		for _, role := range s.Roles {
			facts[role.Name.Name] = role.Column.Value
		}
		for _, f := range s.Fields {
			facts["field "+f.Name.Name] = strings.TrimSpace(f.Path.Value + f.Column.Value + " " + f.Type.Value)
		}
		if set.Schema != nil {
			for _, c := range set.Schema.Sources[s.Name.Name] {
				facts["column "+c.Name] = c.Type
			}
		}
		all[s.Name.Name] = facts
	}
	return all
}

func oneLineOf(text string) string { return strings.Join(strings.Fields(text), " ") }

// differing writes the facts that differ. A column that only one version knows
// changes nothing by itself.
func differing(old, now map[string]string) []string {
	names := maps.Clone(old)
	if names == nil {
		names = map[string]string{}
	}
	maps.Copy(names, now)
	var facts []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		a, b := old[name], now[name]
		switch {
		case a == b, strings.HasPrefix(name, "column ") && (a == "" || b == ""):
		case name == "query":
			facts = append(facts, "another query")
		default:
			facts = append(facts, fmt.Sprintf("%s %s -> %s", name, cmp.Or(a, "(none)"), cmp.Or(b, "(none)")))
		}
	}
	return facts
}

// usedOf returns the sources among some that either version of a pair reads,
// sorted.
func usedOf(sources map[string]bool, p pair) []string {
	if len(sources) == 0 {
		return nil
	}
	used := map[string]bool{}
	for _, d := range []check.Definition{p.before, p.after} {
		for name := range readBy(d) {
			used[name] = true
		}
	}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		if used[name] || used[anySource] {
			names = append(names, name)
		}
	}
	return names
}

// anySource stands for all sources: the SQL of a user may read each.
const anySource = "*"

// readBy are the sources that a definition reads, with all it needs and its
// gates. Customers are always read.
func readBy(d check.Definition) map[string]bool {
	used := map[string]bool{definition.CustomersSource: true}
	seen := map[check.Definition]bool{}
	var visit func(check.Definition)
	visit = func(d check.Definition) {
		if d == nil || seen[d] {
			return
		}
		seen[d] = true
		own := check.ExpressionsOf(d)
		if p, ok := d.(*check.Partition); ok && p.Over != nil { // All that is left of one that has an else alone.
			own = append(own, p.Over)
		}
		for _, e := range own {
			check.Walk(e, func(x check.Expr) bool {
				for _, rows := range check.RowsOf(x) {
					used[rows.Stream.Source.Name] = true
				}
				return true
			})
		}
		if s, ok := d.(*check.Segment); ok && s.SQL != "" {
			used[anySource] = true
		}
		for _, need := range d.Needs() {
			visit(need)
		}
		for _, gate := range check.GatesOf(d) {
			visit(gate)
		}
	}
	visit(d)
	return used
}

package definition

import (
	"strata/segments/rule"
	"strata/segments/source"
)

// taken is a name that a definition has, and what it names.
type taken struct {
	at   source.Span
	kind string
}

// definitions reads a definition file into the set.
func (r *reader) definitions(f *source.File) {
	root := r.yaml(f, definitionShape())
	for _, section := range root.entries() {
		for _, p := range section.value.entries() {
			if kind, ok := r.definition(section.name(), p); ok {
				r.take(identOf(p.key), kind)
			}
		}
	}
}

// definition reads one entry of a section and returns what messages call it.
func (r *reader) definition(section string, p pair) (kind string, ok bool) {
	if !p.key.isText() {
		return "", false
	}
	set := r.set
	switch section {
	case "params":
		set.Params = append(set.Params, r.param(p))
		return "param", true
	case "lists":
		set.Lists = append(set.Lists, r.keyList(p))
		return "list", true
	case "traits":
		set.Traits = append(set.Traits, r.trait(p))
		return "trait", true
	case "segments":
		set.Segments = append(set.Segments, r.segment(p))
		return "segment", true
	case "partitions":
		set.Partitions = append(set.Partitions, r.partition(p))
		return "partition", true
	case "gates":
		set.Gates = append(set.Gates, &Gate{About: r.about(p), Where: r.where(p.value.get("where"))})
		return "gate", true
	case "metrics":
		set.Metrics = append(set.Metrics, r.metric(p))
		return "metric", true
	case "campaigns":
		set.Campaigns = append(set.Campaigns, r.campaign(p))
		return "campaign", true
	default:
		return "", false
	}
}

// take reports a name that another definition has already.
func (r *reader) take(name rule.Ident, kind string) {
	if first, ok := r.names[name.Name]; ok {
		r.list.Add(diagTaken(name.At, name.Name, first.at, first.kind))
		return
	}
	r.names[name.Name] = taken{at: name.At, kind: kind}
}

func (r *reader) param(p pair) *Param {
	param := &Param{About: About{Name: identOf(p.key), At: p.span()}, IsList: p.value.kind == listNode}
	for _, value := range p.value.values() {
		if x := r.literal(value); x != nil {
			param.Values = append(param.Values, x)
		}
	}
	return param
}

// literal reads a typed constant. Text in YAML quotes is text, whatever it
// looks like.
func (r *reader) literal(n *node) rule.Expr {
	if !n.isText() || n.cut {
		return nil
	}
	if n.scalar.Quoted {
		x := &rule.Text{Value: n.scalar.Value}
		x.At = n.span
		return x
	}
	x, list := rule.ParseLiteral(n.scalar.Text)
	r.add(n, list)
	if list.HasErrors() {
		return nil
	}
	return x
}

func (r *reader) segment(p pair) *Segment {
	s := &Segment{About: r.about(p), Where: r.where(p.value.get("where")), Gates: identsOf(p.value.get("gate"))}
	if sql := p.value.get("sql"); sql != nil && sql.isText() {
		s.SQL = &sql.scalar
	}
	s.Expect, s.Tests = r.expect(p.value.get("expect")), r.tests(p.value.get("tests"))
	return s
}

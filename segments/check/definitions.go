package check

import (
	"strata/segments/catalog"
	"strata/segments/definition"
	"strata/segments/rule"
	"strata/segments/source"
)

// definitions types everything that is defined, each behind what it needs.
func (c *checker) definitions() {
	for _, p := range c.set.Params {
		c.shadows(p.Name)
	}
	for _, metric := range c.set.Metrics {
		c.shadows(metric.Name)
	}
	for _, kept := range c.set.Campaigns {
		c.shadows(kept.Name)
	}
	vertices := c.register()
	for _, v := range c.inOrder(vertices) {
		v.check()
		c.order = append(c.order, v.d)
	}
}

// register gives every definition its place under its name, so that rules can
// name what stands further down.
func (c *checker) register() []*vertex {
	var all []*vertex
	add := func(d Definition, at source.Span, m *mentions, check func()) {
		all = append(all, &vertex{d: d, at: at, next: m.names, check: check})
		c.shadows(d.About().Name)
		if _, isGate := d.(*Gate); !isGate {
			c.names.definitions[d.DefinitionName()] = d
		}
	}
	for _, d := range c.set.Lists {
		list := &List{common: common{about: d.About, uses: features{list: d.Name.Name}}, Keys: d.Keys}
		c.built.Lists = append(c.built.Lists, list)
		add(list, d.Name.At, &mentions{}, func() {})
	}
	for _, d := range c.set.Traits {
		trait := &Trait{common: common{about: d.About}, Value: bad(d.Name.At), Definition: d}
		c.built.Traits = append(c.built.Traits, trait)
		m := &mentions{}
		m.expr(d.Value)
		if d.Score != nil {
			for _, term := range d.Score.Terms {
				m.expr(term.Of)
			}
		}
		add(trait, d.Name.At, m, func() { c.trait(d, trait) })
	}
	for _, d := range c.set.Segments {
		segment := &Segment{common: common{about: d.About}, Definition: d}
		c.built.Segments = append(c.built.Segments, segment)
		m := &mentions{}
		m.tree(d.Where)
		add(segment, d.Name.At, m, func() { c.segment(d, segment) })
	}
	for _, d := range c.set.Partitions {
		partition := &Partition{common: common{about: d.About}, Definition: d, Stages: stageShells(d)}
		c.built.Partitions = append(c.built.Partitions, partition)
		m := &mentions{}
		m.expr(d.Over)
		for _, stage := range d.Stages {
			m.expr(stage.X)
		}
		for _, band := range d.Bands {
			m.expr(band.Band.X)
		}
		add(partition, d.Name.At, m, func() { c.partition(d, partition) })
	}
	for _, d := range c.set.Gates {
		gate := &Gate{common: common{about: d.About}}
		c.built.Gates = append(c.built.Gates, gate)
		c.gates[d.Name.Name] = gate
		m := &mentions{}
		m.tree(d.Where)
		add(gate, d.Name.At, m, func() { c.gate(d, gate) })
	}
	return all
}

// shadows reports a name that a field or stream has already.
func (c *checker) shadows(name rule.Ident) {
	if _, ok := c.customers.Fields[name.Name]; ok {
		c.fail(name.At, nameShadows(name.Name, "a customer field"))
	}
	if _, ok := c.names.streams[name.Name]; ok {
		c.fail(name.At, nameShadows(name.Name, "a stream"))
	}
}

// finish keeps what was learned about a definition from its expressions.
func (c *checker) finish(d Definition, needs *collector, list ...Expr) {
	shared := base(d)
	shared.needs = needs.list
	for _, x := range list {
		if x != nil {
			shared.uses.merge(c.featuresOf(x))
		}
	}
}

func (c *checker) trait(d *definition.Trait, t *Trait) {
	needs := newCollector()
	s := &scope{needs: needs}
	if d.Score != nil {
		t.Value = c.score(d.Score, s)
	} else {
		t.Value = c.value(d.Value, s)
	}
	if t.Value.Type().Kind == catalog.List {
		c.fail(t.Value.Span(), listTrait())
	}
	t.missing = CanBeMissing(t.Value)
	c.finish(t, needs, t.Value)
}

func (c *checker) segment(d *definition.Segment, s *Segment) {
	needs := newCollector()
	s.Gates = c.gatesOf(d.Gates)
	if d.SQL != nil {
		s.SQL = d.SQL.Value
		s.uses.sql = d.Name.Name
		c.sqlText(d.SQL)
		return
	}
	if d.Where == nil {
		return
	}
	s.Where = c.tree(d.Where, &scope{needs: needs})
	c.finish(s, needs, leafTests(s.Where)...)
}

func leafTests(t *Tree) []Expr {
	var list []Expr
	for _, leaf := range t.Leaves() {
		list = append(list, leaf.X)
	}
	return list
}

// tree types the leaves of a where.
func (c *checker) tree(d *definition.Tree, s *scope) *Tree {
	t := &Tree{Kind: d.Kind, Name: d.Name.Name}
	if d.Kind == definition.Leaf {
		t.X = c.test(d.X, s)
		return t
	}
	for _, child := range d.Children {
		t.Children = append(t.Children, c.tree(child, s))
	}
	return t
}

// gatesOf finds the gates a definition names.
func (c *checker) gatesOf(list []rule.Ident) []*Gate {
	var gates []*Gate
	for _, name := range list {
		gate, ok := c.gates[name.Name]
		if !ok {
			_, other := c.names.definitions[name.Name]
			c.fail(name.At, unknownGate(name.Name, other, sortedKeys(c.gates)))
			continue
		}
		c.usedGates[name.Name] = true
		gates = append(gates, gate)
	}
	return gates
}

func (c *checker) gate(d *definition.Gate, g *Gate) {
	if d.Where == nil {
		return
	}
	needs := newCollector()
	g.Where = c.tree(d.Where, &scope{needs: needs})
	c.finish(g, needs, leafTests(g.Where)...)
	c.gateNegations(g.Where)
}

package check

import (
	"slices"
	"strings"

	"strata/segments/definition"
	"strata/segments/rule"
	"strata/segments/source"
)

// vertex is a definition on its way into the order in which they are checked.
type vertex struct {
	d    Definition
	at   source.Span
	next []string
	// check types the definition, once those it names are typed.
	check func()
	state visit
}

// visit is how far the search has come with a vertex.
type visit uint8

const (
	untouched visit = iota
	open
	done
)

// inOrder returns the vertices so that each stands behind those it names.
// Cycles are reported with their path. The search keeps its own stack: chains
// of definitions can be longer than calls should nest.
func (c *checker) inOrder(all []*vertex) []*vertex {
	byName := map[string]*vertex{}
	for _, v := range all {
		if _, isGate := v.d.(*Gate); !isGate {
			byName[v.d.DefinitionName()] = v
		}
	}
	type frame struct {
		v    *vertex
		next int
	}
	var order []*vertex
	for _, root := range all {
		if root.state != untouched {
			continue
		}
		root.state = open
		stack := []frame{{v: root}}
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			if top.next == len(top.v.next) {
				top.v.state = done
				order = append(order, top.v)
				stack = stack[:len(stack)-1]
				continue
			}
			w := byName[top.v.next[top.next]]
			top.next++
			switch {
			case w == nil || w.state == done:
			case w.state == open:
				var path []string
				for _, f := range stack {
					path = append(path, f.v.d.DefinitionName())
				}
				c.cycle(w, path)
			default:
				w.state = open
				stack = append(stack, frame{v: w})
			}
		}
	}
	return order
}

// cycle reports that a definition needs itself along a path that ends in it.
func (c *checker) cycle(v *vertex, path []string) {
	name := v.d.DefinitionName()
	path = path[slices.Index(path, name):]
	c.fail(v.at, needsItself(name, slices.Concat(path, []string{name})))
}

// mentions lists the names that rules use for a customer, as far as it can be
// told before they are typed. Names of columns are left out.
type mentions struct {
	names []string
	seen  map[string]bool
}

func (m *mentions) add(name string) {
	if m.seen == nil {
		m.seen = map[string]bool{}
	}
	if !m.seen[name] {
		m.seen[name] = true
		m.names = append(m.names, name)
	}
}

// expr collects from a rule of a customer.
func (m *mentions) expr(e rule.Expr) {
	rule.Walk(e, func(x rule.Expr) bool {
		switch x := x.(type) {
		case *rule.Name:
			m.add(dotted(x.Parts))
		case *rule.Ranking:
			m.add(strings.ToLower(x.Among.Name))
			m.add(strings.ToLower(x.Within.Name))
		case *rule.Aggregate:
			m.rows(x.Rows.Where)
			m.window(x.Window)
			return false
		case *rule.Periods:
			m.rows(x.Rows.Where)
			m.window(x.Window)
			return false
		case *rule.Sequence:
			for _, step := range x.Steps {
				m.rows(step.Rows.Where)
			}
			m.window(x.Window)
			return false
		case *rule.Elapsed:
			if x.Rows != nil {
				m.rows(x.Rows.Where)
				return false
			}
		}
		return true
	})
}

// rows collects "customer.x" from a where of rows.
func (m *mentions) rows(e rule.Expr) {
	rule.Walk(e, func(x rule.Expr) bool {
		if n, ok := x.(*rule.Name); ok && len(n.Parts) > 1 && strings.EqualFold(n.Parts[0].Name, customerWord) {
			m.add(dotted(n.Parts[1:]))
		}
		return true
	})
}

func (m *mentions) window(w *rule.Window) {
	if w == nil {
		return
	}
	for _, p := range []*rule.Point{w.From, w.To} {
		if p != nil {
			m.expr(p.X)
		}
	}
}

// tree collects from all leaves of a where.
func (m *mentions) tree(t *definition.Tree) {
	if t == nil {
		return
	}
	m.expr(t.X)
	for _, child := range t.Children {
		m.tree(child)
	}
}

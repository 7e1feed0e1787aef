package definition

import (
	"fmt"
	"strings"

	"strata/segments/rule"
	"strata/segments/source"
)

// where reads a rule's tree; nil where there is none.
func (r *reader) where(n *node) *Tree {
	switch {
	case n == nil || n.isNull():
		return nil
	case n.kind == scalarNode:
		return r.implicit(n)
	case n.kind == mapNode && len(n.pairs) > 0 && n.pairs[0].key.isText() && isGroupWord(n.pairs[0].name()):
		t := r.group(n.pairs[0], rule.Ident{}, n.span)
		r.uniqueLeaves(t)
		return t
	default:
		return nil
	}
}

// implicit reads a rule that is a single expression. One that cannot be read
// still has its leaf, without an expression.
func (r *reader) implicit(n *node) *Tree {
	x := r.expression(n)
	if x == nil {
		name := rule.Ident{Name: "c1", At: n.span}
		return &Tree{Kind: All, Implicit: true, At: n.span, Children: []*Tree{{Kind: Leaf, Name: name, At: n.span}}}
	}
	return ImplicitTree(x, n.span)
}

// ImplicitTree returns the tree of a rule that is a single expression: the
// terms that its top-level "and" joins are the leaves c1, c2, ….
func ImplicitTree(x rule.Expr, at source.Span) *Tree {
	t := &Tree{Kind: All, Implicit: true, At: at}
	for i, leaf := range rule.Leaves(x) {
		name := rule.Ident{Name: fmt.Sprintf("c%d", i+1), At: leaf.Span()}
		t.Children = append(t.Children, &Tree{Kind: Leaf, Name: name, X: leaf, At: leaf.Span()})
	}
	return t
}

// group reads "all: […]", "any: […]" or "not: entry".
func (r *reader) group(p pair, name rule.Ident, at source.Span) *Tree {
	t := &Tree{Kind: TreeKind(p.name()), Name: name, At: at}
	if p.value.isNull() {
		return t
	}
	entries := p.value.items
	if t.Kind == None {
		if p.value.kind != listNode {
			entries = []*node{p.value}
		}
		if len(entries) > 1 {
			r.list.Add(diagOneEntry(entries[1].span, `"not"`, len(entries)))
		}
	}
	for _, entry := range entries {
		if child := r.entry(entry); child != nil {
			t.Children = append(t.Children, child)
		}
	}
	return t
}

// entry reads one entry of a group: a bare name, "name: expression", a named
// group or one without a name.
func (r *reader) entry(n *node) *Tree {
	if n.isText() {
		return r.bare(n)
	}
	if n.kind != mapNode || len(n.pairs) == 0 || !n.pairs[0].key.isText() {
		return nil
	}
	p := n.pairs[0]
	if isGroupWord(p.name()) {
		return r.group(p, rule.Ident{}, n.span)
	}
	name := identOf(p.key)
	if p.value.kind == mapNode {
		if len(p.value.pairs) == 0 || !p.value.pairs[0].key.isText() || !isGroupWord(p.value.pairs[0].name()) {
			return nil
		}
		return r.group(p.value.pairs[0], name, n.span)
	}
	return &Tree{Kind: Leaf, Name: name, X: r.expression(p.value), At: n.span}
}

// bare reads the name of a segment or list that stands for itself.
func (r *reader) bare(n *node) *Tree {
	name := identOf(n)
	if n.cut {
		return nil
	}
	if !namePattern.MatchString(name.Name) {
		hint := ""
		if _, list := rule.Parse(n.scalar.Text); !list.HasErrors() {
			text := strings.TrimSpace(n.scalar.Value)
			if needsQuotes(text, true) {
				text = quoted(text)
			}
			hint = "give the expression a name: my_leaf: " + text
		}
		r.list.Add(diagEntry(n.span, hint))
		return nil
	}
	x := &rule.Name{Parts: []rule.Ident{name}}
	x.At = name.At
	return &Tree{Kind: Leaf, Name: name, X: x, At: n.span}
}

// uniqueLeaves reports leaves and groups of one name.
func (r *reader) uniqueLeaves(root *Tree) {
	seen := map[string]source.Span{}
	var visit func(t *Tree)
	visit = func(t *Tree) {
		if !t.Name.IsZero() {
			if first, twice := seen[t.Name.Name]; twice {
				r.list.Add(diagLocal(t.Name.At, "leaf", t.Name.Name, first))
			} else {
				seen[t.Name.Name] = t.Name.At
			}
		}
		for _, child := range t.Children {
			visit(child)
		}
	}
	visit(root)
}

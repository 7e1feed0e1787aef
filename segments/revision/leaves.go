package revision

import (
	"slices"
	"strconv"
	"strings"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/evaluate"
)

// leaf is a leaf of either version of a segment, or one that both have.
type leaf struct {
	name string
	// before and after are its places among the leaves of each version in file
	// order, -1 where it is not there.
	before, after int
	// old and now are the leaf in each version, nil where it is not there.
	old, now *check.Tree
}

// kept reports whether both versions have the leaf.
func (l leaf) kept() bool { return l.before >= 0 && l.after >= 0 }

// versions are a segment before and after.
type versions struct{ before, after *check.Segment }

// leaves finds out which leaves are the same: first those of one name and rule,
// then, where names are only numbers, those of one rule, then those of one name,
// and last those of one rule, which have a new name. The leaves of the version
// after come first, in file order.
func (v versions) leaves() []leaf {
	old, now := v.before.Where.Leaves(), v.after.Where.Leaves()
	partner := make([]int, len(now))
	for i := range partner {
		partner[i] = -1
	}
	taken := map[int]bool{}
	pair := func(same func(a, b *check.Tree) bool) {
		for i, b := range now {
			if partner[i] >= 0 {
				continue
			}
			for j, a := range old {
				if !taken[j] && same(a, b) {
					partner[i], taken[j] = j, true
					break
				}
			}
		}
	}
	sameRule := func(a, b *check.Tree) bool { return check.Text(a.X) == check.Text(b.X) }
	sameName := func(a, b *check.Tree) bool { return a.Name == b.Name }
	numbered := implicit(v.before) || implicit(v.after)
	pair(func(a, b *check.Tree) bool { return sameName(a, b) && sameRule(a, b) })
	pair(func(a, b *check.Tree) bool { return numbered && sameRule(a, b) })
	pair(func(a, b *check.Tree) bool { return implicit(v.before) == implicit(v.after) && sameName(a, b) })
	pair(sameRule)
	var list []leaf
	for i, b := range now {
		l := leaf{name: b.Name, before: partner[i], after: i, now: b}
		if l.before >= 0 {
			l.old = old[l.before]
		}
		list = append(list, l)
	}
	for j, a := range old {
		if !taken[j] {
			list = append(list, leaf{name: freeName(list, a.Name), before: j, after: -1, old: a})
		}
	}
	return list
}

// implicit reports whether a rule is one expression, whose leaves are numbered.
func implicit(s *check.Segment) bool { return s.Definition.Where != nil && s.Definition.Where.Implicit }

// freeName tells a leaf that is gone from another one that has its name now.
func freeName(list []leaf, name string) string {
	for slices.ContainsFunc(list, func(l leaf) bool { return l.name == name }) {
		name += " before"
	}
	return name
}

// oneLine is the rule of a leaf as it stands in its file.
func oneLine(t *check.Tree) string {
	if t == nil {
		return ""
	}
	return strings.Join(strings.Fields(t.X.Span().Text()), " ")
}

// node is a part of a rule's structure over leaves of both versions: a leaf by
// its place in the list, or a group. A "not" has one child.
type node struct {
	kind     definition.TreeKind
	leaf     int
	children []*node
}

// structure is the tree of one version over the list of leaves, in its simplest
// form. place is the place of its i-th leaf in that list.
func structure(t *check.Tree, place func(i int) int) *node {
	next := 0
	var build func(*check.Tree) *node
	build = func(t *check.Tree) *node {
		if t.Kind == definition.Leaf {
			next++
			return &node{kind: definition.Leaf, leaf: place(next - 1)}
		}
		group := &node{kind: t.Kind}
		if t.Kind == definition.None {
			group.kind = definition.All
		}
		for _, child := range t.Children {
			group.children = append(group.children, build(child))
		}
		if t.Kind == definition.None {
			return &node{kind: definition.None, children: []*node{group}}
		}
		return group
	}
	return build(t).simplest()
}

// simplest opens groups that change nothing: one inside of another one of its
// kind, one with a single part, and a "not" of a "not".
func (n *node) simplest() *node {
	if n.kind == definition.Leaf {
		return n
	}
	s := &node{kind: n.kind}
	for _, child := range n.children {
		child = child.simplest()
		if child.kind == n.kind && n.kind != definition.None {
			s.children = append(s.children, child.children...)
			continue
		}
		s.children = append(s.children, child)
	}
	switch {
	case s.kind == definition.None && s.children[0].kind == definition.None:
		return s.children[0].children[0]
	case s.kind != definition.None && len(s.children) == 1:
		return s.children[0]
	}
	return s
}

// text is the same for nodes that say the same in another order.
func (n *node) text() string {
	if n.kind == definition.Leaf {
		return strconv.Itoa(n.leaf)
	}
	parts := make([]string, len(n.children))
	for i, child := range n.children {
		parts[i] = child.text()
	}
	slices.Sort(parts)
	return string(n.kind) + "(" + strings.Join(parts, " ") + ")"
}

// leaves are the leaves below a node.
func (n *node) leaves() map[int]bool {
	found := map[int]bool{}
	n.each(func(leaf int) { found[leaf] = true })
	return found
}

func (n *node) each(visit func(leaf int)) {
	if n.kind == definition.Leaf {
		visit(n.leaf)
	}
	for _, child := range n.children {
		child.each(visit)
	}
}

// extended is a tree with the leaves that only another tree has, each beside the
// leaves that it stands beside there: without them it is the tree again.
func (n *node) extended(other *node) *node {
	own := n.leaves()
	g := &grafting{own: own, tree: n}
	switch common := overlap(other.leaves(), own); {
	case len(common) == 0:
		kind := definition.All
		if other.kind == n.kind && n.kind != definition.None && n.kind != definition.Leaf {
			kind = n.kind
		}
		return (&node{kind: kind, children: []*node{n, other}}).simplest()
	default:
		g.from(other)
	}
	return g.tree.simplest()
}

// overlap are the leaves that are in both sets.
func overlap(a, b map[int]bool) map[int]bool {
	both := map[int]bool{}
	for leaf := range a {
		if b[leaf] {
			both[leaf] = true
		}
	}
	return both
}

// grafting puts leaves of another tree into a tree whose own leaves are known.
type grafting struct {
	own  map[int]bool
	tree *node
}

// from takes over what a node of the other tree has beside common leaves.
func (g *grafting) from(other *node) {
	if other.kind == definition.Leaf {
		return
	}
	var foreign []*node
	for _, child := range other.children {
		if len(overlap(child.leaves(), g.own)) == 0 {
			foreign = append(foreign, child)
			continue
		}
		g.from(child)
	}
	if len(foreign) > 0 {
		g.tree = g.attach(g.tree, other.kind, overlap(other.leaves(), g.own), foreign)
	}
}

// attach puts nodes beside the smallest part of the tree that holds some leaves.
func (g *grafting) attach(n *node, kind definition.TreeKind, beside map[int]bool, foreign []*node) *node {
	for i, child := range n.children {
		if len(overlap(beside, child.leaves())) == len(beside) {
			copied := *n
			copied.children = slices.Clone(n.children)
			copied.children[i] = g.attach(child, kind, beside, foreign)
			return &copied
		}
	}
	return &node{kind: kind, children: append([]*node{n}, foreign...)}
}

// through names what a leaf needs among what is written differently.
func through(p *check.Program, t *check.Tree, changed map[string]string) []string {
	if t == nil {
		return nil
	}
	var names []string
	for _, part := range evaluate.PartsOf(p, t.X) {
		if label, ok := changed[part]; ok {
			names = append(names, label)
		}
	}
	return names
}

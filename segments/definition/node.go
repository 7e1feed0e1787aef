package definition

import "strata/segments/source"

// nodeKind tells the three shapes of YAML apart.
type nodeKind string

const (
	scalarNode nodeKind = "value"
	listNode   nodeKind = "list"
	mapNode    nodeKind = "map"
)

// node is a YAML node whose exact source range is known.
type node struct {
	kind nodeKind
	// scalar and style are set for a scalarNode.
	scalar Scalar
	style  style
	items  []*node
	pairs  []pair
	// flow says that a list or map stands in brackets, braces that they are
	// written: [a: b] holds a map without any.
	flow, braces bool
	// cut says that the scalar is the start of an expression whose rest a
	// comma cut off; it was reported and is not read.
	cut bool
	// span covers the node, quotes and brackets included.
	span source.Span
}

// pair is an entry of a map.
type pair struct {
	key, value *node
}

// span covers the whole entry.
func (p pair) span() source.Span { return p.key.span.To(p.value.span) }

// isNull says that nothing, or null, was written.
func (n *node) isNull() bool { return n.kind == scalarNode && n.scalar.Null }

// isText says that the node is a scalar that is not null.
func (n *node) isText() bool { return n.kind == scalarNode && !n.scalar.Null }

// get returns the value under a key, or nil. The first of two equal keys
// counts; the second is reported elsewhere.
func (n *node) get(key string) *node {
	if n == nil {
		return nil
	}
	for _, p := range n.pairs {
		if p.key.kind == scalarNode && p.key.scalar.Value == key {
			return p.value
		}
	}
	return nil
}

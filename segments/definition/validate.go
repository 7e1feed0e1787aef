package definition

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"strata/segments/rule"
	"strata/segments/source"
)

// validator holds nodes against shapes.
type validator struct {
	list source.List
}

// check reports everything about a node and all below it that the shape does
// not allow. label is how messages speak of the node, such as the key it
// stands under.
func (v *validator) check(n *node, s *shape, label string) {
	if n.isNull() {
		if !s.empty && !n.cut {
			v.list.Add(diagEmpty(n.span, label))
		}
		return
	}
	if !s.takes(n.kind) {
		v.list.Add(diagForm(n.span, label, s.want(), n.kind))
		return
	}
	switch n.kind {
	case listNode:
		if len(n.items) == 0 && !s.empty {
			v.list.Add(diagEmpty(n.span, label))
		}
		v.items(n, s, label)
	case mapNode:
		v.mapping(n, s, label)
	case scalarNode:
		if n.scalar.Value == "" && s.value != textValue && s.value != literalValue {
			v.list.Add(diagEmpty(n.span, label))
		}
	}
}

func (v *validator) items(n *node, s *shape, label string) {
	rest := v.cutOff(n)
	for i, item := range n.items {
		if !rest[i] {
			v.check(item, s.list, "an entry of "+label)
		}
	}
}

// mapping checks the keys of a map and what stands under them.
func (v *validator) mapping(n *node, s *shape, label string) {
	if len(n.pairs) == 0 && !s.empty {
		v.list.Add(diagEmpty(n.span, label))
		return
	}
	rest := v.cutOff(n)
	if s.single && len(n.pairs)-len(rest) > 1 {
		v.list.Add(diagOneEntry(n.pairs[1].key.span, label, len(n.pairs)))
	}
	seen := map[string]*node{}
	for i, p := range n.pairs {
		if rest[i] {
			continue
		}
		if p.key.kind != scalarNode {
			v.list.Add(diagForm(p.key.span, "a key", "a word", p.key.kind))
			continue
		}
		name := p.key.scalar.Value
		if first, twice := seen[name]; twice {
			v.list.Add(diagDuplicateKey(p.key.span, name, first.span))
			continue
		}
		seen[name] = p.key
		if name == "<<" && p.key.style == plain {
			continue
		}
		v.entry(p, s)
	}
	for _, k := range s.keys {
		if k.required && seen[k.name] == nil {
			v.list.Add(diagMissingKey(headOf(n), k.name, s))
		}
	}
	v.exclusive(n, s)
	v.together(n, s)
}

// headOf is where a problem with a whole map is shown: its first key, since a
// map can go over many lines.
func headOf(n *node) source.Span {
	if len(n.pairs) > 0 && !n.braces {
		return n.pairs[0].key.span
	}
	return n.span
}

// entry checks one entry of a map whose key is a scalar.
func (v *validator) entry(p pair, s *shape) {
	name := p.key.scalar.Value
	child := s.child(name)
	switch {
	case child == nil:
		v.list.Add(diagUnknownKey(p.key.span, name, s))
		return
	case s.names == local && child.list != nil && child.value == "" && p.value.isText() && isGroupWord(name):
		v.list.Add(diagLocalWord(p.key.span, "leaf", name))
		return
	case s.key(name) != nil || s.names == anyWord:
	case !namePattern.MatchString(name):
		v.list.Add(diagName(p.key.span, name))
	case s.names == definition && rule.IsKeyword(name):
		v.list.Add(diagKeyword(p.key.span, name))
	}
	v.check(p.value, child, fmt.Sprintf("%q", name))
}

// isGroupWord tells the words that make a group of entries.
func isGroupWord(word string) bool {
	return word == string(All) || word == string(Any) || word == string(None)
}

// together reports keys that need another one which is not there.
func (v *validator) together(n *node, s *shape) {
	for _, need := range s.needs {
		for _, p := range n.entries() {
			if p.name() == need[0] && n.get(need[1]) == nil {
				v.list.Add(diagNeeds(p.key.span, need[0], need[1]))
			}
		}
	}
}

// exclusive reports keys of which exactly one belongs in the map.
func (v *validator) exclusive(n *node, s *shape) {
	for _, group := range s.oneOf {
		var there []*node
		for _, p := range n.entries() {
			if slices.Contains(group, p.name()) {
				there = append(there, p.key)
			}
		}
		switch len(there) {
		case 0:
			v.list.Add(diagExclusive(headOf(n), s, group))
		case 1:
		default:
			v.list.Add(diagExclusive(there[1].span, s, group))
		}
	}
}

var namePattern = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// asName returns the name a word was perhaps meant to be, or "".
func asName(word string) string {
	mapped := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		default:
			return '_'
		}
	}, word)
	mapped = strings.Trim(mapped, "_0123456789")
	if !namePattern.MatchString(mapped) || mapped == word {
		return ""
	}
	return mapped
}

package definition

import (
	"strconv"
	"strings"

	"strata/segments/rule"
	"strata/segments/source"
)

// The readers below take nodes that were already held against their shapes:
// what has the wrong form was reported and is passed over here in silence.

// name returns the key of a pair as text.
func (p pair) name() string { return p.key.scalar.Value }

// entries returns the pairs of a map whose keys are words; none for nil and
// for other nodes. Of equal keys the first counts.
func (n *node) entries() []pair {
	if n == nil {
		return nil
	}
	var entries []pair
	seen := map[string]bool{}
	for _, p := range n.pairs {
		if p.key.kind == scalarNode && !seen[p.name()] {
			seen[p.name()] = true
			entries = append(entries, p)
		}
	}
	return entries
}

// values returns a list's items, or the node itself where it is a scalar: the
// places that take one or more.
func (n *node) values() []*node {
	switch {
	case n == nil || n.isNull():
		return nil
	case n.kind == scalarNode:
		return []*node{n}
	default:
		return n.items
	}
}

// made returns a scalar that stands in no file, such as a default.
func made(text string) Scalar {
	zeros := make([]int, len(text))
	return Scalar{Value: text, Text: source.Fragment{Text: text, Starts: zeros, Ends: zeros}}
}

// scalarOf returns the scalar of a node, or the null scalar.
func scalarOf(n *node) Scalar {
	if n == nil || n.kind != scalarNode {
		return Scalar{Null: true}
	}
	return n.scalar
}

// identOf returns the node's text as a word with its place, quotes left out.
func identOf(n *node) rule.Ident {
	if n == nil || !n.isText() {
		return rule.Ident{}
	}
	return rule.Ident{Name: n.scalar.Value, At: n.scalar.Text.Span(0, len(n.scalar.Value))}
}

// identsOf returns one or more words.
func identsOf(n *node) []rule.Ident {
	var words []rule.Ident
	for _, item := range n.values() {
		if item.isText() {
			words = append(words, identOf(item))
		}
	}
	return words
}

// expression parses a node's rule; nil where it has none that can be read.
func (r *reader) expression(n *node) rule.Expr {
	if n == nil || !n.isText() || n.cut || strings.TrimSpace(n.scalar.Value) == "" {
		return nil
	}
	x, list := rule.Parse(n.scalar.Text)
	r.add(n, list)
	return x
}

// add reports the problems of a node's rule. Where a comment cut the rule
// short, that is what the first of them is about.
func (r *reader) add(n *node, list source.List) {
	if hint := commentHint(n); hint != "" && len(list) > 0 {
		list[0].Hint = hint
	}
	r.list.Add(list...)
}

// boolean reads the true or false under a key; nil where it is neither.
func (r *reader) boolean(parent *node, key string) *bool {
	n := parent.get(key)
	if n == nil || !n.isText() {
		return nil
	}
	value := n.scalar.Value == "true"
	if n.scalar.Quoted || (!value && n.scalar.Value != "false") {
		r.list.Add(diagBoolean(key, n.scalar))
		return nil
	}
	return &value
}

// about reads what every definition may say about itself.
func (r *reader) about(p pair) About {
	a := About{Name: identOf(p.key), At: p.span()}
	a.Title = scalarOf(p.value.get("title")).Value
	a.Description = scalarOf(p.value.get("description")).Value
	a.Owner = scalarOf(p.value.get("owner")).Value
	for _, tag := range identsOf(p.value.get("tags")) {
		a.Tags = append(a.Tags, tag.Name)
	}
	a.Was = identOf(p.value.get("was"))
	if !a.Was.IsZero() && !namePattern.MatchString(a.Was.Name) {
		r.list.Add(diagName(a.Was.At, a.Was.Name))
	}
	return a
}

// expect reads the bounds of a definition's size; nil where there are none.
func (r *reader) expect(n *node) *Expect {
	if n == nil || n.kind != mapNode {
		return nil
	}
	e := &Expect{At: n.span}
	if size := n.get("size"); size != nil && size.isText() {
		var ok bool
		if e.SizeMin, e.SizeMax, ok = parseSize(size.scalar.Value); !ok {
			r.list.Add(diagSize(size.span, size.scalar.Value))
		}
	}
	if share := n.get("change_per_day"); share != nil && share.isText() {
		var ok bool
		if e.ChangePerDay, ok = parseShare(share.scalar.Value); !ok {
			r.list.Add(diagShare(share.span, share.scalar.Value))
		}
	}
	return e
}

// parseSize reads 20..400, 20.., ..400 or 20.
func parseSize(text string) (low, high *int64, ok bool) {
	lower, upper, isRange := strings.Cut(strings.TrimSpace(text), "..")
	if !isRange {
		upper = lower
	}
	for _, end := range []struct {
		text string
		into **int64
	}{{lower, &low}, {upper, &high}} {
		if strings.TrimSpace(end.text) == "" {
			continue
		}
		n, err := strconv.ParseUint(strings.TrimSpace(end.text), 10, 63)
		if err != nil {
			return nil, nil, false
		}
		value := int64(n)
		*end.into = &value
	}
	if (low == nil && high == nil) || (low != nil && high != nil && *low > *high) {
		return nil, nil, false
	}
	return low, high, true
}

// parseShare reads 30% as 0.3.
func parseShare(text string) (*float64, bool) {
	number, ok := strings.CutSuffix(strings.TrimSpace(text), "%")
	number = strings.TrimSpace(number)
	if !ok || !decimalPattern.MatchString(number) {
		return nil, false
	}
	percent, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return nil, false
	}
	share := percent / 100
	return &share, true
}

package definition

import (
	"path"
	"strings"

	"strata/segments/rule"
	"strata/segments/source"
)

// FormatFile returns a file in canonical form: two spaces of indentation,
// every rule as rule.Format writes it, one space behind colons and commas, at
// most one blank line in a row. Comments, blank lines between entries, the
// order of keys and the choice between one line and several stay, and so does
// the meaning. On any error the text comes back unchanged beside the list.
//
// Which keys are known follows from the file's name, as it does in Load. What
// needs other files or the project is not checked.
func FormatFile(f *source.File) (string, source.List) {
	clean := f
	if after, ok := strings.CutPrefix(f.Text, byteOrderMark); ok {
		clean = source.NewFile(f.Name, after)
	}
	s := shapeOf(f.Name)
	root, list := parseForFormat(clean, s)
	if list.HasErrors() {
		return f.Text, list
	}
	text := printTree(clean.Text, root, s)
	if !sameMeaning(clean, source.NewFile(f.Name, text), s) {
		// The printer must not lose anything. Should it meet a file that it
		// does not understand, the file is better left as it is.
		return f.Text, nil
	}
	return text, nil
}

// printTree writes a file's tree, and what lies between its nodes, anew.
func printTree(src string, root *node, s *shape) string {
	p := &printer{src: src, lineStart: true}
	if root != nil {
		p.top(root, s)
	}
	p.gap(len(p.src), 0, 0)
	return p.finish()
}

func shapeOf(name string) *shape {
	switch path.Base(name) {
	case projectFile:
		return projectShape()
	case columnsFile:
		return columnsShape()
	default:
		return definitionShape()
	}
}

// parseForFormat reads a file as far as its rules go.
func parseForFormat(f *source.File, s *shape) (*node, source.List) {
	root, list := readYAML(f)
	if root == nil || list.HasErrors() {
		return root, list
	}
	v := &validator{}
	v.check(root, s, s.name)
	list.Add(v.list...)
	if !list.HasErrors() {
		list.Add(parseRules(root, s)...)
	}
	list.Sort()
	return root, list
}

// parseRules returns the problems of all expressions below a node.
func parseRules(n *node, s *shape) source.List {
	var list source.List
	eachScalar(n, s, func(n *node, kind valueKind) {
		_, problems := formatValue(n, kind)
		list.Add(problems...)
	})
	return list
}

// eachScalar visits the scalars below a node that have a value, in order.
func eachScalar(n *node, s *shape, visit func(*node, valueKind)) {
	s = s.known()
	for _, item := range n.items {
		eachScalar(item, s.list, visit)
	}
	for _, p := range n.pairs {
		eachScalar(p.value, s.child(p.key.scalar.Value), visit)
	}
	if n.isText() {
		visit(n, s.value)
	}
}

// formatValue returns the canonical text of a scalar's rule. Scalars that
// hold no rule give "" and no problem.
func formatValue(n *node, kind valueKind) (string, source.List) {
	if !n.isText() {
		return "", nil
	}
	text := n.scalar.Text
	switch kind {
	case stageValue, expressionValue:
		if kind == stageValue && strings.EqualFold(strings.TrimSpace(n.scalar.Value), "else") {
			return "else", nil
		}
		x, list := rule.Parse(text)
		return formatted(x, rule.Format, list)
	case bandValue:
		band, list := rule.ParseBand(text)
		return formatted(band, rule.FormatBand, list)
	case transitionValue:
		transition, list := rule.ParseTransition(text)
		return formatted(transition, rule.FormatTransition, list)
	case durationValue, touchValue:
		if kind == touchValue && strings.EqualFold(strings.TrimSpace(n.scalar.Value), touchOff) {
			return touchOff, nil
		}
		duration, list := rule.ParseDuration(text)
		return formatted(duration, rule.FormatDuration, list)
	case periodicValue:
		x, list := rule.ParsePeriodic(text)
		return formatted(x, rule.Format, list)
	case rowsValue:
		rows, _, list := rule.ParseRows(text)
		return formatted(rows, rule.FormatRows, list)
	case textValue, entryValue, amountValue, booleanValue, sizeValue, shareValue, rangeValue, literalValue:
	}
	return "", nil
}

// formatted is the canonical text of what was parsed, "" where it has mistakes.
func formatted[T any](parsed T, format func(T) string, list source.List) (string, source.List) {
	if list.HasErrors() {
		return "", list
	}
	return format(parsed), nil
}

// sameMeaning reports whether two files have the same keys, values and rules.
func sameMeaning(a, b *source.File, s *shape) bool {
	return fingerprint(a, s) == fingerprint(b, s)
}

// fingerprint writes a file's tree without its layout.
func fingerprint(f *source.File, s *shape) string {
	root, list := readYAML(f)
	if list.HasErrors() {
		return "broken: " + list.Error()
	}
	if root == nil {
		return ""
	}
	c := &canon{}
	c.node(root, s)
	return c.String()
}

func (c *canon) node(n *node, s *shape) {
	s = s.known()
	switch {
	case n.isNull():
		c.line("null", "")
	case n.kind == scalarNode:
		text, _ := formatValue(n, s.value)
		if text == "" {
			text = n.scalar.Value
			if n.scalar.Quoted && !isMark(text) {
				c.line("quoted", "")
			}
		}
		c.line("value", text)
	}
	c.depth++
	for _, item := range n.items {
		c.line("item", "")
		c.node(item, s.list)
	}
	for _, p := range n.pairs {
		c.line("key", p.key.scalar.Value)
		c.node(p.value, s.child(p.key.scalar.Value))
	}
	c.depth--
}

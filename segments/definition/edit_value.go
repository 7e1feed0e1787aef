package definition

import (
	"regexp"
	"strings"

	"strata/segments/rule"
	"strata/segments/source"
)

// ruleValue is a rule's text that was read and found right in form.
type ruleValue struct {
	// expression is the canonical text of a rule that is one expression, "" for a
	// tree.
	expression string
	// lines is a tree at the left edge, without blank lines around it.
	lines string
	// flow says that a tree stands in braces.
	flow bool
	node *node
}

var treeStart = regexp.MustCompile(`^(?:\{|(?:all|any|not)[ \t]*:(?:[ \t]|$))`)

// IsTree tells the YAML of a tree from an expression, by how it begins.
func IsTree(text string) bool {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line != "" && line[0] != '#' {
			return treeStart.MatchString(line)
		}
	}
	return false
}

// ParseTree reads the YAML of a tree that stands alone, at any indentation. The
// tree is nil when the list has errors.
func ParseTree(f *source.File) (*Tree, source.List) {
	root, list := readTree(f)
	if list.HasErrors() {
		return nil, list
	}
	r := &reader{set: &Set{}, names: map[string]taken{}}
	t := r.where(root)
	list.Add(r.list...)
	list.Sort()
	if list.HasErrors() {
		return nil, list
	}
	return t, list
}

// readTree reads a tree's YAML and holds it against its shape.
func readTree(f *source.File) (*node, source.List) {
	root, list := readYAML(f)
	if root == nil {
		if !list.HasErrors() {
			list.Add(diagEmpty(source.Span{File: f}, "the rule"))
		}
		return nil, list
	}
	if root.kind != mapNode {
		list.Add(diagForm(root.span, "the rule", "a tree of all, any and not", root.kind))
		return root, list
	}
	v := &validator{}
	v.check(root, treeShape(), "where")
	list.Add(v.list...)
	return root, list
}

// readRuleValue reads what is to be written as a rule. The error is a
// source.List, placed in the text.
func readRuleValue(text string) (ruleValue, error) {
	if !IsTree(text) {
		x, list := rule.Parse(source.WholeFile(source.NewFile("rule", text)))
		if list.HasErrors() {
			return ruleValue{}, list
		}
		expression := rule.Format(x)
		value := Scalar{Value: expression, Text: source.WholeFile(source.NewFile("rule", expression))}
		return ruleValue{expression: expression, node: &node{kind: scalarNode, scalar: value}}, nil
	}
	lines := dedented(text)
	if _, list := ParseTree(source.NewFile("rule", text)); list.HasErrors() {
		return ruleValue{}, list
	}
	root, list := readTree(source.NewFile("rule", lines))
	if list.HasErrors() {
		return ruleValue{}, list
	}
	return ruleValue{lines: lines, flow: root.flow, node: root}, nil
}

// dedented moves lines to the left by as much as all of them are indented, and
// drops blank lines around them. Line breaks become those of Unix.
func dedented(text string) string {
	lines := splitLines(text)
	least := -1
	for _, line := range lines {
		if own := skipSpaces(line, 0); own < len(line) && (least < 0 || own < least) {
			least = own
		}
	}
	return strings.Trim(shiftedLeft(strings.Join(lines, "\n"), max(0, least)), "\n")
}

// shiftedLeft takes up to so many blanks from the start of each line.
func shiftedLeft(text string, by int) string {
	lines := splitLines(text)
	for i, line := range lines {
		lines[i] = strings.TrimRight(line[min(skipSpaces(line, 0), by):], "\r")
		if strings.TrimSpace(lines[i]) == "" {
			lines[i] = ""
		}
	}
	return strings.Join(lines, "\n")
}

// indented moves lines to the right; empty ones stay empty.
func indented(text string, by int) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = strings.Repeat(" ", by) + line
		}
	}
	return strings.Join(lines, "\n")
}

// replace returns the source with another rule. It still has to be formatted.
func (p place) replace(value ruleValue) (string, error) {
	n, indent := p.value(), p.keyColumn()+step
	if p.inBraces() {
		text, ok := value.inFlow()
		if !ok {
			return "", ErrBraces
		}
		return p.src[:n.span.Start] + text + p.src[n.span.End:], nil
	}
	if value.expression != "" || value.flow {
		text := styled(value.expression, false)
		if value.flow {
			text = strings.TrimLeft(indented(value.lines, indent), " ")
		}
		if p.isBlock() {
			start, end := p.lines()
			return p.src[:start] + strings.Repeat(" ", indent) + text + p.src[end:], nil
		}
		return p.src[:n.span.Start] + text + p.src[n.span.End:], nil
	}
	lines := indented(value.lines, indent)
	if p.isBlock() {
		start, end := p.lines()
		return p.src[:start] + lines + p.src[end:], nil
	}
	// A comment behind the old rule goes behind the key, above the tree.
	end := behindComment(p.src, n.span.End)
	tail := strings.TrimRight(p.src[n.span.End:end], " \t")
	return strings.TrimRight(p.src[:n.span.Start], " \t") + tail + "\n" + lines + p.src[end:], nil
}

// inFlow writes a rule on one line, as it can stand in braces; false where it has
// comments, which cannot.
func (v ruleValue) inFlow() (string, bool) {
	if v.expression != "" {
		return styled(v.expression, true), true
	}
	for line := range strings.Lines(v.lines) {
		if strings.Contains(withoutComment(line), "\n") || withoutComment(line) != strings.TrimSpace(line) {
			return "", false
		}
	}
	return flowText(v.node, treeShape()), true
}

// flowText writes a node in braces, its rules in canonical form.
func flowText(n *node, s *shape) string {
	s = s.known()
	var parts []string
	switch n.kind {
	case listNode:
		for _, item := range n.items {
			parts = append(parts, flowText(item, s.list))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case mapNode:
		for _, entry := range n.pairs {
			parts = append(parts, styled(entry.name(), true)+": "+flowText(entry.value, s.child(entry.name())))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case scalarNode:
	}
	text, _ := formatValue(n, s.value)
	if text == "" {
		text = n.scalar.Value
	}
	return styled(text, true)
}

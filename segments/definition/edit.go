package definition

import (
	"errors"
	"fmt"
	"strings"

	"strata/segments/source"
)

// The rule of a segment is edited as a text of its own: an expression, or the
// YAML of a tree with its comments. The functions here take that text out of a
// file and put another one in its place. Whatever else stands in the file stays,
// in the form that FormatFile gives it.

// Why a rule cannot be edited.
var (
	ErrNoSegment = errors.New("there is no such segment")
	ErrSQLRule   = errors.New("the segment is given by sql, which is edited in its file")
	ErrTaken     = errors.New("the name is taken")
	ErrBadName   = errors.New("a name has lower-case letters, digits and _, begins with a letter and is no word of the language")
	ErrBraces    = errors.New("the definition stands in braces, where a rule like this cannot be written; open the file")
	errLost      = errors.New("the file cannot be rewritten without changing more than the rule; open the file")
)

// ruleKey is the key that a segment's rule stands under.
const ruleKey = "where"

// RuleText returns the rule of a segment as it stands in its file: an expression
// without its quotes, or the YAML of a tree, moved to the left edge. The error is
// ErrNoSegment or ErrSQLRule.
func RuleText(set *Set, name string) (string, error) {
	for _, s := range set.Segments {
		if s.Name.Name != name {
			continue
		}
		if s.SQL != nil {
			return "", fmt.Errorf("%s: %w", name, ErrSQLRule)
		}
		place, err := findRule(source.NewFile(s.At.File.Name, s.At.File.Text), name)
		if err != nil {
			return "", err
		}
		return place.text(), nil
	}
	return "", fmt.Errorf("%s: %w", name, ErrNoSegment)
}

// FormatRule returns the canonical form of a rule's text, which is what RuleText
// reads back once it was written. The error is a source.List, placed in the text.
func FormatRule(text string) (string, error) {
	if !IsTree(text) {
		value, err := readRuleValue(text)
		return value.expression, err
	}
	after, err := ReplaceRule(source.NewFile("rule", "segments:\n  x:\n    where: true\n"), "x", text)
	if err != nil {
		return "", err
	}
	place, err := findRule(source.NewFile("rule", after), "x")
	if err != nil {
		return "", err
	}
	return place.text(), nil
}

// ReplaceRule returns a file in canonical form with the rule of one segment
// replaced. Nothing else in it changes its meaning, and comments outside of the
// rule stay. Mistakes of the file or of the text are returned as a source.List;
// those of the text are placed in the text.
func ReplaceRule(f *source.File, name, text string) (string, error) {
	value, err := readRuleValue(text)
	if err != nil {
		return "", err
	}
	before, list := FormatFile(f)
	if list.HasErrors() {
		return "", list
	}
	place, err := findRule(source.NewFile(f.Name, before), name)
	if err != nil {
		return "", err
	}
	after, err := place.replace(value)
	if err != nil {
		return "", err
	}
	done, list := FormatFile(source.NewFile(f.Name, after))
	if list.HasErrors() {
		return "", list
	}
	if !onlyRuleChanged(before, done, name, value) {
		return "", errLost
	}
	return done, nil
}

// place is where the rule of a segment stands.
type place struct {
	src string
	// parent is the segment's map and at the index of the rule's entry.
	parent *node
	at     int
}

func (p place) entry() pair    { return p.parent.pairs[p.at] }
func (p place) value() *node   { return p.entry().value }
func (p place) keyColumn() int { return columnOf(p.src, p.entry().key.span.Start) }
func (p place) isBlock() bool  { return p.value().kind != scalarNode && !p.value().flow }
func (p place) inBraces() bool { return p.parent.flow }

// findRule finds the rule of a segment of a file that has no mistakes of form.
func findRule(f *source.File, name string) (place, error) {
	root, list := readYAML(f)
	if list.HasErrors() {
		return place{}, list
	}
	p, err := ruleIn(root, name)
	p.src = f.Text
	return p, err
}

func ruleIn(root *node, name string) (place, error) {
	segment := root.get("segments").get(name)
	if segment == nil || segment.kind != mapNode {
		return place{}, fmt.Errorf("%s: %w", name, ErrNoSegment)
	}
	for i, p := range segment.pairs {
		if p.key.kind == scalarNode && p.name() == ruleKey {
			return place{parent: segment, at: i}, nil
		}
	}
	return place{}, fmt.Errorf("%s: %w", name, ErrSQLRule)
}

// text is the rule as it stands.
func (p place) text() string {
	n := p.value()
	switch {
	case n.kind == scalarNode:
		return strings.TrimSpace(n.scalar.Value)
	case p.isBlock():
		start, end := p.lines()
		return strings.TrimRight(shiftedLeft(p.src[start:end], columnOf(p.src, n.span.Start)), "\n")
	}
	return dedented(strings.Repeat(" ", columnOf(p.src, n.span.Start)) + n.span.Text())
}

// lines is the range of the lines of a tree: from the first that is not blank
// below its key to its end, with the comments that are indented as deeply as it is.
func (p place) lines() (start, end int) {
	n := p.value()
	start = lineEnd(p.src, p.entry().key.span.End)
	width, _ := breakAt(p.src, start)
	start += width
	for {
		text := skipBlanks(p.src, start)
		width, _ := breakAt(p.src, text)
		if width == 0 {
			break
		}
		start = text + width
	}
	end = behindComment(p.src, n.span.End)
	return start, behindComments(p.src, end, columnOf(p.src, n.span.Start))
}

// behindComment is the end of the comment behind an offset on its line, or the
// offset where there is none.
func behindComment(src string, at int) int {
	if i := skipBlanks(src, at); i < len(src) && src[i] == '#' {
		return len(strings.TrimRight(src[:lineEnd(src, i)], " \t"))
	}
	return at
}

// behindComments goes on over the lines that hold comments from a column on.
func behindComments(src string, at, column int) int {
	end := at
	for i := lineEnd(src, at); i < len(src); {
		width, _ := breakAt(src, i)
		i += width
		text := skipBlanks(src, i)
		stop := lineEnd(src, text)
		switch {
		case text == stop && text < len(src):
		case text < len(src) && src[text] == '#' && columnOf(src, text) >= column:
			end = stop
		default:
			return end
		}
		i = stop
	}
	return end
}

// columnOf is the number of characters before an offset on its line.
func columnOf(src string, at int) int {
	p := printer{src: src}
	return p.column(at)
}

// onlyRuleChanged holds a file against what it was: outside of the rule both
// mean the same, and the rule is the text that was to be written.
func onlyRuleChanged(before, after, name string, value ruleValue) bool {
	s := definitionShape()
	old, replaced := withoutRule(before, name)
	now, written := withoutRule(after, name)
	if replaced == nil || written == nil {
		return false
	}
	where := treeShape()
	return canonOf(old, s) == canonOf(now, s) && canonOf(written, where) == canonOf(value.node, where)
}

// withoutRule reads a file, takes the rule of a segment out and returns both.
func withoutRule(text, name string) (root, taken *node) {
	root, list := readYAML(source.NewFile("", text))
	if list.HasErrors() {
		return nil, nil
	}
	p, err := ruleIn(root, name)
	if err != nil {
		return nil, nil
	}
	taken = p.parent.pairs[p.at].value
	p.parent.pairs[p.at].value = &node{kind: scalarNode, scalar: Scalar{Null: true}}
	return root, taken
}

// canonOf writes a tree without its layout.
func canonOf(n *node, s *shape) string {
	if n == nil {
		return ""
	}
	c := &canon{}
	c.node(n, s)
	return c.String()
}

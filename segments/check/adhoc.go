package check

import (
	"strings"

	"strata/segments/definition"
	"strata/segments/rule"
	"strata/segments/source"
)

// ruleName is the name of a segment that was typed rather than defined.
const ruleName = "rule"

// Rule checks a rule that was typed on a command line. It becomes a segment
// named "rule" whose leaves c1, c2, … are the terms its top-level "and" joins.
// The bare name of a segment gives that segment. The segment is nil when the
// list has errors.
func (p *Program) Rule(text source.Fragment) (*Segment, source.List) {
	e, list := rule.Parse(text)
	if e == nil && !list.HasErrors() {
		return nil, list
	}
	if s := p.bareSegment(e); s != nil && !list.HasErrors() {
		return s, list
	}
	return p.typed(text, definition.ImplicitTree(e, text.Span(0, len(text.Text))), list)
}

// sortedList returns what was reported, in order.
func (c *checker) sortedList() source.List {
	c.list.Sort()
	return c.list
}

// bareSegment returns the segment whose name alone is the rule, or nil.
func (p *Program) bareSegment(e rule.Expr) *Segment {
	n, ok := e.(*rule.Name)
	if !ok || n.AsOf != nil || len(n.Parts) != 1 {
		return nil
	}
	s, _ := p.names.definitions[strings.ToLower(n.Parts[0].Name)].(*Segment)
	return s
}

// Expression checks a value that was typed on a command line: anything that
// could be a trait. It is nil when the list has errors.
func (p *Program) Expression(text source.Fragment) (Expr, source.List) {
	e, list := rule.Parse(text)
	c := newChecker(p.names)
	c.list = list
	x := c.value(e, &scope{needs: newCollector()})
	if c.sortedList().HasErrors() || isBad(x) {
		return nil, c.list
	}
	return x, c.list
}

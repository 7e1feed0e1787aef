package check

import (
	"strata/segments/definition"
	"strata/segments/rule"
	"strata/segments/source"
)

// RuleText checks a rule that was typed: an expression as Rule takes it, or the
// YAML of a tree of all, any and not, whose leaves have their own names. Places in
// the list are those of the text.
func (p *Program) RuleText(text source.Fragment) (*Segment, source.List) {
	if !definition.IsTree(text.Text) {
		return p.Rule(text)
	}
	file := text.File
	if file == nil || file.Text != text.Text {
		file = source.NewFile(ruleName, text.Text)
	}
	tree, list := definition.ParseTree(file)
	if list.HasErrors() {
		return nil, list
	}
	return p.typed(source.WholeFile(file), tree, list)
}

// typed makes a segment named "rule" of a tree; nil when the list has errors.
func (p *Program) typed(text source.Fragment, tree *definition.Tree, list source.List) (*Segment, source.List) {
	c := newChecker(p.names)
	c.list = list
	name := rule.Ident{Name: ruleName, At: text.Span(0, len(text.Text))}
	d := &definition.Segment{About: definition.About{Name: name, At: name.At}, Where: tree}
	s := &Segment{common: common{about: d.About}, Definition: d}
	needs := newCollector()
	s.Where = c.tree(d.Where, &scope{needs: needs})
	c.finish(s, needs, leafTests(s.Where)...)
	if c.sortedList().HasErrors() {
		return nil, c.list
	}
	c.lintElapsed(leafTests(s.Where))
	return s, c.sortedList()
}

package check

import (
	"strings"

	"strata/segments/catalog"
)

// maxScale is the most decimals an exact product keeps.
const maxScale = 12

// commonType is the type that holds values of both.
func commonType(t, u catalog.Type) (catalog.Type, bool) {
	switch {
	case t.Kind == catalog.Invalid || u.Kind == catalog.Invalid:
		return catalog.Type{}, true
	case t.Numeric() && u.Numeric():
		return commonNumber(t, u), true
	case t.Temporal() && u.Temporal():
		if t.Kind == u.Kind {
			return t, true
		}
		return catalog.Type{Kind: catalog.Timestamp}, true
	case t.Kind == u.Kind && t.Kind != catalog.List:
		return t, true
	}
	return catalog.Type{}, false
}

func commonNumber(t, u catalog.Type) catalog.Type {
	switch {
	case t.Kind == catalog.Number || u.Kind == catalog.Number:
		return catalog.Type{Kind: catalog.Number}
	case t.Kind == catalog.Integer && u.Kind == catalog.Integer:
		return t
	default:
		return catalog.Type{Kind: catalog.Decimal, Scale: max(t.Scale, u.Scale)}
	}
}

// product is the type of a product of two numbers.
func product(t, u catalog.Type) catalog.Type {
	common := commonNumber(t, u)
	if common.Kind != catalog.Decimal {
		return common
	}
	if common.Scale = t.Scale + u.Scale; common.Scale > maxScale {
		return catalog.Type{Kind: catalog.Number}
	}
	return common
}

// ordered reports whether < and > mean something for values of a type.
func ordered(t catalog.Type) bool {
	return t.Numeric() || t.Temporal() || t.Kind == catalog.Text || t.Kind == catalog.Invalid
}

// comparable checks that two values may be compared and returns false when
// they may not, or when one of them could not be checked.
func (c *checker) comparable(x, y Expr, whole Expr) bool {
	if isBad(x) || isBad(y) {
		return false
	}
	if !x.Type().Comparable(y.Type()) {
		c.fail(whole.Span(), notComparable(x, y))
		return false
	}
	c.stageExists(x, y)
	c.stageExists(y, x)
	return true
}

// stageExists reports the comparison of a partition with a text that is none
// of its stages.
func (c *checker) stageExists(x, y Expr) {
	p := partitionOf(x)
	text, ok := y.(*Const)
	if p == nil || !ok || p.hasStage(text.Text) {
		return
	}
	c.fail(text.Span(), noStage(text.Text, p))
}

// partitionOf returns the partition whose stage an expression is, or nil.
func partitionOf(x Expr) *Partition {
	switch x := x.(type) {
	case *Ref:
		p, _ := x.Target.(*Partition)
		return p
	case *AsOf:
		return partitionOf(x.X)
	case *CustomerValue:
		return partitionOf(x.X)
	}
	return nil
}

func (p *Partition) hasStage(name string) bool {
	for _, s := range p.Stages {
		if s.Name == name {
			return true
		}
	}
	return false
}

func (p *Partition) stageNames() []string {
	list := make([]string, 0, len(p.Stages))
	for _, s := range p.Stages {
		list = append(list, s.Name)
	}
	return list
}

// comparisonHint says how to write one side so that the two can be compared.
func comparisonHint(x, y Expr) string {
	if hint := literalHint(x, y); hint != "" {
		return hint
	}
	return literalHint(y, x)
}

// literalHint rewrites y, where it is a constant, as the type of x.
func literalHint(x, y Expr) string {
	text, ok := y.(*Const)
	if !ok {
		return ""
	}
	switch t := x.Type(); {
	case t.Numeric() && text.T.Kind == catalog.Text && looksLikeNumber(text.Text):
		return "write `" + text.Text + "` for the number"
	case t.Kind == catalog.Text && text.T.Numeric():
		return "write `'" + text.Number + "'` for the text"
	case t.Temporal() && text.T.Kind == catalog.Text && looksLikeDate(text.Text):
		kind := "date"
		if len(text.Text) > len("2026-01-31") {
			kind = "timestamp"
		}
		return "write `" + kind + " '" + text.Text + "'`"
	case t.Kind == catalog.Boolean && text.T.Kind == catalog.Text && (strings.EqualFold(text.Text, "true") || strings.EqualFold(text.Text, "false")):
		return "write `" + strings.ToLower(text.Text) + "` without quotes"
	}
	return ""
}

func looksLikeNumber(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	whole, fraction, decimal := strings.Cut(digits, ".")
	return whole != "" && strings.Trim(whole+fraction, "0123456789") == "" && decimal == (fraction != "")
}

func looksLikeDate(text string) bool {
	return len(text) >= 10 && text[4] == '-' && text[7] == '-' && looksLikeNumber(text[:4]) && looksLikeNumber(text[8:10])
}

package evaluate

import (
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/result"
)

// expression is the proof of a test: its logic taken apart down to the
// comparisons, and segments it names opened once.
func (w *prover) expression(e check.Expr) *result.Node {
	switch x := e.(type) {
	case *check.And:
		return w.group("all", x.Terms)
	case *check.Or:
		return w.group("any", x.Terms)
	case *check.Not:
		if compare, ok := x.X.(*check.Compare); ok {
			return w.test(x, "", compare.X, compare.Y)
		}
		return w.group("not", []check.Expr{x.X})
	case *check.Truth:
		if ref, ok := x.X.(*check.Ref); ok {
			return w.reference(ref)
		}
		return w.test(x, "", x.X)
	case *check.Ref:
		return w.reference(x)
	}
	return w.test(e, "", operands(e)...)
}

// operands are the values that a test compares.
func operands(e check.Expr) []check.Expr {
	switch x := e.(type) {
	case *check.Compare:
		return []check.Expr{x.X, x.Y}
	case *check.Between:
		return []check.Expr{x.X, x.Low, x.High}
	case *check.In:
		return []check.Expr{x.X}
	case *check.InWindow:
		return []check.Expr{x.X}
	case *check.Match:
		return []check.Expr{x.X, x.Pattern}
	case *check.Missing:
		return []check.Expr{x.X}
	case *check.Call:
		return x.Args
	}
	return nil
}

func (w *prover) group(kind string, terms []check.Expr) *result.Node {
	node := newNode(kind, "")
	for _, term := range terms {
		node.Children = append(node.Children, w.expression(term))
	}
	return node
}

// reference opens a segment that a rule names; the second time it stands for
// itself.
func (w *prover) reference(ref *check.Ref) *result.Node {
	node := w.test(ref, ref.Target.DefinitionName())
	node.Kind = ref.Target.DefinitionKind()
	segment, ok := ref.Target.(*check.Segment)
	if ok && segment.Where != nil && !w.seen[segment] {
		w.seen[segment] = true
		node.Children = append(node.Children, w.tree(segment.Where))
	}
	return node
}

// test is the proof of a single test with the operands it compares.
func (w *prover) test(e check.Expr, name string, operands ...check.Expr) *result.Node {
	node := newNode("test", name)
	node.Rule = written(e)
	w.ask(node, e)
	w.tests[node] = e
	for _, operand := range operands {
		value := result.Value{Rule: written(operand)}
		_, value.Constant = operand.(*check.Const)
		node.Values = append(node.Values, value)
		w.values[node] = append(w.values[node], len(w.outputs))
		w.outputs = append(w.outputs, compile.Output{Name: outputName(len(w.outputs)), Value: operand})
	}
	return node
}

// settle fills the observed values into a node and those below it.
func (w *prover) settle(node *result.Node) {
	for _, child := range node.Children {
		w.settle(child)
	}
	for i, output := range w.values[node] {
		node.Values[i].Value = plain(w.row[output])
	}
	if output, ok := w.verdicts[node]; ok {
		holds, _ := w.row[output].(bool)
		node.Verdict = verdict(holds)
		if !holds && missing(node.Values) {
			node.Verdict = result.MissingValue
		}
	} else {
		node.Verdict = fromChildren(node)
	}
	if node.Verdict == result.False {
		node.Short = short(w.tests[node], node.Values)
	}
}

func verdict(holds bool) result.Verdict {
	if holds {
		return result.True
	}
	return result.False
}

func missing(values []result.Value) bool {
	for _, value := range values {
		if value.Value == nil {
			return true
		}
	}
	return false
}

// fromChildren is the verdict of a group. A group is never missing: it is true
// or false like the rule.
func fromChildren(node *result.Node) result.Verdict {
	trues := 0
	for _, child := range node.Children {
		if child.Verdict == result.True {
			trues++
		}
	}
	switch node.Kind {
	case "any":
		return verdict(trues > 0)
	case "not":
		return verdict(trues < len(node.Children))
	case "partition":
		return result.True
	case "stage":
		if len(node.Children) == 0 {
			return result.True
		}
	}
	return verdict(trues == len(node.Children))
}

package evaluate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/definition"
	"strata/segments/result"
	"strata/sql/warehouse"
)

// ErrNoSuchCustomer says that the customers source has no such key.
var ErrNoSuchCustomer = errors.New("no such customer")

// Why proves the membership of one customer in a segment, or the stage in a
// partition: every test of the rule with the values it compared, whether it
// held, and the rows behind them.
func (e *Evaluator) Why(ctx context.Context, customer string, d check.Definition, asOf time.Time) (result.Why, error) {
	why := result.Why{Customer: customer, Name: d.DefinitionName(), Kind: d.DefinitionKind(), AsOf: asOf, Gates: []*result.Node{}}
	if err := e.UniqueKeys(ctx); err != nil {
		return why, err
	}
	compiler, err := e.Compiler(ctx, asOf, ForRunning)
	if err != nil {
		return why, err
	}
	w := &prover{Evaluator: e, ctx: ctx, customer: customer, asOf: asOf, compiler: compiler}
	if why.Rule, err = w.root(d); err != nil {
		return why, err
	}
	for _, gate := range check.GatesOf(d) {
		node := w.tree(gate.Where)
		named := newNode("gate", gate.DefinitionName())
		named.Children = append(named.Children, node)
		why.Gates = append(why.Gates, named)
	}
	known, err := w.observe()
	if err != nil {
		return why, fmt.Errorf("explain %s: %w", d.DefinitionName(), err)
	}
	if !known {
		return e.unknown(ctx, why)
	}
	why.Known = true
	w.settle(why.Rule)
	for _, gate := range why.Gates {
		w.settle(gate)
	}
	w.conclude(d, &why)
	return why, nil
}

// Membership answers like Why, without the proof.
func (e *Evaluator) Membership(ctx context.Context, customer string, d check.Definition, asOf time.Time) (result.Why, error) {
	why := result.Why{Customer: customer, Name: d.DefinitionName(), Kind: d.DefinitionKind(), AsOf: asOf, Gates: []*result.Node{}}
	compiler, err := e.Compiler(ctx, asOf, ForRunning)
	if err != nil {
		return why, err
	}
	listing := compile.Listing{Key: &customer, Outputs: []compile.Output{{Name: "o0", Value: refTo(d)}}}
	for i, gate := range check.GatesOf(d) {
		listing.Outputs = append(listing.Outputs, compile.Output{Name: outputName(i + 1), Value: refTo(gate)})
	}
	statement, err := compiler.List(listing)
	if err != nil {
		return why, err
	}
	err = e.query(ctx, statement, func(row []any) error {
		why.Known = true
		why.Member, _ = row[1].(bool)
		why.Stage, _ = row[1].(string)
		why.Contactable = why.Member || why.Stage != ""
		for _, gate := range row[2:] {
			passes, _ := gate.(bool)
			why.Contactable = why.Contactable && passes
		}
		return nil
	})
	if err != nil || why.Known {
		return why, err
	}
	return e.unknown(ctx, why)
}

// unknown says why a customer is not in the population.
func (e *Evaluator) unknown(ctx context.Context, why result.Why) (result.Why, error) {
	compiler, err := e.Compiler(ctx, endOfTime, ForRunning)
	if err != nil {
		return why, err
	}
	statement, err := compiler.List(compile.Listing{Key: &why.Customer})
	if err != nil {
		return why, err
	}
	found := false
	if err := e.query(ctx, statement, func([]any) error { found = true; return nil }); err != nil {
		return why, err
	}
	if !found {
		return why, fmt.Errorf("%w: source %s has no key %s", ErrNoSuchCustomer, e.program.Customers.Name, why.Customer)
	}
	why.Rule = nil
	why.Reason = "the customer was created at or after the as-of"
	return why, nil
}

// endOfTime is after every row a warehouse can hold.
var endOfTime = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// conclude reads the answer off the proof.
func (w *prover) conclude(d check.Definition, why *result.Why) {
	if p, ok := d.(*check.Partition); ok {
		for i, stage := range why.Rule.Children {
			if stage.Verdict == result.True || i == len(why.Rule.Children)-1 {
				why.Stage = p.Stages[i].Name
				leaveUnreached(why.Rule.Children[i+1:])
				break
			}
		}
		why.Contactable = true
	} else {
		why.Member = why.Rule.Verdict == result.True
		why.Contactable = why.Member
	}
	for _, gate := range why.Gates {
		why.Contactable = why.Contactable && gate.Verdict == result.True
	}
}

// leaveUnreached marks the stages behind the one that matched: what their rules
// say of the customer decides nothing.
func leaveUnreached(stages []*result.Node) {
	for _, stage := range stages {
		reached := newNode(stage.Kind, stage.Name)
		reached.Rule, reached.Verdict = stage.Rule, result.NotReached
		*stage = *reached
	}
}

// prover collects what has to be observed of a customer, observes it with one
// statement, and fills the proof in.
type prover struct {
	*Evaluator
	ctx      context.Context //nolint:containedctx // A prover lives for one call.
	customer string
	asOf     time.Time
	compiler *compile.Compiler
	outputs  []compile.Output
	seen     map[check.Definition]bool
	// verdicts and values say which output belongs to which part of the proof.
	verdicts map[*result.Node]int
	values   map[*result.Node][]int
	tests    map[*result.Node]check.Expr
	row      []any
}

// root is the proof's structure for a definition.
func (w *prover) root(d check.Definition) (*result.Node, error) {
	w.verdicts, w.values, w.tests = map[*result.Node]int{}, map[*result.Node][]int{}, map[*result.Node]check.Expr{}
	w.seen = map[check.Definition]bool{}
	switch x := d.(type) {
	case *check.Segment:
		if x.Where == nil {
			return w.test(refTo(x), x.DefinitionName()), nil
		}
		return w.tree(x.Where), nil
	case *check.Partition:
		node := newNode("partition", x.DefinitionName())
		for _, stage := range x.Stages {
			node.Children = append(node.Children, w.stage(stage))
		}
		return node, nil
	}
	return nil, fmt.Errorf("a %s has no members to explain", d.DefinitionKind())
}

func refTo(d check.Definition) check.Expr { return &check.Ref{Target: d} }

func newNode(kind, name string) *result.Node {
	return &result.Node{Kind: kind, Name: name, Values: []result.Value{}, Evidence: []result.Evidence{}, Children: []*result.Node{}}
}

func (w *prover) stage(s check.Stage) *result.Node {
	node := newNode("stage", s.Name)
	if s.X == nil {
		node.Rule = "else"
		return node
	}
	node.Rule = written(s.X)
	w.ask(node, s.X)
	return w.named(node, s.X)
}

// named puts the proof of a leaf's or stage's test below it. One that is a
// single test, or the bare name of a definition, needs no second line for it.
func (w *prover) named(node *result.Node, test check.Expr) *result.Node {
	inner := w.expression(test)
	if inner.Kind == "test" || inner.Name != "" && inner.Rule == node.Rule {
		inner.Kind, inner.Name = node.Kind, node.Name
		return inner
	}
	node.Children = append(node.Children, inner)
	return node
}

// tree is the proof of a rule's structure above its leaves.
func (w *prover) tree(t *check.Tree) *result.Node {
	if t.Kind == definition.Leaf {
		node := newNode("leaf", t.Name)
		node.Rule = written(t.X)
		w.ask(node, t.X)
		return w.named(node, t.X)
	}
	node := newNode(string(t.Kind), t.Name)
	for _, child := range t.Children {
		node.Children = append(node.Children, w.tree(child))
	}
	return node
}

// ask notes that the verdict of a node is an output of the statement.
func (w *prover) ask(node *result.Node, test check.Expr) {
	w.verdicts[node] = len(w.outputs)
	w.outputs = append(w.outputs, compile.Output{Name: outputName(len(w.outputs)), Value: test})
}

// observe runs the statement; false means that the customer is not there.
func (w *prover) observe() (bool, error) {
	statement, err := w.compiler.List(compile.Listing{Outputs: w.outputs, Key: &w.customer})
	if err != nil {
		return false, err
	}
	err = w.query(w.ctx, statement, func(row []any) error {
		w.row = row[1:]
		return nil
	})
	if err != nil || w.row == nil {
		return false, err
	}
	for node := range w.tests {
		if err := w.evidence(node); err != nil {
			return false, err
		}
	}
	return true, nil
}

// plain is a value for showing.
func plain(v any) any { return warehouse.Plain(v) }

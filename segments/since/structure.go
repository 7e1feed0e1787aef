package since

import (
	"slices"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/rule"
)

// op tells the nodes of a structure apart.
type op uint8

const (
	// opTest is a test, opConst true or false for everybody.
	opTest op = iota
	opConst
	opAll
	opAny
	opNot
)

// node is a part of a rule above its tests. Nodes are shared where definitions
// are named more than once.
type node struct {
	op    op
	parts []*node
	// test is the place of an opTest, value that of an opConst.
	test  int
	value bool
}

// test is a part of a rule that is no and, or, not or name of a segment.
type test struct {
	x check.Expr
	// leaf is the name of the leaf or stage of the definition in which it stands
	// first.
	leaf string
	// inner is what a test that holds "for 7 days" is about; such tests are
	// followed too.
	inner *node
}

// structure is a definition taken apart down to its tests, equal ones once.
type structure struct {
	tests []*test
	// root is the rule of a segment; stages are those of a partition, with nil for
	// else.
	root   *node
	stages []*node

	leaf    string
	byText  map[string]int
	inside  map[check.Definition]*node
	stageOf map[*check.Partition][]*node
}

// take takes a definition apart.
func take(d check.Definition) *structure {
	s := &structure{byText: map[string]int{}, inside: map[check.Definition]*node{}, stageOf: map[*check.Partition][]*node{}}
	switch x := d.(type) {
	case *check.Segment:
		if x.Where != nil {
			s.root = s.tree(x.Where, true)
		}
	case *check.Partition:
		for _, stage := range x.Stages {
			s.leaf = stage.Name
			s.stages = append(s.stages, s.stage(stage))
		}
	}
	return s
}

// tree takes a rule apart; own says that its leaves are those of the definition
// that is asked about.
func (s *structure) tree(t *check.Tree, own bool) *node {
	if t.Kind == definition.Leaf {
		if own {
			s.leaf = t.Name
		}
		return s.expression(t.X)
	}
	n := &node{op: opAll}
	for _, child := range t.Children {
		n.parts = append(n.parts, s.tree(child, own))
	}
	switch t.Kind { //nolint:exhaustive // Leaves came before, all is all.
	case definition.Any:
		n.op = opAny
	case definition.None:
		return negation(n)
	}
	return n
}

func negation(n *node) *node { return &node{op: opNot, parts: []*node{n}} }

func constant(value bool) *node { return &node{op: opConst, value: value} }

func (s *structure) stage(stage check.Stage) *node {
	if stage.X == nil {
		return constant(true)
	}
	return s.expression(stage.X)
}

// expression takes a test apart.
func (s *structure) expression(e check.Expr) *node {
	switch x := e.(type) {
	case *check.And:
		return s.group(opAll, x.Terms)
	case *check.Or:
		return s.group(opAny, x.Terms)
	case *check.Not:
		return negation(s.expression(x.X))
	case *check.Const:
		return constant(x.Bool)
	case *check.Truth:
		if ref, ok := x.X.(*check.Ref); ok {
			return s.expression(ref)
		}
	case *check.Ref:
		if segment, ok := x.Target.(*check.Segment); ok && segment.Where != nil {
			return s.segment(segment)
		}
	case *check.Compare:
		if n := s.stageTest(x.X, x.Op == rule.Equal, x.Y); n != nil {
			return n
		}
	case *check.In:
		if n := s.stageTest(x.X, true, x.Values...); n != nil {
			return n
		}
	}
	return s.single(e)
}

func (s *structure) group(kind op, terms []check.Expr) *node {
	n := &node{op: kind}
	for _, term := range terms {
		n.parts = append(n.parts, s.expression(term))
	}
	return n
}

// segment is the rule of a segment that is named.
func (s *structure) segment(segment *check.Segment) *node {
	if known, ok := s.inside[segment]; ok {
		return known
	}
	n := s.tree(segment.Where, false)
	s.inside[segment] = n
	return n
}

// stageTest is the test that a partition is in one of some stages, nil for
// another one.
func (s *structure) stageTest(e check.Expr, equal bool, values ...check.Expr) *node {
	ref, ok := e.(*check.Ref)
	if !ok || !equal {
		return nil
	}
	p, ok := ref.Target.(*check.Partition)
	if !ok {
		return nil
	}
	any := &node{op: opAny}
	for _, value := range values {
		name, ok := value.(*check.Const)
		if !ok {
			return nil
		}
		place := slices.IndexFunc(p.Stages, func(stage check.Stage) bool { return stage.Name == name.Text })
		if place >= 0 {
			any.parts = append(any.parts, inStage(s.stagesOf(p), place))
		}
	}
	return any
}

// stagesOf are the tests of a partition that is named.
func (s *structure) stagesOf(p *check.Partition) []*node {
	if known, ok := s.stageOf[p]; ok {
		return known
	}
	list := make([]*node, len(p.Stages))
	for i, stage := range p.Stages {
		list[i] = s.stage(stage)
	}
	s.stageOf[p] = list
	return list
}

// inStage holds where the test of a stage does and none before it.
func inStage(stages []*node, place int) *node {
	n := &node{op: opAll}
	for _, before := range stages[:place] {
		n.parts = append(n.parts, negation(before))
	}
	n.parts = append(n.parts, stages[place])
	return n
}

// single is a test that is not taken apart.
func (s *structure) single(e check.Expr) *node {
	text := check.Text(e)
	place, ok := s.byText[text]
	if !ok {
		t := &test{x: e, leaf: s.leaf}
		if held, ok := e.(*check.Held); ok {
			t.inner = s.expression(held.X)
		}
		place = len(s.tests)
		s.tests = append(s.tests, t)
		s.byText[text] = place
	}
	return &node{op: opTest, test: place}
}

// valuation is what tests say, and what nodes come to by that. Nodes are shared,
// so that each is evaluated once.
type valuation struct {
	says  func(test int) bool
	known map[*node]bool
	// turns are the answers of fewest so far, by node and what is wanted.
	turns map[wanted][]int
}

type wanted struct {
	n    *node
	want bool
}

func valued(says func(test int) bool) *valuation {
	return &valuation{says: says, known: map[*node]bool{}, turns: map[wanted][]int{}}
}

// holds evaluates a node.
func (v *valuation) holds(n *node) bool {
	if n.op == opTest {
		return v.says(n.test)
	}
	value, ok := v.known[n]
	if !ok {
		value = v.group(n)
		v.known[n] = value
	}
	return value
}

func (v *valuation) group(n *node) bool {
	switch n.op {
	case opConst:
		return n.value
	case opAny:
		return slices.ContainsFunc(n.parts, v.holds)
	case opNot:
		return !v.holds(n.parts[0])
	case opAll, opTest:
	}
	return !slices.ContainsFunc(n.parts, func(part *node) bool { return !v.holds(part) })
}

// fewest are the fewest tests that have to turn for a node to become what is
// wanted, nil where none do and where nothing has to. Of as many, those that are
// written first.
func (v *valuation) fewest(n *node, want bool) []int {
	key := wanted{n, want}
	turn, ok := v.turns[key]
	if !ok {
		turn = v.least(n, want)
		v.turns[key] = turn
	}
	return turn
}

func (v *valuation) least(n *node, want bool) (turn []int) {
	if v.holds(n) == want {
		return nil
	}
	switch n.op {
	case opConst:
		return nil
	case opTest:
		return []int{n.test}
	case opNot:
		return v.fewest(n.parts[0], !want)
	case opAll, opAny:
	}
	together := (n.op == opAll) == want
	for _, part := range n.parts {
		if v.holds(part) == want {
			continue
		}
		some := v.fewest(part, want)
		switch {
		case len(some) == 0 && together: // One of the parts cannot turn.
			return nil
		case len(some) == 0:
		case together:
			turn = union(turn, some)
		case turn == nil || len(some) < len(turn):
			turn = some
		}
	}
	return turn
}

// union is a list with what another has besides.
func union(list, more []int) []int {
	list = slices.Clone(list)
	for _, test := range more {
		if !slices.Contains(list, test) {
			list = append(list, test)
		}
	}
	return list
}

// answer is what a rule, or the stages of a partition, come to.
type answer struct {
	nodes []*node
	// tests are those that the nodes consist of, in order.
	tests []int
}

// answers are the nodes of a definition as one answer.
func (s *structure) answer() answer {
	if s.root != nil {
		return answerOf(s.root)
	}
	return answerOf(s.stages...)
}

func answerOf(nodes ...*node) answer {
	a := answer{nodes: nodes}
	seen := map[*node]bool{}
	var visit func(n *node)
	visit = func(n *node) {
		if seen[n] {
			return
		}
		seen[n] = true
		if n.op == opTest && !slices.Contains(a.tests, n.test) {
			a.tests = append(a.tests, n.test)
		}
		for _, part := range n.parts {
			visit(part)
		}
	}
	for _, n := range nodes {
		visit(n)
	}
	slices.Sort(a.tests)
	return a
}

// outcome is the place of the first node that holds, given what the tests say,
// and the number of nodes where none does.
func (a answer) outcome(says func(test int) bool) int {
	v := valued(says)
	for i, n := range a.nodes {
		if v.holds(n) {
			return i
		}
	}
	return len(a.nodes)
}

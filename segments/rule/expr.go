package rule

import "slices"

// level is how tightly an operator binds; a higher level binds tighter.
type level int

const (
	levelNone level = iota
	levelOr
	levelAnd
	levelNot
	levelHeld
	levelTest
	levelSum
	levelProduct
	levelUnary
	levelPrimary
)

// binaryLevels gives the level of every operator with two plain operands.
var binaryLevels = map[BinaryOp]level{
	Or: levelOr, And: levelAnd,
	Equal: levelTest, NotEqual: levelTest, Less: levelTest, LessEqual: levelTest, Greater: levelTest, GreaterEqual: levelTest,
	Add: levelSum, Subtract: levelSum, Multiply: levelProduct, Divide: levelProduct,
}

// negatable are the tests that may have "not" before their word.
var negatable = []string{"between", "in", "like", "ilike", "matches"}

// rule reads everything up to the end. After what it cannot read it goes on
// behind the next "and" or "or".
func (p *parser) rule() Expr {
	if p.done() {
		p.fail(emptyRule("the rule"))
		return nil
	}
	first := p.peek().start
	left := p.expr(levelOr)
	for !p.done() {
		if !p.is("and", "or") {
			p.unexpected(nil)
			p.skip()
		}
		if op := BinaryOp(p.peek().word()); op == And || op == Or {
			left = p.binary(op, binaryLevels[op], left, first)
			continue
		}
		p.take("")
		if t := p.peek(); t.kind != tEnd && !t.isOp(")") && !p.is("and", "or") {
			p.expr(levelOr)
		}
	}
	return left
}

// expr reads an expression whose operators bind at least as tightly as least.
func (p *parser) expr(least level) Expr {
	start := p.peek().start
	left, have := p.prefix(least)
	for !p.stopped {
		next := p.operator()
		if next == levelNone || next < least {
			return left
		}
		if next > have || next == have && (next == levelTest || next == levelHeld) {
			p.misplaced(left, next, have)
			continue
		}
		left, have = p.infix(left, next, start), next
	}
	return left
}

// prefix reads an operand and tells how tightly it is held together.
func (p *parser) prefix(least level) (Expr, level) {
	start := p.peek().start
	switch {
	case p.is("not"):
		if least > levelNot {
			p.fail(needsBrackets("not"))
			least = levelPrimary
		} else {
			least = levelNot
		}
		p.take(KeywordToken)
		x := p.nested(levelNot)
		if held, ok := x.(*Held); ok {
			p.failFrom(start, ambiguousNot(Format(held.X), FormatDuration(held.For)))
		}
		if x == nil {
			return nil, least
		}
		return &Unary{base{p.from(start)}, Not, x}, least
	case p.peek().isOp("-"):
		p.take("")
		if x := p.nested(levelUnary); x != nil {
			return &Unary{base{p.from(start)}, Negate, x}, levelUnary
		}
		return nil, levelUnary
	default:
		return p.primary(), levelPrimary
	}
}

// nested reads an expression one level of nesting deeper.
func (p *parser) nested(least level) Expr {
	defer p.leave()
	if !p.enter() {
		return nil
	}
	return p.expr(least)
}

// operator returns the level of the operator at the current token.
func (p *parser) operator() level {
	t := p.peek()
	if t.kind == tOp {
		return binaryLevels[BinaryOp(t.text)]
	}
	switch word := t.word(); word {
	case "and", "or":
		return binaryLevels[BinaryOp(word)]
	case "for":
		return levelHeld
	case "is":
		return levelTest
	case "not":
		if slices.Contains(negatable, p.ahead(1).word()) {
			return levelTest
		}
		return levelNone
	default:
		if slices.Contains(negatable, word) {
			return levelTest
		}
		return levelNone
	}
}

// misplaced reports an operator whose left side is not held together tightly
// enough, and skips it with its right side.
func (p *parser) misplaced(left Expr, next, have level) {
	t, b := p.peek(), (*Binary)(nil)
	if next == levelTest && have == levelTest && t.kind == tOp {
		b, _ = left.(*Binary)
	}
	if b == nil {
		p.fail(needsBrackets(p.text.Text[t.start:t.end]))
		p.skip()
		return
	}
	problems := len(p.list)
	p.take(OperatorToken)
	right := p.expr(levelSum)
	if len(p.list) == problems && right != nil {
		p.report(t.start, t.end, chained(Format(b), Format(b.Y), t.text, Format(right)))
	}
}

// infix reads the operator at the current token and its right side.
func (p *parser) infix(left Expr, at level, start int) Expr {
	t := p.peek()
	switch {
	case t.isOp("+") || t.isOp("-"):
		if p.durationAhead(1) {
			return p.shift(left, start)
		}
		return p.binary(BinaryOp(t.text), at, left, start)
	case t.kind == tOp, p.is("and", "or"):
		return p.binary(BinaryOp(lower(t.text)), at, left, start)
	case p.is("for"):
		return p.held(left, start)
	default:
		return p.test(left, start)
	}
}

func (p *parser) binary(op BinaryOp, at level, left Expr, start int) Expr {
	role := OperatorToken
	if op == And || op == Or {
		role = KeywordToken
	}
	p.take(role)
	right := p.expr(at + 1)
	if at <= levelAnd && (left == nil || right == nil) {
		if left == nil {
			return right
		}
		return left
	}
	if left == nil || right == nil {
		return nil
	}
	return &Binary{base{p.from(start)}, op, left, right}
}

// shift reads "+ 3 days" behind a moment.
func (p *parser) shift(left Expr, start int) Expr {
	op := BinaryOp(p.take(OperatorToken).text)
	by, ok := p.duration()
	if left == nil || !ok {
		return left
	}
	return &Shift{base{p.from(start)}, op, left, by}
}

// held reads "for 7 days" behind a test.
func (p *parser) held(left Expr, start int) Expr {
	p.take(KeywordToken)
	if !p.durationAhead(0) && p.is(windowWords...) {
		window, _ := p.window()
		p.failFrom(start, windowStray(formatOrNothing(left), FormatWindow(window)))
		return left
	}
	duration, ok := p.duration()
	if left == nil || !ok {
		return left
	}
	return &Held{base{p.from(start)}, left, duration}
}

package rule

import (
	"slices"

	"strata/segments/source"
)

// call reads a name with a bracket behind it.
func (p *parser) call() Expr {
	switch word := p.peek().word(); {
	case slices.Contains(aggregates, word):
		return p.aggregate(AggregateOp(word))
	case word == "periods":
		return p.periods()
	case word == "sequence", word == "times":
		return p.sequence(word == "times")
	case word == "days_since", word == "days_until":
		return p.elapsed(word == "days_until")
	case word == "percentile", word == "rank":
		return p.ranking(word == "rank")
	case word == "sample":
		return p.sample()
	case slices.Contains(functions, word):
		return p.function()
	default:
		return p.unknown()
	}
}

// open takes a function's name and its bracket and returns where they begin.
func (p *parser) open() (start, bracket int) {
	start = p.take(FunctionToken).start
	return start, p.take(BracketToken).start
}

// function reads a call of an ordinary function.
func (p *parser) function() Expr {
	name := p.peek()
	start, open := p.open()
	fn := Ident{Name: lower(name.text), At: p.text.Span(name.start, name.end)}
	args := p.exprs(levelOr)
	p.closeBracket(open, ",")
	if args == nil {
		return nil
	}
	return &Call{base{p.from(start)}, fn, args}
}

// unknown reports a function that does not exist. A mistyped aggregate is read
// as the one that was meant; what else stands in the brackets is skipped, for
// it may have a syntax of its own.
func (p *parser) unknown() Expr {
	name := p.peek().text
	p.fail(unknownFunction(name))
	if near, ok := source.Nearest(name, Calls()); ok && slices.Contains(aggregates, near) {
		return p.aggregate(AggregateOp(near))
	}
	_, open := p.open()
	p.skipTo()
	p.closeBracket(open)
	if p.strayWindow() {
		p.window()
	}
	return nil
}

// rows reads a stream and, behind its column if one is allowed, its filter.
func (p *parser) rows(op string, columns bool) (Rows, []Ident, bool) {
	t := p.peek()
	if t.isOp("*") || t.isOp(")") || t.kind == tNumber || t.kind == tText || t.kind == tEnd {
		p.fail(streamMissing(op, p.found()))
		p.skipTo()
		return Rows{}, nil, false
	}
	p.distinctInside(op)
	stream, ok := p.ident("a stream", StreamToken)
	if !ok {
		p.skipTo()
		return Rows{}, nil, false
	}
	rows := Rows{Stream: stream}
	var column []Ident
	if columns && p.acceptOp(".") {
		if column = p.dotted(NameToken); column == nil {
			p.skipTo("where")
		}
	}
	if t := p.peek(); columns && t.kind == tOp && binaryLevels[BinaryOp(t.text)] >= levelSum {
		p.fail(columnCalculated(op))
		p.skipTo("where")
	}
	if p.accept("where") {
		rows.Where = p.nested(levelOr)
	}
	return rows, column, true
}

// distinctInside reports and skips the word of "count(distinct a.b)".
func (p *parser) distinctInside(op string) {
	next := p.ahead(1)
	if p.is("distinct") && next.kind == tWord && next.word() != "where" {
		p.fail(expectedDistinct(op, p.text.Text[next.start:p.pathEnd(1)]))
		p.take("")
	}
}

// pathEnd returns the byte offset behind the dotted name n tokens on.
func (p *parser) pathEnd(n int) int {
	for p.ahead(n+1).isOp(".") && p.ahead(n+2).kind == tWord {
		n += 2
	}
	return p.ahead(n).end
}

func (p *parser) aggregate(op AggregateOp) Expr {
	defer p.until()()
	start, open := p.open()
	rows, column, ok := p.rows(string(op), true)
	window := p.closeRows(start, open, "last 30 days", "where")
	if !ok {
		return nil
	}
	return &Aggregate{base{p.from(start)}, op, rows, column, window}
}

// closeRows reads the closing bracket of an aggregate and its window, which is
// nil when there is none that could be read. A window that stands before the
// bracket is reported and taken.
func (p *parser) closeRows(start, open int, proposal string, want ...string) *Window {
	inside := p.end()
	if p.strayWindow() || p.peek().isOp(",") && slices.Contains(windowWords, p.ahead(1).word()) {
		p.acceptOp(",")
		at := p.peek().start
		window, ok := p.window()
		if ok {
			p.failFrom(at, windowInside(p.text.Text[start:inside]+") "+FormatWindow(window)))
		}
		p.closeBracket(open)
		if !ok {
			return nil
		}
		return &window
	}
	if !p.closeBracket(open, want...) {
		return nil
	}
	return p.behind(start, proposal)
}

// behind reads the window behind the bracket of an aggregate.
func (p *parser) behind(start int, proposal string) *Window {
	call, end := p.raw(start), p.end()
	switch next := p.ahead(1); {
	case p.periodic && (!p.is(windowWords...) || p.is("between") && p.comparesBetween()):
		return nil
	case p.is("between") && p.comparesBetween():
		high := min(p.pos+3, len(p.toks)-1)
		rest := p.text.Text[p.peek().start:p.toks[high].end]
		p.report(start, end, windowMissingBetween(call, rest))
		return nil
	case p.is(windowWords...):
		if window, ok := p.window(); ok {
			return &window
		}
		return nil
	case p.is("in", "over", "during", "for", "within") && (slices.Contains(windowWords, next.word()) || next.word() == "the"):
		written := p.take("")
		if p.is("the") {
			p.take("")
		}
		return p.windowAfterIn(written, call)
	default:
		p.report(start, end, windowMissing(call, proposal))
		return nil
	}
}

// comparesBetween tells "between 3 and 5", which someone meant as a test, from
// the window "between 3 days and 5 days ago".
func (p *parser) comparesBetween() bool {
	t := p.ahead(1)
	plain := (t.kind == tNumber || t.kind == tParam) && !p.durationAhead(1)
	return plain && p.ahead(2).word() == "and" && !p.durationAhead(3)
}

// windowAfterIn reports the word between an aggregate and its window.
func (p *parser) windowAfterIn(word token, call string) *Window {
	if !p.is(windowWords...) {
		p.fail(windowExpected(p.found()))
		return nil
	}
	window, ok := p.window()
	if !ok {
		return nil
	}
	p.failFrom(word.start, windowAfterIn(word.text, call+" "+FormatWindow(window)))
	return &window
}

func (p *parser) periods() Expr {
	defer p.until("per")()
	start, open := p.open()
	rows, _, ok := p.rows("periods", false)
	node := &Periods{Rows: rows}
	if ok {
		ok = p.periodsDetails(node)
	}
	node.Window = p.closeRows(start, open, "last 6 months")
	node.At = p.from(start)
	if !ok {
		return nil
	}
	return node
}

// periodsDetails reads "per 30 days, at least 2".
func (p *parser) periodsDetails(node *Periods) bool {
	if !p.accept("per") {
		p.unexpected([]string{"where", "per"})
		p.skipTo()
		return false
	}
	var ok bool
	if node.Per, ok = p.per(); !ok {
		p.skipTo(",")
	}
	if !p.acceptOp(",") {
		return ok
	}
	for _, word := range []string{"at", "least"} {
		if !p.accept(word) {
			p.unexpected([]string{word})
			p.skipTo()
			return false
		}
	}
	t := p.peek()
	if t.kind != tNumber {
		p.fail(expected("a number", p.found()))
		p.skipTo()
		return false
	}
	p.take(NumberToken)
	node.AtLeast = &Number{base{p.from(t.start)}, t.text}
	return ok
}

// per reads the length of a period; a unit alone is one of it.
func (p *parser) per() (Duration, bool) {
	t := p.peek()
	if unit, ok := unitOf(t.text); ok && t.kind == tWord {
		p.take(KeywordToken)
		p.failFrom(t.start, unitAlone("per", unit))
		return Duration{Number: "1", Unit: unit, At: p.from(t.start)}, true
	}
	return p.duration()
}

// elapsed reads days_since and days_until: of a stream's first or last row, or
// of an expression.
func (p *parser) elapsed(until bool) Expr {
	start, open := p.open()
	node := &Elapsed{Until: until}
	if next := p.ahead(1); p.is("first", "last") && next.kind == tWord && !IsReserved(next.text) {
		node.Last = p.take(KeywordToken).word() == "last"
		rows, _, ok := p.rows("days_since", false)
		if ok {
			node.Rows = &rows
		}
		p.closeBracket(open, "where")
	} else {
		node.X = p.nested(levelOr)
		p.closeBracket(open)
	}
	if node.At = p.from(start); node.X == nil && node.Rows == nil {
		return nil
	}
	return node
}

func (p *parser) ranking(rank bool) Expr {
	defer p.until("among", "within")()
	start, open := p.open()
	node := &Ranking{Rank: rank, X: p.nested(levelOr)}
	want := []string{"among", "within"}
	if p.accept("among") {
		node.Among, _ = p.ident("a segment", NameToken)
		want = want[1:]
	}
	if p.accept("within") {
		node.Within, _ = p.ident("a name", NameToken)
		want = nil
	}
	p.closeBracket(open, want...)
	if node.At = p.from(start); node.X == nil {
		return nil
	}
	return node
}

// sample reads "sample(10%, 'salt')".
func (p *parser) sample() Expr {
	start, open := p.open()
	percent, salt := p.peek(), token{}
	ok := percent.kind == tNumber
	if ok {
		p.take(NumberToken)
		ok = p.acceptOp("%") && p.acceptOp(",")
		salt = p.peek()
	}
	if ok = ok && salt.kind == tText; !ok {
		p.fail(badSample(p.found()))
		p.skipTo()
	} else {
		p.take(TextToken)
	}
	p.closeBracket(open)
	if !ok {
		return nil
	}
	return &Sample{
		base{p.from(start)},
		Number{base{p.text.Span(percent.start, percent.end)}, percent.text},
		Text{base{p.text.Span(salt.start, salt.end)}, salt.text},
	}
}

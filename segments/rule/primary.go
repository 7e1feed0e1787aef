package rule

import (
	"slices"
	"strings"
)

// primary reads a value: a literal, a param, a name, a call or an expression
// in brackets. When there is none it reports so and skips.
func (p *parser) primary() Expr {
	t := p.peek()
	switch {
	case t.kind == tNumber, t.kind == tCompact, t.kind == tDate, t.kind == tText, t.kind == tParam:
		return p.literal()
	case t.isOp("("):
		return p.paren()
	case t.isOp("+"):
		p.fail(unaryPlus())
		for p.acceptOp("+") {
			// Several of them are one mistake.
		}
		return p.nested(levelUnary)
	case t.kind == tWord && p.ahead(1).isOp("(") && !IsReserved(t.text):
		return p.call()
	case p.is("true", "false"):
		p.take(KeywordToken)
		return &Bool{base{p.from(t.start)}, t.word() == "true"}
	case p.caseAhead(), p.selectAhead():
		p.skipStatement()
		return nil
	case p.momentAhead():
		return p.moment()
	case t.kind == tWord && !IsReserved(t.text):
		return p.name()
	default:
		p.unexpected([]string{"a value"})
		p.skip()
		return nil
	}
}

// skipStatement reports SQL in the place of a value. A CASE has an end behind
// which the rule goes on; a SELECT has none that could be found.
func (p *parser) skipStatement() {
	p.fail(sqlStatement(p.peek().text))
	if p.caseAhead() {
		p.skipTo("end")
		p.accept("end")
		return
	}
	p.giveUp()
}

// caseAhead tells a CASE from a column named case.
func (p *parser) caseAhead() bool { return p.is("case") && p.ahead(1).word() == "when" }

// selectAhead tells a SELECT from a column named select.
func (p *parser) selectAhead() bool {
	next := p.ahead(1)
	value := next.kind == tNumber || next.kind == tText || next.kind == tWord && !IsReserved(next.text)
	return p.is("select") && (value || next.isOp("*") && p.ahead(2).word() == "from")
}

// literal reads a number, text, date or param. A duration that stands in the
// place of a value is reported and read as nothing.
func (p *parser) literal() Expr {
	t := p.peek()
	if p.durationAhead(0) {
		p.durationAsValue()
		return nil
	}
	p.take("")
	at := base{p.from(t.start)}
	switch t.kind {
	case tNumber:
		if p.peek().isOp("%") {
			p.take("")
			p.failFrom(t.start, percentSign(t.text))
		}
		return &Number{at, t.text}
	case tText:
		return &Text{at, t.text}
	case tParam:
		return &Param{at, t.text}
	case tDate:
		return p.bareMoment(t)
	case tEnd, tWord, tCompact, tOp, tBad:
		return nil
	default:
		return nil
	}
}

// durationAsValue reports "> 30 days" where a number belongs, or "30 days ago"
// where a moment does.
func (p *parser) durationAsValue() {
	start, problems := p.peek().start, len(p.list)
	d, _ := p.duration()
	ago := p.accept("ago")
	if len(p.list) > problems {
		return
	}
	p.failFrom(start, durationAsValue(FormatDuration(d), ago))
}

// bareMoment reports a date without its quotes and takes it for one.
func (p *parser) bareMoment(t token) *Moment {
	kind := "date"
	if len(t.text) > len("2026-01-31") {
		kind = "timestamp"
	}
	p.failFrom(t.start, bareMoment(kind, t.text))
	return &Moment{base{p.from(t.start)}, kind == "timestamp", t.text}
}

// momentAhead tells the literal date '2026-01-31' from a column named date.
func (p *parser) momentAhead() bool {
	return p.is("date", "timestamp") && p.ahead(1).kind == tText
}

func (p *parser) moment() *Moment {
	word := p.take(KeywordToken)
	text := p.take(TextToken)
	return &Moment{base{p.from(word.start)}, word.word() == "timestamp", text.text}
}

func (p *parser) paren() Expr {
	open := p.take(BracketToken).start
	x := p.nested(levelOr)
	p.closeBracket(open)
	if x == nil {
		return nil
	}
	return &Paren{base{p.from(open)}, x}
}

// name reads a dotted name with an optional "as of".
func (p *parser) name() Expr {
	start := p.peek().start
	parts := p.dotted(NameToken)
	if parts == nil {
		return nil
	}
	name := &Name{base{p.from(start)}, parts, nil}
	if p.is("as") {
		name.AsOf = p.asOf()
		name.At = p.from(start)
	}
	return name
}

// dotted reads a word and the words behind its points; nil means that one of
// them could not be read.
func (p *parser) dotted(role TokenKind) []Ident {
	first, ok := p.ident("a name", role)
	if !ok {
		return nil
	}
	parts := []Ident{first}
	for p.acceptOp(".") {
		part, ok := p.ident("a name", NameToken)
		if !ok {
			if p.peek().kind == tWord {
				p.take("")
			}
			return nil
		}
		parts = append(parts, part)
	}
	return parts
}

// asOf reads "as of 30 days ago" or "as of" and a moment.
func (p *parser) asOf() *AsOf {
	start := p.take(KeywordToken).start
	if !p.accept("of") {
		p.unexpected([]string{"of"})
		p.skip()
		return nil
	}
	if !p.durationAhead(0) {
		point := p.point("as of")
		if point == nil {
			return nil
		}
		return &AsOf{Point: point, At: p.from(start)}
	}
	ago, ok := p.duration()
	if !ok {
		return nil
	}
	if !p.accept("ago") {
		p.fail(windowNeedsAgo("as of " + FormatDuration(ago)))
	}
	return &AsOf{Ago: &ago, At: p.from(start)}
}

// unexpected reports the current token where one of some others belongs; no
// others means that the expression could have ended here. Some mistakes are
// told from what stands around them.
func (p *parser) unexpected(want []string) {
	t := p.peek()
	switch {
	case p.afterNumber():
	case t.isOp(")") && want == nil:
		p.fail(bracketStray())
	case p.strayWindow():
		p.windowBehindName()
	case p.pos > 0 && slices.Contains(functions, t.word()) && p.ahead(1).kind != tEnd:
		before, after := p.toks[p.pos-1], p.ahead(1)
		p.fail(infixFunction(t.word(), p.text.Text[before.start:before.end], p.text.Text[after.start:after.end]))
	case t.kind == tWord && !slices.Contains(want, "a value"):
		p.fail(expectedWord(wanted(want), continuing(want), t.text))
	default:
		p.fail(expected(wanted(want), p.found()))
	}
}

// afterNumber reports what people write behind a number: more digits, a
// percent sign, a unit in a wrong spelling.
func (p *parser) afterNumber() bool {
	if p.pos == 0 || p.toks[p.pos-1].kind != tNumber {
		return false
	}
	number := p.toks[p.pos-1].text
	switch {
	case p.thousandsAhead():
		p.thousands()
	case p.peek().isOp("%"):
		p.fail(percentSign(number))
	case p.nearUnit():
		p.fail(unknownUnit(number, p.peek().text))
	default:
		return false
	}
	return true
}

// nearUnit reports whether the current word is a unit in a wrong spelling.
func (p *parser) nearUnit() bool {
	t := p.peek()
	_, known := meantUnit(t.text)
	return t.kind == tWord && (known || t.word() == "m")
}

// continuing returns the words that could stand in the place of another one.
func continuing(want []string) []string {
	if want == nil {
		return []string{"and", "or", "between", "in", "like", "is", "for"}
	}
	return want
}

// wanted phrases what could have stood somewhere.
func wanted(want []string) string {
	if want == nil {
		return "an operator or the end of the rule"
	}
	if len(want) == 1 && strings.Contains(want[0], " ") {
		return want[0]
	}
	return oneOf(want)
}

// thousandsAhead reports whether the current comma splits the digits of one
// number, as in "1,200".
func (p *parser) thousandsAhead() bool {
	before, comma, after := p.toks[p.pos-1], p.peek(), p.ahead(1)
	return comma.isOp(",") && after.kind == tNumber && before.end == comma.start && comma.end == after.start && len(after.text) == 3
}

// thousands reports a number with separators and skips the rest of it.
func (p *parser) thousands() {
	before, after := p.toks[p.pos-1], p.ahead(1)
	if p.reported != p.pos {
		p.report(before.start, after.end, badNumber(p.text.Text[before.start:after.end], before.text+after.text))
	}
	p.take("")
	p.take("")
	p.reported = p.pos
}

// strayWindow reports whether a window begins at the current token.
func (p *parser) strayWindow() bool {
	if !p.is(windowWords...) || p.pos == 0 {
		return false
	}
	switch p.peek().word() {
	case "last", "next":
		_, unit := unitOf(p.ahead(1).text)
		return p.durationAhead(1) || unit
	case "between", "since", "before":
		return false
	case "this", "previous":
		_, unit := unitOf(p.ahead(1).text)
		return unit || p.ahead(1).kind == tNumber
	default:
		return true
	}
}

// windowBehindName reports a window behind something that takes none.
func (p *parser) windowBehindName() {
	before := p.toks[p.pos-1]
	left := ""
	if before.kind == tWord {
		left = p.text.Text[before.start:before.end]
	}
	if p.reported == p.pos {
		return
	}
	index, start := p.pos, p.peek().start
	if window, ok := p.window(); ok {
		p.failFrom(start, windowStray(left, FormatWindow(window)))
	}
	if p.pos > index {
		p.reported = p.pos
	}
}

package rule

import (
	"strconv"
	"strings"
)

// window reads the window at the current token, one of windowWords.
func (p *parser) window() (Window, bool) {
	start := p.peek().start
	word := p.take(KeywordToken).word()
	w, ok := Window{}, true
	switch word {
	case "last", "next":
		w, ok = p.windowAhead(word)
	case "between":
		w, ok = p.windowBetween(start)
	case "since":
		w, ok = p.windowSince()
	case "before":
		w.Kind = Before
		w.To = p.point("before")
		ok = w.To != nil
	case "this":
		w.Kind = ThisUnit
		w.Unit, ok = p.unit(word)
	case "previous":
		w, ok = p.windowPrevious()
	default:
		w.Kind = WindowKind(word)
	}
	w.At = p.from(start)
	return w, ok
}

// windowAhead reads what follows last or next.
func (p *parser) windowAhead(word string) (Window, bool) {
	kind := LastN
	if word == "next" {
		kind = NextN
	}
	if unit, ok := unitOf(p.peek().text); ok && p.peek().kind == tWord {
		t := p.take(KeywordToken)
		if word == "next" {
			return Window{Kind: NextUnit, Unit: unit}, true
		}
		p.failFrom(p.toks[p.pos-2].start, unitAlone(word, unit))
		return Window{Kind: kind, N: &Duration{Number: "1", Unit: unit, At: p.text.Span(t.start, t.end)}}, true
	}
	n, ok := p.duration()
	return Window{Kind: kind, N: &n}, ok
}

// windowBetween reads "N and M ago".
func (p *parser) windowBetween(start int) (Window, bool) {
	if p.pointAhead() {
		return p.windowBetweenDates(start)
	}
	n, ok := p.duration()
	if !p.accept("and") {
		if ok {
			p.unexpected([]string{"and"})
		}
		return Window{}, false
	}
	m, okM := p.duration()
	if !okM {
		return Window{}, false
	}
	if !p.accept("ago") {
		p.failFrom(start, windowNeedsAgo(strings.Join(strings.Fields(p.raw(start)), " ")))
	}
	return Window{Kind: BetweenAgo, N: &n, M: &m}, ok
}

// windowBetweenDates reports "between" with two moments and reads them as
// since and before.
func (p *parser) windowBetweenDates(start int) (Window, bool) {
	w := Window{Kind: Since, From: p.point("between")}
	if w.From == nil || !p.accept("and") {
		p.unexpected([]string{"and"})
		return w, false
	}
	if w.To = p.point("between"); w.To == nil {
		return w, false
	}
	p.failFrom(start, windowBetweenDates(formatPoint(w.From), formatPoint(w.To)))
	return w, true
}

func (p *parser) windowSince() (Window, bool) {
	w := Window{Kind: Since, From: p.point("since")}
	if w.From == nil {
		return w, false
	}
	if p.accept("before") {
		w.To = p.point("before")
		return w, w.To != nil
	}
	return w, true
}

func (p *parser) windowPrevious() (Window, bool) {
	w, ok := Window{Kind: PreviousUnit, Count: 1}, true
	if kind := p.peek().kind; kind == tNumber || kind == tParam {
		w.Count, ok = p.whole("previous")
	}
	unit, okUnit := p.unit("previous")
	w.Unit = unit
	return w, ok && okUnit
}

// unit reads a unit of time.
func (p *parser) unit(behind string) (Unit, bool) {
	t := p.peek()
	if unit, ok := unitOf(t.text); ok && t.kind == tWord {
		p.take(KeywordToken)
		return unit, true
	}
	if p.durationAhead(0) && behind == "this" {
		start := p.peek().start
		if d, ok := p.duration(); ok {
			p.failFrom(start, unitAlone(behind, d.Unit))
			return d.Unit, true
		}
		return "", false
	}
	p.fail(unitExpected(behind, t.text, p.found()))
	return "", false
}

// whole reads a whole number that is at least 1.
func (p *parser) whole(what string) (int, bool) {
	t := p.peek()
	if t.kind != tNumber {
		p.fail(expected("a whole number", p.found()))
		p.take("")
		return 0, false
	}
	p.take(NumberToken)
	n, ok := p.wholeNumber(t, t.text, what)
	if ok && n == 0 {
		p.failFrom(t.start, notPositive(what))
		return 1, true
	}
	return n, ok
}

// maxDigits keeps counts and durations far inside of 32 bits.
const maxDigits = 9

// wholeNumber checks a number that was taken, alone or as part of a token.
func (p *parser) wholeNumber(t token, number, what string) (int, bool) {
	if strings.Contains(number, ".") {
		p.report(t.start, t.end, notWhole(number, what))
		return 0, false
	}
	n, err := strconv.Atoi(number)
	if err != nil || len(number) > maxDigits {
		p.report(t.start, t.end, tooLarge(number))
		return 0, false
	}
	return n, true
}

// pointAhead reports whether a moment begins here that is no number of units.
func (p *parser) pointAhead() bool {
	t := p.peek()
	switch t.kind {
	case tDate, tText:
		return true
	case tWord:
		_, unit := unitOf(t.text)
		return !unit && !IsReserved(t.text)
	case tParam:
		return !p.durationAhead(0)
	case tEnd, tNumber, tCompact, tOp, tBad:
		return false
	default:
		return false
	}
}

// point reads a moment and what it is moved by; nil means that there is none.
// The word before it is for messages.
func (p *parser) point(word string) *Point {
	start := p.peek().start
	x := p.pointBase(word)
	if x == nil {
		return nil
	}
	point := &Point{X: x}
	if t := p.peek(); (t.isOp("+") || t.isOp("-")) && p.durationAhead(1) {
		p.take(OperatorToken)
		by, ok := p.duration()
		if !ok {
			return nil
		}
		point.Op, point.By = BinaryOp(t.text), &by
	}
	point.At = p.from(start)
	return point
}

func (p *parser) pointBase(word string) Expr {
	t := p.peek()
	switch {
	case p.momentAhead():
		return p.moment()
	case t.kind == tDate:
		p.take("")
		return p.bareMoment(t)
	case t.kind == tText:
		p.take("")
		p.failFrom(t.start, bareMoment("date", t.text))
		return &Moment{base{p.from(t.start)}, false, t.text}
	case p.durationAhead(0):
		d, ok := p.duration()
		p.accept("ago")
		if ok {
			p.failFrom(t.start, windowSinceDuration(word, FormatDuration(d)))
		}
		return nil
	case t.kind == tParam:
		p.take("")
		return &Param{base{p.from(t.start)}, t.text}
	case t.kind == tWord && !IsReserved(t.text):
		if parts := p.dotted(NameToken); parts != nil {
			return &Name{base{p.from(t.start)}, parts, nil}
		}
		return nil
	default:
		p.fail(momentExpected(p.found()))
		return nil
	}
}

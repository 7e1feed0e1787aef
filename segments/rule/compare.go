package rule

import (
	"fmt"
	"slices"
	"strings"
)

// test reads a test that is written with a word: between, in, like, is.
func (p *parser) test(left Expr, start int) Expr {
	if p.is("is") {
		return p.isTest(left, start)
	}
	not := p.accept("not")
	switch word := p.take(KeywordToken).word(); word {
	case "between":
		low := p.expr(levelSum)
		if !p.accept("and") {
			p.unexpected([]string{"and"})
			p.skip()
			return nil
		}
		high := p.expr(levelSum)
		if left == nil || low == nil || high == nil {
			return nil
		}
		return &Between{base{p.from(start)}, left, low, high, not}
	case "in":
		return p.in(left, not, start)
	default:
		pattern := p.expr(levelSum)
		if left == nil || pattern == nil {
			return nil
		}
		return &Match{base{p.from(start)}, MatchOp(word), left, pattern, not}
	}
}

// in reads what follows the word: a list, a param or a window.
func (p *parser) in(left Expr, not bool, start int) Expr {
	switch t := p.peek(); {
	case t.isOp("("):
		list := p.inList()
		if left == nil || list == nil {
			return nil
		}
		return &In{base{p.from(start)}, left, list, nil, not}
	case t.kind == tParam:
		p.take(ParamToken)
		if left == nil {
			return nil
		}
		return &In{base{p.from(start)}, left, nil, &Param{base{p.from(t.start)}, t.text}, not}
	case p.is(windowWords...), p.is("the") && slices.Contains(windowWords, p.ahead(1).word()):
		if p.is("the") {
			p.fail(articleInWindow())
			p.take("")
		}
		window, ok := p.window()
		if left == nil || !ok {
			return nil
		}
		return &InWindow{base{p.from(start)}, left, window, not}
	default:
		p.inWhat(left)
		p.skip()
		return nil
	}
}

// inList reads the members in brackets; nil means that nothing could be read.
func (p *parser) inList() []Expr {
	open := p.take(BracketToken).start
	if p.peek().isOp(")") {
		p.fail(listExpected("an empty one", "name at least one value"))
		p.take(BracketToken)
		return nil
	}
	list := p.exprs(levelSum)
	p.closeBracket(open, ",")
	return list
}

// exprs reads expressions with commas between them and leaves out what could
// not be read.
func (p *parser) exprs(least level) []Expr {
	var list []Expr
	for {
		if x := p.nested(least); x != nil {
			list = append(list, x)
		}
		if !p.acceptOp(",") {
			return list
		}
	}
}

// inWhat reports what follows "in" but is no list.
func (p *parser) inWhat(left Expr) {
	t, hint := p.peek(), "such as `in ('a', 'b')`, `in $list` or `in last 30 days`"
	switch {
	case p.durationAhead(0):
		hint = write("in last 30 days")
	case t.kind == tText:
		hint = write("in (" + quote(t.text) + ")")
	case t.kind == tNumber:
		hint = write("in (" + t.text + ")")
	case t.kind == tWord && !IsReserved(t.text) && left != nil:
		hint = fmt.Sprintf("write `in $%s` for a param; a list of customers is a test by its name alone: `%s`", t.text, t.text)
	}
	p.fail(listExpected(p.found(), hint))
}

// isWords maps what other languages write after "is" to tests of this one.
var isWords = map[string]string{
	"null": "missing", "nil": "missing", "none": "missing", "unknown": "missing", "empty": "blank",
}

// isTest reads "is [not] missing" and "is [not] blank".
func (p *parser) isTest(left Expr, start int) Expr {
	is := p.take(KeywordToken)
	not := p.accept("not")
	word := p.peek().word()
	switch {
	case word == "missing", word == "blank":
		p.take(KeywordToken)
	case isWords[word] != "":
		p.take(KeywordToken)
		written := strings.Join(strings.Fields(p.raw(is.start)), " ")
		p.failFrom(is.start, foreignTest(written, strings.TrimSuffix(lower(written), word)+isWords[word]))
		word = isWords[word]
	default:
		p.isValue(left, is, not)
		return nil
	}
	if left == nil {
		return nil
	}
	return &Is{base{p.from(start)}, left, word == "blank", not}
}

// isValue reports "is 5" and the like, which other languages write for "=".
func (p *parser) isValue(left Expr, is token, not bool) {
	t := p.peek()
	if t.kind == tEnd || t.kind == tBad || t.kind == tOp || left == nil {
		p.unexpected([]string{"missing", "blank"})
		p.skip()
		return
	}
	begin := t.start
	if value := p.expr(levelSum); value == nil {
		return
	}
	op := " = "
	if not {
		op = " <> "
	}
	p.failFrom(is.start, foreignTest("is", Format(left)+op+p.raw(begin)))
}

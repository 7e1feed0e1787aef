package rule

import (
	"fmt"
	"slices"

	"strata/segments/source"
)

// maxDepth bounds brackets, calls and prefix operators inside one another. It
// keeps every later recursion over the tree shallow, and people out of rules
// that nobody can read.
const maxDepth = 100

// parser reads the tokens of one text. Its methods return nil or false for
// what could not be read, after one diagnostic; a binary node that lost one
// side is replaced by its other side, so that reading can go on.
type parser struct {
	text  source.Fragment
	toks  []token
	pos   int
	list  source.List
	roles []TokenKind
	depth int
	// reported is the index of the token an error was last reported at: what
	// follows from one mistake is not reported again at the same place.
	reported int
	// stops are the words that go on with the call around the present
	// expression, such as "then" in a sequence.
	stops []string
	// stopped is set when reading was given up; nothing is reported then.
	stopped bool
	// periodic is set in a metric, whose calls have no window of their own.
	periodic bool
}

func newParser(text source.Fragment) *parser {
	p := &parser{text: text, reported: -1}
	p.toks = lex(text.Text, func(start, end int, what problem) { p.report(start, end, what) })
	p.roles = make([]TokenKind, len(p.toks))
	return p
}

// maxProblems bounds what is reported about one rule: behind so many mistakes
// it is no rule, and its author is not helped by more of them.
const maxProblems = 50

func (p *parser) report(start, end int, what problem) {
	if p.stopped || len(p.list) >= maxProblems {
		return
	}
	p.list.Add(source.Diagnostic{
		Code: what.code, Severity: source.Error, Message: what.message, Hint: what.hint, Span: p.text.Span(start, end),
	})
}

// fail reports a problem at the current token, unless it has been reported
// there already, or by the lexer.
func (p *parser) fail(what problem) {
	t := p.peek()
	if p.reported == p.pos || t.wrong {
		p.reported = p.pos
		return
	}
	p.reported = p.pos
	p.report(t.start, t.end, what)
}

// failFrom reports a problem from a byte offset up to the last token read.
func (p *parser) failFrom(start int, what problem) { p.report(start, p.end(), what) }

func (p *parser) peek() token { return p.ahead(0) }

// ahead returns the token n places on; behind the end comes the end again.
func (p *parser) ahead(n int) token { return p.toks[min(p.pos+n, len(p.toks)-1)] }

func (p *parser) done() bool { return p.peek().kind == tEnd }

// take returns the current token, gives it a role and moves on.
func (p *parser) take(role TokenKind) token {
	t := p.peek()
	if t.kind != tEnd {
		p.roles[p.pos] = role
		p.pos++
	}
	return t
}

// is reports whether the current token is one of the keywords.
func (p *parser) is(words ...string) bool {
	return p.peek().kind == tWord && slices.Contains(words, p.peek().word())
}

// accept takes a keyword when it stands here.
func (p *parser) accept(word string) bool {
	if !p.is(word) {
		return false
	}
	p.take(KeywordToken)
	return true
}

// acceptOp takes a symbol when it stands here.
func (p *parser) acceptOp(op string) bool {
	if !p.peek().isOp(op) {
		return false
	}
	p.take("")
	return true
}

// end is the byte offset behind the last token that was taken.
func (p *parser) end() int {
	if p.pos == 0 {
		return 0
	}
	return p.toks[p.pos-1].end
}

// from returns the source range from a byte offset to the last token taken.
func (p *parser) from(start int) source.Span { return p.text.Span(start, max(start, p.end())) }

// raw returns the text from a byte offset to the last token taken.
func (p *parser) raw(start int) string { return p.text.Text[start:max(start, p.end())] }

// found names the current token for a message.
func (p *parser) found() string {
	t := p.peek()
	if t.kind == tEnd {
		return "the end of the rule"
	}
	return fmt.Sprintf("%q", p.text.Text[t.start:t.end])
}

// ident takes a word that may be a name. What it names is for a message.
func (p *parser) ident(what string, role TokenKind) (Ident, bool) {
	t := p.peek()
	switch {
	case t.kind != tWord:
		p.fail(expected(what, p.found()))
		return Ident{}, false
	case IsReserved(t.text):
		p.fail(reservedName(t.text))
		return Ident{}, false
	default:
		p.take(role)
		return Ident{Name: t.text, At: p.from(t.start)}, true
	}
}

// skip moves to the next token at which reading can go on: "and", "or", a
// comma, a word of the call around, or a closing bracket that was not opened on
// the way.
func (p *parser) skip() { p.skipTo(append([]string{"and", "or", ","}, p.stops...)...) }

// until sets the words that go on with a call, and returns what undoes it.
func (p *parser) until(words ...string) func() {
	before := p.stops
	p.stops = words
	return func() { p.stops = before }
}

// skipTo moves to one of the words and symbols outside of inner brackets, to
// the bracket that closes the present one, or to the end.
func (p *parser) skipTo(stops ...string) {
	for depth := 0; !p.done(); p.take("") {
		t := p.peek()
		switch {
		case t.isOp("("):
			depth++
		case t.isOp(")") && depth == 0:
			return
		case t.isOp(")"):
			depth--
		case depth == 0 && (slices.Contains(stops, t.word()) || t.kind == tOp && slices.Contains(stops, t.text)):
			return
		}
	}
}

// closeBracket takes the bracket that closes the one opened at a byte offset,
// and reports whether there was one. What stands unread before it is reported
// and skipped; want names what else could have followed.
func (p *parser) closeBracket(open int, want ...string) bool {
	if !p.done() && !p.peek().isOp(")") {
		p.unexpected(append(want, ")"))
		p.skipTo()
	}
	if p.acceptOp(")") {
		return true
	}
	problems := len(p.list)
	if p.fail(bracketOpen()); len(p.list) > problems {
		p.list[problems].Related = []source.Related{{Span: p.text.Span(open, open+1), Message: "this bracket is open"}}
	}
	return false
}

// enter counts a level of nesting; at the limit it gives up on the rule.
func (p *parser) enter() bool {
	p.depth++
	if p.depth <= maxDepth {
		return true
	}
	if !p.stopped {
		p.fail(tooDeep())
		p.giveUp()
	}
	return false
}

// giveUp moves to the end and keeps what is left from being reported.
func (p *parser) giveUp() {
	p.stopped = true
	p.pos = len(p.toks) - 1
}

func (p *parser) leave() { p.depth-- }

package rule

import (
	"regexp"
	"strings"

	"strata/segments/source"
)

// Parse reads a whole rule. It reports every mistake it can tell apart: after
// one it goes on at the next "and", "or", comma or closing bracket.
//
// In a rule with mistakes the tree lacks the parts that could not be read, and
// is nil when nothing could be. It serves to find further mistakes, in names
// and types, and must not be run; a Window may be nil there.
func Parse(text source.Fragment) (Expr, source.List) {
	p := newParser(text)
	return p.rule(), p.problems()
}

// ParsePeriodic reads an expression of a metric. Its calls need no window, for
// they are meant within the period of a report: their Window is nil then. A
// window that is written is read; whether it may stand is the checker's question.
func ParsePeriodic(text source.Fragment) (Expr, source.List) {
	p := newParser(text)
	p.periodic = true
	return p.rule(), p.problems()
}

// ParseRows reads a stream with its filter, such as "order where amount > 0". It
// is false where there is none that could be read.
func ParseRows(text source.Fragment) (Rows, bool, source.List) {
	p := newParser(text)
	if p.done() {
		p.fail(emptyRule("the stream"))
	}
	rows, _, ok := p.rows("rows", false)
	p.finish()
	return rows, ok, p.problems()
}

// FormatRows writes a stream with its filter.
func FormatRows(r Rows) string { return formatRows(r) }

// ParseDuration reads a duration that stands alone, such as "14 days".
func ParseDuration(text source.Fragment) (Duration, source.List) {
	p := newParser(text)
	if p.done() {
		p.fail(emptyRule("the duration"))
	}
	d, _ := p.duration()
	p.finish()
	return d, p.problems()
}

// ParseOffset reads a duration with its sign, such as "-1 day"; sign is -1 or
// 1. The zero sign means that it could not be read.
func ParseOffset(text source.Fragment) (sign int, d Duration, list source.List) {
	p := newParser(text)
	switch {
	case p.acceptOp("-"):
		sign = -1
	case p.acceptOp("+"):
		sign = 1
	default:
		p.fail(signMissing())
		return 0, Duration{}, p.problems()
	}
	d, ok := p.duration()
	p.finish()
	if !ok {
		sign = 0
	}
	return sign, d, p.problems()
}

// ParseTransition reads "lead -> new".
func ParseTransition(text source.Fragment) (Transition, source.List) {
	p := newParser(text)
	var t Transition
	if p.ahead(0).kind != tWord || !p.ahead(1).isOp("->") || p.ahead(2).kind != tWord {
		p.list = nil
		p.report(0, len(text.Text), badTransition())
		return t, p.problems()
	}
	from, okFrom := p.ident("a stage", NameToken)
	if !okFrom {
		p.take("")
	}
	p.take(OperatorToken)
	to, okTo := p.ident("a stage", NameToken)
	if !okTo {
		p.take("")
	}
	p.finish()
	if okFrom && okTo {
		t = Transition{From: from, To: to, At: p.from(0)}
	}
	return t, p.problems()
}

// ParseBand reads a band: a comparison without its left side, "missing" or
// "else". Where neither of the three is set it could not be read.
func ParseBand(text source.Fragment) (Band, source.List) {
	p := newParser(text)
	start := p.peek().start
	band := Band{Missing: p.accept("missing")}
	band.Else = !band.Missing && p.accept("else")
	switch {
	case band.Missing, band.Else:
	case p.done():
		p.fail(emptyRule("the band"))
	case p.operator() == levelTest:
		band.X = p.infix(&Over{base{p.text.Span(start, start)}}, levelTest, start)
		if t := p.peek(); t.word() == "and" || p.operator() == levelTest {
			p.fail(bandChained(p.text.Text[start:t.start]))
		}
	default:
		p.fail(badBand(p.found()))
		p.giveUp()
	}
	p.finish()
	band.At = p.from(start)
	return band, p.problems()
}

// finish reports what stands behind a text that has been read.
func (p *parser) finish() {
	if !p.done() {
		p.fail(expected("the end", p.found()))
		p.giveUp()
	}
}

// problems returns what was reported, in the order of the text.
func (p *parser) problems() source.List {
	p.list.Sort()
	return p.list
}

// The shapes of a param's scalar that are no text.
var (
	literalNumber = regexp.MustCompile(`^(-?)((?:0|[1-9][0-9]*)(?:\.[0-9]+)?)$`)
	literalZeros  = regexp.MustCompile(`^-?0[0-9]+(\.[0-9]+)?$`)
	literalDate   = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	literalMoment = regexp.MustCompile(`(?i)^(date|timestamp)\s+'((?:[^']|'')*)'$`)
	literalBool   = regexp.MustCompile(`(?i)^(true|false)$`)
)

// ParseLiteral reads the scalar of a param: a number, a date, a timestamp,
// true or false, and text where it is none of them. A number with leading
// zeros could be meant as either and is refused. A scalar that stands in
// quotes in its file is text and need not be read by this function.
func ParseLiteral(text source.Fragment) (Expr, source.List) {
	s := text.Text
	at := base{text.Span(0, len(s))}
	if m := literalNumber.FindStringSubmatch(s); m != nil {
		if m[1] == "" {
			return &Number{at, s}, nil
		}
		return &Unary{at, Negate, &Number{base{text.Span(1, len(s))}, m[2]}}, nil
	}
	if literalDate.MatchString(s) {
		return &Moment{at, false, s}, nil
	}
	if m := literalMoment.FindStringSubmatch(s); m != nil {
		return &Moment{at, lower(m[1]) == "timestamp", strings.ReplaceAll(m[2], "''", "'")}, nil
	}
	if literalBool.MatchString(s) {
		return &Bool{at, lower(s) == "true"}, nil
	}
	if literalZeros.MatchString(s) {
		p := &parser{text: text}
		p.report(0, len(s), quotesAsked(s))
		return &Text{at, s}, p.list
	}
	return &Text{at, s}, nil
}

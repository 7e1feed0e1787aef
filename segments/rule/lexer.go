package rule

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// lexer cuts a rule into tokens. It reports what no rule may contain and
// passes on the token that was meant, so that one wrong spelling costs one
// diagnostic and the rest is still read.
type lexer struct {
	text   string
	pos    int
	report func(start, end int, p problem)
	toks   []token
}

// lex returns the tokens of a text, the last of them being the end.
func lex(text string, report func(start, end int, p problem)) []token {
	l := &lexer{text: text, report: report}
	for {
		r, size := l.rune()
		switch {
		case size == 0:
			// The end is where the rule ends: a block scalar goes on with a line
			// break, and what is missing there is missed on the line before.
			l.pos = len(strings.TrimRightFunc(l.text, unicode.IsSpace))
			l.emit(tEnd, 0, "")
			return l.toks
		case unicode.IsSpace(r):
			l.pos += size
		case isWordStart(r):
			n := l.wordLength(l.pos)
			l.emit(tWord, n, l.text[l.pos:l.pos+n])
		case isDigit(r), r == '.' && l.pointStartsNumber():
			l.number()
		case r == '$':
			l.param()
		default:
			l.symbol(r, size)
		}
	}
}

// rune returns the next character and its length, which is 0 at the end.
func (l *lexer) rune() (rune, int) { return utf8.DecodeRuneInString(l.text[l.pos:]) }

// emit appends a token of n bytes and moves behind it.
func (l *lexer) emit(kind tokenType, n int, text string) {
	l.toks = append(l.toks, token{kind: kind, start: l.pos, end: l.pos + n, text: text})
	l.pos += n
}

// wrong reports the next n bytes and emits the token that was meant.
func (l *lexer) wrong(kind tokenType, n int, text string, p problem) {
	l.report(l.pos, l.pos+n, p)
	l.emit(kind, n, text)
	l.toks[len(l.toks)-1].wrong = true
}

// wordLength returns how many bytes from offset on belong to one word.
func (l *lexer) wordLength(offset int) int {
	n := strings.IndexFunc(l.text[offset:], func(r rune) bool { return !isWordPart(r) })
	if n < 0 {
		return len(l.text) - offset
	}
	return n
}

// param reads $name; the ${name} of shells is taken for it.
func (l *lexer) param() {
	if rest, braced := strings.CutPrefix(l.text[l.pos:], "${"); braced {
		if n := l.wordLength(l.pos + 2); n > 0 && strings.HasPrefix(rest[n:], "}") {
			l.wrong(tParam, n+3, rest[:n], nakedDollar(rest[:n]))
			return
		}
	}
	n := l.wordLength(l.pos + 1)
	if r, _ := utf8.DecodeRuneInString(l.text[l.pos+1:]); n == 0 || !isWordStart(r) {
		l.wrong(tBad, 1+n, "", nakedDollar("name"))
		return
	}
	l.emit(tParam, 1+n, l.text[l.pos+1:l.pos+1+n])
}

// operators are the symbols of the language, longer ones first.
var operators = []string{"<>", "!=", "<=", ">=", "->", "=", "<", ">", "+", "-", "*", "/", "(", ")", ",", ".", "%"}

// foreign maps symbols of other languages to what is meant, longer ones first.
var foreign = []struct{ written, meant string }{
	{"===", "="},
	{"!==", "<>"},
	{"==", "="},
	{"=>", ">="},
	{"=<", "<="},
	{"=~", "matches"},
	{"!~", "not matches"},
	{"~=", "matches"},
	{"&&", "and"},
	{"||", "or"},
	{"≥", ">="},
	{"≤", "<="},
	{"≠", "<>"},
	{"×", "*"},
	{"÷", "/"},
	{"−", "-"},
	{"–", "-"},
	{"→", "->"},
	{"&", "and"},
	{"|", "or"},
	{"~", "matches"},
}

func (l *lexer) symbol(r rune, size int) {
	rest := l.text[l.pos:]
	for _, f := range foreign {
		if strings.HasPrefix(rest, f.written) {
			l.foreign(f.written, f.meant)
			return
		}
	}
	for _, op := range operators {
		if strings.HasPrefix(rest, op) {
			l.operator(op)
			return
		}
	}
	switch {
	case r == '\'':
		l.quoted()
	case r == '`', strings.ContainsRune(openingQuotes, r):
		l.wrongQuotes(r, size)
	case r == '!':
		l.wrong(tWord, size, "not", foreignOperator("!", "not"))
	case r == ';':
		l.wrong(tBad, size, "", semicolon())
	case strings.ContainsRune("[]{}", r):
		l.bracket(string(r))
	case r == '#':
		l.wrong(tBad, len(rest), "", comment())
	default:
		n := len(rest) - len(strings.TrimLeft(rest, rest[:size]))
		l.wrong(tBad, n, "", unknownCharacter(r, rest[:size]))
	}
}

func (l *lexer) operator(op string) {
	if op == "!=" {
		l.emit(tOp, len(op), string(NotEqual))
		return
	}
	l.emit(tOp, len(op), op)
}

// foreign emits what a symbol of another language means here.
func (l *lexer) foreign(written, meant string) {
	p := foreignOperator(written, meant)
	if before, after, two := strings.Cut(meant, " "); two {
		// Two tokens share one symbol; the first one takes its place.
		l.wrong(tWord, len(written), before, p)
		l.toks = append(l.toks, token{kind: tWord, start: l.pos, end: l.pos, text: after})
		return
	}
	kind := tOp
	if isWordStart(rune(meant[0])) {
		kind = tWord
	}
	l.wrong(kind, len(written), meant, p)
}

// bracket takes square and curly brackets for round ones.
func (l *lexer) bracket(written string) {
	meant := "("
	if written == "]" || written == "}" {
		meant = ")"
	}
	l.wrong(tOp, 1, meant, wrongBracket(written, meant))
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isWordStart(r rune) bool { return r == '_' || unicode.IsLetter(r) }

// isWordPart allows marks, so that decomposed accents stay in their word.
func isWordPart(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

package rule

import (
	"slices"

	"strata/segments/source"
)

// TokenKind says what a piece of a rule is, for highlighting and completion.
type TokenKind string

// The kinds of tokens. A word that is a keyword in one place and a column in
// another has the kind of the place it stands in.
const (
	KeywordToken  TokenKind = "keyword"
	NameToken     TokenKind = "name"
	StreamToken   TokenKind = "stream"
	FunctionToken TokenKind = "function"
	NumberToken   TokenKind = "number"
	DurationToken TokenKind = "duration" // the compact form, such as 30d
	TextToken     TokenKind = "text"     // with its quotes
	ParamToken    TokenKind = "param"    // with its $
	OperatorToken TokenKind = "operator"
	BracketToken  TokenKind = "bracket"
	InvalidToken  TokenKind = "invalid"
)

// Token is a piece of a rule. Text is as written.
type Token struct {
	Kind TokenKind
	Text string
	Span source.Span
}

// Tokens splits a rule into its tokens, in order and without the space between
// them. It never fails: what cannot be read is an InvalidToken, and in a rule
// with errors a word the parser did not reach is classified by its spelling.
func Tokens(text source.Fragment) []Token {
	p := newParser(text)
	p.rule()
	var tokens []Token
	for i, t := range p.toks {
		if t.kind == tEnd {
			break
		}
		kind := p.roles[i]
		if kind == "" {
			kind = p.guess(i)
		}
		tokens = append(tokens, Token{Kind: kind, Text: text.Text[t.start:t.end], Span: text.Span(t.start, t.end)})
	}
	return tokens
}

// guess classifies a token that the parser gave no role.
func (p *parser) guess(i int) TokenKind {
	switch t := p.toks[i]; t.kind {
	case tWord:
		switch next := p.toks[min(i+1, len(p.toks)-1)]; {
		case next.isOp("(") && slices.Contains(Calls(), t.word()):
			return FunctionToken
		case IsReserved(t.text), slices.Contains(windowWords, t.word()):
			return KeywordToken
		default:
			return NameToken
		}
	case tNumber, tDate:
		return NumberToken
	case tCompact:
		return DurationToken
	case tText:
		return TextToken
	case tParam:
		return ParamToken
	case tOp:
		if t.text == "(" || t.text == ")" {
			return BracketToken
		}
		return OperatorToken
	case tBad, tEnd:
		return InvalidToken
	default:
		return InvalidToken
	}
}

// tokenType is what the lexer alone can tell about a token.
type tokenType int

const (
	tEnd tokenType = iota
	tWord
	tNumber
	tCompact // digits directly followed by letters
	tDate    // 2026-01-31 without quotes
	tText
	tParam
	tOp
	tBad // already reported by the lexer
)

// token is a lexed token; start and end are byte offsets in the decoded text.
type token struct {
	kind       tokenType
	start, end int
	// text is the token's meaning: the operator or word that was meant where
	// another spelling was written, the value of a text, the name of a param.
	text string
	// wrong is set when the lexer has reported the token: whatever else does
	// not fit about it follows from that.
	wrong bool
}

func (t token) isOp(op string) bool { return t.kind == tOp && t.text == op }

// word returns the token's word in lower case, or nothing for other kinds.
func (t token) word() string {
	if t.kind != tWord {
		return ""
	}
	return lower(t.text)
}

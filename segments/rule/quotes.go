package rule

import (
	"strings"
	"unicode/utf8"
)

// openingQuotes are the characters that people, word processors and other
// languages put before a text. The closing ones are accepted there as well,
// because German and Swedish use them so.
const (
	openingQuotes = "\"“”„‟«»‘’‚‛"
	closingQuotes = "\"“”‟«»‘’‛"
)

// quoted reads a text in single quotes. A quote inside is written twice and
// nothing else is an escape.
func (l *lexer) quoted() {
	var value strings.Builder
	rest := l.text[l.pos+1:]
	n := 1
	for {
		before, after, found := strings.Cut(rest, "'")
		value.WriteString(before)
		if !found {
			l.wrong(tBad, len(l.text)-l.pos, "", openText())
			return
		}
		n += len(before) + 1
		if !strings.HasPrefix(after, "'") {
			l.apostrophe(n, value.String(), after)
			return
		}
		value.WriteByte('\'')
		n++
		rest = after[1:]
	}
}

// apostrophe ends a text of n bytes. Where a word that is no operator goes on
// behind the quote, as in 'it's', the text is taken to reach to the next one.
func (l *lexer) apostrophe(n int, value, after string) {
	word := after[:len(after)-len(strings.TrimLeftFunc(after, isWordPart))]
	tail, _, again := strings.Cut(after, "'")
	if before, _ := utf8.DecodeLastRuneInString(value); again && isWordPart(before) && word != "" && !IsReserved(word) {
		value += "'" + tail
		l.wrong(tText, n+len(tail)+1, value, innerQuote(value))
		return
	}
	l.emit(tText, n, value)
}

// wrongQuotes reads what stands between quotes of another kind and says how it
// is written here. Words in backticks are taken for names, the others for text.
func (l *lexer) wrongQuotes(open rune, size int) {
	rest := l.text[l.pos+size:]
	closing := closingQuotes
	if open == '"' || open == '`' {
		closing = string(open)
	}
	end := strings.IndexAny(rest, closing)
	if end < 0 {
		l.wrong(tBad, len(l.text)-l.pos, "", openText())
		return
	}
	_, closeSize := utf8.DecodeRuneInString(rest[end:])
	n, value := size+end+closeSize, rest[:end]
	if open == '`' {
		l.wrong(tWord, n, value, quotedName(value))
		return
	}
	l.wrong(tText, n, value, wrongQuote(l.text[l.pos:l.pos+n], value))
}

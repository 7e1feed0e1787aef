package definition

import (
	"errors"
	"strings"

	"go.yaml.in/yaml/v4"

	"strata/segments/source"
)

// syntax turns the parser's error into a diagnostic, with the quoted form of
// the expression that broke the file where one is found.
func (y *yamlReader) syntax(err error) source.Diagnostic {
	var broken *yaml.LoadError
	if !errors.As(err, &broken) {
		return diagYAML(y.span(0, 0), err.Error(), "")
	}
	at := y.offset(broken.Mark)
	if name, ok := strings.CutPrefix(broken.Message, "unknown anchor '"); ok {
		name, _, _ = strings.Cut(name, "'")
		return diagAlias(y.span(at, at+1+len(name)), "*"+name, quotedHint(y.file, at))
	}
	if broken.Message == "found unexpected end of stream" {
		// What is missing is missing at the end of the file, but the place to
		// look at is where it began.
		at = y.offset(broken.ContextMark)
		return diagYAML(y.word(at), plainWords(broken.Message), quotedHint(y.file, at))
	}
	if at < len(y.file.Text) && y.file.Text[at] == '\t' {
		return diagYAML(y.span(at, skipBlanks(y.file.Text, at)), "a tab cannot indent", "use spaces")
	}
	hint := ""
	for _, place := range y.suspects(broken, at) {
		if hint = quotedHint(y.file, place); hint != "" {
			if y.lineOf(place) != y.lineOf(at) {
				at = skipSpace(y.file.Text, y.lines.starts[y.lineOf(place)])
			}
			break
		}
	}
	d := diagYAML(y.word(at), plainWords(broken.Message), hint)
	if broken.ContextMark.Line > 0 && broken.ContextMark != broken.Mark {
		d.Related = []source.Related{{
			Span: y.word(y.offset(broken.ContextMark)), Message: plainWords(broken.ContextMsg),
		}}
	}
	return d
}

// offset returns where a mark of the parser lies. Errors of its reader have a
// byte offset only.
func (y *yamlReader) offset(m yaml.Mark) int {
	if m.Line == 0 {
		return min(m.Index, len(y.file.Text))
	}
	return y.lines.offset(m.Line, m.Column)
}

// lineOf returns the number, from 0, of the YAML line that holds an offset.
func (y *yamlReader) lineOf(at int) int {
	n := 0
	for n+1 < len(y.lines.starts) && y.lines.starts[n+1] <= at {
		n++
	}
	return n
}

// suspects are the places whose lines may hold the expression that broke the
// file: the error's own, the one before it, and where the parser began.
func (y *yamlReader) suspects(broken *yaml.LoadError, at int) []int {
	places := []int{at}
	before := strings.TrimRight(y.file.Text[:y.lines.starts[y.lineOf(at)]], " \t\r\n")
	if before != "" {
		places = append(places, len(before))
	}
	if broken.ContextMark.Line > 0 {
		places = append(places, y.offset(broken.ContextMark))
	}
	return places
}

// word is the span of the characters up to the next blank.
func (y *yamlReader) word(at int) source.Span {
	end := at
	for limit := lineEnd(y.file.Text, at); end < limit && !isBlank(y.file.Text[end]); {
		end++
	}
	return y.span(at, end)
}

// phrases replaces words of the parser that say nothing to who writes a
// definition file.
var phrases = strings.NewReplacer(
	"mapping values are not allowed in this context", "a second \": \" cannot stand in one value",
	"did not find expected key", "a key was expected here",
	"did not find expected ',' or '}'", "a comma or } was expected here",
	"did not find expected ',' or ']'", "a comma or ] was expected here",
	"did not find expected comment or line break", "nothing but a comment can stand behind > or |",
	"did not find expected '-' indicator", "an entry with a dash was expected here",
	"found character that cannot start any token", "no value can start with this character",
	"found a tab character that violates indentation", "a tab cannot indent",
	"could not find expected ':'", "a key needs a colon behind it",
	"found unexpected end of stream", "the closing quote is missing",
	"while parsing a block mapping", "in the map that starts here",
	"while parsing a flow mapping", "in the map that starts here",
	"while parsing a flow sequence", "in the list that starts here",
	"while parsing a block collection", "in the list that starts here",
	"while scanning a quoted scalar", "in the quoted text that starts here",
	"while scanning a block scalar", "in the text that starts here",
	"while scanning a plain scalar", "in the value that starts here",
	"while scanning a simple key", "in the key that starts here",
	"while scanning for the next token", "in what starts here",
)

func plainWords(message string) string { return phrases.Replace(message) }

package propose

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// plainScalar is text that YAML reads as it stands wherever it is: inside of
// braces as well.
var plainScalar = regexp.MustCompile(`^[A-Za-z_/][A-Za-z0-9_./+%$@-]*( [A-Za-z0-9_./+%$@-]+)*$`)

// yamlWords are read as something else than text.
var yamlWords = []string{"null", "true", "false", "yes", "no", "on", "off", "y", "n"}

// scalar is a text as a YAML scalar, in quotes where it needs them.
func scalar(text string) string {
	switch {
	case plainScalar.MatchString(text) && !slices.Contains(yamlWords, strings.ToLower(text)):
		return text
	case typeName.MatchString(text):
		return text
	}
	return scalarQuoted(text)
}

// scalarQuoted is a text in quotes, with escapes where it holds what a reader
// could not see.
func scalarQuoted(text string) string {
	if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(text)
	}
	return quoted(text)
}

// typeName is a type such as DECIMAL(12,2), which stands in a block and so
// needs no quotes for its comma.
var typeName = regexp.MustCompile(`^[A-Z][A-Z0-9_ ]*\([0-9]+,[0-9]+\)$`)

// quoted is a text in quotes: double ones where it holds single ones alone.
func quoted(text string) string {
	if strings.Contains(text, "'") && !strings.ContainsAny(text, `"\`) {
		return `"` + text + `"`
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

// comment is a text as the lines of a comment, broken where it is long.
func comment(indent, text string) string {
	const width = 96
	var b strings.Builder
	line := indent + "#"
	for word := range strings.FieldsSeq(strings.Map(printable, text)) {
		if len(line)+1+len(word) > width && line != indent+"#" {
			b.WriteString(line + "\n")
			line = indent + "#   "
		}
		line += " " + word
	}
	b.WriteString(line + "\n")
	return b.String()
}

// printable leaves out what a reader could not see.
func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return ' '
}

package check

import (
	"regexp"
	"strings"
	"unicode"

	"strata/segments/rule"
)

// patternFault says what is wrong with a pattern, or nothing.
func patternFault(op rule.MatchOp, pattern string) string {
	if op == rule.Matches {
		return expressionFault(pattern)
	}
	trailing := len(pattern) - len(strings.TrimRight(pattern, `\`))
	if trailing%2 == 1 {
		return `it ends in a single \`
	}
	return ""
}

// expressionFault says what is wrong with a regular expression. Go reads all
// that RE2 does and a little more; what is more is refused here, because the
// warehouse would refuse it while it runs.
func expressionFault(pattern string) string {
	if _, err := regexp.Compile(pattern); err != nil {
		return strings.TrimPrefix(err.Error(), "error parsing regexp: ")
	}
	for i := 0; i < len(pattern); i++ {
		rest := pattern[i:]
		switch {
		case strings.HasPrefix(rest, `\Q`):
			literal, _, _ := strings.Cut(rest, `\E`)
			i += len(literal)
		case strings.HasPrefix(rest, `\p{`), strings.HasPrefix(rest, `\P{`):
			name, _, _ := strings.Cut(rest[3:], "}")
			if !characterClass(strings.TrimPrefix(name, "^")) {
				return "there is no class of characters `" + rest[:len(name)+4] + "`"
			}
			i += len(name) + 3
		case rest[0] == '\\':
			i++
		case strings.HasPrefix(rest, "(?<"):
			return "a group is named by `(?P<name>…)`"
		}
	}
	return ""
}

// characterClass reports whether RE2 knows a class of Unicode: a script, or a
// category by its short name.
func characterClass(name string) bool {
	switch name {
	case "Any":
		return true
	case "Cn", "LC":
		return false
	}
	_, script := unicode.Scripts[name]
	_, category := unicode.Categories[name]
	return script || category
}

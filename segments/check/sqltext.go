package check

import (
	"regexp"

	"strata/segments/definition"
)

// asOfParam is the name under which SQL reads the as-of moment.
const asOfParam = "as_of"

// sqlPiece matches what in SQL is no param, and params: texts, quoted names
// and comments come first, so that a $ inside of them is not looked at.
var sqlPiece = regexp.MustCompile(`(?s)'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/|\$([A-Za-z_][A-Za-z0-9_]*)`)

// SQLParams returns the names of the params in a SQL text, in order and each
// once.
func SQLParams(text string) []string {
	var names []string
	seen := map[string]bool{}
	for _, m := range sqlPiece.FindAllStringSubmatch(text, -1) {
		if m[1] != "" && !seen[m[1]] {
			seen[m[1]] = true
			names = append(names, m[1])
		}
	}
	return names
}

// sqlText checks the params of a sql: segment. Whether the SQL itself is
// allowed is asked of the database's own parser when it is run.
func (c *checker) sqlText(s *definition.Scalar) {
	asOf := false
	for _, m := range sqlPiece.FindAllStringSubmatchIndex(s.Value, -1) {
		if m[2] < 0 {
			continue
		}
		name := s.Value[m[2]:m[3]]
		if name == asOfParam {
			asOf = true
			continue
		}
		if _, ok := c.names.params[name]; !ok {
			c.fail(s.Text.Span(m[0], m[1]), unknownParam(name, append(sortedKeys(c.names.params), asOfParam)))
			continue
		}
		c.usedParams[name] = true
	}
	if !asOf {
		c.fail(s.At(), sqlClock())
	}
}

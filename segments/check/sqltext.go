package check

import (
	"strata/segments/definition"
	"strata/sql/dialect"
)

// asOfParam is the name under which SQL reads the as-of moment.
const asOfParam = "as_of"

// sqlText checks the params of a sql: segment. Whether the SQL itself is
// allowed is asked of the database's own parser when it is run.
func (c *checker) sqlText(s *definition.Scalar) {
	asOf := false
	for _, at := range dialect.Params(s.Value) {
		name := s.Value[at.From+1 : at.To]
		if name == asOfParam {
			asOf = true
			continue
		}
		if _, ok := c.names.params[name]; !ok {
			c.fail(s.Text.Span(at.From, at.To), unknownParam(name, append(sortedKeys(c.names.params), asOfParam)))
			continue
		}
		c.usedParams[name] = true
	}
	if !asOf {
		c.fail(s.At(), sqlClock())
	}
}

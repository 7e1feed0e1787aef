package dialect

import "strings"

// ViewQuery returns the query of a CREATE VIEW statement, which DuckDB itself wrote down; ok is false when the text is no
// such statement.
func ViewQuery(create string) (query string, ok bool) {
	if !strings.HasPrefix(strings.ToUpper(create), "CREATE ") {
		return "", false
	}
	for i := 0; i < len(create); {
		inWord := i > 0 && wordByte(create[i-1])
		if !inWord && len(create) > i+2 && strings.EqualFold(create[i:i+2], "as") && !wordByte(create[i+2]) {
			return create[i+2:], true
		}
		i += span(create[i:], inWord)
	}
	return "", false
}

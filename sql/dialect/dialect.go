// Package dialect knows how DuckDB writes names and values. In come Go strings and values, out comes SQL text: quoted
// identifiers, typed literals, and whole statements in which every placeholder has become a literal, so that a printed
// statement runs in the DuckDB shell as it stands.
package dialect

import "strings"

// Ident returns name as a quoted identifier. It is the only way a name may enter SQL text.
func Ident(name string) string {
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// Qualified returns the quoted parts joined with dots, as in "main"."customers".
func Qualified(parts ...string) string {
	quoted := make([]string, len(parts))
	for i, part := range parts {
		quoted[i] = Ident(part)
	}
	return strings.Join(quoted, ".")
}

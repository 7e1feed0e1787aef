package catalog

import (
	"slices"
	"strings"
	"unicode"
)

// reservedColumns lists the words of the language that a rule cannot use as
// the name of a column.
var reservedColumns = []string{
	"and", "or", "not", "in", "is", "between", "like", "ilike", "matches", "for", "as", "true", "false",
}

// DerivedNames lists the values every stream has besides its columns, in the
// order help shows them.
var DerivedNames = []Derived{At, ID, Day, Weekday, Hour, Month, Nth, NthLast, Gap}

// ReservedColumn reports whether a name, in any case, cannot name a column in
// a rule.
func ReservedColumn(name string) bool {
	return slices.Contains(reservedColumns, strings.ToLower(name))
}

// DerivedName reports whether a name, in any case, is that of a value that
// every stream has.
func DerivedName(name string) bool {
	return slices.Contains(DerivedNames, Derived(strings.ToLower(name)))
}

// IsWord reports whether a column's name can be written in a rule: letters,
// digits and underscores, not starting with a digit.
func IsWord(name string) bool {
	for i, r := range name {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r) && !unicode.IsMark(r)) {
			return false
		}
	}
	return name != ""
}

package source

import (
	"cmp"
	"slices"
)

// Sort orders the diagnostics by file name, place and code, those without a
// place first, and drops repeated ones.
func (l *List) Sort() {
	slices.SortStableFunc(*l, compare)
	*l = slices.CompactFunc(*l, func(a, b Diagnostic) bool { return compare(a, b) == 0 })
}

// compare orders two diagnostics; those that are equal here say the same.
func compare(a, b Diagnostic) int {
	return cmp.Or(
		cmp.Compare(a.Span.fileName(), b.Span.fileName()),
		cmp.Compare(a.Span.Start, b.Span.Start),
		cmp.Compare(a.Span.End, b.Span.End),
		cmp.Compare(a.Code, b.Code),
		cmp.Compare(a.Message, b.Message),
	)
}

// fileName returns the name of the span's file, or nothing.
func (s Span) fileName() string {
	if s.File == nil {
		return ""
	}
	return s.File.Name
}

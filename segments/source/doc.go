// Package source holds what every later stage says about text: the files that
// were read, spans inside them, and diagnostics with their place, reason and
// hint.
//
// In comes the text of a file. Out go positions (line and column in code
// points, from 1) and rendered diagnostics: as text with carets, as JSON and
// as annotations for a code review.
package source

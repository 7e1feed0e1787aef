// Package suite runs the tests that definitions carry in their files and
// checks the bounds they set to their sizes.
//
// In come a checked program and a selection of its definitions, or the result
// of a run. Out go outcomes: one for each test and bound, with what was
// expected, what came, and why. Tests run on an empty warehouse in memory that
// is filled with made-up customers; the project's own data is never opened.
package suite

// Package compile turns a checked Program into SQL statements.
//
// In come a Program, an as-of and a definition. Out goes one readable
// statement per question, the way a careful analyst would write it: the
// population first, then a named step for each value over rows, each leaf and
// each definition the rule refers to, and last the question itself. Window
// bounds are constants computed by package calendar; no statement reads the
// clock. Values are arguments, identifiers go through one quoting function.
package compile

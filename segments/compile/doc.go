// Package compile turns a checked Program into SQL statements, in two ways that
// check each other: one readable statement for a definition (below), and the
// few statements that evaluate a whole plan (shared.go).
//
// In come a Program, an as-of and a definition. Out goes one readable
// statement per question, the way a careful analyst would write it: the
// population first, then a named step for each value over rows, each leaf and
// each definition the rule refers to, and last the question itself. Window
// bounds are constants computed by package calendar; no statement reads the
// clock. Values are arguments, identifiers go through one quoting function.
//
// How a rule becomes SQL: a frame is one SELECT that is being written, over the
// population or over the rows of a stream. value compiles an expression in it,
// where NULL is missing, and test a condition, which is never NULL. What needs
// rows, or other customers, becomes a step, a named CTE; the frame notes which
// steps it reads, and apply adds FROM and the joins at the end. Equal steps are
// written once. A statement is the population, the steps in the order in which
// they were asked for, and a question: statement.go has a method for each.
package compile

// Package check turns definitions into a Program: every name resolved, every
// type known, every window given its meaning.
//
// In come definitions and what is known of the warehouse's columns; no
// database is needed. Out go a Program, or diagnostics for everything that is
// wrong in any file. Warnings (lint) come with both.
//
// Check goes from what others stand on to what stands on them: sources and
// their columns, params, streams, then the definitions, each behind those it
// names (order.go). One method types one form of rule.Expr in a scope, which
// says what a bare name means there: a value of the customer, or inside a where
// of rows a column. It begins in values.go. What could not be typed becomes an
// expression of an invalid type, of which nothing further is said, so that one
// mistake costs one diagnostic.
package check

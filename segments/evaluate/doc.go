// Package evaluate runs compiled rules on a warehouse.
//
// In come a Program, a selection of its definitions, an as-of and an open
// warehouse. Out go memberships (as a table of the in-memory database, so that
// they never travel through the program), sizes, funnels, stages and the
// proof of one customer's membership.
//
// A run plans its definitions together and evaluates them into words, bits of
// conditions per customer (shared.go), which stay readable (live.go); it
// continues the last run where that kept its sums (kept.go), and can be audited
// against statements of their own (verify.go).
package evaluate

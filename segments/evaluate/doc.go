// Package evaluate runs compiled rules on a warehouse.
//
// In come a Program, a selection of its definitions, an as-of and an open
// warehouse. Out go memberships (as a table of the in-memory database, so that
// they never travel through the program), sizes, funnels, stages and the
// proof of one customer's membership.
package evaluate

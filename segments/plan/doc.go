// Package plan finds what a set of definitions has in common, so that all of
// them are evaluated together.
//
// In come a checked Program and the segments and partitions that are asked
// for. Out goes a Plan, a value that can be printed and compared: the distinct
// traits (one aggregate over one stream, filter and window), the distinct
// conditions (a trait against a constant, a test of a field; one bit per
// customer each), each definition as a formula over conditions, and the passes
// over the sources that compute the traits, in an order in which everything
// stands behind what it needs.
//
// What means the same is the same trait and the same condition, however it is
// spelled: traits that are named are put in place of their names, params are
// their values, the terms of "and" and the values of "in" have an order,
// 48 hours is 2880 minutes, and "more than one" is "at least two". A plan knows
// no as-of and no SQL.
package plan

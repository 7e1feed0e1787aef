// Package history says how segments changed over a range of as-ofs, and what
// the clock alone will do to them.
//
// In come a definition, points of time and somebody who follows customers (the
// evaluator, by way of package timeline). Out go plain values of package
// result: sizes, entries and exits at the points, how long customers stay, and
// who leaves when if nothing happens.
//
// Everything is made in one pass over the customers, by sums that each worker
// keeps for itself and that are added at the end. So the answer does not depend
// on who saw which customer, and nothing is kept for single customers but those
// leavers that may be on the list.
//
// What cannot be followed is evaluated at each point instead and says why.
package history

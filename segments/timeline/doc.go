// Package timeline finds the exact moments at which customers enter and leave
// segments, over any range of as-ofs, without snapshots and without evaluating
// the rules again and again.
//
// In come a plan and a range. Out go, customer by customer, the spans of
// as-ofs in which each definition of the plan holds, in microseconds: asking
// at any as-of inside of a span is asking the evaluation at that as-of.
//
// A row at t lies in a window for the as-ofs of one interval, because a
// window's ends never move back. So everything that counts, sums or picks rows
// of a window is a step function of as-of whose steps are where rows enter and
// leave. SQL selects, filters and codes the rows (compile, feed.go); a sweep in
// Go over Arrow batches finds the steps; expressions over several such values
// go back to SQL once per step, so that a rule means the same here as in a
// statement. What depends on all customers at once (percentile, rank), on the
// very moment (half_life), or on text that is SQL is not swept; the request
// says which units that are and why.
package timeline

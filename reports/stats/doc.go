// Package stats holds the statistics behind every report: intervals, tests,
// distances and attributions, as pure functions of sufficient statistics.
//
// Nothing here reads a clock, a file or a database, and nothing is random
// without a seed, so the same input gives the same bits. Distributions come from
// gonum, whatever it lacks is written here after the source that each comment
// names.
//
// # Answers that cannot be given
//
// Most functions return a second value, ok. It is false where the data cannot
// say: nobody was counted, nothing varies, a denominator is 0, an argument is
// no number or out of range. An answer with ok true holds only finite numbers.
// With ok false the answer is the zero value, unless the comment says otherwise,
// and must not be shown.
//
// # Units
//
// Shares and rates are fractions from 0 to 1, never percents. A confidence is a
// fraction strictly between 0 and 1, such as 0.95, and intervals are two-sided.
// Variances divide by n-1 unless a comment says otherwise. The unit of
// observation is the customer. Counts are exact up to 2^53.
package stats

// Package calendar computes the bounds of windows. It is the only place where
// time arithmetic happens in Go: every statement that is compiled, and every
// check of one, asks here.
//
// In come a moment, a window and a time zone. Out go instants in UTC.
//
// A second, minute or hour is elapsed time. A day, week, month, quarter or
// year is a step on the local calendar that never runs backwards as the
// moment moves on: a day that a month lacks is the start of the next month, a
// repeated local time means its first pass, a moment in the second pass
// counts as the repetition's end, and a skipped local time is the first
// instant after the gap. Databases clamp to the month's end instead, which
// would let a row leave a window and enter it again.
package calendar

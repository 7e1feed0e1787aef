// Package diagnose looks for everything that stands between a project and
// right answers: its files, its warehouse, what the data in it is like, and its
// store. In come what could be read of the project, right or wrong, and how to
// open its databases; out come findings as plain values, each with what to do.
//
// It never stops at a problem, since the next one may be the cause: what cannot
// be opened is a finding, and whatever does not need it is still looked at.
package diagnose

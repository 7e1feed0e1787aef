// Package analyses are the screens that compare segments: how they overlap, how
// they drift, and what their metrics are. In come answers of reports, out come
// tables, maps and charts with the same words that the commands use.
//
// Each analysis has a page about all segments and one about a single segment,
// which also serves as a tab of the segment's own page.
package analyses

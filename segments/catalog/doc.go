// Package catalog describes what a rule may name: types, the fields of
// sources, streams, and functions.
//
// In come the column types of the warehouse. Out go plain descriptions that
// the checker resolves names with and the compiler reads columns from.
//
// A source is a table or query of the warehouse, a field one of its values under
// the name that rules use, a stream the rows of a source that rules count. The
// derived values of a row (day, nth, gap, …) are no columns: the compiler
// computes them.
package catalog

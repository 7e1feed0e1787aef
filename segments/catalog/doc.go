// Package catalog describes what a rule may name: types, the fields of
// sources, streams, and functions.
//
// In come the column types of the warehouse. Out go plain descriptions that
// the checker resolves names with and the compiler reads columns from.
package catalog

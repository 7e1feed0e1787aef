// Package snapshot keeps the store: which customers were members of which segment or stage, run by run.
//
// In come evaluation results, one per as-of, in any order. Out go runs with what changed since the run before, the
// members of any past run, histories of sizes, moves between the stages of a partition, and a list of whatever in the
// store contradicts itself. Beside its members a run may leave tables of its own, a state, for the run that follows. The
// customers' own data is never read here.
//
// The runs of one segment form a chain along as-of, whatever order they were made in. The newest members are kept in
// full; every other run is a set of customers that changed sides. A customer who changes sides twice is back where they
// were, so the members of any run are the members of any other run with an odd number of changes between them undone,
// in either direction. The whole population is a chain of its own, so a customer who left a segment can be told from one
// who vanished from the data.
package snapshot

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
//
// # Freezes
//
// A campaign's audience is written down once, with its arms, the campaign's meaning and how far the data went. The name of the
// campaign is the primary key, so that the database itself refuses a second freeze. The keys of customers stand as text, since
// somebody can be frozen whom no run has given an id; where there is one it stands beside the key. Prune and Compact leave
// freezes as they are, and Verify looks at them.
//
// # What the store keeps when things go wrong
//
// A run, a pruning and an upgrade are one transaction each: after a kill, a full disk or a cancelled query they have happened
// whole or not at all, and what Commit has returned is there. What is committed stands in a log beside the file first
// (.wal) and is worked into the file before the store is let go. Where that does not succeed, the log stays and the next who
// opens the store reads it, or works it in.
//
// To work the log in, DuckDB writes blocks of its metadata again where they stand, and a process that is killed in the middle
// of such a write would leave a file that nobody can read. Package warehouse keeps a copy of those blocks beside the store
// (.undo) while it is written to, and puts them back when it opens a store whose writer died. Whoever copies a store that a
// killed writer left must take the file, its .wal and its .undo together.
//
// Compact writes a new file beside the store (.compact), reads it back, compares it with the old one, and only then puts it
// in the place of the old one, which is one step. What a killed compaction left is removed by the next one.
//
// Prune merges what changed in the runs that go into the runs that stay, and verifies the whole store before any of it is
// final, since a difference that is gone cannot be computed again.
//
// "make crash" kills writers in all of these steps and fills their disk, and compares what is left with a model of the store
// in plain Go, to the last member.
//
// # Versions
//
// The store says which version of its tables it has. An older one is upgraded by whoever opens it, in one transaction and
// step by step; a newer one is refused with both versions named. A released step is never edited.
package snapshot

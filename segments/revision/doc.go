// Package revision says what an edit of definitions does to members.
//
// In come two checked programs, those of a committed version and of the working
// files, or the working files and a run of the store, and one open warehouse. Both
// are evaluated on the same data at the same as-of, and customers are compared by
// key inside the database. Out goes a Report: who joined and left which segment, who
// moved between the stages of a partition, and which change of a rule made them.
//
// git.go and tree.go read a committed version from git without checking it out,
// load.go checks it; pair.go and edits.go say what is written differently;
// compare.go, members.go and stored.go ask the database who moved; causes.go,
// leaves.go and explain.go lay the moves at the door of leaves.
package revision

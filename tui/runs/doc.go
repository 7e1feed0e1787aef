// Package runs is the page about what runs: the questions and tasks of the
// program with their progress, the runs that the store holds, and which
// questions took longest.
package runs

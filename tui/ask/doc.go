// Package ask is what the screens may ask: one interface, and the plain values
// that come back. Nothing here knows of a database, so a screen cannot reach one
// but through these questions; the commands answer them with the same functions
// that they print with.
//
// A subject is always a word as the command line takes it: the name of a segment
// or partition, partition.stage, or a rule. at is the as-of of an answer. All
// calls may come from several goroutines at once, and end soon after their
// context does.
package ask

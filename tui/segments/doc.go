// Package segments has the pages that a session begins with: the list of all
// segments, one segment with its tabs, its overview, its history with a forecast,
// and what is wrong with the definitions.
//
// In come the checked definitions and the answers about sizes and courses; out go
// drawings and questions. Numbers of a run that is over stand in for those that
// are still being counted, with a mark, so that the list is there at once.
package segments

// Package definition reads a project's YAML files: strata.yaml,
// strata.schema.yaml and the definitions under segments/.
//
// In come the files of a project folder. Out go definitions whose every name
// and rule knows its exact place, and diagnostics for what could not be read.
// Nothing is resolved here: whether a stream exists is the checker's question.
package definition

// Package definition reads a project's YAML files: strata.yaml,
// strata.schema.yaml and the definitions under segments/.
//
// In come the files of a project folder. Out go definitions whose every name
// and rule knows its exact place, and diagnostics for what could not be read.
// Nothing is resolved here: whether a stream exists is the checker's question.
//
// A file is read in three steps. The YAML parser gives values and where they
// begin; scalar.go walks over the source once more, so that each byte of a
// value knows the characters that made it. The tree is held against a shape, a
// table of what may stand where, which the formatter and the JSON Schema read as
// well. Only then is it read into the types of this package.
package definition

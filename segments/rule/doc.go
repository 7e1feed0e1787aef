// Package rule is the expression language: its tokens, its parser, its syntax
// tree and its formatter.
//
// In comes a fragment of source text. Out go a syntax tree whose every node
// knows its source range, and diagnostics for what could not be read. Nothing
// is known here about streams, fields or types.
package rule

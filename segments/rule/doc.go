// Package rule is the expression language: its tokens, its parser, its syntax
// tree and its formatter.
//
// In comes a fragment of source text. Out go a syntax tree whose every node
// knows its source range, and diagnostics for what could not be read. Nothing
// is known here about streams, fields or types.
//
// The lexer cuts the text into tokens and mends what other languages spell
// otherwise, so that one wrong spelling costs one diagnostic. The parser climbs
// operators by how tightly they bind (expr.go) down to values, calls and
// windows. Format writes a tree so that it reads back as the same tree.
package rule

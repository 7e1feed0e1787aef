// Package render writes results for people and for programs.
//
// In comes a table of plain values with named columns. Out go bytes: an aligned
// table for a terminal, lines for a pipe, CSV, JSON with a versioned envelope,
// JSON lines or Markdown. Nothing is computed here and no clock is read, so the
// same table gives the same bytes.
package render

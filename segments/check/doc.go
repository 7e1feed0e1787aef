// Package check turns definitions into a Program: every name resolved, every
// type known, every window given its meaning.
//
// In come definitions and what is known of the warehouse's columns; no
// database is needed. Out go a Program, or diagnostics for everything that is
// wrong in any file. Warnings (lint) come with both.
package check

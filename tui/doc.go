// Package tui is the terminal UI. In come a backend, which answers with the
// functions that commands print with, and how the user wants to see things; out
// comes a program for the terminal.
//
// Model holds a stack of pages and one overlay. It draws them, hands keys to
// actions, and asks on behalf of pages: what they need is compared with what is
// known and what is being asked after every message. Nothing in here reads a file
// or a database; all of that happens in commands, outside of the loop, so that a
// key is always answered at once.
package tui

// Package say puts an answer about one customer into words: since when and until
// when it holds, by what, and what would change it. In come the plain values of
// package result, out come lines of text.
//
// The command line and the terminal UI say the same because both ask here.
package say

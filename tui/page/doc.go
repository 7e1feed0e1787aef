// Package page is what a screen is. In come keys, clicks and answers; out go
// drawings, questions and messages.
//
// A page never asks for anything itself. It says at any moment which answers it
// needs (Needs), and draws with those that are there (Answer). The program asks,
// waits a moment while the user types, cancels what nobody needs any more, drops
// what comes too late, keeps answers so that going back is instant, and asks again
// when the as-of, the definitions or the data have changed. So every page shows
// loading, old, failed and stopped answers in one way, and none can block.
package page

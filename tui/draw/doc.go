// Package draw is the screen as cells. In come texts, styles by role and plain
// numbers; out come a frame for the terminal, the same frame as plain text, and
// what lies where the mouse points.
//
// A page draws into an Area, a part of a Canvas that nothing gets out of: what
// does not fit is cut, so no line is ever wider than the screen, whatever the
// data holds. Styles say what a text is (a warning, a heading, dim), and the Look
// of the user decides what that is in colours, or in none.
package draw

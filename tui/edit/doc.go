// Package edit is the text of a rule while it is typed. In come keys and the
// checked program; out come the text, what can be written at the cursor, what
// would mend a mistake, and which piece of the text is what.
//
// Everything is a plain value: a Buffer is never changed, each step gives a new
// one. Nothing here draws, and nothing asks for data; where values of a field are
// wanted the answer says which.
package edit

// Package workbench is the page on which a rule is written. In come keys and the
// answers to what they ask; out come the text with its mistakes below the lines,
// what can be written at the cursor, the size of the rule, what each of its leaves
// does, who would join and leave the saved one, and the rule in its file.
//
// A wrong rule asks nothing: the numbers of the last right one stay, and say so.
// Every answer carries the meaning of the rule that it is about, so that no number
// is shown for another rule than the label says.
package workbench

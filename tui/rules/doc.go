// Package rules are the pages about one rule: the rule in its own words beside
// the SQL that it comes to, the funnel of its leaves, and its members a page at a
// time. In come a word as the command line takes it and the program, out come
// pages.
package rules

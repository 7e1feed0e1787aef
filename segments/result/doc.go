// Package result holds answers as plain values: counts, funnels, histories,
// forecasts and the proof of one customer's membership.
//
// They are made by packages that run statements and shown by the command line
// and the terminal UI, so that all of them show the same numbers.
package result

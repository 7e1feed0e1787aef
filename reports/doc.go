// Package reports holds the results of analyses as plain values, and the
// arithmetic on them. It asks no database: package run does, and hands counts in.
package reports

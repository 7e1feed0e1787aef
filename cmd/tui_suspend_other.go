//go:build !unix

package cmd

// wakes reports whether a shell with jobs started the program.
func wakes() bool { return false }

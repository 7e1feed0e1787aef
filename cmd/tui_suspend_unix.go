//go:build unix

package cmd

import "golang.org/x/sys/unix"

// wakes reports whether a shell with jobs started the program: one that leads its
// own session would sleep for good.
func wakes() bool {
	session, err := unix.Getsid(0)
	return err == nil && session != unix.Getpgrp()
}

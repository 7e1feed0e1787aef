package cmd

import (
	"io"
	"time"
)

// Env is everything a command may know of the world outside the project.
type Env struct {
	// Args are the arguments without the program's name.
	Args []string
	// Version is the program's version, such as v0.3.0; empty for a build
	// that was given none.
	Version string
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
	// Getenv returns a variable of the environment, "" where it is not set.
	Getenv func(name string) string
	// Dir is the absolute path of the current folder.
	Dir string
	// Now is the clock.
	Now func() time.Time
	// Terminal says which streams a person is looking at.
	Terminal Terminal
}

// Terminal is what is known of the terminal.
type Terminal struct {
	// Stdin, Stdout and Stderr are true for streams that are a terminal.
	Stdin, Stdout, Stderr bool
	// Width is the number of cells in a line, 0 where it is not known.
	Width int
}

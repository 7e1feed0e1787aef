// Package cmd is the command line.
//
// In comes an Env: arguments, streams, environment, folder, clock and what is
// known of the terminal. Out go data on Stdout, talk on Stderr and an exit
// code. Main touches nothing of the process itself, so a test runs the very
// same program with its own Env.
//
// Each command is one file in three parts: a struct of options, a constructor
// that declares flags and nothing else, and a run function that does the work.
// What commands share hangs on the factory and is made when it is first asked
// for, so "strata version" opens no file.
package cmd

// Command strata answers who belongs to which customer segment, from the
// command line. In come the process's arguments and streams; everything else
// happens in package cmd.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/charmbracelet/x/term"

	"strata/cmd"
)

// version is set by the linker; see the Makefile.
var version string

func main() { os.Exit(run()) }

func run() int {
	dir, err := os.Getwd()
	if err != nil {
		fmt.Fprintln(os.Stderr, "strata: find the current folder:", err)
		return 3
	}
	ctx, stop := interruptible(context.Background())
	defer stop()
	return cmd.Main(ctx, cmd.Env{
		Args: os.Args[1:], Version: version,
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Getenv: os.Getenv, Dir: dir, Now: time.Now, Terminal: terminal(),
	})
}

// interruptible returns a context that the first ctrl-c, a polite kill, or the
// end of the terminal cancels. The signals then have their usual effect again, so
// that a second one ends a program that does not come to its end. Whoever started
// the program with nohup wants it to outlive the terminal.
func interruptible(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(signals, syscall.SIGHUP)
	}
	go func() {
		select {
		case <-signals:
			signal.Stop(signals)
			cancel(cmd.ErrInterrupted)
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel(nil)
	}
}

// terminal asks the system about the three streams.
func terminal() cmd.Terminal {
	t := cmd.Terminal{
		Stdin:  term.IsTerminal(os.Stdin.Fd()),
		Stdout: term.IsTerminal(os.Stdout.Fd()),
		Stderr: term.IsTerminal(os.Stderr.Fd()),
	}
	if t.Stdout {
		if width, _, err := term.GetSize(os.Stdout.Fd()); err == nil {
			t.Width = width
		}
	}
	return t
}

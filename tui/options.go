package tui

import (
	"context"
	"io"
	"log/slog"
	"os/exec"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// Options are what a program is made of.
type Options struct {
	Backend ask.Backend
	// Look is how the user wants to see things; with the theme Auto the terminal is
	// asked for its background.
	Look draw.Look
	// NoMouse leaves the mouse to the terminal, for selecting text.
	NoMouse bool
	// NoSuspend says that no shell would wake the program up again.
	NoSuspend bool
	// At is the first as-of in the words of --at, "" for the project's own.
	At string
	// Name is the segment to begin with, "" for the list.
	Name string
	// Keys replace the keys of actions, by the actions' names.
	Keys map[string][]string
	// Now is the clock.
	Now func() time.Time
	// Tick sends a message after a while; nil is tea.Tick.
	Tick func(d time.Duration, make func(time.Time) tea.Msg) tea.Cmd
	// Editor makes the command that edits a line of a file; nil where there is no
	// editor.
	Editor func(file string, line int) *exec.Cmd
	// Copy copies a text by other means than the terminal's, such as those of a
	// multiplexer; nil for none.
	Copy func(ctx context.Context, text string) error
	// Demo makes the sample shop in a folder and returns a backend for it; nil where
	// that cannot be done.
	Demo func(ctx context.Context, say func(string)) (ask.Backend, error)
	// Log is told of questions and how long they took; nil is nobody.
	Log *slog.Logger
	// Input, Output and Environment are the terminal.
	Input       io.Reader
	Output      io.Writer
	Environment []string
	// Pages make the pages; the zero value takes those of Strata.
	Pages Pages
}

// Pages make the pages that the program itself opens.
type Pages struct {
	Home      func() page.Page
	Segment   func(name string) page.Page
	Runs      func() page.Page
	Campaigns func() page.Page
	Overlap   func() page.Page
	Drift     func() page.Page
	KPIs      func() page.Page
	Problems  func() page.Page
	Workbench func(name, rule string) page.Page
	Customer  func(key string) page.Page
}

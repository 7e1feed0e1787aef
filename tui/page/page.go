package page

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/tui/ask"
	"strata/tui/draw"
)

// Page is a screen, or a tab of one. Its methods are called from one goroutine
// and do nothing that takes time.
type Page interface {
	// ID is its kind, such as "segments"; it names the page in the help and in
	// tests.
	ID() string
	// Crumb is what the head of the screen shows.
	Crumb() string
	// CLI are the arguments of the command that prints what the page shows, without
	// "strata" and --at.
	CLI(c *Context) []string
	// Needs are the answers that the page wants now.
	Needs(c *Context) []Need
	// Update takes a key that is no action, text, a paste, or a Click.
	Update(c *Context, msg tea.Msg) tea.Cmd
	// Draw draws the body of the screen.
	Draw(c *Context, a draw.Area)
	// Actions are what can be done here.
	Actions(c *Context) []Action
}

// Typing is a page that takes text; while it does, keys with a character reach it
// before they are actions.
type Typing interface{ Typing() bool }

// Unsaved is a page that holds work that would be lost.
type Unsaved interface {
	// Unsaved says what would be lost, "" for nothing.
	Unsaved() string
}

// Closing is a page with something to undo before one goes back, such as an
// open filter.
type Closing interface {
	// Close undoes it and reports whether there was something.
	Close() bool
}

// Subject is a page that is about something that can be copied.
type Subject interface {
	// Copies are texts and what they are, such as the name, the SQL, the link to the
	// file.
	Copies(c *Context) []Copy
}

// Copy is something to be copied. The program adds the command of the page.
type Copy struct{ What, Text string }

// Exporting is a page whose answer can be written to a file.
type Exporting interface {
	// Exports are the commands that write it, with the endings of file names.
	Exports(c *Context) []Export
}

// Export is a command and where its output can go.
type Export struct {
	What string
	// Command are the arguments without --at and -o.
	Command []string
	// Name is the name of the file without its ending.
	Name string
	// Formats are endings such as csv and json.
	Formats []string
}

// Action is something that can be done, by a key, from the palette or by the
// mouse.
type Action struct {
	// ID names it in the file of keys, such as "segments.open".
	ID string
	// Keys do it; the first is the one that is shown.
	Keys []string
	// Title says what it does, in a few words; Hint is a single word for the line of
	// keys, "" keeps it off that line.
	Title, Hint string
	// Off says why it cannot be done now, "" where it can.
	Off string
	Do  func() tea.Cmd
}

// Need is an answer that a page wants.
type Need struct {
	// Slot is the place on the page that it fills. While another answer comes for a
	// slot, the old one stays there and is drawn dim.
	Slot string
	// Key is the question itself: equal keys have equal answers at one as-of.
	Key string
	// Timeless answers do not depend on the as-of, Stored ones only on the store:
	// they are not asked again when the warehouse or the definitions change.
	Timeless, Stored bool
	// Typed questions follow what is typed and wait until the user pauses.
	Typed bool
	// Background questions run one at a time behind all others.
	Background bool
	// Doing says what is done, such as "counting".
	Doing string
	Ask   func(ctx context.Context, b ask.Backend, at time.Time) (any, error)
}

// Answers are what the program knows.
type Answers interface {
	// Slot is the state of a slot of the page that is drawn.
	Slot(slot string) State
}

// State is the state of a slot.
type State struct {
	// Value is the answer, nil without one. Old says that it answers an earlier
	// question, or an earlier as-of.
	Value any
	Old   bool
	// Loading says that the question is being asked, since Since; Queued that it
	// waits for its turn.
	Loading, Queued bool
	Since           time.Time
	// Err is why there is no answer, Stopped that the user cancelled it.
	Err     error
	Stopped bool
	// Took is how long the answer took, At when it came, and AsOf what it is about.
	Took time.Duration
	At   time.Time
	AsOf time.Time
}

// Context is what a page may know. It is valid during a call.
type Context struct {
	// Look is how the user wants to see things.
	Look draw.Look
	// Project is there on all pages but welcome and doctor.
	Project *ask.Project
	// AsOf is what all answers are about, in the project's zone; Traveling says that
	// the user chose it.
	AsOf      time.Time
	Traveling bool
	// Now is the clock, Turn the step of what turns.
	Now  time.Time
	Turn int
	// Width and Height are the size of the body.
	Width, Height int
	// Plain is short for Look.Plain.
	Answers Answers
	// Work are the tasks and questions that ran or run, newest first.
	Work []Job
	// Progress is that of the query that started last, nil where nobody knows.
	Progress *ask.Progress
	// Memory survives a page: widths, columns, the last filter.
	Memory map[string]any
}

// Job is a task or question, for the list of what runs.
type Job struct {
	ID      int
	Title   string
	Started time.Time
	Took    time.Duration
	Running bool
	// Writes says that it writes to the store or to a file.
	Writes bool
	Err    error
	// Log are the lines that it said.
	Log []string
}

// Got is the answer of a slot with its type.
type Got[T any] struct {
	State

	Value T
	// Has says that there is a value, be it old.
	Has bool
}

// Answer reads a slot.
func Answer[T any](c *Context, slot string) Got[T] {
	state := c.Answers.Slot(slot)
	value, has := state.Value.(T)
	return Got[T]{State: state, Value: value, Has: has}
}

package page

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/tui/ask"
)

// What a page sends to the program, as the result of a tea.Cmd made by Send.
type (
	// Open puts a page on top.
	Open struct{ Page Page }
	// Replace puts a page in the place of this one.
	Replace struct{ Page Page }
	// Back goes to the page below.
	Back struct{}
	// Travel changes the as-of; nil goes back to the project's own.
	Travel struct{ At *time.Time }
	// Refresh asks for the answers of the page again.
	Refresh struct{}
	// Toast shows a line for some seconds.
	Toast struct {
		Text string
		Bad  bool
	}
	// Clip copies a text.
	Clip struct{ What, Text string }
	// EditFile opens the user's editor on a line of a file of the project.
	EditFile struct {
		File string
		Line int
	}
	// Start begins a task: something that writes, or takes long. The program shows
	// it among what runs, lets the user cancel it, and shows how it ended.
	Start struct {
		Title  string
		Writes bool
		// Do returns what to say at its end. say may be called from any goroutine.
		Do func(ctx context.Context, b ask.Backend, at time.Time, say func(string)) (string, error)
		// Then is sent to the page that started it when it ended well.
		Then tea.Msg
	}
	// Confirm asks before something is done.
	Confirm struct {
		Question string
		Yes      tea.Cmd
	}
	// Cancel stops a task or question that runs, named by the ID of its Job.
	Cancel struct{ ID int }
	// Failed shows an error with all its details.
	Failed struct{ Err error }
)

// What the program sends to a page, besides keys and pastes.
type (
	// Click is a click on a zone, or a turn of the wheel over it: -1 up, 1 down, 0
	// a click. X and Y count from the corner of the zone.
	Click struct {
		ID    string
		X, Y  int
		Wheel int
	}
	// Shown is sent when the page comes to the top, and when it comes back there.
	Shown struct{}
)

// Send is a command that does nothing but send.
func Send(msg tea.Msg) tea.Cmd { return func() tea.Msg { return msg } }

package page

import (
	"errors"
	"time"

	"strata/tui/draw"
)

// When a page begins to say that it waits, and for how long it has.
const (
	quietFor   = 120 * time.Millisecond
	elapsedFor = time.Second
	stopHint   = 2 * time.Second
	adviseFor  = 10 * time.Second
)

// ErrStopped is why a question or task ended that the user stopped, or that gave
// way to a newer one.
var ErrStopped = errors.New("stopped")

// Waiting is what to show for a slot that is being asked for: nothing at first,
// then a sign of life, then the time, then how to stop it. It is "" where nothing
// runs.
func Waiting(c *Context, s State, doing string) string {
	if s.Queued {
		return "waiting for other questions"
	}
	if !s.Loading {
		return ""
	}
	waited := c.Now.Sub(s.Since)
	if waited < quietFor {
		return ""
	}
	text := c.Look.Spinner(c.Turn) + " " + doing
	if waited >= elapsedFor {
		text += " " + draw.Took(waited)
	}
	if waited >= stopHint {
		text += " · esc stops"
	}
	return text
}

// Long reports whether a slot is asked for so long that the page should say what
// would be faster.
func Long(c *Context, s State) bool { return s.Loading && c.Now.Sub(s.Since) >= adviseFor }

// DrawState draws what a slot without a value is: loading, stopped or failed. It
// returns the lines used, 0 where there is nothing to say yet.
func DrawState(c *Context, a draw.Area, s State, doing string) int {
	switch {
	case s.Err != nil:
		return DrawError(a, s.Err)
	case s.Stopped:
		return a.Wrap(0, 0, draw.Dim, "stopped · r asks again")
	case s.Loading || s.Queued:
		return a.Wrap(0, 0, draw.Dim, Waiting(c, s, doing))
	}
	return 0
}

// DrawError draws an error with its hint and returns the lines used.
func DrawError(a draw.Area, err error) int {
	sign := a.Look().Sign(draw.SignNo)
	a.Put(0, 0, draw.Bad|draw.Bold, sign)
	n := a.Sub(2, 0, a.W-2, a.H).Wrap(0, 0, draw.Bad, err.Error()) //nolint:mnd // Behind the sign.
	if hint := HintOf(err); hint != "" {
		n += a.Sub(2, n, a.W-2, a.H-n).Wrap(0, 0, draw.Dim, hint) //nolint:mnd // Behind the sign.
	}
	return n
}

// Hinted is an error that knows what the user can do.
type Hinted interface{ Hint() string }

// HintOf is what the user can do about an error, "" where nobody knows.
func HintOf(err error) string {
	var known Hinted
	if errors.As(err, &known) {
		return known.Hint()
	}
	return ""
}

// StyleOf is the style of an answer: dim where it is old.
func StyleOf(s State) draw.Style {
	if s.Old {
		return draw.Dim
	}
	return draw.Normal
}

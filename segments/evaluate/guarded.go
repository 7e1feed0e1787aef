package evaluate

import (
	"context"
	"errors"
	"sync"
	"time"

	"strata/sql/warehouse"
)

// guarded remembers what the guard said of users' SQL, because checking a
// text costs more than a short question. It may be used by several goroutines.
type guarded struct {
	mu    sync.Mutex
	texts map[guardedText]verdictOnText
}

// guardedText is a text and, where it can read it, the as-of.
type guardedText struct {
	text string
	asOf time.Time
}

type verdictOnText struct {
	checked warehouse.Checked
	err     error
}

// check returns the verdict on a text. What only a cancelled question said is
// not remembered.
func (g *guarded) check(text guardedText, guard func() (warehouse.Checked, error)) (warehouse.Checked, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if known, ok := g.texts[text]; ok {
		return known.checked, known.err
	}
	checked, err := guard()
	if !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		g.texts[text] = verdictOnText{checked: checked, err: err}
	}
	return checked, err
}

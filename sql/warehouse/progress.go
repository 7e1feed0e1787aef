package warehouse

import (
	"sync"
	"time"

	"github.com/duckdb/duckdb-go/v2/mapping"
)

// Progress is how far a running query is.
type Progress struct {
	Percent float64 // 0 to 100; it may stop short of 100 in the last phase.
	Done    uint64  // Rows processed.
	Total   uint64  // Rows to process, as DuckDB estimates them.
}

// Progress reports the progress of the statement that started last among those running; false when none runs or DuckDB
// cannot tell.
func (db *DB) Progress() (Progress, bool) { return db.running.progress() }

// running knows the connections that run a statement, in order of their start.
type running struct {
	mu      sync.Mutex
	handles []mapping.Connection
}

func (r *running) add(h mapping.Connection) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.handles = append(r.handles, h)
}

func (r *running) remove(h mapping.Connection) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, other := range r.handles {
		if other == h {
			r.handles = append(r.handles[:i], r.handles[i+1:]...)
			return
		}
	}
}

// progress asks under the lock, so that the connection cannot be closed meanwhile.
func (r *running) progress() (Progress, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.handles) == 0 {
		return Progress{}, false
	}
	state := mapping.QueryProgress(r.handles[len(r.handles)-1])
	percent, done, total := mapping.QueryProgressTypeMembers(&state)
	if percent < 0 {
		return Progress{}, false
	}
	return Progress{Percent: percent, Done: done, Total: total}, true
}

// stop interrupts everything that runs and returns when nothing does any more.
func (r *running) stop() {
	again := time.NewTicker(interruptEvery)
	defer again.Stop()
	for r.interrupt() {
		<-again.C
	}
}

// interrupt reports whether there was anything to interrupt.
func (r *running) interrupt() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, h := range r.handles {
		mapping.Interrupt(h)
	}
	return len(r.handles) > 0
}

package warehouse

import (
	"context"
	"sync"
	"time"
)

// attachment counts who needs a file attached. The first user attaches it; after the last one it is let go, at once or
// when it has been idle for a while. While it is being attached or let go, newcomers wait.
type attachment struct {
	attach func(context.Context) error
	detach func(context.Context) error
	idle   time.Duration // 0 never lets go by itself.

	mu       sync.Mutex
	users    int
	attached bool
	busy     bool          // Being attached or let go, or used by one alone.
	closed   bool          // No more users.
	changed  chan struct{} // Closed and replaced whenever one of the above changes.
	timer    *time.Timer
}

func newAttachment(attach, detach func(context.Context) error, idle time.Duration) *attachment {
	return &attachment{attach: attach, detach: detach, idle: idle, changed: make(chan struct{})}
}

// acquire makes sure that the file is attached and returns what the caller must call once when it is done. A nil
// attachment needs nothing.
func (a *attachment) acquire(ctx context.Context) (release func(), err error) {
	if a == nil {
		return func() {}, nil
	}
	if err := a.wait(ctx, func() bool { return !a.busy }); err != nil {
		return nil, err
	}
	if a.attached {
		a.users++
		a.mu.Unlock()
		return a.release, nil
	}
	a.busy = true
	a.mu.Unlock()
	err = a.attach(ctx)
	a.update(func() {
		a.busy = false
		if err == nil {
			a.attached, a.users = true, a.users+1
		}
	})
	if err != nil {
		return nil, err
	}
	return a.release, nil
}

// release ends one use and winds the idle clock when it was the last.
func (a *attachment) release() {
	a.update(func() {
		a.users--
		if a.users > 0 || a.idle <= 0 || a.closed {
			return
		}
		if a.timer == nil {
			a.timer = time.AfterFunc(a.idle, a.letGoIdle)
			return
		}
		a.timer.Reset(a.idle)
	})
}

// letGoIdle is what the idle clock calls. A failure leaves the file attached; the next idle time tries again.
func (a *attachment) letGoIdle() { _ = a.letGo(context.Background()) }

// letGo detaches the file unless somebody uses it.
func (a *attachment) letGo(ctx context.Context) error {
	a.mu.Lock()
	if a.users > 0 || a.busy || !a.attached {
		a.mu.Unlock()
		return nil
	}
	a.busy = true
	a.mu.Unlock()
	err := a.detach(ctx)
	a.update(func() { a.busy, a.attached = false, err != nil })
	return err
}

// alone waits until nobody uses the file, lets go of it and runs fn while all others wait.
func (a *attachment) alone(ctx context.Context, fn func() error) error {
	if err := a.wait(ctx, func() bool { return !a.busy && a.users == 0 }); err != nil {
		return err
	}
	a.busy = true
	wasAttached := a.attached
	a.mu.Unlock()
	defer a.update(func() { a.busy = false })
	if wasAttached {
		if err := a.detach(ctx); err != nil {
			return err
		}
		a.update(func() { a.attached = false })
	}
	return fn()
}

// close turns newcomers away. Those inside go on.
func (a *attachment) close() {
	a.update(func() {
		a.closed = true
		if a.timer != nil {
			a.timer.Stop()
		}
	})
}

// wait returns with the lock held once ready says so, or without it and with an error.
func (a *attachment) wait(ctx context.Context, ready func() bool) error {
	for {
		a.mu.Lock()
		if a.closed {
			a.mu.Unlock()
			return &Error{Kind: Failed, Message: "the database is closed"}
		}
		if ready() {
			return nil
		}
		changed := a.changed
		a.mu.Unlock()
		select {
		case <-ctx.Done():
			return cancelled(ctx)
		case <-changed:
		}
	}
}

// update changes the state under the lock and wakes all who wait.
func (a *attachment) update(change func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change()
	close(a.changed)
	a.changed = make(chan struct{})
}

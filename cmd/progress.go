package cmd

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"
)

// Progress is shown on a terminal only, and not before a second has passed, so
// that short questions stay quiet.
const (
	progressAfter = time.Second
	progressEvery = 150 * time.Millisecond
	progressWidth = 24
)

// progress shows how far the running query is until the returned function is
// called. Where the database does not know, a line that turns is shown.
func (s *session) progress(ctx context.Context, doing string) func() {
	if !s.env.Terminal.Stderr || s.flags.quiet {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var stopped sync.WaitGroup
	stopped.Go(func() { s.drawProgress(ctx, doing) })
	return func() {
		cancel()
		stopped.Wait()
	}
}

func (s *session) drawProgress(ctx context.Context, doing string) {
	started := s.env.Now()
	ticker := time.NewTicker(progressEvery)
	defer ticker.Stop()
	drawn := false
	for turn := 0; ; turn++ {
		select {
		case <-ctx.Done():
			if drawn {
				_, _ = fmt.Fprint(s.env.Stderr, "\r\x1b[K")
			}
			return
		case <-ticker.C:
		}
		elapsed := s.env.Now().Sub(started)
		if elapsed < progressAfter {
			continue
		}
		drawn = true
		_, _ = fmt.Fprintf(s.env.Stderr, "\r\x1b[K%s %s %.1f s", doing, s.bar(turn), elapsed.Seconds())
	}
}

// bar is the share of the query that is done, or a sign of life.
func (s *session) bar(turn int) string {
	progress, ok := s.db.Progress()
	if !ok || progress.Percent <= 0 {
		return string(`|/-\`[turn%4])
	}
	done := int(progress.Percent / 100 * progressWidth)
	done = max(0, min(done, progressWidth))
	return fmt.Sprintf("[%s%s] %3.0f%%", strings.Repeat("=", done), strings.Repeat(" ", progressWidth-done), progress.Percent)
}

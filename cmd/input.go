package cmd

import (
	"context"
	"io"
)

// readInput reads standard input to its end, or until ctx is cancelled: somebody
// who forgot to give any must be able to leave with ctrl-c.
func (f *factory) readInput(ctx context.Context) (string, error) {
	type input struct {
		text []byte
		err  error
	}
	read := make(chan input, 1)
	go func() {
		text, err := io.ReadAll(f.env.Stdin)
		read <- input{text, err}
	}()
	select {
	case <-ctx.Done():
		return "", context.Cause(ctx)
	case in := <-read:
		if in.err != nil {
			return "", environment("read standard input: %w", in.err)
		}
		return string(in.text), nil
	}
}

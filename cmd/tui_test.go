package cmd

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestScreensEndWithTheirContext ends the program from outside, as a signal and as
// --timeout do: unlike the user's own q, that is no success.
func TestScreensEndWithTheirContext(t *testing.T) {
	t.Parallel()
	var said bytes.Buffer
	env := Env{
		Args: []string{"tui"}, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: &said, Dir: t.TempDir(), Now: time.Now,
		Getenv: func(string) string { return "" }, Terminal: Terminal{Stdin: true, Stdout: true, Width: 80},
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(ErrInterrupted)
	require.Equal(t, int(exitInterrupted), Main(ctx, env))
	require.Equal(t, "strata: interrupted\n", said.String())

	said.Reset()
	env.Args = []string{"tui", "--timeout", "1ms"}
	require.Equal(t, int(exitEnvironment), Main(t.Context(), env))
	require.Contains(t, said.String(), "the time of --timeout is over")
}

package cmd

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

func TestReadInput(t *testing.T) {
	t.Parallel()
	f := newFactory(Env{Stdin: iotest.OneByteReader(strings.NewReader("count(order) ever > 3\n"))})
	text, err := f.readInput(t.Context())
	require.NoError(t, err)
	require.Equal(t, "count(order) ever > 3\n", text)

	broken := errors.New("broken pipe")
	f = newFactory(Env{Stdin: iotest.ErrReader(broken)})
	_, err = f.readInput(t.Context())
	require.ErrorIs(t, err, broken)
	require.Equal(t, exitEnvironment, codeOf(err, nil))
}

// A pipe that nobody writes to does not hold the program.
func TestReadInputCanBeInterrupted(t *testing.T) {
	t.Parallel()
	never, writer := io.Pipe()
	t.Cleanup(func() { require.NoError(t, writer.Close()) })
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(ErrInterrupted)
	_, err := newFactory(Env{Stdin: never}).readInput(ctx)
	require.ErrorIs(t, err, ErrInterrupted)
}

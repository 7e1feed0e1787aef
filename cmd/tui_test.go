package cmd

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestEditorOpensFilesOfWhatIsShown makes the sample shop from the screens: its
// files are not in the folder in which the program began.
func TestEditorOpensFilesOfWhatIsShown(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, ".git"), 0o700))
	require.NoError(t, os.MkdirAll(filepath.Join(dir, demoDir), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, demoDir, "strata.yaml"), nil, 0o600))
	f := newFactory(Env{Dir: dir, Now: time.Now, Getenv: func(name string) string { return map[string]string{"EDITOR": "vi"}[name] }})
	s := &showing{tuiOptions: tuiOptions{f: f}, Desk: newDesk(f)}
	edit := s.editor(t.Context())
	require.Equal(t, []string{"vi", "+3", "segments/vip.yaml"}, edit("segments/vip.yaml", 3).Args, "there is no project")
	_, err := s.demo(t.Context(), func(string) {})
	require.NoError(t, err)
	require.Equal(t, []string{"vi", "+3", filepath.Join(dir, demoDir, "segments", "vip.yaml")}, edit("segments/vip.yaml", 3).Args)
	require.NoError(t, s.close(t.Context()))
	_, err = s.demo(t.Context(), func(string) {})
	require.ErrorIs(t, err, errClosed)
}

// TestNothingIsLeftOfHalfAShop ends the program while it makes the sample shop.
func TestNothingIsLeftOfHalfAShop(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, ".git"), 0o700))
	f := newFactory(Env{Dir: dir, Now: time.Now, Getenv: func(string) string { return "" }})
	s := &showing{tuiOptions: tuiOptions{f: f}, Desk: newDesk(f)}
	ctx, cancel := context.WithCancel(t.Context())
	began := make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		_, err := s.demo(ctx, func(string) { close(began) })
		ended <- err
	}()
	<-began
	cancel()
	require.NoError(t, s.close(t.Context()))
	require.ErrorIs(t, <-ended, context.Canceled)
	left, err := filepath.Glob(filepath.Join(dir, demoDir, "*"))
	require.NoError(t, err)
	require.Empty(t, left)
}

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

//go:build unix

package main

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/cmd"
)

// The test program itself plays strata, so that a real process can be watched.
func TestMain(m *testing.M) {
	switch os.Getenv("BE_STRATA") {
	case "":
		os.Exit(m.Run())
	case "stubborn":
		beStubborn()
	default:
		os.Exit(run())
	}
}

// beStubborn says when it is ready and when it was asked to stop, and does not.
func beStubborn() {
	ctx, stop := interruptible(context.Background())
	defer stop()
	_, _ = os.Stdout.WriteString("ready\n")
	<-ctx.Done()
	_, _ = os.Stdout.WriteString("asked\n")
	select {}
}

func strata(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0], args...)
	c.Dir = t.TempDir()
	c.Env = append(os.Environ(), "BE_STRATA=1")
	return c
}

func TestExitCodeReachesTheShell(t *testing.T) {
	t.Parallel()
	require.NoError(t, strata(t, "version").Run())
	var failed *exec.ExitError
	require.ErrorAs(t, strata(t, "list").Run(), &failed)
	require.Equal(t, 3, failed.ExitCode())
	require.ErrorAs(t, strata(t, "lsit").Run(), &failed)
	require.Equal(t, 2, failed.ExitCode())
}

func TestStreamsAreNoTerminalInAPipe(t *testing.T) {
	t.Parallel()
	out, err := strata(t, "version").Output()
	require.NoError(t, err)
	require.Contains(t, string(out), "version\t")
	null, err := os.OpenFile(filepath.Clean(os.DevNull), os.O_RDWR, 0)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, null.Close()) })
	c := strata(t)
	c.Stdout = null
	var failed *exec.ExitError
	require.ErrorAs(t, c.Run(), &failed)
	require.Equal(t, 2, failed.ExitCode(), "nobody reads help that goes nowhere")
}

// The first ctrl-c cancels, with a cause that says so. These tests send signals
// to their own process and so run one after the other.
func TestFirstInterruptCancels(t *testing.T) {
	caught := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // As it is below nohup.
		caught = append(caught, syscall.SIGHUP)
	}
	for _, one := range caught {
		ctx, stop := interruptible(context.Background())
		require.NoError(t, syscall.Kill(os.Getpid(), one))
		select {
		case <-ctx.Done():
		case <-time.After(10 * time.Second):
			t.Fatal("the signal did not arrive")
		}
		require.ErrorIs(t, context.Cause(ctx), cmd.ErrInterrupted)
		stop()
	}
}

// The second ctrl-c ends a program that does not listen to the first.
func TestSecondInterruptKills(t *testing.T) {
	t.Parallel()
	c := strata(t)
	c.Env = append(os.Environ(), "BE_STRATA=stubborn")
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	lines := bufio.NewScanner(out)
	for _, want := range []string{"ready", "asked"} {
		require.True(t, lines.Scan())
		require.Equal(t, want, lines.Text())
		require.NoError(t, c.Process.Signal(syscall.SIGINT))
	}
	var failed *exec.ExitError
	require.ErrorAs(t, c.Wait(), &failed)
	status, ok := failed.Sys().(syscall.WaitStatus)
	require.True(t, ok)
	require.Equal(t, syscall.SIGINT, status.Signal())
}

func TestStoppedContextIsNotInterrupted(t *testing.T) {
	ctx, stop := interruptible(context.Background())
	stop()
	<-ctx.Done()
	require.NotErrorIs(t, context.Cause(ctx), cmd.ErrInterrupted)
}

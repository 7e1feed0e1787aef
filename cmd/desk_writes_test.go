//go:build unix

package cmd_test

import (
	"context"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/cmd"
	"strata/fixtures/process"
)

// deskEnv is what a desk in a sample project knows of the world.
func deskEnv(dir string) cmd.Env {
	return cmd.Env{
		Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard, Getenv: func(string) string { return "" }, Dir: dir, Now: clock,
	}
}

// TestDeskRunBesideALockedStore says who holds the store, commits nothing, and goes
// on when the store is free again.
func TestDeskRunBesideALockedStore(t *testing.T) {
	dir := t.TempDir()
	_, err := makeShop(dir, fileWarehouse)
	require.NoError(t, err)
	require.Zero(t, ask(t.Context(), dir, "run").code)
	d := cmd.NewDesk(deskEnv(dir))
	defer func() { require.NoError(t, d.Close(context.Background())) }()
	pid, release := process.Hold(t, filepath.Join(dir, "strata.duckdb"))
	_, err = d.Run(t.Context(), nil, clock(), func(string) {})
	require.ErrorContains(t, err, "(process "+strconv.Itoa(pid)+") is using ")
	_, err = d.Runs(t.Context())
	require.ErrorContains(t, err, "(process "+strconv.Itoa(pid)+") is using ")
	var hinted interface{ Hint() string }
	require.ErrorAs(t, err, &hinted)
	require.Contains(t, hinted.Hint(), "r asks again")
	require.NotContains(t, hinted.Hint(), "--wait", "that is for a command")
	release()
	made, err := d.Run(t.Context(), nil, clock(), func(string) {})
	require.NoError(t, err)
	require.Equal(t, int64(2), made.ID)
}

// TestDeskExportKeepsTheLock asks a long question, exports and looks for faults
// meanwhile: nobody can write to the warehouse until the question is answered,
// although files were opened and closed beside it.
func TestDeskExportKeepsTheLock(t *testing.T) {
	dir := t.TempDir()
	data, err := makeShop(dir, fileWarehouse)
	require.NoError(t, err)
	require.Zero(t, ask(t.Context(), dir, "run").code)
	d := cmd.NewDesk(deskEnv(dir))
	defer func() { require.NoError(t, d.Close(context.Background())) }()
	for _, use := range []func() error{
		func() error {
			_, err := d.Export(t.Context(), []string{"members", "buyers", "-o", "csv"}, "buyers.csv")
			return err
		},
		func() error {
			_, err := d.Export(t.Context(), []string{"runs", "-o", "csv"}, "runs.csv")
			return err
		},
		func() error {
			_, err := d.Doctor(t.Context())
			return err
		},
	} {
		said := ""
		require.NoError(t, d.Reading(t.Context(), clock(), func() error {
			err := use()
			said = process.Run(t, filepath.Join(data, "warehouse.duckdb"), "CREATE TABLE written AS SELECT 1")
			return err
		}))
		require.Contains(t, said, "is using ")
	}
}

// TestCancelledDeskRunCommitsNothing cancels a run at each moment at which it looks
// at the clock: it is there whole or not at all, and the desk goes on.
func TestCancelledDeskRunCommitsNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := makeShop(dir, fileWarehouse)
	require.NoError(t, err)
	var mu sync.Mutex
	looks, stop, cancel := 0, 0, context.CancelFunc(func() {})
	env := deskEnv(dir)
	env.Now = func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		if looks++; looks == stop {
			cancel()
		}
		return clock()
	}
	d := cmd.NewDesk(env)
	defer func() { require.NoError(t, d.Close(context.Background())) }()
	committed, cancelled := 0, 0
	for at := 1; committed == 0; at += 2 {
		ctx, stopIt := context.WithCancel(t.Context())
		mu.Lock()
		looks, stop, cancel = 0, at, stopIt
		mu.Unlock()
		_, err := d.Run(ctx, nil, clock(), nil)
		mu.Lock()
		reached := looks >= at
		mu.Unlock()
		switch {
		case err == nil:
			committed++
		case reached:
			require.ErrorIs(t, err, context.Canceled)
			cancelled++
		default:
			require.NoError(t, err)
		}
		stopIt()
		runs, err := d.Runs(t.Context())
		require.NoError(t, err)
		require.Len(t, runs, committed)
	}
	require.Positive(t, cancelled)
	require.Zero(t, ask(t.Context(), dir, "runs", "verify").code)
}

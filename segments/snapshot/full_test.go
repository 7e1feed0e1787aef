//go:build unix

package snapshot_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/snapshot"
)

// someCustomers make a log that is larger than the copied blocks of the store.
const someCustomers = 2000

// refused begins the word for a step that failed, as a command would that ends with an error.
const refused = "no-"

// full commits, prunes and compacts while no file may grow beyond a limit, and ends at the first failure. A limit for the
// size of files is the full disk that needs no rights: a write fails in the middle.
func (c *writer) full(ctx context.Context) error {
	limit, err := strconv.ParseUint(os.Getenv(childLimit), 10, 64)
	if err != nil {
		return err
	}
	signal.Ignore(syscall.SIGXFSZ)
	var now syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &now); err != nil {
		return err
	}
	now.Cur = limit
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &now); err != nil {
		return err
	}
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{phaseCommit, c.commit},
		{phaseCommit, c.commit},
		{phasePrune, func(ctx context.Context) error { return c.prune(ctx, 4) }},
		{phaseCompact, func(ctx context.Context) error {
			_, err := snapshot.Compact(ctx, c.db)
			return err
		}},
		{phaseCommit, c.commit},
	} {
		if err := step.do(ctx); err != nil {
			c.say(refused+step.name, 0)
			_, _ = fmt.Fprintln(os.Stderr, err)
			return nil
		}
	}
	return nil
}

// TestFullDisk lets writers meet the end of the disk anywhere. What they report is there, what they do not report happened
// whole or not at all, and once there is room again the store goes on.
func TestFullDisk(t *testing.T) {
	c := &crashes{path: storeAt(t), customers: someCustomers, hits: map[string]int{}, moments: rand.New(rand.NewPCG(7, 7))}
	c.onDisk(t, 1<<40)
	c.examine(t)
	require.Empty(t, c.hits, "there was room")
	size := fileSize(t, c.path)
	tries := number(t, "STRATA_FULL", 12)
	for n := range tries {
		// A log is small beside the store, so every other disk is small as well.
		room := size * 2
		if n%2 == 0 {
			room /= 8
		}
		c.onDisk(t, room*n/tries+c.moments.Int64N(room/tries))
		c.examine(t)
	}
	for _, phase := range []string{phaseCommit, phaseCheckpoint, phaseCompact} {
		require.Positive(t, c.hits[phase], "no writer met the end of the disk in phase %s", phase)
	}
	made := c.last
	c.onDisk(t, 1<<40)
	c.examine(t)
	require.Equal(t, made+3, c.last, "with room again all three runs are made")
	fmt.Printf("%d full disks: failed in %v\n", tries, c.hits)
}

// onDisk lets a writer work on a disk on which no file has room for more than limit bytes.
func (c *crashes) onDisk(t *testing.T, limit int64) {
	t.Helper()
	cmd, _ := child(t, c.path, 0, 20*time.Second)
	cmd.Env = append(cmd.Env, childWork+"="+workFull, childLimit+"="+strconv.FormatInt(limit, 10),
		childCustomers+"="+strconv.FormatInt(c.customers, 10))
	said := &bytes.Buffer{}
	cmd.Stdout, cmd.Stderr = nil, said
	pipe, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	last := c.last
	for r := range reports(t, bufio.NewScanner(pipe)) {
		if step, failed := strings.CutPrefix(r.word, refused); failed {
			c.hits[step]++
		}
		c.note(t, r)
	}
	require.NoError(t, cmd.Wait(), said.String())
	if _, err := os.Stat(c.path + ".wal"); err == nil && c.last > last {
		c.hits[phaseCheckpoint]++ // What was committed stands in the log.
	}
	if os.Getenv("SHOW") != "" {
		fmt.Println(limit, said.String())
	}
}

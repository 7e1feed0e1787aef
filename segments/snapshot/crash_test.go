package snapshot_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

// What the other program is at, and what it has done.
const (
	phaseEvaluate   = "evaluate"
	phaseCommit     = "commit"
	phaseCheckpoint = "checkpoint"
	phasePrune      = "prune"
	phaseCompact    = "compact"

	planPrune   = "pruning" // The number is how many as-ofs are kept.
	doneCommit  = "committed"
	donePrune   = "pruned"
	doneCompact = "compacted"
)

// phases are those in which a writer is killed.
var phases = []string{phaseEvaluate, phaseCommit, phaseCheckpoint, phasePrune, phaseCompact}

// cycle commits, prunes and compacts in turn and says what it is at.
func (c *writer) cycle(ctx context.Context) error {
	for n := int64(0); ; n++ {
		if err := c.commit(ctx); err != nil {
			return err
		}
		if n%2 == 1 {
			if err := c.prune(ctx, 3+n%5); err != nil {
				return err
			}
		}
		if n%3 == 2 {
			if _, err := snapshot.Compact(ctx, c.db); err != nil {
				return err
			}
			c.say(doneCompact, 0)
		}
	}
}

// prune keeps the newest as-ofs.
func (c *writer) prune(ctx context.Context, keep int64) error {
	c.say(planPrune, keep)
	c.phase = phasePrune
	pruned, err := snapshot.Prune(ctx, c.db, snapshot.Policy{KeepLast: int(keep)})
	if err != nil {
		return err
	}
	c.say(donePrune, int64(len(pruned.Runs)))
	return nil
}

// crashes is a store whose writers are killed again and again, and what must be in it.
type crashes struct {
	path      string
	customers int64
	model     model
	last      int64 // The last run that was given out.
	keep      int   // Of a pruning that was begun and not reported, 0 for none.
	hits      map[string]int
	moments   *rand.Rand
}

// TestKilledWriter kills writers while they evaluate, commit, work the log into the file, prune and compact. Every run that
// was reported is there, what was not reported happened whole or not at all, and each run is what it was to the last
// customer. STRATA_KILLS asks for more kills than a few, STRATA_CUSTOMERS for larger runs.
func TestKilledWriter(t *testing.T) {
	kills, customers := number(t, "STRATA_KILLS", 20), number(t, "STRATA_CUSTOMERS", fewCustomers)
	c := &crashes{path: storeAt(t), customers: customers, hits: map[string]int{}, moments: rand.New(rand.NewPCG(20, 26))}
	done := int64(0)
	// A machine that is busy may let a phase slip by a few times.
	for ; done < kills || c.hits[c.rarest()] == 0 && done < 5*kills; done++ {
		c.kill(t)
		c.examine(t)
	}
	for _, phase := range phases {
		require.Positive(t, c.hits[phase], "no writer was killed in phase %s", phase)
	}
	fmt.Printf("%d kills: %v; %d runs made, %d in the store, 0 lost, 0 half\n", done, c.hits, c.last, len(c.model.runs))
}

// rarest is the phase that was hit least.
func (c *crashes) rarest() string {
	return slices.MinFunc(phases, func(a, b string) int { return c.hits[a] - c.hits[b] })
}

// number reads a variable that may be missing.
func number(t *testing.T, name string, otherwise int64) int64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseInt(text, 10, 64)
	require.NoError(t, err, name)
	return n
}

// kill starts a writer and kills it in the phase that was hit least so far.
func (c *crashes) kill(t *testing.T) {
	t.Helper()
	target := c.rarest()
	// Most phases last for some milliseconds; the wait must end inside of them as often as before their end.
	wait := time.Duration(c.moments.Int64N(int64(8 * time.Millisecond)))
	if c.moments.IntN(3) == 0 {
		wait /= 16
	}
	cmd, _ := child(t, c.path, 0, 20*time.Second)
	cmd.Env = append(cmd.Env, childWork+"="+workCycle, childCustomers+"="+strconv.FormatInt(c.customers, 10))
	said := &bytes.Buffer{}
	cmd.Stdout, cmd.Stderr = nil, said
	pipe, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	killing, phase := false, "start"
	skip := c.moments.IntN(3)
	for r := range reports(t, bufio.NewScanner(pipe)) {
		if slices.Contains(phases, r.word) {
			phase = r.word
		}
		c.note(t, r)
		if r.word == target && !killing {
			if skip--; skip < 0 {
				killing = true
				time.AfterFunc(wait, func() { _ = cmd.Process.Kill() })
			}
		}
	}
	// The pipe ends with the process, but its lock and its last write end before Wait returns.
	require.EqualError(t, cmd.Wait(), "signal: killed", said.String())
	c.hits[phase]++
}

// note takes in what a writer has done.
func (c *crashes) note(t *testing.T, r report) {
	t.Helper()
	switch r.word {
	case doneCommit:
		require.Equal(t, c.last+1, r.number)
		c.committed()
	case planPrune:
		c.keep = int(r.number)
	case donePrune:
		require.EqualValues(t, c.model.prune(c.keep), r.number)
		c.keep = 0
	}
}

// committed adds the next run to the model.
func (c *crashes) committed() {
	c.last++
	c.model.runs = append(c.model.runs, modelRun{id: c.last, at: momentOf(c.last), state: stateOf(c.last, c.customers)})
}

// examine opens the store as the next command would and compares it with the model.
func (c *crashes) examine(t *testing.T) {
	t.Helper()
	db, err := warehouse.Open(t.Context(), warehouse.Config{Store: c.path, Wait: 10 * time.Second, Threads: 1})
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	runs, err := snapshot.List(t.Context(), db, snapshot.Filter{})
	require.NoError(t, err)
	stored := []int64{}
	for _, run := range runs {
		stored = append(stored, run.ID)
	}
	slices.Sort(stored)
	// What was begun and not reported has happened, or it has not.
	if slices.Contains(stored, c.last+1) {
		c.committed()
	}
	if c.keep > 0 && !slices.Equal(c.model.ids(), stored) {
		c.model.prune(c.keep)
	}
	c.keep = 0
	require.Equal(t, c.model.ids(), stored)
	clean(t.Context(), t, db)
	for _, run := range c.model.runs {
		detail, err := snapshot.Show(t.Context(), db, run.id, nil)
		require.NoError(t, err)
		sameRun(t, &c.model, run, detail.Run)
	}
	if len(c.model.runs) > 0 {
		run := c.model.runs[c.moments.IntN(len(c.model.runs))]
		sameMembers(t.Context(), t, db, run, []string{"", "u3", "u9"}[c.moments.IntN(3)])
	}
}

// ids are those of the model's runs, sorted.
func (m *model) ids() []int64 {
	ids := []int64{}
	for _, r := range m.runs {
		ids = append(ids, r.id)
	}
	slices.Sort(ids)
	return ids
}

// TestTwoWriters lets two programs commit to one store at once; each waits for the other.
func TestTwoWriters(t *testing.T) {
	path := storeAt(t)
	const each = 5
	first, firstOut := child(t, path, each, 30*time.Second)
	second, secondOut := child(t, path, each, 30*time.Second)
	require.NoError(t, first.Start())
	require.NoError(t, second.Start())
	require.NoError(t, first.Wait(), firstOut.String())
	require.NoError(t, second.Wait(), secondOut.String())

	db := open(t, path)
	runs, err := snapshot.List(t.Context(), db, snapshot.Filter{})
	require.NoError(t, err)
	require.Len(t, runs, 2*each)
	clean(t.Context(), t, db)
}

// TestWriterThatWillNotWait is told that somebody else writes.
func TestWriterThatWillNotWait(t *testing.T) {
	path := storeAt(t)
	db := open(t, path)
	commit(t, db, momentOf(1), stateOf(1, fewCustomers))
	err := snapshot.Update(t.Context(), db, func(context.Context, warehouse.Session) error {
		cmd, out := child(t, path, 1, 0)
		require.Error(t, cmd.Run())
		require.Contains(t, out.String(), "error locked: ")
		return nil
	})
	require.NoError(t, err)
	runs, err := snapshot.List(t.Context(), db, snapshot.Filter{})
	require.NoError(t, err)
	require.Len(t, runs, 1)
}

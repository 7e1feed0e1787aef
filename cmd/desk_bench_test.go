package cmd_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/cmd"
	"strata/fixtures/bench"
	"strata/sql/warehouse"
)

// BenchmarkDesk measures what somebody waits for who types a rule, on a small
// warehouse, or on one that the other benchmarks have made:
//
//	STRATA_WAREHOUSE=$PWD/bin/bench/M.duckdb go test -tags duckdb_arrow -run '^$' -bench Desk -benchtime 1x -v ./cmd
func BenchmarkDesk(b *testing.B) {
	d := benchDesk(b)
	at := bench.AsOf()
	_, err := d.Project(b.Context())
	require.NoError(b, err)
	timed(b, "first-count", func() error { _, err := d.Count(b.Context(), "country = 'DE'", at); return err })
	timed(b, "warm", func() error { return d.Warm(b.Context()) })
	rules := []string{
		"count(order) last 30 days >= 2", "sum(order.amount) last 90 days > 200 and country = 'DE'",
		"count(page_view) last 7 days >= 3 and not count(order) last 30 days >= 1", "days_since(last order) between 30 and 90",
	}
	for b.Loop() {
		for i, rule := range rules {
			name := strconv.Itoa(i)
			timed(b, "estimate-"+name, func() error { _, err := d.Estimate(b.Context(), rule, at); return err })
			timed(b, "estimate-again-"+name, func() error { _, err := d.Estimate(b.Context(), rule, at); return err })
			timed(b, "statement-"+name, func() error { return d.StatementCount(b.Context(), rule, at) })
			timed(b, "count-"+name, func() error { _, err := d.Count(b.Context(), rule, at); return err })
			timed(b, "funnel-"+name, func() error { _, err := d.Funnel(b.Context(), rule, []int{0}, at); return err })
		}
		timed(b, "values", func() error { _, err := d.Values(b.Context(), "country", "", 10, at); return err })
		timed(b, "stamp", func() error { _, err := d.Stamp(b.Context()); return err })
		timed(b, "sizes", func() error { _, err := d.Sizes(b.Context(), at); return err })
		for i := range 5 {
			took := cancelled(b, d, "count(page_view) last "+strconv.Itoa(100+i)+" days >= 3", time.Duration(50+100*i)*time.Millisecond)
			b.Logf("cancelled after %d ms: %.1f ms", 50+100*i, took)
		}
	}
	require.NoError(b, d.Close(b.Context()))
}

// timed logs how long a question takes.
func timed(b *testing.B, what string, ask func() error) {
	b.Helper()
	began := time.Now()
	require.NoError(b, ask())
	took := float64(time.Since(began).Microseconds()) / 1000
	b.Logf("%s %.1f ms", what, took)
}

// cancelled is how long a question takes to end after it was cancelled, in
// milliseconds.
func cancelled(b *testing.B, d *cmd.Desk, rule string, after time.Duration) float64 {
	b.Helper()
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := d.Count(ctx, rule, bench.AsOf())
		ended <- err
	}()
	time.Sleep(after)
	began := time.Now()
	cancel()
	err := <-ended
	d.Wait()
	took := float64(time.Since(began).Microseconds()) / 1000
	if err != nil { // It may have been faster.
		require.ErrorIs(b, err, context.Canceled)
	}
	return took
}

// benchDesk is a desk on a project of some segments.
func benchDesk(b *testing.B) *cmd.Desk {
	b.Helper()
	dir := b.TempDir()
	data := os.Getenv("STRATA_WAREHOUSE")
	if data == "" {
		data = filepath.Join(dir, "XS.duckdb")
		tier, ok := bench.FindTier("XS")
		require.True(b, ok)
		require.NoError(b, warehouse.Build(b.Context(), data, tier.Statements()))
	}
	for name, text := range bench.Files(bench.Workload(benchSegments)) {
		target := filepath.Join(dir, name)
		require.NoError(b, os.MkdirAll(filepath.Dir(target), 0o700))
		text = strings.Replace(text, "warehouse: bench.duckdb", "warehouse: "+data+"\nstore: "+filepath.Join(dir, "store.duckdb"), 1)
		require.NoError(b, os.WriteFile(target, []byte(text), 0o600))
	}
	return cmd.NewDesk(cmd.Env{Dir: dir, Now: time.Now, Getenv: os.Getenv})
}

// benchSegments is how many segments the project has.
const benchSegments = 30

package reports_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/reports"
)

// A size lies outside of its limits just where JudgeSize would flag the size,
// unless entries or exits stand out even more at that point.
func TestLimitsAgreeWithFlags(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		size := rapid.Int64Range(100, 5000).Draw(t, "size")
		points := []reports.SizePoint{{At: begin, Size: size}}
		for i := 1; i < 60; i++ {
			entered, exited := rapid.Int64Range(0, 40).Draw(t, "entered"), rapid.Int64Range(0, 40).Draw(t, "exited")
			if rapid.IntRange(0, 20).Draw(t, "jump") == 0 {
				entered += rapid.Int64Range(0, 900).Draw(t, "many")
			}
			exited = min(exited, size-1)
			size += entered - exited
			points = append(points, reports.SizePoint{At: begin.AddDate(0, 0, i), Size: size, Entered: entered, Exited: exited})
		}
		from := points[30].At
		d := reports.JudgeSize(reports.SizeQuestion{Points: points, From: from, Zone: time.UTC})
		flagged := map[time.Time]string{}
		for _, f := range d.Flags {
			flagged[f.At] = f.Flow
		}
		limits := d.Limits(from, time.UTC)
		require.Len(t, limits, d.Tested)
		sizes := map[time.Time]int64{}
		for _, p := range points {
			sizes[p.At] = p.Size
		}
		for _, l := range limits {
			n := float64(sizes[l.At])
			const hair = 1e-6
			if outside := n < l.Low-hair || n > l.High+hair; outside {
				require.NotEmpty(t, flagged[l.At], "%v of %+v", n, l)
			}
			if flagged[l.At] == "size" {
				require.False(t, n > l.Low+hair && n < l.High-hair, "%v of %+v", n, l)
			}
		}
	})
}

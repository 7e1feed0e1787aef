package run

import (
	"time"

	"strata/reports"
	"strata/segments/check"
	"strata/segments/result"
)

// JudgeHistory judges the sizes of one history as Drift does: the points up to
// from are what is usual, the others are judged.
func JudgeHistory(program *check.Program, h result.History, from time.Time) reports.SizeDrift {
	d := &drifting{program: program}
	q := d.followed(h)
	q.From, q.Zone = from, program.Zone
	return reports.JudgeSize(q)
}

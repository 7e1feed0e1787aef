package segments_test

import (
	"testing"

	"strata/tui/pagetest"
	"strata/tui/segments"
)

func newSegment(t testing.TB, word string) *pagetest.Bench {
	t.Helper()
	return pagetest.New(t, segments.NewSegment(word, links()), newFake(t))
}

func TestSegmentOverview(t *testing.T) {
	newSegment(t, "vip").Settle().Goldens("segment")
	newSegment(t, "lifecycle").Settle().Goldens("partition")
	b := newSegment(t, "lifecycle.loyal").Settle()
	pagetest.Golden(t, "stage_80x20", b.Frame(80, 20))
	b = newSegment(t, "top_tenth").Settle()
	pagetest.Golden(t, "unfollowed_80x20", b.Frame(80, 20))
}

func TestSegmentHistory(t *testing.T) {
	newSegment(t, "vip").Key("8").Goldens("history")
	b := newSegment(t, "vip").Key("8", "tab")
	pagetest.Golden(t, "forecast_80x20", b.Frame(80, 20))
	pagetest.Golden(t, "forecast_40x7", b.Frame(40, 7))
	newSegment(t, "lifecycle").Key("8").Goldens("history_partition")
	b = newSegment(t, "top_tenth")
	b.Backend.(*fake).failing["Forecast"] = hinted{"top_tenth ranks customers, who cannot be followed", "look at a segment without percentile or rank"}
	b.Key("8")
	pagetest.Golden(t, "history_unfollowed_100x26", b.Frame(100, 26))
}

package reports

import (
	"time"

	"strata/reports/stats"
)

// driftConfidence is that of all intervals.
const driftConfidence = 0.95

// DriftShare is a part of a whole with its denominator. The value is nil where
// the whole is empty.
type DriftShare struct {
	Part  int64    `json:"part"`
	Of    int64    `json:"of"`
	Value *float64 `json:"value"`
	// Low and High are Wilson's interval at 95%.
	Low  *float64 `json:"low"`
	High *float64 `json:"high"`
}

// driftShare is a part of a whole.
func driftShare(part, of int64) DriftShare {
	s := DriftShare{Part: part, Of: of, Value: driftRatio(part, of)}
	if interval, ok := stats.Wilson(part, of, driftConfidence); ok {
		s.Low, s.High = &interval.Low, &interval.High
	}
	return s
}

// driftRatio is a part of a whole without an interval, nil where there is nothing to
// divide by.
func driftRatio(part, of int64) *float64 { return ratio(float64(part), float64(of)) }

// MembershipDrift compares the members at two moments.
type MembershipDrift struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	// Run0 and Run1 are the runs of the store that the members were read from, nil
	// where they were evaluated.
	Run0 *int64 `json:"run_from"`
	Run1 *int64 `json:"run_to"`

	Size0    int64 `json:"size_from"`
	Size1    int64 `json:"size_to"`
	Entered  int64 `json:"entered"`
	Exited   int64 `json:"exited"`
	Retained int64 `json:"retained"`
	// Removed are those of Exited who are no customers any more.
	Removed int64 `json:"removed"`

	// EntryRate and ExitRate are of the members at the beginning. More may enter
	// than there were, so the first has no interval.
	EntryRate *float64   `json:"entry_rate"`
	ExitRate  DriftShare `json:"exit_rate"`
	// Growth is the change of the size as a part of the size at the beginning.
	Growth *float64 `json:"growth"`
	// Jaccard is of those who were members at either end the part who were at
	// both, nil where nobody was at either.
	Jaccard *float64 `json:"jaccard"`
	// Turnover is entries and exits as a part of both sizes together.
	Turnover *float64 `json:"turnover"`
	// HalfLifeDays is after how many days half of the members would be gone if
	// they went on leaving as they did. It is nil where nobody left, which is no
	// end, and where nobody was there.
	HalfLifeDays *float64 `json:"half_life_days"`
	// MedianDays is the time that half of the spells outlast, by Kaplan and Meier,
	// CameBack the exits with an entry of the same customer within 30 days, of
	// Watched exits that had as many days left; nil where members were not
	// followed.
	MedianDays *float64 `json:"median_days"`
	CameBack   *int64   `json:"came_back"`
	Watched    *int64   `json:"came_back_of"`
}

// Compared fills in what follows from the sizes and the retained members.
func (m *MembershipDrift) Compared(size0, size1, retained int64) {
	m.Size0, m.Size1, m.Retained = size0, size1, retained
	m.Entered, m.Exited = size1-retained, size0-retained
	m.EntryRate, m.ExitRate = driftRatio(m.Entered, size0), driftShare(m.Exited, size0)
	m.Growth, m.Jaccard = driftRatio(size1-size0, size0), driftRatio(retained, size0+size1-retained)
	m.Turnover = driftRatio(m.Entered+m.Exited, size0+size1)
	days := m.To.Sub(m.From).Hours() / 24
	if half, ok := stats.HalfLife(retained, size0, days); ok {
		m.HalfLifeDays = &half
	}
}

// DriftVerdict is how much there is to look at.
type DriftVerdict string

// The verdicts, the mildest first. DriftUnknown is no verdict: the reason stands
// beside it.
const (
	DriftUnknown DriftVerdict = "unknown"
	DriftStable  DriftVerdict = "stable"
	DriftWatch   DriftVerdict = "watch"
	DriftMajor   DriftVerdict = "major"
	DriftAlert   DriftVerdict = "alert"
)

// Worse reports whether a verdict is at least as bad as another one. An unknown
// one is never bad.
func (v DriftVerdict) Worse(than DriftVerdict) bool {
	return v != DriftUnknown && v.rank() >= than.rank()
}

// rank puts major and alert side by side: the first is of composition, the second
// of size.
func (v DriftVerdict) rank() int {
	switch v {
	case DriftWatch:
		return 1
	case DriftMajor, DriftAlert:
		return 2 //nolint:mnd // The place behind watch.
	case DriftUnknown, DriftStable:
	}
	return 0
}

// Drift is all that was found about one segment or stage.
type Drift struct {
	// Name is that of the segment, or partition.stage, and Kind segment or stage.
	Name       string          `json:"name"`
	Kind       string          `json:"kind"`
	Membership MembershipDrift `json:"membership"`
	Size       SizeDrift       `json:"size"`
	// Composition is nil where nobody asked for it.
	Composition *CompositionDrift `json:"composition"`
	// Why is nil where nobody asked for it.
	Why *DriftWhy `json:"why"`
	// Skipped is why nothing was found, "" where something was.
	Skipped string `json:"skipped"`
}

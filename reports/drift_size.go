package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"strata/reports/stats"
)

// The rules of size drift. A point is judged by eight points of its weekday from
// the eight weeks before, or else by fourteen points of any day; it is an alert
// beyond 3.5 (Iglewicz and Hoaglin) when it is 5% and 30 members as well. The slow
// average has weight 0.2 and limits of 3 standard deviations.
const (
	driftWeekdays  = 8
	driftAnyDays   = 14
	driftBack      = 8 * 7 * 24 * time.Hour
	driftZ         = 3.5
	driftShareMin  = 0.05
	driftDeltaMin  = 30
	driftLambda    = 0.2
	driftWidth     = 3
	driftHourSlack = 2 * time.Hour // The clocks change within a week.
)

// SizePoint is a segment at one as-of, and who came and went since the point
// before. The first point of a series has no flows.
type SizePoint struct {
	At      time.Time `json:"as_of"`
	Size    int64     `json:"size"`
	Entered int64     `json:"entered"`
	Exited  int64     `json:"exited"`
}

// SizeFlag is a point that stands out.
type SizeFlag struct {
	At time.Time `json:"as_of"`
	// Flow is what stands out: size, entries or exits.
	Flow string `json:"flow"`
	// Value is the logarithm of the growth of the size, or the rate of entries or
	// exits, and Usual the median of the points that it is judged by.
	Value float64 `json:"value"`
	Usual float64 `json:"usual"`
	Z     float64 `json:"z"`
	// Delta is the change of the size at the point.
	Delta int64 `json:"delta"`
	// Points is the number of points that it is judged by, and Weekday says that
	// all are of its weekday.
	Points  int  `json:"points"`
	Weekday bool `json:"same_weekday"`
}

// SizeLeak is a slow change that the average of the flows shows.
type SizeLeak struct {
	// Since is the first point of the excursion and Noticed the one at which it
	// was beyond the limits and large enough to matter.
	Since   time.Time `json:"since"`
	Noticed time.Time `json:"noticed"`
	// Delta and Share are the change of the size from before Since to the end.
	Delta int64   `json:"delta"`
	Share float64 `json:"share"`
	// PerDay is the growth in a usual day of the excursion, as a part of the size.
	PerDay float64 `json:"per_day"`
	// Average is the farthest that the average came, and Limit what was allowed
	// there, in standard deviations of the flows.
	Average float64 `json:"average"`
	Limit   float64 `json:"limit"`
	// Points is the number of points before the range that it is judged by.
	Points int `json:"points"`
}

// SizeDrift is whether the size of a segment changes unlike before.
type SizeDrift struct {
	Verdict DriftVerdict `json:"verdict"`
	// Reason is why there is no verdict, or part of one: no history yet.
	Reason string `json:"reason"`
	// Tested is the number of points that were judged, of Points in the range.
	Tested int `json:"tested"`
	Points int `json:"points"`
	// Flags are the points that stand out, by time, and Leak is nil where there is
	// none.
	Flags []SizeFlag `json:"flags"`
	Leak  *SizeLeak  `json:"leak"`
	// Series is what was judged, with the points before.
	Series []SizePoint `json:"series"`
}

// SizeQuestion is a series of sizes, in order of time, and from where on it is
// judged: the points up to From are history.
type SizeQuestion struct {
	Points []SizePoint
	From   time.Time
	// Zone says which day of the week a point is.
	Zone *time.Location
	// Unfollowed is why there is no series, "" where there is one.
	Unfollowed string
}

// JudgeSize judges every point behind From by those before it, never by itself,
// and the flows together by a slow average that is centred on the history alone.
func JudgeSize(q SizeQuestion) SizeDrift {
	d := SizeDrift{Verdict: DriftUnknown, Reason: q.Unfollowed, Flags: []SizeFlag{}, Series: q.Points}
	if q.Unfollowed != "" {
		return d
	}
	flows := driftFlows(q)
	short := 0
	for i := range flows {
		if !flows[i].at.After(q.From) {
			continue
		}
		d.Points++
		n, judged := d.judge(flows, i)
		if !judged {
			short = max(short, n)
			continue
		}
		d.Tested++
	}
	d.excuse(short, d.leak(q, flows))
	switch most := q.most(); {
	case len(d.Flags) > 0 || d.Leak != nil:
		d.Verdict = DriftAlert
	case d.Tested > 0 && most < driftFewest:
		d.Reason = fmt.Sprintf("too few to say: at most %d members, %d needed", most, driftFewest)
	case d.Tested > 0:
		d.Verdict = DriftStable
	}
	return d
}

// excuse says what could not be judged: because points are too few, or for the
// reason that slow drift has.
func (d *SizeDrift) excuse(points int, slow string) {
	switch {
	case d.Points == 0:
		d.Reason = "no point in the range"
	case d.Tested == 0:
		d.Reason = fmt.Sprintf("no history yet: %d points, %d needed of one weekday or %d of any", points, driftWeekdays, driftAnyDays)
	case slow != "":
		d.Reason = "slow drift cannot be judged: " + slow
	case d.Tested < d.Points:
		d.Reason = fmt.Sprintf("%d of %d points could not be judged: no history yet", d.Points-d.Tested, d.Points)
	}
}

// most is the largest size in the range.
func (q SizeQuestion) most() int64 {
	most := int64(0)
	for _, p := range q.Points {
		if !p.At.Before(q.From) {
			most = max(most, p.Size)
		}
	}
	return most
}

// driftFlow is how one point follows from the one before.
type driftFlow struct {
	at     time.Time
	day    time.Weekday
	before int64
	delta  int64
	size   int64
	// values are the growth, the entry rate and the exit rate.
	values [3]float64
	moves  float64
}

// driftFlowNames name the values.
func driftFlowNames() [3]string { return [3]string{"size", "entries", "exits"} }

// driftFlows are the flows between points. Where nobody was a member before, or
// is now, there is no growth; such points are left out.
func driftFlows(q SizeQuestion) []driftFlow {
	zone := q.Zone
	if zone == nil {
		zone = time.UTC
	}
	var flows []driftFlow
	for i := 1; i < len(q.Points); i++ {
		a, b := q.Points[i-1], q.Points[i]
		if a.Size <= 0 {
			continue
		}
		n := float64(a.Size)
		growth := math.Log(max(float64(b.Size), .5) / n) // Nobody left is half a member, so that it is a number.
		flows = append(flows, driftFlow{
			at: b.At, day: b.At.In(zone).Weekday(), before: a.Size, size: b.Size, delta: b.Size - a.Size,
			values: [3]float64{growth, float64(b.Entered) / n, float64(b.Exited) / n}, moves: float64(b.Entered + b.Exited),
		})
	}
	return flows
}

// baseline are the flows that the i-th one is judged by: those of its weekday in
// the eight weeks before, or else all of them; nil where they are too few, with
// their number.
func driftBaseline(flows []driftFlow, i int) (base []driftFlow, weekday bool) {
	var same, all []driftFlow
	for _, f := range flows[:i] {
		if flows[i].at.Sub(f.at) > driftBack+driftHourSlack {
			continue
		}
		all = append(all, f)
		if f.day == flows[i].day {
			same = append(same, f)
		}
	}
	if len(same) >= driftWeekdays {
		return same, true
	}
	return all, false
}

// judge judges one flow; false where there are too few points, with their number.
func (d *SizeDrift) judge(flows []driftFlow, i int) (points int, judged bool) {
	base, weekday := driftBaseline(flows, i)
	if !weekday && len(base) < driftAnyDays {
		return len(base), false
	}
	f := flows[i]
	change := float64(f.delta) / float64(f.before)
	if math.Abs(change) < driftShareMin || math.Abs(float64(f.delta)) < driftDeltaMin {
		return len(base), true
	}
	best := SizeFlag{}
	for v, name := range driftFlowNames() {
		values := make([]float64, len(base))
		for j, b := range base {
			values[j] = b.values[v]
		}
		usual, _ := stats.Median(values)
		z, ok := stats.RobustZ(f.values[v], values, math.Sqrt(1/float64(f.before)))
		if ok && math.Abs(z) > driftZ && math.Abs(z) > math.Abs(best.Z) {
			best = SizeFlag{At: f.at, Flow: name, Value: f.values[v], Usual: usual, Z: z, Delta: f.delta, Points: len(base), Weekday: weekday}
		}
	}
	if best.Flow != "" {
		d.Flags = append(d.Flags, best)
	}
	return len(base), true
}

// leak looks for slow drift behind From; it says why it could not.
func (d *SizeDrift) leak(q SizeQuestion, flows []driftFlow) (reason string) {
	var history, tested []driftFlow
	for _, f := range flows {
		switch {
		case f.at.After(q.From):
			tested = append(tested, f)
		case q.From.Sub(f.at) <= driftBack+driftHourSlack:
			history = append(history, f)
		}
	}
	if len(history) < driftAnyDays {
		return fmt.Sprintf("%d points before the range, %d needed", len(history), driftAnyDays)
	}
	residuals := driftResiduals(history, tested)
	points := stats.EWMA(residuals, 0, 1, driftLambda, driftWidth)
	d.Leak = driftLeak(tested, points, len(history))
	return ""
}

// driftResiduals are the flows behind the history in units of its spread. The
// spread is at least that of as many moves as are usual, each by chance.
func driftResiduals(history, tested []driftFlow) []float64 {
	growth := func(list []driftFlow) []float64 {
		values := make([]float64, len(list))
		for i, f := range list {
			values[i] = f.values[0]
		}
		return values
	}
	var moves []float64
	for _, f := range history {
		moves = append(moves, f.moves/float64(f.before))
	}
	usual, _ := stats.Median(moves)
	residuals := make([]float64, len(tested))
	for i, f := range tested {
		var same []driftFlow
		for _, h := range history {
			if h.day == f.day {
				same = append(same, h)
			}
		}
		base := history
		if len(same) >= driftWeekdays {
			base = same
		}
		n := float64(f.before)
		residuals[i], _ = stats.RobustZ(f.values[0], growth(base), math.Sqrt(max(usual*n, 1))/n)
	}
	return residuals
}

// driftLeak finds the longest excursion of the average that came to 5% and 30
// members.
func driftLeak(flows []driftFlow, points []stats.EWMAPoint, history int) *SizeLeak {
	var best *SizeLeak
	for from := 0; from < len(points); {
		if !points[from].Alert {
			from++
			continue
		}
		sign := math.Signbit(points[from].Value)
		to := from
		for to < len(points) && points[to].Alert && math.Signbit(points[to].Value) == sign {
			to++
		}
		if l := driftExcursion(flows[from:to], points[from:to], history); l != nil && (best == nil || math.Abs(l.Share) > math.Abs(best.Share)) {
			best = l
		}
		from = to
	}
	return best
}

// driftExcursion describes a stretch beyond the limits; nil where it never came
// to enough members.
func driftExcursion(flows []driftFlow, points []stats.EWMAPoint, history int) *SizeLeak {
	start, end := flows[0].before, flows[len(flows)-1].size
	l := &SizeLeak{Since: flows[0].at, Delta: end - start, Share: float64(end-start) / float64(start), Points: history}
	for i, f := range flows {
		delta := f.size - start
		enough := math.Abs(float64(delta))/float64(start) >= driftShareMin && math.Abs(float64(delta)) >= driftDeltaMin
		if enough && l.Noticed.IsZero() && (delta < 0) == math.Signbit(points[i].Value) {
			l.Noticed = f.at
		}
	}
	far := slices.MaxFunc(points, func(a, b stats.EWMAPoint) int { return cmp.Compare(math.Abs(a.Value), math.Abs(b.Value)) })
	l.Average, l.Limit = far.Value, far.Upper
	days := flows[len(flows)-1].at.Sub(flows[0].at).Hours()/24 + 1
	l.PerDay = math.Expm1(math.Log(max(float64(end), .5)/float64(start)) / days)
	if l.Noticed.IsZero() {
		return nil
	}
	return l
}

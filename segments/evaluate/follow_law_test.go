package evaluate_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/plan"
	"strata/segments/timeline"
	"strata/sql/warehouse"
)

// followed is the history of a batch's definitions over a range: the spans of
// each track, by the customer's key.
type followedBatch struct {
	*batch
	from, to time.Time
	result   *timeline.Result
	units    []check.Definition
	spans    map[string][][]timeline.Span
	here     map[string][]timeline.Span
}

// follow follows all segments and partitions of a batch.
func (b *batch) follow(ctx context.Context, db *warehouse.DB, from, to time.Time, before *time.Time) (*followedBatch, error) {
	f := &followedBatch{batch: b, from: from, to: to, spans: map[string][][]timeline.Span{}, here: map[string][]timeline.Span{}}
	for _, d := range b.askedOverTime() {
		switch d.(type) {
		case *check.Segment, *check.Partition:
			f.units = append(f.units, d)
		}
	}
	request := timeline.Request{
		Plan: plan.BuildFor(b.program, f.units, plan.Options{OverTime: true}), From: from, To: to, Before: before, Rows: 20,
	}
	byID := map[uint32][][]timeline.Span{}
	hereByID := map[uint32][]timeline.Span{}
	var mu sync.Mutex
	result, err := b.evaluator(db).Follow(ctx, request, 2, func(_ int, c *timeline.Customer) error {
		mu.Lock()
		defer mu.Unlock()
		tracks := make([][]timeline.Span, len(c.Tracks))
		for i, track := range c.Tracks {
			tracks[i] = slices.Clone(track)
		}
		byID[c.ID], hereByID[c.ID] = tracks, slices.Clone(c.Here)
		return nil
	})
	if err != nil {
		return nil, err
	}
	f.result = result
	rows, err := db.Query(ctx, "SELECT rowid, CAST("+quotedKey(b.program)+" AS VARCHAR) FROM "+result.Keys)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var id uint32
		var key string
		if err := rows.Scan(&id, &key); err != nil {
			return nil, err
		}
		f.spans[key], f.here[key] = byID[id], hereByID[id]
	}
	if err := rows.Close(); err != nil {
		return nil, err
	}
	return f, result.Close(ctx)
}

func quotedKey(p *check.Program) string { return `"` + p.Customers.Key.Column + `"` }

// moments are as-ofs of the range: half of them where somebody enters or leaves,
// or a microsecond beside it, the others anywhere, at ends of months and in
// repeated hours.
func (f *followedBatch) moments(r *rand.Rand, n int) []time.Time {
	edges := map[int64]bool{}
	for _, tracks := range f.spans {
		for _, track := range tracks {
			for _, s := range track {
				edges[s.From], edges[s.To] = true, true
			}
		}
	}
	near := slices.Sorted(maps.Keys(edges))
	var list []time.Time
	zone := f.program.Zone
	changes := calendar.Changes(zone, f.from, f.to)
	for len(list) < n {
		var at time.Time
		anywhere := f.from.Add(time.Duration(r.Int64N(int64(f.to.Sub(f.from)) + 1))).Truncate(time.Microsecond)
		switch pick := r.IntN(20); {
		case pick < 10 && len(near) > 0:
			at = timeline.Moment(near[r.IntN(len(near))] + int64(r.IntN(3)-1))
		case pick < 13:
			at = calendar.StartOf(anywhere, calendar.Month, 1, zone).Add(time.Duration(r.IntN(3)-1) * time.Microsecond)
		case pick < 16 && len(changes) > 0:
			at = changes[r.IntN(len(changes))].At.Add(time.Duration(r.Int64N(int64(2*time.Hour))) - time.Hour).Truncate(time.Microsecond)
		default:
			at = anywhere
		}
		if !at.Before(f.from) && !at.After(f.to) {
			list = append(list, at)
		} else {
			list = append(list, anywhere)
		}
	}
	return list
}

// at are the keys that a track holds at a moment.
func (f *followedBatch) at(track int, moment time.Time) []string {
	keys := []string{}
	us := timeline.Micros(moment)
	for key, tracks := range f.spans {
		if tracks == nil {
			continue
		}
		for _, s := range tracks[track] {
			if s.From <= us && us < s.To {
				keys = append(keys, key)
			}
		}
	}
	slices.Sort(keys)
	return keys
}

// wanted are the keys that a track should hold at a moment, by the naive
// evaluator.
func (f *followedBatch) wanted(n *naive, t timeline.Track, moment time.Time) []string {
	d := f.units[t.Unit]
	var keys []string
	if p, ok := d.(*check.Partition); ok {
		keys = []string{}
		for key, stage := range n.values(p, moment) {
			if stage == p.Stages[t.Stage].Name {
				keys = append(keys, key)
			}
		}
		slices.Sort(keys)
	} else {
		keys = n.members(d, moment)
	}
	if !t.Contactable {
		return keys
	}
	for _, gate := range check.GatesOf(d) {
		passes := n.members(gate, moment)
		keys = slices.DeleteFunc(keys, func(key string) bool { return !slices.Contains(passes, key) })
	}
	return keys
}

// difference says where the history differs from the naive evaluator at some
// moments, or nothing.
func (f *followedBatch) difference(n *naive, moments []time.Time) string {
	var lines []string
	for i, t := range f.result.Tracks {
		for _, moment := range moments {
			if got, want := f.at(i, moment), f.wanted(n, t, moment); !slices.Equal(got, want) {
				lines = append(lines, fmt.Sprintf("%s (contactable %v) at %s: timeline %v, naive %v", t.Name, t.Contactable, moment.Format(time.RFC3339Nano), got, want))
				break
			}
		}
	}
	return strings.Join(lines, "\n")
}

// askedOverTime are the definitions to compare, those over time included.
func (b *batch) askedOverTime() []check.Definition {
	var list []check.Definition
	for name := range b.definitions {
		if d := find(b.program, name); d != nil {
			list = append(list, d)
		}
	}
	slices.SortFunc(list, func(x, y check.Definition) int { return strings.Compare(x.DefinitionName(), y.DefinitionName()) })
	return list
}

// datedOnly are the constructs that the timeline does not sweep, by the words of
// its reasons. All others are under the law.
var datedOnly = []string{
	"percentile compares all customers",
	"rank compares all customers",
	"half_life weighs every row",
	"is given by sql",
	"that count change with the moment",
	"count depends on other values of the customer",
	"count depends on a field that changes",
	"nth_last changes with every new row",
	"an anniversary in a window that differs per customer",
	"too long to be written out",
	"name each other too often",
}

// TestTimelineEqualsEvaluation demands that the exact history of random
// definitions holds at a moment just who the evaluation at that moment finds.
// STRATA_TIMELINES is the number of projects, STRATA_MOMENTS that of moments for
// each.
func TestTimelineEqualsEvaluation(t *testing.T) {
	t.Parallel()
	projects, moments, seed := setting(t, "STRATA_TIMELINES", 40), setting(t, "STRATA_MOMENTS", 1000), setting(t, "STRATA_SEED", 1)
	db := oneThread(t)
	ctx := context.Background()
	followed, dated := 0, map[string]int{}
	var reports []string
	for i := uint64(0); i < projects && len(reports) < 3; i++ {
		r := rand.New(rand.NewPCG(seed, i))
		b := newBatchWith(r, true)
		b.load(t, db, b.data)
		from, to := b.asOf.AddDate(0, -1-r.IntN(3), -r.IntN(5)), b.asOf.AddDate(0, 0, r.IntN(40))
		f, err := b.follow(ctx, db, from, to, nil)
		require.NoError(t, err, "project %d", i)
		followed += len(f.units) - len(f.result.Dated)
		for _, d := range f.result.Dated {
			known := slices.IndexFunc(datedOnly, func(words string) bool { return strings.Contains(d.Reason, words) })
			require.GreaterOrEqual(t, known, 0, "project %d: %s: %s", i, d.Name, d.Reason)
			dated[datedOnly[known]]++
		}
		n := b.naive(b.data)
		if diff := f.difference(n, f.moments(r, int(moments))); diff != "" {
			reports = append(reports, fmt.Sprintf("STRATA_SEED=%d, project %d (%s, history %v):\n%s\n%s", seed, i, b.zone, b.history, diff, b.told(f, diff)))
		}
	}
	require.Empty(t, strings.Join(reports, "\n\n"))
	t.Logf("%d definitions followed, evaluated at dated points only: %v", followed, dated)
	require.Greater(t, followed, int(projects), "too few definitions are followed")
}

// told writes the definitions that a difference is about.
func (b *batch) told(f *followedBatch, diff string) string {
	var text strings.Builder
	for _, d := range f.units {
		if strings.Contains(diff, d.DefinitionName()) {
			for _, need := range needed(d) {
				text.WriteString(b.definitions[need.DefinitionName()] + "\n")
			}
		}
	}
	return text.String()
}

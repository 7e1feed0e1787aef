package history

import (
	"cmp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/timeline"
)

// twoStages is a finder of a partition of two stages with gates over ten days.
func twoStages() *finder {
	return &finder{
		ruler: days(10), members: []int{0, 2}, contactable: []int{1, 3},
		asked: func(int) bool { return true },
	}
}

func TestFindByHand(t *testing.T) {
	t.Parallel()
	f := twoStages()
	all := until(f.ruler, 0)
	for name, c := range map[string]struct {
		tracks [][]timeline.Span
		day    int
		want   leaver
		ok     bool
	}{
		"stays":     {[][]timeline.Span{nil, nil, {all}, {all}}, 0, leaver{}, false},
		"in nobody": {[][]timeline.Span{nil, nil, {span(3, 5)}, nil}, 0, leaver{}, false},
		"falls on the second day": {
			[][]timeline.Span{{span(0, 1.5)}, {span(0, 1)}, {until(f.ruler, 1.5)}, nil},
			1,
			leaver{id: 7, from: 0, to: 1, at: day(1.5), contactable: true},
			true,
		},
		"leaves at a point, which is the day before it": {
			[][]timeline.Span{{span(0, 2)}, nil, {until(f.ruler, 2)}, nil},
			1,
			leaver{id: 7, from: 0, to: 1, at: day(2)},
			true,
		},
		"leaves at the last moment": {
			[][]timeline.Span{{until(f.ruler, 10)}, nil, {span(0, 10)}, {span(1, 2)}},
			9,
			leaver{id: 7, from: 1, to: 0, at: day(10)},
			true,
		},
		"comes back, which does not count": {
			[][]timeline.Span{{span(1, 2)}, nil, {span(0, 1), until(f.ruler, 2)}, nil},
			0,
			leaver{id: 7, from: 1, to: 0, at: day(1)},
			true,
		},
	} {
		got, l, ok := f.find(&timeline.Customer{ID: 7, Tracks: c.tracks})
		require.Equal(t, c.ok, ok, name)
		if ok {
			require.Equal(t, c.want, l, name)
			require.Equal(t, c.day, got, name)
		}
	}
	f.asked = func(stage int) bool { return stage == 1 }
	_, _, ok := f.find(&timeline.Customer{Tracks: [][]timeline.Span{{span(0, 1)}, nil, {span(1, 2)}, nil}})
	require.False(t, ok, "another stage was asked for")
	segment := &finder{ruler: days(10), members: []int{0}, contactable: []int{-1}, asked: func(int) bool { return true }}
	_, l, ok := segment.find(&timeline.Customer{Tracks: [][]timeline.Span{{span(0, 1)}}})
	require.True(t, ok)
	require.Equal(t, -1, l.to)
}

// leaving is a leaver and the day.
type leaving struct {
	day int
	l   leaver
}

func drawLeaving(t *rapid.T, days int) []leaving {
	next := uint32(0)
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) leaving {
		next++
		return leaving{
			rapid.IntRange(0, days-1).Draw(t, "day"),
			leaver{id: next, from: rapid.IntRange(0, 2).Draw(t, "from"), to: rapid.IntRange(-1, 2).Draw(t, "to")},
		}
	}), 0, 40).Draw(t, "leavers")
}

// Those of the first days are kept until there are enough of them, whoever saw
// them; all are counted.
func TestFirstLeaversAreKept(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		days, most := rapid.IntRange(1, 40).Draw(t, "days"), rapid.IntRange(0, 12).Draw(t, "most")
		all := drawLeaving(t, days)
		workers := []*exits{newExits(days, 3, most), newExits(days, 3, most), newExits(days, 3, most)}
		for _, x := range all {
			workers[rapid.IntRange(0, 2).Draw(t, "worker")].add(x.day, x.l)
		}
		total := newExits(days, 3, most)
		for _, w := range workers {
			total.merge(w)
		}
		require.Equal(t, int64(len(all)), total.total)

		slices.SortFunc(all, func(a, b leaving) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.l.id, b.l.id)) })
		want := all
		if most > 0 && len(all) > most {
			last := all[most-1].day
			want = all[:most+len(slices.DeleteFunc(slices.Clone(all[most:]), func(x leaving) bool { return x.day != last }))]
		}
		var got []leaving
		for day, leavers := range total.days {
			slices.SortFunc(leavers, func(a, b leaver) int { return cmp.Compare(a.id, b.id) })
			for _, l := range leavers {
				got = append(got, leaving{day, l})
			}
		}
		require.True(t, slices.Equal(want, got), "%v, not %v", got, want)
		require.Equal(t, len(want), total.kept)

		for from := range 3 {
			for to := range 3 {
				for i, horizon := range append(slices.Clone(horizons[:]), days) {
					n := int64(0)
					for _, x := range all {
						if x.l.from == from && x.l.to == to && x.day < horizon {
							n++
						}
					}
					require.Equal(t, n, total.falls[total.fall(from, to)+i])
				}
			}
		}
	})
}

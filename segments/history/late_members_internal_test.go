package history

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/result"
)

// Sets of bits count what sets of numbers count, and who moves between two sets
// adds up over a third: the sizes differ by who joined and left on either way.
func TestMembersAreSets(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		customers := rapid.IntRange(1, 200).Draw(t, "customers")
		draw := func(name string) (map[uint32]bool, members) {
			set, bits := map[uint32]bool{}, newMembers(int64(customers))
			for _, id := range rapid.SliceOf(rapid.Uint32Range(0, uint32(customers-1))).Draw(t, name) {
				if set[id] {
					bits.remove(id)
					delete(set, id)
					continue
				}
				bits.add(id)
				set[id] = true
			}
			require.Equal(t, int64(len(set)), bits.size())
			return set, bits
		}
		stored, a := draw("stored")
		now, b := draw("now")
		_, c := draw("then")
		want := result.Sides{}
		for id := range uint32(customers) {
			if now[id] && !stored[id] {
				want.Joined++
			}
			if stored[id] && !now[id] {
				want.Left++
			}
		}
		require.Equal(t, want, between(a, b))
		other, late := between(a, c), between(c, b)
		require.Equal(t, b.size(), a.size()+other.Joined-other.Left+late.Joined-late.Left)
	})
}

// Several goroutines may add customers whose bits share a word.
func TestMembersOfSeveralWorkers(t *testing.T) {
	t.Parallel()
	m := newMembers(1000)
	var all sync.WaitGroup
	for worker := range uint32(4) {
		all.Go(func() {
			for id := worker; id < 1000; id += 4 {
				m.add(id)
			}
		})
	}
	all.Wait()
	require.Equal(t, int64(1000), m.size())
}

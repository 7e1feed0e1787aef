package reports

import (
	"cmp"
	"math/bits"
	"slices"

	"strata/segments/result"
)

// overlapPatterns are the different combinations of sets that customers are in,
// and how many are in each: a hash table whose keys are rows of words.
type overlapPatterns struct {
	width  int
	keys   []uint64
	counts []int64
	// slots holds places in counts, counted from 1; 0 is free.
	slots []uint32
}

func newOverlapPatterns(width int) *overlapPatterns {
	return &overlapPatterns{width: width, slots: make([]uint32, 1<<10)}
}

// hash mixes the words of a key.
func (p *overlapPatterns) hash(key []uint64) uint64 {
	h := uint64(0x9E3779B97F4A7C15)
	for _, w := range key {
		high, low := bits.Mul64(h^w, 0xD6E8FEB86659FD93)
		h = high ^ low
	}
	return h
}

// add adds customers with a combination.
func (p *overlapPatterns) add(key []uint64, count int64) {
	if 2*len(p.counts) >= len(p.slots) {
		p.grow()
	}
	mask := uint64(len(p.slots) - 1)
	for at := p.hash(key) & mask; ; at = (at + 1) & mask {
		slot := p.slots[at]
		if slot == 0 {
			p.keys = append(p.keys, key...)
			p.counts = append(p.counts, count)
			p.slots[at] = uint32(len(p.counts)) //nolint:gosec // Customers are numbered by 32 bits.
			return
		}
		if slices.Equal(p.key(int(slot-1)), key) {
			p.counts[slot-1] += count
			return
		}
	}
}

func (p *overlapPatterns) key(i int) []uint64 { return p.keys[i*p.width : (i+1)*p.width] }

func (p *overlapPatterns) grow() {
	p.slots = make([]uint32, 4*len(p.slots))
	mask := uint64(len(p.slots) - 1)
	for i := range p.counts {
		at := p.hash(p.key(i)) & mask
		for p.slots[at] != 0 {
			at = (at + 1) & mask
		}
		p.slots[at] = uint32(i + 1) //nolint:gosec // As above.
	}
}

// overlapTally is what is counted customer by customer.
type overlapTally struct {
	patterns *overlapPatterns
	// members counts customers by the number of sets they are in, from 0; those
	// in none are only those whose bits exist.
	members []int64
	// unique counts for each set who is in no other.
	unique []int64
}

// overlapByCustomer counts combinations.
func overlapByCustomer(s result.Bits) overlapTally {
	tallies := [overlapWorkers]overlapTally{}
	overlapSpread(s.Words(), 1, func(worker, from, to int) {
		tallies[worker] = overlapTallyOf(s.Sets, from, to)
	})
	all := tallies[0]
	for _, t := range tallies[1:] {
		for i, count := range t.members {
			all.members[i] += count
		}
		for i, count := range t.unique {
			all.unique[i] += count
		}
		for i, count := range t.patterns.counts {
			all.patterns.add(t.patterns.key(i), count)
		}
	}
	return all
}

// overlapTallyOf counts the customers of some words, 64 at a time.
func overlapTallyOf(sets [][]uint64, from, to int) overlapTally {
	width := (len(sets) + 63) / 64
	t := overlapTally{
		patterns: newOverlapPatterns(max(1, width)),
		members:  make([]int64, len(sets)+1), unique: make([]int64, len(sets)),
	}
	squares := make([][64]uint64, width)
	key := make([]uint64, width)
	for at := from; at < to; at++ {
		some := uint64(0)
		for i, set := range sets {
			squares[i/64][i%64] = set[at]
			some |= set[at]
		}
		if some == 0 {
			continue
		}
		for w := range squares {
			clear(squares[w][min(64, len(sets)-64*w):])
			result.Transpose(&squares[w])
		}
		for ; some != 0; some &= some - 1 {
			customer := bits.TrailingZeros64(some)
			number, last := 0, 0
			for w := range squares {
				key[w] = squares[w][customer]
				if key[w] != 0 {
					number, last = number+bits.OnesCount64(key[w]), 64*w+bits.TrailingZeros64(key[w])
				}
			}
			t.members[number]++
			if number == 1 {
				t.unique[last]++
			}
			t.patterns.add(key, 1)
		}
	}
	return t
}

// top returns the combinations of most customers, at most so many, 0 for all, by
// number of customers and then by the sets in order.
func (p *overlapPatterns) top(most int) []int {
	order := func(i, j int) int {
		if c := cmp.Compare(p.counts[j], p.counts[i]); c != 0 {
			return c
		}
		a, b := p.key(i), p.key(j)
		for w := range a {
			if differ := a[w] ^ b[w]; differ != 0 {
				if a[w]>>bits.TrailingZeros64(differ)&1 == 1 {
					return -1
				}
				return 1
			}
		}
		return 0
	}
	var best []int
	for i := range p.counts {
		if most > 0 && len(best) == most && order(i, best[most-1]) > 0 {
			continue
		}
		if most <= 0 {
			best = append(best, i)
			continue
		}
		at, _ := slices.BinarySearchFunc(best, i, order)
		best = slices.Insert(best, at, i)[:min(most, len(best)+1)]
	}
	if most <= 0 {
		slices.SortFunc(best, order)
	}
	return best
}

// sets are the places of the sets of a combination.
func (p *overlapPatterns) sets(i int) []int {
	var sets []int
	for w, word := range p.key(i) {
		for ; word != 0; word &= word - 1 {
			sets = append(sets, 64*w+bits.TrailingZeros64(word))
		}
	}
	return sets
}

// overlapCover covers customers greedily: the set with most of those who are left
// comes next, by name where several have as many. It returns the sets in order
// and how many each adds. What a set adds can only become less, so most sets are
// not looked at again.
func overlapCover(s result.Bits, sizes []int64, names []string) (order []int, added []int64) {
	bound := slices.Clone(sizes)
	fresh := make([]bool, len(bound))
	done := make([]bool, len(bound))
	covered := make([]uint64, s.Words())
	for {
		best := -1
		for i := range bound {
			if !done[i] && (best < 0 || bound[i] > bound[best] || bound[i] == bound[best] && names[i] < names[best]) {
				best = i
			}
		}
		if best < 0 || bound[best] == 0 {
			return order, added
		}
		if !fresh[best] {
			bound[best], fresh[best] = overlapBeyond(s.Sets[best], covered), true
			continue
		}
		for w, word := range s.Sets[best] {
			covered[w] |= word
		}
		order, added = append(order, best), append(added, bound[best])
		done[best] = true
		clear(fresh)
	}
}

// overlapBeyond counts the bits of a set that another does not have.
func overlapBeyond(set, other []uint64) int64 {
	n := 0
	for i, w := range set {
		n += bits.OnesCount64(w &^ other[i])
	}
	return int64(n)
}

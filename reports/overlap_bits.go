package reports

import (
	"math/bits"
	"slices"
	"sync"

	"strata/segments/result"
)

// overlapWorkers is how many goroutines count.
const overlapWorkers = 2

// overlapBlock is how many words of each set are compared at a time, so that a
// block of all sets stays in a processor's cache.
const overlapBlock = 256

// overlapSpread runs a function over parts of 0..n, whose borders are multiples
// of a step, in several goroutines.
func overlapSpread(n, step int, part func(worker, from, to int)) {
	each := (n/overlapWorkers/step + 1) * step
	var wait sync.WaitGroup
	for worker := range overlapWorkers {
		from, to := min(n, worker*each), min(n, (worker+1)*each)
		wait.Go(func() { part(worker, from, to) })
	}
	wait.Wait()
}

// overlapAt is the place of a pair i < j of n in a list of all pairs.
func overlapAt(n, i, j int) int { return i*(2*n-i-1)/2 + j - i - 1 }

// overlapPairs counts the customers of each pair of sets.
func overlapPairs(s result.Bits) []int64 {
	n := len(s.Sets)
	sums := [overlapWorkers][]int64{}
	overlapSpread(s.Words(), overlapBlock, func(worker, from, to int) {
		own := make([]int64, n*(n-1)/2)
		for ; from < to; from += overlapBlock {
			overlapPairsOf(s.Sets, own, from, min(to, from+overlapBlock))
		}
		sums[worker] = own
	})
	both := sums[0]
	for _, own := range sums[1:] {
		for i, count := range own {
			both[i] += count
		}
	}
	return both
}

// overlapPairsOf adds what a block of words holds of each pair. Sets without
// anybody in the block are passed over.
func overlapPairsOf(sets [][]uint64, both []int64, from, to int) {
	var some []int
	for i, set := range sets {
		if slices.ContainsFunc(set[from:to], func(w uint64) bool { return w != 0 }) {
			some = append(some, i)
		}
	}
	for k, i := range some {
		one := sets[i][from:to]
		for _, j := range some[k+1:] {
			both[overlapAt(len(sets), i, j)] += int64(overlapCommon(one, sets[j][from:to]))
		}
	}
}

// overlapCommon counts the bits that two lists of words of one length share.
func overlapCommon(a, b []uint64) int {
	b = b[:len(a)]
	n, i := 0, 0
	for ; i+4 <= len(a); i += 4 {
		n += bits.OnesCount64(a[i]&b[i]) + bits.OnesCount64(a[i+1]&b[i+1]) +
			bits.OnesCount64(a[i+2]&b[i+2]) + bits.OnesCount64(a[i+3]&b[i+3])
	}
	for ; i < len(a); i++ {
		n += bits.OnesCount64(a[i] & b[i])
	}
	return n
}

// overlapSizes counts the customers of each set.
func overlapSizes(s result.Bits) []int64 {
	sizes := make([]int64, len(s.Sets))
	for i, set := range s.Sets {
		sizes[i] = result.CountBits(set)
	}
	return sizes
}

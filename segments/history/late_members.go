package history

import (
	"math/bits"
	"sync/atomic"

	"strata/segments/result"
)

// members are a set of customers, a bit for each by number. They are added by
// several workers at once, and several customers share a word.
type members []uint64

func newMembers(customers int64) members { return make(members, (customers+63)/64) }

// add puts a customer in; several goroutines may.
func (m members) add(id uint32) { atomic.OrUint64(&m[id/64], 1<<(id%64)) }

// remove takes a customer out.
func (m members) remove(id uint32) { m[id/64] &^= 1 << (id % 64) }

// size is the number of customers.
func (m members) size() int64 { return result.CountBits(m) }

// between counts who is in after and not in before, and the reverse.
func between(before, after members) result.Sides {
	joined, left := 0, 0
	for i, word := range before {
		joined += bits.OnesCount64(after[i] &^ word)
		left += bits.OnesCount64(word &^ after[i])
	}
	return result.Sides{Joined: int64(joined), Left: int64(left)}
}

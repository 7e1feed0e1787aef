package stats

import "math/bits"

// Pattern is a combination of sets and how many customers are in exactly those:
// bit i of Mask stands for set i.
type Pattern struct {
	Mask      uint64
	Customers int64
}

// Reach is what several sets hold together, in customers.
type Reach struct {
	// Sizes are the customers of each set, Unique those in it and no other.
	Sizes, Unique []int64
	// Gross is the sum of the sizes, Net how many customers are in any set.
	Gross, Net int64
}

// ReachOf adds up the patterns of at most 64 sets; bits beyond them are ignored.
func ReachOf(patterns []Pattern, sets int) Reach {
	sets = max(0, min(sets, bits.UintSize))
	r := Reach{Sizes: make([]int64, sets), Unique: make([]int64, sets)}
	for _, p := range patterns {
		mask := p.Mask & (1<<sets - 1)
		if mask != 0 {
			r.Net += p.Customers
		}
		for i := range sets {
			if mask&(1<<i) == 0 {
				continue
			}
			r.Sizes[i] += p.Customers
			r.Gross += p.Customers
			if mask == 1<<i {
				r.Unique[i] += p.Customers
			}
		}
	}
	return r
}

// InAll is how many customers are in all sets of a mask, whatever else they are
// in.
func InAll(patterns []Pattern, mask uint64) int64 {
	var n int64
	for _, p := range patterns {
		if p.Mask&mask == mask {
			n += p.Customers
		}
	}
	return n
}

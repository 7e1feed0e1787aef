package result

import "math/bits"

// Bits are the members of several segments as bits: bit c%64 of word c/64 of a
// set says whether customer c is in it. All sets are of one length.
type Bits struct {
	// Customers is the size of the population. Sets may be longer, where the
	// numbers of customers have gaps; a bit that is no customer's is 0.
	Customers int64
	Sets      [][]uint64
}

// Words is the length of the sets.
func (b Bits) Words() int {
	if len(b.Sets) == 0 {
		return 0
	}
	return len(b.Sets[0])
}

// Transpose turns a square of bits: bit i of word j becomes bit j of word i.
func Transpose(square *[64]uint64) {
	mask := uint64(0xFFFFFFFF)
	for half := 32; half != 0; half, mask = half>>1, mask^mask<<(half>>1) {
		for k := 0; k < 64; k = (k + half + 1) &^ half {
			t := (square[k]>>half ^ square[k+half]) & mask
			square[k] ^= t << half
			square[k+half] ^= t
		}
	}
}

// CountBits counts the members of a set.
func CountBits(set []uint64) int64 {
	n := 0
	for _, w := range set {
		n += bits.OnesCount64(w)
	}
	return int64(n)
}

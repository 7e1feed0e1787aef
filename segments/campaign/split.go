package campaign

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"strata/segments/check"
)

// Numbers is how many numbers a split shares out.
const Numbers = 10_000

// Number is the number of a key, from 0 to 9,999, that sample() compares with its share: the first 15 hexadecimal digits of
// SHA-256 of "salt:key", modulo 10,000.
func Number(salt, key string) int { return int(hashed(salt, key) % Numbers) }

// hashed are the first 15 hexadecimal digits of SHA-256 of "salt:key": 60 bits.
func hashed(salt, key string) uint64 {
	sum := sha256.Sum256([]byte(salt + ":" + key))
	return binary.BigEndian.Uint64(sum[:8]) >> 4
}

// Customer is somebody to be put into an arm.
type Customer struct {
	Key string
	// Stage is the stratum, counted from 0; it matters only where the split stratifies.
	Stage int
	// Arm is the place of the arm in the split.
	Arm int
}

// Assign puts every customer into an arm. stages are the names of the strata; without any the split does not stratify.
// The order of the customers makes no difference.
func Assign(split check.CampaignSplit, stages []string, customers []Customer) {
	if len(stages) == 0 {
		for i := range customers {
			customers[i].Arm = armOf(split.Arms, Number(split.Salt, customers[i].Key))
		}
		return
	}
	strata := make([][]int, len(stages))
	for i, c := range customers {
		strata[c.Stage] = append(strata[c.Stage], i)
	}
	for stage, members := range strata {
		assignStratum(split, stages[stage], customers, members)
	}
}

// armOf is the arm whose range holds a number.
func armOf(arms []check.CampaignArm, number int) int {
	for i, arm := range arms {
		if number < arm.To {
			return i
		}
	}
	return len(arms) - 1
}

// assignStratum puts the customers of one stratum into the order of their numbers and cuts it at the shares. A share that is
// no whole number of customers is rounded up or down by a number of the stratum itself, so that each customer's chance of
// each arm is exactly its share, also where a stratum is so small that an arm gets nobody.
func assignStratum(split check.CampaignSplit, name string, customers []Customer, members []int) {
	type place struct {
		at     int
		number int
		hash   uint64
	}
	order := make([]place, len(members))
	for i, at := range members {
		hash := hashed(split.Salt, customers[at].Key)
		order[i] = place{at: at, number: int(hash % Numbers), hash: hash}
	}
	slices.SortFunc(order, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.number, b.number), cmp.Compare(a.hash, b.hash), cmp.Compare(customers[a.at].Key, customers[b.at].Key))
	})
	draw := Number(split.Salt+":stratum", name)
	next := 0
	for i, arm := range split.Arms {
		for end := cut(len(order), arm.To, draw); next < end; next++ {
			customers[order[next].at].Arm = i
		}
	}
}

// cut is how many of n customers are in the arms up to a number: n x to / 10,000, its fraction rounded up where it is larger
// than that of the draw.
func cut(n, to, draw int) int {
	whole, rest := n/Numbers*to+n%Numbers*to/Numbers, n%Numbers*to%Numbers
	if rest > draw {
		whole++
	}
	return whole
}

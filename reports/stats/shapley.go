package stats

import (
	"math"
	"math/bits"
	"math/rand/v2"
)

const (
	// maxPlayers is how many players the exact value is computed for: it asks
	// for the worth of 2^20 sets.
	maxPlayers = 20
	// maxSampled is how many players a set can hold.
	maxSampled = 64
)

// Shapley splits the difference between the worth of all players and that of
// none fairly among them: each gets what it adds on average over all orders in
// which they could come. The parts sum to value(all) - value(none). value is
// asked once for each of the 2^players sets, whose bit i is player i. The answer
// is nil for more than 20 players or fewer than 1.
//
// Source: L. S. Shapley, 1953, A value for n-person games.
func Shapley(players int, value func(mask uint64) float64) []float64 {
	if players < 1 || players > maxPlayers {
		return nil
	}
	worth := make([]float64, 1<<players)
	for mask := range worth {
		worth[mask] = value(uint64(mask))
	}
	// weight[k] is the share of orders in which a given set of k comes first
	// and the player next: 1/(players * C(players-1, k)).
	weight := make([]float64, players)
	choose := 1.0
	for k := range weight {
		weight[k] = 1 / (float64(players) * choose)
		choose = choose * float64(players-1-k) / float64(k+1)
	}
	parts := make([]float64, players)
	for mask := range worth {
		w := bits.OnesCount(uint(mask))
		for i := range parts {
			if mask&(1<<i) == 0 {
				parts[i] += weight[w] * (worth[mask|1<<i] - worth[mask])
			}
		}
	}
	return parts
}

// ShapleySampled estimates Shapley's values from random orders of the players
// and gives the standard error of each. The parts sum to value(all) -
// value(none) as the exact ones do. The same seed gives the same answer, and no
// set's worth is asked for twice. Both lists are nil for fewer than 1 or more
// than 64 players, or fewer than 2 permutations.
//
// Source: J. Castro, D. Gómez and J. Tejada, 2009, Polynomial calculation of the
// Shapley value based on sampling.
func ShapleySampled(players, permutations int, seed uint64, value func(mask uint64) float64) (values, se []float64) {
	if players < 1 || players > maxSampled || permutations < 2 {
		return nil, nil
	}
	known := map[uint64]float64{}
	worth := func(mask uint64) float64 {
		v, ok := known[mask]
		if !ok {
			v = value(mask)
			known[mask] = v
		}
		return v
	}
	random := rand.New(rand.NewPCG(seed, seed))
	values, se = make([]float64, players), make([]float64, players)
	for n := 1; n <= permutations; n++ {
		mask := uint64(0)
		before := worth(mask)
		for _, i := range random.Perm(players) {
			mask |= 1 << i
			after := worth(mask)
			// Welford's running mean and sum of squared deviations.
			away := after - before - values[i]
			values[i] += away / float64(n)
			se[i] += away * (after - before - values[i])
			before = after
		}
	}
	draws := float64(permutations)
	for i := range se {
		se[i] = math.Sqrt(max(0, se[i]) / (draws - 1) / draws)
	}
	return values, se
}

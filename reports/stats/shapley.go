package stats

import "math/bits"

// maxPlayers is how many players the value is computed for: it asks for the worth
// of 2^20 sets.
const maxPlayers = 20

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

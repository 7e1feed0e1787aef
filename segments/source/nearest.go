package source

import "strings"

// Nearest returns the candidate that a mistyped word most likely meant, and
// false when none is near enough. Case is ignored; of equally near candidates
// the first one wins. A third of the word may be wrong, three letters at most,
// and never all of it.
func Nearest(word string, candidates []string) (string, bool) {
	letters := []rune(strings.ToLower(word))
	limit := min(max(1, len(letters)/3), 3, len(letters)-1)
	best, found := "", false
	for _, candidate := range candidates {
		other := []rune(strings.ToLower(candidate))
		if len(other)-len(letters) > limit || len(letters)-len(other) > limit {
			continue
		}
		if d := distance(letters, other); d <= limit {
			// The next candidate has to be strictly nearer.
			best, found, limit = candidate, true, d-1
		}
	}
	return best, found
}

// distance is the number of letters to insert, delete, replace or swap with
// their neighbour to turn a into b, no stretch being edited twice.
func distance(a, b []rune) int {
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			replace := above[j-1]
			if a[i-1] != b[j-1] {
				replace++
			}
			row[j] = min(replace, above[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(b)]
}

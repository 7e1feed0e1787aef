package source

import (
	"fmt"
	"strings"
)

// The phrases that messages of all stages are made of, so that they speak
// alike.

// mostListed is how many names a message lists: more of them are not read.
const mostListed = 12

// DidYouMean asks whether the nearest candidate was meant, and is "" where
// none is near enough. A word that is there, but not for its place, is no
// offer.
func DidYouMean(word string, candidates []string) string {
	near, ok := Nearest(word, candidates)
	if !ok || near == word {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", near)
}

// Enumerate joins words as people do: a, b and c. Of a long list it gives the
// first and how many more there are.
func Enumerate(words []string) string {
	if len(words) > mostListed {
		return fmt.Sprintf("%s and %d more", strings.Join(words[:mostListed], ", "), len(words)-mostListed)
	}
	return joined(words, "and")
}

// Alternatives joins words as people do: a, b or c.
func Alternatives(words []string) string { return joined(words, "or") }

// joined puts commas between words and a conjunction before the last one.
func joined(words []string, conjunction string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " " + conjunction + " " + words[last]
}

// Counted writes a number of things: 1 row, 2 rows.
func Counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

package propose

import (
	"slices"
	"strings"
	"unicode"
)

// split takes a name apart into lower-case words: "CustomerID", "customer_id"
// and "Customer ID" are all customer and id.
func split(name string) []string {
	var words []string
	var word strings.Builder
	letters := []rune(name)
	flush := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
	}
	for i, r := range letters {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r):
			flush()
			continue
		case i > 0 && unicode.IsUpper(r) && begins(letters, i):
			flush()
		}
		word.WriteRune(unicode.ToLower(r))
	}
	flush()
	return words
}

// begins reports whether the upper-case letter at i begins a word: behind a
// lower-case letter, or before one in a run of capitals.
func begins(letters []rune, i int) bool {
	if unicode.IsLower(letters[i-1]) || unicode.IsDigit(letters[i-1]) {
		return true
	}
	return unicode.IsUpper(letters[i-1]) && i+1 < len(letters) && unicode.IsLower(letters[i+1])
}

// snake is a name as one that rules can use: lower-case words joined by
// underscores, "" where nothing of it can be used.
func snake(name string) string {
	var b strings.Builder
	for _, word := range split(name) {
		plain := strings.Map(func(r rune) rune {
			if letter, ok := plainLetters[r]; ok {
				return letter
			}
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "æ", "ae", "œ", "oe").Replace(word))
		if plain == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('_')
		}
		b.WriteString(plain)
	}
	text := b.String()
	if text != "" && text[0] >= '0' && text[0] <= '9' {
		return "n" + text
	}
	return text
}

// plainLetters gives letters with accents those without.
var plainLetters = func() map[rune]rune {
	letters := map[rune]rune{}
	for plain, others := range map[rune]string{
		'a': "àáâãåāă", 'c': "çćč", 'd': "ďđ", 'e': "èéêëēėęě", 'g': "ğ", 'i': "ìíîïīıİ", 'l': "łľ", 'n': "ñńň",
		'o': "òóôõøōő", 'r': "řŕ", 's': "śšş", 't': "ťţț", 'u': "ùúûūůű", 'y': "ýÿ", 'z': "źżž",
	} {
		for _, other := range others {
			letters[other] = plain
		}
	}
	return letters
}()

// singular is a word without the ending of the plural.
func singular(word string) string {
	switch {
	case strings.HasSuffix(word, "ies") && len(word) > 4:
		return strings.TrimSuffix(word, "ies") + "y"
	case strings.HasSuffix(word, "sses"), strings.HasSuffix(word, "xes"), strings.HasSuffix(word, "ches"), strings.HasSuffix(word, "shes"):
		return strings.TrimSuffix(word, "es")
	case strings.HasSuffix(word, "ss"), strings.HasSuffix(word, "us"), strings.HasSuffix(word, "is"):
		return word
	case strings.HasSuffix(word, "s") && len(word) > 3:
		return strings.TrimSuffix(word, "s")
	case word == "people":
		return "person"
	}
	return word
}

// noise is what warehouses add to the names of tables.
var noise = []string{
	"raw", "stg", "staging", "src", "source", "dim", "dimension", "fct", "fact", "facts", "tbl", "table", "base", "mart", "view", "vw", "v",
	"snapshot", "snapshots", "scd", "scd2", "history", "hist", "current", "data", "master", "dump", "export", "log", "logs", "full", "sample", "list",
}

// tableWords are the words of a table's name that say what its rows are, each
// in the singular. A name of nothing but noise keeps it.
func tableWords(name string) []string {
	var words []string
	for _, word := range split(name) {
		if !slices.Contains(noise, word) {
			words = append(words, singular(word))
		}
	}
	if len(words) == 0 {
		return split(name)
	}
	return words
}

// plainTable is a table's name without noise.
func plainTable(name string) string {
	var words []string
	for _, word := range split(name) {
		if !slices.Contains(noise, word) {
			words = append(words, word)
		}
	}
	if text := snake(strings.Join(words, "_")); text != "" {
		return text
	}
	return snake(name)
}

// customerNouns are what people call those whom a business serves, the
// likeliest first.
var customerNouns = []string{
	"customer", "client", "user", "member", "subscriber", "shopper", "buyer", "consumer", "contact", "household", "person", "profile",
	"account", "guest", "patient", "visitor", "lead", "cust",
}

// keyWords end the names of columns that identify something.
var keyWords = []string{"id", "key", "no", "nr", "number", "num", "uuid", "guid", "code", "ref", "sk"}

func anyOf(words, list []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(list, w) })
}

func has(words []string, word ...string) bool { return anyOf(words, word) }

// nounRank is how likely the words name a customer: 0 for the likeliest noun,
// -1 for none.
func nounRank(words []string) int {
	for i, noun := range customerNouns {
		if slices.ContainsFunc(words, func(w string) bool { return singular(w) == noun || w == noun+"id" || w == noun+"key" }) {
			return i
		}
	}
	return -1
}

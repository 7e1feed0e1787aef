package rule

import (
	"slices"
	"strings"
)

// reserved lists the words that cannot name a column, because the grammar
// could not tell the two readings apart.
var reserved = []string{
	"and", "or", "not", "in", "is", "between", "like", "ilike", "matches", "for", "as", "true", "false",
}

// contextual lists the words that mean something in one place only and are
// free as column names everywhere else.
var contextual = []string{
	"where", "per", "at", "least", "then", "within", "same", "anchor", "any", "early", "among",
	"last", "next", "since", "before", "today", "yesterday", "tomorrow", "this", "previous", "ever", "ago", "of",
	"missing", "blank", "else", "date", "timestamp",
}

// units lists the units of time in the singular, from short to long.
var units = []Unit{Second, Minute, Hour, Day, Week, Month, Quarter, Year}

// compactUnits gives the letters that may follow a number directly. A lone m
// is left out on purpose: it could mean a minute or a month.
var compactUnits = map[string]Unit{
	"s": Second, "min": Minute, "h": Hour, "d": Day, "w": Week, "mo": Month, "y": Year,
}

// aggregates lists the aggregate functions in the order they are documented.
var aggregates = []string{
	string(Count), string(Sum), string(Avg), string(Min), string(Max), string(Median),
	string(Distinct), string(First), string(Last), string(MostFrequent),
}

// forms lists the calls with a syntax of their own.
var forms = []string{
	"periods", "sequence", "times", "days_since", "days_until", "percentile", "rank", "sample",
}

// functions lists the ordinary functions.
var functions = []string{
	"round", "floor", "ceil", "abs", "ln", "least", "greatest", "coalesce", "lower", "upper", "length",
	"contains", "starts_with", "has", "anniversary",
}

// windowWords lists the words a window starts with.
var windowWords = []string{
	"last", "next", "between", "since", "before", "today", "yesterday", "tomorrow", "this", "previous", "ever",
}

// Keywords returns every word that has a meaning in the language, sorted: the
// names of definitions must avoid them. It includes the units of time in the
// singular and plural and the names of all functions.
func Keywords() []string {
	words := slices.Concat(reserved, contextual, Calls())
	for _, unit := range units {
		words = append(words, string(unit), string(unit)+"s")
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// Calls returns the names that may stand before a bracket: aggregates, forms
// such as sequence, and ordinary functions.
func Calls() []string { return slices.Concat(aggregates, forms, functions) }

// Aggregates returns the names of the aggregate functions.
func Aggregates() []string { return slices.Clone(aggregates) }

// IsKeyword reports whether a word, in any case, is among Keywords.
func IsKeyword(word string) bool {
	word = lower(word)
	if _, unit := unitOf(word); unit {
		return true
	}
	for _, list := range [][]string{reserved, contextual, aggregates, forms, functions} {
		if slices.Contains(list, word) {
			return true
		}
	}
	return false
}

// IsReserved reports whether a word, in any case, cannot be the name of a
// column.
func IsReserved(word string) bool { return slices.Contains(reserved, lower(word)) }

// unitOf returns the unit a word names in the singular or plural.
func unitOf(word string) (Unit, bool) {
	word = lower(word)
	for _, unit := range units {
		if word == string(unit) || word == string(unit)+"s" {
			return unit, true
		}
	}
	return "", false
}

// lower folds the letters A to Z alone: keywords are ASCII, and folding more
// would turn a Kelvin sign into a k.
func lower(word string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, word)
}

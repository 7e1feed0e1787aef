package rule

import (
	"fmt"
	"strings"

	"strata/segments/source"
)

// foreignFunctions gives for functions of SQL and spreadsheets what to write
// instead.
var foreignFunctions = map[string]string{
	"now":   "a rule never reads the clock: use a window such as `last 30 days`",
	"today": "a rule never reads the clock: use a window, as in `x in today`", "isnull": "write `x is missing`",
	"date": "write `date '2026-01-31'`", "timestamp": "write `timestamp '2026-01-31 18:00'`", "log": "write `ln(x)`",
	"ifnull": "write `coalesce(x, y)`", "nvl": "write `coalesce(x, y)`",
	"len": "write `length(x)`", "ucase": "write `upper(x)`", "lcase": "write `lower(x)`",
	"datediff": "write `days_since(x)`", "date_diff": "write `days_since(x)`",
	"mean": "write `avg(…)`", "average": "write `avg(…)`", "total": "write `sum(…)`", "mode": "write `most_frequent(…)`",
	"count_distinct": "write `distinct(…)`", "ntile": "write `percentile(x)`",
	"substring": "write `x like 'abc%'` or `x matches '^abc'`", "substr": "write `x like 'abc%'` or `x matches '^abc'`",
	"ends_with": "write `x like '%abc'`", "if": "write a partition with stages, or `coalesce(x, y)`",
	"iif": "write a partition with stages, or `coalesce(x, y)`",
}

// write asks to write a text.
func write(text string) string { return "write `" + text + "`" }

// quote writes a value as a text of the language.
func quote(value string) string { return "'" + strings.ReplaceAll(value, "'", "''") + "'" }

// quoteSize is the length of the first character.
func quoteSize(written string) int { return len(string([]rune(written)[:1])) }

// oneOf names words of which one is expected: "a", "b" or "c".
func oneOf(words []string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = fmt.Sprintf("%q", word)
	}
	return source.Alternatives(quoted)
}

// unitNames lists the units in the plural.
func unitNames() string {
	var names []string
	for _, unit := range units {
		names = append(names, string(unit)+"s")
	}
	return strings.Join(names, ", ")
}

// unitShorthands are spellings of units that the language does not have.
var unitShorthands = map[string]Unit{
	"sec": Second, "secs": Second, "mins": Minute, "hr": Hour, "hrs": Hour, "wk": Week, "wks": Week,
	"mon": Month, "mos": Month, "mth": Month, "mths": Month, "q": Quarter, "qtr": Quarter, "yr": Year, "yrs": Year,
}

// meantUnit guesses the unit behind a word that is none.
func meantUnit(word string) (Unit, bool) {
	word = lower(word)
	if unit, ok := compactUnits[word]; ok {
		return unit, true
	}
	if unit, ok := unitShorthands[word]; ok {
		return unit, true
	}
	if unit, ok := unitOf(word); ok {
		return unit, true
	}
	names := strings.Split(unitNames(), ", ")
	for _, unit := range units {
		names = append(names, string(unit))
	}
	near, ok := source.Nearest(word, names)
	return Unit(strings.TrimSuffix(near, "s")), ok
}

// amount writes a number with its unit in the singular or plural.
func amount(number string, unit Unit) string {
	if number == "1" {
		return "1 " + string(unit)
	}
	return number + " " + string(unit) + "s"
}

// example shows a call of an aggregate or form, with its window.
func example(op string) string {
	switch op {
	case string(Count):
		return "count(order) last 30 days"
	case "periods":
		return "periods(order per 30 days) last 6 months"
	case "days_since":
		return "days_since(last order)"
	case "a step":
		return "sequence(product_view then order within 2 days) last 30 days"
	default:
		return op + "(order.amount) last 30 days"
	}
}

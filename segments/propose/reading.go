package propose

import (
	"regexp"
	"strconv"
	"strings"

	"strata/segments/catalog"
	"strata/sql/dialect"
)

// reading is how a column is read so that it can have a role. The zero reading
// is the column as it is.
type reading struct {
	// make returns the expression for a column's quoted name; nil reads it as it
	// is.
	make func(name string) string
	// physical is the type of the expression.
	physical string
	// reason says why the column is not read as it is, doubt what may be wrong
	// about that.
	reason, doubt string
}

// sql is the expression of the column under a quoted name.
func (r reading) sql(name string) string {
	if r.make == nil {
		return name
	}
	return r.make(name)
}

// The types that columns are read as.
const (
	wholeType  = "BIGINT"
	moneyType  = "DECIMAL(18,4)"
	dateType   = "DATE"
	localType  = "TIMESTAMP"
	zonedType  = "TIMESTAMP WITH TIME ZONE"
	textType   = "VARCHAR"
	tryCast    = "TRY_CAST("
	enoughGood = 0.98
)

// castTo reads a column through one cast.
func castTo(physical string) func(string) string {
	return func(name string) string { return tryCast + name + " AS " + physical + ")" }
}

var floatKey = regexp.MustCompile(`^-?[0-9]+\.0+$`)

// asKey is how a column can be a key, and false where it cannot. Keys that went
// through a table of floating numbers once, such as 17850.0, become whole
// again.
func asKey(c *column) (reading, bool) {
	switch {
	case c.kind == catalog.Text && c.all(floatKey.MatchString):
		return reading{
			make:     func(name string) string { return tryCast + tryCast + name + " AS DOUBLE) AS " + wholeType + ")" },
			physical: wholeType, reason: "its numbers are written like " + c.texts()[0],
		}, true
	case c.kind == catalog.Text, c.kind == catalog.Integer:
		return reading{physical: c.physical}, true
	case c.numeric() && c.all(isWhole):
		return reading{make: castTo(wholeType), physical: wholeType, reason: "its whole numbers are stored as " + c.physical}, true
	}
	return reading{}, false
}

func isWhole(text string) bool {
	whole, fraction, _ := strings.Cut(text, ".")
	_, err := strconv.ParseInt(whole, 10, 64)
	return err == nil && strings.Trim(fraction, "0") == ""
}

// plainKey is a key's text in one form, so that 17850.0 and 17850 are equal.
func plainKey(text string) string {
	if whole, _, ok := strings.Cut(text, "."); ok && floatKey.MatchString(text) {
		return whole
	}
	return text
}

var (
	plainNumber = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)
	commaNumber = regexp.MustCompile(`^-?[0-9]+(,[0-9]+)?$`)
	moneyText   = regexp.MustCompile(`^-?[$€£¥]? ?-?[0-9]{1,3}(,?[0-9]{3})*(\.[0-9]+)?$`)
)

// asAmount is how a column can be an amount, and false where it cannot.
func asAmount(c *column) (reading, bool) {
	switch {
	case c.numeric():
		return reading{physical: c.physical}, true
	case c.kind != catalog.Text:
		return reading{}, false
	case c.share(plainNumber.MatchString) >= enoughGood:
		return reading{make: castTo(moneyType), physical: moneyType, reason: "its numbers are stored as text"}, true
	case c.share(commaNumber.MatchString) >= enoughGood:
		return reading{
			make:     func(name string) string { return tryCast + "replace(" + name + ", ',', '.') AS " + moneyType + ")" },
			physical: moneyType, reason: "its numbers are text with a decimal comma",
		}, true
	case c.share(moneyText.MatchString) >= enoughGood:
		return reading{
			make: func(name string) string {
				return tryCast + "regexp_replace(" + name + ", '[^0-9.-]', '', 'g') AS " + moneyType + ")"
			},
			physical: moneyType, reason: "its numbers are text with signs between the digits",
		}, true
	}
	return reading{}, false
}

// The spans of whole numbers that are seconds since 1970, taken from the year
// 2000 to 2100, and what they are divided by.
var epochs = []struct {
	low, high int64
	divide    string
	unit      string
}{
	{946_684_800, 4_102_444_800, "", "seconds"},
	{946_684_800_000, 4_102_444_800_000, " / 1000.0", "milliseconds"},
	{946_684_800_000_000, 4_102_444_800_000_000, " / 1000000.0", "microseconds"},
}

// asEpoch reads whole numbers as the time since 1970.
func asEpoch(c *column) (reading, bool) {
	for _, e := range epochs {
		within := func(text string) bool {
			n, err := strconv.ParseInt(text, 10, 64)
			return err == nil && n >= e.low && n < e.high
		}
		if c.kind == catalog.Integer && c.all(within) {
			return reading{
				make:     func(name string) string { return "to_timestamp(" + name + e.divide + ")" },
				physical: zonedType, reason: "its numbers are " + e.unit + " since 1970",
			}, true
		}
	}
	return reading{}, false
}

// literal writes a text that is ours into a statement.
func literal(text string) string {
	out, err := dialect.Literal(text)
	if err != nil {
		return "NULL" // Texts of ours are UTF-8.
	}
	return out
}

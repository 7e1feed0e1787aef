package compile

import (
	"math"
	"strconv"
	"strings"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/check"
)

// DriftValue is a value of customers that members are compared by.
type DriftValue struct {
	X check.Expr
	// Numeric values are compared as numbers, others as text.
	Numeric bool
}

// The columns of a table of values: v0, v1, … in the order of the values; and of
// a table of pairs: a0, a1, … at the baseline and b0, b1, … now.
const (
	driftValueColumn  = "v"
	driftBeforeColumn = "a"
	driftNowColumn    = "b"
	// driftSide tells leavers (-1), those who stayed (0) and entrants (1) apart.
	driftSide = "side"
)

// DriftValues returns the statement of (key, v0, v1, …) of all customers.
func (c *Compiler) DriftValues(values []DriftValue) (Statement, error) {
	b := c.builder()
	f := b.customerFrame()
	question := sq.Select().Column(ex("? AS key", column(customerAlias, b.key())))
	for i, v := range values {
		value, err := f.value(v.X)
		if err != nil {
			return Statement{}, err
		}
		kind := raw("VARCHAR")
		if v.Numeric {
			kind = "DOUBLE"
		}
		question = question.Column(ex("CAST(? AS ?) AS ?", value, kind, raw(driftValueColumn+strconv.Itoa(i))))
	}
	return b.statement(f.apply(question))
}

// DriftMembers are the tables that a comparison of members reads.
type DriftMembers struct {
	// Before and Now are tables of (stage, key) and Stage the one that is asked
	// for; Values0 and Values1 those of DriftValues at both moments.
	Before, Now      string
	Stage            int
	Values0, Values1 string
	// Values is how many values there are.
	Values int
}

// DriftPairs returns the statement of (side, a0, …, b0, …) of those who are
// members at either moment.
func DriftPairs(m DriftMembers) (Statement, error) {
	of := func(table string) sq.Sqlizer {
		return ex("(SELECT key FROM ? WHERE stage = ?)", raw(table), int64(m.Stage))
	}
	question := sq.Select().Column(ex("CASE WHEN y.key IS NULL THEN -1 WHEN x.key IS NULL THEN 1 ELSE 0 END AS ?", raw(driftSide)))
	for i := range m.Values {
		n := strconv.Itoa(i)
		question = question.Column("p." + driftValueColumn + n + " AS " + driftBeforeColumn + n).
			Column("q." + driftValueColumn + n + " AS " + driftNowColumn + n)
	}
	sql, args, err := ex("? FROM ? AS x FULL JOIN ? AS y ON x.key = y.key LEFT JOIN ? AS p ON p.key = x.key LEFT JOIN ? AS q ON q.key = y.key",
		question, of(m.Before), of(m.Now), raw(m.Values0), raw(m.Values1)).ToSql()
	return Statement{SQL: sql, Args: args}, err
}

// DriftCuts returns the statement of one row about numbers at the baseline: for
// each, how many different ones there are, and the list of the nine values at the
// borders of ten parts of equal size; before them how many were members at the
// baseline and how many are now.
func DriftCuts(pairs string, values []int) Statement {
	columns := []string{"count(*) FILTER (WHERE " + driftSide + " <= 0)", "count(*) FILTER (WHERE " + driftSide + " >= 0)"}
	for _, value := range values {
		x, was := driftBeforeColumn+strconv.Itoa(value), " FILTER (WHERE "+driftSide+" <= 0)"
		columns = append(columns, "count(DISTINCT "+x+")"+was, "quantile_disc("+x+", [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])"+was)
	}
	return Statement{SQL: "SELECT " + strings.Join(columns, ", ") + " FROM " + pairs}
}

// DriftWords returns the statement of (value, text, before, now): for each of
// several values what members have as text, the number of those who have it at
// the baseline and of those who have it now. The most frequent come first, at most
// limit of each value.
func DriftWords(pairs string, values []int, limit int64) (Statement, error) {
	if len(values) == 0 {
		return Statement{}, ErrNoParts
	}
	var arms []sq.Sqlizer
	for _, value := range values {
		n := strconv.Itoa(value)
		for _, x := range []struct{ column, was, is, side string }{{driftBeforeColumn, "1", "0", "<="}, {driftNowColumn, "0", "1", ">="}} {
			arms = append(arms, ex("SELECT ? AS place, CAST(? AS VARCHAR) AS word, ? AS was, ? AS is_now FROM ? WHERE ? ? 0 AND ? IS NOT NULL",
				raw(n), raw(x.column+n), raw(x.was), raw(x.is), raw(pairs), raw(driftSide), raw(x.side), raw(x.column+n)))
		}
	}
	sql, args, err := ex("SELECT place, word, CAST(sum(was) AS BIGINT) AS before, CAST(sum(is_now) AS BIGINT) AS now FROM (?) AS t GROUP BY place, word "+
		"QUALIFY row_number() OVER (PARTITION BY place ORDER BY greatest(sum(was), sum(is_now)) DESC, word) <= ? ORDER BY place, word",
		joined(" UNION ALL ", arms), limit).ToSql()
	return Statement{SQL: sql, Args: args}, err
}

// DriftBins are the bins of a value. One of the lists is set.
type DriftBins struct {
	// Cuts are the upper ends of ranges, included, in order; what is above the last
	// one is a range as well.
	Cuts []float64
	// Words are values, and what is none of them is a bin behind them. Numbers say
	// that they are to be compared as numbers.
	Words   []string
	Numbers bool
}

// Count is how many bins there are, the missing values' among them, which is the
// last.
func (b DriftBins) Count() int { return max(len(b.Cuts), len(b.Words)) + 2 } //nolint:mnd // Those of the rest, and of no value.

// DriftCross returns the statement of (value, side, bin before, bin now,
// customers) of several values with their bins. The bin of a side where they are
// no members is to be ignored.
func DriftCross(pairs string, values []int, bins []DriftBins) (Statement, error) {
	if len(values) == 0 {
		return Statement{}, ErrNoParts
	}
	var arms []sq.Sqlizer
	for i, value := range values {
		n := strconv.Itoa(value)
		inner := ex("SELECT ? AS side, ? AS x, ? AS y FROM ?",
			raw(driftSide), bins[i].of(raw(driftBeforeColumn+n)), bins[i].of(raw(driftNowColumn+n)), raw(pairs))
		arms = append(arms, ex("SELECT ? AS place, side, x, y, count(*) AS customers FROM (?) AS t GROUP BY ALL", raw(strconv.Itoa(i)), inner))
	}
	sql, args, err := ex("SELECT * FROM (?) AS t ORDER BY ALL", joined(" UNION ALL ", arms)).ToSql()
	return Statement{SQL: sql, Args: args}, err
}

// of is the bin that a value is in.
func (b DriftBins) of(x raw) sq.Sqlizer {
	parts := []sq.Sqlizer{ex("CASE WHEN ? IS NULL THEN ?", x, driftPlace(b.Count()-1))}
	for i, cut := range b.Cuts {
		parts = append(parts, ex("WHEN ? <= ? THEN ?", x, cut, driftPlace(i)))
	}
	for i, word := range b.Words {
		value := any(word)
		if number, err := strconv.ParseFloat(word, 64); b.Numbers && err == nil && !math.IsNaN(number) {
			value = number
		}
		parts = append(parts, ex("WHEN ? = ? THEN ?", x, value, driftPlace(i)))
	}
	return joined(" ", append(parts, ex("ELSE ? END", driftPlace(b.Count()-2)))) //nolint:mnd // Before the missing values.
}

func driftPlace(i int) raw { return raw(strconv.Itoa(i)) }

package compile

import (
	"fmt"
	"strconv"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/plan"
)

// A sum of doubles is exact and does not depend on the order of rows as long as
// it stays below 2^53, and is faster than one of wide integers. Three counts of
// 17 bits fit into it.
const (
	countersPerSum = 3
	counterBits    = 17
	// mostCounted is the largest number that a counter of 17 bits holds.
	mostCounted = 1<<counterBits - 1
)

// counters are the counts of a pass and where they stand in its sums. The
// number of all rows of a customer is counted as well, behind the last: where
// it passes what a counter holds, the counts are not to be believed. It stands
// highest in its sum, or alone, so that it does not overflow itself.
type counters struct {
	places map[*plan.Trait]int
	traits []*plan.Trait
	perSum int
	// every is what each row adds to the number of all rows.
	every int64
}

func newCounters(p *plan.Pass, wide bool) *counters {
	c := &counters{places: map[*plan.Trait]int{}, perSum: countersPerSum, every: 1}
	if wide {
		c.perSum = 1
	}
	for _, t := range p.Traits {
		if t.Kind == plan.Counted && (t.Tested || t.Value) {
			c.places[t] = len(c.traits)
			c.traits = append(c.traits, t)
		}
	}
	return c
}

// guarded reports whether counters can overflow.
func (c *counters) guarded() bool { return len(c.traits) > 0 && c.perSum > 1 }

// sums is the number of sums.
func (c *counters) sums() int {
	n := len(c.traits)
	if c.guarded() {
		n++
	}
	return (n + c.perSum - 1) / c.perSum
}

func sumColumn(i int) string { return fmt.Sprintf("sum %d", i+1) }

// columns are the aggregates that count.
func (c *counters) columns(codes *codes) []sq.Sqlizer {
	var list []sq.Sqlizer
	for i := range c.sums() {
		value := sq.Sqlizer(column(codesAlias, sumColumn(i)))
		if codes.single() {
			value = raw(c.literal(i, func(t *plan.Trait) int64 { return codes.adds[t][0] }))
		}
		list = append(list, ex("sum(?) AS ?", value, ident(sumColumn(i))))
	}
	return list
}

// literal is what a row adds to a sum: what it adds to each of its counts. Sums
// of such numbers are those of the counts side by side, also where a row takes
// away from a count, as long as no count is negative in the end.
func (c *counters) literal(sum int, adds func(*plan.Trait) int64) string {
	var n int64
	for i := range c.perSum {
		at := sum*c.perSum + i
		switch {
		case at < len(c.traits):
			n += adds(c.traits[at]) << (counterBits * i)
		case at == len(c.traits) && c.guarded():
			n += c.every << (counterBits * i)
		}
	}
	return strconv.FormatInt(n, 10) + "::DOUBLE"
}

// value is a count over the aggregated rows.
func (c *counters) value(t *plan.Trait) sq.Sqlizer { return c.at(c.places[t]) }

// rows is the number of all rows.
func (c *counters) rows() sq.Sqlizer { return c.at(len(c.traits)) }

func (c *counters) at(place int) sq.Sqlizer {
	sum := ex("CAST(? AS BIGINT)", column(aggregated, sumColumn(place/c.perSum)))
	if c.perSum == 1 {
		return sum
	}
	shift := counterBits * (place % c.perSum)
	shifted := ex("(? >> ?)", sum, raw(strconv.Itoa(shift)))
	if place == len(c.traits) {
		return shifted
	}
	return ex("(? & ?)", shifted, raw(strconv.Itoa(mostCounted)))
}

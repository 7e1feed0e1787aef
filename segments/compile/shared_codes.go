package compile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/calendar"
	"strata/segments/plan"
)

// codes tell the rows of a pass apart. A pair is a choice of values of the
// pass's columns, a stretch the time between two edges; a row's code is
// pair x stretches + stretch.
type codes struct {
	// pairs are the choices of values; without counts there are none.
	pairs [][]string
	// edges are the bounds between stretches, in order.
	edges []time.Time
	// present are the conditions that are true where a row is there.
	present []*plan.Condition
	// adds says for each count how much a row of each code adds to it.
	adds map[*plan.Trait][]int64
}

// contribution is how much a row of a trait adds to it in a stretch, from its
// begin to its end; nil is an open end.
type contribution func(t *plan.Trait, begin, end *time.Time) int64

// newCodes finds the codes of a pass over a range that edges divide.
func newCodes(p *plan.Pass, whole calendar.Range, edges []time.Time, adds contribution) *codes {
	c := &codes{adds: map[*plan.Trait][]int64{}}
	for _, condition := range p.Conditions {
		if condition.Kind == plan.Present {
			c.present = append(c.present, condition)
		}
	}
	if !slices.ContainsFunc(p.Traits, func(t *plan.Trait) bool { return t.Kind == plan.Counted }) {
		return c
	}
	c.edges = edges
	for _, t := range p.Traits {
		for _, pair := range choices(t.Equal) {
			if !slices.ContainsFunc(c.pairs, func(known []string) bool { return slices.Equal(known, pair) }) {
				c.pairs = append(c.pairs, pair)
			}
		}
	}
	for _, t := range p.Traits {
		if t.Kind == plan.Counted {
			c.adds[t] = c.addsOf(t, whole, adds)
		}
	}
	return c
}

// addsOf says for each code how much a row adds to a count.
func (c *codes) addsOf(t *plan.Trait, whole calendar.Range, adds contribution) []int64 {
	stretches := len(c.edges) + 1
	list := make([]int64, len(c.pairs)*stretches)
	mine := choices(t.Equal)
	for i, pair := range c.pairs {
		if !slices.ContainsFunc(mine, func(p []string) bool { return slices.Equal(p, pair) }) {
			continue
		}
		for stretch := range stretches {
			begin, end := whole.From, whole.To
			if stretch > 0 {
				begin = &c.edges[stretch-1]
			}
			if stretch < len(c.edges) {
				end = &c.edges[stretch]
			}
			list[i*stretches+stretch] = adds(t, begin, end)
		}
	}
	return list
}

// holds reports whether a stretch lies in a range. It does as a whole or not at
// all where the range's bounds are among the edges, or outside of what is read.
func holds(r calendar.Range, begin, end *time.Time) bool {
	begun := r.From == nil || begin != nil && !begin.Before(*r.From)
	return begun && (r.To == nil || end != nil && !end.After(*r.To))
}

// choices are all ways to choose a value of each column.
func choices(equal []plan.Equal) [][]string {
	list := [][]string{{}}
	for _, e := range equal {
		var longer [][]string
		for _, pair := range list {
			for _, v := range e.Values {
				longer = append(longer, append(slices.Clone(pair), v.Text))
			}
		}
		list = longer
	}
	return list
}

// single reports whether all rows have one code, so that none is looked up.
func (c *codes) single() bool { return len(c.pairs) == 1 && len(c.edges) == 0 }

func presenceColumn(i int) string { return fmt.Sprintf("present %d", i+1) }

// columns are the aggregates that find which conditions of presence hold.
func (c *codes) columns() []sq.Sqlizer {
	var list []sq.Sqlizer
	for i := range chunks(c.present) {
		name := presenceColumn(i)
		value := sq.Sqlizer(column(codesAlias, name))
		if c.single() {
			value = bitLiteral(c.presence(i, 0))
		}
		list = append(list, ex("bit_or(?) AS ?", value, ident(name)))
	}
	return list
}

// presence are the conditions of a word that a row of a code makes true.
func (c *codes) presence(word, code int) uint64 {
	var bits uint64
	for i, condition := range chunks(c.present)[word] {
		for t, adds := range c.adds {
			if t.ID == condition.Traits[0] && adds[code] > 0 {
				bits |= 1 << i
			}
		}
	}
	return bits
}

const (
	// codesAlias is the table of codes, pairsAlias that of the choices of values.
	codesAlias = "c"
	pairsAlias = "v"
)

// join adds the lookups to the rows of a pass.
func (c *codes) join(question sq.SelectBuilder, f *frame, counts *counters, p *plan.Pass) sq.SelectBuilder {
	base := sq.Sqlizer(raw("0"))
	if len(p.Columns) > 0 {
		base = column(pairsAlias, "code")
		question = question.JoinClause(c.joinPairs(p))
	}
	if c.single() {
		return question
	}
	code := ex("? + ?", base, c.stretch(f))
	return question.JoinClause(ex("JOIN (VALUES ?) AS ?(?) ON ? = ?",
		c.table(counts), raw(codesAlias), c.names(counts), column(codesAlias, "code"), code))
}

// joinPairs looks up the choice of values that a row has.
func (c *codes) joinPairs(p *plan.Pass) sq.Sqlizer {
	rows := make([]sq.Sqlizer, len(c.pairs))
	for i, pair := range c.pairs {
		values := make([]sq.Sqlizer, 0, len(pair)+1)
		for _, v := range pair {
			values = append(values, ex("?", v))
		}
		rows[i] = ex("(?)", joined(", ", append(values, raw(strconv.Itoa(i*(len(c.edges)+1))))))
	}
	names := make([]sq.Sqlizer, 0, len(p.Columns)+1)
	tests := make([]sq.Sqlizer, 0, len(p.Columns))
	for i, field := range p.Columns {
		name := fmt.Sprintf("value %d", i+1)
		names = append(names, ident(name))
		tests = append(tests, ex("? = ?", column(pairsAlias, name), read(sourceAlias, field)))
	}
	names = append(names, raw("code"))
	return ex("JOIN (VALUES ?) AS ?(?) ON ?", joined(", ", rows), raw(pairsAlias), joined(", ", names), allOf(tests))
}

// stretch is the number of edges that lie at or before a row.
func (c *codes) stretch(f *frame) sq.Sqlizer {
	if len(c.edges) == 0 {
		return raw("0")
	}
	arms := []sq.Sqlizer{raw("CASE")}
	for i, edge := range slices.Backward(c.edges) {
		arms = append(arms, ex("WHEN ? THEN ?", f.at().from(edge), raw(strconv.Itoa(i+1))))
	}
	return joined(" ", append(arms, raw("ELSE 0 END")))
}

// table is the rows of the table of codes.
func (c *codes) table(counts *counters) sq.Sqlizer {
	rows := make([]sq.Sqlizer, len(c.pairs)*(len(c.edges)+1))
	for code := range rows {
		values := []string{strconv.Itoa(code)}
		for i := range chunks(c.present) {
			values = append(values, string(bitLiteral(c.presence(i, code))))
		}
		for i := range counts.sums() {
			values = append(values, counts.literal(i, func(t *plan.Trait) int64 { return c.adds[t][code] }))
		}
		rows[code] = raw("(" + strings.Join(values, ", ") + ")")
	}
	return joined(", ", rows)
}

// names are the columns of the table of codes.
func (c *codes) names(counts *counters) sq.Sqlizer {
	names := []sq.Sqlizer{raw("code")}
	for i := range chunks(c.present) {
		names = append(names, ident(presenceColumn(i)))
	}
	for i := range counts.sums() {
		names = append(names, ident(sumColumn(i)))
	}
	return joined(", ", names)
}

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
// pass's columns, a stretch the time between two bounds of windows; a row's
// code is pair x stretches + stretch.
type codes struct {
	// pairs are the choices of values; without counts there are none.
	pairs [][]string
	// edges are the bounds between stretches, in order, and whole is the range
	// that the pass reads.
	edges []time.Time
	whole calendar.Range
	// present are the conditions that are true where a row is there.
	present []*plan.Condition
	// counted says for each count which codes are its rows'.
	counted map[*plan.Trait][]bool
}

// newCodes finds the codes of a pass.
func newCodes(p *plan.Pass, ranges map[*plan.Trait]calendar.Range) *codes {
	c := &codes{counted: map[*plan.Trait][]bool{}}
	var counted []*plan.Trait
	for _, t := range p.Traits {
		if t.Kind == plan.Counted {
			counted = append(counted, t)
		}
	}
	for _, condition := range p.Conditions {
		if condition.Kind == plan.Present {
			c.present = append(c.present, condition)
		}
	}
	if len(counted) == 0 {
		return c
	}
	c.whole = widest(p.Traits, ranges)
	c.edges = bounds(counted, ranges, c.whole)
	for _, t := range p.Traits {
		for _, pair := range choices(t.Equal) {
			if !slices.ContainsFunc(c.pairs, func(known []string) bool { return slices.Equal(known, pair) }) {
				c.pairs = append(c.pairs, pair)
			}
		}
	}
	for _, t := range counted {
		c.counted[t] = c.codesOf(t, ranges[t])
	}
	return c
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

// codesOf says for each code whether its rows are a trait's. A stretch lies in
// a window as a whole or not at all, because the window's bounds are among the
// edges or outside of what the pass reads.
func (c *codes) codesOf(t *plan.Trait, r calendar.Range) []bool {
	stretches := len(c.edges) + 1
	list := make([]bool, len(c.pairs)*stretches)
	mine := choices(t.Equal)
	for i, pair := range c.pairs {
		if !slices.ContainsFunc(mine, func(p []string) bool { return slices.Equal(p, pair) }) {
			continue
		}
		for stretch := range stretches {
			begin, end := c.whole.From, c.whole.To
			if stretch > 0 {
				begin = &c.edges[stretch-1]
			}
			if stretch < len(c.edges) {
				end = &c.edges[stretch]
			}
			begun := r.From == nil || begin != nil && !begin.Before(*r.From)
			ended := r.To == nil || end != nil && !end.After(*r.To)
			list[i*stretches+stretch] = begun && ended
		}
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
		for t, has := range c.counted {
			if t.ID == condition.Traits[0] && has[code] {
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
			values = append(values, counts.literal(i, func(t *plan.Trait) bool { return c.counted[t][code] }))
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

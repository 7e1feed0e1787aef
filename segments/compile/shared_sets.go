package compile

import (
	"fmt"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/check"
	"strata/segments/plan"
)

// setBits is the column of sets of customers as bits.
const setBits = "set bits"

// sets makes the tables of the conditions that are sets of customers:
// sequences, lists, and what a sql: segment returns.
func (s *sharing) sets(round int) ([]*passWords, error) {
	var conditions []*plan.Condition
	for _, c := range s.plan.Conditions {
		if c.Round == round && (c.Kind == plan.Followed || c.Kind == plan.Listed) {
			conditions = append(conditions, c)
		}
	}
	var tables []*passWords
	for i, chunk := range chunks(conditions) {
		b := s.fresh()
		arms := make([]sq.Sqlizer, len(chunk))
		for j, c := range chunk {
			name, err := b.set(c)
			if err != nil {
				return nil, err
			}
			arms[j] = ex("SELECT ?, ? AS ? FROM ?", ident(b.key()), bitLiteral(uint64(1)<<j), ident(setBits), ident(name))
		}
		alias := fmt.Sprintf("sets %d.%d", round+1, i+1)
		table := &passWords{alias: alias, table: s.table(alias), words: []passWord{{column: setBits, conditions: chunk, none: bitLiteral(0)}}}
		question := ex("SELECT ?, bit_or(?) AS ? FROM (?) AS t GROUP BY ?", ident(b.key()), ident(setBits), ident(setBits), joined(" UNION ALL ", arms), ident(b.key()))
		if err := s.add(SharedStep{Name: "sequences and lists", Table: table.table, Temporary: true}, b, question); err != nil {
			return nil, err
		}
		tables = append(tables, table)
	}
	return tables, nil
}

// set adds the step of the keys for which a condition holds.
func (b *builder) set(c *plan.Condition) (string, error) {
	switch of := c.Of.(type) {
	case *check.Segment:
		body, err := b.segment(of)
		if err != nil {
			return "", err
		}
		return b.step("segment "+of.DefinitionName(), body), nil
	case *check.List:
		body, err := b.list(of)
		if err != nil {
			return "", err
		}
		return b.step("list "+of.DefinitionName(), body), nil
	}
	sequence, ok := c.X.(*check.Sequence)
	if !ok {
		return "", fmt.Errorf("compile %s: it is no set of customers", c.Text)
	}
	return b.sequence(sequence)
}

// sharedRanking adds the step of a percentile or rank. Customers are counted by
// value first: their places follow from the numbers of lower and higher ones,
// and are looked up by the value.
func (b *builder) sharedRanking(r *check.Ranking) (string, error) {
	f := b.customerFrame()
	value, err := f.value(r.X)
	if err != nil {
		return "", err
	}
	ranked := sq.Select().Column(f.customerKey()).Column(ex("? AS v", value))
	conditions := []sq.Sqlizer{ex("? IS NOT NULL", value)}
	group := sq.Sqlizer(raw("0"))
	if r.Within != nil {
		if group, err = f.value(r.Within); err != nil {
			return "", err
		}
		conditions = append(conditions, ex("? IS NOT NULL", group))
	}
	if r.Among != nil {
		among, err := f.test(r.Among)
		if err != nil {
			return "", err
		}
		conditions = append(conditions, among)
	}
	ranked = ranked.Column(ex("? AS g", group))
	customers := b.step("ranked customers", f.apply(ranked).Where(allOf(conditions)))
	tally := b.step("ranked values", ex("SELECT g, v, count(*) AS n FROM ? GROUP BY g, v", ident(customers)))
	place := raw("CAST(50 * (2 * sum(n) OVER (PARTITION BY g ORDER BY v) - n) AS DOUBLE) / sum(n) OVER (PARTITION BY g)")
	if r.Rank {
		place = raw("1 + sum(n) OVER (PARTITION BY g) - sum(n) OVER (PARTITION BY g ORDER BY v)")
	}
	places := b.step("places", ex("SELECT g, v, ? AS ? FROM ?", place, ident(valueColumn), ident(tally)))
	return b.step("ranking", ex("SELECT c.?, p.? FROM ? AS c JOIN ? AS p ON c.g = p.g AND c.v = p.v",
		ident(b.key()), ident(valueColumn), ident(customers), ident(places))), nil
}

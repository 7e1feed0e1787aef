package compile

import (
	"fmt"
	"slices"
	"time"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/plan"
	"strata/segments/rule"
)

// A pass reads the rows of a source once, from the start of its widest window.
// What tells rows apart (the values of columns, and between which window bounds
// a row lies) makes a small number, the row's code. A table of codes says for
// each code to which counts it adds and which conditions "there is a row" it
// makes true, so that any number of counts costs one lookup, a sum for three of
// them and a bit_or for 64 conditions. Other aggregates have a filter each.

// passBuilder writes the aggregation of one pass over one range of time.
type passBuilder struct {
	*frame

	pass *plan.Pass
	// whole is the range that is read, and extra what else the rows must pass.
	whole calendar.Range
	extra []sq.Sqlizer
	// part is how a Filtered trait takes its rows: those of a range, or with nil
	// all, taken away from it where minus is set; or none at all.
	part   func(t *plan.Trait) (within *calendar.Range, minus, none bool)
	codes  *codes
	counts *counters
	inner  sq.SelectBuilder
}

// aggregated stands for the aggregated rows of a pass.
const aggregated = "a"

// pass makes the table of a pass and returns the words in it.
func (s *sharing) pass(p *plan.Pass) (*passWords, error) {
	b := s.fresh()
	pb := s.passBuilder(b, p)
	aggregation, err := pb.aggregation()
	if err != nil {
		return nil, err
	}
	alias := fmt.Sprintf("pass %d", p.ID+1)
	out := &passWords{alias: alias, table: s.table(alias), kept: p.Kept}
	question, err := pb.outputs(out)
	if err != nil {
		return nil, err
	}
	from := ex("(?)", aggregation)
	if p.Kept {
		kept, err := s.kept(p, pb, aggregation)
		if err != nil {
			return nil, err
		}
		from, b = raw(kept), s.fresh()
	}
	step := SharedStep{Name: passName(p), Table: out.table, Temporary: true}
	if pb.counts.guarded() {
		question = question.Column(ex("? AS ?", pb.counts.rows(), ident(rowsColumn)))
		step.Bound = mostCounted
		step.Most = &Statement{SQL: "SELECT coalesce(max(" + string(ident(rowsColumn)) + "), 0) FROM " + out.table}
	}
	return out, s.add(step, b, ex("? FROM ? AS ?", question, from, raw(aggregated)))
}

// passBuilder returns one for all rows of a pass.
func (s *sharing) passBuilder(b *builder, p *plan.Pass) *passBuilder {
	ranges := s.ranges(p, s.asOf())
	whole := widest(p.Traits, ranges)
	pb := &passBuilder{
		frame: b.rowFrame(check.Rows{Stream: p.Traits[0].Rows.Stream}), pass: p, whole: whole, inner: sq.Select(),
		part: func(t *plan.Trait) (*calendar.Range, bool, bool) { r := ranges[t]; return &r, false, false },
	}
	counted := slices.DeleteFunc(slices.Clone(p.Traits), func(t *plan.Trait) bool { return t.Kind != plan.Counted })
	pb.codes = newCodes(p, whole, bounds(counted, ranges, whole), func(t *plan.Trait, begin, end *time.Time) int64 {
		if holds(ranges[t], begin, end) {
			return 1
		}
		return 0
	})
	pb.counts = newCounters(p, s.options.Wide)
	return pb
}

// ranges are the windows of a pass's traits at an as-of.
func (s *sharing) ranges(p *plan.Pass, asOf time.Time) map[*plan.Trait]calendar.Range {
	ranges := map[*plan.Trait]calendar.Range{}
	for _, t := range p.Traits {
		ranges[t] = calendar.Rows(t.Window.Calendar, asOf, s.program.Zone)
	}
	return ranges
}

// rowsColumn is the column of the number of rows that a pass found.
const rowsColumn = "row count"

// passName says what a pass reads.
func passName(p *plan.Pass) string {
	return fmt.Sprintf("pass over %s for %d traits", p.Source.Name, len(p.Traits))
}

// aggregation is the SELECT that groups the rows by customer.
func (b *passBuilder) aggregation() (sq.Sqlizer, error) {
	b.inner = b.inner.Column(ex("? AS ?", b.rowKey(), ident(b.key())))
	conditions, err := b.rowsOfPass()
	if err != nil {
		return nil, err
	}
	for _, c := range append(b.codes.columns(), b.counts.columns(b.codes)...) {
		b.inner = b.inner.Column(c)
	}
	for _, t := range b.pass.Traits {
		if t.Kind == plan.Counted {
			continue
		}
		value, err := b.filtered(t)
		if err != nil {
			return nil, err
		}
		b.inner = b.inner.Column(ex("? AS ?", value, ident(traitColumn(t))))
	}
	question := b.apply(b.inner)
	if len(b.codes.pairs) > 0 {
		question = b.codes.join(question, b.frame, b.counts, b.pass)
	}
	return question.Where(allOf(conditions)).GroupBy(string(b.rowKey())), nil
}

func traitColumn(t *plan.Trait) string { return fmt.Sprintf("trait %d", t.ID+1) }

// rowsOfPass say which rows any trait of the pass can need.
func (b *passBuilder) rowsOfPass() ([]sq.Sqlizer, error) {
	conditions := append(b.at().within(b.whole), b.extra...)
	for _, common := range b.pass.Common {
		test, err := b.test(common)
		if err != nil {
			return nil, err
		}
		conditions = append(conditions, test)
	}
	conditions = append(conditions, b.knownRows()...)
	if len(b.codes.pairs) == 0 {
		for i, field := range b.pass.Columns {
			all := plan.Equal{Column: field}
			for _, t := range b.pass.Traits {
				all.Values = append(all.Values, t.Equal[i].Values...)
			}
			conditions = append(conditions, oneOf(all))
		}
	}
	return append(conditions, b.somebody()), nil
}

// oneOf is the test that a column has one of some values, each named once.
func oneOf(equal plan.Equal) sq.Sqlizer {
	seen := map[string]bool{}
	var values []sq.Sqlizer
	for _, v := range equal.Values {
		if !seen[v.Text] {
			seen[v.Text] = true
			values = append(values, ex("?", v.Text))
		}
	}
	return ex("? IN (?)", read(sourceAlias, equal.Column), joined(", ", values))
}

// widest is the range that holds the windows of all traits.
func widest(traits []*plan.Trait, ranges map[*plan.Trait]calendar.Range) calendar.Range {
	whole := ranges[traits[0]]
	for _, t := range traits[1:] {
		r := ranges[t]
		if r.From == nil || whole.From != nil && r.From.Before(*whole.From) {
			whole.From = r.From
		}
		if r.To == nil || whole.To != nil && r.To.After(*whole.To) {
			whole.To = r.To
		}
	}
	return whole
}

// filtered is an aggregate over the rows of the pass that are a trait's own.
func (b *passBuilder) filtered(t *plan.Trait) (sq.Sqlizer, error) {
	a := t.X.(*check.Aggregate)
	within, minus, none := b.part(t)
	if none {
		return raw("NULL"), nil
	}
	var conditions []sq.Sqlizer
	if within != nil {
		conditions = b.at().within(*within)
	}
	for _, equal := range t.Equal {
		conditions = append(conditions, oneOf(equal))
	}
	for _, rest := range t.Rest {
		test, err := b.test(rest)
		if err != nil {
			return nil, err
		}
		conditions = append(conditions, test)
	}
	only := ex("FILTER (WHERE ?)", allOf(conditions))
	value, err := b.filteredColumn(a, only)
	if minus {
		value = ex("-(?)", value)
	}
	return value, err
}

// filteredColumn is an aggregate over filtered rows.
func (b *passBuilder) filteredColumn(a *check.Aggregate, only sq.Sqlizer) (sq.Sqlizer, error) {
	if a.Op == rule.Count {
		if a.HalfLife != nil {
			return ex("sum(?) ?", b.weight(*a.HalfLife), only), nil
		}
		return ex("count(*) ?", only), nil
	}
	x, err := b.value(a.Column)
	if err != nil {
		return nil, err
	}
	switch a.Op { //nolint:exhaustive // count was dealt with, most_frequent is computed by itself.
	case rule.Sum:
		if a.HalfLife != nil {
			return ex("sum(TRY(? * ?)) ?", weighable(a.Column, x), b.weight(*a.HalfLife), only), nil
		}
		return ex("sum(?) ?", summable(a.Column, x), only), nil
	case rule.Avg:
		return ex("CAST(sum(?) ? AS DOUBLE) / count(?) ?", summable(a.Column, x), only, x, only), nil
	case rule.Median:
		exactly := exact(a.Column, x)
		return ex("CAST(quantile_disc(?, 0.5) ? - quantile_disc(-?, 0.5) ? AS DOUBLE) / 2", exactly, only, exactly, only), nil
	case rule.Distinct:
		return ex("count(DISTINCT ?) ?", x, only), nil
	case rule.First, rule.Last:
		edge := map[rule.AggregateOp]string{rule.First: "arg_min", rule.Last: "arg_max"}[a.Op]
		return ex("(?(struct_pack(v := ?), ?) ?).v", raw(edge), x, b.order(x), only), nil
	}
	return ex("?(?) ?", raw(string(a.Op)), x, only), nil
}

// outputs are the columns of the pass's table: conditions as words, and the
// values that others need.
func (b *passBuilder) outputs(out *passWords) (sq.SelectBuilder, error) {
	question := sq.Select().Column(column(aggregated, b.key()))
	for i, chunk := range chunks(b.codes.present) {
		name := presenceColumn(i)
		question = question.Column(column(aggregated, name))
		out.words = append(out.words, passWord{column: name, conditions: chunk, none: bitLiteral(0)})
	}
	var tested []*plan.Condition
	for _, c := range b.pass.Conditions {
		if c.Kind != plan.Present {
			tested = append(tested, c)
		}
	}
	for i, chunk := range chunks(tested) {
		name := fmt.Sprintf("bits %d", i+1)
		bits, err := b.tests(chunk, b.valueOf)
		if err != nil {
			return question, err
		}
		none, err := b.tests(chunk, func(t *plan.Trait) (sq.Sqlizer, error) { return emptyValue(t), nil })
		if err != nil {
			return question, err
		}
		question = question.Column(ex("? AS ?", bits, ident(name)))
		out.words = append(out.words, passWord{column: name, conditions: chunk, none: none})
	}
	for _, t := range b.pass.Traits {
		if !t.Value {
			continue
		}
		value, err := b.valueOf(t)
		if err != nil {
			return question, err
		}
		b.shared.homes[t.ID] = home{alias: out.alias, column: traitColumn(t)}
		question = question.Column(ex("? AS ?", value, ident(traitColumn(t))))
	}
	return question, nil
}

// tests is the word of conditions where traits have the given values.
func (b *passBuilder) tests(conditions []*plan.Condition, value func(*plan.Trait) (sq.Sqlizer, error)) (sq.Sqlizer, error) {
	f := b.customerFrame()
	f.inPass = value
	return b.shared.word(f, conditions)
}

// valueOf is a trait's value over the aggregated rows.
func (b *passBuilder) valueOf(t *plan.Trait) (sq.Sqlizer, error) {
	if t.Kind == plan.Counted {
		return b.counts.value(t), nil
	}
	value := sq.Sqlizer(column(aggregated, traitColumn(t)))
	if zeroWhenEmpty(t.X) {
		return ex("coalesce(?, 0)", value), nil
	}
	return value, nil
}

// bounds are the moments at which windows of traits begin or end, in order,
// within a range.
func bounds(traits []*plan.Trait, ranges map[*plan.Trait]calendar.Range, within calendar.Range) []time.Time {
	var list []time.Time
	for _, t := range traits {
		for _, end := range []*time.Time{ranges[t].From, ranges[t].To} {
			if end == nil || within.From != nil && !end.After(*within.From) || within.To != nil && !end.Before(*within.To) {
				continue
			}
			list = append(list, *end)
		}
	}
	slices.SortFunc(list, time.Time.Compare)
	return slices.CompactFunc(list, time.Time.Equal)
}

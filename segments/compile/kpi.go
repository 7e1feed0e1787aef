package compile

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/rule"
)

// KPI is a question for metrics of sets of customers in a period, whose end is
// the as-of of the compiler.
type KPI struct {
	Metrics []*check.Metric
	// From is the first moment of the period.
	From time.Time
	// Members says who is in which set.
	Members KPIMembers
}

// KPIMembers are sets of customers by number: a table of (unit, key), or the
// statements of the keys of each set, the first of which is set 0.
type KPIMembers struct {
	Table string
	Sets  []Statement
}

// KPIField says what a column of the answer holds, per metric.
type KPIField string

// The columns of a metric. y is the upper part of a customer's value, x the lower
// one: 1 for means and totals.
const (
	KPICount   KPIField = "n"   // customers with a value
	KPISum     KPIField = "y"   // the sum of y
	KPIBase    KPIField = "x"   // the sum of x
	KPISquares KPIField = "yy"  // the sums of squares and products
	KPIBases   KPIField = "xx"  //
	KPICross   KPIField = "xy"  //
	KPINonZero KPIField = "nz"  // customers whose y is not 0
	KPICut     KPIField = "wy"  // y cut at the 99.9th percentile of what is not 0
	KPICuts    KPIField = "wyy" //
)

// KPIColumn is a column of the answer behind the unit and the number of its
// customers.
type KPIColumn struct {
	Metric int
	Field  KPIField
}

// kpiTail is where large values are cut for comparisons of means: one customer
// with a huge order must not decide alone.
const kpiTail = "0.999"

const (
	kpiUnit  = "unit"
	kpiAlias = "v"
)

// errGap says that a gap is asked for by a statement of its own.
var errGap = errors.New("a gap between rows has a statement of its own")

// Sufficient returns the statement of the sums that the metrics need, a row per
// set: (unit, customers, the columns). Customers without rows count as zero; one
// for whom a value is missing is left out of its metric. Sums are of exact
// decimals, so that they repeat.
func (c *Compiler) Sufficient(k KPI) (Statement, []KPIColumn, error) {
	b := c.builder()
	w := &kpiWriter{builder: b, frame: b.customerFrame(), columns: map[string]string{}}
	for i, m := range k.Metrics {
		if err := w.metric(i, m, k); err != nil {
			return Statement{}, nil, fmt.Errorf("compile metric %s: %w", m.Name, err)
		}
	}
	members := b.step("members", k.Members.body(b))
	values := b.step("per customer", w.values())
	question := sq.Select().Column(column("m", kpiUnit)).Column(raw("count(*)"))
	for _, sum := range w.sums {
		question = question.Column(sum)
	}
	question = question.From(string(ident(members)) + " AS m").
		JoinClause(ex("LEFT JOIN ? AS v ON ? = ?", ident(values), column(kpiAlias, b.key()), column("m", b.key())))
	if len(w.caps) > 0 {
		caps := sq.Select()
		for _, cap := range w.caps {
			caps = caps.Column(cap)
		}
		name := b.step("largest that count", caps.From(string(ident(values))+" AS v"))
		question = question.JoinClause(ex("CROSS JOIN ? AS c", ident(name)))
	}
	s, err := b.statement(question.GroupBy(string(column("m", kpiUnit))).OrderBy("1"))
	return s, w.answer, err
}

// body is the relation of (unit, key).
func (m KPIMembers) body(b *builder) sq.Sqlizer {
	if m.Table != "" {
		return ex("SELECT unit, key AS ? FROM ?", ident(b.key()), raw(m.Table))
	}
	parts := make([]sq.Sqlizer, len(m.Sets))
	for i, set := range m.Sets {
		parts[i] = ex("SELECT ? AS unit, ? FROM (?) AS t", raw(strconv.Itoa(i)), column("t", b.key()), written(set))
	}
	return joined(" UNION ALL ", parts)
}

// written is a statement as a part of another one.
type written Statement

// ToSql returns the statement as it is.
func (w written) ToSql() (string, []any, error) { return w.SQL, w.Args, nil }

// kpiWriter collects the columns of a question for metrics.
type kpiWriter struct {
	*builder
	frame *frame
	// columns are the values per customer by what they say, cells their SQL.
	columns map[string]string
	cells   []sq.Sqlizer
	sums    []sq.Sqlizer
	caps    []sq.Sqlizer
	answer  []KPIColumn
}

// values is the step of all values, a row per customer of the population.
func (w *kpiWriter) values() sq.Sqlizer {
	question := w.question()
	for _, cell := range w.cells {
		question = question.Column(cell)
	}
	return w.frame.apply(question)
}

// value adds an expression to the values per customer and returns what it is in
// the question: never missing where the expression never is.
func (w *kpiWriter) value(e check.Expr) (sq.Sqlizer, bool, error) {
	sure := !mayBeMissing(e)
	name, ok := w.columns[check.Text(e)]
	if !ok {
		x, err := w.frame.value(e)
		if err != nil {
			return nil, false, err
		}
		name = fmt.Sprintf("value %d", len(w.cells)+1)
		w.columns[check.Text(e)] = name
		w.cells = append(w.cells, ex("CAST(? AS ?) AS ?", x, kpiType(e), ident(name)))
	}
	cell := column(kpiAlias, name)
	if sure {
		return ex("coalesce(?, 0)", cell), true, nil
	}
	return cell, false, nil
}

// kpiType is the type in which values are summed: exact, and with room for
// squares.
func kpiType(e check.Expr) raw {
	t := e.Type()
	if a, ok := e.(*check.Aggregate); ok && (a.Op == rule.Count || a.Op == rule.Distinct) {
		return "BIGINT"
	}
	switch {
	case t.Kind == catalog.Boolean:
		return "TINYINT"
	case t.Kind == catalog.Number, t.Kind == catalog.Decimal && t.Scale > 4:
		return "DECIMAL(18,6)"
	}
	return "DECIMAL(18,4)"
}

// metric adds the sums of one metric.
func (w *kpiWriter) metric(i int, m *check.Metric, k KPI) error {
	x, of := m.In(k.From, w.options.AsOf)
	if m.Form == definition.MetricGap || x == nil {
		return errGap
	}
	y, sure, err := w.value(x)
	if err != nil {
		return err
	}
	if of == nil {
		w.single(i, m, y, sure)
		return nil
	}
	base, baseSure, err := w.value(of)
	if err != nil {
		return err
	}
	if m.Form == definition.MetricShare {
		both := ex("? * ?", y, base)
		w.count(i, nil, true)
		w.sum(i, KPISum, both)
		w.sum(i, KPIBase, base)
		return nil
	}
	there := []sq.Sqlizer{}
	if !sure {
		there = append(there, ex("? IS NOT NULL", y))
	}
	if !baseSure {
		there = append(there, ex("? IS NOT NULL", base))
	}
	y, base = onlyWhere(there, y), onlyWhere(there, base)
	w.count(i, y, len(there) == 0)
	w.sum(i, KPISum, y)
	w.sum(i, KPIBase, base)
	w.sum(i, KPISquares, product(y, y))
	w.sum(i, KPIBases, product(base, base))
	w.sum(i, KPICross, product(y, base))
	w.nonZero(i, y)
	return nil
}

// product multiplies exactly. DuckDB multiplies decimals of 18 digits in 64 bits,
// which the square of an ordinary amount overflows; one of 28 makes it take 128.
func product(x, y sq.Sqlizer) sq.Sqlizer { return ex("CAST(? AS DECIMAL(28,6)) * (?)", x, y) }

// onlyWhere is a value where others are there as well.
func onlyWhere(there []sq.Sqlizer, x sq.Sqlizer) sq.Sqlizer {
	if len(there) == 0 {
		return x
	}
	return ex("CASE WHEN ? THEN ? END", allOf(there), x)
}

// single adds the sums of a metric whose lower part is the customers.
func (w *kpiWriter) single(i int, m *check.Metric, y sq.Sqlizer, sure bool) {
	w.count(i, y, sure)
	w.sum(i, KPISum, y)
	if m.Form == definition.MetricShare {
		return
	}
	w.nonZero(i, y)
	if m.Form != definition.MetricValue {
		return
	}
	cap := ident(fmt.Sprintf("cut %d", i))
	w.caps = append(w.caps, ex("quantile_disc(?, ?) FILTER (WHERE ? <> 0) AS ?", y, raw(kpiTail), y, cap))
	cut := ex("least(?, coalesce(c.?, ?))", y, cap, y)
	if !sure {
		cut = ex("CASE WHEN ? IS NOT NULL THEN ? END", y, cut)
	}
	w.sum(i, KPISquares, product(y, y))
	w.sum(i, KPICut, cut)
	w.sum(i, KPICuts, product(cut, cut))
}

func (w *kpiWriter) add(i int, field KPIField, sum sq.Sqlizer) {
	w.sums = append(w.sums, sum)
	w.answer = append(w.answer, KPIColumn{Metric: i, Field: field})
}

func (w *kpiWriter) sum(i int, field KPIField, x sq.Sqlizer) {
	w.add(i, field, ex("CAST(sum(?) AS DOUBLE)", x))
}

func (w *kpiWriter) nonZero(i int, y sq.Sqlizer) {
	w.add(i, KPINonZero, ex("count(*) FILTER (WHERE ? <> 0)", y))
}

// count adds the number of customers with a value.
func (w *kpiWriter) count(i int, y sq.Sqlizer, sure bool) {
	if sure {
		w.add(i, KPICount, raw("count(*)"))
		return
	}
	w.add(i, KPICount, ex("count(?)", y))
}

package compile

import (
	"fmt"
	"time"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/rule"
)

// aggregate adds the step of a value over the rows of a window, by customer,
// and returns its name. Customers without such rows are not in it.
func (b *builder) aggregate(a *check.Aggregate) (string, error) {
	f := b.rowFrame(a.Rows)
	conditions, err := f.rowConditions(a.Rows, a.Window)
	if err != nil {
		return "", err
	}
	name := fmt.Sprintf("%s of %s", a.Op, a.Rows.Stream.Name)
	if a.Op == rule.MostFrequent {
		question, err := f.mostFrequent(a, conditions)
		if err != nil {
			return "", err
		}
		return b.step(name, question), nil
	}
	value, err := f.aggregateValue(a)
	if err != nil {
		return "", err
	}
	return b.step(name, f.grouped(value, conditions)), nil
}

// rowConditions say which rows count: those of the stream, in the window, that
// pass the filter. Rows of nobody are left out, because one NULL among the keys
// of a step would make NOT IN hold for nobody.
func (f *frame) rowConditions(rows check.Rows, w check.Window) ([]sq.Sqlizer, error) {
	conditions, err := f.rowsIn(w)
	if err != nil {
		return nil, err
	}
	stream, err := f.streamConditions()
	if err != nil {
		return nil, err
	}
	conditions = append(conditions, stream...)
	if rows.Where != nil {
		where, err := f.test(rows.Where)
		if err != nil {
			return nil, err
		}
		conditions = append(conditions, where)
	}
	return append(conditions, f.somebody()), nil
}

// somebody is the condition that a row is a customer's, or that of the one
// customer the statement is about.
func (f *frame) somebody() sq.Sqlizer {
	if f.only != nil {
		return f.isOnly(f.rowKey())
	}
	return ex("? IS NOT NULL", f.rowKey())
}

// grouped is one value per customer over the frame's rows.
func (f *frame) grouped(value sq.Sqlizer, conditions []sq.Sqlizer) sq.Sqlizer {
	question := sq.Select().
		Column(ex("? AS ?", f.rowKey(), ident(f.key()))).
		Column(ex("? AS ?", value, ident(valueColumn)))
	return f.apply(question).Where(allOf(conditions)).GroupBy(string(f.rowKey()))
}

func (f *frame) aggregateValue(a *check.Aggregate) (sq.Sqlizer, error) {
	if a.Op == rule.Count {
		if a.HalfLife != nil {
			return ex("sum(?)", f.weight(*a.HalfLife)), nil
		}
		return raw("count(*)"), nil
	}
	x, err := f.value(a.Column)
	if err != nil {
		return nil, err
	}
	switch a.Op {
	case rule.Sum:
		if a.HalfLife != nil {
			return ex("sum(TRY(? * ?))", weighable(a.Column, x), f.weight(*a.HalfLife)), nil
		}
		return ex("sum(?)", summable(a.Column, x)), nil
	case rule.Avg:
		return ex("CAST(sum(?) AS DOUBLE) / count(?)", summable(a.Column, x), x), nil
	case rule.Median:
		// The mean of the two middle values; both are taken as they are, and the
		// upper one is the lower one of the negated values.
		exactly := exact(a.Column, x)
		return ex("CAST(quantile_disc(?, 0.5) - quantile_disc(-?, 0.5) AS DOUBLE) / 2", exactly, exactly), nil
	case rule.Distinct:
		return ex("count(DISTINCT ?)", x), nil
	case rule.First:
		return f.edge("arg_min", x), nil
	case rule.Last:
		return f.edge("arg_max", x), nil
	default:
		return ex(string(a.Op)+"(?)", x), nil
	}
}

// summable is a column as something whose sum does not depend on the order of
// rows: doubles are summed as decimals.
func summable(e check.Expr, x sq.Sqlizer) sq.Sqlizer {
	if e.Type().Kind == catalog.Number {
		return ex("TRY_CAST(? AS DECIMAL(38,6))", x)
	}
	return x
}

// weighable is a column with room for nine more decimals: DuckDB would multiply
// a small integer by a decimal in 64 bits.
func weighable(e check.Expr, x sq.Sqlizer) sq.Sqlizer {
	if e.Type().Kind == catalog.Integer {
		return ex("CAST(? AS DECIMAL(28,0))", x)
	}
	return summable(e, x)
}

// edge is the value of the earliest or latest row, whatever it is: arg_min and
// arg_max skip NULL, so the value travels in a STRUCT.
func (f *frame) edge(function string, x sq.Sqlizer) sq.Sqlizer {
	return ex(function+"(struct_pack(v := ?), ?).v", x, f.order(x))
}

// order is what rows are ordered by: time, then id. Without an id, equal times
// are told apart by the value itself, so that the answer does not depend on
// how rows are stored.
func (f *frame) order(x sq.Sqlizer) sq.Sqlizer {
	tie := x
	if id := f.rows.Stream.Source.ID; id != nil {
		tie = column(sourceAlias, id.Column)
	}
	return ex("row(?, ?)", f.at().instant(), tie)
}

// mostFrequent counts each value first; ties go to the value with the latest
// row, then with the largest id.
func (f *frame) mostFrequent(a *check.Aggregate, conditions []sq.Sqlizer) (sq.Sqlizer, error) {
	x, err := f.value(a.Column)
	if err != nil {
		return nil, err
	}
	conditions = append(conditions, ex("? IS NOT NULL", x))
	tie := x
	if id := f.rows.Stream.Source.ID; id != nil {
		tie = column(sourceAlias, id.Column)
	}
	counted := sq.Select().
		Column(ex("? AS ?", f.rowKey(), ident(f.key()))).
		Column(ex("? AS v", x)).
		Column("count(*) AS n").
		Column(ex("max(struct_pack(a := ?, i := ?)) AS latest", f.at().instant(), tie))
	counted = f.apply(counted).Where(allOf(conditions)).GroupBy(string(f.rowKey()), "v")
	return ex("SELECT ?, arg_max(v, row(n, latest)) AS ? FROM (?) AS t GROUP BY ?",
		ident(f.key()), ident(valueColumn), counted, ident(f.key())), nil
}

// weight is 0.5 ^ (elapsed / half-life) of the frame's row, a day being 24
// hours, rounded to 9 decimals so that sums repeat.
func (f *frame) weight(half calendar.Duration) sq.Sqlizer {
	length, ok := half.Length()
	if !ok {
		length = time.Duration(half.Days()) * day24
	}
	elapsed := ex("(epoch_us(?) - epoch_us(?))", ex("?", f.options.AsOf), f.at().instant())
	return ex("CAST(round(power(0.5, ? / ?), 9) AS DECIMAL(10,9))", elapsed, length.Microseconds())
}

// periods adds the step that counts the periods of a window with enough rows.
func (b *builder) periods(p *check.Periods) (string, error) {
	f := b.rowFrame(p.Rows)
	conditions, err := f.rowConditions(p.Rows, p.Window)
	if err != nil {
		return "", err
	}
	starts := make([]sq.Sqlizer, p.Count)
	for i := range p.Count {
		starts[i] = ex("(?)", b.periodStart(p, p.Count-i))
	}
	index := ex("(SELECT ? AS k, ? AS at FROM ? WHERE ?)", f.rowKey(), f.at().instant(), raw(f.rowSource()), allOf(conditions))
	if f.customers {
		inner := f.apply(sq.Select().Column(ex("? AS k", f.rowKey())).Column(ex("? AS at", f.at().instant())))
		index = ex("(?)", inner.Where(allOf(conditions)))
	}
	counted := ex(`SELECT r.k, b."start" FROM ? AS r ASOF JOIN (VALUES ?) AS b("start") ON r.at >= b."start" GROUP BY ALL HAVING count(*) >= ?`,
		index, joined(", ", starts), int64(p.AtLeast))
	question := ex("SELECT k AS ?, count(*) AS ? FROM (?) AS t GROUP BY k", ident(b.key()), ident(valueColumn), counted)
	return b.step("periods of "+p.Rows.Stream.Name, question), nil
}

// periodStart is the start of the nth period back from as-of.
func (b *builder) periodStart(p *check.Periods, n int) time.Time {
	if p.CalendarUnits {
		return calendar.StartOf(b.options.AsOf, p.Per.Unit, -n, b.program.Zone)
	}
	by := calendar.Duration{N: -n * p.Per.N, Unit: p.Per.Unit}
	return calendar.Step(b.options.AsOf, by, b.program.Zone)
}

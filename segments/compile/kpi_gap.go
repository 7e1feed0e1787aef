package compile

import (
	"fmt"
	"strconv"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/definition"
)

// Gaps returns the statement of the days between consecutive rows of customers,
// a row per set: (unit, gaps, customers with one, the median of all gaps, the
// median of the customers' medians, and the ends of an interval of the median).
// A gap counts in the period that it ends in; it may have begun before. Only the
// first metric is asked for.
//
// The interval is that of order statistics, with the number of customers in the
// place of the number of gaps, since the gaps of one customer are alike. Its ends
// are NULL where there are too few.
func (c *Compiler) Gaps(k KPI) (Statement, error) {
	b := c.builder()
	m := k.Metrics[0]
	gaps, err := b.gaps(m, k)
	if err != nil {
		return Statement{}, fmt.Errorf("compile metric %s: %w", m.Name, err)
	}
	members := b.step("members", k.Members.body(b))
	all := b.step("gaps of members", ex("SELECT m.unit, m.?, g.gap FROM ? AS m JOIN ? AS g ON g.? = m.?",
		ident(b.key()), ident(members), ident(gaps), ident(b.key()), ident(b.key())))
	each := b.step("by customer", ex("SELECT unit, median(gap) AS mid FROM ? GROUP BY unit, ?", ident(all), ident(b.key())))
	mids := b.step("by set", ex("SELECT unit, count(*) AS customers, median(mid) AS mid, 0.98 / sqrt(count(*)) AS half FROM ? GROUP BY unit", ident(each)))
	place := func(sign string) sq.Sqlizer {
		return ex("CASE WHEN h.half < 0.5 THEN sorted[least(len(sorted), greatest(1, CAST(round(len(sorted) * (0.5 ? h.half) + 0.5) AS BIGINT)))] END", raw(sign))
	}
	pooled := b.step("all gaps", ex("SELECT unit, count(*) AS gaps, median(gap) AS mid, list_sort(list(gap)) AS sorted FROM ? GROUP BY unit", ident(all)))
	question := ex("SELECT a.unit, a.gaps, h.customers, a.mid, h.mid AS by_customer, ? AS low, ? AS high FROM ? AS a JOIN ? AS h ON h.unit = a.unit ORDER BY 1",
		place("-"), place("+"), ident(pooled), ident(mids))
	return b.statement(question)
}

// gaps is the step of (key, gap in days) of the gaps that end in the period.
func (b *builder) gaps(m *check.Metric, k KPI) (string, error) {
	if m.Form != definition.MetricGap {
		return "", fmt.Errorf("it is a %s, not a gap", m.Form)
	}
	f := b.rowFrame(*m.Gap)
	conditions, err := f.rowConditions(*m.Gap, check.Window{})
	if err != nil {
		return "", err
	}
	at := f.at().instant()
	order := []sq.Sqlizer{at}
	if id := m.Gap.Stream.Source.ID; id != nil {
		order = append(order, column(sourceAlias, id.Column))
	}
	rows := sq.Select().
		Column(ex("? AS ?", f.rowKey(), ident(b.key()))).
		Column(ex("? AS happened", at)).
		Column(ex("CAST(epoch_us(?) - epoch_us(lag(?) OVER (PARTITION BY ? ORDER BY ?)) AS DOUBLE) / 86400000000 AS gap",
			at, at, f.rowKey(), joined(", ", order)))
	all := b.step("rows of "+m.Gap.Stream.Name, f.apply(rows).Where(allOf(conditions)))
	return b.step("gaps", ex("SELECT ?, gap FROM ? WHERE gap IS NOT NULL AND happened >= ?", ident(b.key()), ident(all), k.From.UTC())), nil
}

// Opened returns the statement behind one number, a row per set, the way an
// analyst would write it: who is asked, the value of each customer, and the sum.
// The first metric alone is asked for. Columns are set (a number), customers,
// upper, lower and value; for a gap set, gaps and value.
func (c *Compiler) Opened(k KPI, names []string) (Statement, error) {
	b := c.builder()
	m := k.Metrics[0]
	who := func(unit string) sq.Sqlizer {
		parts := []sq.Sqlizer{raw("CASE " + unit)}
		for i, name := range names {
			parts = append(parts, ex("WHEN ? THEN ?", raw(strconv.Itoa(i)), name))
		}
		return joined(" ", append(parts, raw("END AS who")))
	}
	if m.Form == definition.MetricGap {
		gaps, err := b.gaps(m, k)
		if err != nil {
			return Statement{}, err
		}
		members := b.step("members", k.Members.body(b))
		return b.statement(ex("SELECT ?, count(*) AS gaps, count(DISTINCT m.?) AS customers, median(g.gap) AS value FROM ? AS m JOIN ? AS g ON g.? = m.? GROUP BY m.unit ORDER BY m.unit",
			who("m.unit"), ident(b.key()), ident(members), ident(gaps), ident(b.key()), ident(b.key())))
	}
	upper, lower, err := b.parts(m, k)
	if err != nil {
		return Statement{}, fmt.Errorf("compile metric %s: %w", m.Name, err)
	}
	members := b.step("members", k.Members.body(b))
	value := raw("CAST(sum(v.upper) AS DOUBLE) / nullif(CAST(sum(v.lower) AS DOUBLE), 0)")
	if m.Form == definition.MetricTotal {
		value = "CAST(sum(v.upper) AS DOUBLE)"
	}
	f := b.customerFrame()
	y, err := f.value(upper)
	if err != nil {
		return Statement{}, err
	}
	x := sq.Sqlizer(raw("1"))
	if lower != nil {
		if x, err = f.value(lower); err != nil {
			return Statement{}, err
		}
		x = ex("CAST(? AS ?)", x, kpiType(lower))
	}
	values := b.step("per customer", f.apply(b.question().Column(ex("CAST(? AS ?) AS upper", y, kpiType(upper))).Column(ex("? AS lower", x))))
	return b.statement(ex("SELECT ?, count(*) AS customers, sum(v.upper) AS upper, sum(v.lower) AS lower, ? AS value FROM ? AS m LEFT JOIN ? AS v ON v.? = m.? ? GROUP BY m.unit ORDER BY m.unit",
		who("m.unit"), value, ident(members), ident(values), ident(b.key()), ident(b.key()), b.bothThere(upper, lower)))
}

// parts are the upper and lower part of a metric for one customer.
func (b *builder) parts(m *check.Metric, k KPI) (upper, lower check.Expr, err error) {
	x, of := m.In(k.From, b.options.AsOf)
	if x == nil {
		return nil, nil, errGap
	}
	if m.Form == definition.MetricShare && of != nil {
		return check.BothHold(x, of), of, nil
	}
	return x, of, nil
}

// bothThere leaves out customers for whom a part is missing.
func (b *builder) bothThere(upper, lower check.Expr) sq.Sqlizer {
	var conditions []sq.Sqlizer
	if mayBeMissing(upper) {
		conditions = append(conditions, raw("v.upper IS NOT NULL"))
	}
	if lower != nil && mayBeMissing(lower) {
		conditions = append(conditions, raw("v.lower IS NOT NULL"))
	}
	if len(conditions) == 0 {
		return raw("")
	}
	return ex("WHERE ?", allOf(conditions))
}

// Currencies returns the statement of the currencies of a stream's rows in a
// period that ends at the as-of, with their number of rows: (currency, rows).
func (c *Compiler) Currencies(k KPI, stream *check.Stream, name string) (Statement, error) {
	b := c.builder()
	rows := check.Rows{Stream: stream}
	f := b.rowFrame(rows)
	conditions, err := f.rowConditions(rows, check.Window{})
	if err != nil {
		return Statement{}, err
	}
	x, err := f.value(stream.Columns[name])
	if err != nil {
		return Statement{}, err
	}
	conditions = append(conditions, f.at().from(k.From))
	if stream.Columns[name].T.Kind != catalog.Text {
		return Statement{}, fmt.Errorf("the currency %s is no text", name)
	}
	return b.bare(ex("SELECT currency, count(*) FROM (?) AS t WHERE currency IS NOT NULL GROUP BY currency ORDER BY currency",
		f.apply(sq.Select().Column(ex("? AS currency", x))).Where(allOf(conditions))))
}

package compile

import (
	"strconv"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/check"
	"strata/segments/rule"
)

// CampaignPanel asks for recipients and others like them.
type CampaignPanel struct {
	// Recipients is a table of (unit, key).
	Recipients string
	// Orders are the rows that recency and frequency come from, Amount is the
	// column of spend, nil where there is none.
	Orders check.Rows
	Amount *check.Column
}

// CampaignMatched returns the statement of (unit, key) at the as-of, which is the
// moment of sending: recipients in unit 0, and in unit 1 as many customers who are
// none. Each recipient has another customer beside it in the same tenth by time
// since the last order, by number of orders and by spend before the as-of, those
// who never ordered being a cell of their own. Who is taken of a cell is decided
// by the MD5 of the key, so that it repeats. Recipients for whom nobody is left are
// not in it.
func (c *Compiler) CampaignMatched(p CampaignPanel) (Statement, error) {
	b := c.builder()
	f := b.customerFrame()
	values, err := f.campaignHistory(p)
	if err != nil {
		return Statement{}, err
	}
	question := b.question()
	for i, value := range values {
		question = question.Column(ex("? AS ?", value, raw("v"+strconv.Itoa(i))))
	}
	history := b.step("history", f.apply(question))
	tenths := make([]sq.Sqlizer, len(values))
	for i := range values {
		v := raw("v" + strconv.Itoa(i))
		tenths[i] = ex("CASE WHEN v1 > 0 THEN least(9, floor(10 * percent_rank() OVER (PARTITION BY v1 > 0 ORDER BY ?))) ELSE -1 END AS ?", v, raw("t"+strconv.Itoa(i)))
	}
	cells := b.step("tenths", ex("SELECT ? AS key, ? FROM ?", ident(b.key()), joined(", ", tenths), ident(history)))
	sides := b.step("sides", ex("SELECT t.*, CASE WHEN r.key IS NULL THEN 1 ELSE 0 END AS unit FROM ? AS t LEFT JOIN ? AS r ON r.key = t.key", ident(cells), raw(p.Recipients)))
	names := make([]sq.Sqlizer, len(values))
	for i := range values {
		names[i] = raw("t" + strconv.Itoa(i))
	}
	cell := joined(", ", names)
	numbered := b.step("numbered", ex("SELECT *, row_number() OVER (PARTITION BY ?, unit ORDER BY md5(CAST(key AS VARCHAR)), key) AS n, count(*) FILTER (WHERE unit = 0) OVER (PARTITION BY ?) AS r, count(*) FILTER (WHERE unit = 1) OVER (PARTITION BY ?) AS o FROM ?",
		cell, cell, cell, ident(sides)))
	return b.statement(ex("SELECT unit, key FROM ? WHERE n <= least(r, o)", ident(numbered)))
}

// campaignHistory are the time of the last order, the number of orders and, with
// an amount, their sum, of each customer.
func (f *frame) campaignHistory(p CampaignPanel) ([]sq.Sqlizer, error) {
	ever := func(op rule.AggregateOp, x *check.Column) (sq.Sqlizer, error) {
		a := &check.Aggregate{Op: op, Rows: p.Orders}
		if x != nil {
			a.Column = x
		}
		name, err := f.aggregate(a)
		if err != nil {
			return nil, err
		}
		return f.join(name), nil
	}
	last, err := ever(rule.Max, p.Orders.Stream.Columns["at"])
	if err != nil {
		return nil, err
	}
	orders, err := ever(rule.Count, nil)
	if err != nil {
		return nil, err
	}
	values := []sq.Sqlizer{last, ex("coalesce(?, 0)", orders)}
	if p.Amount != nil {
		spend, err := ever(rule.Sum, p.Amount)
		if err != nil {
			return nil, err
		}
		values = append(values, ex("coalesce(?, 0)", spend))
	}
	return values, nil
}

// CampaignTrends returns the statement of one row per unit of tables of values,
// one per period, the last of which is the one after sending. Of the only metric's
// value per customer it has: the number of customers; for each period the sum and
// the sum of squares; then of the last value y and the sum b of all before it the
// sums of b, bb and by; then of the slope before, as the sum of each value times
// twice its distance from the middle period, the sum and the sum of squares.
func CampaignTrends(tables []string) (Statement, error) {
	value := func(i int) sq.Sqlizer {
		return ex("coalesce(CAST(? AS DECIMAL(18,4)), 0)", column("p"+strconv.Itoa(i), string(campaignY(0))))
	}
	columns := []sq.Sqlizer{raw("p0.unit"), raw("count(*)")}
	var before, slope []sq.Sqlizer
	last := len(tables) - 1
	from := ex("? AS p0", raw(tables[0]))
	for i, table := range tables {
		columns = append(columns, exactSum(value(i)), exactSum(product(value(i), value(i))))
		if i > 0 {
			from = ex("? JOIN ? AS ? USING (key)", from, raw(table), raw("p"+strconv.Itoa(i)))
		}
		if i < last {
			before = append(before, value(i))
			slope = append(slope, ex("? * ?", raw(strconv.Itoa(2*i-(last-1))), value(i)))
		}
	}
	if last > 0 {
		b, s := ex("(?)", joined(" + ", before)), ex("(?)", joined(" + ", slope))
		columns = append(columns, exactSum(b), exactSum(product(b, b)), exactSum(product(b, value(last))), exactSum(s), exactSum(product(s, s)))
	}
	sql, args, err := ex("SELECT ? FROM ? GROUP BY p0.unit ORDER BY p0.unit", joined(", ", columns), from).ToSql()
	return Statement{SQL: sql, Args: args}, err
}

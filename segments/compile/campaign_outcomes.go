package compile

import (
	"fmt"
	"strconv"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/check"
	"strata/segments/definition"
)

// CampaignValues returns the statement of (unit, key, y0, x0, y1, x1, …): the
// upper and lower part of each metric for each member. Members without rows have
// 0, those for whom a value is missing NULL. A gap has no value per customer and
// is an error.
func (c *Compiler) CampaignValues(k KPI) (Statement, error) {
	b := c.builder()
	w := &kpiWriter{builder: b, frame: b.customerFrame(), columns: map[string]string{}}
	question := sq.Select("m.unit AS unit").Column(ex("? AS key", column("m", b.key())))
	for i, m := range k.Metrics {
		y, x, err := w.campaignParts(m, k)
		if err != nil {
			return Statement{}, fmt.Errorf("compile metric %s: %w", m.Name, err)
		}
		question = question.Column(ex("? AS ?", y, campaignY(i))).Column(ex("? AS ?", x, campaignX(i)))
	}
	members := b.step("members", k.Members.body(b))
	values := b.step("per customer", w.values())
	question = question.From(string(ident(members)) + " AS m").
		JoinClause(ex("LEFT JOIN ? AS v ON ? = ?", ident(values), column(kpiAlias, b.key()), column("m", b.key())))
	return b.statement(question)
}

func campaignY(i int) raw { return raw("y" + strconv.Itoa(i)) }
func campaignX(i int) raw { return raw("x" + strconv.Itoa(i)) }

// campaignParts are the upper and lower part of a metric for a member.
func (w *kpiWriter) campaignParts(m *check.Metric, k KPI) (y, x sq.Sqlizer, err error) {
	upper, of := m.In(k.From, w.options.AsOf)
	if m.Form == definition.MetricGap || upper == nil {
		return nil, nil, errGap
	}
	y, sure, err := w.value(upper)
	if err != nil {
		return nil, nil, err
	}
	if of == nil {
		return y, raw("1"), nil
	}
	base, baseSure, err := w.value(of)
	if err != nil {
		return nil, nil, err
	}
	if m.Form == definition.MetricShare {
		return ex("? * ?", y, base), base, nil
	}
	var there []sq.Sqlizer
	if !sure {
		there = append(there, ex("? IS NOT NULL", y))
	}
	if !baseSure {
		there = append(there, ex("? IS NOT NULL", base))
	}
	return onlyWhere(there, y), onlyWhere(there, base), nil
}

// CampaignSums asks for sums over tables of values.
type CampaignSums struct {
	// After is a table of CampaignValues, Before, where set, one of the same
	// members and metrics in an earlier period.
	After, Before string
	// Metrics is how many metrics the tables hold. The first Only of them are asked
	// for, all where it is 0.
	Metrics, Only int
	// Groups, where set, is a table of (stage, key): the sums are by unit and stage,
	// which is NULL for members who are not in it.
	Groups string
}

// CampaignSum is what a column of the sums holds.
type CampaignSum string

// The sums of a metric: y is the upper part of a customer's value, x the lower
// one, b the upper part in the period before; w and v are y and b cut at their
// 99.9th percentiles, taken over all members whose value is not 0.
const (
	CampaignCount    CampaignSum = "n" // members with a value
	CampaignY        CampaignSum = "y"
	CampaignX        CampaignSum = "x"
	CampaignYY       CampaignSum = "yy"
	CampaignXX       CampaignSum = "xx"
	CampaignXY       CampaignSum = "xy"
	CampaignNonZero  CampaignSum = "nz" // members whose y is not 0
	CampaignCutY     CampaignSum = "wy"
	CampaignCutYY    CampaignSum = "wyy"
	CampaignCap      CampaignSum = "cap" // where y is cut, the same in every row
	CampaignBefores  CampaignSum = "bn"  // members with y and b
	CampaignB        CampaignSum = "b"
	CampaignBB       CampaignSum = "bb"
	CampaignBY       CampaignSum = "by"
	CampaignCutB     CampaignSum = "vb"
	CampaignCutBB    CampaignSum = "vbb"
	CampaignCutBY    CampaignSum = "vby"
	campaignAfter                = "a"
	campaignBefore               = "b"
	campaignCutTable             = "c"
)

// CampaignColumn is a column of the answer behind the unit, the stage and the
// number of members.
type CampaignColumn struct {
	Metric int
	Sum    CampaignSum
}

// Statement returns the statement of (unit, stage, members, the columns), a row
// per unit and stage.
func (s CampaignSums) Statement() (Statement, []CampaignColumn, error) {
	stage, by := raw("NULL"), "a.unit"
	if s.Groups != "" {
		stage, by = "g.stage", "a.unit, g.stage"
	}
	question := sq.Select("a.unit").Column(ex("? AS stage", stage)).Column("count(*)")
	var answer []CampaignColumn
	caps := sq.Select("1")
	only := s.Only
	if only == 0 {
		only = s.Metrics
	}
	for i := range only {
		y := column(campaignAfter, string(campaignY(i)))
		caps = caps.Column(ex("quantile_disc(?, ?) FILTER (WHERE ? <> 0) AS ?", y, raw(kpiTail), y, campaignY(i)))
		if s.Before != "" {
			b := column(campaignBefore, string(campaignY(i)))
			caps = caps.Column(ex("quantile_disc(?, ?) FILTER (WHERE ? <> 0) AS ?", b, raw(kpiTail), b, campaignX(i)))
		}
		for _, sum := range s.sums(i) {
			question = question.Column(sum.x)
			answer = append(answer, CampaignColumn{Metric: i, Sum: sum.what})
		}
	}
	from := ex("? AS a", raw(s.After))
	if s.Before != "" {
		from = ex("? LEFT JOIN ? AS b ON b.key = a.key", from, raw(s.Before))
	}
	tables := from
	if s.Groups != "" {
		tables = ex("? LEFT JOIN ? AS g ON g.key = a.key", from, raw(s.Groups))
	}
	sql, args, err := ex("? FROM ? CROSS JOIN (? FROM ?) AS c GROUP BY ? ORDER BY ALL", question, tables, caps, from, raw(by)).ToSql()
	return Statement{SQL: sql, Args: args}, answer, err
}

// campaignSum is a column that is written.
type campaignSum struct {
	what CampaignSum
	x    sq.Sqlizer
}

// sums are the sums of one metric.
func (s CampaignSums) sums(i int) []campaignSum {
	y, x := column(campaignAfter, string(campaignY(i))), column(campaignAfter, string(campaignX(i)))
	cap := column(campaignCutTable, string(campaignY(i)))
	there := ex("CASE WHEN ? IS NOT NULL THEN ? END", y, x)
	cut := campaignCut(y, cap)
	list := []campaignSum{
		{CampaignCount, ex("count(?)", y)},
		{CampaignY, exactSum(y)},
		{CampaignX, exactSum(there)},
		{CampaignYY, exactSum(product(y, y))},
		{CampaignXX, exactSum(product(there, there))},
		{CampaignXY, exactSum(product(y, there))},
		{CampaignNonZero, ex("count(*) FILTER (WHERE ? <> 0)", y)},
		{CampaignCutY, exactSum(cut)},
		{CampaignCutYY, exactSum(product(cut, cut))},
		{CampaignCap, ex("CAST(any_value(?) AS DOUBLE)", cap)},
	}
	if s.Before == "" {
		return list
	}
	b := ex("CASE WHEN ? IS NOT NULL THEN ? END", y, column(campaignBefore, string(campaignY(i))))
	cutB := campaignCut(b, column(campaignCutTable, string(campaignX(i))))
	return append(list,
		campaignSum{CampaignBefores, ex("count(?)", b)},
		campaignSum{CampaignB, exactSum(b)}, campaignSum{CampaignBB, exactSum(product(b, b))}, campaignSum{CampaignBY, exactSum(product(b, y))},
		campaignSum{CampaignCutB, exactSum(cutB)}, campaignSum{CampaignCutBB, exactSum(product(cutB, cutB))}, campaignSum{CampaignCutBY, exactSum(product(cutB, cut))})
}

// exactSum is the sum of exact numbers, which repeats whatever the order of rows.
func exactSum(x sq.Sqlizer) sq.Sqlizer { return ex("coalesce(CAST(sum(?) AS DOUBLE), 0)", x) }

// campaignCut is a value cut at a bound; missing where it is.
func campaignCut(x, cap sq.Sqlizer) sq.Sqlizer {
	return ex("CASE WHEN ? > ? THEN ? ELSE ? END", x, cap, cap, x)
}

// CampaignNonZeros returns the statement of (unit, y) of all values of a metric
// that are not 0, in order.
func CampaignNonZeros(after string, metric int) Statement {
	y := string(campaignY(metric))
	return Statement{SQL: "SELECT unit, CAST(" + y + " AS DOUBLE) FROM " + after + " WHERE " + y + " <> 0 ORDER BY unit, " + y}
}

package evaluate_test

import (
	"math"
	"math/big"
	"slices"
	"time"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/rule"
)

// before returns the rows of a stream that exist: those before as-of.
func (s scope) before(stream *check.Stream) []*row {
	all := s.naive.stream(stream, s.who)
	n := 0
	for n < len(all) && all[n].at.Before(s.asOf) {
		n++
	}
	return all[:n]
}

// matching returns the existing rows that pass a filter.
func (s scope) matching(rows check.Rows) []*row {
	var list []*row
	for _, r := range s.before(rows.Stream) {
		inside := s
		inside.stream, inside.row = rows.Stream, r
		if rows.Where == nil || inside.test(rows.Where) {
			list = append(list, r)
		}
	}
	return list
}

// within returns the matching rows of a window.
func (s scope) within(rows check.Rows, w check.Window) []*row {
	l, ok := s.window(w, true)
	if !ok {
		return nil
	}
	var list []*row
	for _, r := range s.matching(rows) {
		if l.hold(r.at) {
			list = append(list, r)
		}
	}
	return list
}

// place is the row's number from the first or the last row of the stream
// before as-of, or the days since the row before it.
func (s scope) place(which catalog.Derived) value {
	rows := s.before(s.stream)
	i := slices.Index(rows, s.row)
	switch {
	case i < 0:
		return nil
	case which == catalog.Nth:
		return whole(i + 1)
	case which == catalog.NthLast:
		return whole(len(rows) - i)
	case i == 0:
		return nil
	}
	return float64(rows[i].at.Sub(rows[i-1].at).Microseconds()) / float64((24 * time.Hour).Microseconds())
}

// cell is the column's value of a row.
type cell struct {
	row *row
	v   value
}

func (s scope) aggregate(e *check.Aggregate) value {
	rows := s.within(e.Rows, e.Window)
	if e.HalfLife != nil {
		return s.weighed(e, rows)
	}
	if e.Op == rule.Count {
		return whole(len(rows))
	}
	cells := s.cells(e, rows)
	if e.Op == rule.First || e.Op == rule.Last {
		return edge(e.Op, cells)
	}
	cells = slices.DeleteFunc(cells, func(c cell) bool { return c.v == nil })
	switch {
	case e.Op == rule.Distinct:
		return whole(len(s.groups(cells)))
	case e.Op == rule.Sum:
		return total(cells)
	case len(cells) == 0:
		return nil
	}
	if e.Op == rule.Avg {
		return finite(double(total(cells)) / float64(len(cells)))
	}
	if e.Op == rule.MostFrequent {
		return s.mostFrequent(cells)
	}
	slices.SortStableFunc(cells, func(a, b cell) int { return s.order(a.v, b.v) })
	switch e.Op {
	case rule.Min:
		return cells[0].v
	case rule.Max:
		return cells[len(cells)-1].v
	case rule.Median:
		return middle(cells)
	default:
		panic("aggregate " + string(e.Op))
	}
}

func (s scope) cells(e *check.Aggregate, rows []*row) []cell {
	cells := make([]cell, 0, len(rows))
	for _, r := range rows {
		inside := s
		inside.stream, inside.row = e.Rows.Stream, r
		cells = append(cells, cell{r, inside.value(e.Column)})
	}
	return cells
}

// edge is the value of the first or last row, whatever it holds.
func edge(op rule.AggregateOp, cells []cell) value {
	switch {
	case len(cells) == 0:
		return nil
	case op == rule.First:
		return cells[0].v
	}
	return cells[len(cells)-1].v
}

// total adds exact numbers; doubles are added as decimals of six places.
func total(cells []cell) *big.Rat {
	sum := new(big.Rat)
	for _, c := range cells {
		sum.Add(sum, summand(c.v))
	}
	return sum
}

func summand(v value) *big.Rat {
	if f, ok := v.(float64); ok {
		return rounded(new(big.Rat).SetFloat64(f), 6)
	}
	return v.(*big.Rat)
}

// middle is the mean of the two middle values, computed from exact operands.
func middle(cells []cell) value {
	low, high := cells[(len(cells)-1)/2].v, cells[len(cells)/2].v
	x, ok := low.(*big.Rat)
	if !ok {
		return finite((low.(float64) + high.(float64)) / 2)
	}
	return finite(double(new(big.Rat).Add(x, high.(*big.Rat))) / 2)
}

// groups gathers equal values, each group in the order of its rows.
func (s scope) groups(cells []cell) [][]cell {
	var groups [][]cell
next:
	for _, c := range cells {
		for i, group := range groups {
			if s.same(group[0].v, c.v) {
				groups[i] = append(group, c)
				continue next
			}
		}
		groups = append(groups, []cell{c})
	}
	return groups
}

// mostFrequent is the value of the largest group; of equal groups that of the
// latest row, and of rows at the same time that of the largest id.
func (s scope) mostFrequent(cells []cell) value {
	var best []cell
	for _, group := range s.groups(cells) {
		if best == nil || len(group) > len(best) ||
			len(group) == len(best) && s.byTime(group[len(group)-1].row, best[len(best)-1].row) > 0 {
			best = group
		}
	}
	return best[0].v
}

// weighed counts or adds rows that lose half their weight in each half-life,
// a day being 24 hours.
func (s scope) weighed(e *check.Aggregate, rows []*row) value {
	life, ok := e.HalfLife.Length()
	if !ok {
		life = time.Duration(e.HalfLife.Days()) * 24 * time.Hour
	}
	sum := new(big.Rat)
	for _, r := range rows {
		elapsed := float64(s.asOf.Sub(r.at).Microseconds()) / float64(life.Microseconds())
		weight := big.NewRat(int64(math.Round(math.Pow(0.5, elapsed)*1e9)), 1e9)
		if e.Op == rule.Sum {
			inside := s
			inside.stream, inside.row = e.Rows.Stream, r
			v := inside.value(e.Column)
			if v == nil {
				continue
			}
			weight.Mul(weight, summand(v))
		}
		sum.Add(sum, weight)
	}
	return sum
}

// periods counts the periods of a window that hold enough rows.
func (s scope) periods(e *check.Periods) int {
	rows := s.within(e.Rows, e.Window)
	n := 0
	for i := range e.Count {
		from, to := s.period(e, i+1), s.period(e, i)
		inside := 0
		for _, r := range rows {
			if (limits{&from, &to}).hold(r.at) {
				inside++
			}
		}
		if inside >= e.AtLeast {
			n++
		}
	}
	return n
}

// period is the start of the i-th period before as-of, or of the i-th calendar
// unit before the present one.
func (s scope) period(e *check.Periods, i int) time.Time {
	if e.CalendarUnits {
		return calendar.StartOf(s.asOf, e.Per.Unit, -i, s.zone)
	}
	return calendar.Step(s.asOf, calendar.Duration{N: -i * e.Per.N, Unit: e.Per.Unit}, s.zone)
}

// score adds the terms, each cut at its cap, and clamps the sum.
func (s scope) score(e *check.Score) value {
	number := e.Type().Kind == catalog.Number
	exact, sum := new(big.Rat), 0.0
	for _, t := range e.Terms {
		points := s.points(t)
		if number {
			sum += double(points)
		} else {
			exact.Add(exact, points.(*big.Rat))
		}
	}
	var v value = exact
	if number {
		v = sum
	}
	if e.Low != nil && s.order(v, constant(e.Low)) < 0 {
		v = constant(e.Low)
	}
	if e.High != nil && s.order(v, constant(e.High)) > 0 {
		v = constant(e.High)
	}
	return s.as(v, e.Type())
}

// points is what a term gives. A missing value gives nothing, true counts 1.
func (s scope) points(t check.ScoreTerm) value {
	v := s.value(t.Of)
	switch x := v.(type) {
	case nil:
		v = new(big.Rat)
	case bool:
		v = whole(flag(x))
	}
	each := constant(t.Points).(*big.Rat)
	var points value
	if f, ok := v.(float64); ok {
		points = finite(double(each) * f)
	} else {
		points = new(big.Rat).Mul(each, v.(*big.Rat))
	}
	if points == nil {
		return new(big.Rat)
	}
	if t.Cap == nil {
		return points
	}
	limit := constant(t.Cap).(*big.Rat)
	if each.Sign() < 0 {
		if limit = new(big.Rat).Neg(limit); s.order(points, limit) < 0 {
			return limit
		}
		return points
	}
	if s.order(points, limit) > 0 {
		return limit
	}
	return points
}

package contain

import (
	"fmt"
	"math/big"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/rule"
)

// some is the count of rows of which a condition says that there is one at least.
func some(b fact) (*check.Aggregate, bool) {
	y, ok := b.value.(*check.Aggregate)
	if !ok || y.Op != rule.Count || y.HalfLife != nil || len(b.ranges) != 1 || !b.ranges[0].up() {
		return nil, false
	}
	one := span{low: big.NewRat(1, 1), lowIn: true}
	return y, one.within(b.ranges[0])
}

// present reports whether b, that there are rows, holds wherever a does because a
// says something of a value that only rows have.
func present(a, b fact) bool {
	y, ok := some(b)
	if !ok {
		return false
	}
	value := a.value
	if elapsed, ok := value.(*check.Elapsed); ok {
		value = elapsed.X
	}
	x, ok := value.(*check.Aggregate)
	if !ok || x.HalfLife != nil {
		return false
	}
	if neverMissing(x) { // It is 0 without rows.
		nothing := span{low: new(big.Rat), high: new(big.Rat), lowIn: true, highIn: true}
		for _, one := range a.ranges {
			if !one.apart(nothing) {
				return false
			}
		}
		if len(a.ranges) == 0 {
			return false
		}
	}
	return rowsInside(x, y)
}

// recency reads "so many days since the last row at most" as that there is a row in
// a window of so many days and some more. Rows are dated by moments, not by days.
// Less than eight days may be seven days and some hours: the row lies in a window
// of eight days, and a row in a window of seven days is enough.
func recency(f fact, more int) (*check.Aggregate, bool) {
	x, ok := lastRow(f.value)
	if !ok || len(f.ranges) != 1 || f.ranges[0].high == nil {
		return nil, false
	}
	high := f.ranges[0].high
	days := new(big.Int).Div(high.Num(), high.Denom()) // Rounded down.
	if high.IsInt() && !f.ranges[0].highIn {
		days.Sub(days, big.NewInt(1))
	}
	const most = 100_000
	if days.Sign() < 0 || days.Cmp(big.NewInt(most)) > 0 {
		return nil, false
	}
	n := int(days.Int64()) + more
	if n == 0 {
		return nil, false
	}
	near := *x
	near.Window = check.Window{
		Calendar: calendar.Window{
			From: calendar.Bound{Anchor: calendar.AsOf, By: calendar.Duration{N: -n, Unit: calendar.Day}},
			To:   calendar.Bound{Anchor: calendar.AsOf},
		},
		Text: fmt.Sprintf("last %s", calendar.Duration{N: n, Unit: calendar.Day}),
	}
	return &near, true
}

// lastRow is the moment of the last row ever of which a value is the days since.
func lastRow(e check.Expr) (*check.Aggregate, bool) {
	elapsed, ok := e.(*check.Elapsed)
	if !ok || elapsed.Until {
		return nil, false
	}
	x, ok := elapsed.X.(*check.Aggregate)
	if !ok || x.Op != rule.Max || x.Window.Calendar != (calendar.Window{}) || x.Window.FromValue != nil || x.Window.ToValue != nil {
		return nil, false
	}
	column, ok := x.Column.(*check.Column)
	at := x.Rows.Stream.Source.At
	return x, ok && column.Derived == catalog.At && at != nil && at.Type.Kind == catalog.Timestamp
}

// recent reports whether b, that there are rows in a window, holds wherever a does
// because a says that the last row is not long ago.
func recent(a, b fact) bool {
	y, ok := some(b)
	if !ok {
		return false
	}
	x, ok := recency(a, 1)
	return ok && rowsInside(x, y)
}

// dated reports whether b, that the last row is not long ago, holds wherever a
// does because a says that there are rows in a window.
func dated(a, b fact) bool {
	y, ok := recency(b, 0)
	if !ok || b.ranges[0].low != nil && b.ranges[0].low.Sign() > 0 {
		return false
	}
	if b.ranges[0].low != nil && b.ranges[0].low.Sign() == 0 && !b.ranges[0].lowIn {
		return false
	}
	x, ok := a.value.(*check.Aggregate)
	if !ok || x.Op != rule.Count || x.HalfLife != nil || len(a.ranges) != 1 {
		return false
	}
	one := span{low: big.NewRat(1, 1), lowIn: true}
	return a.ranges[0].within(one) && rowsInside(x, y)
}

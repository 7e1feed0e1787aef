package timeline

import (
	"fmt"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/rule"
)

// temporal is a date or timestamp as a quantity: in microseconds, or with dates
// in days.
func (b *builder) temporal(e check.Expr, dates bool) (quantity, error) {
	form := compile.Instant
	if dates {
		form = compile.Day
	}
	return b.temporalWithin(e, form, nil)
}

func (b *builder) temporalWithin(e check.Expr, form compile.StepForm, within *check.Window) (quantity, error) {
	if a, ok := e.(*check.Aggregate); ok && within == nil && form == compile.Instant && isEdgeOfTime(a) {
		return b.remember("time\x00"+check.Text(a), func() (quantity, error) {
			rows, win, err := b.rowsOf(a)
			if err != nil {
				return nil, err
			}
			return &rowTime{b.amountMemo(0), rows, win, a.Op == rule.Max || a.Op == rule.Last}, nil
		})
	}
	key := fmt.Sprintf("told %d\x00%s", form, check.Text(e))
	if within != nil {
		key += "\x00" + within.Text
	}
	return b.remember(key, func() (quantity, error) {
		g, output, err := b.ask(compile.StepOutput{X: e, Form: form, Within: within})
		if err != nil {
			return nil, err
		}
		return &told{b.amountMemo(g.depth), g.place, output}, nil
	})
}

// isEdgeOfTime reports whether a value is the time of the first or last row.
func isEdgeOfTime(a *check.Aggregate) bool {
	column, ok := a.Column.(*check.Column)
	if !ok || column.Derived != catalog.At {
		return false
	}
	switch a.Op { //nolint:exhaustive // The others are no times of rows at an edge.
	case rule.Min, rule.Max, rule.First, rule.Last:
		return true
	}
	return false
}

// inWindow is the test that a time lies in a window.
func (b *builder) inWindow(x *check.InWindow) (flag, error) {
	from, to := b.whole.From, b.whole.To-1
	win := windowed{}
	if lower, ok := calendar.LowerCourse(x.Window.Calendar, from, to, b.zone); ok {
		win.lower = lower
	}
	if upper, ok := calendar.FreeUpperCourse(x.Window.Calendar, from, to, b.zone); ok {
		win.upper = upper
	}
	points := x.Window.FromValue != nil || x.Window.ToValue != nil
	if x.Anniversary {
		return b.anniversary(x, win, points)
	}
	var within *check.Window
	if points {
		within = &x.Window
	}
	of, err := b.temporalWithin(x.X, compile.Instant, within)
	if err != nil {
		return nil, err
	}
	win.memo, win.of = b.flagMemo(of.level()), of
	return &win, nil
}

// anniversary is the test that a yearly return of a date lies in a window.
func (b *builder) anniversary(x *check.InWindow, win windowed, points bool) (flag, error) {
	if points {
		return nil, cannot("an anniversary in a window that differs per customer is evaluated at a moment")
	}
	of, err := b.temporalWithin(x.X, compile.Day, nil)
	if err != nil {
		return nil, err
	}
	f := &anniversary{memo: b.flagMemo(of.level()), of: of, days: b.days, window: win}
	// The years of the returns that the window can hold, one more at each end
	// because days are local.
	f.firstYear, f.lastYear = 0, Moment(b.whole.To).Year()+farYears
	if r := calendar.Bounds(x.Window.Calendar, Moment(b.whole.From), b.zone); r.From != nil {
		f.firstYear = r.From.Year() - 1
	}
	if r := calendar.Bounds(x.Window.Calendar, Moment(b.whole.To), b.zone); r.To != nil {
		f.lastYear = r.To.Year() + 1
	}
	return f, nil
}

// farYears is how far ahead an open window looks for a yearly return: the next
// is always within it.
const farYears = 2

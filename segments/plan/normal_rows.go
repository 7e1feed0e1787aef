package plan

import (
	"fmt"
	"time"

	"strata/segments/calendar"
	"strata/segments/check"
)

// overRows brings into normal form what reads rows or other customers.
func (n *normal) overRows(e check.Expr) check.Expr {
	switch x := e.(type) {
	case *check.Aggregate:
		c := *x
		c.Rows, c.Window = n.rows(x.Rows), n.window(x.Window)
		if x.Column != nil {
			c.Column = n.inRows(x.Column, x.Rows.Stream)
		}
		if x.HalfLife != nil {
			half := plainDuration(*x.HalfLife)
			c.HalfLife = &half
		}
		return &c
	case *check.Periods:
		c := *x
		c.Rows, c.Window = n.rows(x.Rows), n.window(x.Window)
		if !x.CalendarUnits { // The calendar's weeks are no seven days that begin anywhere.
			c.Per = plainDuration(x.Per)
		}
		return &c
	case *check.Sequence:
		c := *x
		c.Window = n.window(x.Window)
		c.Steps = make([]check.Step, len(x.Steps))
		for i, step := range x.Steps {
			c.Steps[i] = step
			c.Steps[i].Rows = n.rows(step.Rows)
			c.Steps[i].Within = plainDuration(step.Within)
			if same, ok := n.inRows(columnOrNil(step.Same), step.Rows.Stream).(*check.Column); ok {
				c.Steps[i].Same = same
			}
		}
		return &c
	case *check.Ranking:
		c := *x
		c.X = n.of(x.X)
		if x.Among != nil {
			c.Among = n.of(x.Among)
		}
		if x.Within != nil {
			c.Within = n.of(x.Within)
		}
		return &c
	}
	return e
}

func columnOrNil(c *check.Column) check.Expr {
	if c == nil {
		return nil
	}
	return c
}

// rows takes the first stream of the same meaning and brings the filter into
// normal form.
func (n *normal) rows(rows check.Rows) check.Rows {
	out := check.Rows{Stream: n.streams[rows.Stream], Where: n.inRows(rows.Where, rows.Stream)}
	if out.Stream == nil {
		out.Stream = rows.Stream
	}
	return out
}

// inRows brings an expression over rows into normal form; what it reads of the
// row has its first name.
func (n *normal) inRows(e check.Expr, stream *check.Stream) check.Expr {
	if e == nil {
		return nil
	}
	outer := n.source
	n.source = stream.Source
	defer func() { n.source = outer }()
	return n.of(e)
}

// window writes a window in the units that its length is counted in.
func (n *normal) window(w check.Window) check.Window {
	if w.FromValue != nil {
		w.FromValue = n.of(w.FromValue)
	}
	if w.ToValue != nil {
		w.ToValue = n.of(w.ToValue)
	}
	from, to := w.Calendar.From, w.Calendar.To
	if from.Anchor != calendar.AsOf || to.Anchor != calendar.AsOf || w.Steps > 0 {
		return w
	}
	w.Calendar.From.By, w.Calendar.To.By = plainDuration(from.By), plainDuration(to.By)
	switch {
	case w.Calendar.Swap:
		w.Text = fmt.Sprintf("between %s and %s ago", w.Calendar.To.By.Negative(), w.Calendar.From.By.Negative())
	case to.By.N == 0:
		w.Text = "last " + w.Calendar.From.By.Negative().String()
	case from.By.N == 0:
		w.Text = "next " + w.Calendar.To.By.String()
	}
	return w
}

// plainDuration is a duration in the largest of the units that are counted
// alike: seconds, minutes and hours; days and weeks; months and years.
func plainDuration(d calendar.Duration) calendar.Duration {
	if length, ok := d.Length(); ok {
		for _, unit := range []calendar.Unit{calendar.Hour, calendar.Minute} {
			whole, _ := calendar.Duration{N: 1, Unit: unit}.Length()
			if length%whole == 0 {
				return calendar.Duration{N: int(length / whole), Unit: unit}
			}
		}
		return calendar.Duration{N: int(length / time.Second), Unit: calendar.Second}
	}
	if months := d.Months(); months != 0 {
		return calendar.Duration{N: months, Unit: calendar.Month}
	}
	return calendar.Duration{N: d.Days(), Unit: calendar.Day}
}

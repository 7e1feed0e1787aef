package rule

import (
	"fmt"
	"strings"
)

// formatForm writes the calls that have a syntax of their own.
func formatForm(e Expr) string {
	switch e := e.(type) {
	case *Aggregate:
		return formatAggregate(e)
	case *Periods:
		text := "periods(" + formatRows(e.Rows) + " per " + FormatDuration(e.Per)
		if e.AtLeast != nil {
			text += ", at least " + e.AtLeast.Text
		}
		return text + ")" + formatWindow(e.Window)
	case *Sequence:
		return formatSequence(e)
	case *Elapsed:
		return formatElapsed(e)
	case *Ranking:
		return formatRanking(e)
	case *Sample:
		return "sample(" + e.Percent.Text + "%, " + quote(e.Salt.Value) + ")"
	default:
		return "…"
	}
}

func formatAggregate(e *Aggregate) string {
	text := string(e.Op) + "(" + e.Rows.Stream.Name
	if len(e.Column) > 0 {
		text += "." + path(e.Column)
	}
	return text + formatWhere(e.Rows) + ")" + formatWindow(e.Window)
}

func formatRows(r Rows) string { return r.Stream.Name + formatWhere(r) }

func formatWhere(r Rows) string {
	if r.Where == nil {
		return ""
	}
	return " where " + Format(r.Where)
}

// formatWindow writes the window behind a call, and nothing in the tree of a
// rule that lacks it.
func formatWindow(w *Window) string {
	if w == nil {
		return ""
	}
	return " " + FormatWindow(*w)
}

func formatSequence(e *Sequence) string {
	text := "sequence("
	if e.Times {
		text = "times("
	}
	for i, step := range e.Steps {
		if i > 0 {
			text += " then " + negated(step.Not)
		}
		text += formatStep(step)
	}
	if !e.Same.IsZero() {
		text += ", same " + e.Same.Name
	}
	if e.Anchor != AnchorAny && e.Anchor != "" {
		text += ", anchor " + string(e.Anchor)
	}
	if e.Early {
		text += ", early"
	}
	return text + ")" + formatWindow(e.Window)
}

func formatStep(s Step) string {
	text := formatRows(s.Rows)
	if s.Repeat > 1 {
		text += fmt.Sprintf(" x %d", s.Repeat)
	}
	if s.Within != nil {
		text += " within " + FormatDuration(*s.Within)
	}
	return text
}

func formatElapsed(e *Elapsed) string {
	text := "days_since("
	if e.Until {
		text = "days_until("
	}
	switch {
	case e.Rows == nil:
		return text + Format(e.X) + ")"
	case e.Last:
		return text + "last " + formatRows(*e.Rows) + ")"
	default:
		return text + "first " + formatRows(*e.Rows) + ")"
	}
}

func formatRanking(e *Ranking) string {
	text := "percentile("
	if e.Rank {
		text = "rank("
	}
	text += Format(e.X)
	if !e.Among.IsZero() {
		text += " among " + e.Among.Name
	}
	if !e.Within.IsZero() {
		text += " within " + e.Within.Name
	}
	return text + ")"
}

// FormatDuration writes a duration in the long form: "30 days", "1 day".
func FormatDuration(d Duration) string {
	if d.Param != "" {
		return "$" + d.Param + " " + string(d.Unit) + "s"
	}
	return amount(strings.TrimSpace(d.Number), d.Unit)
}

// FormatWindow writes a window, such as "last 30 days".
func FormatWindow(w Window) string {
	switch w.Kind {
	case LastN, NextN:
		return string(w.Kind) + " " + formatN(w.N)
	case NextUnit:
		return "next " + string(w.Unit)
	case BetweenAgo:
		return "between " + formatN(w.N) + " and " + formatN(w.M) + " ago"
	case Since:
		if w.To == nil {
			return "since " + formatPoint(w.From)
		}
		return "since " + formatPoint(w.From) + " before " + formatPoint(w.To)
	case Before:
		return "before " + formatPoint(w.To)
	case ThisUnit:
		return "this " + string(w.Unit)
	case PreviousUnit:
		if w.Count > 1 {
			return fmt.Sprintf("previous %d %ss", w.Count, w.Unit)
		}
		return "previous " + string(w.Unit)
	case Today, Yesterday, Tomorrow, Ever:
		return string(w.Kind)
	default:
		return "…"
	}
}

func formatN(d *Duration) string {
	if d == nil {
		return "…"
	}
	return FormatDuration(*d)
}

func formatPoint(p *Point) string {
	if p == nil {
		return "…"
	}
	text := Format(p.X)
	if p.By != nil {
		text += " " + string(p.Op) + " " + FormatDuration(*p.By)
	}
	return text
}

// FormatBand writes a band, such as ">= 75" or "missing".
func FormatBand(b Band) string {
	switch {
	case b.Missing:
		return "missing"
	case b.Else:
		return "else"
	default:
		return Format(b.X)
	}
}

// FormatTransition writes a transition, such as "lead -> new".
func FormatTransition(t Transition) string { return t.From.Name + " -> " + t.To.Name }

package check

import (
	"regexp"
	"strings"
	"time"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/rule"
	"strata/segments/source"
)

// maxDigits is what an exact number can have in the warehouse.
const maxDigits = 38

// literal types a constant.
func (c *checker) literal(e rule.Expr) Expr {
	switch e := e.(type) {
	case *rule.Number:
		return c.number(e)
	case *rule.Text:
		return &Const{node: typed(catalog.Text, e.Span()), Text: e.Value}
	case *rule.Bool:
		return &Const{node: typed(catalog.Boolean, e.Span()), Bool: e.Value}
	case *rule.Moment:
		return c.moment(e)
	case *rule.Param:
		return c.param(e)
	}
	return bad(e.Span())
}

func (c *checker) number(e *rule.Number) Expr {
	whole, fraction, decimal := strings.Cut(e.Text, ".")
	if len(whole)+len(fraction) > maxDigits {
		return c.fail(e.Span(), numberTooLong())
	}
	x := &Const{node: typed(catalog.Integer, e.Span()), Number: e.Text}
	if decimal {
		x.T = catalog.Type{Kind: catalog.Decimal, Scale: len(fraction)}
	}
	return x
}

// param returns the constant a param stands for.
func (c *checker) param(e *rule.Param) Expr {
	p, ok := c.names.params[e.Name]
	if !ok {
		return c.fail(e.Span(), unknownParam(e.Name, sortedKeys(c.names.params)))
	}
	c.usedParams[e.Name] = true
	if p.IsList {
		return c.fail(e.Span(), listParam(e.Name))
	}
	if len(p.Values) != 1 {
		return bad(e.Span())
	}
	x := *p.Values[0]
	x.At = e.Span()
	return &x
}

// moment types a date or timestamp literal.
func (c *checker) moment(e *rule.Moment) Expr {
	if !e.Timestamp {
		day, ok := parseDate(e.Text)
		if !ok {
			return c.fail(e.Span(), badMoment("date", e.Text, "date '2026-01-31'"))
		}
		return &Const{node: typed(catalog.Date, e.Span()), Time: day}
	}
	at, ok := parseTimestamp(e.Text, c.zone)
	if !ok {
		return c.fail(e.Span(), badMoment("timestamp", e.Text, "timestamp '2026-01-31 18:00'"))
	}
	return &Const{node: typed(catalog.Timestamp, e.Span()), Time: at}
}

// parseDate reads a day, as its midnight in UTC.
func parseDate(text string) (time.Time, bool) {
	day, err := time.Parse(time.DateOnly, text)
	return day, err == nil && day.Year() >= 1
}

var timestampForm = regexp.MustCompile(
	`^([0-9]{4}-[0-9]{2}-[0-9]{2})[ Tt]([0-9]{2}:[0-9]{2})(:[0-9]{2}(?:\.[0-9]{1,6})?)? ?([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?$`)

// parseTimestamp reads a timestamp. Without an offset it is what the clock of
// the zone shows; seconds may be left out.
func parseTimestamp(text string, zone *time.Location) (time.Time, bool) {
	m := timestampForm.FindStringSubmatch(text)
	if m == nil {
		return time.Time{}, false
	}
	seconds := m[3]
	if seconds == "" {
		seconds = ":00"
	}
	reading, err := time.Parse("2006-01-02 15:04:05.999999", m[1]+" "+m[2]+seconds)
	if err != nil || reading.Year() < 1 {
		return time.Time{}, false
	}
	if m[4] == "" {
		return calendar.Instant(reading, zone), true
	}
	offset, ok := parseOffset(m[4])
	return reading.Add(-offset), ok
}

// parseOffset reads Z, +02, +02:00 or +0200.
func parseOffset(text string) (time.Duration, bool) {
	if strings.EqualFold(text, "z") {
		return 0, true
	}
	digits := strings.ReplaceAll(text[1:], ":", "")
	if len(digits) == 2 {
		digits += "00"
	}
	clock, err := time.Parse("1504", digits)
	if err != nil {
		return 0, false
	}
	offset := time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute
	if text[0] == '-' {
		offset = -offset
	}
	return offset, true
}

// negative returns a constant number with the other sign; zero has none.
func negative(x *Const, at source.Span) *Const {
	y := *x
	y.At = at
	if rest, ok := strings.CutPrefix(x.Number, "-"); ok {
		y.Number = rest
	} else if strings.Trim(x.Number, "0.") != "" {
		y.Number = "-" + x.Number
	}
	return &y
}

package suite

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/rule"
	"strata/segments/source"
)

// clock reads the times of one test: offsets count from its as-of.
type clock struct {
	program *check.Program
	asOf    time.Time
}

// defaultReading is what the project's clock shows at the as-of of a test that
// gives none.
var defaultReading = time.Date(2026, time.January, 15, 12, 0, 0, 0, time.UTC)

// asOfTest returns the moment of a test.
func asOfTest(program *check.Program, t *definition.Test) (time.Time, error) {
	if t.AsOf == nil {
		return calendar.Instant(defaultReading, program.Zone), nil
	}
	return clock{program: program}.literal(t.AsOf.Text)
}

// literal reads a date or timestamp as rules do: a date is the start of its
// day, and a time without an offset is what the project's clock shows.
func (c clock) literal(text string) (time.Time, error) {
	kind := "timestamp"
	if len(text) <= len(time.DateOnly) {
		kind = "date"
	}
	x, list := c.program.Expression(source.WholeFile(source.NewFile("test", kind+" '"+text+"'")))
	if list.HasErrors() {
		return time.Time{}, fmt.Errorf("read %s: %w", text, list.Err())
	}
	moment, ok := x.(*check.Const)
	if !ok {
		return time.Time{}, fmt.Errorf("read %s: it is no date or timestamp", text)
	}
	if moment.Type().Kind == catalog.Date {
		return calendar.Instant(moment.Time, c.program.Zone), nil
	}
	return moment.Time, nil
}

// instant reads what a test writes for a time.
func (c clock) instant(s definition.Scalar) (time.Time, error) {
	if !strings.HasPrefix(s.Value, "-") && !strings.HasPrefix(s.Value, "+") {
		return c.literal(s.Value)
	}
	sign, d, list := rule.ParseOffset(s.Text)
	if list.HasErrors() {
		return time.Time{}, fmt.Errorf("read %s: %w", s.Value, list.Err())
	}
	by, err := c.duration(d)
	if err != nil {
		return time.Time{}, fmt.Errorf("read %s: %w", s.Value, err)
	}
	by.N *= sign
	return calendar.Step(c.asOf, by, c.program.Zone), nil
}

var errNoNumber = errors.New("its number is no whole number")

// duration resolves the number of a duration, which can be a param.
func (c clock) duration(d rule.Duration) (calendar.Duration, error) {
	unit, ok := calendar.ParseUnit(string(d.Unit))
	if !ok {
		return calendar.Duration{}, fmt.Errorf("%s is no unit of time", d.Unit)
	}
	text := d.Number
	if d.Param != "" {
		p, ok := c.program.Params[d.Param]
		if !ok || p.IsList || len(p.Values) != 1 {
			return calendar.Duration{}, fmt.Errorf("there is no number $%s", d.Param)
		}
		text = p.Values[0].Number
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return calendar.Duration{}, errNoNumber
	}
	return calendar.Duration{N: n, Unit: unit}, nil
}

// ownOffset finds a time that names its offset from UTC.
var ownOffset = regexp.MustCompile(`:[0-9.]+ ?([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)$`)

// isReading tells a time as a clock shows it from one that is an instant:
// offsets from as-of and times with an offset from UTC are.
func isReading(text string) bool {
	return !strings.HasPrefix(text, "-") && !strings.HasPrefix(text, "+") && !ownOffset.MatchString(text)
}

// The forms in which times are stored.
const (
	storedReading = "2006-01-02 15:04:05.999999"
	storedInstant = "2006-01-02 15:04:05.999999Z07:00"
)

// column is the text to store for a time. A reading that stands in a column
// without a zone is stored as it stands; everything else is an instant that is
// turned into what the column's clock shows.
func (c clock) column(s definition.Scalar, f *catalog.Field, in *catalog.Source) (string, error) {
	if f.Type.Kind == catalog.Date && isReading(s.Value) {
		return s.Value[:min(len(s.Value), len(time.DateOnly))], nil
	}
	if f.Type.Kind == catalog.Timestamp && isReading(s.Value) && !f.JSON && !catalog.Zoned(f.Physical) {
		return s.Value, nil
	}
	at, err := c.instant(s)
	if err != nil {
		return "", err
	}
	return c.stored(at, f, in)
}

// stored is an instant as a field of a source holds it.
func (c clock) stored(at time.Time, f *catalog.Field, in *catalog.Source) (string, error) {
	switch {
	case f.Type.Kind == catalog.Date:
		return at.In(c.program.Zone).Format(time.DateOnly), nil
	case f.JSON:
		return at.UTC().Format(time.RFC3339Nano), nil
	case catalog.Zoned(f.Physical):
		return at.UTC().Format(storedInstant), nil
	}
	zone := c.program.Zone
	if in.Zone != "" {
		own, err := time.LoadLocation(in.Zone)
		if err != nil {
			return "", fmt.Errorf("zone of %s: %w", in.Name, err)
		}
		zone = own
	}
	return at.In(zone).Format(storedReading), nil
}

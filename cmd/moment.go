package cmd

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"

	"strata/segments/calendar"
)

// momentKind tells the forms of --at apart.
type momentKind uint8

const (
	// momentUsual is no --at: the project's own choice.
	momentUsual momentKind = iota
	// momentNow is the clock.
	momentNow
	// momentLatest is the first whole second after the newest row.
	momentLatest
	// momentReading is a reading of the project's clock on the wall.
	momentReading
	// momentInstant is a timestamp that names its own zone.
	momentInstant
	// momentOffset is so much before or after the usual moment.
	momentOffset
	// momentRun is the as-of of a snapshot.
	momentRun
)

// atMoment is a value of --at or of as_of in strata.yaml. What it means
// depends on the project's zone, the clock and the data.
type atMoment struct {
	kind   momentKind
	at     time.Time
	offset calendar.Duration
	run    int64
}

// readings are the forms of a date or timestamp without a zone.
var readings = [...]string{time.DateOnly, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"}

// instants are the forms of a timestamp with a zone.
var instants = [...]string{time.RFC3339, "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04Z07:00", "2006-01-02 15:04Z07:00"}

// offsetUnits are the compact units that rules know as well.
var offsetUnits = map[string]calendar.Unit{
	"s": calendar.Second, "min": calendar.Minute, "h": calendar.Hour, "d": calendar.Day,
	"w": calendar.Week, "mo": calendar.Month, "y": calendar.Year,
}

// offsetForm is a signed number and a compact unit. Seven digits are more
// seconds than a month has, and keep the sum inside the calendar.
var offsetForm = regexp.MustCompile(`^([+-])(\d{1,7})(s|min|h|d|w|mo|y)$`)

// parseMoment reads a value of --at; an empty text is the usual moment.
func parseMoment(text string) (atMoment, error) {
	switch strings.ToLower(text) {
	case "":
		return atMoment{}, nil
	case "now":
		return atMoment{kind: momentNow}, nil
	case "latest":
		return atMoment{kind: momentLatest}, nil
	}
	if id, ok := strings.CutPrefix(text, "run:"); ok {
		if run, err := strconv.ParseInt(id, 10, 64); err == nil && run > 0 {
			return atMoment{kind: momentRun, run: run}, nil
		}
		return atMoment{}, badMoment(text)
	}
	if m := offsetForm.FindStringSubmatch(text); m != nil {
		return parseOffset(text, m)
	}
	for _, form := range instants {
		if at, err := time.Parse(form, text); err == nil {
			return atMoment{kind: momentInstant, at: at.UTC()}, nil
		}
	}
	for _, form := range readings {
		if at, err := time.Parse(form, text); err == nil {
			return atMoment{kind: momentReading, at: at}, nil
		}
	}
	return atMoment{}, badMoment(text)
}

func parseOffset(text string, m []string) (atMoment, error) {
	n, err := strconv.Atoi(m[1] + m[2])
	if err != nil {
		return atMoment{}, badMoment(text)
	}
	return atMoment{kind: momentOffset, offset: calendar.Duration{N: n, Unit: offsetUnits[m[3]]}}, nil
}

func badMoment(text string) error {
	return usage("%q is no moment", text).
		advise("write 2026-08-01, '2026-08-01 12:00', -7d, -6mo, latest, now or run:12")
}

// moments looks up what a moment can depend on.
type moments struct {
	zone *time.Location
	// usual is what strata.yaml says.
	usual atMoment
	now   func() time.Time
	// latest returns the first whole second after the newest row.
	latest func(context.Context) (time.Time, error)
	// run returns the as-of of a snapshot.
	run func(context.Context, int64) (time.Time, error)
}

// resolve turns a moment into an instant in UTC. It is cut to whole
// microseconds, which is what the database keeps.
func (m moments) resolve(ctx context.Context, moment atMoment) (time.Time, error) {
	at, err := m.lookUp(ctx, moment)
	if err != nil {
		return time.Time{}, err
	}
	return at.UTC().Truncate(time.Microsecond), nil
}

func (m moments) lookUp(ctx context.Context, moment atMoment) (time.Time, error) {
	switch moment.kind {
	case momentLatest:
		return m.latest(ctx)
	case momentRun:
		return m.run(ctx, moment.run)
	case momentInstant:
		return moment.at, nil
	case momentReading:
		return calendar.Instant(moment.at, m.zone), nil
	case momentOffset:
		base, err := m.base(ctx)
		if err != nil {
			return time.Time{}, err
		}
		return calendar.Step(base, moment.offset, m.zone), nil
	case momentUsual:
		return m.base(ctx)
	case momentNow:
	}
	return m.now(), nil
}

// base is the usual moment, from which offsets count.
func (m moments) base(ctx context.Context) (time.Time, error) {
	if m.usual.kind == momentUsual || m.usual.kind == momentOffset {
		return m.now(), nil
	}
	return m.lookUp(ctx, m.usual)
}

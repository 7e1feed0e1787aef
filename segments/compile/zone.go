package compile

import (
	"time"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/calendar"
)

// DuckDB reads a repeated local time as its second pass and moves a skipped
// one forward. Rules mean the first pass and the first instant after the gap
// (package calendar), so the statements below correct both, for the changes
// of offset since 1970.

// zone is a time zone with what SQL must correct in it.
type zone struct {
	location *time.Location
	name     string
	// repeats are the lengths of the repeated stretches of local time.
	repeats []time.Duration
	// odd are the changes that the general correction does not cover: longer
	// than an hour, or not at a whole hour.
	odd []calendar.Change
	// changes says whether the offset changes at all.
	changes bool
}

// earliest and horizon bound the changes of offset that are corrected.
var earliest = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)

const horizonYears = 30

// zone is a zone by name; the empty name is the project's.
func (c *Compiler) zone(name string) zone {
	if z, ok := c.zones[name]; ok {
		return z
	}
	return c.zones[""]
}

func newZone(location *time.Location, name string, asOf time.Time) zone {
	z := zone{location: location, name: name}
	seen := map[time.Duration]bool{}
	for _, change := range calendar.Changes(location, earliest, asOf.AddDate(horizonYears, 0, 0)) {
		z.changes = true
		if length := -change.By; length > 0 && !seen[length] {
			seen[length] = true
			z.repeats = append(z.repeats, length)
		}
		if odd(change) {
			z.odd = append(z.odd, change)
		}
	}
	return z
}

// odd reports whether truncating to the hour does not find the edge of a
// change: the start of what was skipped, the end of what was repeated.
func odd(change calendar.Change) bool {
	length, edge := change.By, change.Reading
	if length < 0 {
		length = -length
		edge = edge.Add(length)
	}
	return length > time.Hour || !edge.Truncate(time.Hour).Equal(edge)
}

// local is the reading of the zone's clock at an instant.
func (z zone) local(instant sq.Sqlizer) sq.Sqlizer {
	return ex("(? AT TIME ZONE ?)", instant, z.name)
}

// instant is when the zone's clock first shows a reading.
func (z zone) instant(reading sq.Sqlizer) sq.Sqlizer {
	if !z.changes {
		return ex("(? AT TIME ZONE ?)", reading, z.name)
	}
	return once(reading, func(l sq.Sqlizer) sq.Sqlizer {
		as := ex("(? AT TIME ZONE ?)", l, z.name)
		arms := []sq.Sqlizer{raw("CASE")}
		for _, change := range z.odd {
			if change.By > 0 {
				arms = append(arms, ex("WHEN ? >= ? AND ? < ? THEN ?",
					l, localArg(change.Reading), l, localArg(change.Reading.Add(change.By)), change.At))
			}
		}
		for _, length := range z.repeats {
			first := ex("(? - ?)", as, interval(length))
			arms = append(arms, ex("WHEN (? AT TIME ZONE ?) = ? THEN ?", first, z.name, l, first))
		}
		arms = append(arms, ex("WHEN (? AT TIME ZONE ?) <> ? THEN (date_trunc('hour', ?) AT TIME ZONE ?)", as, z.name, l, l, z.name))
		arms = append(arms, ex("ELSE ? END", as))
		return joined(" ", arms)
	})
}

// start is the reading that calendar steps start from: the zone's clock, or
// the end of the repetition in the second pass of one.
func (z zone) start(instant sq.Sqlizer) sq.Sqlizer {
	if len(z.repeats) == 0 {
		return z.local(instant)
	}
	return once(instant, func(t sq.Sqlizer) sq.Sqlizer {
		local := z.local(t)
		arms := []sq.Sqlizer{raw("CASE")}
		for _, length := range z.repeats {
			second := ex("? = ?", z.local(ex("(? - ?)", t, interval(length))), local)
			for _, change := range z.odd {
				if change.By < 0 {
					end := change.Reading.Add(-change.By)
					arms = append(arms, ex("WHEN ? AND ? >= ? AND ? < ? THEN ?",
						second, local, localArg(change.Reading), local, localArg(end), localArg(end)))
				}
			}
			arms = append(arms, ex("WHEN ? THEN date_trunc('hour', ?) + to_hours(1)", second, local))
		}
		arms = append(arms, ex("ELSE ? END", local))
		return joined(" ", arms)
	})
}

// step is the instant a duration after another, by the rules of package
// calendar.
func (z zone) step(instant sq.Sqlizer, by calendar.Duration) sq.Sqlizer {
	if by.N == 0 {
		return instant
	}
	if length, ok := by.Length(); ok {
		return ex("(? + ?)", instant, interval(length))
	}
	return z.instant(moved(z.start(instant), by))
}

// moved is a reading or a date, as TIMESTAMP, moved on the calendar. A day that
// a month lacks becomes the start of the month after it; DuckDB would clamp.
func moved(reading sq.Sqlizer, by calendar.Duration) sq.Sqlizer {
	months := by.Months()
	if months == 0 {
		return ex("(? + to_days(?))", reading, int32(by.Days()))
	}
	return once(reading, func(l sq.Sqlizer) sq.Sqlizer {
		target := ex("(? + to_months(?))", l, int32(months))
		return ex("CASE WHEN day(?) < day(?) THEN date_trunc('month', ?) + to_months(1) ELSE ? END", target, l, target, target)
	})
}

// interval is a fixed length of time.
func interval(length time.Duration) sq.Sqlizer {
	switch {
	case length%time.Hour == 0:
		return ex("to_hours(?)", int64(length/time.Hour))
	case length%time.Minute == 0:
		return ex("to_minutes(?)", int64(length/time.Minute))
	default:
		return ex("to_microseconds(?)", length.Microseconds())
	}
}

// short is the length up to which repeating an operand reads better than
// naming it.
const short = 60

// once writes an expression that names its operand several times. A long
// operand is bound to a name first, so that nesting does not multiply it.
func once(operand sq.Sqlizer, write func(sq.Sqlizer) sq.Sqlizer) sq.Sqlizer {
	if text, args := textOf(operand); len(text)+10*len(args) <= short {
		return ex("(?)", write(operand))
	}
	return ex("list_transform([?], lambda x: ?)[1]", operand, write(raw("x")))
}

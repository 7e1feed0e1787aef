package calendar

import "time"

// search is how far a local time can lie from the same reading in UTC, with
// room to spare: offsets reach from -12 to +14 hours.
const search = 26 * time.Hour

// wall is a reading of a local clock, kept as a time in UTC.
type wall = time.Time

// Local returns the reading of the local clock at t that steps start from. In
// the second pass of a repeated hour it is the end of the repetition, so that
// readings never run backwards.
func Local(t time.Time, zone *time.Location) time.Time {
	if end, ok := repetition(t, zone); ok {
		return end
	}
	return reading(t.In(zone))
}

// latest returns the latest reading that the local clock has shown by t. It
// differs from the present one in the second pass of a repeated hour, where it
// is the last instant of the first pass: where a clock is set back over the
// start of a day, that day has begun and does not begin again.
func latest(t time.Time, zone *time.Location) wall {
	if end, ok := repetition(t, zone); ok {
		return end.Add(-time.Nanosecond)
	}
	return reading(t.In(zone))
}

// repetition returns the reading at which the clock was set back, when t lies
// in the second pass of what is repeated.
func repetition(t time.Time, zone *time.Location) (end wall, ok bool) {
	local := t.In(zone)
	start, _ := local.ZoneBounds()
	if start.IsZero() {
		return wall{}, false
	}
	_, before := start.Add(-1).In(zone).Zone()
	_, after := local.Zone()
	repeated := time.Duration(before-after) * time.Second
	if repeated <= 0 || t.Sub(start) >= repeated {
		return wall{}, false
	}
	return reading(start.In(zone)).Add(repeated), true
}

func reading(t time.Time) wall {
	_, offset := t.Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// Instant returns when the local clock shows the reading w (a time in UTC): the
// first time where it does so twice, and the first instant after the gap where
// it never does.
func Instant(w time.Time, zone *time.Location) time.Time {
	period := w.Add(-search).In(zone)
	for {
		start, end := bounds(period)
		_, offset := period.Zone()
		at := w.Add(-time.Duration(offset) * time.Second)
		if !start.IsZero() && at.Before(start) {
			return start.UTC() // The reading was skipped when this period began.
		}
		if end.IsZero() || at.Before(end) {
			return at.UTC()
		}
		period = end.In(zone)
	}
}

// bounds are those of the time's period of one offset. Past the end of the zone
// database's table ZoneBounds can name an end that is not after the time; a
// day on, the offset is asked for again.
func bounds(t time.Time) (start, end time.Time) {
	start, end = t.ZoneBounds()
	if !end.IsZero() && !end.After(t) {
		end = t.Add(24 * time.Hour)
	}
	return start, end
}

package calendar

import "time"

// FirstReading returns the first reading of the local clock (as a time in
// UTC) whose instant is not before t. A column of local times is compared
// with it: reading >= FirstReading(t) holds exactly where the instant of the
// reading is at or after t.
func FirstReading(t time.Time, zone *time.Location) time.Time {
	local := Local(t, zone)
	start, _ := t.In(zone).ZoneBounds()
	if start.Equal(t) && !start.IsZero() {
		_, before := start.Add(-1).In(zone).Zone()
		_, after := start.In(zone).Zone()
		if after > before {
			return local.Add(-time.Duration(after-before) * time.Second)
		}
	}
	return local
}

// FirstDate returns the first day (midnight UTC) that starts at or after t.
func FirstDate(t time.Time, zone *time.Location) time.Time {
	local := FirstReading(t, zone)
	day := local.Truncate(24 * time.Hour)
	if local.After(day) {
		day = day.AddDate(0, 0, 1)
	}
	return day
}

// Change is a change of a zone's offset. Where By is positive the readings
// [Reading, Reading+By) were skipped; where it is negative the readings
// [Reading, Reading-By) came twice.
type Change struct {
	At      time.Time
	Reading time.Time
	By      time.Duration
}

// Changes returns the changes of a zone's offset in [from, to).
func Changes(zone *time.Location, from, to time.Time) []Change {
	var changes []Change
	for at := from; ; {
		_, end := bounds(at.In(zone))
		if end.IsZero() || !end.Before(to) {
			return changes
		}
		_, before := end.Add(-1).In(zone).Zone()
		_, after := end.In(zone).Zone()
		by := time.Duration(after-before) * time.Second
		reading := end.UTC().Add(time.Duration(min(before, after)) * time.Second)
		if by != 0 {
			changes = append(changes, Change{At: end.UTC(), Reading: reading, By: by})
		}
		at = end
	}
}

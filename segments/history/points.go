package history

import (
	"errors"
	"time"

	"strata/segments/calendar"
)

// MaxPoints is the largest number of points of one question.
const MaxPoints = 10_000

// Errors of Points.
var (
	ErrBackwards     = errors.New("the first point lies behind the last")
	ErrNoStep        = errors.New("points need a step of at least one unit")
	ErrTooManyPoints = errors.New("there are more points than one question has")
)

// Points returns the as-ofs from..to in steps of every, in UTC, with both ends.
// Each is counted from the first one, so that monthly points stay on the same
// day of the month, and the last step may be shorter.
func Points(from, to time.Time, every calendar.Duration, zone *time.Location) ([]time.Time, error) {
	switch {
	case to.Before(from):
		return nil, ErrBackwards
	case every.N < 1:
		return nil, ErrNoStep
	}
	points := []time.Time{from.UTC()}
	next := from
	for i := 1; ; i++ {
		if _, elapsed := every.Length(); elapsed {
			next = calendar.Step(next, every, zone)
		} else {
			next = calendar.Step(from, calendar.Duration{N: i * every.N, Unit: every.Unit}, zone)
		}
		if !next.Before(to) {
			break
		}
		if next.After(points[len(points)-1]) { // A day that the zone skips has no point.
			points = append(points, next.UTC())
		}
		if len(points) >= MaxPoints {
			return nil, ErrTooManyPoints
		}
	}
	if to.After(from) {
		points = append(points, to.UTC())
	}
	return points, nil
}

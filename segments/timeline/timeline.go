package timeline

import (
	"context"
	"time"

	"strata/segments/plan"
)

// Span is the as-ofs from From (included) to To (excluded), in microseconds
// since 1970 in UTC.
type Span struct{ From, To int64 }

// Micros is a moment as spans count it.
func Micros(t time.Time) int64 { return t.UnixMicro() }

// Moment is what Micros made a number of.
func Moment(us int64) time.Time { return time.UnixMicro(us).UTC() }

// Request says what is followed.
type Request struct {
	// Plan holds the definitions.
	Plan *plan.Plan
	// From and To are the first and last as-of, both included.
	From, To time.Time
	// Before, where set, hides rows at or after it, and customers created then:
	// what happens if nothing happens any more. It is not after To.
	Before *time.Time
	// Only, where set, is the key as text of the one customer that is followed.
	Only *string
	// Prefix begins the names of tables, and Workers is how many goroutines
	// follow customers; 0 is one.
	Prefix  string
	Workers int
	// Rows is how many rows are held at once; 0 is 12 million.
	Rows int64
	// Begin, where set, is told what is followed before the first customer comes.
	Begin func(*Result)
}

// Result is what is known of a request as a whole.
type Result struct {
	Tracks []Track
	Dated  []Dated
	// Customers is how many there are at the end of the range.
	Customers int64
	// Keys is the relation of the customers: the first column is the key, and a
	// customer's ID the row's id. It stays until Close.
	Keys string

	drop func(ctx context.Context) error
}

// Close drops the result's tables; one without any has nothing to close.
func (r *Result) Close(ctx context.Context) error {
	if r.drop == nil {
		return nil
	}
	return r.drop(ctx)
}

// Track is one set of customers that is followed: the members of a segment, or
// of one stage of a partition, or those of them who may be contacted.
type Track struct {
	// Unit is the place in the plan's units.
	Unit int
	// Stage is the place of the stage in its partition, -1 for a segment.
	Stage int
	// Contactable says that the gates are passed too; such a track exists only
	// where the definition has gates.
	Contactable bool
	// Name is that of the segment, or partition.stage.
	Name string
}

// Dated is a unit that cannot be swept, and why. Its members at a moment are
// found by evaluating it at that moment.
type Dated struct {
	Unit   int
	Name   string
	Reason string
}

// Customer is what was found for one customer. It is valid until the visitor
// returns.
type Customer struct {
	// ID is the customer's place among those of the request, from 0.
	ID uint32
	// Here are the as-ofs at which the customer is in the population.
	Here []Span
	// Tracks are the spans of each track, by the track's place: in order, apart
	// from each other, inside of the request's range and of Here.
	Tracks [][]Span
}

// Visitor takes customers. It is called by several goroutines at once, each
// with a worker's number of its own, and in no order of customers.
type Visitor func(worker int, c *Customer) error

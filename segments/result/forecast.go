package result

import "time"

// Forecast is what the clock alone does to a segment, or to the stages of a
// partition: nobody does anything, and time goes by.
type Forecast struct {
	// Sizes are the segment, or the stages, day by day.
	Sizes []History `json:"sizes"`
	// Leaving is the number of members who leave, each counted for the first time
	// that they do.
	Leaving int64 `json:"leaving"`
	// Leavers are those who leave soonest, in the order in which they were asked
	// for.
	Leavers []Leaver `json:"leavers"`
	// Falls says for a partition from which stage customers come to which next;
	// it is empty for a segment.
	Falls []Fall `json:"falls"`
}

// Leaver is a member who leaves when nothing happens.
type Leaver struct {
	// Key is the customer's key.
	Key any `json:"key"`
	// From and To are stages; "" for a segment.
	From string `json:"from"`
	To   string `json:"to"`
	// At is the first as-of at which the customer is no member any more, and Day
	// the number of the day, from 1, counted from the forecast's as-of.
	At  time.Time `json:"at"`
	Day int       `json:"day"`
	// Contactable says whether the customer passes the gates at the forecast's
	// as-of; nil without gates.
	Contactable *bool `json:"contactable"`
	// Value is what leavers are ordered by within a day; nil is missing.
	Value any `json:"value"`
}

// Fall is the way of customers from one stage to the next.
type Fall struct {
	From string `json:"from"`
	To   string `json:"to"`
	// Members is the size of the stage From at the forecast's as-of.
	Members int64 `json:"members"`
	// Within has for each horizon how many of them are the first to come to To
	// within as many days.
	Within []Horizon `json:"within"`
}

// Horizon is a number of customers within a number of days.
type Horizon struct {
	Days      int   `json:"days"`
	Customers int64 `json:"customers"`
}

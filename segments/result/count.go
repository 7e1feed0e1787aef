package result

import "time"

// Count is the size of a segment.
type Count struct {
	Name string    `json:"name"`
	AsOf time.Time `json:"as_of"`
	// Members is the number of members, Contactable those that also pass every
	// gate, Customers the population both are part of.
	Members     int64 `json:"members"`
	Contactable int64 `json:"contactable"`
	Customers   int64 `json:"customers"`
	// Dropped counts what a sql: segment returned that is no member.
	Dropped Dropped `json:"dropped"`
}

// Dropped counts the rows of a sql: segment that were left out: repeated keys,
// missing keys, and keys of no customer.
type Dropped struct {
	Duplicates int64 `json:"duplicates"`
	Missing    int64 `json:"missing"`
	Unknown    int64 `json:"unknown"`
}

// Any reports whether a row was left out.
func (d Dropped) Any() bool { return d != Dropped{} }

// Group is a value and the number of members that have it.
type Group struct {
	Value   any   `json:"value"`
	Members int64 `json:"members"`
}

// Listing is rows of customers: their key and the values asked for.
type Listing struct {
	AsOf    time.Time
	Columns []string
	Rows    [][]any
}

package result

import "time"

// Late is how committed runs of a segment, or of the stages of a partition,
// would come out with what is known now.
type Late struct {
	// Units are the segment, or the stages that are in the store.
	Units []LateUnit `json:"units"`
	// Tells says that rows that came late can be told from others; without it Late
	// and Other of all runs are nil. Blind are the sources that are read and map no
	// loaded_at, SQL the segments given by sql: what came late to them counts as
	// Other.
	Tells bool     `json:"tells"`
	Blind []string `json:"blind"`
	SQL   []string `json:"sql"`
	// Reason says why the members had to be evaluated at every as-of by itself, ""
	// where they were followed.
	Reason string `json:"reason"`
}

// LateUnit is the runs of a segment or stage.
type LateUnit struct {
	// Name is that of the segment, or partition.stage.
	Name string `json:"name"`
	// Runs are in order of as-of and then as they were made, Reruns those among
	// them that another run of the same as-of took the place of.
	Runs   []LateRun `json:"runs"`
	Reruns []Rerun   `json:"reruns"`
}

// LateRun is one committed run, and how it would come out now. What nobody knows
// is nil.
type LateRun struct {
	Run  int64     `json:"run"`
	AsOf time.Time `json:"as_of"`
	// KnownAt is what the run knew: rows loaded until then.
	KnownAt time.Time `json:"known_at"`
	// SupersededBy is the run of the same as-of that took its place, nil while it
	// counts.
	SupersededBy *int64 `json:"superseded_by"`
	// Size is the number of members that were stored.
	Size int64 `json:"size"`
	// Reason says why the run is not compared with now, "" where it is. The fields
	// below are nil then.
	Reason string `json:"reason"`
	// Now is the number of members of the as-of with what is known now.
	Now *int64 `json:"now"`
	// Removed are those who were members and are no customers any more; they are
	// among who left.
	Removed *int64 `json:"removed"`
	// Changed is who is in now and was not stored, and the reverse. Late is the
	// part of rows that were loaded after KnownAt: who is in now and is not when
	// these rows are hidden, and the reverse. Other is what remains: who is in when
	// they are hidden and was not stored, and the reverse; so the data were changed
	// in some other way. A customer whom both move, there and back, is in Late and
	// Other and not in Changed. Late and Other are nil where late rows cannot be
	// told.
	Changed *Sides `json:"changed"`
	Late    *Sides `json:"late"`
	Other   *Sides `json:"other"`
}

// Sides are the numbers of customers who are in one set of members and not in
// another before it, and the reverse.
type Sides struct {
	Joined int64 `json:"joined"`
	Left   int64 `json:"left"`
}

// Rerun is what changed between a run and the one of the same as-of that took
// its place.
type Rerun struct {
	Run          int64     `json:"run"`
	AsOf         time.Time `json:"as_of"`
	SupersededBy int64     `json:"superseded_by"`
	// Size is the number of members of the run, After that of the one in its place,
	// nil where that is not in the store any more.
	Size  int64  `json:"size"`
	After *int64 `json:"after"`
	// Joined are members of the later run alone, Left those of the earlier alone;
	// nil where the store does not hold the difference.
	Joined *int64 `json:"joined"`
	Left   *int64 `json:"left"`
	// Edited says that the definition was another one.
	Edited bool `json:"edited"`
}

package evaluate

import (
	"time"

	"strata/segments/result"
)

// UnitKind tells what a unit of membership is.
type UnitKind string

// The kinds of unit.
const (
	SegmentUnit UnitKind = "segment"
	// StageUnit is one stage of a partition, named "partition.stage".
	StageUnit UnitKind = "stage"
)

// Result is the membership of many segments and stages at one as-of. The
// members themselves stand in a table of the in-memory database.
type Result struct {
	// AsOf is the moment of the evaluation; rows at or after it do not exist.
	AsOf time.Time
	// KnownAt, where set, hides rows loaded later.
	KnownAt *time.Time
	// Zone is the project's IANA time zone.
	Zone string
	// KeyType is DuckDB's type of the customer key.
	KeyType string
	// Members is the quoted relation of (unit INTEGER, key KeyType, contactable
	// BOOLEAN), each pair once; unit is an index into Units.
	Members string
	// Population is the quoted relation of (key KeyType): every customer at
	// as-of, each once; Customers is its number of rows.
	Population string
	Customers  int64
	Units      []Unit
	Sources    []SourceMark
	// Skipped are the definitions that cannot be evaluated at one moment.
	Skipped  []Skipped
	Duration time.Duration
	// Base is the id of the run that this one continues, 0 where everything was
	// evaluated anew. Changes, where they are known and not "", is the quoted
	// relation of (unit INTEGER, key KeyType, entered BOOLEAN): who is in a unit
	// now and was not at Base, or the reverse. PopulationChanges is that of (key
	// KeyType, entered BOOLEAN). Members and Population hold all the same.
	Base                       int64
	Changes, PopulationChanges string
	// State is what the next run can continue from, nil where nothing is kept;
	// Full is why this one did not continue from the last, "" where it did or
	// where nobody asked.
	State *State
	Full  string
	// Words are the conditions behind the members, nil where every definition
	// was evaluated by a statement of its own.
	Words *Words
	// Stages are the parts of the evaluation and how long they took.
	Stages []Stage
}

// Skipped is a definition that a run left out, and why.
type Skipped struct {
	Name, Reason string
}

// Unit is a segment or a stage that was evaluated.
type Unit struct {
	Kind UnitKind
	Name string
	// Was is the former name of a renamed definition, "" otherwise.
	Was string
	// Hash identifies the meaning of the definition, with all that it needs;
	// Canonical is the text that was hashed. All stages of a partition share
	// them.
	Hash, Canonical string
	// Size counts members, Contactable those that pass every gate as well.
	Size, Contactable int64
	// Duration is that of the unit's own statement, 0 where it was evaluated
	// with others.
	Duration time.Duration
	// Dropped counts what a sql: segment returned that is no customer.
	Dropped result.Dropped
}

// SourceMark says how far a source's data reached.
type SourceMark struct {
	Source string
	Rows   int64
	// LastAt and LastLoadedAt are nil where the source maps no such column or
	// is empty.
	LastAt, LastLoadedAt *time.Time
}

package snapshot

import (
	"time"

	"strata/segments/evaluate"
)

// Kind says why a run was made.
type Kind string

// The kinds of run.
const (
	Live     Kind = "live"     // An ordinary run.
	Backfill Kind = "backfill" // A run for an as-of in the past, made afterwards.
	Rerun    Kind = "rerun"    // A run that was meant to replace an earlier one of the same as-of.
)

// CommitOptions say what the result does not know of itself.
type CommitOptions struct {
	TakenAt        time.Time // When the run was made; the caller's clock.
	Kind           Kind      // "" is Live.
	ProgramVersion string
	// Complete says that the run covers every definition of the project, so that units it does not hold are retired.
	Complete bool
	// BaseAfter is how many changes of one unit are always undone without a full copy of its members; 0 is 100,000.
	BaseAfter int64
	// State, where set, is kept for the next run. Without one a state that is stored is dropped, if the run is the newest.
	State *State
}

// population is what the customers as a whole are called in messages.
const population = "population"

// Run is one committed evaluation.
type Run struct {
	ID      int64
	AsOf    time.Time
	KnownAt *time.Time
	TakenAt time.Time
	Kind    Kind
	// Supersedes is the latest earlier run of the same as-of, nil where there is none.
	Supersedes *int64
	// DefinitionSet identifies the meaning of all units together, Fingerprint that and everything else that went in:
	// as-of, known-at, zone and how far the sources reached. Equal fingerprints promise equal members.
	DefinitionSet, Fingerprint string
	Zone, ProgramVersion       string
	// Customers is the size of the population; Arrived and Vanished count its change, nil on a first run.
	Customers         int64
	Arrived, Vanished *int64
	Duration          time.Duration
	// EngineVersion is DuckDB's.
	EngineVersion string
	UnitCount     int
	// Units are sorted by name. List leaves them out.
	Units []UnitRun
}

// UnitRun is what a run found for one segment or stage, and how that differs from the run before it.
type UnitRun struct {
	Kind evaluate.UnitKind
	Name string
	// Definition is the hash of the definition that was evaluated.
	Definition string
	// Previous is the run that the difference is from: the nearest earlier as-of, or for a superseded run the one that
	// took its place. It is nil on a first run, and so are Entered, Exited and Removed.
	Previous *int64
	// SupersededBy is the later run of the same as-of that replaced this one, nil while it counts.
	SupersededBy *int64
	// Size counts members, Contactable those that pass every gate too.
	Size, Contactable int64
	// Entered and Exited count customers that changed sides; Removed those of Exited who are no customers any more.
	Entered, Exited, Removed *int64
	// MemberHash is equal for equal members, in whatever order runs were made.
	MemberHash uint64
	Duration   time.Duration
}

// Transition is a move between two stages that a partition allows; "any" stands for every stage.
type Transition struct {
	Partition, From, To string
}

// Move counts the customers who went from one stage of a partition to another. From is "" for those new to the
// population, To for those who vanished from it.
type Move struct {
	Partition, From, To string
	Customers           int64
	// Allowed is false only where the partition lists its moves and this one is not among them.
	Allowed bool
}

// RunDetail is a run with the moves between the stages of its partitions since the run before.
type RunDetail struct {
	Run
	Sources []evaluate.SourceMark
	Moves   []Move
}

// Latest is the run whose members are the present ones: the latest of the newest as-of.
type Latest struct {
	Run
	Sources []evaluate.SourceMark
	// Complete says that the run holds every unit that the store knows and that is not retired.
	Complete bool
}

// Filter chooses runs. Zero fields choose all.
type Filter struct {
	From, To time.Time // As-of bounds, From included, To excluded.
	Kind     Kind
	Unit     string // Only runs that hold this segment or stage.
	Limit    int    // At most so many, the newest as-of first.
}

// Point is one run in the history of a unit.
type Point struct {
	AsOf time.Time
	UnitRun
	Run     int64
	TakenAt time.Time
	// Changed says that the definition is not that of the point before.
	Changed bool
	// Earlier are the runs of the same as-of that this one superseded, latest first. Their differences are from the run
	// that took their place.
	Earlier []Point
}

// Size is the last known size of a unit.
type Size struct {
	AsOf time.Time
	UnitRun
	Run int64
	// RetiredAt is the as-of of the first complete run without the unit, nil while it lives.
	RetiredAt *time.Time
}

// Relation is a table of the in-memory database that holds customers of the store.
type Relation struct {
	Name string // Qualified and quoted, ready for SQL text.
	Rows int64
}

// Policy says which runs may go: those that are neither among the KeepLast newest as-ofs nor at or after Before. Zero
// fields protect nothing, and both zero prunes nothing. Runs that are the newest of any unit always stay.
type Policy struct {
	KeepLast int
	Before   time.Time
	DryRun   bool
}

// Pruned is what Prune removed, or would remove.
type Pruned struct {
	Runs []Run // Without units, oldest as-of first.
	// ChangesBefore and ChangesAfter count the rows of the change log.
	ChangesBefore, ChangesAfter int64
}

// Problem is a contradiction inside the store.
type Problem struct {
	Run  int64  // 0 where it is about no single run.
	Unit string // "" where it is about no single unit; "population" for the customers as a whole.
	Text string
}

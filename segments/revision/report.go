package revision

import (
	"slices"
	"strings"
	"time"
)

// Report is what differs between two versions of the definitions, and what that
// does to members on the same data at the same as-of.
type Report struct {
	AsOf time.Time
	// KnownAt, where set, hides rows that were loaded later.
	KnownAt *time.Time
	// Before is the version that the working files are compared with.
	Before Version
	// Changes are the segments and partitions that differ: those of the working
	// files in their order, then those that are gone.
	Changes []Change
	// Unchanged counts the others.
	Unchanged int
	// Edits are what else is written differently, by kind and name.
	Edits []Edit
	// Renames are definitions that are gone and there again under another name.
	Renames []Rename
	// Notes are about the comparison as a whole, such as other sources.
	Notes []string
}

// Version is what the working files are compared with.
type Version struct {
	// Name is how it was asked for, such as HEAD or "run 12".
	Name string
	// Commit is its full hash, "" for a run, whose id Run is otherwise 0.
	Commit string
	Run    int64
}

// Status says in one word how a definition differs.
type Status string

// The statuses. A definition has the first that is true of it.
const (
	// New and Deleted are there in one version only.
	New     Status = "new"
	Deleted Status = "deleted"
	// Renamed has another name, and says so with was:. It may differ as well.
	Renamed Status = "renamed"
	// Edited is written differently: its rule, its gates or its bounds.
	Edited Status = "edited"
	// Affected is written the same and needs something that is not.
	Affected Status = "affected"
	// DataOnly means the same as in the run, whose members were others: the data
	// changed since.
	DataOnly Status = "data"
)

// Change is a segment or partition that differs.
type Change struct {
	Name, Kind string
	// Was is the former name of a renamed definition.
	Was    string
	Status Status
	// Rule, Gates and Limits say what is written differently: the rule, the list
	// of gates, the bounds on the size.
	Rule, Gates, Limits bool
	// Through names what the definition needs and is itself written differently,
	// such as "trait ltv". Only what both versions need is named.
	Through []string
	// Affects names the changes that come through this one.
	Affects []string
	// File and Line say where the definition stands, in the version that has it.
	File string
	Line int
	// Before and After are nil on a side without the definition, and where it
	// could not be evaluated.
	Before, After *Size
	// Joined, Left and Stayed count members of a segment. For a partition they
	// count customers that one version alone knows and those who stay in their
	// stage; Moved counts those who go to another.
	Joined, Left, Stayed, Moved int64
	// Causes and Together say which changes of the rule made the moves of a
	// segment (explain). Unexplained is why nothing is known of that; "" where
	// it is, or where there is nothing to explain.
	Causes      []Cause
	Together    []Combination
	Unexplained string
	// Stages are those of a partition in both versions, in the order of the
	// working files, and Moves who goes where.
	Stages []Stage
	Moves  []Move
	// JoinedKeys and LeftKeys are some customers, where any were asked for.
	JoinedKeys, LeftKeys []any
	// Bounds are those that the sizes break after the edit.
	Bounds []Bound
	// Skipped is why the definition was not evaluated, "" where it was.
	Skipped string
}

// Size counts members, and those of them who pass every gate.
type Size struct{ Members, Contactable int64 }

// CauseKind tells what changed a customer's membership.
type CauseKind string

// The kinds of cause.
const (
	// LeafEdited is a leaf that is written differently, and LeafThrough one that
	// is not but names something that is.
	LeafEdited  CauseKind = "edited"
	LeafThrough CauseKind = "through"
	// LeafAdded and LeafRemoved are leaves of one version only.
	LeafAdded   CauseKind = "added"
	LeafRemoved CauseKind = "removed"
	// Structure is how all, any and not put the leaves together.
	Structure CauseKind = "structure"
	// Customers is that a customer is in the population of one version only,
	// because the customers source was edited.
	Customers CauseKind = "customers"
)

// Cause is one change of a segment's rule, and the moves it makes on its own.
type Cause struct {
	// Name is the leaf's, or "(structure)" or "(customers)".
	Name string
	Kind CauseKind
	// Before and After are the leaf's rule on one line, "" where it is not there.
	Before, After string
	// Through names what the leaf needs and is written differently.
	Through []string
	// Joined and Left count the moves that it explains alone.
	Joined, Left int64
	// TogetherJoined and TogetherLeft count the moves that it takes part in
	// together with others; a move counts at each of them.
	TogetherJoined, TogetherLeft int64
}

// Combination is a set of causes and the moves that only all of them explain.
type Combination struct {
	Causes       []string
	Joined, Left int64
}

// Stage is a stage of a partition.
type Stage struct {
	Name string
	// Before and After are nil on a side without the stage.
	Before, After *Size
}

// Move counts customers who are in one stage before and in another one after. An
// empty name is outside of the population. From and To differ.
type Move struct {
	From, To  string
	Customers int64
	Keys      []any
}

// Bound is a bound on a size that does not hold after the edit.
type Bound struct {
	// Unit is the segment, or "partition.stage".
	Unit string
	Size int64
	// Low and High are the bounds, included; nil where that side has none.
	Low, High *int64
	// Already says that the version before broke its own bounds as well.
	Already bool
	File    string
	Line    int
}

// Edit is something without members of its own that is written differently.
type Edit struct {
	// Kind is param, list, trait, gate or stream.
	Kind, Name string
	// Status is New, Deleted or Edited.
	Status Status
	// Before and After are the value on one line, where it has one line.
	Before, After string
	// Affects counts the changes that name it as what they come through.
	Affects int
}

// Rename proposes to keep the history of a definition that seems to have another
// name now, by "was: From" in its definition.
type Rename struct {
	Kind, From, To string
	File           string
	Line           int
}

// moves reports whether a member moved, or who may be contacted changed.
func (c *Change) moves() bool {
	if c.Joined+c.Left+c.Moved > 0 {
		return true
	}
	return c.Before != nil && c.After != nil && c.Before.Contactable != c.After.Contactable
}

// Why says in a few words how the definition differs.
func (c *Change) Why() string {
	var parts []string
	switch c.Status {
	case New, Deleted:
		return string(c.Status)
	case DataOnly:
		return "the data changed"
	case Renamed:
		parts = append(parts, "renamed from "+c.Was)
	case Edited, Affected:
	}
	if c.Rule {
		parts = append(parts, "edited")
	}
	if c.Gates {
		parts = append(parts, "other gates")
	}
	if c.Limits {
		parts = append(parts, "other bounds")
	}
	if len(c.Through) > 0 {
		parts = append(parts, "through "+strings.Join(c.Through, ", "))
	}
	return strings.Join(parts, "; ")
}

// affects notes what comes through each change and edit.
func (r *Report) affects() {
	for i := range r.Changes {
		for _, other := range r.Changes {
			if slices.Contains(other.Through, r.Changes[i].Kind+" "+r.Changes[i].Name) {
				r.Changes[i].Affects = append(r.Changes[i].Affects, other.Name)
			}
		}
	}
	for i, e := range r.Edits {
		for _, change := range r.Changes {
			if slices.Contains(change.Through, e.Kind+" "+e.Name) {
				r.Edits[i].Affects++
			}
		}
	}
}

// Broken returns the bounds that do not hold after the edit.
func (r *Report) Broken() []Bound {
	var all []Bound
	for _, c := range r.Changes {
		all = append(all, c.Bounds...)
	}
	return all
}

// Count is the number of changes of a status.
func (r *Report) Count(s Status) int {
	n := 0
	for _, c := range r.Changes {
		if c.Status == s {
			n++
		}
	}
	return n
}

package snapshot

import (
	"errors"
	"fmt"
)

// ErrEmpty says that the store does not exist yet or holds nothing.
var ErrEmpty = errors.New("the store holds no run yet")

// ErrNotFound says that the store has no such run or unit.
var ErrNotFound = errors.New("not in the store")

// MismatchError says that the store was made by a project with other basics, so that its runs cannot be compared.
type MismatchError struct {
	What           string // Such as "time zone".
	Store, Project string
}

// Error names both sides and what to do.
func (e *MismatchError) Error() string {
	return fmt.Sprintf("the store belongs to a project with %s %s, this project has %s: name another store file in strata.yaml",
		e.What, e.Store, e.Project)
}

// VersionError says that the store was written by a newer program.
type VersionError struct {
	Store, Known int
}

// Error names both versions and what to do.
func (e *VersionError) Error() string {
	return fmt.Sprintf("the store has version %d and this program knows versions up to %d: update strata", e.Store, e.Known)
}

// ContradictionError says that the store contradicts itself, so that nothing was removed from it.
type ContradictionError struct {
	Problem Problem // The first of what Verify finds.
}

// Error says what is wrong where.
func (e *ContradictionError) Error() string {
	return fmt.Sprintf("the store contradicts itself, so nothing is removed from it: run %d, %s: %s",
		e.Problem.Run, e.Problem.Unit, e.Problem.Text)
}

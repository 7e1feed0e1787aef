package reports

import (
	"fmt"
	"slices"
	"strings"
)

// DriftOp tells the nodes of a DriftRule apart.
type DriftOp string

// The nodes of a rule.
const (
	// DriftBit is a condition by its place among the bits of a pattern.
	DriftBit DriftOp = "bit"
	// DriftAll holds where all parts hold, DriftAny where one of them does, and
	// DriftNot where its parts do not all hold.
	DriftAll DriftOp = "all"
	DriftAny DriftOp = "any"
	DriftNot DriftOp = "not"
)

// DriftRule is a rule as a boolean tree over bits.
type DriftRule struct {
	Op    DriftOp     `json:"op"`
	Bit   int         `json:"bit"`
	Parts []DriftRule `json:"parts"`
}

// Holds is the value of a rule where the bits have the values of a function.
func (r DriftRule) Holds(bit func(int) bool) bool {
	switch r.Op {
	case DriftBit:
		return bit(r.Bit)
	case DriftAll:
		return !slices.ContainsFunc(r.Parts, func(p DriftRule) bool { return !p.Holds(bit) })
	case DriftAny:
		return slices.ContainsFunc(r.Parts, func(p DriftRule) bool { return p.Holds(bit) })
	case DriftNot:
		return slices.ContainsFunc(r.Parts, func(p DriftRule) bool { return !p.Holds(bit) })
	}
	return false
}

// DriftLeaf is a condition of a rule, old or new, as people know it.
type DriftLeaf struct {
	// Name is the name of the leaf, and Rule its words.
	Name string `json:"name"`
	Rule string `json:"rule"`
	// Whole says that nothing is known of what the clock alone did to it, so that
	// clock and data are one cause; Reason is why.
	Whole  bool   `json:"whole"`
	Reason string `json:"reason,omitempty"`
}

// DriftPattern is a number of customers who are alike in all that a rule looks
// at.
type DriftPattern struct {
	Customers int64
	// Here0 and Here1 say that they are customers at the beginning and the end.
	Here0, Here1 bool
	// Before, Aged and After are the bits at the beginning, at the end if nothing
	// had happened in between, and at the end. They are nil where they are not
	// known: all three are the same then.
	Before, Aged, After []bool
	// Kept0 and Kept1 say whether a run of the store holds them as members at
	// that end, nil where the end is no run.
	Kept0, Kept1 *bool
}

// Ends reports whether the pattern's customers are members at the beginning and
// at the end, by what a run holds where one is meant.
func (p *DriftPattern) Ends(old, now DriftRule) (first, last bool) {
	first = p.Here0 && old.Holds(func(bit int) bool { return p.Before[bit] })
	last = p.Here1 && now.Holds(func(bit int) bool { return p.After[bit] })
	if p.Kept0 != nil {
		first = *p.Kept0
	}
	if p.Kept1 != nil {
		last = *p.Kept1
	}
	return first, last
}

// DriftGame is a rule that changed from one form to another over bits, and how
// many customers have which bits.
type DriftGame struct {
	Leaves []DriftLeaf
	// Of is the leaf of each bit: an edited leaf has a bit in each form.
	Of []int
	// Old and New are the rule at the beginning and at the end.
	Old, New DriftRule
	Patterns []DriftPattern
	// Seed begins the permutations that are drawn where causes are too many.
	Seed uint64
}

// DriftCauseKind is what sort of thing made members come and go.
type DriftCauseKind string

// The kinds of cause.
const (
	// DriftClock is time that passed: rows that left a window, days since.
	DriftClock DriftCauseKind = "clock"
	// DriftData is rows and fields that came or changed, behind the clock's back.
	DriftData DriftCauseKind = "data"
	// DriftEither is clock and data where they cannot be told apart.
	DriftEither DriftCauseKind = "clock or data"
	// DriftEdit is the edit of the rule.
	DriftEdit DriftCauseKind = "rule"
	// DriftPopulation is customers who were created or removed.
	DriftPopulation DriftCauseKind = "population"
	// DriftKept0 and DriftKept1 are members whom a run has and an evaluation of
	// its as-of does not find today, or the reverse.
	DriftKept0 DriftCauseKind = "first run"
	DriftKept1 DriftCauseKind = "last run"
)

// DriftCause is a cause of drift and the members that it accounts for, by the
// values of Shapley.
type DriftCause struct {
	Kind DriftCauseKind `json:"kind"`
	// Leaf is the name of the leaf, and Rule its words; "" where the cause is none.
	Leaf string `json:"leaf"`
	Rule string `json:"rule"`
	// Change is the cause's part of the change of the size: the sum of Entered, of
	// Exited (below zero) and of Within. Within is from customers on the same side
	// at both ends for whom causes worked against each other; it adds up to 0 over
	// all causes.
	Change  float64 `json:"change"`
	Entered float64 `json:"entered"`
	Exited  float64 `json:"exited"`
	Within  float64 `json:"within"`
	// Members is Change as a whole number, rounded so that the numbers of all
	// causes add up to the change.
	Members int64 `json:"members"`
	// SE is the standard error of Change, 0 where it is exact.
	SE float64 `json:"se"`
}

// Name is the cause in a few words. A leaf that nobody named is called by its
// rule.
func (c DriftCause) Name() string {
	switch c.Kind {
	case DriftClock, DriftData, DriftEither:
		leaf := c.Leaf
		if number, unnamed := strings.CutPrefix(leaf, "c"); unnamed && number != "" && strings.Trim(number, "0123456789") == "" && c.Rule != "" {
			leaf = c.Rule
		}
		return fmt.Sprintf("%s: %s", c.Kind, leaf)
	case DriftEdit:
		return "edit of the rule"
	case DriftPopulation:
		return "customers new or removed"
	case DriftKept0:
		return "first run differs from now"
	case DriftKept1:
		return "last run differs from now"
	}
	return string(c.Kind)
}

// DriftWhy is why a segment drifted.
type DriftWhy struct {
	// Size0 and Size1 are the members at both ends.
	Size0 int64 `json:"size_from"`
	Size1 int64 `json:"size_to"`
	// Entered and Exited compare the ends.
	Entered int64 `json:"entered"`
	Exited  int64 `json:"exited"`
	// Exact says that no permutations were drawn.
	Exact bool `json:"exact"`
	// Causes are by the size of their part, the largest first; those that moved
	// nobody are left out.
	Causes []DriftCause `json:"causes"`
	// Edited says that the rule differs between the ends, nil where nobody knows.
	Edited *bool `json:"edited"`
	// Notes are what a reader must know.
	Notes []string `json:"notes"`
	// Refused is why there is no attribution, "" where there is one.
	Refused string `json:"refused"`
}

package suite

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/evaluate"
)

// The keys of the bounds, as they stand in the file.
const (
	sizeBound   = "size"
	changeBound = "change_per_day"
)

// Previous returns the size and as-of of the last committed run of a unit
// ("segment" or "partition.stage") whose definition had the same hash, and
// false where there is none.
type Previous func(name, hash string) (size int64, asOf time.Time, ok bool)

// Bounds holds the sizes of a run against what the definitions expect of them.
// The bounds of a partition hold for each of its stages. Definitions without
// bounds, and those that were not evaluated, have no outcome. A change that has
// nothing to be compared with is skipped, and says so.
func Bounds(result *evaluate.Result, previous Previous, defs []check.Definition) []Outcome {
	units := map[string]evaluate.Unit{}
	for _, unit := range result.Units {
		units[unit.Name] = unit
	}
	var outcomes []Outcome
	for _, d := range defs {
		expect, names := bounded(d)
		if expect == nil {
			continue
		}
		for _, name := range names {
			unit, ok := units[name]
			if !ok {
				continue
			}
			b := bound{expect: expect, unit: unit, asOf: result.AsOf}
			if expect.SizeMin != nil || expect.SizeMax != nil {
				outcomes = append(outcomes, b.size())
			}
			if expect.ChangePerDay != nil {
				outcomes = append(outcomes, b.change(previous))
			}
		}
	}
	return outcomes
}

// Bounded reports whether a definition says how large it expects to be.
func Bounded(d check.Definition) bool {
	expect, _ := bounded(d)
	return expect != nil
}

// bounded returns the bounds of a definition and the units they hold for.
func bounded(d check.Definition) (*definition.Expect, []string) {
	switch x := d.(type) {
	case *check.Segment:
		return x.Definition.Expect, []string{x.DefinitionName()}
	case *check.Partition:
		names := make([]string, 0, len(x.Stages))
		for _, stage := range x.Stages {
			names = append(names, x.DefinitionName()+"."+stage.Name)
		}
		return x.Definition.Expect, names
	}
	return nil, nil
}

// bound is one unit and what is expected of it.
type bound struct {
	expect *definition.Expect
	unit   evaluate.Unit
	asOf   time.Time
}

func (b bound) outcome(key string) Outcome {
	o := outcomeAt(b.unit.Name, key, b.expect.At)
	o.Passed, o.Duration = true, b.unit.Duration
	return o
}

// size checks that the number of members lies in the range, ends included.
func (b bound) size() Outcome {
	o := b.outcome(sizeBound)
	low, high := b.expect.SizeMin, b.expect.SizeMax
	if low != nil && b.unit.Size < *low || high != nil && b.unit.Size > *high {
		o.Passed = false
		o.Message = fmt.Sprintf("expected a size of %s, got %d", rangeText(low, high), b.unit.Size)
	}
	return o
}

// rangeText writes a range as it stands in the file.
func rangeText(low, high *int64) string {
	if low != nil && high != nil && *low == *high {
		return strconv.FormatInt(*low, 10)
	}
	text := ""
	if low != nil {
		text = strconv.FormatInt(*low, 10)
	}
	text += ".."
	if high != nil {
		text += strconv.FormatInt(*high, 10)
	}
	return text
}

// change checks that |new/old - 1| <= share x max(1, days between), in exact
// numbers: a change of exactly the bound passes.
func (b bound) change(previous Previous) Outcome {
	o := b.outcome(changeBound)
	old, since, ok := previous(b.unit.Name, b.unit.Hash)
	switch {
	case !ok:
		o.Skipped, o.Message = true, "not checked: there is no earlier run of this definition"
		return o
	case old == 0:
		o.Skipped, o.Message = true, "not checked: the run before found no members"
		return o
	}
	share, ok := new(big.Rat).SetString(strconv.FormatFloat(*b.expect.ChangePerDay, 'f', -1, 64))
	if !ok {
		return o // A share that was read from a file is finite.
	}
	days := daysBetween(since, b.asOf)
	allowed := new(big.Rat).Mul(share, days)
	moved := new(big.Rat).Sub(big.NewRat(b.unit.Size, old), big.NewRat(1, 1))
	if new(big.Rat).Abs(moved).Cmp(allowed) > 0 {
		o.Passed = false
		o.Message = fmt.Sprintf("expected a change of at most %s in %s, got %s: from %d to %d",
			percent(allowed), daysText(days), percent(moved), old, b.unit.Size)
	}
	return o
}

// daysBetween is the number of 24-hour days between two moments, at least 1.
func daysBetween(a, b time.Time) *big.Rat {
	elapsed := b.Sub(a)
	if elapsed < 0 {
		elapsed = -elapsed
	}
	days := big.NewRat(int64(elapsed), int64(24*time.Hour))
	if one := big.NewRat(1, 1); days.Cmp(one) < 0 {
		return one
	}
	return days
}

func daysText(days *big.Rat) string {
	if text := number(days, 2); text != "1" {
		return text + " days"
	}
	return "a day"
}

// percent writes a share with its sign, and one decimal where it needs one.
func percent(share *big.Rat) string {
	return number(new(big.Rat).Mul(share, big.NewRat(100, 1)), 1) + "%"
}

// number writes a number with at most so many decimals.
func number(n *big.Rat, decimals int) string {
	text := n.FloatString(decimals)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

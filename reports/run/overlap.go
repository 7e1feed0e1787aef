package run

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"strata/reports"
	"strata/segments/check"
	"strata/segments/contain"
	"strata/segments/evaluate"
	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

// ErrNothingToOverlap says that no segment is there to look at.
var ErrNothingToOverlap = errors.New("there is no segment to look at")

// OverlapAnswer is how segments and stages overlap, and what is to be known of it.
type OverlapAnswer struct {
	*reports.Overlap
	AsOf    time.Time
	KnownAt *time.Time
	// Run is the run that the members were read from, nil where they were evaluated.
	Run *int64
	// Skipped are the definitions that were left out, and why.
	Skipped []evaluate.Skipped
	// Edited are the units of a run whose definitions have changed since, so that
	// nothing is concluded from their rules.
	Edited []string
}

// Overlap counts how segments and stages overlap at an as-of. Nothing is evaluated
// where the evaluator still has the words of a run that hold them.
func Overlap(
	ctx context.Context, e *evaluate.Evaluator, definitions []check.Definition, asOf time.Time, options reports.OverlapOptions,
) (*OverlapAnswer, error) {
	bits, err := e.Bits(ctx, definitions, asOf)
	if err != nil {
		return nil, err
	}
	if len(bits.Units) == 0 {
		return &OverlapAnswer{AsOf: asOf, Skipped: bits.Skipped}, ErrNothingToOverlap
	}
	w := overlapWork{program: e.Program(), rules: map[string]bool{}}
	for _, unit := range bits.Units {
		w.add(unit.Name, unit.Kind)
		w.rules[unit.Name] = true
	}
	return &OverlapAnswer{
		Overlap: w.finish(reports.NewOverlap(w.units, bits.Bits, options)), AsOf: asOf, Skipped: bits.Skipped,
	}, nil
}

// StoredOverlap counts how segments and stages overlapped at a committed run. Nil
// definitions are all that the run holds. Errors are those of the store.
func StoredOverlap(
	ctx context.Context, db *warehouse.DB, program *check.Program, run int64, definitions []check.Definition, options reports.OverlapOptions,
) (*OverlapAnswer, error) {
	found, err := snapshot.Show(ctx, db, run, nil)
	if err != nil {
		return nil, err
	}
	answer := &OverlapAnswer{AsOf: found.AsOf, KnownAt: found.KnownAt, Run: &found.ID}
	w := overlapWork{program: program, rules: map[string]bool{}}
	hashes := overlapHashes(program, program.Order)
	wanted := overlapHashes(program, definitions)
	var names []string
	for _, unit := range found.Units {
		if _, ok := wanted[unit.Name]; !ok && definitions != nil {
			continue
		}
		delete(wanted, unit.Name)
		names = append(names, unit.Name)
		w.add(unit.Name, unit.Kind)
		if w.rules[unit.Name] = hashes[unit.Name] == unit.Definition; !w.rules[unit.Name] {
			answer.Edited = append(answer.Edited, unit.Name)
		}
	}
	for _, d := range definitions {
		if units := evaluate.UnitsOf(program, d); len(units) > 0 {
			if _, missing := wanted[units[0].Name]; missing {
				answer.Skipped = append(answer.Skipped, evaluate.Skipped{Name: d.DefinitionName(), Reason: fmt.Sprintf("it is not in run %d", run)})
			}
		}
	}
	if len(names) == 0 {
		return answer, ErrNothingToOverlap
	}
	bits, err := snapshot.Bits(ctx, db, run, names)
	if err != nil {
		return nil, err
	}
	answer.Overlap = w.finish(reports.NewOverlap(w.units, bits, options))
	return answer, nil
}

// overlapHashes are the units of definitions by name, and what they mean.
func overlapHashes(program *check.Program, definitions []check.Definition) map[string]string {
	hashes := map[string]string{}
	for _, d := range definitions {
		switch d.(type) {
		case *check.Segment, *check.Partition:
			for _, unit := range evaluate.UnitsOf(program, d) {
				hashes[unit.Name] = unit.Hash
			}
		}
	}
	return hashes
}

// overlapWork adds to numbers what the definitions say.
type overlapWork struct {
	program *check.Program
	units   []reports.OverlapUnit
	// rules are the units whose rules are those that made the members.
	rules map[string]bool
}

// add adds a unit.
func (w *overlapWork) add(name string, kind evaluate.UnitKind) {
	unit := reports.OverlapUnit{Name: name}
	owner := name
	if kind == evaluate.StageUnit {
		owner = name[:strings.LastIndex(name, ".")]
		unit.Partition = owner
	}
	if d, ok := w.program.Lookup(owner); ok {
		for _, other := range w.program.Order {
			if slices.Contains(other.Needs(), d) {
				unit.Readers++
			}
		}
	}
	w.units = append(w.units, unit)
}

// finish looks at the rules of those who lie in each other, and advises.
func (w *overlapWork) finish(o *reports.Overlap) *reports.Overlap {
	var definitions []check.Definition
	for _, d := range w.program.Order {
		switch d.(type) {
		case *check.Segment, *check.Partition:
			definitions = append(definitions, d)
		}
	}
	prover := contain.New(w.program, definitions)
	for i := range o.Units {
		o.Units[i].Impossible = o.Units[i].Size == 0 && w.rules[o.Units[i].Name] && prover.Impossible(o.Units[i].Name)
	}
	which := map[contain.Relation]reports.OverlapWhich{
		contain.Inside: reports.OverlapAInB, contain.Around: reports.OverlapBInA, contain.Same: reports.OverlapSame,
	}
	for _, pair := range o.Candidates() {
		a, b := o.Units[pair[0]].Name, o.Units[pair[1]].Name
		if !w.rules[a] || !w.rules[b] {
			continue
		}
		d := contain.Differ(w.program, a, b)
		o.SetRule(pair[0], pair[1], reports.OverlapRule{
			Which: which[prover.Relation(a, b)], OnlyA: d.OnlyA, OnlyB: d.OnlyB, Changed: d.Changed, Note: d.Note,
		})
	}
	o.Advise()
	return o
}

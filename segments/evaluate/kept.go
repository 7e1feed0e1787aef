package evaluate

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"strata/segments/catalog"
	"strata/segments/compile"
	"strata/segments/plan"
)

// Past is the newest run of a store and what was kept of it.
type Past struct {
	Run     int64
	AsOf    time.Time
	KnownAt *time.Time
	// Fingerprint and Marks are those of the run's State.
	Fingerprint, Marks string
	// Relation is the stored relation of a kept table.
	Relation func(name string) string
	// Read runs statements while the store is attached for reading.
	Read func(ctx context.Context, statements []compile.Statement) error
}

// State is what a store keeps of a run for the next one to continue from.
type State struct {
	Fingerprint, Marks string
	Tables             []compile.KeptTable
}

// marks say what a run saw of the sources whose rows it keeps sums of.
type marks struct {
	// Wide says that every counter has a column of its own.
	Wide    bool                  `json:"wide"`
	Sources map[string]sourceMark `json:"sources"`
}

// sourceMark is how many rows of a source happened before the as-of, and the
// newest load among all its rows, nil where none has one.
type sourceMark struct {
	Rows   int64      `json:"rows"`
	Loaded *time.Time `json:"loaded"`
}

// keptSources are the sources whose rows a plan keeps sums of.
func keptSources(p *plan.Plan) []*catalog.Source {
	var list []*catalog.Source
	seen := map[*catalog.Source]bool{}
	for _, pass := range p.Passes {
		if pass.Kept && !seen[pass.Source] {
			seen[pass.Source] = true
			list = append(list, pass.Source)
		}
	}
	return list
}

// whyFull returns what an evaluation can continue from, or why everything has
// to be evaluated anew.
func (r *run) whyFull(ctx context.Context) (past *compile.Past, wide bool, reason string, err error) {
	kept := keptSources(r.plan)
	if len(kept) == 0 {
		return nil, false, nothingKept(r.plan), nil
	}
	from := r.options.Past
	if reason := r.mismatch(from); reason != "" {
		return nil, false, reason, nil
	}
	var seen marks
	if err := json.Unmarshal([]byte(from.Marks), &seen); err != nil {
		return nil, false, "what the last run kept cannot be read", nil //nolint:nilerr // A full run is the remedy.
	}
	past = &compile.Past{AsOf: from.AsOf, Loaded: map[string]*time.Time{}, Relation: from.Relation}
	for _, source := range kept {
		mark, ok := seen.Sources[source.Name]
		if !ok {
			return nil, false, "the last run kept nothing of " + source.Name, nil
		}
		past.Loaded[source.Name] = mark.Loaded
		rows, err := r.rowsKnown(ctx, source, *past)
		if err != nil {
			return nil, false, "", err
		}
		if reason := changedRows(source, mark, rows); reason != "" {
			return nil, false, reason, nil
		}
	}
	return past, seen.Wide, "", nil
}

// mismatch says why the newest run is not one to continue from.
func (r *run) mismatch(past *Past) string {
	switch {
	case past == nil:
		return "there is no run to continue from"
	case r.knownAt != nil:
		return "it looks at what was known at an earlier time"
	case past.KnownAt != nil:
		return "the last run looked at what was known at an earlier time"
	case past.Fingerprint == "":
		return "the last run kept nothing to continue from"
	case past.Fingerprint != r.plan.Fingerprint():
		return "the definitions, the mapping or the program changed since the last run"
	case !r.options.AsOf.After(past.AsOf):
		return "the last run is not of an earlier as-of"
	}
	return ""
}

// nothingKept says why a plan keeps nothing.
func nothingKept(p *plan.Plan) string {
	seen := map[string]bool{}
	for _, t := range p.Traits {
		if t.Additive {
			seen[t.Rows.Stream.Source.Name] = true
		}
	}
	if len(seen) == 0 {
		return "no definition counts or sums rows"
	}
	for _, source := range p.Program.Sources {
		if seen[source.Name] {
			return fmt.Sprintf("source %s neither maps loaded_at nor says append_only: true, so rows that are new cannot be told", source.Name)
		}
	}
	return ""
}

// changedRows says what is wrong with the rows that the last run saw.
func changedRows(source *catalog.Source, mark sourceMark, rows int64) string {
	switch {
	case rows < mark.Rows:
		return fmt.Sprintf("%d rows of %s that the last run saw are gone or were loaded again", mark.Rows-rows, source.Name)
	case rows > mark.Rows && source.LoadedAt == nil:
		return fmt.Sprintf("%d rows of %s came after the last run but happened before it; with loaded_at mapped they would be told apart",
			rows-mark.Rows, source.Name)
	case rows > mark.Rows:
		return fmt.Sprintf("%d rows of %s came after the last run with a loaded_at of before it, or without one", rows-mark.Rows, source.Name)
	}
	return ""
}

// rowsKnown counts the rows that an earlier run has seen.
func (r *run) rowsKnown(ctx context.Context, source *catalog.Source, past compile.Past) (rows int64, err error) {
	statement, err := r.compiler.RowsKnown(source, past)
	if err != nil {
		return 0, err
	}
	if err := r.db.Row(ctx, []any{&rows}, statement.SQL, statement.Args...); err != nil {
		return 0, fmt.Errorf("count the rows of %s: %w", source.Name, err)
	}
	return rows, nil
}

// keep notes what the next run can continue from. The rows before the as-of are
// those that were counted for the run.
func (r *run) keep(ctx context.Context) error {
	words := r.result.Words
	if words == nil || len(words.shared.Kept) == 0 || r.knownAt != nil {
		return nil
	}
	rows := map[string]int64{}
	for _, mark := range r.result.Sources {
		rows[mark.Source] = mark.Rows
	}
	seen := marks{Wide: words.wide, Sources: map[string]sourceMark{}}
	for _, source := range keptSources(r.plan) {
		statement, err := r.compiler.Newest(source)
		if err != nil {
			return err
		}
		mark := sourceMark{Rows: rows[source.Name]}
		if err := r.db.Row(ctx, []any{&mark.Loaded}, statement.SQL, statement.Args...); err != nil {
			return fmt.Errorf("look for the newest load of %s: %w", source.Name, err)
		}
		seen.Sources[source.Name] = mark
	}
	text, err := json.Marshal(seen)
	if err != nil {
		return fmt.Errorf("write down what the run saw: %w", err)
	}
	r.result.State = &State{Fingerprint: r.plan.Fingerprint(), Marks: string(text), Tables: words.shared.Kept}
	return nil
}

// changes finds who changed sides since the run that the evaluation continues.
// Units with statements of their own are not in the words; with any, the store
// compares all members.
func (r *run) changes(ctx context.Context) error {
	written := 0
	for unit := range r.places {
		written += stagesOf(unit.Definition)
	}
	if written < len(r.result.Units) {
		return nil
	}
	words := r.result.Words
	changed, err := words.shared.Changes(r.places)
	if err != nil {
		return err
	}
	// As steps of the words the tables go when these are closed.
	words.shared.Steps = append(words.shared.Steps, changed.Steps...)
	for _, step := range changed.Steps {
		if _, err := r.db.Exec(ctx, step.Statement.SQL, step.Statement.Args...); err != nil {
			return fmt.Errorf("find %s: %w", step.Name, err)
		}
	}
	r.result.Changes, r.result.PopulationChanges = changed.Units, changed.Population
	return nil
}

// sizesOf counts the members of units from the words, and the contactable ones
// where there are gates.
func (r *run) sizesOf(ctx context.Context, places map[*plan.Unit]int) error {
	var formulas []*plan.Formula
	var numbers [][]*int64
	count := func(f *plan.Formula, into ...*int64) {
		formulas, numbers = append(formulas, f), append(numbers, into)
	}
	add := func(unit *Unit, members, gates *plan.Formula) {
		if gates == nil {
			count(members, &unit.Size, &unit.Contactable)
			return
		}
		count(members, &unit.Size)
		count(plan.Both(members, gates), &unit.Contactable)
	}
	for unit, place := range places {
		if unit.Members != nil {
			add(&r.result.Units[place], unit.Members, unit.Gates)
			continue
		}
		for i := range unit.Stages {
			add(&r.result.Units[place+i], unit.InStage(i), unit.Gates)
		}
	}
	_, sizes, err := r.result.Words.Sizes(ctx, formulas)
	if err != nil {
		return err
	}
	for i, into := range numbers {
		for _, number := range into {
			*number = sizes[i]
		}
	}
	return nil
}

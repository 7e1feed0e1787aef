package evaluate_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/sql/warehouse"
)

// keptItem is a row of a source and the steps at which it is there: from the
// one at which it is born on, and before the one at which it goes.
type keptItem struct {
	source     string
	row        record
	born, gone int
}

// forever is the step that no row sees.
const forever = 1 << 30

// keptScript is what happens to the warehouse of a batch: at each step a run
// looks at its as-of.
type keptScript struct {
	*batch
	definitions []check.Definition
	asOfs       []time.Time
	items       []*keptItem
}

// tables is the warehouse at a step.
func (s keptScript) tables(step int) tables {
	out := tables{}
	for _, item := range s.items {
		if item.born <= step && step < item.gone {
			out[item.source] = append(out[item.source], item.row)
		}
	}
	return out
}

// keptTold is what the steps of a script told.
type keptTold struct {
	// full counts the reasons of runs that did not continue, "" those that did.
	full map[string]int
	// changes is the number of changes that continued runs told.
	changes int
	// failedAt is the step that showed a difference.
	failedAt int
}

// replay runs each step from what the one before left, and once more from
// nothing, and says where they differ; at the last step the naive evaluator is
// asked as well.
func (s keptScript) replay(db *warehouse.DB, told *keptTold) string {
	ctx := context.Background()
	store := &keptStore{db: db}
	var before keptSeen
	for step := range s.asOfs {
		data := s.tables(step)
		for _, statement := range s.statements(data) {
			if _, err := db.Exec(ctx, statement); err != nil {
				return "the warehouse cannot be made: " + err.Error()
			}
		}
		expected := s.reasons(store, before, data, s.asOfs[step])
		found, diff := s.step(ctx, store, step, data)
		if diff == "" && !slices.Contains(expected, found.Full) {
			diff = fmt.Sprintf("%s, expected one of %q", why(found.Full), expected)
		}
		if diff != "" {
			told.failedAt = step
			return fmt.Sprintf("step %d: %s", step, diff)
		}
		told.full[found.Full]++
		told.changes += len(found.changes)
		before = keptSeen{asOf: s.asOfs[step], data: data}
	}
	return ""
}

// step makes both runs of a step and compares them.
func (s keptScript) step(ctx context.Context, store *keptStore, step int, data tables) (found *keptRun, diff string) {
	options := evaluate.RunOptions{AsOf: s.asOfs[step], Definitions: s.definitions}
	found, all, diff := store.both(ctx, s.evaluator(store.db), s.evaluator(store.db), options)
	if diff == "" && step == len(s.asOfs)-1 {
		diff = s.likeNaive(all, data, s.asOfs[step])
	}
	return found, diff
}

// likeNaive holds a run against the naive evaluator.
func (s keptScript) likeNaive(found *keptRun, data tables, asOf time.Time) string {
	b := *s.batch
	b.asOf = asOf
	n := b.naive(data)
	for _, d := range s.definitions {
		for _, want := range (together{batch: &b}).wanted(n, d) {
			if diff := unlike("naive", want.members, "run", keysOf(found.units[want.name])); diff != "" {
				return want.name + ": " + diff
			}
		}
	}
	return ""
}

// keptSeen is what the run before saw.
type keptSeen struct {
	asOf time.Time
	data tables
}

// reasons are those of which a run has to tell one, "" where it has to
// continue. The sources whose rows are kept are read from the marks; what
// happened to their rows is looked at anew.
func (s keptScript) reasons(store *keptStore, before keptSeen, data tables, asOf time.Time) []string {
	switch {
	case store.past == nil:
		return []string{noRun}
	case !asOf.After(before.asOf):
		return []string{notLater}
	}
	var kept struct {
		Sources map[string]any `json:"sources"`
	}
	if err := json.Unmarshal([]byte(store.past.Marks), &kept); err != nil {
		return nil
	}
	var list []string
	for _, source := range s.program.Sources {
		if _, ok := kept.Sources[source.Name]; !ok {
			continue
		}
		if reason := s.reasonOf(source, before, data); reason != "" {
			list = append(list, reason)
		}
	}
	if len(list) == 0 {
		return []string{""}
	}
	return list
}

// reasonOf says what speaks against continuing with the rows of a source.
func (s keptScript) reasonOf(source *catalog.Source, before keptSeen, data tables) string {
	n := s.naive(data)
	var newest *time.Time
	if source.LoadedAt != nil {
		for _, row := range before.data[source.Name] {
			if v := n.read(source, source.LoadedAt, row); v != nil {
				if at := n.instant(v); newest == nil || at.After(*newest) {
					newest = &at
				}
			}
		}
	}
	count := func(rows []record) (known int) {
		for _, row := range rows {
			at := n.read(source, source.At, row)
			if at == nil || !n.instant(at).Before(before.asOf) {
				continue
			}
			if source.LoadedAt != nil {
				v := n.read(source, source.LoadedAt, row)
				if v != nil && (newest == nil || n.instant(v).After(*newest)) {
					continue
				}
			}
			known++
		}
		return known
	}
	was, is := count(before.data[source.Name]), count(data[source.Name])
	switch {
	case is < was:
		return fmt.Sprintf("%d rows of %s that the last run saw are gone or were loaded again", was-is, source.Name)
	case is > was && source.LoadedAt == nil:
		return fmt.Sprintf("%d rows of %s came after the last run but happened before it; with loaded_at mapped they would be told apart", is-was, source.Name)
	case is > was:
		return fmt.Sprintf("%d rows of %s came after the last run with a loaded_at of before it, or without one", is-was, source.Name)
	}
	return ""
}

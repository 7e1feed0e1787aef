package evaluate_test

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"strata/segments/compile"
	"strata/segments/evaluate"
	"strata/segments/plan"
	"strata/sql/dialect"
	"strata/sql/warehouse"
)

// byStatement is why a sql: segment is not in the words.
const byStatement = "it is given by sql"

// keptStore stands for the store: it holds the newest run's members and what
// the run left for the next one, in tables beside the warehouse's.
type keptStore struct {
	db   *warehouse.DB
	past *evaluate.Past
	// runs is the number of runs that were saved.
	runs int64
	// units are the members of the newest run by unit, and population is all of
	// its customers.
	units      map[string]map[string]bool
	population map[string]bool
}

// keptRelation is where the store has a table.
func keptRelation(name string) string { return dialect.Qualified("memory", "main", "kept "+name) }

// keptRun is what a run says, read from the relations that it left.
type keptRun struct {
	*evaluate.Result
	// units are the members by unit and key, true for those who may be contacted.
	units      map[string]map[string]bool
	population map[string]bool
	// changes are those that the run knows of, as "unit +key" and "unit -key"; of
	// the population they are "all +key" and "all -key".
	changes []string
}

// run evaluates definitions from what the store holds and saves the new state
// in it. The relations of the run are still there afterwards.
func (s *keptStore) run(ctx context.Context, e *evaluate.Evaluator, options evaluate.RunOptions) (*keptRun, error) {
	options.Keep, options.Past = true, s.past
	found, err := readRun(ctx, s.db, e, options)
	if err != nil {
		return nil, err
	}
	if err := s.check(ctx, found); err != nil {
		return found, fmt.Errorf("%s: %w", why(found.Full), err)
	}
	return found, s.save(ctx, found)
}

// both makes a run from what the store holds and one from nothing, and says
// where they differ.
func (s *keptStore) both(ctx context.Context, e, anew *evaluate.Evaluator, options evaluate.RunOptions) (found, full *keptRun, diff string) {
	found, err := s.run(ctx, e, options)
	if err != nil {
		return nil, nil, "the run: " + err.Error()
	}
	if err := e.Release(ctx); err != nil {
		return nil, nil, "the run is not released: " + err.Error()
	}
	options.Keep = true
	if full, err = readRun(ctx, s.db, anew, options); err != nil {
		return nil, nil, "the full run: " + err.Error()
	}
	if diff := sameRun(why(found.Full), found, "full", full); diff != "" {
		return nil, nil, diff
	}
	if err := s.likeFull(ctx, full); err != nil {
		return nil, nil, why(found.Full) + ": " + err.Error()
	}
	if err := anew.Release(ctx); err != nil {
		return nil, nil, "the full run is not released: " + err.Error()
	}
	return found, full, ""
}

func why(full string) string {
	if full == "" {
		return "continued"
	}
	return "not continued because " + full
}

// readRun evaluates definitions and reads what the run left.
func readRun(ctx context.Context, db *warehouse.DB, e *evaluate.Evaluator, options evaluate.RunOptions) (*keptRun, error) {
	options.Now = clockwork()
	r, err := e.Run(ctx, options)
	if err != nil {
		return nil, err
	}
	found := &keptRun{Result: r, units: map[string]map[string]bool{}, population: map[string]bool{}}
	for _, unit := range r.Units {
		found.units[unit.Name] = map[string]bool{}
	}
	members, contactable, err := membersOfRun(ctx, e, r)
	if err != nil {
		return nil, err
	}
	for place, unit := range r.Units {
		for _, key := range members[place] {
			found.units[unit.Name][key] = slices.Contains(contactable[place], key)
		}
		if len(found.units[unit.Name]) != len(members[place]) {
			return nil, fmt.Errorf("somebody is in %s twice: %q", unit.Name, members[place])
		}
	}
	rows, err := textRows(ctx, db, "SELECT CAST(key AS VARCHAR) FROM "+r.Population)
	for _, row := range rows {
		found.population[row[0]] = true
	}
	if err == nil && (len(rows) != len(found.population) || r.Customers != int64(len(rows))) {
		err = fmt.Errorf("%d rows of population, %d of them different, %d customers", len(rows), len(found.population), r.Customers)
	}
	return found, err
}

// textRows reads rows of text.
func textRows(ctx context.Context, db *warehouse.DB, statement string) (list [][]string, err error) {
	rows, err := db.Query(ctx, statement)
	if err != nil {
		return nil, err
	}
	columns, err := rows.Columns()
	for err == nil && rows.Next() {
		row := make([]string, len(columns))
		dest := make([]any, len(columns))
		for i := range row {
			dest[i] = &row[i]
		}
		err = rows.Scan(dest...)
		list = append(list, row)
	}
	if err == nil {
		err = rows.Err()
	}
	if closed := rows.Close(); err == nil {
		err = closed
	}
	return list, err
}

// check holds what a run says of changes against the members of the run before.
func (s *keptStore) check(ctx context.Context, found *keptRun) error {
	if found.Full != "" || found.Words == nil {
		if found.Base != 0 || found.Changes != "" || found.PopulationChanges != "" {
			return fmt.Errorf("base %d, changes %q and %q, although nothing is known of them", found.Base, found.Changes, found.PopulationChanges)
		}
		return nil
	}
	if found.Base != s.past.Run {
		return fmt.Errorf("the base is %d, not %d", found.Base, s.past.Run)
	}
	if slices.ContainsFunc(found.Words.Plan.Units, func(u *plan.Unit) bool { return u.Alone == byStatement }) {
		if found.Changes != "" || found.PopulationChanges != "" {
			return fmt.Errorf("changes %q and %q, although a unit is not in the words", found.Changes, found.PopulationChanges)
		}
		return nil
	}
	rows, err := textRows(ctx, s.db, "SELECT CAST(unit AS VARCHAR), CAST(key AS VARCHAR), CAST(entered AS VARCHAR) FROM "+found.Changes)
	if err != nil {
		return err
	}
	for i := range rows {
		var unit int
		if _, err := fmt.Sscan(rows[i][0], &unit); err != nil {
			return err
		}
		rows[i][0] = found.Result.Units[unit].Name
	}
	now := map[string]map[string]bool{}
	for name, members := range found.units {
		now[name] = keySet(members)
	}
	if err := found.applied(s.units, now, rows); err != nil {
		return err
	}
	rows, err = textRows(ctx, s.db, "SELECT 'all', CAST(key AS VARCHAR), CAST(entered AS VARCHAR) FROM "+found.PopulationChanges)
	if err != nil {
		return err
	}
	return found.applied(map[string]map[string]bool{"all": s.population}, map[string]map[string]bool{"all": found.population}, rows)
}

func keySet(m map[string]bool) map[string]bool {
	set := map[string]bool{}
	for key := range m {
		set[key] = true
	}
	return set
}

// applied notes changes (name, key, entered) of sets and holds them against the
// sets before and after: each of them changes something, and nothing is left
// over.
func (r *keptRun) applied(before, now map[string]map[string]bool, rows [][]string) error {
	sets := map[string]map[string]bool{}
	for name := range now {
		sets[name] = keySet(before[name])
	}
	for _, row := range rows {
		name, key, entered := row[0], row[1], row[2] == "true"
		switch {
		case sets[name] == nil:
			return fmt.Errorf("changes of %s, which is unknown", name)
		case sets[name][key] == entered:
			return fmt.Errorf("%s of %s changes nothing: entered %v", key, name, entered)
		case entered:
			sets[name][key] = true
			r.changes = append(r.changes, name+" +"+key)
		default:
			delete(sets[name], key)
			r.changes = append(r.changes, name+" -"+key)
		}
	}
	for name := range now {
		if diff := unlike("before and changes", keysOf(sets[name]), "now", keysOf(now[name])); diff != "" {
			return fmt.Errorf("%s: %s", name, diff)
		}
	}
	return nil
}

func keysOf(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }

// save puts the state of a run into the tables of the store, in the store's way.
func (s *keptStore) save(ctx context.Context, found *keptRun) error {
	s.runs++
	s.units, s.population = map[string]map[string]bool{}, found.population
	for name, members := range found.units {
		s.units[name] = keySet(members)
	}
	s.past = nil
	if found.State == nil {
		return nil
	}
	for _, table := range found.State.Tables {
		if err := s.saveTable(ctx, table); err != nil {
			return fmt.Errorf("save %s: %w", table.Name, err)
		}
	}
	s.past = &evaluate.Past{
		Run: s.runs, AsOf: found.AsOf, KnownAt: found.KnownAt, Fingerprint: found.State.Fingerprint, Marks: found.State.Marks,
		Relation: keptRelation,
		Read: func(ctx context.Context, statements []compile.Statement) error {
			for _, statement := range statements {
				if _, err := s.db.Exec(ctx, statement.SQL, statement.Args...); err != nil {
					return err
				}
			}
			return nil
		},
	}
	return nil
}

func (s *keptStore) saveTable(ctx context.Context, table compile.KeptTable) error {
	stored, key := keptRelation(table.Name), dialect.Ident(table.Key)
	if table.Replace {
		_, err := s.db.Exec(ctx, "CREATE OR REPLACE TABLE "+stored+" AS SELECT * FROM "+table.Relation)
		return err
	}
	// The store takes rows of the same columns only.
	was, err := columnsOf(ctx, s.db, stored)
	if err != nil {
		return err
	}
	is, err := columnsOf(ctx, s.db, table.Relation)
	if err != nil {
		return err
	}
	if !slices.Equal(was, is) {
		return fmt.Errorf("the columns were %v and are %v", was, is)
	}
	for _, statement := range []string{
		"DELETE FROM " + stored + " WHERE " + key + " IN (SELECT " + key + " FROM " + table.Relation + ")",
		"INSERT INTO " + stored + " BY NAME SELECT * FROM " + table.Relation,
	} {
		if _, err := s.db.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// columnsOf are the columns of a relation, each with its type.
func columnsOf(ctx context.Context, db *warehouse.DB, relation string) ([]string, error) {
	rows, err := textRows(ctx, db, "SELECT column_name || ' ' || column_type FROM (DESCRIBE SELECT * FROM "+relation+")")
	var list []string
	for _, row := range rows {
		list = append(list, row[0])
	}
	return list, err
}

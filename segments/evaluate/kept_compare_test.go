package evaluate_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/sql/dialect"
)

// likeFull holds the tables of the store against those that a full run keeps:
// words exactly, and sums by value, where no row is as good as zeros.
func (s *keptStore) likeFull(ctx context.Context, full *keptRun) error {
	if (s.past == nil) != (full.State == nil) {
		return fmt.Errorf("state: continued %v, full %v", s.past != nil, full.State != nil)
	}
	if s.past == nil {
		return nil
	}
	if s.past.Fingerprint != full.State.Fingerprint {
		return fmt.Errorf("fingerprint: continued %s, full %s", s.past.Fingerprint, full.State.Fingerprint)
	}
	var continued, anew any
	if err := json.Unmarshal([]byte(s.past.Marks), &continued); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(full.State.Marks), &anew); err != nil {
		return err
	}
	if fmt.Sprint(continued) != fmt.Sprint(anew) {
		return fmt.Errorf("marks: continued %s, full %s", s.past.Marks, full.State.Marks)
	}
	for _, table := range full.State.Tables {
		if err := s.tableLikeFull(ctx, table); err != nil {
			return fmt.Errorf("kept %s: %w", table.Name, err)
		}
	}
	return nil
}

func (s *keptStore) tableLikeFull(ctx context.Context, table compile.KeptTable) error {
	stored := keptRelation(table.Name)
	was, err := columnsOf(ctx, s.db, table.Relation)
	if err != nil {
		return err
	}
	is, err := columnsOf(ctx, s.db, stored)
	if err != nil {
		return err
	}
	if !slices.Equal(was, is) {
		return fmt.Errorf("columns: continued %v, full %v", is, was)
	}
	names, err := textRows(ctx, s.db, "SELECT column_name FROM (DESCRIBE SELECT * FROM "+stored+")")
	if err != nil {
		return err
	}
	words := strings.HasPrefix(table.Name, "words")
	tests := []string{"FALSE"}
	if words {
		tests = append(tests, "x.k IS NULL", "y.k IS NULL")
	}
	for _, row := range names {
		if row[0] == table.Key {
			continue
		}
		tests = append(tests, fmt.Sprintf("coalesce(x.%[1]s, 0) <> coalesce(y.%[1]s, 0)", dialect.Ident(row[0])))
	}
	key := dialect.Ident(table.Key)
	side := func(relation string) string { return "(SELECT " + key + " AS k, * FROM " + relation + ")" }
	rows, err := textRows(ctx, s.db, "SELECT coalesce(CAST(x AS VARCHAR), '') || ' <> ' || coalesce(CAST(y AS VARCHAR), '') FROM "+
		side(stored)+" AS x FULL JOIN "+side(table.Relation)+" AS y ON x.k = y.k WHERE "+strings.Join(tests, " OR "))
	if err == nil && len(rows) > 0 {
		err = fmt.Errorf("continued <> full: %v", rows)
	}
	if err != nil {
		return err
	}
	rows, err = textRows(ctx, s.db, "SELECT CAST("+key+" AS VARCHAR) FROM "+stored+" GROUP BY 1 HAVING count(*) > 1")
	if err == nil && len(rows) > 0 {
		err = fmt.Errorf("repeated keys %v", rows)
	}
	return err
}

// sameRun says where two runs differ in what they say of members.
func sameRun(one string, a *keptRun, other string, b *keptRun) string {
	if diff := unlike(one, keysOf(a.population), other, keysOf(b.population)); diff != "" {
		return "population: " + diff
	}
	if diff := unlike(one, slices.Sorted(maps.Keys(a.units)), other, slices.Sorted(maps.Keys(b.units))); diff != "" {
		return "units: " + diff
	}
	for _, name := range slices.Sorted(maps.Keys(a.units)) {
		if diff := unlike(one, keysOf(a.units[name]), other, keysOf(b.units[name])); diff != "" {
			return name + ": " + diff
		}
		for key, contactable := range a.units[name] {
			if b.units[name][key] != contactable {
				return fmt.Sprintf("%s: whether %s may be contacted: %s %v, %s %v", name, key, one, contactable, other, b.units[name][key])
			}
		}
	}
	return ""
}

// segmentsAndPartitions are the definitions of a batch that a run evaluates.
func segmentsAndPartitions(list []check.Definition) []check.Definition {
	return slices.DeleteFunc(slices.Clone(list), func(d check.Definition) bool {
		return d.DefinitionKind() != "segment" && d.DefinitionKind() != "partition"
	})
}

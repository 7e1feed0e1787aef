package evaluate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"strata/segments/check"
	"strata/segments/compile"
)

// KeyTable is a table of the in-memory database with a row per customer.
type KeyTable struct {
	// Name is the quoted relation.
	Name string
	// KeyType is DuckDB's type of its column key. Keys of another type are cast
	// to it.
	KeyType string
}

// makeTable makes a table empty.
func (e *Evaluator) makeTable(ctx context.Context, columns, name string) error {
	if _, err := e.db.Exec(ctx, "CREATE OR REPLACE TABLE "+name+" ("+columns+")"); err != nil {
		return fmt.Errorf("make a table by key: %w", err)
	}
	return nil
}

// MembersByKey leaves the members of a segment, or all customers with their
// stage, in a new table of (stage INTEGER, key, contactable BOOLEAN). The stage
// of a segment's members is 0, stages are counted from 0; nil is a definition
// without members. Words that hold the definition at that as-of are read; otherwise
// its own statement is run. The caller drops the table.
func (e *Evaluator) MembersByKey(ctx context.Context, d check.Definition, asOf time.Time, into KeyTable) error {
	if err := e.makeTable(ctx, "stage INTEGER, key "+into.KeyType+", contactable BOOLEAN", into.Name); err != nil {
		return err
	}
	if d == nil {
		return nil
	}
	if words, unit, ok := e.live.find(d, asOf); ok {
		statement, err := words.shared.MembersByKey(into.Name, unit)
		if err == nil {
			_, err = e.db.Exec(ctx, statement.SQL, statement.Args...)
		}
		if err != nil {
			return fmt.Errorf("read the members of %s: %w", d.DefinitionName(), err)
		}
		return nil
	}
	compiler, err := e.Compiler(ctx, asOf, ForRunning)
	if err != nil {
		return err
	}
	statement, err := membersInto(compiler, into.Name, d, 0)
	if err == nil {
		_, err = e.db.Exec(ctx, statement.SQL, statement.Args...)
	}
	if err != nil {
		return fmt.Errorf("evaluate %s: %w", d.DefinitionName(), err)
	}
	return nil
}

// LeavesByKey leaves which leaves of a segment hold, for the customers whose keys
// are in another table, in a new table of (key, leaves VARCHAR): a 1 or 0 for each
// leaf in file order. It is false where no words hold the segment at that as-of,
// since a statement of its own shows no leaves. The caller drops the table.
func (e *Evaluator) LeavesByKey(ctx context.Context, s *check.Segment, asOf time.Time, among, into KeyTable) (bool, error) {
	words, unit, ok := e.live.find(s, asOf)
	if !ok {
		return false, nil
	}
	if err := e.makeTable(ctx, "key "+into.KeyType+", leaves VARCHAR", into.Name); err != nil {
		return false, err
	}
	statement, err := words.shared.LeavesByKey(into.Name, among.Name, into.KeyType, unit)
	if err == nil {
		_, err = e.db.Exec(ctx, statement.SQL, statement.Args...)
	}
	if err != nil {
		return false, fmt.Errorf("read the leaves of %s: %w", s.DefinitionName(), err)
	}
	return true, nil
}

// membersInUnits adds the members of a definition to a table of (unit, key), its
// units counted from the first. One that cannot be evaluated at one moment is
// skipped.
func (e *Evaluator) membersInUnits(ctx context.Context, table string, d check.Definition, asOf time.Time, first int) (*Skipped, error) {
	members := KeyTable{Name: scratch(fmt.Sprintf("strata members %d", e.db.Number())), KeyType: e.program.Customers.Key.Physical}
	err := e.MembersByKey(ctx, d, asOf, members)
	if err == nil {
		_, err = e.db.Exec(ctx, "INSERT INTO "+table+" SELECT stage + ?, key FROM "+members.Name, first)
	}
	_, dropped := e.db.Exec(context.WithoutCancel(ctx), "DROP TABLE IF EXISTS "+members.Name)
	if errors.Is(err, compile.ErrLater) {
		return &Skipped{Name: d.DefinitionName(), Reason: err.Error()}, dropped
	}
	return nil, errors.Join(err, dropped)
}

package evaluate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/plan"
	"strata/sql/dialect"
	"strata/sql/warehouse"
)

// VerifyOptions say what a verification compares.
type VerifyOptions struct {
	// AsOf is the moment of both evaluations.
	AsOf time.Time
	// Definitions are the segments and partitions to compare.
	Definitions []check.Definition
	// Examples is the largest number of customers that are named for each
	// definition, 0 for all that differ.
	Examples int64
	// Now is the clock that durations are measured with.
	Now func() time.Time
	// Progress, where set, is told before each step how many are done.
	Progress func(done, all int, name string)
}

// Difference tells what the two ways of evaluation do not agree on about a
// customer.
type Difference string

// The differences. A customer has the first that is true of it.
const (
	// SharedOnly and StandaloneOnly are members by one way alone.
	SharedOnly     Difference = "shared_only"
	StandaloneOnly Difference = "standalone_only"
	// Repeated is a customer that a way returns more than once.
	Repeated Difference = "repeated"
	// OtherStage is a customer whom each way puts into a stage of its own.
	OtherStage Difference = "other_stage"
	// OtherContactable is a customer who may be contacted by one way alone.
	OtherContactable Difference = "other_contactable"
)

// Verification is what became of comparing the two ways to evaluate
// definitions: all together from shared words, and each by a statement of its
// own that other code writes.
type Verification struct {
	// AsOf is the moment of both evaluations.
	AsOf time.Time
	// KnownAt, where set, hides rows loaded later.
	KnownAt *time.Time
	// Definitions are those that were asked for, in that order.
	Definitions []Verified
	// Shared is how long the shared way took for all that were compared, and
	// Standalone the sum over their statements. Reading files of text, which
	// serves both ways, is in neither.
	Shared, Standalone time.Duration
}

// Counts returns how many definitions were compared, and how many of those
// differ.
func (v *Verification) Counts() (compared, different int) {
	for _, d := range v.Definitions {
		if d.Alone != "" {
			continue
		}
		compared++
		if d.Differing() > 0 {
			different++
		}
	}
	return compared, different
}

// Verified is one definition of a verification.
type Verified struct {
	Definition check.Definition
	// Alone says why there is nothing to compare, "" where both ways evaluate
	// the definition.
	Alone string
	// Size is the number of members that the statement found; of a partition,
	// the number of customers.
	Size int64
	// Standalone is how long the statement took.
	Standalone time.Duration
	// Counts are the customers about whom the ways differ, each once.
	Counts map[Difference]int64
	// Examples are some of them, of each difference where there is room, by
	// difference and key.
	Examples []Disagreement
}

// Differing is the number of customers about whom the ways differ.
func (v Verified) Differing() int64 {
	var sum int64
	for _, n := range v.Counts {
		sum += n
	}
	return sum
}

// Disagreement is a customer about whom the two ways differ.
type Disagreement struct {
	// Key is the customer's key as a plain value.
	Key        any
	Difference Difference
	// Shared and Standalone are what each way says, nil where the customer is no
	// member by it.
	Shared, Standalone *Said
}

// Said is what one way says of a member.
type Said struct {
	// Stage is the stage of a partition, "" for a segment.
	Stage       string
	Contactable bool
}

// verifying is one verification on its way.
type verifying struct {
	*Evaluator
	options  VerifyOptions
	compiler *compile.Compiler
	plan     *plan.Plan
	shared   *Words
	result   *Verification
	// places are the units of segments and of partitions' first stages.
	places map[*plan.Unit]int
	// name begins the names of the tables.
	name string
	// all is the number of steps that Progress speaks of, done how many are.
	all, done int
}

// Verify evaluates segments and partitions both ways and compares the members,
// the stages and who may be contacted, in the database. What stands alone in
// the plan has one way only and is named with the reason. Sources may be read
// into memory as for a run: one run or verification at a time. Nothing stays in
// the database, also when the context ends.
func (e *Evaluator) Verify(ctx context.Context, options VerifyOptions) (*Verification, error) {
	v := &verifying{
		Evaluator: e, options: options, plan: plan.Build(e.program, options.Definitions), places: map[*plan.Unit]int{},
		name:   fmt.Sprintf("strata verify %d", e.db.Number()),
		result: &Verification{AsOf: options.AsOf, KnownAt: e.knownAt, Definitions: []Verified{}},
	}
	err := errors.Join(v.verify(ctx), v.drop(context.WithoutCancel(ctx)))
	if err != nil {
		return nil, err
	}
	return v.result, nil
}

// verify evaluates the shared way, then each definition by itself.
func (v *verifying) verify(ctx context.Context) error {
	if err := v.UniqueKeys(ctx); err != nil {
		return err
	}
	var err error
	if v.compiler, err = v.loadedCompiler(ctx, RunOptions{AsOf: v.options.AsOf, Definitions: v.options.Definitions}); err != nil {
		return err
	}
	units := 0
	for _, unit := range v.plan.Units {
		if unit.Alone == "" {
			v.places[unit] = units
			units += stagesOf(unit.Definition)
		}
	}
	if len(v.places) > 0 {
		if err := v.evaluateShared(ctx); err != nil {
			return err
		}
	}
	for _, unit := range v.plan.Units {
		found, err := v.one(ctx, unit)
		if err != nil {
			return fmt.Errorf("verify %s: %w", unit.Definition.DefinitionName(), err)
		}
		v.result.Definitions = append(v.result.Definitions, found)
		v.result.Standalone += found.Standalone
	}
	return nil
}

// stagesOf is the number of units that a definition takes.
func stagesOf(d check.Definition) int {
	if p, ok := d.(*check.Partition); ok {
		return len(p.Stages)
	}
	return 1
}

// tell reports a step to whoever waits.
func (v *verifying) tell(name string) {
	if v.options.Progress != nil {
		v.options.Progress(v.done, v.all, name)
	}
	v.done++
}

// table is the relation of a table of the verification.
func (v *verifying) table(name string) string { return scratch(v.name + " " + name) }

// evaluateShared leaves the members of all units, from the words, in a table.
func (v *verifying) evaluateShared(ctx context.Context) error {
	started := v.options.Now()
	var err error
	// Words that come with an error have tables that are still to be dropped.
	v.shared, err = v.words(ctx, v.compiler, wordsOptions{
		plan: v.plan, asOf: v.options.AsOf, now: v.options.Now,
		step: func(done, all int, name string) { v.done, v.all = done, all+1+len(v.places); v.tell(name) },
	})
	if err != nil {
		return err
	}
	v.tell("members")
	members := v.table("shared")
	if _, err := v.db.Exec(ctx, "CREATE TABLE "+members+" (unit INTEGER, id UINTEGER, contactable BOOLEAN)"); err != nil {
		return fmt.Errorf("make the tables of the verification: %w", err)
	}
	statement, err := v.shared.shared.MembersInto(members, v.places)
	if err != nil {
		return err
	}
	if _, err := v.db.Exec(ctx, statement.SQL, statement.Args...); err != nil {
		return fmt.Errorf("evaluate members: %w", err)
	}
	v.result.Shared = v.options.Now().Sub(started)
	return nil
}

// one evaluates a definition by its own statement and compares.
func (v *verifying) one(ctx context.Context, unit *plan.Unit) (Verified, error) {
	found := Verified{Definition: unit.Definition, Alone: unit.Alone}
	if unit.Alone != "" {
		return found, nil
	}
	v.tell(unit.Definition.DefinitionName())
	members := v.table("standalone")
	_, err := v.db.Exec(ctx, "CREATE OR REPLACE TABLE "+members+" (unit INTEGER, key "+v.program.Customers.Key.Physical+", contactable BOOLEAN)")
	if err != nil {
		return found, fmt.Errorf("make the tables of the verification: %w", err)
	}
	started := v.options.Now()
	statement, err := membersInto(v.compiler, v.table("standalone"), unit.Definition, v.places[unit])
	if err != nil {
		return found, err
	}
	if found.Size, err = v.db.Exec(ctx, statement.SQL, statement.Args...); err != nil {
		return found, err
	}
	found.Standalone = v.options.Now().Sub(started)
	return found, v.compare(ctx, unit, &found)
}

// compare leaves the customers that differ in a table and reads their numbers
// and some of their keys.
func (v *verifying) compare(ctx context.Context, unit *plan.Unit, found *Verified) error {
	first := v.places[unit]
	last := first + stagesOf(unit.Definition) - 1
	if _, err := v.db.Exec(ctx, v.differences(), int64(first), int64(last)); err != nil {
		return fmt.Errorf("compare both ways: %w", err)
	}
	found.Counts = map[Difference]int64{}
	counts := compile.Statement{SQL: "SELECT difference, count(*) FROM " + v.table("differences") + " GROUP BY difference"}
	err := v.query(ctx, counts, func(row []any) error {
		n, ok := row[1].(int64)
		if !ok {
			return fmt.Errorf("the number of customers %v is no number", row[1])
		}
		found.Counts[Difference(warehouse.Text(row[0]))] = n
		return nil
	})
	if err != nil {
		return fmt.Errorf("count differences: %w", err)
	}
	if found.Differing() == 0 {
		return nil
	}
	err = v.query(ctx, v.examples(), func(row []any) error {
		found.Examples = append(found.Examples, disagreement(unit.Definition, first, row))
		return nil
	})
	if err != nil {
		return fmt.Errorf("read differences: %w", err)
	}
	return nil
}

// differences is the statement that keeps the customers of a range of units
// about whom the two ways differ. A customer in whom they agree is there once
// by each way, in the same unit and as contactable.
func (v *verifying) differences() string {
	key := dialect.Ident(v.program.Customers.Key.Column)
	return "CREATE OR REPLACE TABLE " + v.table("differences") + ` AS
WITH said AS (
  SELECT p.` + key + ` AS key, m.unit, m.contactable, TRUE AS shared
  FROM ` + v.table("shared") + ` AS m JOIN ` + v.shared.shared.Population + ` AS p ON p.rowid = m.id WHERE m.unit BETWEEN ? AND ?
  UNION ALL SELECT key, unit, contactable, FALSE FROM ` + v.table("standalone") + `
), customers AS (
  SELECT key,
    count(*) FILTER (WHERE shared) AS shared_rows, count(*) FILTER (WHERE NOT shared) AS standalone_rows,
    min(unit) FILTER (WHERE shared) AS shared_unit, min(unit) FILTER (WHERE NOT shared) AS standalone_unit,
    min(contactable) FILTER (WHERE shared) AS shared_contactable, min(contactable) FILTER (WHERE NOT shared) AS standalone_contactable
  FROM said GROUP BY key
)
SELECT *, CASE
    WHEN standalone_rows = 0 THEN '` + string(SharedOnly) + `'
    WHEN shared_rows = 0 THEN '` + string(StandaloneOnly) + `'
    WHEN shared_rows > 1 OR standalone_rows > 1 THEN '` + string(Repeated) + `'
    WHEN shared_unit IS DISTINCT FROM standalone_unit THEN '` + string(OtherStage) + `'
    ELSE '` + string(OtherContactable) + `' END AS difference
FROM customers
WHERE shared_rows <> 1 OR standalone_rows <> 1
  OR shared_unit IS DISTINCT FROM standalone_unit OR shared_contactable IS DISTINCT FROM standalone_contactable`
}

// examples is the statement of some customers that differ: the first of each
// difference, then the second of each, and so on as far as there is room.
func (v *verifying) examples() compile.Statement {
	statement := compile.Statement{SQL: "SELECT * FROM " + v.table("differences")}
	if v.options.Examples > 0 {
		statement.SQL += " ORDER BY row_number() OVER (PARTITION BY difference ORDER BY key), difference LIMIT ?"
		statement.Args = []any{v.options.Examples}
	}
	statement.SQL = "SELECT key, difference, shared_unit, shared_contactable, standalone_unit, standalone_contactable FROM (" +
		statement.SQL + ") AS d ORDER BY difference, key"
	return statement
}

// disagreement reads a row of examples.
func disagreement(d check.Definition, first int, row []any) Disagreement {
	found := Disagreement{Key: row[0], Difference: Difference(warehouse.Text(row[1]))}
	if found.Difference != StandaloneOnly {
		found.Shared = said(d, first, row[2:4])
	}
	if found.Difference != SharedOnly {
		found.Standalone = said(d, first, row[4:6])
	}
	return found
}

// said is a unit and whether the customer may be contacted.
func said(d check.Definition, first int, row []any) *Said {
	s := &Said{}
	s.Contactable, _ = row[1].(bool)
	unit, ok := row[0].(int64)
	if p, partition := d.(*check.Partition); partition && ok {
		s.Stage = p.Stages[int(unit)-first].Name
	}
	return s
}

// drop drops all tables.
func (v *verifying) drop(ctx context.Context) error {
	names := []string{v.table("shared"), v.table("standalone"), v.table("differences")}
	for _, source := range v.program.Sources {
		names = append(names, scratch(loadedTable(source)))
	}
	var failed []error
	for _, name := range names {
		_, err := v.db.Exec(ctx, "DROP TABLE IF EXISTS "+name)
		failed = append(failed, err)
	}
	if v.shared != nil {
		failed = append(failed, v.shared.Close(ctx))
	}
	if err := errors.Join(failed...); err != nil {
		return fmt.Errorf("drop the tables of the verification: %w", err)
	}
	return nil
}

package evaluate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/sql/dialect"
)

// RunOptions say what a run evaluates.
type RunOptions struct {
	// AsOf is the moment of the evaluation.
	AsOf time.Time
	// Definitions are the segments and partitions to evaluate.
	Definitions []check.Definition
	// Now is the clock that durations are measured with.
	Now func() time.Time
	// Progress, where set, is told before each definition how many are done.
	Progress func(done, all int, name string)
}

// run is one evaluation of many definitions.
type run struct {
	*Evaluator
	options  RunOptions
	compiler *compile.Compiler
	result   *Result
}

// The tables of the in-memory database that a run leaves for the store.
const (
	membersTable    = "strata members"
	populationTable = "strata population"
)

func scratch(name string) string { return dialect.Qualified("memory", "main", name) }

// Run evaluates segments and partitions and leaves their members in the
// in-memory database, where the store takes them from. An earlier run's tables
// are replaced: one run at a time.
func (e *Evaluator) Run(ctx context.Context, options RunOptions) (*Result, error) {
	started := options.Now()
	if err := e.UniqueKeys(ctx); err != nil {
		return nil, err
	}
	compiler, err := e.loadedCompiler(ctx, options)
	if err != nil {
		return nil, err
	}
	r := &run{Evaluator: e, options: options, compiler: compiler, result: &Result{
		AsOf: options.AsOf, KnownAt: e.knownAt, Zone: e.program.ZoneName,
		KeyType: e.program.Customers.Key.Physical,
		Members: scratch(membersTable), Population: scratch(populationTable),
	}}
	if err := r.prepare(ctx); err != nil {
		return nil, err
	}
	for i, d := range options.Definitions {
		if options.Progress != nil {
			options.Progress(i, len(options.Definitions), d.DefinitionName())
		}
		err := r.evaluate(ctx, d)
		if errors.Is(err, compile.ErrLater) {
			r.result.Skipped = append(r.result.Skipped, Skipped{Name: d.DefinitionName(), Reason: err.Error()})
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("evaluate %s: %w", d.DefinitionName(), err)
		}
	}
	if r.result.Sources, err = e.Marks(ctx, options.AsOf); err != nil {
		return nil, err
	}
	if err := r.sizes(ctx); err != nil {
		return nil, err
	}
	r.result.Duration = options.Now().Sub(started)
	return r.result, nil
}

// prepare makes the tables and fills the population.
func (r *run) prepare(ctx context.Context) error {
	population, err := r.compiler.Population()
	if err != nil {
		return err
	}
	statements := []compile.Statement{
		{SQL: "CREATE OR REPLACE TABLE " + r.result.Members + " (unit INTEGER, key " + r.result.KeyType + ", contactable BOOLEAN)"},
		{SQL: "CREATE OR REPLACE TABLE " + r.result.Population + " (key " + r.result.KeyType + ")"},
		{SQL: "INSERT INTO " + r.result.Population + " " + population.SQL, Args: population.Args},
	}
	for _, statement := range statements {
		if r.result.Customers, err = r.db.Exec(ctx, statement.SQL, statement.Args...); err != nil {
			return fmt.Errorf("evaluate the population: %w", err)
		}
	}
	return nil
}

// evaluate adds the members of one segment, or of each stage of a partition.
func (r *run) evaluate(ctx context.Context, d check.Definition) error {
	started := r.options.Now()
	first := len(r.result.Units)
	var err error
	switch x := d.(type) {
	case *check.Segment:
		err = r.segment(ctx, x)
	case *check.Partition:
		err = r.partition(ctx, x)
	default:
		return fmt.Errorf("a %s has no members to commit", d.DefinitionKind())
	}
	if err != nil {
		return err
	}
	hash, canonical := meaning(r.program, d)
	for i := first; i < len(r.result.Units); i++ {
		unit := &r.result.Units[i]
		unit.Hash, unit.Canonical = hash, canonical
		unit.Duration = r.options.Now().Sub(started)
	}
	return nil
}

func (r *run) segment(ctx context.Context, s *check.Segment) error {
	statement, err := r.compiler.Membership(s)
	if err != nil {
		return err
	}
	unit := Unit{Kind: SegmentUnit, Name: s.DefinitionName(), Was: s.About().Was.Name}
	statement = statement.Into(r.result.Members, len(r.result.Units))
	if _, err := r.db.Exec(ctx, statement.SQL, statement.Args...); err != nil {
		return err
	}
	if unit.Dropped, err = r.dropped(ctx, r.compiler, s); err != nil {
		return err
	}
	r.result.Units = append(r.result.Units, unit)
	return nil
}

func (r *run) partition(ctx context.Context, p *check.Partition) error {
	statement, err := r.compiler.StagesInto(r.result.Members, p, len(r.result.Units))
	if err != nil {
		return err
	}
	if _, err := r.db.Exec(ctx, statement.SQL, statement.Args...); err != nil {
		return err
	}
	was := p.About().Was.Name
	for _, stage := range p.Stages {
		unit := Unit{Kind: StageUnit, Name: p.DefinitionName() + "." + stage.Name}
		if was != "" {
			unit.Was = was + "." + stage.Name
		}
		r.result.Units = append(r.result.Units, unit)
	}
	return nil
}

// sizes counts the members of all units at once.
func (r *run) sizes(ctx context.Context) (err error) {
	rows, err := r.db.Query(ctx, "SELECT unit, count(*), count(*) FILTER (WHERE contactable) FROM "+r.result.Members+" GROUP BY unit")
	if err != nil {
		return fmt.Errorf("count members: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var unit int
		var size, contactable int64
		if err := rows.Scan(&unit, &size, &contactable); err != nil {
			return fmt.Errorf("count members: %w", err)
		}
		r.result.Units[unit].Size, r.result.Units[unit].Contactable = size, contactable
	}
	return rows.Err()
}

// Release drops the tables of a run.
func (e *Evaluator) Release(ctx context.Context) error {
	names := []string{membersTable, populationTable}
	for _, source := range e.program.Sources {
		names = append(names, loadedTable(source))
	}
	for _, name := range names {
		if _, err := e.db.Exec(ctx, "DROP TABLE IF EXISTS "+scratch(name)); err != nil {
			return fmt.Errorf("drop the tables of the run: %w", err)
		}
	}
	return nil
}

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
)

// RunOptions say what a run evaluates.
type RunOptions struct {
	// AsOf is the moment of the evaluation.
	AsOf time.Time
	// Definitions are the segments and partitions to evaluate.
	Definitions []check.Definition
	// Now is the clock that durations are measured with.
	Now func() time.Time
	// Keep leaves in the result what the next run can continue from, where the
	// sources allow it, and Past, where set, is what this one may continue from.
	Keep bool
	Past *Past
	// Progress, where set, is told before each step how many are done.
	Progress func(done, all int, name string)
}

// run is one evaluation of many definitions.
type run struct {
	*Evaluator
	options  RunOptions
	compiler *compile.Compiler
	plan     *plan.Plan
	result   *Result
	started  time.Time
	// population is the relation of all customers, and key its column of keys.
	population, key string
	// places are the units whose members are not written but known from the
	// words.
	places map[*plan.Unit]int
	// all is the number of steps that Progress speaks of, done how many are.
	all, done int
}

// The relations of the in-memory database that a run leaves for the store, and
// the tables behind them: members by id from the words, members by key from
// statements of their own, and the population where there are no words.
const (
	membersView     = "strata members"
	populationView  = "strata population"
	idsTable        = "strata members by id"
	keysTable       = "strata members by key"
	populationTable = "strata population by key"
)

func scratch(name string) string { return dialect.Qualified("memory", "main", name) }

// Run evaluates segments and partitions and leaves their members in the
// in-memory database, where the store takes them from. What the plan finds
// cheaper together is evaluated together, the rest by a statement for each. An
// earlier run's tables are replaced: one run at a time.
func (e *Evaluator) Run(ctx context.Context, options RunOptions) (*Result, error) {
	r := &run{
		Evaluator: e, options: options, started: options.Now(),
		plan: plan.BuildFor(e.program, options.Definitions, plan.Options{Keep: options.Keep}),
		result: &Result{
			AsOf: options.AsOf, KnownAt: e.knownAt, Zone: e.program.ZoneName,
			KeyType: e.program.Customers.Key.Physical,
			Members: scratch(membersView), Population: scratch(populationView),
		},
	}
	err := e.last.release(ctx)
	e.last.ran.Store(true)
	if err == nil {
		err = r.evaluate(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, e.Release(context.WithoutCancel(ctx)))
	}
	r.result.Duration = options.Now().Sub(r.started)
	return r.result, nil
}

// evaluate does the parts of a run in order.
func (r *run) evaluate(ctx context.Context) error {
	if err := r.timed("unique keys", func() error { return r.UniqueKeys(ctx) }); err != nil {
		return err
	}
	var err error
	if r.compiler, err = r.loadedCompiler(ctx, r.options); err != nil {
		return err
	}
	together := r.plan.Together()
	r.all = len(r.plan.Units)
	if err := r.prepare(ctx, together); err != nil {
		return err
	}
	if together {
		if err := r.timed("members", func() error { return r.together(ctx) }); err != nil {
			return err
		}
	}
	for _, unit := range r.plan.Units {
		if together && unit.Alone == "" {
			continue
		}
		if err := r.alone(ctx, unit); err != nil {
			return err
		}
	}
	if r.places != nil {
		if err := r.timed("who changed sides", func() error { return r.changes(ctx) }); err != nil {
			return err
		}
	}
	err = r.timed("how far the sources reach", func() error {
		r.result.Sources, err = r.marks(ctx, r.compiler, r.options.AsOf)
		return err
	})
	if err != nil {
		return err
	}
	if err := r.timed("what the next run continues from", func() error { return r.keep(ctx) }); err != nil {
		return err
	}
	return r.timed("sizes", func() error { return r.sizes(ctx) })
}

// timed notes how long a part took.
func (r *run) timed(name string, part func() error) error {
	started := r.options.Now()
	err := part()
	r.result.Stages = append(r.result.Stages, Stage{Name: name, Duration: r.options.Now().Sub(started)})
	return err
}

// tell reports a step to whoever waits.
func (r *run) tell(name string) {
	if r.options.Progress != nil {
		r.options.Progress(r.done, r.all, name)
	}
	r.done++
}

// prepare evaluates the population, with the words where there are any, and
// makes the tables for members.
func (r *run) prepare(ctx context.Context, together bool) error {
	r.population, r.key = scratch(populationTable), dialect.Ident("key")
	if together {
		words, err := r.evaluateWords(ctx)
		if err != nil {
			return err
		}
		r.population, r.key = words.shared.Population, dialect.Ident(r.program.Customers.Key.Column)
	} else {
		if r.options.Keep {
			r.result.Full = "a single segment has a statement of its own"
		}
		statement, err := r.compiler.Population()
		if err != nil {
			return err
		}
		text := "CREATE OR REPLACE TABLE " + r.population + " AS SELECT * FROM (" + statement.SQL + ") AS p(key)"
		if _, err := r.db.Exec(ctx, text, statement.Args...); err != nil {
			return fmt.Errorf("evaluate the population: %w", err)
		}
	}
	for _, statement := range []string{
		"CREATE OR REPLACE TABLE " + scratch(idsTable) + " (unit INTEGER, id UINTEGER, contactable BOOLEAN)",
		"CREATE OR REPLACE TABLE " + scratch(keysTable) + " (unit INTEGER, key " + r.result.KeyType + ", contactable BOOLEAN)",
		"CREATE OR REPLACE VIEW " + r.result.Population + " AS SELECT " + r.key + " AS key FROM " + r.population,
	} {
		if _, err := r.db.Exec(ctx, statement); err != nil {
			return fmt.Errorf("make the tables of the run: %w", err)
		}
	}
	err := r.db.Row(ctx, []any{&r.result.Customers}, "SELECT count(*) FROM "+r.population)
	if err != nil {
		return fmt.Errorf("count the population: %w", err)
	}
	return r.membersFrom(ctx, scratch(idsTable))
}

// evaluateWords evaluates the words, from what the last run kept where that is
// possible.
func (r *run) evaluateWords(ctx context.Context) (*Words, error) {
	options := wordsOptions{
		plan: r.plan, asOf: r.options.AsOf, now: r.options.Now,
		step: func(done, all int, name string) {
			r.all, r.done = r.plan.CountAlone()+all, done
			r.tell(name)
		},
	}
	if r.options.Keep {
		err := r.timed("what changed since the last run", func() (err error) {
			options.past, options.wide, r.result.Full, err = r.whyFull(ctx)
			return err
		})
		if err != nil {
			return nil, err
		}
		if options.past != nil {
			options.read = r.options.Past.Read
		}
	}
	words, err := r.words(ctx, r.compiler, options)
	if err != nil {
		return nil, err
	}
	if options.past != nil && !words.Continued() {
		r.result.Full = "a customer has more rows than the kept counters count"
	}
	r.result.Words = words
	r.last.keep(words)
	r.live.add(words)
	r.result.Stages = append(r.result.Stages, words.Stages...)
	return words, nil
}

// together writes the members of all units that the words hold.
func (r *run) together(ctx context.Context) error {
	places := map[*plan.Unit]int{}
	for _, unit := range r.plan.Units {
		if unit.Alone == "" {
			places[unit] = len(r.result.Units)
			r.add(unit.Definition, 0)
		}
	}
	if words := r.result.Words; words.Continued() {
		return r.continued(ctx, places)
	}
	statement, err := r.result.Words.shared.MembersInto(scratch(idsTable), places)
	if err != nil {
		return err
	}
	_, err = r.db.Exec(ctx, statement.SQL, statement.Args...)
	return err
}

// continued leaves who changed sides for the store, and the members as a view
// that nobody reads unless the store has to compare them all.
func (r *run) continued(ctx context.Context, places map[*plan.Unit]int) error {
	statement, err := r.result.Words.shared.Members(places)
	if err != nil {
		return err
	}
	text, err := dialect.Render(statement.SQL, statement.Args)
	if err != nil {
		return fmt.Errorf("write the view of members: %w", err)
	}
	if err := r.membersFrom(ctx, "("+text+")"); err != nil {
		return err
	}
	r.places, r.result.Base = places, r.options.Past.Run
	return nil
}

// membersFrom makes the view of members by key from those by id.
func (r *run) membersFrom(ctx context.Context, ids string) error {
	_, err := r.db.Exec(ctx, "CREATE OR REPLACE VIEW "+r.result.Members+" AS SELECT m.unit, p."+r.key+" AS key, m.contactable FROM "+ids+
		" AS m(unit, id, contactable) JOIN "+r.population+" AS p ON p.rowid = m.id UNION ALL SELECT * FROM "+scratch(keysTable))
	if err != nil {
		return fmt.Errorf("make the view of members: %w", err)
	}
	return nil
}

// alone writes the members of a unit by a statement of its own.
func (r *run) alone(ctx context.Context, unit *plan.Unit) error {
	d := unit.Definition
	r.tell(d.DefinitionName())
	started := r.options.Now()
	first := len(r.result.Units)
	statement, err := membersInto(r.compiler, scratch(keysTable), d, first)
	if err == nil {
		_, err = r.db.Exec(ctx, statement.SQL, statement.Args...)
	}
	if errors.Is(err, compile.ErrLater) {
		r.result.Skipped = append(r.result.Skipped, Skipped{Name: d.DefinitionName(), Reason: err.Error()})
		return nil
	}
	if err != nil {
		return fmt.Errorf("evaluate %s: %w", d.DefinitionName(), err)
	}
	r.add(d, r.options.Now().Sub(started))
	if s, ok := d.(*check.Segment); ok {
		if r.result.Units[first].Dropped, err = r.dropped(ctx, r.compiler, s); err != nil {
			return fmt.Errorf("evaluate %s: %w", d.DefinitionName(), err)
		}
	}
	return nil
}

// membersInto is the statement that adds the members of one segment, or of each
// stage of a partition, to a table of (unit, key, contactable). The units are
// counted from the first.
func membersInto(compiler *compile.Compiler, table string, d check.Definition, first int) (compile.Statement, error) {
	switch x := d.(type) {
	case *check.Segment:
		statement, err := compiler.Membership(x)
		return statement.Into(table, first), err
	case *check.Partition:
		return compiler.StagesInto(table, x, first)
	}
	return compile.Statement{}, fmt.Errorf("a %s has no members to commit", d.DefinitionKind())
}

// add notes the units of a definition.
func (r *run) add(d check.Definition, took time.Duration) {
	for _, unit := range UnitsOf(r.program, d) {
		unit.Duration = took
		r.result.Units = append(r.result.Units, unit)
	}
}

// UnitsOf returns the units of a definition, without sizes: a segment is one, a
// partition has one for each stage, in order.
func UnitsOf(program *check.Program, d check.Definition) []Unit {
	hash, canonical := meaning(program, d)
	unit := Unit{Kind: SegmentUnit, Name: d.DefinitionName(), Was: d.About().Was.Name, Hash: hash, Canonical: canonical}
	p, ok := d.(*check.Partition)
	if !ok {
		return []Unit{unit}
	}
	units := make([]Unit, 0, len(p.Stages))
	was := unit.Was
	for _, stage := range p.Stages {
		unit.Kind, unit.Name = StageUnit, p.DefinitionName()+"."+stage.Name
		if was != "" {
			unit.Was = was + "." + stage.Name
		}
		units = append(units, unit)
	}
	return units
}

// sizes counts the members of all units at once.
func (r *run) sizes(ctx context.Context) (err error) {
	rows, err := r.db.Query(ctx, "SELECT unit, count(*), count(*) FILTER (WHERE contactable) FROM (SELECT unit, contactable FROM "+
		scratch(idsTable)+" UNION ALL SELECT unit, contactable FROM "+scratch(keysTable)+") AS m GROUP BY unit")
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
	if err := rows.Err(); err != nil || len(r.places) == 0 {
		return err
	}
	return r.sizesOf(ctx, r.places)
}

// keep remembers the words of a run.
func (l *lastRun) keep(words *Words) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.words = words
}

// release drops the words of the last run.
func (l *lastRun) release(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.words == nil {
		return nil
	}
	words := l.words
	l.words = nil
	return words.Close(ctx)
}

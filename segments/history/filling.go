package history

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/plan"
	"strata/segments/snapshot"
	"strata/segments/timeline"
	"strata/sql/dialect"
	"strata/sql/queries"
)

// filling is one backfill on its way.
type filling struct {
	*Asker
	Backfill
	started time.Time
	// number tells the tables of this backfill from those of others.
	number int64
	units  []evaluate.Unit
	// first are the places of the first unit of each definition.
	first []int
	// contactless are the units without gates: all members may be contacted.
	contactless []bool
	sides       *sides
	found       *timeline.Result
	marks       [][]evaluate.SourceMark
	// sizes and contactable are those of units at points, the population's last.
	sizes, contactable [][]int64
}

// The tables of a backfill: who changed sides by number and then by key, members
// and customers at a point, and the members of a definition that is evaluated at
// points, then and at the point before.
const (
	movesTable   = "moves"
	changesTable = "changes"
	membersTable = "members"
	peopleTable  = "people"
	groupTable   = "group"
	nowTable     = "now"
	beforeTable  = "before"
)

// table is the relation of one of the backfill's tables.
func (f *filling) table(name string) string {
	return dialect.Qualified("memory", "main", fmt.Sprintf("strata backfill %d %s", f.number, name))
}

// follow finds who is in which unit at which point.
func (f *filling) follow(ctx context.Context) error {
	program := f.Evaluator.Program()
	f.units = f.Asker.units(f.Definitions)
	for _, d := range f.Definitions {
		f.first = append(f.first, len(f.contactless))
		for range evaluate.UnitsOf(program, d) {
			f.contactless = append(f.contactless, len(check.GatesOf(d)) == 0)
		}
	}
	f.sides = newSides(newRuler(f.Points), len(f.units), f.Workers)
	request := timeline.Request{
		Plan: plan.BuildFor(program, f.Definitions, plan.Options{OverTime: true}), From: f.Points[0], To: f.Points[len(f.Points)-1],
		Begin: func(r *timeline.Result) { f.sides.begin(r.Tracks, f.first) },
	}
	var err error
	f.found, err = f.Follower.Follow(ctx, request, f.Workers, func(worker int, c *timeline.Customer) error {
		f.sides.add(worker, c)
		return nil
	})
	if err != nil {
		return fmt.Errorf("follow the definitions: %w", err)
	}
	f.sizes, f.contactable = f.sides.totals()
	if err := f.handOver(ctx); err != nil {
		return err
	}
	if err := f.evaluateDated(ctx); err != nil {
		return err
	}
	for unit, without := range f.contactless {
		if without {
			f.contactable[unit] = f.sizes[unit]
		}
	}
	f.marks, err = f.Evaluator.MarkSeries(ctx, f.Points)
	return err
}

// handOver makes the table of who changed sides.
func (f *filling) handOver(ctx context.Context) error {
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "point", Type: arrow.PrimitiveTypes.Int32},
		{Name: "unit", Type: arrow.PrimitiveTypes.Int32},
		{Name: "customer", Type: arrow.PrimitiveTypes.Uint32},
		{Name: "entered", Type: arrow.FixedWidthTypes.Boolean},
	}, nil)
	var batches []arrow.RecordBatch
	for i := range f.sides.parts {
		for chunk := range slices.Chunk(f.sides.parts[i].changes, sidesPerBatch) {
			batches = append(batches, f.batch(schema, chunk))
		}
		f.sides.parts[i].changes = nil
	}
	reader, err := array.NewRecordReader(schema, batches)
	if err != nil {
		return fmt.Errorf("hand over who changed sides: %w", err)
	}
	if err := f.DB.Fill(ctx, f.table(movesTable), reader); err != nil {
		return fmt.Errorf("hand over who changed sides: %w", err)
	}
	return f.run(ctx, "backfill/changes", queries.Values{"points": len(f.Points)})
}

// sidesPerBatch is how many changes travel at once.
const sidesPerBatch = 1 << 18

func (f *filling) batch(schema *arrow.Schema, changes []side) arrow.RecordBatch {
	points, units := array.NewInt32Builder(memory.DefaultAllocator), array.NewInt32Builder(memory.DefaultAllocator)
	customers, entered := array.NewUint32Builder(memory.DefaultAllocator), array.NewBooleanBuilder(memory.DefaultAllocator)
	points.Reserve(len(changes))
	units.Reserve(len(changes))
	customers.Reserve(len(changes))
	entered.Reserve(len(changes))
	for _, c := range changes {
		points.UnsafeAppend(c.point)
		units.UnsafeAppend(c.unit)
		customers.UnsafeAppend(c.customer)
		entered.UnsafeAppend(c.entered)
	}
	columns := []arrow.Array{points.NewArray(), units.NewArray(), customers.NewArray(), entered.NewArray()}
	return array.NewRecordBatch(schema, columns, int64(len(changes)))
}

// run runs a statement over the tables of the backfill.
func (f *filling) run(ctx context.Context, name string, values queries.Values) error {
	relations := queries.Relations{"keys": f.found.Keys}
	for _, table := range []string{movesTable, changesTable, membersTable, peopleTable, groupTable, nowTable, beforeTable} {
		relations[table] = f.table(table)
	}
	text, args, err := queries.Fill(name, values)
	if err != nil {
		return fmt.Errorf("backfill: %w", err)
	}
	if _, err := f.DB.Exec(ctx, queries.With(text, relations), args...); err != nil {
		return fmt.Errorf("run %s: %w", name, err)
	}
	return nil
}

// evaluateDated evaluates at each point what cannot be followed.
func (f *filling) evaluateDated(ctx context.Context) error {
	for _, dated := range f.found.Dated {
		d := f.Definitions[dated.Unit]
		if err := f.run(ctx, "backfill/nobody", nil); err != nil {
			return err
		}
		for point, at := range f.Points {
			if f.Step != nil {
				f.Step(point, len(f.Points))
			}
			if err := f.Evaluator.MembersByKey(ctx, d, at, evaluate.KeyTable{Name: f.table(nowTable), KeyType: f.Evaluator.Program().Customers.Key.Physical}); err != nil {
				return fmt.Errorf("evaluate %s: %w", dated.Name, err)
			}
			if err := f.sizesAt(ctx, f.first[dated.Unit], point); err != nil {
				return err
			}
			values := queries.Values{"point": point, "first": f.first[dated.Unit]}
			if err := f.run(ctx, "backfill/dated", values); err != nil {
				return err
			}
			if err := f.run(ctx, "backfill/keep", nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// sizesAt counts the members of a definition that was evaluated at a point.
func (f *filling) sizesAt(ctx context.Context, first, point int) (err error) {
	rows, err := f.DB.Query(ctx, queries.With(queries.Text("backfill/sizes"), queries.Relations{"now": f.table(nowTable)}))
	if err != nil {
		return fmt.Errorf("count members: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var stage int
		var size, contactable int64
		if err := rows.Scan(&stage, &size, &contactable); err != nil {
			return fmt.Errorf("count members: %w", err)
		}
		f.sizes[first+stage][point], f.contactable[first+stage][point] = size, contactable
	}
	return rows.Err()
}

// commit writes the runs of points between which no other run stands: together
// where that is possible.
func (f *filling) commit(ctx context.Context, group [2]int) ([]snapshot.Run, error) {
	runs, err := f.series(ctx, group)
	if !errors.Is(err, snapshot.ErrInterrupted) {
		return runs, err
	}
	for point := group[0]; point <= group[1]; point++ {
		one, err := f.series(ctx, [2]int{point, point})
		if err != nil {
			return runs, err
		}
		runs = append(runs, one...)
	}
	return runs, nil
}

func (f *filling) series(ctx context.Context, group [2]int) ([]snapshot.Run, error) {
	from, to := group[0], group[1]
	values := queries.Values{"point": from}
	for _, name := range []string{"backfill/members", "backfill/people"} {
		if err := f.run(ctx, name, values); err != nil {
			return nil, err
		}
	}
	if err := f.run(ctx, "backfill/group", queries.Values{"first": from, "last": to}); err != nil {
		return nil, err
	}
	took := f.Now().Sub(f.started) / time.Duration(len(f.Points))
	program := f.Evaluator.Program()
	first := &evaluate.Result{
		AsOf: f.Points[from], KnownAt: f.KnownAt, Zone: program.ZoneName, KeyType: program.Customers.Key.Physical,
		Members: f.table(membersTable), Population: f.table(peopleTable), Customers: f.sizes[len(f.units)][from],
		Units: slices.Clone(f.units), Sources: f.marks[from], Duration: took,
	}
	for i := range first.Units {
		first.Units[i].Size, first.Units[i].Contactable = f.sizes[i][from], f.contactable[i][from]
	}
	s := snapshot.Series{First: first, Changes: f.table(groupTable)}
	for point := from + 1; point <= to; point++ {
		r := snapshot.SeriesRun{AsOf: f.Points[point], Customers: f.sizes[len(f.units)][point], Sources: f.marks[point], Duration: took}
		for i := range f.units {
			r.Sizes, r.Contactable = append(r.Sizes, f.sizes[i][point]), append(r.Contactable, f.contactable[i][point])
		}
		s.Later = append(s.Later, r)
	}
	return snapshot.CommitSeries(ctx, f.DB, s, snapshot.CommitOptions{
		TakenAt: f.Now(), Kind: snapshot.Backfill, ProgramVersion: f.ProgramVersion, Complete: f.Complete,
	})
}

// close drops the tables of the backfill.
func (f *filling) close(ctx context.Context) error {
	err := f.drop(ctx, f.table(movesTable), f.table(changesTable), f.table(membersTable), f.table(peopleTable), f.table(groupTable),
		f.table(nowTable), f.table(beforeTable))
	if f.found != nil {
		err = errors.Join(err, f.found.Close(ctx))
	}
	return err
}

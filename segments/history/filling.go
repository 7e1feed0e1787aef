package history

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

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

// The tables of a backfill: who changed sides, members and customers at a point,
// and the members of a definition that is evaluated at points, then and at the
// point before.
const (
	changesTable = "changes"
	membersTable = "members"
	peopleTable  = "people"
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
	for _, d := range f.Definitions {
		f.first = append(f.first, len(f.units))
		for _, unit := range evaluate.UnitsOf(program, d) {
			f.units, f.contactless = append(f.units, unit), append(f.contactless, len(check.GatesOf(d)) == 0)
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
	reader, err := f.sides.reader()
	if err == nil {
		err = f.DB.Fill(ctx, f.table(changesTable), reader)
	}
	if err != nil {
		return fmt.Errorf("hand over who changed sides: %w", err)
	}
	return nil
}

// before is the table of a definition's members at the point before.
func (f *filling) before(definition int) string {
	return f.table(fmt.Sprintf("%s %d", beforeTable, definition))
}

// run runs a statement over the tables of the backfill.
func (f *filling) run(ctx context.Context, name string, values queries.Values) error {
	return f.runFor(ctx, name, values, 0)
}

// runFor runs a statement over the tables of the backfill and of one of the
// definitions that are evaluated at points.
func (f *filling) runFor(ctx context.Context, name string, values queries.Values, definition int) error {
	relations := queries.Relations{"keys": f.found.Keys, beforeTable: f.before(definition)}
	for _, table := range []string{changesTable, membersTable, peopleTable, nowTable} {
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

// evaluateDated evaluates at each point what cannot be followed, together where
// that is cheaper.
func (f *filling) evaluateDated(ctx context.Context) error {
	if len(f.found.Dated) == 0 {
		return nil
	}
	definitions := make([]check.Definition, 0, len(f.found.Dated))
	for _, dated := range f.found.Dated {
		definitions = append(definitions, f.Definitions[dated.Unit])
		if err := f.runFor(ctx, "backfill/nobody", nil, dated.Unit); err != nil {
			return err
		}
	}
	for point := range f.Points {
		if f.Step != nil {
			f.Step(point, len(f.Points))
		}
		if err := f.evaluateAt(ctx, definitions, point); err != nil {
			return err
		}
	}
	return nil
}

// evaluateAt evaluates at one point what cannot be followed.
func (f *filling) evaluateAt(ctx context.Context, definitions []check.Definition, point int) (err error) {
	at := f.Points[point]
	words, err := f.Evaluator.Words(ctx, definitions, at)
	if err != nil {
		return fmt.Errorf("as of %s: %w", at.Format(time.RFC3339), err)
	}
	defer func() { err = errors.Join(err, words.Close(context.WithoutCancel(ctx))) }()
	into := evaluate.KeyTable{Name: f.table(nowTable), KeyType: f.Evaluator.Program().Customers.Key.Physical}
	for i, dated := range f.found.Dated {
		if err := f.Evaluator.MembersByKey(ctx, definitions[i], at, into); err != nil {
			return fmt.Errorf("as of %s: %w", at.Format(time.RFC3339), err)
		}
		first := f.first[dated.Unit]
		if err := f.sizesAt(ctx, first, point); err != nil {
			return err
		}
		values := queries.Values{"point": point, "first": first}
		if err := f.runFor(ctx, "backfill/dated", values, dated.Unit); err != nil {
			return err
		}
		if err := f.runFor(ctx, "backfill/keep", nil, dated.Unit); err != nil {
			return err
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
	values, names := queries.Values{"point": from}, []string{"backfill/members", "backfill/people"}
	if from == 0 { // Nobody has left yet.
		values, names = nil, []string{"backfill/first_members", "backfill/first_people"}
	}
	for _, name := range names {
		if err := f.run(ctx, name, values); err != nil {
			return nil, err
		}
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
	s := snapshot.Series{
		First: first, Changes: f.table(changesTable), Keys: f.found.Keys, From: from, Whole: from == 0 && to == len(f.Points)-1,
	}
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
	tables := []string{f.table(changesTable), f.table(membersTable), f.table(peopleTable), f.table(nowTable)}
	if f.found == nil {
		return f.drop(ctx, tables...)
	}
	for _, dated := range f.found.Dated {
		tables = append(tables, f.before(dated.Unit))
	}
	return errors.Join(f.drop(ctx, tables...), f.found.Close(ctx))
}

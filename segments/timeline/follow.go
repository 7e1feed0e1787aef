package timeline

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/apache/arrow-go/v18/arrow"
	"golang.org/x/sync/errgroup"

	"strata/segments/compile"
	"strata/sql/warehouse"
)

// rowsAtOnce is how many rows are held in memory at once: a row takes some 40
// bytes while rows are sorted.
const rowsAtOnce = 12_000_000

// Follow computes the spans of all tracks of a request and hands them to visit,
// customer by customer. The compiler's as-of is the request's Before, or else
// its To.
func Follow(ctx context.Context, db *warehouse.DB, compiler *compile.Compiler, r Request, visit Visitor) (*Result, error) {
	range_ := Span{Micros(r.From), Micros(r.To) + 1}
	before := r.To
	if r.Before != nil && r.Before.Before(before) {
		before = *r.Before
	}
	tables := compiler.Timeline(r.Prefix, r.Only)
	b := newBuilder(r.Plan, tables, reachOf(r.Plan, range_), before)
	tracks, flags, dated, err := b.tracks()
	if err != nil {
		return nil, err
	}
	for _, f := range b.feeds {
		f.finish()
	}
	s := &sweep{db: db, builder: b, request: r, range_: range_, flags: flags, visit: visit, workers: max(r.Workers, 1), codes: dictionary{}}
	result := &Result{Tracks: tracks, Dated: dated, Keys: tables.Customers(), drop: s.drop}
	err = s.customers(ctx, result)
	if err == nil && r.Begin != nil {
		r.Begin(result)
	}
	if err == nil && len(flags) > 0 {
		err = s.run(ctx, result.Customers)
	}
	if err != nil {
		return nil, errors.Join(err, s.drop(context.WithoutCancel(ctx)))
	}
	return result, nil
}

// sweep is one request on its way.
type sweep struct {
	*builder
	db      *warehouse.DB
	request Request
	range_  Span
	flags   []flag
	visit   Visitor
	workers int
	codes   dictionary
	walks   []*walk
}

// customers makes the tables of customers. All other statements are written
// before, because they decide which fields the tables hold.
func (s *sweep) customers(ctx context.Context, result *Result) error {
	for _, f := range s.feeds {
		if _, err := s.tables.Feed(f.spec, 0, 0); err != nil {
			return err
		}
	}
	for _, g := range s.groups {
		if _, err := s.tables.Steps(s.question(g), 0, 0); err != nil {
			return err
		}
	}
	statements, err := s.tables.Population()
	if err != nil {
		return err
	}
	for _, statement := range statements {
		if _, err := s.db.Exec(ctx, statement.SQL, statement.Args...); err != nil {
			return fmt.Errorf("find the customers: %w", err)
		}
	}
	err = s.db.Row(ctx, []any{&result.Customers}, "SELECT count(*) FROM "+s.tables.Customers())
	if err != nil {
		return fmt.Errorf("count the customers: %w", err)
	}
	return nil
}

// question is what a group asks.
func (s *sweep) question(g *group) compile.Steps {
	q := compile.Steps{Versions: g.versions, Rows: g.rows, Values: g.values, Outputs: g.outputs}
	if g.asks() {
		q.Input = s.askedTable(g)
	}
	return q
}

// run follows the customers in as many batches as memory asks for.
func (s *sweep) run(ctx context.Context, customers int64) error {
	for range s.workers {
		s.walks = append(s.walks, newWalk(s.builder))
	}
	batches, err := s.batches(ctx, customers)
	if err != nil {
		return err
	}
	for i := range batches {
		from, to := customers*i/batches, customers*(i+1)/batches
		if from == to {
			continue
		}
		if err := s.follow(ctx, from, to); err != nil {
			return err
		}
	}
	return nil
}

// batches is how many ranges of customers are followed one after the other.
func (s *sweep) batches(ctx context.Context, customers int64) (int64, error) {
	limit := s.request.Rows
	if limit <= 0 {
		limit = rowsAtOnce
	}
	if s.request.Only != nil || customers < 2 {
		return 1, nil
	}
	rows := int64(0)
	for _, f := range s.feeds {
		statement, err := s.tables.FeedSize(f.spec)
		if err != nil {
			return 0, err
		}
		var n int64
		if err := s.db.Row(ctx, []any{&n}, statement.SQL, statement.Args...); err != nil {
			return 0, fmt.Errorf("count the rows to read: %w", err)
		}
		rows += n
	}
	return min(max((rows+limit-1)/limit, 1), customers), nil
}

// follow follows the customers of one batch.
func (s *sweep) follow(ctx context.Context, from, to int64) error {
	b := &batch{from: from, to: to, answers: make([]*answered, len(s.groups))}
	if err := s.read(ctx, b); err != nil {
		return err
	}
	deepest := 0
	for _, g := range s.groups {
		deepest = max(deepest, g.depth)
	}
	for depth := 1; depth <= deepest; depth++ {
		if err := s.ask(ctx, b, depth); err != nil {
			return err
		}
	}
	return s.share(ctx, b, func(worker int, w *walk, c *Customer) error {
		c.ID = uint32(w.id)
		c.Here = clipped(c.Here[:0], w.here, s.range_)
		for i, f := range s.flags {
			c.Tracks[i] = clipped(c.Tracks[i][:0], f.spans(w), s.range_)
		}
		return s.visit(worker, c)
	})
}

// read loads who is there since when, and the rows.
func (s *sweep) read(ctx context.Context, b *batch) error {
	n := b.to - b.from
	b.here = make([]int64, n)
	statement := s.tables.Here(b.from, b.to)
	err := s.db.Batches(ctx, func(r arrow.RecordBatch) error { return eachInt(r, func(v []int64) { b.here[v[0]-b.from] = v[1] }) },
		statement.SQL, statement.Args...)
	if err != nil {
		return fmt.Errorf("read since when customers are there: %w", err)
	}
	if s.tables.HasVersions() {
		b.versions = make([]versionsOf, n)
		statement := s.tables.ValidVersions(b.from, b.to)
		err := s.db.Batches(ctx, func(r arrow.RecordBatch) error {
			return eachInt(r, func(v []int64) {
				one := version{row: v[0], begin: v[2], end: v[3], place: v[4]}
				if one.end == missing {
					one.end = never
				}
				b.versions[v[1]-b.from] = append(b.versions[v[1]-b.from], one)
			})
		}, statement.SQL, statement.Args...)
		if err != nil {
			return fmt.Errorf("read the versions of customers: %w", err)
		}
	}
	for _, f := range s.feeds {
		data, err := s.load(ctx, f, b)
		if err != nil {
			return fmt.Errorf("read the rows of %s: %w", f.spec.Stream.Source.Name, err)
		}
		b.feeds = append(b.feeds, data)
	}
	return nil
}

// load reads the rows of a feed.
func (s *sweep) load(ctx context.Context, f *feed, b *batch) (*feedData, error) {
	statements, err := s.tables.Feed(f.spec, b.from, b.to)
	if err != nil {
		return nil, err
	}
	read := statements[len(statements)-1]
	if len(statements) > 1 {
		if _, err := s.db.Exec(ctx, statements[0].SQL, statements[0].Args...); err != nil {
			return nil, err
		}
	}
	l := newLoader(f.spec, b.from, s.codes)
	if err := s.db.Batches(ctx, l.add, read.SQL, read.Args...); err != nil {
		return nil, err
	}
	return l.sorted(ctx, b.to-b.from, s.workers)
}

// ask answers the groups of a depth.
func (s *sweep) ask(ctx context.Context, b *batch, depth int) error {
	var groups []*group
	for _, g := range s.groups {
		if g.depth == depth {
			groups = append(groups, g)
		}
	}
	asking := make([][]*asked, len(groups))
	any := false
	for i, g := range groups {
		any = any || g.asks()
		asking[i] = make([]*asked, s.parts(b))
		for j := range asking[i] {
			asking[i][j] = &asked{}
		}
	}
	if any {
		err := s.eachPart(ctx, b, func(part, _ int, w *walk) error {
			for i, g := range groups {
				if g.asks() {
					g.collect(w, asking[i][part])
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for i, g := range groups {
		if err := s.answer(ctx, b, g, asking[i]); err != nil {
			return err
		}
	}
	return nil
}

// answer lets SQL answer a group.
func (s *sweep) answer(ctx context.Context, b *batch, g *group, parts []*asked) error {
	if g.asks() {
		if err := g.fill(ctx, s.db, s.askedTable(g), parts); err != nil {
			return fmt.Errorf("hand over the steps of customers: %w", err)
		}
	}
	statement, err := s.tables.Steps(s.question(g), b.from, b.to)
	if err != nil {
		return err
	}
	if g.stored {
		if _, err := s.db.Exec(ctx, statement.As(s.answersTable(g)).SQL, statement.Args...); err != nil {
			return fmt.Errorf("evaluate expressions at steps: %w", err)
		}
		statement = compile.Statement{SQL: "SELECT * FROM " + s.answersTable(g)}
	}
	a := newAnswers(g, parts, b.to-b.from)
	err = s.db.Batches(ctx, func(r arrow.RecordBatch) error { return a.take(g, b.from, r) }, statement.SQL, statement.Args...)
	if err != nil {
		return fmt.Errorf("evaluate expressions at steps: %w", err)
	}
	b.answers[g.place] = a
	return nil
}

// customersPerPart is how many customers a worker takes at once.
const customersPerPart = 2048

func (s *sweep) parts(b *batch) int {
	return int((b.to - b.from + customersPerPart - 1) / customersPerPart)
}

// eachPart visits the customers of a batch. Those of one part, in order, by one
// worker.
func (s *sweep) eachPart(ctx context.Context, b *batch, visit func(part, worker int, w *walk) error) error {
	group, ctx := errgroup.WithContext(ctx)
	var next atomic.Int64
	for worker, w := range s.walks {
		group.Go(func() error {
			for {
				part := next.Add(1) - 1
				from := b.from + part*customersPerPart
				if from >= b.to {
					return nil
				}
				if err := ctx.Err(); err != nil {
					return context.Cause(ctx)
				}
				for id := from; id < min(from+customersPerPart, b.to); id++ {
					w.next(b, id)
					if err := visit(int(part), worker, w); err != nil {
						return err
					}
				}
			}
		})
	}
	return group.Wait()
}

// share visits the customers of a batch with a Customer for each worker.
func (s *sweep) share(ctx context.Context, b *batch, visit func(worker int, w *walk, c *Customer) error) error {
	customers := make([]*Customer, len(s.walks))
	for i := range customers {
		customers[i] = &Customer{Tracks: make([][]Span, len(s.flags))}
	}
	return s.eachPart(ctx, b, func(_, worker int, w *walk) error { return visit(worker, w, customers[worker]) })
}

// drop removes the tables of a request.
func (s *sweep) drop(ctx context.Context) error {
	tables := []string{s.tables.Customers(), s.tables.Versions()}
	for _, f := range s.feeds {
		tables = append(tables, s.tables.Relation(f.spec))
	}
	for _, g := range s.groups {
		tables = append(tables, s.askedTable(g), s.answersTable(g))
	}
	for _, table := range tables {
		if _, err := s.db.Exec(ctx, "DROP TABLE IF EXISTS "+table); err != nil {
			return fmt.Errorf("drop the tables of the timeline: %w", err)
		}
	}
	return nil
}

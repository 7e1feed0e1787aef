package evaluate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/definition"
	"strata/segments/plan"
	"strata/segments/timeline"
	"strata/sql/dialect"
)

// overTime keeps what definitions look at besides as-of: the tables of "x for 7
// days" and "x as of …", by what they say and when. They stay until Release.
type overTime struct {
	mu     sync.Mutex
	tables map[string]string
}

func newOverTime() *overTime { return &overTime{tables: map[string]string{}} }

// overTimeOf is an expression over time at an as-of, for everybody or for one
// customer.
type overTimeOf struct {
	x    check.Expr
	asOf time.Time
	only *string
}

func (o overTimeOf) key() string {
	only := ""
	if o.only != nil {
		only = "\x00" + *o.only
	}
	return o.asOf.Format(time.RFC3339Nano) + "\x00" + check.Text(o.x) + only
}

// table evaluates an expression over time and returns its table.
func (t *overTime) table(ctx context.Context, e *Evaluator, of overTimeOf) (string, error) {
	t.mu.Lock()
	name, ok := t.tables[of.key()]
	t.mu.Unlock()
	if ok {
		return name, nil
	}
	name = scratch(fmt.Sprintf("strata over time %d", e.db.Number()))
	var err error
	switch x := of.x.(type) {
	case *check.Held:
		err = e.heldTable(ctx, name, x, of)
	case *check.AsOf:
		err = e.earlierTable(ctx, name, x, of)
	default:
		err = fmt.Errorf("evaluate %s: it looks at one moment", check.Text(of.x))
	}
	if err != nil {
		return "", err
	}
	t.mu.Lock()
	t.tables[of.key()] = name
	t.mu.Unlock()
	return name, nil
}

// release drops all tables.
func (t *overTime) release(ctx context.Context, e *Evaluator) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for key, name := range t.tables {
		if _, err := e.db.Exec(ctx, "DROP TABLE IF EXISTS "+name); err != nil {
			return fmt.Errorf("drop a table over time: %w", err)
		}
		delete(t.tables, key)
	}
	return nil
}

// earlierTable makes the table of a value, or of the members, at another moment.
func (e *Evaluator) earlierTable(ctx context.Context, name string, x *check.AsOf, of overTimeOf) error {
	var at time.Time
	if x.Ago != nil {
		at = calendar.Step(of.asOf, x.Ago.Negative(), e.program.Zone)
	} else {
		at = x.Point.UTC()
	}
	compiler, err := e.Compiler(ctx, at, ForRunning)
	if err != nil {
		return err
	}
	var statement compile.Statement
	ref, ok := x.X.(*check.Ref)
	if segment, isSegment := refSegment(ref); ok && isSegment {
		statement, err = compiler.Members(segment)
		statement.SQL = "SELECT * FROM (" + statement.SQL + ") AS t(key)"
	} else {
		statement, err = compiler.Value(x.X)
	}
	if err != nil {
		return err
	}
	if _, err := e.db.Exec(ctx, statement.As(name).SQL, statement.Args...); err != nil {
		return fmt.Errorf("evaluate %s: %w", check.Text(x), err)
	}
	return nil
}

func refSegment(ref *check.Ref) (check.Definition, bool) {
	if ref == nil {
		return nil, false
	}
	switch ref.Target.(type) {
	case *check.Segment, *check.List:
		return ref.Target, true
	}
	return nil, false
}

// heldTable makes the table of those for whom a test was true all the time: the
// timeline follows it over that time.
func (e *Evaluator) heldTable(ctx context.Context, name string, x *check.Held, of overTimeOf) error {
	from := calendar.Step(of.asOf, x.For.Negative(), e.program.Zone).Add(time.Microsecond)
	rule := &check.Segment{Where: &check.Tree{Kind: definition.Leaf, X: x.X}}
	request := timeline.Request{
		Plan: plan.BuildFor(e.program, []check.Definition{rule}, plan.Options{OverTime: true}),
		From: from, To: of.asOf, Only: of.only,
	}
	whole := timeline.Span{From: timeline.Micros(from), To: timeline.Micros(of.asOf) + 1}
	var mu sync.Mutex
	var ids []uint32
	result, err := e.Follow(ctx, request, workers, func(_ int, c *timeline.Customer) error {
		if slices.Contains(c.Tracks[0], whole) {
			mu.Lock()
			defer mu.Unlock()
			ids = append(ids, c.ID)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("evaluate %s: %w", check.Text(x), err)
	}
	if len(result.Dated) > 0 {
		reasons := make([]string, len(result.Dated))
		for i, d := range result.Dated {
			reasons[i] = d.Reason
		}
		return errors.Join(&compile.LaterError{What: "for", At: x.Span(), Reason: strings.Join(reasons, ", ")}, result.Close(ctx))
	}
	return errors.Join(e.keysOf(ctx, name, result.Keys, ids), result.Close(ctx))
}

// workers is how many goroutines follow customers.
const workers = 2

// keysOf makes a table of the keys of numbered customers.
func (e *Evaluator) keysOf(ctx context.Context, name, customers string, ids []uint32) error {
	schema := arrow.NewSchema([]arrow.Field{{Name: "id", Type: arrow.PrimitiveTypes.Uint32}}, nil)
	builder := array.NewUint32Builder(memory.DefaultAllocator)
	builder.AppendValues(ids, nil)
	batch := array.NewRecordBatch(schema, []arrow.Array{builder.NewArray()}, int64(len(ids)))
	reader, err := array.NewRecordReader(schema, []arrow.RecordBatch{batch})
	if err != nil {
		return fmt.Errorf("hand over customers: %w", err)
	}
	numbers := scratch(fmt.Sprintf("strata numbers %d", e.db.Number()))
	if err := e.db.Fill(ctx, numbers, reader); err != nil {
		return err
	}
	key := dialect.Ident(e.program.Customers.Key.Column)
	_, err = e.db.Exec(ctx, "CREATE OR REPLACE TABLE "+name+" AS SELECT c."+key+" AS key FROM "+customers+" AS c JOIN "+numbers+" AS n ON c.rowid = n.id")
	if err != nil {
		return fmt.Errorf("hand over customers: %w", err)
	}
	if _, err := e.db.Exec(ctx, "DROP TABLE "+numbers); err != nil {
		return fmt.Errorf("hand over customers: %w", err)
	}
	return nil
}

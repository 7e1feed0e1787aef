package timeline

import (
	"context"
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"strata/segments/compile"
	"strata/sql/warehouse"
)

// group is expressions over the same quantities, which SQL answers together:
// one row for each step of any of them, or for each customer where there are
// none.
type group struct {
	place    int
	depth    int
	inputs   []groupInput
	versions bool
	rows     []compile.StepJoin
	values   []compile.StepJoin
	outputs  []compile.StepOutput
	// stored says that the answers stay in a table that other groups read.
	stored bool
}

// groupInput is a quantity and the column that it travels in. Wide ones are
// numbers with decimals.
type groupInput struct {
	of     quantity
	column string
	wide   bool
	scale  int32
}

// answered is what SQL said of a batch's steps.
type answered struct {
	// start are the places of the steps of each customer, and the end of the last;
	// nil where each customer has one.
	start  []int32
	at     []int64
	truths [][]bool
	// numbers hold times, or days, missing where there is none.
	numbers [][]int64
}

// asked are the steps of one part of a batch's customers.
type asked struct {
	count  []int32 // By customer.
	id     []int64
	at     []int64
	values [][]value
}

// collect adds the steps of the walk's customer.
func (g *group) collect(w *walk, a *asked) {
	lists := w.scratch.inputs[:0]
	for _, in := range g.inputs {
		lists = append(lists, in.of.steps(w))
	}
	w.scratch.inputs = lists
	if a.values == nil {
		a.values = make([][]value, len(g.inputs))
	}
	places := w.scratch.places[:0]
	for range lists {
		places = append(places, 0)
	}
	w.scratch.places = places
	n := int32(0)
	for at := w.whole.From; at < w.whole.To; n++ {
		next := w.whole.To
		for i, list := range lists {
			for places[i]+1 < len(list) && list[places[i]+1].at <= at {
				places[i]++
			}
			if places[i]+1 < len(list) {
				next = min(next, list[places[i]+1].at)
			}
			a.values[i] = append(a.values[i], list[places[i]].value)
		}
		a.id, a.at = append(a.id, w.id), append(a.at, at)
		at = next
	}
	a.count = append(a.count, n)
}

// fill makes the table of a group's steps.
func (g *group) fill(ctx context.Context, db *warehouse.DB, table string, parts []*asked) error {
	fields := []arrow.Field{{Name: "n", Type: arrow.PrimitiveTypes.Int64}, {Name: "id", Type: arrow.PrimitiveTypes.Int64}}
	for _, in := range g.inputs {
		kind := arrow.DataType(arrow.PrimitiveTypes.Int64)
		if in.wide {
			kind = &arrow.Decimal128Type{Precision: 38, Scale: in.scale}
		}
		fields = append(fields, arrow.Field{Name: in.column, Type: kind, Nullable: true})
	}
	schema := arrow.NewSchema(fields, nil)
	var batches []arrow.RecordBatch
	n := int64(0)
	for _, part := range parts {
		if len(part.id) == 0 {
			continue
		}
		numbers := array.NewInt64Builder(memory.DefaultAllocator)
		numbers.Reserve(len(part.id))
		for range part.id {
			numbers.UnsafeAppend(n)
			n++
		}
		ids := array.NewInt64Builder(memory.DefaultAllocator)
		ids.AppendValues(part.id, nil)
		columns := []arrow.Array{numbers.NewArray(), ids.NewArray()}
		for i, in := range g.inputs {
			columns = append(columns, in.array(part.values[i], fields[2+i].Type))
		}
		batches = append(batches, array.NewRecordBatch(schema, columns, int64(len(part.id))))
	}
	reader, err := array.NewRecordReader(schema, batches)
	if err != nil {
		return fmt.Errorf("write the steps of customers: %w", err)
	}
	return db.Fill(ctx, table, reader)
}

// array is a column of values.
func (in groupInput) array(values []value, kind arrow.DataType) arrow.Array {
	if !in.wide {
		b := array.NewInt64Builder(memory.DefaultAllocator)
		b.Reserve(len(values))
		for _, v := range values {
			if v.absent {
				b.UnsafeAppendBoolToBitmap(false)
				continue
			}
			b.UnsafeAppend(v.low)
		}
		return b.NewArray()
	}
	b := array.NewDecimal128Builder(memory.DefaultAllocator, kind.(*arrow.Decimal128Type))
	b.Reserve(len(values))
	for _, v := range values {
		if v.absent {
			b.AppendNull()
			continue
		}
		b.Append(decimal128.New(v.high, uint64(v.low)))
	}
	return b.NewArray()
}

// newAnswers has room for the answers to a group's steps.
func newAnswers(g *group, parts []*asked, customers int64) *answered {
	a := &answered{truths: make([][]bool, len(g.outputs)), numbers: make([][]int64, len(g.outputs))}
	n := int(customers)
	if g.asks() {
		a.start = append(a.start, 0)
		n = 0
		for _, part := range parts {
			for _, c := range part.count {
				n += int(c)
				a.start = append(a.start, int32(n))
			}
			a.at = append(a.at, part.at...)
		}
	}
	for i, out := range g.outputs {
		if out.Form == compile.Truth {
			a.truths[i] = make([]bool, n)
		} else {
			a.numbers[i] = make([]int64, n)
		}
	}
	return a
}

// asks reports whether the group has steps of its own.
func (g *group) asks() bool { return len(g.inputs) > 0 }

// take puts a batch of (n, outputs…) in place.
func (a *answered) take(g *group, from int64, b arrow.RecordBatch) error {
	places := b.Column(0).(*array.Int64).Int64Values()
	if g.asks() {
		from = 0
	}
	for i, out := range g.outputs {
		switch x := b.Column(1 + i).(type) {
		case *array.Boolean:
			for j, n := range places {
				a.truths[i][n-from] = x.Value(j)
			}
		case *array.Int64:
			for j, n := range places {
				if x.IsNull(j) {
					a.numbers[i][n-from] = missing
					continue
				}
				a.numbers[i][n-from] = x.Value(j)
			}
		default:
			if out.Form != compile.Whatever {
				return fmt.Errorf("read the answers to steps: a column of %s", x.DataType())
			}
		}
	}
	return nil
}

// eachAnswer visits the walk's customer's steps of a group: the as-of from which
// on the answer at a place holds.
func (w *walk) eachAnswer(group int, visit func(at int64, place int)) {
	a := w.batch.answers[group]
	local := int(w.id - w.batch.from)
	if a.start == nil {
		visit(w.whole.From, local)
		return
	}
	for i := a.start[local]; i < a.start[local+1]; i++ {
		visit(a.at[i], int(i))
	}
}

// tested is a test that SQL answered.
type tested struct {
	memo
	group, output int
}

func (f *tested) spans(w *walk) []Span {
	return w.spansOf(f.memo, func(out []Span) []Span {
		truths := w.batch.answers[f.group].truths[f.output]
		began := int64(-1)
		open := false
		w.eachAnswer(f.group, func(at int64, place int) {
			switch {
			case truths[place] && !open:
				began, open = at, true
			case !truths[place] && open:
				out, open = push(out, Span{began, at}), false
			}
		})
		if open {
			out = push(out, Span{began, w.whole.To})
		}
		return out
	})
}

// told is a time, or a day, that SQL answered.
type told struct {
	memo
	group, output int
}

func (q *told) steps(w *walk) []step {
	return w.stepsOf(q.memo, func(out []step) []step {
		numbers := w.batch.answers[q.group].numbers[q.output]
		w.eachAnswer(q.group, func(at int64, place int) {
			if n := numbers[place]; n == missing {
				out = emit(out, at, nothing)
			} else {
				out = emit(out, at, whole(n))
			}
		})
		return out
	})
}

// stored is a value that SQL keeps: its place there.
type stored struct {
	memo
	group int
}

func (q *stored) steps(w *walk) []step {
	return w.stepsOf(q.memo, func(out []step) []step {
		base := int64(0)
		if w.batch.answers[q.group].start == nil {
			base = w.batch.from
		}
		w.eachAnswer(q.group, func(at int64, place int) { out = emit(out, at, whole(base+int64(place))) })
		return out
	})
}

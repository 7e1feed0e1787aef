package timeline

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"golang.org/x/sync/errgroup"

	"strata/segments/compile"
)

// feedData are the rows of a feed for the customers of a batch, by customer and
// in order of time.
type feedData struct {
	// start are the places of the rows of each customer, by the customer's place
	// in the batch, and the end of the last.
	start   []int32
	at, row []int64
	code    []int32
	bits    [][]int64
	tie     []int64 // nil where rows at one time are not told apart.
	columns []column
}

// column is a value of rows. High is nil where 64 bits are enough.
type column struct{ low, high []int64 }

// amount is a row's value, and whether it is there.
func (c column) amount(i int32) (wide, bool) {
	low := c.low[i]
	if c.high == nil {
		return wide{low >> 63, uint64(low)}, low != missing
	}
	high := c.high[i]
	return wide{high, uint64(low)}, low != missing || high != missing
}

// loader collects the rows of a feed in the order in which they come.
type loader struct {
	of    compile.Feed
	from  int64
	codes dictionary
	id    []int32
	feedData
}

// dictionary gives texts a number. Columns share one, so that what is equal in
// two of them has one number.
type dictionary map[string]int64

func (d dictionary) code(text string) int64 {
	n, ok := d[text]
	if !ok {
		n = int64(len(d))
		d[strings.Clone(text)] = n // The batch's memory is gone after the call.
	}
	return n
}

func newLoader(f compile.Feed, from int64, codes dictionary) *loader {
	l := &loader{of: f, from: from, codes: codes}
	l.bits = make([][]int64, f.BitColumns())
	for _, v := range f.Values {
		if v.Form != compile.Hidden {
			l.columns = append(l.columns, column{})
		}
	}
	return l
}

// add takes in a batch of rows.
func (l *loader) add(b arrow.RecordBatch) error {
	at := 0
	next := func() arrow.Array {
		at++
		return b.Column(at - 1)
	}
	rows, ids := next(), next()
	l.row = append(l.row, rows.(*array.Int64).Int64Values()...)
	for _, id := range ids.(*array.Uint32).Uint32Values() {
		l.id = append(l.id, int32(int64(id)-l.from))
	}
	l.at = append(l.at, next().(*array.Int64).Int64Values()...)
	l.code = append(l.code, next().(*array.Int32).Int32Values()...)
	for i := range l.bits {
		l.bits[i] = append(l.bits[i], next().(*array.Int64).Int64Values()...)
	}
	if l.of.Tie {
		l.tie = append(l.tie, next().(*array.Int64).Int64Values()...)
	}
	place := 0
	for _, v := range l.of.Values {
		if v.Form == compile.Hidden {
			continue
		}
		if err := l.value(&l.columns[place], next()); err != nil {
			return err
		}
		place++
	}
	return nil
}

// value takes in the values of one column.
func (l *loader) value(c *column, values arrow.Array) error {
	switch x := values.(type) {
	case *array.Int64:
		for i := range x.Len() {
			if x.IsNull(i) {
				c.low = append(c.low, missing)
				continue
			}
			c.low = append(c.low, x.Value(i))
		}
	case *array.Decimal128:
		for i := range x.Len() {
			if x.IsNull(i) {
				c.low, c.high = append(c.low, missing), append(c.high, missing)
				continue
			}
			v := x.Value(i)
			c.low, c.high = append(c.low, int64(v.LowBits())), append(c.high, v.HighBits())
		}
	case *array.String:
		for i := range x.Len() {
			if x.IsNull(i) {
				c.low = append(c.low, missing)
				continue
			}
			c.low = append(c.low, l.codes.code(x.Value(i)))
		}
	default:
		return fmt.Errorf("read the rows of %s: a column of %s", l.of.Name, values.DataType())
	}
	return nil
}

// sorted are the rows by customer and time.
func (l *loader) sorted(ctx context.Context, customers int64, workers int) (*feedData, error) {
	n := len(l.at)
	start := make([]int32, customers+1)
	for _, id := range l.id {
		start[id+1]++
	}
	for i := range customers {
		start[i+1] += start[i]
	}
	order := make([]int32, n)
	next := slices.Clone(start[:customers])
	for i, id := range l.id {
		order[next[id]] = int32(i)
		next[id]++
	}
	out := &feedData{start: start, at: make([]int64, n), row: make([]int64, n), code: make([]int32, n)}
	out.bits = make([][]int64, len(l.bits))
	for i := range out.bits {
		out.bits[i] = make([]int64, n)
	}
	if l.of.Tie {
		out.tie = make([]int64, n)
	}
	out.columns = make([]column, len(l.columns))
	for i, c := range l.columns {
		out.columns[i].low = make([]int64, n)
		if c.high != nil {
			out.columns[i].high = make([]int64, n)
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	for part := range workers {
		from, to := customers*int64(part)/int64(workers), customers*int64(part+1)/int64(workers)
		group.Go(func() error { return l.gather(ctx, out, order, from, to) })
	}
	return out, group.Wait()
}

// gather sorts the rows of some customers by time and puts them in place.
func (l *loader) gather(ctx context.Context, out *feedData, order []int32, from, to int64) error {
	byTime := func(a, b int32) int {
		if c := cmp.Compare(l.at[a], l.at[b]); c != 0 || l.tie == nil {
			return c
		}
		return cmp.Compare(l.tie[a], l.tie[b])
	}
	for id := from; id < to; id++ {
		if id%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		mine := order[out.start[id]:out.start[id+1]]
		if !slices.IsSortedFunc(mine, byTime) {
			slices.SortFunc(mine, byTime)
		}
	}
	first, last := out.start[from], out.start[to]
	pick := func(to, from []int64) {
		for i := first; i < last; i++ {
			to[i] = from[order[i]]
		}
	}
	pick(out.at, l.at)
	pick(out.row, l.row)
	for i := first; i < last; i++ {
		out.code[i] = l.code[order[i]]
	}
	for i := range out.bits {
		pick(out.bits[i], l.bits[i])
	}
	if out.tie != nil {
		pick(out.tie, l.tie)
	}
	for i := range out.columns {
		pick(out.columns[i].low, l.columns[i].low)
		if out.columns[i].high != nil {
			pick(out.columns[i].high, l.columns[i].high)
		}
	}
	return nil
}

// batch is what is known of a range of customers.
type batch struct {
	from, to int64
	// here is the first as-of of each customer, the least number for who always
	// was there.
	here     []int64
	versions []versionsOf
	feeds    []*feedData
	answers  []*answered
}

// versionsOf are a customer's versions.
type versionsOf []version

type version struct{ row, begin, end, place int64 }

// current is the row of the version of a customer that counts.
type current struct{ memo }

func (q *current) steps(w *walk) []step {
	return w.stepsOf(q.memo, func(out []step) []step {
		versions := w.batch.versions[w.id-w.batch.from]
		moments := append(w.scratch.moments[:0], w.whole.From) //nolint:gocritic // The list is lent.
		for _, v := range versions {
			for _, at := range []int64{v.begin, v.end} {
				if at > w.whole.From && at < w.whole.To {
					moments = append(moments, at)
				}
			}
		}
		slices.Sort(moments)
		w.scratch.moments = moments
		for _, at := range moments {
			best := version{row: -1}
			for _, v := range versions {
				if v.begin <= at && at < v.end && (best.row < 0 || v.place < best.place) {
					best = v
				}
			}
			if best.row < 0 {
				out = emit(out, at, nothing)
				continue
			}
			out = emit(out, at, whole(best.row))
		}
		return out
	})
}

// eachInt visits the rows of a batch of whole numbers; one that is not there is
// missing.
func eachInt(b arrow.RecordBatch, visit func([]int64)) error {
	columns := make([]*array.Int64, b.NumCols())
	for i := range columns {
		c, ok := b.Column(i).(*array.Int64)
		if !ok {
			return fmt.Errorf("column %d holds no whole numbers", i+1)
		}
		columns[i] = c
	}
	row := make([]int64, len(columns))
	for i := range int(b.NumRows()) {
		for j, c := range columns {
			if row[j] = missing; !c.IsNull(i) {
				row[j] = c.Value(i)
			}
		}
		visit(row)
	}
	return nil
}

package timeline

import (
	"strata/segments/compile"
)

// feed is a read of a source's rows, and which of them each set of rows has.
type feed struct {
	spec compile.Feed
	sets []*rowset
	// byCode lists the sets that rows of a code may belong to.
	byCode [][]match
	place  int
	// narrow says that all windows have a beginning.
	narrow bool
	// keys, bits and values are the words of what the sets, the tests and the
	// values of the feed are; places are those of values among the columns that are
	// read, -1 for a hidden one.
	keys, bits, values []string
	places             []int
}

// match is a set of rows that a code belongs to, where the bit is set.
type match struct {
	set         int
	column, bit int // column is -1 where no bit is asked.
}

// rowset is the rows that an aggregate or step reads: those of a stream that
// pass a filter.
type rowset struct {
	feed *feed
	// place is the feed's among feeds, set the set's among those of the feed.
	place, set int
	// codes are the places of the values of a column that rows may have, by the
	// place of the column; bit is the test that they pass, -1 for none.
	codes map[int][]int
	bit   int
}

// rowList is the rows of a set for one customer, in order of time.
type rowList struct {
	at []int64
	// index is the row's place in the batch.
	index []int32
}

// feedRows are the lists of a feed's sets for the walk's customer.
type feedRows struct {
	stamp int64
	lists []rowList
}

// rows are those of a set for the walk's customer.
func (w *walk) rows(r *rowset) *rowList {
	f := &w.feeds[r.place]
	if f.stamp != w.stamp {
		f.stamp = w.stamp
		w.distribute(r.feed, f, w.batch.feeds[r.place])
	}
	return &f.lists[r.set]
}

// distribute gives the customer's rows to the sets that they belong to.
func (w *walk) distribute(of *feed, f *feedRows, data *feedData) {
	for i := range f.lists {
		f.lists[i].at, f.lists[i].index = f.lists[i].at[:0], f.lists[i].index[:0]
	}
	local := w.id - w.batch.from
	for i := data.start[local]; i < data.start[local+1]; i++ {
		at := data.at[i]
		for _, m := range of.byCode[data.code[i]] {
			if m.column >= 0 && data.bits[m.column][i]>>m.bit&1 == 0 {
				continue
			}
			list := &f.lists[m.set]
			list.at, list.index = append(list.at, at), append(list.index, i)
		}
	}
}

// data is the batch's columns of a set's feed.
func (w *walk) data(r *rowset) *feedData { return w.batch.feeds[r.place] }

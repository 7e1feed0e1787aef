package snapshot

import (
	"context"
	"errors"
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"strata/segments/result"
	"strata/sql/dialect"
	"strata/sql/queries"
	"strata/sql/warehouse"
)

// Bits returns the members of units at a run as bits, in the order of the names. A customer's place is the store's number
// of the customer, and the population that of the run. ErrNotFound says that the run or one of the units in it does not
// exist.
func Bits(ctx context.Context, db *warehouse.DB, run int64, units []string) (bits result.Bits, err error) {
	r := Relation{Name: dialect.Qualified("memory", "main", fmt.Sprintf("run %d bits %d", run, db.Number()))}
	defer func() {
		if r.Rows > 0 {
			err = errors.Join(err, r.Drop(context.WithoutCancel(ctx), db))
		}
	}()
	err = View(ctx, db, func(ctx context.Context, tx warehouse.Session) error {
		s := session{tx: tx, relations: queries.Relations{"relation": r.Name}}
		found, err := readRun(ctx, s, run)
		if err != nil {
			return err
		}
		bits.Customers = found.Customers
		if err := s.exec(ctx, "read/bits", nil); err != nil {
			return err
		}
		r.Rows = 1 // From here on there is something to drop.
		return s.scratch(ctx, []string{"picked"}, func() error { return addBits(ctx, s, run, units) })
	})
	if err != nil {
		return bits, fmt.Errorf("read members at run %d: %w", run, notThere(err))
	}
	return bits, readBits(ctx, db, r.Name, len(units), &bits)
}

// addBits adds the members of each unit to the relation.
func addBits(ctx context.Context, s session, run int64, units []string) error {
	for i, unit := range units {
		segment, err := (copying{run: run, unit: unit}).segment(ctx, s)
		if err == nil {
			err = pick(ctx, s, run, segment)
		}
		if err == nil {
			err = s.exec(ctx, "read/bits_add", queries.Values{"unit": int64(i)})
		}
		if err != nil {
			return fmt.Errorf("%s: %w", unit, err)
		}
	}
	return nil
}

// readBits reads a relation of (unit, id).
func readBits(ctx context.Context, db *warehouse.DB, relation string, units int, bits *result.Bits) error {
	var most uint32
	if err := db.Row(ctx, []any{&most}, "SELECT coalesce(max(id), 0) FROM "+relation); err != nil {
		return fmt.Errorf("read members: %w", err)
	}
	bits.Sets = make([][]uint64, units)
	for i := range bits.Sets {
		bits.Sets[i] = make([]uint64, most/64+1)
	}
	err := db.Batches(ctx, func(batch arrow.RecordBatch) error {
		places, ok := batch.Column(0).(*array.Int32)
		ids, also := batch.Column(1).(*array.Uint32)
		if !ok || !also {
			return fmt.Errorf("the columns are %s and %s", batch.Column(0).DataType(), batch.Column(1).DataType())
		}
		for i, id := range ids.Uint32Values() {
			bits.Sets[places.Value(i)][id/64] |= 1 << (id % 64)
		}
		return nil
	}, "SELECT unit, id FROM "+relation)
	if err != nil {
		return fmt.Errorf("read members: %w", err)
	}
	return nil
}

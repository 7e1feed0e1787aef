package warehouse_test

import (
	"context"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/stretchr/testify/require"

	"strata/sql/warehouse"
)

// What goes in as batches comes out as batches, and statements read it.
func TestBatchesThereAndBack(t *testing.T) {
	ctx := context.Background()
	db, err := warehouse.Scratch(ctx)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	schema := arrow.NewSchema([]arrow.Field{{Name: "n", Type: arrow.PrimitiveTypes.Int64}, {Name: "v", Type: arrow.PrimitiveTypes.Int64, Nullable: true}}, nil)
	var batches []arrow.RecordBatch
	for b := range 3 {
		n, v := array.NewInt64Builder(memory.DefaultAllocator), array.NewInt64Builder(memory.DefaultAllocator)
		for i := range 1000 {
			n.Append(int64(1000*b + i))
			v.AppendNull()
		}
		batches = append(batches, array.NewRecordBatch(schema, []arrow.Array{n.NewArray(), v.NewArray()}, 1000))
	}
	reader, err := array.NewRecordReader(schema, batches)
	require.NoError(t, err)
	require.NoError(t, db.Fill(ctx, `memory.main."filled"`, reader))
	var rows, sum, values int64
	require.NoError(t, db.Row(ctx, []any{&rows, &sum, &values}, `SELECT count(*), sum(n)::BIGINT, count(v) FROM memory.main."filled"`))
	require.Equal(t, []int64{3000, 2999 * 3000 / 2, 0}, []int64{rows, sum, values})
	var back int64
	err = db.Batches(ctx, func(b arrow.RecordBatch) error {
		column := b.Column(0).(*array.Int64)
		for i := range column.Len() {
			back += column.Value(i)
		}
		return nil
	}, `SELECT n FROM memory.main."filled" WHERE n >= ? AND n <> ?`, 10, int64(11))
	require.NoError(t, err)
	require.Equal(t, int64(2999*3000/2-45-11), back)
	require.Error(t, db.Batches(ctx, func(arrow.RecordBatch) error { return nil }, `SELECT no_such FROM memory.main."filled"`))
	// An anonymous ENUM is how texts are coded; what is none of its values is NULL.
	var a, c *int64
	require.NoError(t, db.Row(ctx, []any{&a, &c}, `SELECT enum_code(TRY_CAST('b' AS ENUM('a','b')))::BIGINT, enum_code(TRY_CAST('x' AS ENUM('a','b')))::BIGINT`))
	require.Equal(t, int64(1), *a)
	require.Nil(t, c)
}

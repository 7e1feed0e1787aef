package history

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// sidesPerBatch is how many changes travel at once.
const sidesPerBatch = 1 << 17

// reader hands over all changes, sorted by point and unit, and keeps none. The
// store has them in that order, and sorting whole numbers here is a fraction of
// what it costs there.
func (s *sides) reader() (array.RecordReader, error) {
	units := len(s.parts[0].sizes) // With the population, which comes first.
	place := func(c side) int { return int(c.point)*units + int(c.unit) + 1 }
	ends := make([]int, len(s.ruler.points)*units)
	all := 0
	for _, part := range s.parts {
		for _, block := range part.blocks {
			all += len(block)
			for _, c := range block {
				ends[place(c)]++
			}
		}
	}
	for i, begin := 0, 0; i < len(ends); i++ {
		ends[i], begin = begin, begin+ends[i]
	}
	customers, entered, net := make([]uint32, all), make([]bool, all), make([]bool, all)
	for i := range s.parts {
		for _, block := range s.parts[i].blocks {
			for _, c := range block {
				at := &ends[place(c)]
				customers[*at], entered[*at], net[*at] = c.customer, c.entered, c.net
				*at++
			}
		}
		s.parts[i].blocks = nil
	}
	sorted := sortedSides{units: units, ends: ends, customers: customers, entered: entered, net: net}
	reader, err := array.NewRecordReader(sidesSchema(), sorted.batches())
	if err != nil {
		return nil, fmt.Errorf("put changes into batches: %w", err)
	}
	return reader, nil
}

func sidesSchema() *arrow.Schema {
	return arrow.NewSchema([]arrow.Field{
		{Name: "point", Type: arrow.PrimitiveTypes.Int32},
		{Name: "unit", Type: arrow.PrimitiveTypes.Int32},
		{Name: "customer", Type: arrow.PrimitiveTypes.Uint32},
		{Name: "entered", Type: arrow.FixedWidthTypes.Boolean},
		{Name: "net", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
	}, nil)
}

// sortedSides are changes by place: a point and a unit each, of which is known
// where it ends.
type sortedSides struct {
	units        int
	ends         []int
	customers    []uint32
	entered, net []bool
}

func (s *sortedSides) batches() []arrow.RecordBatch {
	var batches []arrow.RecordBatch
	schema := sidesSchema()
	place := 0
	for from := 0; from < len(s.customers); from += sidesPerBatch {
		to := min(from+sidesPerBatch, len(s.customers))
		points, units := make([]int32, to-from), make([]int32, to-from)
		for i := from; i < to; i++ {
			for s.ends[place] <= i {
				place++
			}
			points[i-from], units[i-from] = int32(place/s.units), int32(place%s.units-1)
		}
		columns := []arrow.Array{
			fixedWidth(arrow.PrimitiveTypes.Int32, arrow.Int32Traits.CastToBytes(points), to-from),
			fixedWidth(arrow.PrimitiveTypes.Int32, arrow.Int32Traits.CastToBytes(units), to-from),
			fixedWidth(arrow.PrimitiveTypes.Uint32, arrow.Uint32Traits.CastToBytes(s.customers[from:to]), to-from),
			flags(s.entered[from:to]), flags(s.net[from:to]),
		}
		batches = append(batches, array.NewRecordBatch(schema, columns, int64(to-from)))
	}
	return batches
}

// fixedWidth is a column over memory of ours.
func fixedWidth(t arrow.DataType, bytes []byte, rows int) arrow.Array {
	return array.MakeFromData(array.NewData(t, rows, []*memory.Buffer{nil, memory.NewBufferBytes(bytes)}, nil, 0, 0))
}

func flags(values []bool) arrow.Array {
	b := array.NewBooleanBuilder(memory.DefaultAllocator)
	b.AppendValues(values, nil)
	return b.NewArray()
}

package check_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/catalog"
	"strata/segments/check"
)

func TestCustomerFields(t *testing.T) {
	customers := shop(t, "").Customers
	require.Equal(t, "customers", customers.Table)
	require.Same(t, customers.Fields["email_consent"], customers.Fields["consent"])
	require.Same(t, customers.Key, customers.Fields["customer_id"])
	require.Same(t, customers.Key, customers.Fields["key"])
	require.Nil(t, customers.ValidFrom)
	lat := customers.Fields["address.geo.lat"]
	require.Equal(t, &catalog.Field{
		Name: "address.geo.lat", Type: kind(catalog.Number), Column: "address", Physical: "DOUBLE", Path: []string{"geo", "lat"},
	}, lat)
	for _, untyped := range []string{"address", "address.geo", "photo", "extra"} {
		require.NotContains(t, customers.Fields, untyped)
	}
	require.Len(t, customers.Columns, 14)
}

func TestSourcesAndStreams(t *testing.T) {
	program := shop(t, "")
	var names []string
	for _, s := range program.Sources {
		names = append(names, s.Name)
	}
	require.Equal(t, []string{"customers", "events", "orders"}, names)
	orders := program.Sources[2]
	require.Equal(t, "shop", orders.Schema)
	require.Equal(t, "orders", orders.Table)
	require.Equal(t, "Europe/Berlin", orders.Zone)
	require.True(t, orders.Amount.Money)
	require.Equal(t, decimal(4), orders.Amount.Type)
	require.False(t, orders.Fields["discount"].Money)

	order, views := program.Streams[3], program.Streams[0]
	require.Equal(t, "order", order.Name)
	require.Nil(t, order.Type)
	require.Equal(t, "status not in ('cancelled', 'refunded')", check.Text(order.Where))
	require.Equal(t, "product_view", *views.Type)
	require.Nil(t, views.Where)
	require.Equal(t, catalog.At, order.Columns["ordered_at"].Derived)
	require.Equal(t, order.Columns["ordered_at"], order.Columns["at"])
	require.Equal(t, catalog.ID, order.Columns["order_id"].Derived)
	require.Equal(t, catalog.Derived(""), order.Columns["total"].Derived)
	require.Equal(t, catalog.Nth, order.Columns["nth"].Derived)
	require.Nil(t, order.Columns["nth"].Field)
	plan := views.Columns["plan"].Field
	require.Equal(t, &catalog.Field{
		Name: "plan", Type: kind(catalog.Text), Column: "properties", Physical: "JSON", Path: []string{"plan"}, JSON: true,
	}, plan)
}

// A column whose name rules cannot use works under the name it is given; a
// role keeps its meaning; upper case in the warehouse does not matter.
func TestRenamedColumns(t *testing.T) {
	fs := files("segments/a.yaml", `
segments:
  s: {where: "count(order where plan_type = 'x' and the_day > 3) ever > 0 and KEY > 5 and sum(order.amount) ever > 1"}
`)
	fs["strata.yaml"].Data = replaced(t, project, "amount: total,", `amount: Net Total, fields: {plan_type: {column: Plan Type}, the_day: {column: Day}},`)
	fs["strata.schema.yaml"].Data = replaced(t, schema, "    gift: BOOLEAN\n", "    gift: BOOLEAN\n    Plan Type: VARCHAR\n    Day: INTEGER\n    Net Total: FLOAT\n")
	program, list := load(t, fs)
	require.Empty(t, shown(t, list))
	d, _ := program.Lookup("s")
	leaves := d.(*check.Segment).Where.Leaves()
	require.Equal(t, "count(order where plan_type = 'x' and the_day > 3) ever > 0", check.Text(leaves[0].X))
	require.Equal(t, "customer_id > 5", check.Text(leaves[1].X))
	require.Equal(t, "sum(order.amount) ever > 1", check.Text(leaves[2].X))
}

// A date column can be the time of rows: at is then the start of its day, the
// column itself stays a date.
func TestDatesAsTimes(t *testing.T) {
	fs := files()
	fs["strata.schema.yaml"].Data = replaced(t, schema, "ordered_at: TIMESTAMP", "ordered_at: DATE")
	program, list := load(t, fs)
	require.NoError(t, list.Err())
	require.Equal(t, kind(catalog.Timestamp), program.Streams[3].Columns["at"].Type())
	require.Equal(t, kind(catalog.Date), program.Streams[3].Columns["ordered_at"].Type())
}

// Without any schema there is one error and nothing follows from it.
func TestNoSchema(t *testing.T) {
	fs := files("segments/a.yaml", everything)
	delete(fs, "strata.schema.yaml")
	program, list := load(t, fs)
	require.Nil(t, program)
	require.Len(t, list, 1, shown(t, list))
	require.Contains(t, list[0].Message, "customers, events and orders")
}

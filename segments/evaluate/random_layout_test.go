package evaluate_test

import (
	"fmt"
	"strings"
	"testing/fstest"
)

// columnOf is a column of a table.
type columnOf struct{ name, physical string }

// tableOf is a source: its table and what strata.yaml says of it.
type tableOf struct {
	source  string
	columns []columnOf
	mapping string
}

// layout is a project's tables, zone and key type.
type layout struct {
	zone string
	// key is the DuckDB type of customer keys.
	key string
	// time is the DuckDB type of most moments: TIMESTAMPTZ or TIMESTAMP, read
	// in sourceZone ("" is the project's).
	time, sourceZone string
	// eventAt and orderAt are the types of the rows' times.
	eventAt, orderAt string
	// id and amount are the types of the orders' id and amount.
	id, amount string
	// history says that customers have versions.
	history bool
	tables  []tableOf
	// streams is the part of strata.yaml that lists them.
	streams string
}

// plainLayout is what cases written by hand run on.
func plainLayout() layout {
	return layout{
		zone: "Europe/Berlin", key: "VARCHAR", time: "TIMESTAMPTZ", eventAt: "TIMESTAMPTZ", orderAt: "TIMESTAMPTZ",
		id: "BIGINT", amount: "DECIMAL(12,2)",
	}.described()
}

// described fills in the tables.
func (l layout) described() layout {
	l.tables, l.streams = []tableOf{l.customers(), l.events(), l.orders()}, streams
	return l
}

func (l layout) sourceLine() string {
	if l.sourceZone == "" {
		return ""
	}
	return ", zone: " + l.sourceZone
}

func (l layout) customers() tableOf {
	t := tableOf{source: "customers", columns: []columnOf{
		{"customer_id", l.key},
		{"country", "VARCHAR"},
		{"grade", "ENUM('a', 'b', 'c')"},
		{"age", "INTEGER"},
		{"balance", "DECIMAL(12,2)"},
		{"ratio", "DOUBLE"},
		{"vip", "BOOLEAN"},
		{"birth", "DATE"},
		{"renews_on", "DATE"},
		{"created_at", l.time},
		{"seen_at", l.time},
		{"tags", "VARCHAR[]"},
		{"codes", "BIGINT[]"},
		{"prefs", "STRUCT(lang VARCHAR, level INTEGER)"},
		{"props", "JSON"},
		{"odd name", "VARCHAR"},
	}, mapping: "{table: customers, key: customer_id, created_at: created_at" + l.sourceLine()}
	if l.history {
		t.columns = append(t.columns, columnOf{"valid_from", l.time}, columnOf{"valid_to", l.time})
		t.mapping += ", valid_from: valid_from, valid_to: valid_to"
	}
	t.mapping += ", fields: {plan: {path: props.plan, type: text}, seats: {path: props.seats, type: integer}, " +
		"fee: {path: props.fee, type: number}, active: {path: props.active, type: boolean}, until: {path: props.until, type: date}, " +
		"nick: {column: odd name}}}"
	return t
}

func (l layout) events() tableOf {
	return tableOf{source: "events", columns: []columnOf{
		{"event_id", "BIGINT"},
		{"customer_id", l.key},
		{"ts", l.eventAt},
		{"event_type", "VARCHAR"},
		{"item", "VARCHAR"},
		{"category", "VARCHAR"},
		{"qty", "INTEGER"},
		{"price", "DOUBLE"},
		{"flag", "BOOLEAN"},
		{"due", "DATE"},
		{"info", "STRUCT(page VARCHAR, depth INTEGER)"},
		{"props", "JSON"},
		{"loaded_at", l.time},
	}, mapping: "{table: events, customer: customer_id, at: ts, type: event_type, id: event_id, loaded_at: loaded_at" + l.sourceLine() +
		", fields: {source: {path: props.source, type: text}, points: {path: props.points, type: integer}}}"}
}

func (l layout) orders() tableOf {
	return tableOf{source: "orders", columns: []columnOf{
		{"order_id", l.id},
		{"customer_id", l.key},
		{"ordered_at", l.orderAt},
		{"amount", l.amount},
		{"status", "VARCHAR"},
		{"item", "VARCHAR"},
		{"qty", "INTEGER"},
		{"discount", "DECIMAL(8,3)"},
		{"weight", "DOUBLE"},
		{"shipped_on", "DATE"},
		{"paid_at", l.time},
		{"gift", "BOOLEAN"},
	}, mapping: "{table: orders, customer: customer_id, at: ordered_at, id: order_id, amount: amount, status: status" + l.sourceLine() + "}"}
}

// streams are the streams of every layout.
const streams = `streams:
  event: {from: events}
  view: {from: events, type: view}
  cart: {from: events, type: cart}
  visit: {from: events, where: "event_type <> 'cart' and qty is not missing"}
  purchase: {from: orders}
  order: {from: orders, where: "status not in ('cancelled', 'refunded')"}
`

// files returns the project: strata.yaml, the schema, the list and a file for
// each definition, whose text is given by its name.
func (l layout) files(definitions map[string]string) fstest.MapFS {
	var project, schema strings.Builder
	fmt.Fprintf(&project, "warehouse: warehouse.duckdb\ntimezone: %s\nsources:\n", l.zone)
	schema.WriteString("sources:\n")
	for _, t := range l.tables {
		fmt.Fprintf(&project, "  %s: %s\n", t.source, t.mapping)
		fmt.Fprintf(&schema, "  %s:\n", t.source)
		for _, c := range t.columns {
			fmt.Fprintf(&schema, "    %q: %q\n", c.name, c.physical)
		}
	}
	project.WriteString(l.streams)
	fsys := fstest.MapFS{
		"strata.yaml":        {Data: []byte(project.String())},
		"strata.schema.yaml": {Data: []byte(schema.String())},
	}
	for name, text := range definitions {
		if name == listFile {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
			continue
		}
		fsys["segments/"+name+".yaml"] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

// listFile is the file of the key list.
const listFile = "lists/chosen.csv"

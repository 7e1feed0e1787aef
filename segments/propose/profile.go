package propose

import (
	"context"
	"errors"
	"slices"
	"strings"

	"strata/segments/catalog"
	"strata/sql/dialect"
	"strata/sql/warehouse"
)

// profile is what was seen of a table.
type profile struct {
	table   warehouse.Table
	columns []*column
	// rows is how many rows the table has, -1 where that is not known.
	rows int64
}

// column is what was seen of a column.
type column struct {
	name     string
	physical string
	kind     catalog.Kind
	words    []string
	// values are those of the sampled rows in their order, as plain values; nil
	// is missing.
	values []any
}

// sampled is how many rows of a table are looked at, in up to three places.
const sampled = 2100

// look samples a table. Large tables are sampled at their start, middle and
// end, because the first rows are often the oldest.
func look(ctx context.Context, db *warehouse.DB, table warehouse.Table) (*profile, error) {
	p := &profile{table: table, rows: table.Rows}
	names := make([]string, 0, len(table.Columns))
	for _, c := range table.Columns {
		kind, _ := catalog.FromDuckDB(c.Type)
		p.columns = append(p.columns, &column{name: c.Name, physical: c.Type, kind: kind.Kind, words: split(c.Name)})
		names = append(names, readable(c))
	}
	question := "SELECT " + strings.Join(names, ", ") + " FROM " + p.relation()
	var err error
	if table.View || table.Rows <= sampled || slices.ContainsFunc(p.columns, func(c *column) bool { return strings.EqualFold(c.name, "rowid") }) {
		err = p.read(ctx, db, question+" LIMIT ?", int64(sampled))
	} else {
		const slice = sampled / 3
		for _, from := range []int64{0, table.Rows/2 - slice/2, table.Rows - slice} {
			from = max(0, from)
			err = errors.Join(err, p.read(ctx, db, question+" WHERE rowid >= ? AND rowid < ?", from, from+slice))
		}
	}
	if err != nil {
		return nil, err
	}
	if p.rows < 0 && p.sampled() < sampled {
		p.rows = int64(p.sampled())
	}
	return p, nil
}

// readable is a column as the sample reads it. Values of types that rules
// cannot use are not fetched: they can be large.
func readable(c warehouse.Column) string {
	name := dialect.Ident(c.Name)
	kind, ok := catalog.FromDuckDB(c.Type)
	switch {
	case holdsText(c.Type) || ok && kind.Kind != catalog.List:
		return "CAST(" + name + " AS " + textOr(c.Type) + ") AS " + name
	default:
		return "NULL AS " + name
	}
}

// textOr reads ENUM, UUID and JSON as text, everything else as it is.
func textOr(physical string) string {
	kind, ok := catalog.FromDuckDB(physical)
	if !ok || kind.Kind == catalog.Text {
		return "VARCHAR"
	}
	return physical
}

func holdsText(physical string) bool { return strings.EqualFold(strings.TrimSpace(physical), "JSON") }

// read adds the rows of a statement to the sample.
func (p *profile) read(ctx context.Context, db *warehouse.DB, question string, args ...any) error {
	return each(ctx, db, func(row []any) {
		for i, value := range row {
			p.columns[i].values = append(p.columns[i].values, value)
		}
	}, question, args...)
}

// each hands the rows of a statement to a function.
func each(ctx context.Context, db *warehouse.DB, take func([]any), question string, args ...any) error {
	return db.Each(ctx, func(row []any) error {
		take(row)
		return nil
	}, question, args...)
}

// sampled is the number of rows that were looked at.
func (p *profile) sampled() int {
	if len(p.columns) == 0 {
		return 0
	}
	return len(p.columns[0].values)
}

// relation is the table as statements name it.
func (p *profile) relation() string { return dialect.Qualified(p.table.Schema, p.table.Name) }

// label is the table as strata.yaml names it.
func (p *profile) label() string {
	if p.table.Schema == "main" {
		return p.table.Name
	}
	return p.table.Schema + "." + p.table.Name
}

// texts are the sampled values that are there, as text without blanks around.
func (c *column) texts() []string {
	var list []string
	for _, v := range c.values {
		if text := strings.TrimSpace(warehouse.Text(v)); v != nil && text != "" {
			list = append(list, text)
		}
	}
	return list
}

// distinct are the different sampled values in the order of their first row.
func (c *column) distinct() []string {
	seen := map[string]bool{}
	var list []string
	for _, text := range c.texts() {
		if !seen[text] {
			seen[text] = true
			list = append(list, text)
		}
	}
	return list
}

// unique reports whether no sampled value occurs twice and none is missing.
func (c *column) unique() bool {
	return len(c.values) > 0 && len(c.distinct()) == len(c.values)
}

// all reports whether every sampled value passes a test, and there is one.
func (c *column) all(test func(string) bool) bool {
	texts := c.texts()
	return len(texts) > 0 && !slices.ContainsFunc(texts, func(text string) bool { return !test(text) })
}

// share is the part of the sampled values that passes a test.
func (c *column) share(test func(string) bool) float64 {
	texts := c.texts()
	passed := 0
	for _, text := range texts {
		if test(text) {
			passed++
		}
	}
	return float64(passed) / float64(max(1, len(texts)))
}

func (c *column) numeric() bool {
	return c.kind == catalog.Integer || c.kind == catalog.Decimal || c.kind == catalog.Number
}

func (c *column) temporal() bool { return c.kind == catalog.Date || c.kind == catalog.Timestamp }

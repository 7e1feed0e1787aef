package compile

import (
	sq "github.com/Masterminds/squirrel"

	"strata/segments/calendar"
	"strata/segments/check"
)

// Evidence is a question for the rows of one customer behind a value.
type Evidence struct {
	Rows   check.Rows
	Window check.Window
	// Column is what the aggregate reads, nil for count.
	Column check.Expr
	// Key is the customer's key as text.
	Key string
	// Limit bounds the number of rows; the newest are kept.
	Limit uint64
}

// Rows returns the statement of the rows that count towards a value of one
// customer, newest first: their time, id and the column that is read. Its
// first column says how many there are in all, the second how many rows of the
// stream lie outside of the window or filter.
func (c *Compiler) Rows(e Evidence) (Statement, error) {
	b := c.builder()
	f := b.rowFrame(e.Rows)
	counted, err := f.rowConditions(e.Rows, e.Window)
	if err != nil {
		return Statement{}, err
	}
	stream, err := f.streamConditions()
	if err != nil {
		return Statement{}, err
	}
	everything := f.at().within(calendar.Rows(calendar.Window{}, b.options.AsOf, b.program.Zone))
	stream = append(stream, everything...)
	stream = append(stream, ex("CAST(? AS VARCHAR) = ?", f.rowKey(), e.Key))
	id, value := sq.Sqlizer(raw("NULL")), sq.Sqlizer(raw("NULL"))
	if source := e.Rows.Stream.Source; source.ID != nil {
		id = ex("CAST(? AS VARCHAR)", column(sourceAlias, source.ID.Column))
	}
	if e.Column != nil {
		if value, err = f.value(e.Column); err != nil {
			return Statement{}, err
		}
	}
	rows := sq.Select().
		Column(ex(`? AS "at"`, f.at().instant())).
		Column(ex("? AS id", id)).
		Column(ex("? AS ?", value, ident(valueColumn))).
		Column(ex("coalesce(?, FALSE) AS counts", allOf(counted)))
	rows = f.apply(rows).Where(allOf(stream))
	question := sq.Select("count(*) FILTER (WHERE counts) OVER () AS counted", "count(*) OVER () AS all_rows",
		`"at"`, "id", "value", "counts").
		FromSelect(rows, "r").OrderBy("counts DESC", `"at" DESC`, "id DESC").Limit(e.Limit)
	return b.statement(question)
}

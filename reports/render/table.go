package render

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Kind says what a column holds and so how its values are shown.
type Kind uint8

// The kinds of column.
const (
	// Text is shown as it is, without control characters.
	Text Kind = iota
	// Count is a whole number; people see thousands separators.
	Count
	// Number is any other number; people see separators and Column.Digits.
	Number
	// Share is a part of 1; people see percent.
	Share
	// Moment is a time.Time; people see it to the minute in its own zone.
	Moment
	// Date is a time.Time of which only the day counts.
	Date
	// Flag is a bool; people see yes and no.
	Flag
	// Nested is a list or a map; people see its parts on one line.
	Nested
	// Figure is a number that nobody adds up, such as a key or a year: people
	// see it without separators.
	Figure
)

// numeric reports whether values of the kind are numbers.
func (k Kind) numeric() bool { return k == Count || k == Number || k == Share || k == Figure }

// Align is the side on which a column's cells stand in a table.
type Align uint8

// The alignments.
const (
	// ByKind puts numbers to the right and everything else to the left.
	ByKind Align = iota
	// Left and Right put cells to that side whatever they hold.
	Left
	Right
)

// Column describes one column of a table.
type Column struct {
	// Name is the key in JSON and the header of CSV. It is a contract: it is
	// never renamed.
	Name string
	// Title is what people read above the column; Name where it is empty.
	Title string
	Kind  Kind
	Align Align
	// Digits is the number of decimal places that people see. With 0 a Number
	// is shown as it is and a Share with one place.
	Digits int
	// DataOnly keeps the column out of what people read (table, plain, tsv,
	// markdown) unless it is asked for by name.
	DataOnly bool
}

// title is what stands above the column.
func (c Column) title() string {
	if c.Title == "" {
		return c.Name
	}
	return c.Title
}

// right reports whether cells stand to the right.
func (c Column) right() bool {
	return c.Align == Right || (c.Align == ByKind && c.Kind.numeric())
}

// Meta says what a result is about. All of its keys stand in every JSON
// answer; what is not known is null.
type Meta struct {
	// AsOf is the moment that the result speaks of.
	AsOf *time.Time
	// KnownAt, where set, hides rows that were loaded later.
	KnownAt *time.Time
	// Run is the id of the snapshot that the result was read from.
	Run *int64
	// Total is the number of rows there are, shown or not; nil where nobody
	// counted them.
	Total *int64
	// Truncated says that there are more rows than are shown.
	Truncated bool
}

// Table is a result as plain values. A value is nil (unknown), a bool, an
// integer, a float64, a string, a time.Time, an exact number as text in a
// numeric column, or a list or map of such values.
type Table struct {
	// Name stands in the JSON schema id: "list" gives strata/v1/list.
	Name    string
	Columns []Column
	Rows    [][]any
	Meta    Meta
	// Record says that the table is one thing with many properties: people
	// read it from top to bottom.
	Record bool
	// More are further tables of the same answer. Aligned and Markdown show them
	// below, JSON under their names; the formats of a row a line leave them out,
	// where they would be taken for rows of the first.
	More []Table
}

// Limit keeps the first n rows and notes in Meta that there were more. With 0
// it keeps all.
func (t *Table) Limit(n int64) {
	rows := int64(len(t.Rows))
	if n <= 0 || rows <= n {
		return
	}
	if t.Meta.Total == nil {
		t.Meta.Total = &rows
	}
	t.Rows = t.Rows[:n]
	t.Meta.Truncated = true
}

// TruncationNote says in one line how many rows are missing, or is empty when
// all rows are there.
func (t *Table) TruncationNote() string {
	shown := GroupDigits(strconv.Itoa(len(t.Rows)))
	switch {
	case !t.Meta.Truncated:
		return ""
	case t.Meta.Total == nil:
		return "the first " + shown + " rows, there are more (use --limit 0)"
	default:
		return shown + " of " + GroupDigits(strconv.FormatInt(*t.Meta.Total, 10)) + " rows (use --limit 0)"
	}
}

// Pick keeps the columns of the given names, in their order, and no further
// tables, which have other names. The error names the first one that does not
// exist.
func (t *Table) Pick(names []string) error {
	places := make([]int, 0, len(names))
	for _, name := range names {
		at := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name })
		if at < 0 {
			return &UnknownFieldError{Field: name, Known: t.fields()}
		}
		places = append(places, at)
	}
	t.keep(places)
	t.More = nil
	for i := range t.Columns {
		t.Columns[i].DataOnly = false
	}
	return nil
}

// keep reduces the table to the columns at the given places.
func (t *Table) keep(places []int) {
	columns := make([]Column, 0, len(places))
	for _, at := range places {
		columns = append(columns, t.Columns[at])
	}
	rows := make([][]any, 0, len(t.Rows))
	for _, row := range t.Rows {
		kept := make([]any, 0, len(places))
		for _, at := range places {
			kept = append(kept, row[at])
		}
		rows = append(rows, kept)
	}
	t.Columns, t.Rows = columns, rows
}

// fields lists the names of all columns.
func (t *Table) fields() []string {
	names := make([]string, 0, len(t.Columns))
	for _, c := range t.Columns {
		names = append(names, c.Name)
	}
	return names
}

// forPeople returns the table without its DataOnly columns.
func (t *Table) forPeople() *Table {
	var places []int
	for i, c := range t.Columns {
		if !c.DataOnly {
			places = append(places, i)
		}
	}
	shown := *t
	shown.keep(places)
	return &shown
}

// UnknownFieldError says that a column was asked for that a table does not
// have.
type UnknownFieldError struct {
	Field string
	Known []string
}

// Error names the field.
func (e *UnknownFieldError) Error() string { return fmt.Sprintf("unknown field %q", e.Field) }

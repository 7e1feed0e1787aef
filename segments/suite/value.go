package suite

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"strata/segments/catalog"
	"strata/segments/definition"
	"strata/sql/dialect"
)

// cell is the value of a column as SQL. Texts travel as arguments and are cast
// to the column's type, so that what can be stored is what the type can hold.
type cell struct {
	sql  string
	args []any
}

// row is the given columns of a row by lower-case name.
type row map[string]cell

// draft is a row whose parts are being collected.
type draft struct {
	clock  clock
	source *catalog.Source
	cells  row
	// parts are the given parts of STRUCT columns, documents those of JSON
	// columns, by the column's lower-case name.
	parts     map[string]*part
	documents map[string]map[string]any
}

// part is a value inside of a STRUCT, or the parts below it.
type part struct {
	cell  *cell
	parts map[string]*part
}

func newDraft(c clock, s *catalog.Source) *draft {
	return &draft{clock: c, source: s, cells: row{}, parts: map[string]*part{}, documents: map[string]map[string]any{}}
}

// errTwice says that one column was given under two names.
var errTwice = errors.New("is given twice, by its own name and by its role")

// give sets what a test writes for a field.
func (d *draft) give(v definition.Value) error {
	f, ok := d.source.Field(strings.ToLower(v.Name.Name))
	if !ok {
		return fmt.Errorf("%s has no column %s", d.source.Name, v.Name.Name)
	}
	if err := d.set(f, v); err != nil {
		return fmt.Errorf("%s: %w", v.Name.Name, err)
	}
	return nil
}

func (d *draft) set(f *catalog.Field, v definition.Value) error {
	key := strings.ToLower(f.Column)
	if _, whole := d.cells[key]; whole {
		return errTwice
	}
	switch {
	case f.JSON:
		value, err := d.document(f, v)
		if err != nil {
			return err
		}
		if d.documents[key] == nil {
			d.documents[key] = map[string]any{}
		}
		return place(d.documents[key], f.Path, value)
	case len(f.Path) > 0:
		c, err := d.cell(f, v)
		if err != nil {
			return err
		}
		if d.parts[key] == nil {
			d.parts[key] = &part{}
		}
		return d.parts[key].place(f.Path, c)
	case d.parts[key] != nil || d.documents[key] != nil:
		return errTwice
	}
	c, err := d.cell(f, v)
	if err != nil {
		return err
	}
	d.cells[key] = c
	return nil
}

// has reports whether a field has a value, be it a missing one.
func (d *draft) has(f *catalog.Field) bool {
	key := strings.ToLower(f.Column)
	_, ok := d.cells[key]
	return ok || d.parts[key] != nil || d.documents[key] != nil
}

// text sets a field that a test left open.
func (d *draft) text(f *catalog.Field, value string) {
	if f != nil && !d.has(f) && len(f.Path) == 0 {
		d.cells[strings.ToLower(f.Column)] = cast(value, f.Physical)
	}
}

func cast(value, physical string) cell {
	return cell{sql: "CAST(? AS " + physical + ")", args: []any{value}}
}

// cell is a whole column's value, or that of a part of a STRUCT.
func (d *draft) cell(f *catalog.Field, v definition.Value) (cell, error) {
	if v.IsList {
		return listCell(f, v.List), nil
	}
	if v.Scalar.Null {
		return cell{sql: "NULL"}, nil
	}
	if f.Type.Temporal() {
		text, err := d.clock.column(v.Scalar, f, d.source)
		return cast(text, f.Physical), err
	}
	if f.Type.Kind == catalog.Decimal && !f.Money {
		if err := fitsScale(v.Scalar.Value, f.Type.Scale, f.Physical); err != nil {
			return cell{}, err
		}
	}
	return cast(v.Scalar.Value, f.Physical), nil
}

// fitsScale refuses digits that the column would round away: the test would
// speak of another number than its author.
func fitsScale(text string, scale int, physical string) error {
	_, fraction, _ := strings.Cut(text, ".")
	if fraction = strings.TrimRight(fraction, "0"); len(fraction) > scale {
		return fmt.Errorf("%s does not fit %s", text, physical)
	}
	return nil
}

func listCell(f *catalog.Field, items []definition.Scalar) cell {
	list := cell{}
	places := make([]string, len(items))
	for i, item := range items {
		places[i] = "NULL"
		if !item.Null {
			places[i] = "CAST(? AS VARCHAR)"
			list.args = append(list.args, item.Value)
		}
	}
	list.sql = "CAST([" + strings.Join(places, ", ") + "] AS " + f.Physical + ")"
	return list
}

// document is a value as it stands in JSON.
func (d *draft) document(f *catalog.Field, v definition.Value) (any, error) {
	if v.IsList {
		items := make([]any, len(v.List))
		for i, item := range v.List {
			if !item.Null {
				items[i] = item.Value
			}
		}
		return items, nil
	}
	text := v.Scalar.Value
	switch {
	case v.Scalar.Null:
		return nil, nil
	case f.Type.Temporal():
		return d.clock.column(v.Scalar, f, d.source)
	case f.Type.Numeric() && json.Valid([]byte(text)):
		return json.Number(text), nil
	case f.Type.Kind == catalog.Boolean:
		return text == "true", nil
	}
	return text, nil
}

// place sets a value inside of a document.
func place(document map[string]any, path []string, value any) error {
	for _, step := range path[:len(path)-1] {
		inner, ok := document[step].(map[string]any)
		if !ok {
			if _, taken := document[step]; taken {
				return errTwice
			}
			inner = map[string]any{}
			document[step] = inner
		}
		document = inner
	}
	last := path[len(path)-1]
	if _, taken := document[last]; taken {
		return errTwice
	}
	document[last] = value
	return nil
}

// place sets a value inside of a STRUCT.
func (p *part) place(path []string, c cell) error {
	for _, step := range path {
		if p.cell != nil {
			return errTwice
		}
		if p.parts == nil {
			p.parts = map[string]*part{}
		}
		if p.parts[step] == nil {
			p.parts[step] = &part{}
		}
		p = p.parts[step]
	}
	if p.cell != nil || p.parts != nil {
		return errTwice
	}
	p.cell = &c
	return nil
}

// sql is the STRUCT of a type with the parts that are given.
func (p *part) sql(physical string) cell {
	if p != nil && p.cell != nil {
		return *p.cell
	}
	fields, ok := catalog.StructParts(physical)
	if p == nil || !ok {
		return cell{sql: "CAST(NULL AS " + physical + ")"}
	}
	var made cell
	items := make([]string, 0, len(fields))
	for _, f := range fields {
		inner := p.parts[f.Name].sql(f.Physical)
		items = append(items, dialect.Ident(f.Name)+" := "+inner.sql)
		made.args = append(made.args, inner.args...)
	}
	made.sql = "CAST(struct_pack(" + strings.Join(items, ", ") + ") AS " + physical + ")"
	return made
}

// row finishes the draft.
func (d *draft) row() (row, error) {
	for _, column := range d.source.Columns {
		key := strings.ToLower(column.Name)
		if p := d.parts[key]; p != nil {
			d.cells[key] = p.sql(column.Physical)
		}
		if document := d.documents[key]; document != nil {
			text, err := json.Marshal(document)
			if err != nil {
				return nil, fmt.Errorf("write %s: %w", column.Name, err)
			}
			d.cells[key] = cast(string(text), column.Physical)
		}
	}
	return d.cells, nil
}

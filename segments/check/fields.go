package check

import (
	"slices"
	"strings"

	"strata/segments/catalog"
	"strata/segments/definition"
)

// declaredTypes are the words fields: gives types in.
var declaredTypes = map[string]catalog.Type{
	"text": {Kind: catalog.Text}, "number": {Kind: catalog.Number}, "integer": {Kind: catalog.Integer},
	"decimal": {Kind: catalog.Decimal, Scale: 4}, "boolean": {Kind: catalog.Boolean},
	"date": {Kind: catalog.Date}, "timestamp": {Kind: catalog.Timestamp},
	"list": {Kind: catalog.List, Elem: catalog.Text},
}

// declaredField adds an entry of fields: a renamed column, or a part of a JSON
// or STRUCT column.
func (c *checker) declaredField(d *definition.Field, s *catalog.Source, whole map[string]*catalog.Field) {
	name := strings.ToLower(d.Name.Name)
	if catalog.ReservedColumn(name) || s.Name != definition.CustomersSource && catalog.DerivedName(name) {
		c.fail(d.Name.At, reservedColumn(d.Name.Name, s.Name))
		return
	}
	if _, taken := s.Fields[name]; taken {
		c.fail(d.Name.At, fieldTaken(d.Name.Name, s.Name))
		return
	}
	f := c.partOf(d, s, whole)
	if f == nil {
		return
	}
	f.Name = name
	s.Fields[name] = f
	if !f.JSON {
		addParts(s, f, f.Physical)
	}
}

// partOf finds the column or part that an entry of fields: speaks of.
func (c *checker) partOf(d *definition.Field, s *catalog.Source, whole map[string]*catalog.Field) *catalog.Field {
	from, path := d.Column, []string(nil)
	column := from.Value
	if d.Path.Value != "" {
		from = d.Path
		steps := strings.Split(d.Path.Value, ".")
		column, path = steps[0], steps[1:]
	}
	f, ok := whole[strings.ToLower(column)]
	if !ok {
		c.fail(from.At(), unknownColumn(column, s.Name, columnNames(s)))
		return nil
	}
	if len(path) == 0 {
		// The same field is kept, so that a role that maps the column means it too.
		return c.declaredType(d, f)
	}
	physical := f.Physical
	for i, step := range path {
		parts, isStruct := catalog.StructParts(physical)
		if !isStruct {
			if i > 0 || !holdsJSON(physical) {
				c.fail(from.At(), noParts(strings.Join(slices.Concat([]string{column}, path[:i]), "."), physical))
				return nil
			}
			return c.jsonField(d, f, path)
		}
		next, found := partNamed(parts, step)
		if !found {
			c.fail(from.At(), unknownPart(step, column, partNames(parts)))
			return nil
		}
		path[i], physical = next.Name, next.Physical
	}
	t, _ := catalog.FromDuckDB(physical)
	return c.declaredType(d, &catalog.Field{Type: t, Column: f.Column, Physical: physical, Path: path})
}

// declaredType holds the type that was written against the column's own.
func (c *checker) declaredType(d *definition.Field, f *catalog.Field) *catalog.Field {
	if d.Type.Value == "" {
		return f
	}
	t, ok := declaredTypes[strings.ToLower(d.Type.Value)]
	if !ok {
		c.fail(d.Type.At(), unknownType(d.Type.Value, sortedKeys(declaredTypes)))
		return f
	}
	if t.Kind != f.Type.Kind && (!t.Numeric() || !f.Type.Numeric()) {
		c.fail(d.Type.At(), otherType(d.Type.Value, f))
	}
	return f
}

// jsonField is a value inside of JSON text.
func (c *checker) jsonField(d *definition.Field, f *catalog.Field, path []string) *catalog.Field {
	t, ok := declaredTypes[strings.ToLower(d.Type.Value)]
	if !ok {
		c.fail(d.Type.At(), unknownType(d.Type.Value, sortedKeys(declaredTypes)))
		return nil
	}
	return &catalog.Field{Type: t, Column: f.Column, Physical: f.Physical, Path: path, JSON: true}
}

func holdsJSON(physical string) bool {
	p := strings.ToUpper(strings.TrimSpace(physical))
	return p == "JSON" || p == "VARCHAR" || p == "TEXT"
}

func partNamed(parts []catalog.Column, name string) (catalog.Column, bool) {
	for _, part := range parts {
		if strings.EqualFold(part.Name, name) {
			return part, true
		}
	}
	return catalog.Column{}, false
}

func partNames(parts []catalog.Column) []string {
	list := make([]string, 0, len(parts))
	for _, part := range parts {
		list = append(list, part.Name)
	}
	return list
}

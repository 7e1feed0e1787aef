package check

import (
	"slices"
	"strings"

	"strata/segments/catalog"
	"strata/segments/definition"
)

// role says what a mapped column must be and where it is kept.
type role struct {
	name string
	// takes reports whether a column of the type can have the role; want says
	// in words which can.
	takes func(catalog.Type) bool
	want  string
	keep  func(*catalog.Source, *catalog.Field)
}

func keyLike(t catalog.Type) bool  { return t.Kind == catalog.Integer || t.Kind == catalog.Text }
func textLike(t catalog.Type) bool { return t.Kind == catalog.Text }
func anyScalar(t catalog.Type) bool {
	return t.Kind != catalog.List && t.Kind != catalog.Invalid
}

// roles are the mapped columns of all sources.
var roles = []role{
	{"key", keyLike, "a whole number, a text or a UUID", func(s *catalog.Source, f *catalog.Field) { s.Key = f }},
	{"customer", keyLike, "a whole number, a text or a UUID", func(s *catalog.Source, f *catalog.Field) { s.Key = f }},
	{"at", catalog.Type.Temporal, "a date or timestamp", func(s *catalog.Source, f *catalog.Field) { s.At = f }},
	{"id", anyScalar, "a number, text, date or timestamp", func(s *catalog.Source, f *catalog.Field) { s.ID = f }},
	{"type", textLike, "a text", func(s *catalog.Source, f *catalog.Field) { s.Kind = f }},
	{"amount", catalog.Type.Numeric, "a number", func(s *catalog.Source, f *catalog.Field) { s.Amount = f }},
	{"status", anyScalar, "a text, number or boolean", func(s *catalog.Source, f *catalog.Field) { s.Status = f }},
	{"email", textLike, "a text", func(s *catalog.Source, f *catalog.Field) { s.Email = f }},
	{"phone", keyLike, "a text or a whole number", func(s *catalog.Source, f *catalog.Field) { s.Phone = f }},
	{"consent", anyScalar, "a text, number or boolean", func(s *catalog.Source, f *catalog.Field) { s.Consent = f }},
	{"created_at", catalog.Type.Temporal, "a date or timestamp", func(s *catalog.Source, f *catalog.Field) { s.CreatedAt = f }},
	{"loaded_at", catalog.Type.Temporal, "a date or timestamp", func(s *catalog.Source, f *catalog.Field) { s.LoadedAt = f }},
	{"valid_from", catalog.Type.Temporal, "a date or timestamp", func(s *catalog.Source, f *catalog.Field) { s.ValidFrom = f }},
	{"valid_to", catalog.Type.Temporal, "a date or timestamp", func(s *catalog.Source, f *catalog.Field) { s.ValidTo = f }},
}

// source fills the fields and roles of a source whose columns are known.
func (c *checker) source(d *definition.Source, s *catalog.Source) {
	whole := map[string]*catalog.Field{}
	renamed := renamedColumns(d)
	for _, column := range s.Columns {
		lower := strings.ToLower(column.Name)
		t, _ := catalog.FromDuckDB(column.Physical)
		f := &catalog.Field{Name: lower, Type: t, Column: column.Name, Physical: column.Physical}
		whole[lower] = f
		if renamed[lower] || !catalog.IsWord(column.Name) {
			continue
		}
		if t.Kind != catalog.Invalid {
			s.Fields[lower] = f
		}
		addParts(s, f, column.Physical)
	}
	for _, field := range d.Fields {
		c.declaredField(field, s, whole)
	}
	for _, r := range d.Roles {
		c.mapRole(r, s, whole)
	}
}

// renamedColumns are the columns that fields: gives another name.
func renamedColumns(d *definition.Source) map[string]bool {
	renamed := map[string]bool{}
	for _, field := range d.Fields {
		if field.Column.Value != "" {
			renamed[strings.ToLower(field.Column.Value)] = true
		}
	}
	return renamed
}

// addParts makes the parts of a STRUCT column nameable.
func addParts(s *catalog.Source, f *catalog.Field, physical string) {
	parts, ok := catalog.StructParts(physical)
	if !ok {
		return
	}
	for _, part := range parts {
		if !catalog.IsWord(part.Name) {
			continue
		}
		t, usable := catalog.FromDuckDB(part.Physical)
		path := slices.Concat(f.Path, []string{part.Name})
		child := &catalog.Field{Name: f.Name + "." + strings.ToLower(part.Name), Type: t, Column: f.Column, Physical: part.Physical, Path: path}
		if usable {
			s.Fields[child.Name] = child
		}
		addParts(s, child, part.Physical)
	}
}

// mapRole gives a column its role.
func (c *checker) mapRole(r definition.Role, s *catalog.Source, whole map[string]*catalog.Field) {
	i := slices.IndexFunc(roles, func(known role) bool { return known.name == r.Name.Name })
	if i < 0 || r.Column.Value == "" {
		return
	}
	lower := strings.ToLower(r.Column.Value)
	f, ok := whole[lower]
	if named, declared := s.Fields[lower]; declared {
		f, ok = named, true
	}
	if !ok {
		c.fail(r.Column.At(), unknownColumn(r.Column.Value, s.Name, columnNames(s)))
		return
	}
	if !roles[i].takes(f.Type) {
		c.fail(r.Column.At(), roleType(r.Name.Name, roles[i].want, f))
		c.unfit(r.Name.Name, roles[i], s, f)
		return
	}
	if r.Name.Name == "amount" && f.Type.Kind == catalog.Number {
		f.Money, f.Type = true, catalog.Type{Kind: catalog.Decimal, Scale: 4}
	}
	if !catalog.IsWord(f.Column) && f.Name == lower {
		f.Name = r.Name.Name
	}
	roles[i].keep(s, f)
	if other, taken := s.Fields[r.Name.Name]; taken && other != f {
		c.fail(r.Name.At, roleTaken(r.Name.Name, r.Column.Value, s.Name))
		return
	}
	s.Fields[r.Name.Name] = f
}

// unfit keeps a column of the wrong type under its role all the same, without
// a type, so that rules that use the role are not reported as well.
func (c *checker) unfit(name string, r role, s *catalog.Source, f *catalog.Field) {
	untyped := *f
	untyped.Type = catalog.Type{}
	r.keep(s, &untyped)
	if _, taken := s.Fields[name]; !taken {
		s.Fields[name] = &untyped
	}
}

func columnNames(s *catalog.Source) []string {
	list := make([]string, 0, len(s.Columns))
	for _, column := range s.Columns {
		list = append(list, column.Name)
	}
	return list
}

// reservedColumns reports columns of a stream's source whose name means
// something else in a rule.
func (c *checker) reservedColumns(s *catalog.Source) {
	d := c.definitionOf(s)
	renamed := renamedColumns(d)
	for _, column := range s.Columns {
		lower := strings.ToLower(column.Name)
		if renamed[lower] || !c.means(lower, s) {
			continue
		}
		c.fail(d.Name.At, reservedColumn(column.Name, s.Name))
	}
}

// customerColumns does the same for the customers, whose rows have no derived
// values.
func (c *checker) customerColumns() {
	if c.open[c.customers] || c.sources[definition.CustomersSource] == nil {
		return
	}
	d := c.definitionOf(c.customers)
	renamed := renamedColumns(d)
	for _, column := range c.customers.Columns {
		if !renamed[strings.ToLower(column.Name)] && catalog.ReservedColumn(column.Name) {
			c.fail(d.Name.At, reservedColumn(column.Name, c.customers.Name))
		}
	}
}

// means reports whether a column's name would be read as something else. A
// role of that name that maps another column was reported already.
func (c *checker) means(lower string, s *catalog.Source) bool {
	if catalog.ReservedColumn(lower) {
		return true
	}
	if !catalog.DerivedName(lower) {
		return false
	}
	mapped := map[string]*catalog.Field{string(catalog.At): s.At, string(catalog.ID): s.ID}
	return mapped[lower] == nil
}

func (c *checker) definitionOf(s *catalog.Source) *definition.Source {
	for _, d := range c.set.Project.Sources {
		if d.Name.Name == s.Name {
			return d
		}
	}
	return &definition.Source{}
}

package check

import (
	"strings"
	"time"

	"strata/segments/catalog"
	"strata/segments/definition"
	"strata/segments/rule"
	"strata/segments/source"
)

// project reads the zone and describes the sources.
func (c *checker) project() {
	project := c.set.Project
	if name := project.Zone.Value; name != "" {
		// An unknown zone was reported when the file was read.
		if zone, err := time.LoadLocation(name); err == nil {
			c.zone, c.zoneName = zone, name
		}
	}
	var unread []string
	first := source.Span{}
	for _, s := range project.Sources {
		built := &catalog.Source{Name: s.Name.Name, Fields: map[string]*catalog.Field{}, AppendOnly: s.AppendOnly, Zone: c.sourceZone(s)}
		built.Schema, built.Table, built.Query = relation(s)
		c.sources[s.Name.Name] = built
		if s.Name.Name == definition.CustomersSource {
			c.customers = built
		}
		columns, ok := c.schemaOf(s.Name.Name)
		if !ok {
			c.open[built] = true
			unread = append(unread, s.Name.Name)
			if first.IsZero() {
				first = s.Name.At
			}
			continue
		}
		for _, column := range columns {
			built.Columns = append(built.Columns, catalog.Column{Name: column.Name, Physical: column.Type})
		}
		c.source(s, built)
	}
	if len(unread) > 0 {
		c.fail(first, noSchema(unread))
	}
	c.keyTypes()
}

// schemaOf returns the known columns of a source.
func (c *checker) schemaOf(name string) ([]definition.Column, bool) {
	if c.set.Schema == nil {
		return nil, false
	}
	columns, ok := c.set.Schema.Sources[name]
	return columns, ok && len(columns) > 0
}

func (c *checker) sourceZone(s *definition.Source) string {
	if s.Zone.Value == "" {
		return c.zoneName
	}
	return s.Zone.Value
}

// relation splits "schema.table".
func relation(s *definition.Source) (schema, table, query string) {
	if s.Query.Value != "" {
		return "", "", s.Query.Value
	}
	if before, after, ok := strings.Cut(s.Table.Value, "."); ok {
		return before, after, ""
	}
	return "", s.Table.Value, ""
}

// keyTypes demands that rows name customers by the type of the customers' key.
func (c *checker) keyTypes() {
	key := c.customers.Key
	for _, s := range c.set.Project.Sources {
		built := c.sources[s.Name.Name]
		if key == nil || built == c.customers || built.Key == nil || built.Key.Type.Kind == key.Type.Kind {
			continue
		}
		if built.Key.Type.Kind == catalog.Invalid || key.Type.Kind == catalog.Invalid {
			continue
		}
		role, _ := s.Role("customer")
		c.fail(role.Column.At(), keysDiffer(built.Key.Type, key.Type))
	}
}

// streams describes the streams and checks their filters.
func (c *checker) streams() {
	read := map[*catalog.Source]bool{}
	for _, d := range c.set.Project.Streams {
		stream := &Stream{Name: d.Name.Name}
		c.names.streams[strings.ToLower(d.Name.Name)] = stream
		c.built.Streams = append(c.built.Streams, stream)
		built, ok := c.sources[d.From.Value]
		switch {
		case !ok:
			if d.From.Value != "" { // Else it could not be read, which was reported.
				c.fail(d.From.At(), unknownSource(d.From.Value, sortedKeys(c.sources)))
			}
			stream.Source = &catalog.Source{}
			stream.Columns = streamColumns(stream.Source)
			c.open[stream.Source] = true
			continue
		case built == c.customers:
			c.fail(d.From.At(), streamOfCustomers())
		}
		stream.Source = built
		if !read[built] {
			read[built] = true
			c.reservedColumns(built)
		}
		c.streamType(d, stream)
		stream.Columns = streamColumns(built)
	}
	for _, d := range c.set.Project.Streams {
		stream := c.names.streams[strings.ToLower(d.Name.Name)]
		if d.Where == nil {
			continue
		}
		where := c.test(d.Where, &scope{stream: stream, bare: true})
		stream.Where = where
	}
	c.customerColumns()
}

func (c *checker) streamType(d *definition.Stream, stream *Stream) {
	if d.Type.Value == "" {
		return
	}
	value := d.Type.Value
	stream.Type = &value
	if stream.Source.Kind == nil && !c.open[stream.Source] {
		c.fail(d.Type.At(), typeNotMapped(stream.Source.Name))
	}
}

// streamColumns lists what rules can name on rows of a source.
func streamColumns(s *catalog.Source) map[string]*Column {
	columns := map[string]*Column{}
	for name, f := range s.Fields {
		if catalog.DerivedName(name) {
			continue
		}
		column := &Column{node: node{T: f.Type}, Field: f}
		switch {
		case f == s.At && f.Type.Kind == catalog.Timestamp:
			column.Derived = catalog.At
		case f == s.ID:
			column.Derived = catalog.ID
		}
		columns[name] = column
	}
	for _, name := range catalog.DerivedNames {
		column := &Column{node: node{T: catalog.DerivedTypes[name]}, Derived: name}
		switch {
		case name == catalog.At:
			column.Field = s.At
		case name == catalog.ID && s.ID == nil:
			continue
		case name == catalog.ID:
			column.Field, column.T = s.ID, s.ID.Type
		}
		columns[string(name)] = column
	}
	return columns
}

// params types the constants.
func (c *checker) params() {
	for _, d := range c.set.Params {
		p := Param{Name: d.Name.Name, IsList: d.IsList}
		if p.Name == asOfParam {
			c.fail(d.Name.At, nameShadows(p.Name, "the moment that SQL reads as $as_of"))
		}
		for _, value := range d.Values {
			x, ok := c.constant(value)
			if !ok {
				continue
			}
			if len(p.Values) == 0 {
				p.Type = x.T
			} else if common, ok := commonType(p.Type, x.T); ok {
				p.Type = common
			} else {
				c.fail(x.At, mixedParam(d.Name.Name, p.Type, x.T))
				continue
			}
			p.Values = append(p.Values, x)
		}
		c.names.params[d.Name.Name] = p
	}
}

// constant types a literal of a param, of points and caps: a number, possibly
// negated, a text, a date, true or false, or a param.
func (c *checker) constant(e rule.Expr) (*Const, bool) {
	if e == nil {
		return nil, false
	}
	x, ok := c.value(e, &scope{}).(*Const)
	return x, ok && !isBad(x)
}

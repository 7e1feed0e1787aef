package check

import (
	"slices"
	"strings"

	"strata/segments/catalog"
	"strata/segments/rule"
	"strata/segments/source"
)

// customerWord is how a where of rows speaks of the customer.
const customerWord = "customer"

// name types a bare or dotted name.
func (c *checker) name(n *rule.Name, s *scope) Expr {
	if len(n.Parts) == 0 {
		return bad(n.Span())
	}
	if s.stream != nil {
		return c.rowName(n, s)
	}
	x := c.customerName(n.Parts, s)
	if n.AsOf != nil {
		return c.asOf(n, x)
	}
	return x
}

func dotted(parts []rule.Ident) string {
	words := make([]string, 0, len(parts))
	for _, p := range parts {
		words = append(words, p.Name)
	}
	return strings.ToLower(strings.Join(words, "."))
}

func spanOf(parts []rule.Ident) source.Span {
	return parts[0].At.To(parts[len(parts)-1].At)
}

// rowName types a name inside a where of rows.
func (c *checker) rowName(n *rule.Name, s *scope) Expr {
	first := strings.ToLower(n.Parts[0].Name)
	if first == customerWord && len(n.Parts) > 1 {
		if s.bare {
			return c.fail(n.Span(), customerInStream())
		}
		x := c.customerName(n.Parts[1:], s.outside())
		if n.AsOf != nil {
			x = c.asOf(n, x)
		}
		if isBad(x) {
			return x
		}
		return &CustomerValue{node: node{T: x.Type(), At: n.Span()}, X: x}
	}
	if n.AsOf != nil {
		return c.fail(n.AsOf.At, columnAsOf())
	}
	return c.column(n.Parts, s)
}

// column types the name of a column of the row.
func (c *checker) column(parts []rule.Ident, s *scope) Expr {
	name, at := dotted(parts), spanOf(parts)
	if column, ok := s.stream.Columns[name]; ok {
		if s.bare && column.Derived.Ordinal() {
			return c.fail(at, orderInStream(string(column.Derived)))
		}
		found := *column
		found.At = at
		return &found
	}
	if c.open[s.stream.Source] {
		return bad(at)
	}
	return c.fail(at, c.noColumn(name, s))
}

// noColumn says why a name is not a column and what may have been meant.
func (c *checker) noColumn(name string, s *scope) problem {
	columns := sortedKeys(s.stream.Columns)
	if rest, ok := strings.CutPrefix(name, strings.ToLower(s.stream.Name)+"."); ok && s.stream.Columns[rest] != nil {
		return streamInWhere(s.stream.Name, rest)
	}
	if hint := source.DidYouMean(name, columns); hint != "" {
		return unknownRowColumn(name, s.stream.Name, hint)
	}
	_, isField := c.customers.Fields[name]
	_, isDefinition := c.names.definitions[name]
	if (isField || isDefinition) && !s.bare {
		return unknownRowColumn(name, s.stream.Name, "a value of the customer is written `customer."+name+"`")
	}
	if reason, ok := unusable(s.stream.Source, name); ok {
		return unusableColumn(name, reason)
	}
	hint := "its columns are " + source.Enumerate(columns)
	if s.compared {
		hint = textHint(name)
	}
	return unknownRowColumn(name, s.stream.Name, hint)
}

// customerName types the name of a field or definition.
func (c *checker) customerName(parts []rule.Ident, s *scope) Expr {
	name, at := dotted(parts), spanOf(parts)
	if f, ok := c.customers.Fields[name]; ok {
		return &Field{node: node{T: f.Type, At: at}, Field: f}
	}
	if d, ok := c.names.definitions[name]; ok {
		s.needs.add(d)
		return &Ref{node: node{T: d.Type(), At: at}, Target: d}
	}
	if len(parts) > 1 {
		return c.noDotted(parts)
	}
	if _, ok := c.gates[name]; ok {
		return c.fail(at, gateInRule(name))
	}
	if _, ok := c.names.streams[name]; ok {
		return c.fail(at, streamAsValue(name))
	}
	if c.open[c.customers] {
		return bad(at)
	}
	return c.fail(at, c.noName(parts[0].Name, s))
}

// noDotted reports a dotted name that is none.
func (c *checker) noDotted(parts []rule.Ident) Expr {
	name, at := dotted(parts), spanOf(parts)
	first := strings.ToLower(parts[0].Name)
	if first == customerWord {
		return c.fail(at, customerPrefix(dotted(parts[1:])))
	}
	if stream, ok := c.names.streams[first]; ok {
		rest := dotted(parts[1:])
		if column := stream.Columns[rest]; column != nil {
			return c.fail(at, columnOutside(name, column.T))
		}
		return c.fail(at, unknownRowColumn(rest, stream.Name, meantOr(rest, "its columns are", sortedKeys(stream.Columns))))
	}
	if c.open[c.customers] {
		return bad(at)
	}
	if hint := source.DidYouMean(name, sortedKeys(c.customers.Fields)); hint != "" {
		return c.fail(at, unknownName(name, hint))
	}
	return c.fail(at, unknownName(name, "dotted names are the parts of a STRUCT column, or `customer.` and a field inside a where of rows"))
}

// noName says that a name is not known and what may have been meant.
func (c *checker) noName(written string, s *scope) problem {
	name := strings.ToLower(written)
	if hint := source.DidYouMean(name, c.inScope()); hint != "" {
		return unknownName(written, hint)
	}
	if reason, ok := unusable(c.customers, name); ok {
		return unusableColumn(name, reason)
	}
	if _, ok := c.names.params[name]; ok {
		return unknownName(written, "a param is written with its dollar sign: `$"+name+"`")
	}
	for _, d := range c.names.definitions {
		if p, ok := d.(*Partition); ok && p.hasStage(name) {
			return unknownName(written, "write `"+p.DefinitionName()+" = '"+name+"'` for the customers of that stage")
		}
	}
	if s.compared {
		return unknownName(written, textHint(written))
	}
	return unknownName(written, "names are those of customer fields, traits, segments, partitions and lists")
}

// inScope are the names a rule can use for a customer.
func (c *checker) inScope() []string {
	list := sortedKeys(c.customers.Fields)
	list = append(list, sortedKeys(c.names.definitions)...)
	list = append(list, sortedKeys(c.names.streams)...)
	return append(list, rule.Calls()...)
}

// unusable tells why a column that exists has no name in rules.
func unusable(s *catalog.Source, name string) (reason string, ok bool) {
	for _, column := range s.Columns {
		if !strings.EqualFold(column.Name, name) {
			continue
		}
		if _, isStruct := catalog.StructParts(column.Physical); isStruct {
			return "it is a STRUCT; its parts are " + source.Enumerate(partsBelow(s, name)), true
		}
		if strings.EqualFold(column.Physical, "JSON") {
			return "it is JSON: give its parts names and types under `fields:`", true
		}
		if _, usable := catalog.FromDuckDB(column.Physical); usable {
			return "it has another name under `fields:`", true
		}
		return "rules cannot use values of type " + column.Physical, true
	}
	return "", false
}

// partsBelow are the fields that are parts of a STRUCT column.
func partsBelow(s *catalog.Source, name string) []string {
	return slices.DeleteFunc(sortedKeys(s.Fields), func(field string) bool {
		return !strings.HasPrefix(field, name+".")
	})
}

package check

import (
	"slices"
	"strings"
	"time"

	"strata/segments/catalog"
	"strata/segments/definition"
	"strata/segments/rule"
	"strata/segments/source"
)

// inlineTests checks that tests speak of sources, columns, leaves and stages
// that exist, and that values fit their columns.
func (c *checker) inlineTests() {
	for _, d := range c.set.Traits {
		for _, t := range d.Tests {
			c.inlineTest(t, "trait")
			c.expectedValue(t, c.names.definitions[d.Name.Name])
		}
	}
	for _, d := range c.set.Segments {
		for _, t := range d.Tests {
			c.inlineTest(t, "segment")
			c.failingLeaves(t, d)
		}
	}
	for _, d := range c.set.Partitions {
		p, ok := c.names.definitions[d.Name.Name].(*Partition)
		for _, t := range d.Tests {
			c.inlineTest(t, "partition")
			if ok && t.Expect.Stage != nil {
				c.stageNamed(*t.Expect.Stage, p)
			}
		}
	}
}

func (c *checker) inlineTest(t *definition.Test, kind string) {
	c.given(t.Customer, c.customers)
	for _, row := range t.Rows {
		s, ok := c.sources[row.Source.Name]
		if !ok || s == c.customers {
			c.fail(row.Source.At, c.noTestSource(row.Source.Name))
			continue
		}
		c.given(row.Values, s)
	}
	e := t.Expect
	allowed := map[string]bool{
		"member": kind == "segment", "contactable": kind != "trait", "failing": kind == "segment",
		"stage": kind == "partition", "value": kind == "trait",
	}
	given := map[string]bool{
		"member": e.Member != nil, "contactable": e.Contactable != nil, "failing": e.Failing != nil,
		"stage": e.Stage != nil, "value": e.Value != nil || e.Missing,
	}
	for _, what := range sortedKeys(given) {
		if given[what] && !allowed[what] {
			c.fail(e.At, testExpect(what, kind))
		}
	}
}

// noTestSource says why rows cannot be given under a name.
func (c *checker) noTestSource(name string) problem {
	if stream, ok := c.names.streams[name]; ok {
		return testStream(name, stream.Source.Name)
	}
	sources := sortedKeys(c.sources)
	for i, s := range sources {
		if s == definition.CustomersSource {
			sources[i] = customerWord
		}
	}
	return testSource(name, sources)
}

// given checks the values of one row or customer.
func (c *checker) given(values []definition.Value, s *catalog.Source) {
	for _, v := range values {
		f, ok := s.Fields[strings.ToLower(v.Name.Name)]
		if !ok {
			if !c.open[s] {
				c.fail(v.Name.At, testField(v.Name.Name, s.Name, sortedKeys(s.Fields)))
			}
			continue
		}
		if v.IsList != (f.Type.Kind == catalog.List) && !v.Scalar.Null {
			c.fail(v.Name.At, testValue(v.Name.Name, article(f.Type), v.Scalar.Value))
			continue
		}
		for _, item := range v.List {
			c.fits(v.Name.Name, item, catalog.Type{Kind: f.Type.Elem})
		}
		if !v.IsList {
			c.fits(v.Name.Name, v.Scalar, f.Type)
		}
	}
}

// fits checks that a scalar can be a value of a type.
func (c *checker) fits(name string, s definition.Scalar, t catalog.Type) {
	if !s.Null && !readable(s, t) {
		c.fail(s.At(), testValue(name, article(t), s.Value))
	}
}

// readable reports whether a scalar of a test reads as a type. Times may be
// offsets from the test's as-of, such as -1 day.
func readable(s definition.Scalar, t catalog.Type) bool {
	switch t.Kind {
	case catalog.Integer:
		return looksLikeNumber(s.Value) && !strings.Contains(s.Value, ".")
	case catalog.Decimal, catalog.Number:
		return looksLikeNumber(s.Value)
	case catalog.Boolean:
		return s.Value == "true" || s.Value == "false"
	case catalog.Date, catalog.Timestamp:
		return isMoment(s.Value) || isOffset(s.Text)
	case catalog.Text, catalog.List, catalog.Invalid:
	}
	return true
}

// isMoment reports whether a text is a date or timestamp, in any zone.
func isMoment(text string) bool {
	_, date := parseDate(text)
	_, timestamp := parseTimestamp(text, time.UTC)
	return date || timestamp
}

func isOffset(text source.Fragment) bool {
	sign, _, list := rule.ParseOffset(text)
	return sign != 0 && !list.HasErrors()
}

// failingLeaves checks the leaves a test expects to be false.
func (c *checker) failingLeaves(t *definition.Test, d *definition.Segment) {
	var names []string
	segment, ok := c.names.definitions[d.Name.Name].(*Segment)
	if !ok {
		return
	}
	for _, leaf := range segment.Where.Leaves() {
		names = append(names, leaf.Name)
	}
	for _, name := range t.Expect.Failing {
		if !slices.Contains(names, name.Name) {
			c.fail(name.At, testLeaf(name.Name, names))
		}
	}
}

// expectedValue checks the value a test expects of a trait.
func (c *checker) expectedValue(t *definition.Test, d Definition) {
	if trait, ok := d.(*Trait); ok && t.Expect.Value != nil {
		c.fits(trait.DefinitionName(), *t.Expect.Value, valueType(trait.Value.Type()))
	}
}

// valueType lets any number stand for any other in what is expected.
func valueType(t catalog.Type) catalog.Type {
	if t.Numeric() {
		return catalog.Type{Kind: catalog.Number}
	}
	return t
}

package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/source"
)

// writeSchema is what to do when the file and the warehouse differ.
const writeSchema = "'strata doctor --write-schema' writes strata.schema.yaml from the warehouse"

// schema compares strata.schema.yaml, which rules are checked against, with the
// warehouse, which they run on.
func (e *examination) schema() {
	if e.Set.Schema == nil {
		e.add(Finding{
			Check: Schema, Code: "file", Status: Error,
			Detail: "there is no strata.schema.yaml, so no rule can be checked", Hint: writeSchema,
		})
		return
	}
	if !e.opened {
		return
	}
	before := len(e.findings)
	columns := 0
	for _, s := range e.Set.Project.Sources {
		found, ok := e.relations[s.Name.Name]
		if !ok {
			continue
		}
		columns += len(found.columns)
		e.compare(s.Name.Name, e.Set.Schema.Sources[s.Name.Name], found.columns)
	}
	e.forgotten()
	if len(e.findings) > before {
		e.drifted()
		return
	}
	if len(e.relations) > 0 {
		e.add(Finding{
			Check: Schema, Code: "agrees", Status: OK,
			Detail: fmt.Sprintf("strata.schema.yaml agrees with the warehouse: %s of %s",
				some(int64(columns), "column"), some(int64(len(e.relations)), "source")),
		})
	}
}

// compare finds the differences between the columns of a source in the file and
// in the warehouse.
func (e *examination) compare(name string, written, found []definition.Column) {
	if len(written) == 0 {
		e.add(Finding{
			Check: Schema, Code: "source", Status: Error, Subject: name,
			Detail: fmt.Sprintf("strata.schema.yaml has no columns of %s", name), Hint: writeSchema,
		})
		return
	}
	var added []string
	for _, c := range found {
		if _, ok := columnNamed(written, c.Name); !ok {
			added = append(added, c.Name)
		}
	}
	for _, c := range written {
		e.compareColumn(name, c, found, added)
	}
	if len(added) > 0 {
		e.add(Finding{
			Check: Schema, Code: "added", Status: Note, Subject: name,
			Detail: fmt.Sprintf("%s of %s not in strata.schema.yaml: %s", some(int64(len(added)), "column"), name, enumerated(added)),
			Hint:   "rules cannot name them yet; " + writeSchema,
		}.counted(int64(len(added))))
	}
}

// compareColumn looks for one column of the file in the warehouse.
func (e *examination) compareColumn(name string, c definition.Column, found []definition.Column, added []string) {
	now, ok := columnNamed(found, c.Name)
	switch {
	case !ok:
		f := Finding{
			Check: Schema, Code: "missing", Status: Warning, Subject: name,
			Detail: fmt.Sprintf("%s has no column %q any more", name, c.Name), Hint: writeSchema,
		}
		if near, ok := source.Nearest(c.Name, added); ok {
			f.Hint = fmt.Sprintf("is it called %q now? %s", near, writeSchema)
		}
		e.add(f)
	case !sameType(c.Type, now.Type):
		status, effect := retyped(c.Type, now.Type)
		e.add(Finding{
			Check: Schema, Code: "type", Status: status, Subject: name,
			Detail: fmt.Sprintf("%s.%s is %s in the warehouse and %s in strata.schema.yaml%s", name, c.Name, now.Type, c.Type, effect),
			Hint:   writeSchema,
		})
	}
}

// retyped says how bad it is that a column has another type than the file says,
// and what follows. Times are the worst, since nothing fails and windows move.
func retyped(written, found string) (status Status, effect string) {
	before, _ := catalog.FromDuckDB(written)
	after, _ := catalog.FromDuckDB(found)
	switch {
	case before.Temporal() && after.Temporal() && (before.Kind != after.Kind || catalog.Zoned(written) != catalog.Zoned(found)):
		return Error, ": its times are read wrongly"
	case before.Kind == after.Kind && before.Kind != catalog.Invalid:
		return Note, ""
	}
	return Warning, ": rules are checked as if it were that"
}

func columnNamed(columns []definition.Column, name string) (definition.Column, bool) {
	i := slices.IndexFunc(columns, func(c definition.Column) bool { return strings.EqualFold(c.Name, name) })
	if i < 0 {
		return definition.Column{}, false
	}
	return columns[i], true
}

// forgotten finds sources of the file that strata.yaml does not have.
func (e *examination) forgotten() {
	var names []string
	for name := range e.Set.Schema.Sources {
		known := func(s *definition.Source) bool { return s.Name.Name == name }
		if !slices.ContainsFunc(e.Set.Project.Sources, known) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if len(names) > 0 {
		e.add(Finding{
			Check: Schema, Code: "forgotten", Status: Note,
			Detail: "strata.schema.yaml describes sources that strata.yaml does not have: " + enumerated(names), Hint: writeSchema,
		})
	}
}

// drifted counts the places in definitions that were right with the columns of
// the file and are wrong with those of the warehouse.
func (e *examination) drifted() {
	known := map[string]bool{}
	for _, d := range e.Problems {
		known[d.Error()] = true
	}
	now := *e.Set
	now.Schema = e.live()
	_, list := check.Check(&now)
	errs, _ := divided(list)
	var added []source.Diagnostic
	for _, d := range errs {
		if !known[d.Error()] {
			added = append(added, d)
		}
	}
	if n := int64(len(added)); n > 0 {
		e.add(Finding{
			Check: Schema, Code: "broken", Status: Error,
			Detail: fmt.Sprintf("places in definitions that do not fit the warehouse as it is: %s, the first: %s", number(n), added[0].Error()),
			Hint:   writeSchema + "; then 'strata check' shows them all",
		}.counted(n))
	}
}

// aliases are names of DuckDB types and what DuckDB itself prints for them.
var aliases = map[string]string{
	"TEXT": "VARCHAR", "STRING": "VARCHAR", "CHAR": "VARCHAR", "BPCHAR": "VARCHAR",
	"INT": "INTEGER", "INT4": "INTEGER", "INT8": "BIGINT", "INT2": "SMALLINT", "LONG": "BIGINT", "SHORT": "SMALLINT",
	"BOOL": "BOOLEAN", "REAL": "FLOAT", "FLOAT4": "FLOAT", "FLOAT8": "DOUBLE",
	"DATETIME": "TIMESTAMP", "TIMESTAMPTZ": "TIMESTAMP WITH TIME ZONE", "DECIMAL": "DECIMAL(18,3)",
}

// sameType reports whether two texts name one type: spelling, spaces and quotes
// do not count.
func sameType(a, b string) bool {
	if inner, ok := strings.CutSuffix(strings.TrimSpace(a), "[]"); ok {
		other, isList := strings.CutSuffix(strings.TrimSpace(b), "[]")
		return isList && sameType(inner, other)
	}
	parts, isStruct := catalog.StructParts(a)
	others, both := catalog.StructParts(b)
	if isStruct || both {
		return isStruct == both && slices.EqualFunc(parts, others, func(x, y catalog.Column) bool {
			return strings.EqualFold(x.Name, y.Name) && sameType(x.Physical, y.Physical)
		})
	}
	return plainType(a) == plainType(b)
}

// plainType is a type's text in one spelling. The values of an ENUM keep
// theirs.
func plainType(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	for _, space := range []string{" ,", ", ", " (", "( ", " )"} {
		text = strings.ReplaceAll(text, space, strings.TrimSpace(space))
	}
	if head, rest, ok := strings.Cut(text, "("); ok && strings.EqualFold(head, "ENUM") {
		return "ENUM(" + rest
	}
	text = strings.ToUpper(text)
	if rest, ok := strings.CutPrefix(text, "NUMERIC"); ok {
		text = "DECIMAL" + rest
	}
	if alias, ok := aliases[text]; ok {
		return alias
	}
	return text
}

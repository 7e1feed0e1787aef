package propose

import (
	"slices"
	"strings"

	"strata/segments/catalog"
	"strata/segments/definition"
	"strata/sql/dialect"
)

// draft is a source of the proposal: a table as it is, or a query that makes
// one out of it.
type draft struct {
	name    string
	from    *profile
	columns []*output
	roles   []role
	fields  []field
	// body is what stands behind the SELECT list of a query; empty for a table.
	body string
	// prefix is what the table's columns are qualified with in the query.
	prefix string
	// taken are the names of fields that were given already.
	taken map[string]bool
}

// output is a column of a source.
type output struct {
	name string
	// from is the column it is read from, nil for one that is computed.
	from *column
	sql  string
	// read says that the column is not read as it is.
	read bool
	// physical is its type.
	physical string
}

// role is a column with its role.
type role struct {
	name   string
	output *output
}

// field is an entry of fields.
type field struct {
	name, path, column, kind string
}

// newSource makes a source of all columns of a table.
func newSource(name string, p *profile) *draft {
	s := &draft{name: name, from: p, taken: map[string]bool{}}
	for _, c := range p.columns {
		s.columns = append(s.columns, &output{name: c.name, from: c, physical: c.physical})
	}
	return s
}

// customers reports whether it is the source of customers.
func (s *draft) customers() bool { return s.name == definition.CustomersSource }

// output finds the column that is read from one of the table.
func (s *draft) output(c *column) *output {
	for _, o := range s.columns {
		if o.from == c && c != nil {
			return o
		}
	}
	return nil
}

// give gives a column a role, read as the reading says. The first role of a
// column stays its only one.
func (s *draft) give(name string, c *column, r reading) {
	o := s.output(c)
	if o == nil || slices.ContainsFunc(s.roles, func(other role) bool { return other.output == o }) {
		return
	}
	if r.make != nil {
		o.sql, o.physical, o.read = r.sql(s.prefix+dialect.Ident(c.name)), r.physical, true
	}
	s.roles = append(s.roles, role{name: name, output: o})
}

// compute adds a column that the table does not have.
func (s *draft) compute(name, sql string) *output {
	o := &output{name: s.free(name), sql: sql, read: true}
	s.columns = append(s.columns, o)
	return o
}

// role is the column that has a role, nil where none has.
func (s *draft) role(name string) *output {
	for _, r := range s.roles {
		if r.name == name {
			return r.output
		}
	}
	return nil
}

// isQuery reports whether the source needs a query: a column is not read as it
// is, or its rows are not those of a table.
func (s *draft) isQuery() bool {
	return s.body != "" || slices.ContainsFunc(s.columns, func(o *output) bool { return o.read })
}

// settle gives every column a name that rules can use: in a query by naming it
// anew, else through fields. Parts of JSON columns get theirs as well.
func (s *draft) settle() {
	query := s.isQuery()
	if query {
		s.rename()
	} else {
		s.renamedFields()
	}
	for _, o := range s.columns {
		s.taken[strings.ToLower(o.name)] = true
	}
	for _, r := range s.roles {
		s.taken[r.name] = true
	}
	for _, o := range s.columns {
		if o.from != nil && !o.read {
			s.jsonFields(o)
		}
	}
}

// rename names the columns of a query as rules write them.
func (s *draft) rename() {
	if s.body == "" {
		s.body = "FROM " + s.from.quoted()
	}
	used := map[string]bool{}
	for _, o := range s.columns {
		name := snake(o.name)
		if name == "" {
			name = "column"
		}
		if o.sql == "" {
			o.sql = s.prefix + dialect.Ident(o.from.name)
		}
		o.name = unused(s.allowed(name, o), used)
		used[o.name] = true
	}
}

// allowed is the name itself, or one with the source's name before it where it
// means something else in rules.
func (s *draft) allowed(name string, o *output) string {
	if !s.clashes(name, o) {
		return name
	}
	return singular(s.name) + "_" + name
}

// clashes reports whether a rule would read a column's name as something else:
// a word of the language, a value every stream has, or the role of another
// column.
func (s *draft) clashes(name string, o *output) bool {
	lower := strings.ToLower(name)
	if mapped := s.role(lower); mapped != nil {
		return mapped != o
	}
	return catalog.ReservedColumn(lower) || !s.customers() && catalog.DerivedName(lower)
}

// renamedFields gives names to columns of a table whose own cannot be used.
func (s *draft) renamedFields() {
	for _, o := range s.columns {
		s.taken[strings.ToLower(o.name)] = true
	}
	for _, o := range s.columns {
		_, usable := catalog.FromDuckDB(o.physical)
		usable = usable || holdsParts(o.physical)
		clash := s.clashes(o.name, o)
		hasRole := slices.ContainsFunc(s.roles, func(r role) bool { return r.output == o })
		if word := catalog.IsWord(o.name); !clash && (word || hasRole || !usable) {
			continue
		}
		name := snake(o.name)
		if name == "" {
			name = "column"
		}
		name = s.free(s.allowed(name, o))
		s.fields = append(s.fields, field{name: name, column: o.name})
		s.taken[name] = true
	}
}

// holdsParts reports whether rules can read parts of a column.
func holdsParts(physical string) bool {
	_, ok := catalog.StructParts(physical)
	return ok || holdsText(physical)
}

// free is a name that no column and no field of the source has.
func (s *draft) free(name string) string {
	used := map[string]bool{}
	for _, o := range s.columns {
		used[strings.ToLower(o.name)] = true
	}
	for _, f := range s.fields {
		used[f.name] = true
	}
	for _, r := range s.roles {
		if r.output == nil || !strings.EqualFold(r.output.name, r.name) {
			used[r.name] = true
		}
	}
	for taken := range s.taken {
		used[taken] = true
	}
	return unused(name, used)
}

// query is the text of the source's query, a line for every column.
func (s *draft) query() string {
	var b strings.Builder
	b.WriteString("SELECT\n")
	for i, o := range s.columns {
		b.WriteString("  " + o.sql)
		if o.sql != s.prefix+dialect.Ident(o.name) {
			b.WriteString(" AS " + dialect.Ident(o.name))
		}
		if i < len(s.columns)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	return b.String() + s.body
}

// quoted is the table as a query names it.
func (p *profile) quoted() string {
	if p.table.Schema == "main" {
		return dialect.Ident(p.table.Name)
	}
	return p.relation()
}

// mappedName is how a role names its column: by the name under fields where
// there is one.
func (s *draft) mappedName(o *output) string {
	for _, f := range s.fields {
		if f.path == "" && strings.EqualFold(f.column, o.name) {
			return f.name
		}
	}
	return o.name
}

// ruleName is how rules write a column: the name under fields, else its own or,
// where that is no word, its role.
func (s *draft) ruleName(o *output) string {
	if name := s.mappedName(o); catalog.IsWord(name) {
		return strings.ToLower(name)
	}
	for _, r := range s.roles {
		if r.output == o {
			return r.name
		}
	}
	return ""
}

package catalog

// Field is a value that a row or a customer carries: a column of the
// warehouse, or a part of one.
type Field struct {
	// Name is what rules call it, in lower case; parts of a STRUCT are dotted.
	Name string
	Type Type
	// Column is the warehouse column it is read from.
	Column string
	// Physical is DuckDB's type of what is read: the column, or the part of
	// the STRUCT.
	Physical string
	// Path leads into a JSON or STRUCT column, and is empty for a whole one.
	Path []string
	// JSON says that Path leads into JSON text, whose values are cast to Type.
	JSON bool
	// Money says that a floating column is the mapped amount and is read as
	// DECIMAL(18,4).
	Money bool
}

// Source is a table or query of the warehouse.
type Source struct {
	Name string
	// Schema and Table name the relation; Query is a SELECT in their place.
	Schema, Table string
	Query         string
	// Zone is the IANA zone that TIMESTAMP columns without a zone are read in.
	Zone string
	// AppendOnly says that rows are only ever added.
	AppendOnly bool
	// Key is the customer key: the key of customers, the customer column of
	// rows.
	Key *Field
	// The mapped columns, by role; nil where a source maps none. Kind is the
	// column mapped as type, by which streams are told apart.
	At, ID, Kind, Amount, Status            *Field
	Email, Phone, Consent                   *Field
	CreatedAt, LoadedAt, ValidFrom, ValidTo *Field
	// Fields are all values rules can name, by lower-case name; a mapped
	// column stands here by its own name and by its role.
	Fields map[string]*Field
	// Columns are the columns in the order of the schema, for tests that make
	// rows and for listings.
	Columns []Column
}

// Column is a column of a source and its DuckDB type.
type Column struct {
	Name     string
	Physical string
}

// SchemaName is the schema of the source's table; DuckDB's is main where none
// is named.
func (s *Source) SchemaName() string {
	if s.Schema == "" {
		return "main"
	}
	return s.Schema
}

// Field returns the field of a name in lower case.
func (s *Source) Field(name string) (*Field, bool) {
	f, ok := s.Fields[name]
	return f, ok
}

// Derived names a value that every stream has besides its columns.
type Derived string

// The derived values. At and ID exist where the source maps them; day to
// month are read in the project's zone; the last three order a customer's
// rows of the stream before as-of by (at, id).
const (
	At      Derived = "at"
	ID      Derived = "id"
	Day     Derived = "day"
	Weekday Derived = "weekday"
	Hour    Derived = "hour"
	Month   Derived = "month"
	Nth     Derived = "nth"
	NthLast Derived = "nth_last"
	Gap     Derived = "gap"
)

// Ordinal reports whether a derived value comes from a row's place in the order
// of the customer's rows, so that it depends on others than the row itself.
func (d Derived) Ordinal() bool { return d == Nth || d == NthLast || d == Gap }

// DerivedTypes gives the type of each derived value that does not take its
// source column's.
var DerivedTypes = map[Derived]Type{
	At: {Kind: Timestamp}, Day: {Kind: Date}, Weekday: {Kind: Integer}, Hour: {Kind: Integer}, Month: {Kind: Integer},
	Nth: {Kind: Integer}, NthLast: {Kind: Integer}, Gap: {Kind: Number},
}

package catalog

import "strings"

// Kind is a type of the expression language. Integer and Number are both
// called "number" towards people; they differ in how they are computed.
type Kind uint8

// The kinds.
const (
	// Invalid is the type of what could not be checked.
	Invalid Kind = iota
	// Integer is a whole number, computed exactly.
	Integer
	// Decimal is an exact decimal number.
	Decimal
	// Number is a double.
	Number
	// Text is compared by code point.
	Text
	// Boolean is true or false.
	Boolean
	// Date is a day on the calendar.
	Date
	// Timestamp is an instant.
	Timestamp
	// List is a list of texts or numbers; only has() takes one.
	List
)

// String returns the name people know the kind by.
func (k Kind) String() string {
	switch k {
	case Integer, Number:
		return "number"
	case Decimal:
		return "decimal"
	case Text:
		return "text"
	case Boolean:
		return "boolean"
	case Date:
		return "date"
	case Timestamp:
		return "timestamp"
	case List:
		return "list"
	case Invalid:
	}
	return "unknown"
}

// Type is the type of a value. Scale is the number of decimals of a Decimal;
// Elem is the kind of a List's elements.
type Type struct {
	Kind  Kind
	Scale int
	Elem  Kind
}

// Numeric reports whether values of the type can be added and compared with
// numbers.
func (t Type) Numeric() bool { return t.Kind == Integer || t.Kind == Decimal || t.Kind == Number }

// Temporal reports whether the type is a date or a timestamp.
func (t Type) Temporal() bool { return t.Kind == Date || t.Kind == Timestamp }

// Comparable reports whether values of the two types may be compared: numbers
// of any kind with each other, dates with timestamps, else like with like.
func (t Type) Comparable(u Type) bool {
	if t.Kind == Invalid || u.Kind == Invalid {
		return true
	}
	if t.Kind == List || u.Kind == List {
		return false
	}
	return t.Numeric() && u.Numeric() || t.Temporal() && u.Temporal() || t.Kind == u.Kind
}

// FromDuckDB returns the type a column of a DuckDB type has in rules, and
// false for types that rules cannot use (BLOB, TIME, INTERVAL, MAP, …).
// STRUCT and JSON columns have no type of their own: their parts do.
func FromDuckDB(physical string) (Type, bool) {
	p := strings.ToUpper(strings.TrimSpace(physical))
	if before, ok := strings.CutSuffix(p, "[]"); ok {
		elem, ok := FromDuckDB(before)
		return Type{Kind: List, Elem: elem.Kind}, ok && elem.Kind != List
	}
	if strings.HasPrefix(p, "DECIMAL") || strings.HasPrefix(p, "NUMERIC") {
		return Type{Kind: Decimal, Scale: scaleOf(p)}, true
	}
	if strings.HasPrefix(p, "ENUM") {
		return Type{Kind: Text}, true
	}
	kind, ok := duckKinds[p]
	return Type{Kind: kind}, ok
}

// duckKinds lists DuckDB's scalar types by the name DESCRIBE prints, with the
// aliases people write in a schema file.
var duckKinds = map[string]Kind{
	"TINYINT": Integer, "SMALLINT": Integer, "INTEGER": Integer, "INT": Integer, "BIGINT": Integer, "HUGEINT": Integer,
	"UTINYINT": Integer, "USMALLINT": Integer, "UINTEGER": Integer, "UBIGINT": Integer, "UHUGEINT": Integer,
	"FLOAT": Number, "REAL": Number, "DOUBLE": Number,
	"VARCHAR": Text, "TEXT": Text, "CHAR": Text, "STRING": Text, "UUID": Text,
	"BOOLEAN": Boolean, "BOOL": Boolean,
	"DATE":      Date,
	"TIMESTAMP": Timestamp, "DATETIME": Timestamp, "TIMESTAMP_S": Timestamp, "TIMESTAMP_MS": Timestamp, "TIMESTAMP_NS": Timestamp,
	"TIMESTAMP WITH TIME ZONE": Timestamp, "TIMESTAMPTZ": Timestamp,
}

// scaleOf reads the scale of DECIMAL(p,s); DuckDB's default is DECIMAL(18,3).
func scaleOf(p string) int {
	_, rest, ok := strings.Cut(p, "(")
	if !ok {
		return 3
	}
	_, scale, ok := strings.Cut(strings.TrimSuffix(rest, ")"), ",")
	if !ok {
		return 0
	}
	n := 0
	for _, c := range strings.TrimSpace(scale) {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// Zoned reports whether a DuckDB timestamp type carries its zone.
func Zoned(physical string) bool {
	p := strings.ToUpper(strings.TrimSpace(physical))
	return p == "TIMESTAMP WITH TIME ZONE" || p == "TIMESTAMPTZ"
}

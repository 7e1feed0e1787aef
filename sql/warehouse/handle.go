package warehouse

import (
	"reflect"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/duckdb/duckdb-go/v2/mapping"
)

// handleOf returns DuckDB's own handle of a connection, which the driver keeps to itself. It is needed because the driver
// holds a cancelled connection for half a second and has no way to ask for progress. When a later driver names the
// field otherwise, ok is false and the driver's own slow cancel is used.
func handleOf(c *duckdb.Conn) (handle mapping.Connection, ok bool) {
	if c == nil {
		return handle, false
	}
	field := reflect.ValueOf(c).Elem().FieldByName("conn")
	if !field.IsValid() || field.Type() != reflect.TypeFor[mapping.Connection]() {
		return handle, false
	}
	// Reading an unexported field is allowed as long as the value is not taken out as an interface, so only the pointer
	// inside is copied.
	pointer := field.FieldByName("Ptr")
	if !pointer.IsValid() || pointer.Kind() != reflect.UnsafePointer {
		return handle, false
	}
	handle.Ptr = pointer.UnsafePointer()
	return handle, handle.Ptr != nil
}

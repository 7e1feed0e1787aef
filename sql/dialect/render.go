package dialect

import (
	"fmt"
	"math/big"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Render replaces each ? that is a placeholder (not part of a quoted text, name or comment) with the literal of the
// next argument. It fails when the number of placeholders is not the number of arguments.
func Render(sql string, args []any) (string, error) {
	text, _, err := replace(sql, args, func(any) bool { return true })
	return text, err
}

// Bind prepares a statement for the driver. Values that lose their type or their exactness as bound parameters are written
// into the text as Render does: a Decimal would arrive as DOUBLE or not at all, a time bound to a DATE column would
// silently lose its hours, and lists get the type of the parameter's context. The others stay placeholders.
func Bind(sql string, args []any) (string, []any, error) {
	return replace(sql, args, inexact)
}

// inexact reports whether v must be written into the text.
func inexact(v any) bool {
	switch v.(type) {
	case []byte:
		return false
	case Decimal, Date, LocalTimestamp, time.Time, *big.Int:
		return true
	}
	return v != nil && reflect.TypeOf(v).Kind() == reflect.Slice
}

// replace writes the arguments that inline picks into the text and returns the others in order. Their placeholders are
// numbered as they stand in the text: DuckDB numbers bare question marks in the order it transforms a statement, which is
// another one for AT TIME ZONE.
func replace(sql string, args []any, inline func(any) bool) (string, []any, error) {
	places := placeholders(sql)
	if len(places) != len(args) {
		return "", nil, fmt.Errorf("fill statement: it has %d placeholders for %d values", len(places), len(args))
	}
	var out strings.Builder
	var rest []any
	from := 0
	for i, at := range places {
		if !inline(args[i]) {
			rest = append(rest, args[i])
			out.WriteString(sql[from:at])
			out.WriteString(fenced(sql, at, "$"+strconv.Itoa(len(rest))))
			from = at + 1
			continue
		}
		literal, err := Literal(args[i])
		if err != nil {
			return "", nil, fmt.Errorf("value %d: %w", i+1, err)
		}
		out.WriteString(sql[from:at])
		out.WriteString(fenced(sql, at, literal))
		from = at + 1
	}
	out.WriteString(sql[from:])
	return out.String(), rest, nil
}

// fenced keeps a literal apart from its neighbours: "x -?" must not become the comment "x --5", nor "LIMIT?" a name.
func fenced(sql string, at int, literal string) string {
	if literal[0] == '-' {
		literal = "(" + literal + ")"
	}
	if at > 0 && (wordByte(sql[at-1]) || sql[at-1] == '\'') {
		literal = " " + literal
	}
	if at+1 < len(sql) && (wordByte(sql[at+1]) || sql[at+1] == '\'') {
		literal += " "
	}
	return literal
}

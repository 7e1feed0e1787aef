package warehouse

import (
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"strata/sql/dialect"

	"github.com/duckdb/duckdb-go/v2"
)

// Plain turns a value of the driver into a plain Go value for printing and JSON: nil, bool, int64, uint64, *big.Int, float64,
// string, time.Time in UTC, dialect.Decimal (exact text with all digits of the scale), []any, or map[string]any. A DATE
// or TIMESTAMP is a time.Time here, since the driver's value does not say which it was; PlainRow knows.
func Plain(v any) any {
	switch v := v.(type) {
	case time.Time:
		return v.UTC()
	case duckdb.Decimal:
		return decimalText(v)
	case duckdb.Interval:
		return intervalText(v)
	case duckdb.UUID:
		return v.String()
	case duckdb.Union:
		return Plain(v.Value)
	case []byte:
		return `\x` + hex.EncodeToString(v)
	case []any:
		return plainList(v)
	case map[string]any:
		return plainStruct(v)
	case duckdb.OrderedMap:
		return plainMap(v)
	}
	return plainNumber(v)
}

// plainNumber widens the small number types.
func plainNumber(v any) any {
	switch v := v.(type) {
	case int8:
		return int64(v)
	case int16:
		return int64(v)
	case int32:
		return int64(v)
	case uint8:
		return uint64(v)
	case uint16:
		return uint64(v)
	case uint32:
		return uint64(v)
	case float32:
		return float64(v)
	}
	return v
}

func plainList(v []any) []any {
	out := make([]any, len(v))
	for i, item := range v {
		out[i] = Plain(item)
	}
	return out
}

func plainStruct(v map[string]any) map[string]any {
	out := make(map[string]any, len(v))
	for name, item := range v {
		out[name] = Plain(item)
	}
	return out
}

func plainMap(v duckdb.OrderedMap) map[string]any {
	keys, values := v.Keys(), v.Values()
	out := make(map[string]any, len(keys))
	for i, key := range keys {
		out[Text(key)] = Plain(values[i])
	}
	return out
}

// decimalText keeps the zeros at the end, for 5000.00 and 5000 are different columns' values.
func decimalText(d duckdb.Decimal) dialect.Decimal {
	if d.Value == nil {
		return "0"
	}
	digits := new(big.Int).Abs(d.Value).String()
	scale := int(d.Scale)
	if missing := scale + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	text := digits[:len(digits)-scale]
	if scale > 0 {
		text += "." + digits[len(digits)-scale:]
	}
	if d.Value.Sign() < 0 {
		text = "-" + text
	}
	return dialect.Decimal(text)
}

// intervalText writes an interval as DuckDB's shell reads it back.
func intervalText(v duckdb.Interval) string {
	var parts []string
	if v.Months != 0 {
		parts = append(parts, strconv.Itoa(int(v.Months))+" months")
	}
	if v.Days != 0 {
		parts = append(parts, strconv.Itoa(int(v.Days))+" days")
	}
	if v.Micros != 0 || len(parts) == 0 {
		parts = append(parts, secondsText(v.Micros)+"s")
	}
	return strings.Join(parts, " ")
}

// secondsText writes microseconds as seconds: one number has one sign, where hours, minutes and seconds would need three.
func secondsText(micros int64) string {
	text := strings.TrimRight(fmt.Sprintf("%d.%06d", micros/1e6, max(micros%1e6, -(micros%1e6))), "0")
	if micros < 0 && micros > -1e6 {
		text = "-" + text
	}
	return strings.TrimSuffix(text, ".")
}

// Text returns a value of the driver, or a plain one, as text for people. NULL is the empty string; times are in UTC with
// +00 at the end; lists and structs are JSON.
func Text(v any) string {
	switch v := Plain(v).(type) {
	case nil:
		return ""
	case string:
		return v
	case time.Time:
		return v.Format("2006-01-02 15:04:05.999999") + "+00"
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case []any, map[string]any:
		return jsonText(v)
	default:
		return fmt.Sprint(v)
	}
}

func jsonText(v any) string {
	out, err := json.Marshal(v)
	if err != nil {
		// NaN and infinity have no JSON; Go's notation is better than nothing.
		return fmt.Sprint(v)
	}
	return string(out)
}

// PlainRow reads the current row as plain values. Beside what Plain does it knows the column's type: a DATE becomes a
// dialect.Date and a TIMESTAMP without zone a dialect.LocalTimestamp.
func PlainRow(rows *sql.Rows) ([]any, error) {
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, fmt.Errorf("read row: %w", err)
	}
	values, places := make([]any, len(types)), make([]any, len(types))
	for i := range values {
		places[i] = &values[i]
	}
	if err := rows.Scan(places...); err != nil {
		return nil, fmt.Errorf("read row: %w", err)
	}
	for i, v := range values {
		values[i] = plainOfType(v, types[i].DatabaseTypeName())
	}
	return values, nil
}

func plainOfType(v any, kind string) any {
	t, ok := v.(time.Time)
	switch {
	case ok && kind == "DATE":
		return dialect.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()}
	case ok && kind == "TIME":
		return t.Format("15:04:05.999999")
	case ok && strings.HasPrefix(kind, "TIMESTAMP") && kind != "TIMESTAMPTZ":
		return dialect.LocalTimestamp(t)
	}
	return Plain(v)
}

// Float is a plain number of a row; anything else, NULL among it, is 0.
func Float(v any) float64 {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case int32:
		return float64(v)
	case float64:
		return v
	}
	return 0
}

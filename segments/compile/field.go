package compile

import (
	"fmt"
	"strings"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/catalog"
	"strata/sql/dialect"
)

// readRaw reads a field as the warehouse has it: the column, the part of a
// STRUCT, or the text of a part of JSON.
func readRaw(alias string, field *catalog.Field) sq.Sqlizer {
	whole := column(alias, field.Column)
	if len(field.Path) == 0 {
		return whole
	}
	if !field.JSON {
		return raw(string(whole) + "." + dialect.Qualified(field.Path...))
	}
	// A column of text may hold what is not JSON; that is missing, not an error.
	return ex("TRY(json_extract_string(?, ?))", whole, jsonPath(field.Path))
}

func jsonPath(path []string) string {
	var text strings.Builder
	text.WriteString("$")
	for _, part := range path {
		text.WriteString(`."` + part + `"`)
	}
	return text.String()
}

// read reads a field that is not a time as a value of its type, NULL where it
// is missing.
func read(alias string, field *catalog.Field) sq.Sqlizer {
	value := readRaw(alias, field)
	if field.JSON {
		return readJSON(alias, field, value)
	}
	physical := strings.ToUpper(field.Physical)
	switch {
	case field.Money:
		return ex("TRY_CAST(? AS DECIMAL(18,4))", value)
	case field.Type.Kind == catalog.Number:
		return ex("CASE WHEN isfinite(?) THEN ? END", value, value)
	case field.Type.Kind == catalog.Text && (physical == "UUID" || strings.HasPrefix(physical, "ENUM")):
		return ex("CAST(? AS VARCHAR)", value)
	}
	return value
}

// A cast of text rounds 2.5 to a whole number and knows dates such as infinity;
// to rules such a value is missing.
const (
	wholeNumber = `^[+-]?[0-9]+(\.0*)?$`
	dateText    = `^[0-9]{4}-[0-9]{2}-[0-9]{2}.*$`
)

func readJSON(alias string, field *catalog.Field, text sq.Sqlizer) sq.Sqlizer {
	switch field.Type.Kind {
	case catalog.Integer:
		return ex("TRY_CAST(nullif(regexp_extract(?, ?), '') AS BIGINT)", text, wholeNumber)
	case catalog.Decimal:
		// Casting to the narrow type is much faster, and mostly has room.
		narrow := fmt.Sprintf("DECIMAL(18,%d)", field.Type.Scale)
		return ex("coalesce(TRY_CAST(? AS "+narrow+"), TRY_CAST(? AS "+decimalType(field.Type.Scale)+"))", text, text)
	case catalog.Number:
		return finite(ex("TRY_CAST(? AS DOUBLE)", text))
	case catalog.Boolean:
		return ex("TRY_CAST(? AS BOOLEAN)", text)
	case catalog.Date:
		return ex("TRY_CAST(nullif(regexp_extract(?, ?), '') AS DATE)", text, dateText)
	case catalog.List:
		return ex("TRY(CAST(json_extract(?, ?) AS VARCHAR[]))", column(alias, field.Column), jsonPath(field.Path))
	case catalog.Text, catalog.Timestamp, catalog.Invalid:
	}
	return text
}

// finite makes NaN and the infinities missing.
func finite(x sq.Sqlizer) sq.Sqlizer {
	if text, args := textOf(x); len(text)+10*len(args) <= short {
		return ex("CASE WHEN isfinite(?) THEN ? END", x, x)
	}
	return ex("nullif(nullif(nullif(?, 'infinity'::DOUBLE), '-infinity'::DOUBLE), 'nan'::DOUBLE)", x)
}

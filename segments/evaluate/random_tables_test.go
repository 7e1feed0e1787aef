package evaluate_test

import (
	"context"
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/sql/warehouse"
)

// tables are records by the name of their source.
type tables map[string][]record

// statements are the SQL that makes the tables of a layout.
func (l layout) statements(data tables) []string {
	var list []string
	for _, t := range l.tables {
		var columns, rows []string
		for _, c := range t.columns {
			columns = append(columns, fmt.Sprintf("%q %s", c.name, c.physical))
		}
		list = append(list, fmt.Sprintf("CREATE OR REPLACE TABLE %s (%s)", t.source, strings.Join(columns, ", ")))
		for _, r := range data[t.source] {
			var cells []string
			for _, c := range t.columns {
				cells = append(cells, literal(r[c.name], c.physical))
			}
			rows = append(rows, "("+strings.Join(cells, ", ")+")")
		}
		if len(rows) > 0 {
			list = append(list, fmt.Sprintf("INSERT INTO %s VALUES\n  %s", t.source, strings.Join(rows, ",\n  ")))
		}
	}
	return list
}

// load makes the tables in a database.
func (l layout) load(tb testing.TB, db *warehouse.DB, data tables) {
	tb.Helper()
	for _, statement := range l.statements(data) {
		_, err := db.Exec(context.Background(), statement)
		require.NoError(tb, err, statement)
	}
}

const micro = "2006-01-02 15:04:05.999999"

// literal writes a raw value as SQL.
func literal(v any, physical string) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case int64:
		return strconv.FormatInt(v, 10)
	case *big.Rat:
		return v.FloatString(4)
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Sprintf("'%v'::DOUBLE", v)
		}
		return strconv.FormatFloat(v, 'e', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	case string:
		return quote(v)
	case jsonText:
		return quote(string(v))
	case day:
		return quote(v.Format(time.DateOnly))
	case reading:
		return quote(v.Format(micro))
	case time.Time:
		return quote(v.UTC().Format(micro) + "+00")
	case []any:
		items := make([]string, 0, len(v))
		for _, item := range v {
			items = append(items, literal(item, ""))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case record:
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, fmt.Sprintf("%s: %s", name, literal(v[name], "")))
		}
		return "{" + strings.Join(parts, ", ") + "}::" + physical
	}
	panic(fmt.Sprintf("literal %T", v))
}

func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// fitting makes a moment a raw value of a column of times: an instant, what
// the source's clock shows at it, or its day.
func (l layout) fitting(at time.Time, physical string) any {
	zone := l.zone
	if physical == "TIMESTAMP" && l.sourceZone != "" {
		zone = l.sourceZone
	}
	local := at
	if z, err := time.LoadLocation(zone); err == nil {
		local = at.In(z)
	}
	_, offset := local.Zone()
	shown := at.UTC().Add(time.Duration(offset) * time.Second)
	switch physical {
	case "TIMESTAMP":
		return reading{shown}
	case "DATE":
		return day{shown.Truncate(24 * time.Hour)}
	}
	return at.UTC()
}

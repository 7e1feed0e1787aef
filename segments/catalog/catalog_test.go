package catalog_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/catalog"
)

// The types are written as DuckDB's DESCRIBE prints them.
func TestFromDuckDB(t *testing.T) {
	for physical, want := range map[string]catalog.Type{
		"BIGINT":                   {Kind: catalog.Integer},
		"hugeint":                  {Kind: catalog.Integer},
		"DOUBLE":                   {Kind: catalog.Number},
		"DECIMAL(12,2)":            {Kind: catalog.Decimal, Scale: 2},
		"DECIMAL(18, 10)":          {Kind: catalog.Decimal, Scale: 10},
		"DECIMAL":                  {Kind: catalog.Decimal, Scale: 3},
		"DECIMAL(9)":               {Kind: catalog.Decimal},
		"VARCHAR":                  {Kind: catalog.Text},
		"UUID":                     {Kind: catalog.Text},
		"ENUM('a', 'b')":           {Kind: catalog.Text},
		"BOOLEAN":                  {Kind: catalog.Boolean},
		"DATE":                     {Kind: catalog.Date},
		"TIMESTAMP":                {Kind: catalog.Timestamp},
		"TIMESTAMP_NS":             {Kind: catalog.Timestamp},
		"TIMESTAMP WITH TIME ZONE": {Kind: catalog.Timestamp},
		"VARCHAR[]":                {Kind: catalog.List, Elem: catalog.Text},
		"INTEGER[]":                {Kind: catalog.List, Elem: catalog.Integer},
	} {
		got, ok := catalog.FromDuckDB(physical)
		require.True(t, ok, physical)
		require.Equal(t, want, got, physical)
	}
	for _, physical := range []string{"BLOB", "TIME", "INTERVAL", "JSON", "STRUCT(a INTEGER)", "MAP(VARCHAR, INTEGER)", "VARCHAR[][]", "STRUCT(a INTEGER)[]", ""} {
		_, ok := catalog.FromDuckDB(physical)
		require.False(t, ok, physical)
	}
}

func TestZoned(t *testing.T) {
	require.True(t, catalog.Zoned("timestamp with time zone"))
	require.True(t, catalog.Zoned("TIMESTAMPTZ"))
	require.False(t, catalog.Zoned("TIMESTAMP"))
}

// Like with like, numbers with numbers, dates with timestamps, lists with
// nothing; and always both ways.
func TestComparable(t *testing.T) {
	groups := map[catalog.Kind]int{
		catalog.Integer: 1, catalog.Decimal: 1, catalog.Number: 1, catalog.Text: 2, catalog.Boolean: 3, catalog.Date: 4, catalog.Timestamp: 4,
	}
	for a, groupA := range groups {
		for b, groupB := range groups {
			x, y := catalog.Type{Kind: a}, catalog.Type{Kind: b}
			require.Equal(t, groupA == groupB, x.Comparable(y), "%s and %s", a, b)
			require.Equal(t, x.Comparable(y), y.Comparable(x))
		}
		require.False(t, catalog.Type{Kind: catalog.List}.Comparable(catalog.Type{Kind: a}))
		require.True(t, catalog.Type{}.Comparable(catalog.Type{Kind: a}), "what could not be checked is not reported again")
	}
	require.False(t, catalog.Type{Kind: catalog.List}.Comparable(catalog.Type{Kind: catalog.List}))
}

func TestStructParts(t *testing.T) {
	for physical, want := range map[string][]catalog.Column{
		"STRUCT(brand VARCHAR, size STRUCT(a INTEGER, b DECIMAL(10,2)))": {
			{Name: "brand", Physical: "VARCHAR"}, {Name: "size", Physical: "STRUCT(a INTEGER, b DECIMAL(10,2))"},
		},
		`STRUCT("net size" DOUBLE, "a""b, (c)" DATE)`:         {{Name: "net size", Physical: "DOUBLE"}, {Name: `a"b, (c)`, Physical: "DATE"}},
		"struct(at TIMESTAMP WITH TIME ZONE)":                 {{Name: "at", Physical: "TIMESTAMP WITH TIME ZONE"}},
		"STRUCT(kind ENUM('a, (b', 'it''s'), tags VARCHAR[])": {{Name: "kind", Physical: "ENUM('a, (b', 'it''s')"}, {Name: "tags", Physical: "VARCHAR[]"}},
	} {
		got, ok := catalog.StructParts(physical)
		require.True(t, ok, physical)
		require.Equal(t, want, got)
	}
	for _, physical := range []string{
		"VARCHAR", "STRUCT()", "STRUCT(a)", "STRUCT(a INTEGER", "STRUCT(a INTEGER)[]", "STRUCT(a INTEGER), STRUCT(b INTEGER)", `STRUCT("a INTEGER)`, `STRUCT("" INTEGER)`, "",
	} {
		_, ok := catalog.StructParts(physical)
		require.False(t, ok, physical)
	}
}

// What StructParts takes apart can be put together again.
func FuzzStructParts(f *testing.F) {
	f.Add("STRUCT(brand VARCHAR, size STRUCT(a INTEGER))")
	f.Add(`STRUCT("net size" DOUBLE, kind ENUM('a', 'b'))`)
	f.Fuzz(func(t *testing.T, physical string) {
		parts, ok := catalog.StructParts(physical)
		if !ok {
			return
		}
		var list []string
		for _, p := range parts {
			require.NotEmpty(t, p.Name)
			list = append(list, `"`+strings.ReplaceAll(p.Name, `"`, `""`)+`" `+p.Physical)
		}
		again, ok := catalog.StructParts("STRUCT(" + strings.Join(list, ", ") + ")")
		require.True(t, ok, list)
		require.Equal(t, parts, again)
	})
}

func TestWords(t *testing.T) {
	for name, want := range map[string]bool{"total": true, "Total_2": true, "größe": true, "_x": true, "2x": false, "Plan Type": false, "a.b": false, "": false, "a-b": false} {
		require.Equal(t, want, catalog.IsWord(name), name)
	}
	for _, name := range []string{"and", "ILIKE", "true", "as"} {
		require.True(t, catalog.ReservedColumn(name), name)
	}
	require.False(t, catalog.ReservedColumn("last"))
	for _, name := range []string{"at", "ID", "nth_last", "Weekday"} {
		require.True(t, catalog.DerivedName(name), name)
	}
	require.False(t, catalog.DerivedName("week"))
}

// The table of functions is what help and the checker read: its entries must
// make sense by themselves.
func TestFunctions(t *testing.T) {
	for _, f := range catalog.Functions {
		found, ok := catalog.FunctionByName(f.Name)
		require.True(t, ok)
		require.Equal(t, f.Name, found.Name)
		require.NotEmpty(t, f.Arguments, f.Name)
		require.True(t, strings.HasPrefix(f.Help, f.Name+"("), f.Help)
		require.True(t, f.Max < 0 || f.Min <= f.Max, f.Name)
	}
	_, ok := catalog.FunctionByName("now")
	require.False(t, ok)
}

func TestKindNames(t *testing.T) {
	require.Equal(t, "number", catalog.Integer.String())
	require.Equal(t, "number", catalog.Number.String())
	require.Equal(t, "decimal", catalog.Decimal.String())
	require.Equal(t, "unknown", catalog.Invalid.String())
}

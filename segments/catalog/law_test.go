package catalog_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/catalog"
)

// scalars are DuckDB's types by the kind that rules see.
var scalars = map[catalog.Kind][]string{
	catalog.Integer:   {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"},
	catalog.Number:    {"FLOAT", "DOUBLE"},
	catalog.Text:      {"VARCHAR", "UUID", "ENUM('a', 'it''s', 'DECIMAL(1,0)[]', 'x, (y')"},
	catalog.Boolean:   {"BOOLEAN"},
	catalog.Date:      {"DATE"},
	catalog.Timestamp: {"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE"},
}

// physical draws a type that rules can use, as DuckDB writes it, and what it is to them.
func physical(t *rapid.T) (string, catalog.Type) {
	kind := rapid.SampledFrom([]catalog.Kind{
		catalog.Integer, catalog.Number, catalog.Text, catalog.Boolean, catalog.Date, catalog.Timestamp, catalog.Decimal,
	}).Draw(t, "kind")
	if kind == catalog.Decimal {
		width := rapid.IntRange(1, 38).Draw(t, "width")
		scale := rapid.IntRange(0, width).Draw(t, "scale")
		return fmt.Sprintf("DECIMAL(%d,%d)", width, scale), catalog.Type{Kind: kind, Scale: scale}
	}
	return rapid.SampledFrom(scalars[kind]).Draw(t, "type"), catalog.Type{Kind: kind}
}

// TestTypesInAnyCase reads a type, and the list of it, in capitals and small letters and with space around.
func TestTypesInAnyCase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, want := physical(t)
		for _, written := range []string{text, strings.ToLower(text), " " + text + "\n"} {
			got, ok := catalog.FromDuckDB(written)
			require.True(t, ok, written)
			require.Equal(t, want, got, written)
			list, ok := catalog.FromDuckDB(strings.TrimSpace(written) + "[]")
			require.True(t, ok, written)
			require.Equal(t, catalog.Type{Kind: catalog.List, Elem: want.Kind}, list, written)
			_, ok = catalog.FromDuckDB(strings.TrimSpace(written) + "[][]")
			require.False(t, ok, "a list of lists has no use in a rule")
		}
	})
}

// column draws a part of a STRUCT; nested says how deep STRUCTs may be inside of it.
func column(t *rapid.T, nested int) catalog.Column {
	c := catalog.Column{Name: rapid.OneOf(
		rapid.StringMatching(`[a-z_][a-z0-9_]{0,6}`),
		rapid.StringOfN(rapid.SampledFrom([]rune(`a B".,()' é[`)), 1, 6, -1),
	).Draw(t, "name")}
	if nested > 0 && rapid.Bool().Draw(t, "struct") {
		c.Physical = written(columns(t, nested-1))
		return c
	}
	c.Physical, _ = physical(t)
	return c
}

func columns(t *rapid.T, nested int) []catalog.Column {
	parts := make([]catalog.Column, rapid.IntRange(1, 4).Draw(t, "parts"))
	for i := range parts {
		parts[i] = column(t, nested)
	}
	return parts
}

// written is a STRUCT type as DuckDB writes it: names in quotes where they need them.
func written(parts []catalog.Column) string {
	var list []string
	for _, p := range parts {
		name := p.Name
		if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			name = `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
		}
		list = append(list, name+" "+p.Physical)
	}
	return "STRUCT(" + strings.Join(list, ", ") + ")"
}

// TestStructPartsAreTakenApart finds the parts of any STRUCT again, level by level, with whatever names.
func TestStructPartsAreTakenApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := columns(t, 2)
		text := written(parts)
		got, ok := catalog.StructParts(text)
		require.True(t, ok, text)
		require.Equal(t, parts, got, text)
		_, ok = catalog.FromDuckDB(text)
		require.False(t, ok, "the parts have types, the whole has none")
		for _, broken := range []string{text[:len(text)-1], text + ")", text + "[]", text[1:], text + " " + text} {
			_, ok := catalog.StructParts(broken)
			require.False(t, ok, broken)
		}
	})
}

// FuzzFromDuckDB demands that any text is a type or none, and the same in both cases of letters.
func FuzzFromDuckDB(f *testing.F) {
	for _, seed := range []string{"DECIMAL(12,2)", "DECIMAL(", "ENUM('a')[]", "[]", "numeric(5)", "TIMESTAMP WITH TIME ZONE"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := catalog.FromDuckDB(text)
		require.GreaterOrEqual(t, got.Scale, 0)
		if !ok {
			return
		}
		require.NotEqual(t, catalog.Invalid, got.Kind)
		require.Equal(t, got.Kind == catalog.List, got.Elem != catalog.Invalid)
		again, ok := catalog.FromDuckDB(strings.ToUpper(text))
		require.True(t, ok)
		require.Equal(t, got, again)
	})
}

// TestComparableIsFair compares any two types both ways, and a type with itself unless it is a list.
func TestComparableIsFair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, a := physical(t)
		_, b := physical(t)
		require.Equal(t, a.Comparable(b), b.Comparable(a))
		require.True(t, a.Comparable(a))
		require.False(t, a.Numeric() && a.Temporal())
		if a.Comparable(b) {
			require.Equal(t, a.Numeric(), b.Numeric())
			require.Equal(t, a.Temporal(), b.Temporal())
		}
	})
}

// TestDerivedValuesHaveTypes: all of them are named, and all have a type but the id, which has its column's.
func TestDerivedValuesHaveTypes(t *testing.T) {
	for _, name := range catalog.DerivedNames {
		require.True(t, catalog.DerivedName(string(name)))
		require.True(t, catalog.IsWord(string(name)))
		require.False(t, catalog.ReservedColumn(string(name)))
		kind, ok := catalog.DerivedTypes[name]
		require.Equal(t, name != catalog.ID, ok, name)
		require.Equal(t, name == catalog.ID, kind.Kind == catalog.Invalid, name)
	}
	require.Subset(t, catalog.DerivedNames, keys(catalog.DerivedTypes))
}

func keys(types map[catalog.Derived]catalog.Type) []catalog.Derived {
	var names []catalog.Derived
	for name := range types {
		names = append(names, name)
	}
	return names
}

// TestSourceFields finds fields by the name that rules use.
func TestSourceFields(t *testing.T) {
	total := &catalog.Field{Name: "total", Column: "Total", Type: catalog.Type{Kind: catalog.Decimal, Scale: 2}}
	s := catalog.Source{Name: "orders", Fields: map[string]*catalog.Field{"total": total, "amount": total}}
	for _, name := range []string{"total", "amount"} {
		found, ok := s.Field(name)
		require.True(t, ok)
		require.Same(t, total, found)
	}
	_, ok := s.Field("Total")
	require.False(t, ok, "the caller lowers the case")
}

// TestFunctionsHaveUniqueNames, and names that a rule can write.
func TestFunctionsHaveUniqueNames(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range catalog.Functions {
		require.False(t, seen[f.Name], f.Name)
		seen[f.Name] = true
		require.Equal(t, strings.ToLower(f.Name), f.Name)
		require.True(t, catalog.IsWord(f.Name))
		require.False(t, catalog.ReservedColumn(f.Name))
		require.True(t, f.Max < 0 || len(f.Arguments) <= f.Max, "%s describes arguments it does not take", f.Name)
	}
}

package definition

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// eachShape visits a shape and all shapes below it, each once.
func eachShape(s *shape, seen map[*shape]bool, visit func(*shape)) {
	if s == nil || seen[s] {
		return
	}
	seen[s] = true
	visit(s)
	eachShape(s.list, seen, visit)
	eachShape(s.rest, seen, visit)
	for _, k := range s.keys {
		eachShape(k.shape, seen, visit)
	}
}

// TestTable demands that every key has a text for people, that maps have a
// name that messages can use, and that the relations between keys speak of
// keys that exist.
func TestTable(t *testing.T) {
	for _, top := range []*shape{definitionShape(), projectShape(), columnsShape()} {
		eachShape(top, map[*shape]bool{}, func(s *shape) {
			for _, k := range s.keys {
				require.Regexp(t, `^[a-zA-Z].*\.$`, k.doc, k.name)
				require.NotNil(t, k.shape, k.name)
			}
			for _, group := range s.oneOf {
				require.Subset(t, s.keyNames(), group)
			}
			for _, need := range s.needs {
				require.Subset(t, s.keyNames(), need[:])
			}
			require.True(t, s.value != "" || s.list != nil || s.takesMap())
		})
	}
}

// TestSchemaHasEveryKey demands that the JSON Schema knows each key of the
// table.
func TestSchemaHasEveryKey(t *testing.T) {
	text, err := JSONSchema()
	require.NoError(t, err)
	var schema any
	require.NoError(t, json.Unmarshal(text, &schema))
	known := map[string]bool{}
	var collect func(v any)
	collect = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				collect(item)
			}
		case map[string]any:
			properties, _ := v["properties"].(map[string]any)
			for name := range properties {
				known[name] = true
			}
			for _, item := range v {
				collect(item)
			}
		}
	}
	collect(schema)
	for _, top := range []*shape{definitionShape(), projectShape(), columnsShape()} {
		eachShape(top, map[*shape]bool{}, func(s *shape) {
			for _, name := range s.keyNames() {
				require.True(t, known[name], name)
			}
		})
	}
}

// TestQuoted demands that a quoted text is read as what it was.
func TestQuoted(t *testing.T) {
	for _, text := range []string{
		"", "a", "'a'", `"`, `a\b`, `'a\b'`, "a\nb", "ä ö", "a: b", " # ", "- a", "null", "[", "\u2028", "x = 'it''s'",
	} {
		n := firstScalar(t, "k: "+quoted(text))
		require.Equal(t, text, n.scalar.Value)
		n = firstScalar(t, "k: {a: "+quoted(text)+"}")
		require.Equal(t, text, n.scalar.Value)
		if !needsQuotes(text, true) {
			require.Equal(t, text, firstScalar(t, "k: [ "+text+" ]").scalar.Value)
		}
		if !needsQuotes(text, false) {
			require.Equal(t, text, firstScalar(t, "k: "+text).scalar.Value)
		}
	}
}

func TestAsName(t *testing.T) {
	for word, want := range map[string]string{"Lifetime Value": "lifetime_value", "9": "", "fine": "", "Ä": "", "2nd-Order": "nd_order"} {
		require.Equal(t, want, asName(word), word)
	}
}

func TestParseSize(t *testing.T) {
	for _, text := range []string{"", "..", "a", "1..b", "-1", "2..1", "1...2", "1.5", "99999999999999999999"} {
		_, _, ok := parseSize(text)
		require.False(t, ok, text)
	}
	for _, text := range []string{"30", "-3%", "%", "3,5%", "1e3%"} {
		_, ok := parseShare(text)
		require.False(t, ok, text)
	}
}

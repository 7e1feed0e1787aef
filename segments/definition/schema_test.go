package definition_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"strata/segments/definition"
)

// schemaOf reads the JSON Schema.
func schemaOf(tb testing.TB) map[string]any {
	tb.Helper()
	text, err := definition.JSONSchema()
	require.NoError(tb, err)
	var schema map[string]any
	require.NoError(tb, json.Unmarshal(text, &schema))
	return schema
}

// validator is as much of JSON Schema as our schema uses. An unknown keyword
// fails the test, so that none is overlooked.
type validator struct {
	tb   testing.TB
	defs map[string]any
}

func (v validator) valid(schema map[string]any, value any) bool {
	for keyword, want := range schema {
		if !v.keyword(schema, keyword, want, value) {
			return false
		}
	}
	return true
}

func (v validator) keyword(schema map[string]any, keyword string, want, value any) bool {
	object, isObject := value.(map[string]any)
	list, isList := value.([]any)
	text, isText := value.(string)
	switch keyword {
	case "description", "$schema", "$defs", "title", "properties":
		return true
	case "$ref":
		return v.valid(v.defs[strings.TrimPrefix(want.(string), "#/$defs/")].(map[string]any), value)
	case "anyOf":
		return v.count(want, value) > 0
	case "oneOf":
		return v.count(want, value) == 1
	case "type":
		return hasType(want, value)
	case "pattern":
		return !isText || regexp.MustCompile(want.(string)).MatchString(text)
	case "minItems":
		return !isList || len(list) >= int(want.(float64))
	case "items":
		return !slices.ContainsFunc(list, func(item any) bool { return !v.valid(want.(map[string]any), item) })
	case "minProperties":
		return !isObject || len(object) >= int(want.(float64))
	case "maxProperties":
		return !isObject || len(object) <= int(want.(float64))
	case "required":
		return !isObject || !slices.ContainsFunc(want.([]any), func(name any) bool { return object[name.(string)] == nil })
	case "dependentRequired":
		for name, needs := range want.(map[string]any) {
			if object[name] != nil && object[needs.([]any)[0].(string)] == nil {
				return false
			}
		}
		return true
	case "propertyNames":
		for name := range object {
			if !v.valid(want.(map[string]any), name) {
				return false
			}
		}
		return true
	case "additionalProperties":
		return v.properties(schema, want, object)
	}
	require.Fail(v.tb, "unknown keyword", keyword)
	return false
}

func (v validator) count(choices, value any) int {
	n := 0
	for _, choice := range choices.([]any) {
		if v.valid(choice.(map[string]any), value) {
			n++
		}
	}
	return n
}

// properties checks the values of an object, known keys and others.
func (v validator) properties(schema map[string]any, others any, object map[string]any) bool {
	known, _ := schema["properties"].(map[string]any)
	for name, value := range object {
		s, ok := known[name].(map[string]any)
		if !ok {
			if s, ok = others.(map[string]any); !ok {
				return false
			}
		}
		if !v.valid(s, value) {
			return false
		}
	}
	return true
}

func hasType(want, value any) bool {
	names := []any{want}
	if several, ok := want.([]any); ok {
		names = several
	}
	return slices.ContainsFunc(names, func(name any) bool {
		switch value := value.(type) {
		case nil:
			return name == "null"
		case string:
			return name == "string"
		case bool:
			return name == "boolean"
		case float64:
			return name == "number" || (name == "integer" && value == float64(int(value)))
		case []any:
			return name == "array"
		case map[string]any:
			return name == "object"
		}
		return false
	})
}

// read returns a YAML text as JSON would hold it.
func read(tb testing.TB, text string) any {
	tb.Helper()
	var value any
	require.NoError(tb, yaml.Unmarshal([]byte(text), &value))
	data, err := json.Marshal(value)
	require.NoError(tb, err)
	var out any
	require.NoError(tb, json.Unmarshal(data, &out))
	return out
}

// TestSchemaAccepts holds the example's files against the schema.
func TestSchemaAccepts(t *testing.T) {
	schema := schemaOf(t)
	v := validator{t, schema["$defs"].(map[string]any)}
	for name, def := range map[string]string{"strata.yaml": "project", "strata.schema.yaml": "columns", "segments/all.yaml": "definitions"} {
		text, err := os.ReadFile("testdata/example/" + name)
		require.NoError(t, err)
		value := read(t, string(text))
		require.True(t, v.valid(v.defs[def].(map[string]any), value), name)
		require.True(t, v.valid(schema, value), name)
	}
}

// TestSchemaAgrees holds one text after the other against both the schema and
// the loader.
func TestSchemaAgrees(t *testing.T) {
	v := validator{tb: t}
	v.defs = schemaOf(t)["$defs"].(map[string]any)
	for text, want := range map[string]bool{
		"segments: {a: {where: x}}": true,
		"segments: {a: {where: {all: [b, {c: x > 1}, {any: [d]}, {not: e}]}}}":                                                  true,
		"segments: {a: {where: {all: [{c: {any: [d]}}]}}}":                                                                      true,
		"segments: {a: {where: x, expect: {size: 0}}}":                                                                          true,
		"segments: {a: {where: x, tests: [{name: n, expect: {member: true}}]}}":                                                 true,
		"traits: {a: {score: [{points: 1, of: x, cap: -2.5}], range: -5..5}}":                                                   true,
		"params: {a: 1, b: [x, y], c: true}":                                                                                    true,
		"metrics: {a: {total: count(order)}}":                                                                                   true,
		"metrics: {a: {any: [thing]}}":                                                                                          false,
		"metrics: {a: {ratio: count(order), per: count(visit)}}":                                                                true,
		"campaigns: {a: {any: [thing]}}":                                                                                        false,
		"campaigns: {a: {freeze: 2026-10-06, measure: {primary: m, window: 1 day}, split: {arms: {a: 50%, b: 50%}}}}":           true,
		"campaigns: {a: {freeze: 2026-10-06, measure: {primary: m, window: 1 day}, split: {arms: {a: 50}}}}":                    false,
		"campaigns: {a: {freeze: 2026-10-06, measure: {primary: m}}}":                                                           false,
		"campaigns: {a: {measure: {primary: m, window: 1 day}}}":                                                                false,
		"campaigns: {a: {freeze: 2026-10-06, measure: {primary: m, window: 1 day}, assignment: {field: f, stream: s, arm: a}}}": false,
		"campaigns: {a: {freeze: 2026-10-06, measure: {primary: m, window: 1 day}, assignment: {field: f}}}":                    true,
		"campaigns: {a: {freeze: 2026-10-06, measure: {primary: m, window: 1 day}, messages: {opened: {rows: s, machine: x}}}}": true,
		"campaigns: {a: {freeze: 2026-10-06, measure: {primary: m, window: 1 day}, messages: {sent: {rows: s, machine: x}}}}":   false,
		"campaigns: {a: {freeze: 2026-10-06, measure: {primary: m, window: 1 day}, attribution: {click: off, also: 1 day}}}":    true,
		"partitions: {a: {over: x, bands: [{b: '> 1'}, {c: else}], gate: [g, h]}}":                                              true,
		"segmens: {}":                                     false,
		"segments: {}":                                    false,
		"segments: {A: {where: x}}":                       false,
		"segments: {a: {where: x, sql: y}}":               false,
		"segments: {a: {title: x}}":                       false,
		"segments: {a: {where: x, titel: y}}":             false,
		"segments: {a: {where: [x]}}":                     false,
		"segments: {a: {where: {all: []}}}":               false,
		"segments: {a: {where: {all: [[x]]}}}":            false,
		"segments: {a: {where: {all: [x], any: [y]}}}":    false,
		"segments: {a: {where: {all: [country = 'DE']}}}": false,
		"segments: {a: {where: x, expect: {size: many}}}": false,
		"segments: {a: {where: x, tests: [{name: n}]}}":   false,
		"traits: {a: {score: [{points: 1, of: x}]}}":      false,
		"traits: {a: {value: x, range: 0..1}}":            false,
		"params: {a: {b: 1}}":                             false,
		"lists: {a: {file: x.csv}}":                       false,
		"partitions: {a: {stages: [b: else], over: x}}":   false,
		"gates: {a: {where: x, gate: y}}":                 false,
	} {
		require.Equal(t, want, v.valid(v.defs["definitions"].(map[string]any), read(t, text)), "schema: %s", text)
		_, list := definition.Load(projectWith(text), "")
		require.Equal(t, want, !list.HasErrors(), "loader: %s: %v", text, list)
	}
}

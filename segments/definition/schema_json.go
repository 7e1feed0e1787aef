package definition

import (
	"encoding/json"
	"fmt"
)

// JSONSchema returns a JSON Schema (draft 2020-12) for editors. It accepts a
// definition file, strata.yaml and strata.schema.yaml; each is also there by
// itself under $defs as definitions, project and columns, so that an editor
// can be pointed at the one that belongs to a file.
func JSONSchema() ([]byte, error) {
	g := &schemaWriter{defs: map[string]any{}}
	tops := []struct {
		name  string
		shape *shape
	}{{"definitions", definitionShape()}, {"project", projectShape()}, {"columns", columnsShape()}}
	var forms []any
	for _, top := range tops {
		g.defs[top.name] = g.form(top.shape)
		forms = append(forms, reference(top.name))
	}
	text, err := json.MarshalIndent(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"title":   "Strata definition files",
		"anyOf":   forms,
		"$defs":   g.defs,
	}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write JSON Schema: %w", err)
	}
	return append(text, '\n'), nil
}

// schemaWriter turns shapes into JSON Schema. Shapes with a ref are written
// once, under $defs, so that a shape may hold itself.
type schemaWriter struct {
	defs map[string]any
}

func reference(name string) map[string]any {
	return map[string]any{"$ref": "#/$defs/" + name}
}

// of returns the schema of a shape, or a reference to it.
func (g *schemaWriter) of(s *shape) map[string]any {
	if s.ref == "" {
		return g.form(s)
	}
	if _, begun := g.defs[s.ref]; !begun {
		g.defs[s.ref] = nil
		g.defs[s.ref] = g.form(s)
	}
	return reference(s.ref)
}

// form writes the forms that may stand at a place: alone, or as a choice.
func (g *schemaWriter) form(s *shape) map[string]any {
	var forms []any
	if s.value != "" {
		forms = append(forms, valueSchema(s.value))
	}
	if s.list != nil {
		list := map[string]any{"type": "array", "items": g.of(s.list)}
		if !s.empty {
			list["minItems"] = 1
		}
		forms = append(forms, list)
	}
	if s.takesMap() {
		forms = append(forms, g.mapping(s))
	}
	if s.empty {
		forms = append(forms, map[string]any{"type": "null"})
	}
	if len(forms) == 1 {
		if only, ok := forms[0].(map[string]any); ok {
			return only
		}
	}
	return map[string]any{"anyOf": forms}
}

func (g *schemaWriter) mapping(s *shape) map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, k := range s.keys {
		property := g.of(k.shape)
		property["description"] = k.doc
		properties[k.name] = property
		if k.required {
			required = append(required, k.name)
		}
	}
	schema := map[string]any{"type": "object", "additionalProperties": false}
	if s.rest != nil {
		schema["additionalProperties"] = g.of(s.rest)
	}
	if s.rest != nil && s.names != anyWord {
		schema["propertyNames"] = map[string]any{"pattern": namePattern.String()}
	}
	if len(properties) > 0 {
		schema["properties"] = properties
	}
	if len(required) > 0 {
		schema["required"] = required
	}
	if s.single {
		schema["minProperties"], schema["maxProperties"] = 1, 1
	} else if !s.empty {
		schema["minProperties"] = 1
	}
	relations(schema, s)
	return schema
}

// relations adds which keys exclude each other and which need another.
func relations(schema map[string]any, s *shape) {
	for _, group := range s.oneOf {
		var choices []any
		for _, name := range group {
			choices = append(choices, map[string]any{"required": []string{name}})
		}
		schema["oneOf"] = choices
	}
	if len(s.needs) > 0 {
		needs := map[string]any{}
		for _, need := range s.needs {
			needs[need[0]] = []string{need[1]}
		}
		schema["dependentRequired"] = needs
	}
}

// valueSchema says how a scalar looks. YAML reads 20 as a number and 20..400
// as text, so most kinds take more than one type.
func valueSchema(kind valueKind) map[string]any {
	anyScalar := []string{"string", "number", "boolean"}
	text := func(pattern string) map[string]any {
		return map[string]any{"type": "string", "pattern": pattern}
	}
	switch kind {
	case booleanValue:
		return map[string]any{"type": "boolean"}
	case sizeValue:
		return map[string]any{"type": []string{"string", "integer"}, "pattern": `^\d*\.\.\d*$`}
	case shareValue:
		return text(`^\d+(\.\d+)?\s*%$`)
	case rangeValue:
		return text(`^-?\d+(\.\d+)?\.\.-?\d+(\.\d+)?$`)
	case amountValue:
		return map[string]any{"type": []string{"string", "number"}, "pattern": `^-?\$?\w+(\.\d+)?$`}
	case transitionValue:
		return text("->")
	case entryValue:
		return text(namePattern.String())
	case bandValue, durationValue, rowsValue, touchValue:
		return map[string]any{"type": "string"}
	case expressionValue, stageValue, textValue, literalValue, periodicValue:
		return map[string]any{"type": anyScalar}
	}
	return map[string]any{}
}

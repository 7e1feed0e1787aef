package propose

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"strata/segments/catalog"
)

// maxParts is how many parts of a JSON column are named, those that most rows
// have first.
const maxParts = 40

// seenPart is a part of a JSON column over all sampled rows.
type seenPart struct {
	path  string
	count int
	first int
	kinds map[string]bool
}

// jsonFields names the parts of a column that holds JSON objects.
func (s *draft) jsonFields(o *output) {
	// A point in the column's own name would be taken for a step of the path.
	if strings.Contains(o.name, ".") || !holdsText(o.physical) && (o.from.kind != catalog.Text || !o.from.all(isObject)) {
		return
	}
	parts := partsOf(o.from)
	if len(parts) > maxParts {
		parts = parts[:maxParts]
	}
	for _, part := range parts {
		steps := strings.Split(part.path, ".")
		name := snake(steps[len(steps)-1])
		if name == "" {
			continue
		}
		if s.taken[name] || s.clashes(name, nil) {
			name = snake(o.name + "_" + strings.Join(steps, "_"))
		}
		if s.clashes(name, nil) {
			name = singular(s.name) + "_" + name
		}
		name = s.free(name)
		s.taken[name] = true
		s.fields = append(s.fields, field{name: name, path: o.name + "." + part.path, kind: kindOf(part.kinds)})
	}
}

func isObject(text string) bool {
	return strings.HasPrefix(text, "{") && json.Valid([]byte(text))
}

// partName is a key that can stand in a path.
var partName = regexp.MustCompile(`^[^."\\\x00-\x1f]+$`)

// partsOf lists the parts of all sampled documents, most frequent first, two
// levels deep.
func partsOf(c *column) []*seenPart {
	seen := map[string]*seenPart{}
	var visit func(prefix string, document map[string]any)
	visit = func(prefix string, document map[string]any) {
		keys := make([]string, 0, len(document))
		for key := range document {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for _, key := range keys {
			value := document[key]
			if !partName.MatchString(key) || key != strings.TrimSpace(key) {
				continue
			}
			if inner, ok := value.(map[string]any); ok {
				if prefix == "" {
					visit(key+".", inner)
				}
				continue
			}
			part := seen[prefix+key]
			if part == nil {
				part = &seenPart{path: prefix + key, first: len(seen), kinds: map[string]bool{}}
				seen[prefix+key] = part
			}
			part.count++
			if kind := kindOfValue(value); kind != "" {
				part.kinds[kind] = true
			}
		}
	}
	for _, text := range c.texts() {
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		var document map[string]any
		if decoder.Decode(&document) == nil {
			visit("", document)
		}
	}
	parts := make([]*seenPart, 0, len(seen))
	for _, part := range seen {
		if len(part.kinds) > 0 {
			parts = append(parts, part)
		}
	}
	slices.SortFunc(parts, func(a, b *seenPart) int {
		if a.count != b.count {
			return b.count - a.count
		}
		return a.first - b.first
	})
	return parts
}

// The types that fields can give to parts of JSON.
const (
	textKind    = "text"
	integerKind = "integer"
	decimalKind = "decimal"
	numberKind  = "number"
	booleanKind = "boolean"
	dateKind    = "date"
	timeKind    = "timestamp"
	listKind    = "list"
)

// kindOfValue is the type of one value, "" for null and for what rules cannot
// read.
func kindOfValue(v any) string {
	switch v := v.(type) {
	case bool:
		return booleanKind
	case json.Number:
		return kindOfNumber(v.String())
	case string:
		switch {
		case isoForms[0].pattern.MatchString(v):
			return dateKind
		case isoForms[1].pattern.MatchString(v), isoForms[2].pattern.MatchString(v):
			return timeKind
		}
		return textKind
	case []any:
		if slices.ContainsFunc(v, func(item any) bool {
			_, object := item.(map[string]any)
			_, list := item.([]any)
			return object || list
		}) {
			return ""
		}
		return listKind
	}
	return ""
}

// kindOfNumber keeps numbers of up to four decimals exact.
func kindOfNumber(text string) string {
	_, fraction, decimal := strings.Cut(text, ".")
	switch {
	case strings.ContainsAny(text, "eE") || len(fraction) > 4:
		return numberKind
	case decimal:
		return decimalKind
	}
	return integerKind
}

// kindOf is the type that holds all values that were seen.
func kindOf(kinds map[string]bool) string {
	if len(kinds) == 1 {
		for kind := range kinds {
			return kind
		}
	}
	only := func(allowed ...string) bool {
		for kind := range kinds {
			if !slices.Contains(allowed, kind) {
				return false
			}
		}
		return true
	}
	switch {
	case only(integerKind, decimalKind):
		return decimalKind
	case only(integerKind, decimalKind, numberKind):
		return numberKind
	case only(dateKind, timeKind):
		return timeKind
	}
	return textKind
}

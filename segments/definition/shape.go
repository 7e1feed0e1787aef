package definition

import (
	"slices"

	"strata/segments/source"
)

// A shape says what may stand at a place of a file. One table of shapes
// serves the check of keys, their suggestions, the formatter (which must know
// where expressions stand) and the JSON Schema, so that these cannot differ.
type shape struct {
	// name is how messages speak of the place, such as "a segment".
	name string
	// ref names the shape in the JSON Schema; it is needed where shapes are
	// used often or inside themselves.
	ref string
	// value says which scalar may stand here; "" for none.
	value valueKind
	// list is the shape of a list's items; nil where no list may stand.
	list *shape
	// keys are the known keys of a map, rest is the shape under every other
	// key. Without both no map may stand here.
	keys []key
	rest *shape
	// names says which words the keys beside the known ones may be.
	names nameKind
	// single demands exactly one entry of a map.
	single bool
	// oneOf are groups of keys of which exactly one must be there.
	oneOf [][]string
	// needs are pairs of keys: where the first is there, so must be the
	// second.
	needs [][2]string
	// empty allows null and lists and maps without entries.
	empty bool
}

// key is a known key of a map.
type key struct {
	name     string
	doc      string
	shape    *shape
	required bool
}

// nameKind tells the words that may be keys apart.
type nameKind string

const (
	anyWord    nameKind = ""           // a column, a source
	definition nameKind = "definition" // a name that rules can use
	local      nameKind = "local"      // a leaf, a stage
)

// valueKind tells scalars apart.
type valueKind string

const (
	textValue       valueKind = "text"
	expressionValue valueKind = "expression"
	entryValue      valueKind = "entry" // the bare name of a segment or list
	bandValue       valueKind = "band"
	stageValue      valueKind = "stage" // an expression or else
	transitionValue valueKind = "transition"
	durationValue   valueKind = "duration"
	amountValue     valueKind = "amount" // a number or a param
	booleanValue    valueKind = "boolean"
	sizeValue       valueKind = "size"
	shareValue      valueKind = "share"
	rangeValue      valueKind = "range"
	literalValue    valueKind = "literal"
	periodicValue   valueKind = "metric expression" // calls without windows
	rowsValue       valueKind = "stream with a filter"
	touchValue      valueKind = "duration or off"
)

// keyNames returns the known keys in the order of the table.
func (s *shape) keyNames() []string {
	names := make([]string, 0, len(s.keys))
	for _, k := range s.keys {
		names = append(names, k.name)
	}
	return names
}

// key returns the known key of a name, or nil.
func (s *shape) key(name string) *key {
	i := slices.IndexFunc(s.keys, func(k key) bool { return k.name == name })
	if i < 0 {
		return nil
	}
	return &s.keys[i]
}

// child returns the shape under a key, or nil where the key is not known.
func (s *shape) child(name string) *shape {
	if k := s.key(name); k != nil {
		return k.shape
	}
	return s.rest
}

// known returns the shape itself, and where it is missing one under which all is
// plain text.
func (s *shape) known() *shape {
	if s == nil {
		return &shape{value: textValue}
	}
	return s
}

func (s *shape) takesMap() bool { return len(s.keys) > 0 || s.rest != nil }

// takes reports whether a node of a kind may stand here.
func (s *shape) takes(kind nodeKind) bool {
	switch kind {
	case scalarNode:
		return s.value != ""
	case listNode:
		return s.list != nil
	case mapNode:
		return s.takesMap()
	}
	return false
}

// want names the forms that may stand here, for messages.
func (s *shape) want() string {
	var forms []string
	switch s.value {
	case "":
	case textValue, literalValue:
		forms = append(forms, "a value")
	case expressionValue, stageValue, periodicValue:
		forms = append(forms, "an expression")
	case entryValue:
		forms = append(forms, "a name")
	case amountValue:
		forms = append(forms, "a number", "a param")
	case bandValue, transitionValue, durationValue, booleanValue, sizeValue, shareValue, rangeValue, rowsValue, touchValue:
		forms = append(forms, "a "+string(s.value))
	}
	if s.list != nil {
		forms = append(forms, "a list")
	}
	if s.takesMap() {
		forms = append(forms, "a map")
	}
	if len(forms) == 0 {
		return "nothing"
	}
	return source.Alternatives(forms)
}

package contain

import (
	"regexp"
	"slices"
	"strings"

	"strata/segments/check"
	"strata/segments/definition"
)

// Difference is how the rules of two definitions differ, leaf by leaf.
type Difference struct {
	// OnlyA and OnlyB are the leaves that one of the two has and the other has not,
	// in the words of the language.
	OnlyA, OnlyB []string
	// Changed are leaves of both that differ in constants alone, as the first and
	// as the second writes them.
	Changed [][2]string
	// Note says what else differs, "" for nothing.
	Note string
}

// Differ returns how the rules of two segments, or stages named
// "partition.stage", differ. Where the leaves are the same they may still be put
// together in another way, which Note says.
func Differ(program *check.Program, a, b string) Difference {
	x, y := readRule(program, a), readRule(program, b)
	var d Difference
	d.OnlyA, d.OnlyB = without(x.leaves, y.leaves), without(y.leaves, x.leaves)
	d.pair()
	var notes []string
	if len(d.OnlyA)+len(d.OnlyB)+len(d.Changed) == 0 && x.shape != y.shape && x.note == y.note {
		notes = append(notes, "the same conditions are put together in another way")
	}
	for _, r := range []parts{x, y} {
		if r.note != "" && a != b {
			notes = append(notes, r.note)
		}
	}
	if gates := func(r parts) string { return strings.Join(r.gates, ", ") }; gates(x) != gates(y) {
		notes = append(notes, "gates: "+orNone(gates(x))+" and "+orNone(gates(y)))
	}
	d.Note = strings.Join(notes, ". ")
	return d
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

// parts are a rule taken apart.
type parts struct {
	leaves []string
	// shape is the rule with its structure, for comparison.
	shape string
	gates []string
	// note is what the leaves do not say.
	note string
}

// readRule takes the rule of a name apart.
func readRule(program *check.Program, name string) parts {
	var r parts
	owner, stage, isStage := strings.Cut(name, ".")
	d, ok := program.Lookup(owner)
	if !ok {
		return r
	}
	for _, gate := range check.GatesOf(d) {
		r.gates = append(r.gates, gate.DefinitionName())
	}
	switch x := d.(type) {
	case *check.Segment:
		if x.Where == nil {
			r.leaves = []string{"sql: of " + name}
			return r
		}
		r.tree(x.Where)
	case *check.Partition:
		for i, known := range x.Stages {
			if isStage && known.Name == stage && known.X != nil {
				r.tree(&check.Tree{Kind: definition.Leaf, X: known.X})
				if i > 0 {
					r.note = name + " takes only whom no stage before it takes"
				}
			} else if isStage && known.Name == stage {
				r.leaves = []string{"none of the other stages of " + owner}
			}
		}
	}
	return r
}

// tree collects the parts of a rule that all have to hold: leaves, the terms of a
// leaf that is an "and", and what else is grouped as one text.
func (r *parts) tree(t *check.Tree) {
	if t.Kind == definition.All {
		for _, child := range t.Children {
			r.tree(child)
		}
		return
	}
	terms := []string{written(t)}
	if and, ok := t.X.(*check.And); ok && t.Kind == definition.Leaf {
		terms = terms[:0]
		for _, term := range and.Terms {
			terms = append(terms, check.Text(term))
		}
	}
	r.leaves = append(r.leaves, terms...)
	r.shape += strings.Join(terms, ";") + ";"
}

// written is a tree as one text.
func written(t *check.Tree) string {
	if t.Kind == definition.Leaf {
		return check.Text(t.X)
	}
	texts := make([]string, len(t.Children))
	for i, child := range t.Children {
		texts[i] = written(child)
		if child.Kind != definition.Leaf && child.Kind != definition.None && len(child.Children) > 1 {
			texts[i] = "(" + texts[i] + ")"
		}
	}
	switch t.Kind { //nolint:exhaustive // A leaf was dealt with.
	case definition.Any:
		return strings.Join(texts, " or ")
	case definition.None:
		return negated(strings.Join(texts, " and "))
	}
	return strings.Join(texts, " and ")
}

func negated(text string) string { return "not (" + text + ")" }

// without are the texts of one list that are not in another, each once.
func without(list, other []string) []string {
	var rest []string
	for _, text := range list {
		if !slices.Contains(other, text) && !slices.Contains(rest, text) {
			rest = append(rest, text)
		}
	}
	return rest
}

// constants are what may differ between leaves that are otherwise the same: texts
// and numbers with their units.
var constants = regexp.MustCompile(`'(?:[^']|'')*'|\b\d+(?:\.\d+)?(?: (?:second|minute|hour|day|week|month|quarter|year)s?\b)?|(?:<=|>=|<|>)`)

// pair takes leaves that differ in constants alone out of both lists.
func (d *Difference) pair() {
	form := func(text string) string { return constants.ReplaceAllString(text, "#") }
	var rest []string
	for _, a := range d.OnlyA {
		at := slices.IndexFunc(d.OnlyB, func(b string) bool { return form(a) == form(b) })
		if at < 0 {
			rest = append(rest, a)
			continue
		}
		d.Changed = append(d.Changed, [2]string{a, d.OnlyB[at]})
		d.OnlyB = slices.Delete(slices.Clone(d.OnlyB), at, at+1)
	}
	d.OnlyA = rest
}

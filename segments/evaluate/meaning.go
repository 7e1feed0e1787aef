package evaluate

import (
	"maps"
	"slices"
	"strings"

	"strata/segments/check"
)

// Meaning is what a definition means: its hash, as runs keep it, and the
// canonical texts that it follows from.
type Meaning struct {
	// Hash identifies the meaning, and Canonical is the text that was hashed.
	Hash, Canonical string
	// Own is the definition's own text, its gates by name included.
	Own string
	// Parts are the texts of what it needs, by name: definitions and the gates by
	// their names, a param as "$name", "stream name" and "source name". A source
	// is there where it is given by a query.
	Parts map[string]string
}

// partMark begins the line before the text of a part.
const partMark = "-- "

// MeaningOf returns the meaning of a definition.
func MeaningOf(p *check.Program, d check.Definition) Meaning {
	hash, canonical := meaning(p, d)
	m := Meaning{Hash: hash, Canonical: canonical, Parts: meantBy(p, d).parts}
	m.Own = m.Parts[d.DefinitionName()]
	delete(m.Parts, d.DefinitionName())
	return m
}

// ReadMeaning takes the canonical text of a unit of a run apart. A comment in the
// query of a source looks like the name of a part, so what was read is compared
// with what was read. The hash stays empty: whoever has the text knows it.
func ReadMeaning(canonical string) Meaning {
	m := Meaning{Canonical: canonical, Parts: map[string]string{}}
	name := ""
	var text strings.Builder
	keep := func() {
		// What stands between two parts is no part of either.
		part := strings.TrimRight(text.String(), "\n")
		if name == "" {
			m.Own = part
		} else {
			m.Parts[name] = part
		}
		text.Reset()
	}
	for line := range strings.Lines(canonical) {
		if next, ok := strings.CutPrefix(line, partMark); ok {
			keep()
			name = strings.TrimSuffix(next, "\n")
			continue
		}
		text.WriteString(line)
	}
	keep()
	return m
}

// Changed returns the names of the parts that two meanings have in common and
// whose texts differ, sorted.
func (m Meaning) Changed(other Meaning) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(m.Parts)) {
		if text, ok := other.Parts[name]; ok && text != m.Parts[name] {
			names = append(names, name)
		}
	}
	return names
}

// PartsOf returns the names of all that an expression depends on, named as in
// Meaning, sorted.
func PartsOf(p *check.Program, e check.Expr) []string {
	m := &meant{program: p, parts: map[string]string{}}
	m.addNamed(e.Span().Text())
	check.Walk(e, func(x check.Expr) bool {
		if ref, ok := x.(*check.Ref); ok {
			m.add(ref.Target)
		}
		return true
	})
	return slices.Sorted(maps.Keys(m.parts))
}

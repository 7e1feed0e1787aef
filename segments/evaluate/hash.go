package evaluate

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"regexp"
	"slices"
	"strings"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/rule"
)

// meaning returns the canonical text of a definition with all that it needs,
// and its hash. Two definitions with one hash have the same members on the
// same data. Params, streams and queries of sources count as far as a text
// names them. The gates are the definition's own: what it needs is needed for
// its members, whom gates do not change.
func meaning(p *check.Program, d check.Definition) (hash, canonical string) {
	m := meantBy(p, d)
	var text strings.Builder
	text.WriteString(m.parts[d.DefinitionName()])
	for _, name := range slices.Sorted(maps.Keys(m.parts)) {
		if name != d.DefinitionName() {
			text.WriteString("\n" + partMark + name + "\n" + m.parts[name])
		}
	}
	sum := sha256.Sum256([]byte(text.String()))
	return hex.EncodeToString(sum[:]), text.String()
}

// meantBy collects the texts of a definition and of all that it needs.
func meantBy(p *check.Program, d check.Definition) *meant {
	m := &meant{program: p, parts: map[string]string{}}
	m.add(d)
	for _, gate := range check.GatesOf(d) {
		m.add(gate)
	}
	m.note("source", p.Customers.Name)
	return m
}

// meant collects the texts that a definition's meaning depends on, by name.
type meant struct {
	program *check.Program
	parts   map[string]string
}

// add takes in a definition with what it needs.
func (m *meant) add(d check.Definition) {
	if _, ok := m.parts[d.DefinitionName()]; ok {
		return
	}
	text := canonicalOf(m.program.Set, d)
	m.parts[d.DefinitionName()] = text
	m.addNamed(text)
	for _, need := range d.Needs() {
		m.add(need)
	}
}

// word is a name, or a param with its $, in a text.
var word = regexp.MustCompile(`\$?[a-z_][a-z0-9_]*`)

// addNamed takes in the params, streams and sources that a text names. A word
// inside of a quoted text counts as well, which does no harm.
func (m *meant) addNamed(text string) {
	// A canonical text holds the SQL of a user with escapes.
	text = strings.NewReplacer(`\n`, " ", `\t`, " ", `\r`, " ").Replace(strings.ToLower(text))
	for _, name := range word.FindAllString(text, -1) {
		m.note("", name)
	}
}

// note takes in the param, stream or source of a name; a kind narrows it to
// sources.
func (m *meant) note(kind, name string) {
	set := m.program.Set
	for _, source := range set.Project.Sources {
		if source.Name.Name == name && source.Query.Value != "" {
			m.parts["source "+name] = source.Query.Value
		}
	}
	if kind != "" {
		return
	}
	for _, param := range set.Params {
		if "$"+param.Name.Name == name {
			m.parts[name] = param.Canonical()
		}
	}
	for _, stream := range set.Project.Streams {
		if _, ok := m.parts["stream "+name]; !ok && stream.Name.Name == name {
			m.parts["stream "+name] = streamText(stream)
			m.addNamed(streamText(stream))
		}
	}
}

func streamText(s *definition.Stream) string {
	text := "from " + s.From.Value + " type " + s.Type.Value
	if s.Where != nil {
		text += " where " + rule.Format(s.Where)
	}
	return text
}

// canonicalOf finds a definition as it was read. A rule that was typed is in
// no file; its own text stands for it.
func canonicalOf(set *definition.Set, d check.Definition) string {
	name := d.DefinitionName()
	for _, x := range set.Segments {
		if x.Name.Name == name {
			return x.Canonical()
		}
	}
	for _, x := range set.Partitions {
		if x.Name.Name == name {
			return x.Canonical()
		}
	}
	for _, x := range set.Traits {
		if x.Name.Name == name {
			return x.Canonical()
		}
	}
	for _, x := range set.Gates {
		if x.Name.Name == name {
			return x.Canonical()
		}
	}
	for _, x := range set.Lists {
		if x.Name.Name == name {
			return x.Canonical()
		}
	}
	return name
}

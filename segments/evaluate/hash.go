package evaluate

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/rule"
)

// meaning returns the canonical text of a definition with all that it needs,
// and its hash. Two definitions with one hash have the same members on the
// same data. Params, lists and streams count as far as a text names them.
func meaning(p *check.Program, d check.Definition) (hash, canonical string) {
	parts := map[string]string{}
	collect(p, d, parts)
	names := make([]string, 0, len(parts))
	for name := range parts {
		if name != d.DefinitionName() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var text strings.Builder
	text.WriteString(parts[d.DefinitionName()])
	for _, name := range names {
		text.WriteString("\n-- " + name + "\n" + parts[name])
	}
	sum := sha256.Sum256([]byte(text.String()))
	return hex.EncodeToString(sum[:]), text.String()
}

func collect(p *check.Program, d check.Definition, parts map[string]string) {
	if _, ok := parts[d.DefinitionName()]; ok {
		return
	}
	text := canonicalOf(p.Set, d)
	parts[d.DefinitionName()] = text
	for _, param := range p.Set.Params {
		if strings.Contains(text, "$"+param.Name.Name) {
			parts["$"+param.Name.Name] = param.Canonical()
		}
	}
	for _, stream := range p.Set.Project.Streams {
		if strings.Contains(text, stream.Name.Name) {
			parts["stream "+stream.Name.Name] = streamText(stream)
		}
	}
	for _, need := range d.Needs() {
		collect(p, need, parts)
	}
	for _, gate := range gatesOf(d) {
		collect(p, gate, parts)
	}
}

func streamText(s *definition.Stream) string {
	text := "from " + s.From.Value + " type " + s.Type.Value
	if s.Where != nil {
		text += " where " + rule.Format(s.Where)
	}
	return text
}

func gatesOf(d check.Definition) []*check.Gate {
	switch x := d.(type) {
	case *check.Segment:
		return x.Gates
	case *check.Partition:
		return x.Gates
	}
	return nil
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

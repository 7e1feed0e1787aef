package check

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"strata/segments/source"
)

// Lookup returns the definition of a name: a trait, segment, partition, list
// or gate.
func (p *Program) Lookup(name string) (Definition, bool) {
	if d, ok := p.names.definitions[name]; ok {
		return d, true
	}
	if g, ok := p.names.gates[name]; ok {
		return g, true
	}
	return nil, false
}

// Select returns the definitions that selectors ask for, each once, in file
// order of kinds: lists, traits, segments, partitions, gates. A selector is a
// name, a glob such as vip_*, tag:NAME, owner:NAME or path:GLOB; a "+" before
// it adds all that its definitions need, gates included. Globs and labels find
// segments and partitions, names anything. No selectors ask for all segments
// and partitions. A selector that finds nothing is an error.
func (p *Program) Select(selectors []string) ([]Definition, error) {
	chosen := map[Definition]bool{}
	if len(selectors) == 0 {
		for _, d := range p.runnable() {
			chosen[d] = true
		}
	}
	for _, selector := range selectors {
		rest, withNeeds := strings.CutPrefix(selector, "+")
		found, err := p.find(rest)
		if err != nil {
			return nil, err
		}
		for _, d := range found {
			chosen[d] = true
			if withNeeds {
				addNeeds(d, chosen)
			}
		}
	}
	return slices.DeleteFunc(p.all(), func(d Definition) bool { return !chosen[d] }), nil
}

// runnable are the definitions that have members.
func (p *Program) runnable() []Definition {
	var list []Definition
	for _, d := range p.Segments {
		list = append(list, d)
	}
	for _, d := range p.Partitions {
		list = append(list, d)
	}
	return list
}

// all are the definitions of every kind.
func (p *Program) all() []Definition {
	var list []Definition
	for _, d := range p.Lists {
		list = append(list, d)
	}
	for _, d := range p.Traits {
		list = append(list, d)
	}
	list = append(list, p.runnable()...)
	for _, d := range p.Gates {
		list = append(list, d)
	}
	return list
}

// find returns what one selector without its "+" asks for.
func (p *Program) find(selector string) ([]Definition, error) {
	kind, value, labelled := strings.Cut(selector, ":")
	var matches func(Definition) bool
	switch {
	case labelled && kind == "tag":
		matches = func(d Definition) bool { return slices.Contains(d.About().Tags, value) }
	case labelled && kind == "owner":
		matches = func(d Definition) bool { return d.About().Owner == value }
	case labelled && kind == "path":
		matches = func(d Definition) bool { return underPath(fileOf(d), value) }
	case labelled:
		return nil, fmt.Errorf("select %q: selectors are names, globs, tag:, owner:, path: and +name", selector)
	case strings.ContainsAny(selector, "*?["):
		if _, err := path.Match(selector, ""); err != nil {
			return nil, fmt.Errorf("select %q: %w", selector, err)
		}
		matches = func(d Definition) bool {
			ok, err := path.Match(selector, d.DefinitionName())
			return ok && err == nil
		}
	default:
		if d, ok := p.Lookup(selector); ok {
			return []Definition{d}, nil
		}
		return nil, p.unknown(selector)
	}
	found := slices.DeleteFunc(p.runnable(), func(d Definition) bool { return !matches(d) })
	if len(found) == 0 {
		return nil, fmt.Errorf("select %q: no segment or partition matches", selector)
	}
	return found, nil
}

func (p *Program) unknown(name string) error {
	var known []string
	for _, d := range p.all() {
		known = append(known, d.DefinitionName())
	}
	if hint := source.DidYouMean(name, known); hint != "" {
		return fmt.Errorf("select %q: no such definition; %s", name, hint)
	}
	return fmt.Errorf("select %q: no such definition", name)
}

// fileOf is the path of a definition's file.
func fileOf(d Definition) string {
	if f := d.About().Name.At.File; f != nil {
		return f.Name
	}
	return ""
}

// underPath reports whether a file is a path, lies in the folder of that path,
// or matches it as a glob.
func underPath(file, pattern string) bool {
	pattern = strings.TrimSuffix(strings.TrimPrefix(pattern, "./"), "/")
	if file == pattern || strings.HasPrefix(file, pattern+"/") {
		return true
	}
	ok, err := path.Match(pattern, file)
	return ok && err == nil
}

// addNeeds adds all that a definition needs, and what that needs, gates
// included.
func addNeeds(d Definition, chosen map[Definition]bool) {
	waiting := []Definition{d}
	for len(waiting) > 0 {
		next := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		needed := slices.Clone(next.Needs())
		for _, gate := range GatesOf(next) {
			needed = append(needed, gate)
		}
		for _, n := range needed {
			if !chosen[n] {
				chosen[n] = true
				waiting = append(waiting, n)
			}
		}
	}
}

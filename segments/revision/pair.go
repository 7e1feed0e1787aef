package revision

import (
	"maps"
	"slices"
	"strings"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/evaluate"
)

// pair is a segment or partition in both versions, nil on a side without it.
type pair struct {
	before, after check.Definition
	was           string
}

// membered are the definitions of a program that have members, segments first.
func membered(p *check.Program) []check.Definition {
	var list []check.Definition
	for _, s := range p.Segments {
		list = append(list, s)
	}
	for _, x := range p.Partitions {
		list = append(list, x)
	}
	return list
}

// pairs are the definitions of both versions, those of the version after in
// their order, then those that are gone. A definition is the same under one name,
// or where it says which one it had.
func pairs(before, after *check.Program) []pair {
	there := func(p *check.Program, name, kind string) check.Definition {
		if d, ok := p.Lookup(name); ok && d.DefinitionKind() == kind {
			return d
		}
		return nil
	}
	var list []pair
	met := map[check.Definition]bool{}
	for _, d := range membered(after) {
		p := pair{after: d, before: there(before, d.DefinitionName(), d.DefinitionKind())}
		was := d.About().Was.Name
		if p.before == nil && was != "" && there(after, was, d.DefinitionKind()) == nil {
			if p.before = there(before, was, d.DefinitionKind()); p.before != nil {
				p.was = was
			}
		}
		if p.before != nil {
			met[p.before] = true
		}
		list = append(list, p)
	}
	for _, d := range membered(before) {
		if !met[d] {
			list = append(list, pair{before: d})
		}
	}
	return list
}

// any is the definition in the version that has it, the later one first.
func (p pair) any() check.Definition {
	if p.after != nil {
		return p.after
	}
	return p.before
}

// ruleOf is the canonical text of a definition without its gates.
func ruleOf(d check.Definition) string {
	switch x := d.(type) {
	case *check.Segment:
		bare := *x.Definition
		bare.Gates = nil
		return bare.Canonical()
	case *check.Partition:
		bare := *x.Definition
		bare.Gates = nil
		return bare.Canonical()
	}
	return ""
}

// gatesOf are the names of a definition's gates, sorted.
func gatesOf(d check.Definition) string {
	var names []string
	for _, gate := range check.GatesOf(d) {
		names = append(names, gate.DefinitionName())
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), " ")
}

// expectOf is what a definition expects of its size, nil for nothing.
func expectOf(d check.Definition) *definition.Expect {
	switch x := d.(type) {
	case *check.Segment:
		return x.Definition.Expect
	case *check.Partition:
		return x.Definition.Expect
	}
	return nil
}

// sameLimits reports whether two definitions have the same bounds on the size.
func sameLimits(a, b check.Definition) bool {
	low := func(e *definition.Expect) *int64 {
		if e == nil {
			return nil
		}
		return e.SizeMin
	}
	high := func(e *definition.Expect) *int64 {
		if e == nil {
			return nil
		}
		return e.SizeMax
	}
	same := func(a, b *int64) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }
	x, y := expectOf(a), expectOf(b)
	return same(low(x), low(y)) && same(high(x), high(y))
}

// labels are what the names of parts of a meaning are called.
type labels struct{ programs []*check.Program }

func (l labels) of(part string) string {
	if param, ok := strings.CutPrefix(part, "$"); ok {
		return "param " + param
	}
	if strings.Contains(part, " ") {
		return part // A stream or source.
	}
	for _, p := range l.programs {
		if d, ok := p.Lookup(part); ok {
			return d.DefinitionKind() + " " + part
		}
	}
	return part
}

// differences are what is written differently about a pair.
type differences struct {
	change Change
	// parts are the labels of what both versions need and that differs, by the
	// names that leaves know.
	parts map[string]string
	// around are the labels of those that no rule names.
	around []string
}

// zonePart is the project's time zone among the parts of a meaning.
const zonePart = "the time zone"

// compareTexts says how a pair differs in the files; false where it does not.
func (c *comparison) compareTexts(p pair) (differences, bool) {
	d := p.any()
	change := Change{Name: d.DefinitionName(), Kind: d.DefinitionKind(), Was: p.was}
	if at := d.About().At; at.File != nil {
		change.File, change.Line = at.File.Name, at.File.Position(at.Start).Line
	}
	found := differences{change: change, parts: map[string]string{}}
	switch {
	case p.before == nil:
		found.change.Status = New
		return found, true
	case p.after == nil:
		found.change.Status = Deleted
		return found, true
	}
	old, now := evaluate.MeaningOf(c.before.program, p.before), evaluate.MeaningOf(c.after.program, p.after)
	for _, part := range old.Changed(now) {
		found.parts[part] = c.labels.of(part)
	}
	for _, source := range usedOf(c.sources, p) {
		found.parts["source "+source] = "source " + source
		found.around = append(found.around, "source "+source)
	}
	if c.zone {
		found.parts[zonePart] = zonePart
		found.around = append(found.around, zonePart)
	}
	found.change.Rule = ruleOf(p.before) != ruleOf(p.after)
	found.change.Gates = gatesOf(p.before) != gatesOf(p.after)
	found.change.Limits = !sameLimits(p.before, p.after)
	found.change.Through = slices.Sorted(maps.Values(found.parts))
	switch {
	case p.was != "":
		found.change.Status = Renamed
	case found.change.Rule || found.change.Gates || found.change.Limits:
		found.change.Status = Edited
	case len(found.parts) > 0:
		found.change.Status = Affected
	default:
		return found, false
	}
	return found, true
}

// renames proposes a former name for definitions that are gone and there again,
// word for word, under another name. Each is proposed once.
func renames(changes []pair) []Rename {
	var list []Rename
	taken := map[check.Definition]bool{}
	for _, gone := range changes {
		if gone.after != nil {
			continue
		}
		for _, added := range changes {
			d := added.after
			if added.before != nil || taken[d] || d.DefinitionKind() != gone.before.DefinitionKind() || d.About().Was.Name != "" {
				continue
			}
			if ruleOf(d) != ruleOf(gone.before) || gatesOf(d) != gatesOf(gone.before) {
				continue
			}
			taken[d] = true
			list = append(list, renamed(gone.before.DefinitionName(), d))
			break
		}
	}
	return list
}

// renamed proposes a former name for a definition.
func renamed(from string, d check.Definition) Rename {
	r := Rename{Kind: d.DefinitionKind(), From: from, To: d.DefinitionName()}
	if at := d.About().At; at.File != nil {
		r.File, r.Line = at.File.Name, at.File.Position(at.Start).Line
	}
	return r
}

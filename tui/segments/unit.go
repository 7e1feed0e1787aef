package segments

import (
	"strings"

	"strata/segments/check"
	"strata/segments/definition"
)

// unit is a segment, a partition, or a stage of one.
type unit struct {
	// name is the word of the command line.
	name string
	def  check.Definition
	// stage is "" for a segment or partition.
	stage string
}

// partition is the partition that the unit is, nil for a segment or stage.
func (u unit) partition() *check.Partition {
	if p, ok := u.def.(*check.Partition); ok && u.stage == "" {
		return p
	}
	return nil
}

// segment is the segment that the unit is, nil for others.
func (u unit) segment() *check.Segment {
	s, _ := u.def.(*check.Segment)
	return s
}

// kind is what the unit is, in a word.
func (u unit) kind() string {
	if u.stage != "" {
		return "stage"
	}
	return u.def.DefinitionKind()
}

// about is what the file says of it; that of a stage is its partition's.
func (u unit) about() definition.About { return u.def.About() }

// short is the name as it stands below its partition.
func (u unit) short() string {
	if u.stage != "" {
		return u.stage
	}
	return u.name
}

// gated reports whether some members may not be contacted.
func (u unit) gated() bool { return len(check.GatesOf(u.def)) > 0 }

// place is the file and line of the definition.
func (u unit) place() (file string, line int) {
	at := u.about().At
	if at.IsZero() {
		return "", 0
	}
	return at.File.Name, at.File.Position(at.Start).Line
}

// stages are the units of a partition's stages, in order.
func (u unit) stages() []unit {
	p := u.partition()
	if p == nil {
		return nil
	}
	list := make([]unit, len(p.Stages))
	for i, s := range p.Stages {
		list[i] = unit{name: u.name + "." + s.Name, def: p, stage: s.Name}
	}
	return list
}

// units are all segments and partitions, in the order of the files; nil without a
// program.
func units(program *check.Program) []unit {
	if program == nil {
		return nil
	}
	var list []unit
	for _, s := range program.Segments {
		list = append(list, unit{name: s.DefinitionName(), def: s})
	}
	for _, p := range program.Partitions {
		list = append(list, unit{name: p.DefinitionName(), def: p})
	}
	return list
}

// find is the unit of a word; false where it means nothing, such as a definition
// that was removed while its page is open.
func find(program *check.Program, word string) (unit, bool) {
	name, stage, dotted := strings.Cut(word, ".")
	for _, u := range units(program) {
		if u.name != name {
			continue
		}
		if !dotted {
			return u, true
		}
		for _, s := range u.stages() {
			if s.stage == stage {
				return s, true
			}
		}
	}
	return unit{}, false
}

// usedBy says which definitions and campaigns name a definition.
func usedBy(program *check.Program, d check.Definition) (definitions, campaigns []string) {
	for _, other := range program.Order {
		for _, need := range other.Needs() {
			if need == d {
				definitions = append(definitions, other.DefinitionName())
			}
		}
	}
	for _, c := range program.Campaigns {
		uses := c.Audience == d
		for _, by := range c.By {
			uses = uses || by == d
		}
		if uses {
			campaigns = append(campaigns, c.Name)
		}
	}
	return definitions, campaigns
}

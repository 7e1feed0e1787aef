package check

import (
	"strata/segments/definition"
	"strata/segments/source"
)

// Check resolves and types a set of definitions. The program is nil when the
// list has errors; warnings come with it. The list is in the order of files
// and places.
func Check(set *definition.Set) (*Program, source.List) {
	c := newChecker(newNames())
	c.set = whole(set)
	c.project()
	c.params()
	c.streams()
	c.definitions()
	c.metrics()
	c.campaigns()
	c.inlineTests()
	c.lint()
	c.list.Sort()
	if c.list.HasErrors() {
		return nil, c.list
	}
	return c.program(), c.list
}

// whole gives a set whose project file could not be read an empty one, so that
// the definitions can be checked as far as that goes.
func whole(set *definition.Set) *definition.Set {
	if set.Project != nil {
		return set
	}
	copied := *set
	copied.Project = &definition.Project{}
	return &copied
}

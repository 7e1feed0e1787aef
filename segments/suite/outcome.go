package suite

import (
	"time"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/source"
)

// Outcome is what one inline test or one bound came to.
type Outcome struct {
	// Definition is the name of the segment, partition or trait; a bound on a
	// stage names it as "partition.stage".
	Definition string
	// Test is the test's name, or the key of the bound.
	Test string
	// File and Line, from 1, are where it is written.
	File string
	Line int
	// Passed says that everything expected came true. A skipped outcome has
	// passed as well: nothing speaks against it.
	Passed bool
	// Skipped says that there was nothing to compare with.
	Skipped bool
	// Message says what was expected, what came and why; empty for a test that
	// passed. It can have several lines.
	Message string
	// Duration is the time the outcome took. Tests that ran together share
	// theirs evenly.
	Duration time.Duration
}

// outcomeAt is an outcome that knows its place.
func outcomeAt(definitionName, test string, at source.Span) Outcome {
	o := Outcome{Definition: definitionName, Test: test}
	if !at.IsZero() {
		o.File = at.File.Name
		o.Line = at.File.Position(at.Start).Line
	}
	return o
}

// testsOf returns the inline tests of a definition.
func testsOf(d check.Definition) []*definition.Test {
	switch x := d.(type) {
	case *check.Segment:
		return x.Definition.Tests
	case *check.Partition:
		return x.Definition.Tests
	case *check.Trait:
		return x.Definition.Tests
	}
	return nil
}

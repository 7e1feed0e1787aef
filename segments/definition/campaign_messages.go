package definition

import (
	"fmt"

	"strata/segments/source"
)

func diagTwoAssignments(at, split source.Span) source.Diagnostic {
	d := fault(codeExclusive, at, "a campaign has a split or an assignment, not both",
		"a split assigns customers here, an assignment says where they were assigned already")
	d.Related = []source.Related{{Span: split, Message: "the split is here"}}
	return d
}

func diagAssignmentArm(at source.Span) source.Diagnostic {
	return fault(codeMissingKey, at, `an assignment by rows needs the key "arm"`, "arm: names the column that says which arm, such as arm: variant")
}

func diagAssignmentField(at source.Span, key string) source.Diagnostic {
	return fault(codeExclusive, at, fmt.Sprintf("an assignment by a field of the customer has no %q", key),
		"the field itself names the arm; rows of a source or stream are chosen by where and have a column arm")
}

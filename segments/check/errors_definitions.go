package check

import (
	"fmt"
)

func missingBand() problem {
	return problem{
		"E320", "this can be missing, and no band says what happens then",
		"add a band such as `none: missing`; `else` would take customers without a value for low ones",
	}
}

func noStage(name string, p *Partition) problem {
	stages := p.stageNames()
	return problem{
		"E321", fmt.Sprintf("%s has no stage %q", p.DefinitionName(), name),
		meantOr(name, "its stages are", stages),
	}
}

func unknownGate(name string, other bool, gates []string) problem {
	p := problem{"E330", fmt.Sprintf("unknown gate %q", name), meantOr(name, "the gates are", gates)}
	if other {
		p.hint = "it is no gate; make one: `gates: {my_gate: {where: " + name + "}}`"
	}
	return p
}

func gateNegation(field string) problem {
	return problem{
		"E331", fmt.Sprintf("this lets everybody through whose %q is missing", field),
		fmt.Sprintf("say what is allowed, such as `%s = …`, or add `%s is not missing`", field, field),
	}
}

func cannotScore(x Expr) problem {
	return problem{"E340", fmt.Sprintf("a score counts numbers and tests, not %s", describe(x)), ""}
}

func notAnAmount(what string) problem {
	return problem{"E341", what + " must be a number or a param that is one", ""}
}

func negativeCap() problem {
	return problem{"E341", "a cap is not negative", "with negative points the term is cut at minus the cap"}
}

func badHalfLife() problem {
	return problem{"E342", "a half-life weighs rows, and so works on count and sum alone", "`of:` must be one count or sum"}
}

func testSource(name string, sources []string) problem {
	return problem{"E350", fmt.Sprintf("unknown source %q in a test", name), meantOr(name, "rows are given by source:", sources)}
}

func testStream(name, src string) problem {
	return problem{
		"E350", fmt.Sprintf("%q is a stream; a test gives rows of a source", name),
		fmt.Sprintf("give a row of %s", src),
	}
}

func testField(name, src string, fields []string) problem {
	return problem{"E351", fmt.Sprintf("%s has no column %q", src, name), meantOr(name, "its columns are", fields)}
}

func testValue(name, want, text string) problem {
	return problem{"E352", fmt.Sprintf("%q is %s, not %q", name, want, text), ""}
}

func testLeaf(name string, leaves []string) problem {
	return problem{"E353", fmt.Sprintf("there is no leaf %q", name), meantOr(name, "the leaves are", leaves)}
}

func testExpect(what, kind string) problem {
	return problem{"E354", fmt.Sprintf("a %s has no %s to expect", kind, what), ""}
}

func sqlClock() problem {
	return problem{"E360", "this SQL does not use $as_of, so that its past is what it is today", "write `at < $as_of` wherever rows are read"}
}

func neverBuyers(stream, text, other string) problem {
	return problem{
		"W201", fmt.Sprintf("customers without any %s are left out: they have no days since it", stream),
		fmt.Sprintf("write `%s` to have them in, `count(%s) ever > 0 and %s` to say that they are out", other, stream, text),
	}
}

func unusedParam(name string) problem {
	return problem{"W202", fmt.Sprintf("the param $%s is not used", name), "remove it"}
}

func emptyList(name string) problem {
	return problem{"W203", fmt.Sprintf("%q is empty, so that no customer is on it", name), ""}
}

func unusedGate(name string) problem {
	return problem{"W204", fmt.Sprintf("the gate %q is not used", name), "name it in a segment: `gate: " + name + "`"}
}

func neverMissing(not bool) problem {
	result := "false"
	if not {
		result = "true"
	}
	return problem{"W205", "this value is never missing, so that the test is always " + result, "a count or sum over nothing is 0"}
}

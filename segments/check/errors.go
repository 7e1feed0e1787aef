package check

import (
	"fmt"
	"slices"
	"strings"

	"strata/segments/catalog"
	"strata/segments/source"
)

// Every message of this package is made in the errors files, so that they
// speak alike.

// meantOr offers the nearest name, or lists all.
func meantOr(name, label string, candidates []string) string {
	if hint := source.DidYouMean(name, candidates); hint != "" {
		return hint
	}
	if len(candidates) == 0 {
		return ""
	}
	return label + " " + source.Enumerate(candidates)
}

// textHint offers quotes for a word that may be meant as text.
func textHint(name string) string {
	if strings.ContainsAny(name, ".'") {
		return ""
	}
	return "text stands in single quotes: `'" + name + "'`"
}

// article puts the article before a type's name; no kind needs "an".
func article(t catalog.Type) string { return "a " + t.Kind.String() }

// describe says what an expression is worth.
func describe(x Expr) string {
	if c, ok := x.(*Const); ok && c.T.Kind == catalog.Text {
		return "the text '" + c.Text + "'"
	}
	return article(x.Type())
}

func unknownName(name, hint string) problem {
	return problem{"E200", fmt.Sprintf("unknown name %q", name), hint}
}

func customerPrefix(rest string) problem {
	return problem{"E201", "`customer.` is for values of the customer inside a where of rows", "here write `" + rest + "`"}
}

func streamAsValue(name string) problem {
	return problem{
		"E202", fmt.Sprintf("the stream %q is not a value", name),
		fmt.Sprintf("count its rows: `count(%s) last 30 days > 0`", name),
	}
}

func columnOutside(name string, t catalog.Type) problem {
	op := "last"
	if t.Numeric() {
		op = "sum"
	}
	return problem{
		"E202", fmt.Sprintf("%q has a value for each row, not one for the customer", name),
		fmt.Sprintf("say which: `%s(%s) last 30 days`", op, name),
	}
}

func unknownRowColumn(name, stream, hint string) problem {
	return problem{"E203", fmt.Sprintf("rows of %s have no column %q", stream, name), hint}
}

func streamInWhere(stream, rest string) problem {
	return problem{
		"E203", fmt.Sprintf("inside a where of rows a bare name is a column: `%s.` is left out", stream),
		"write `" + rest + "`",
	}
}

func unknownStream(name, hint string) problem {
	return problem{"E204", fmt.Sprintf("unknown stream %q", name), hint}
}

func gateInRule(name string) problem {
	return problem{
		"E205", fmt.Sprintf("the gate %q has no name in rules", name),
		"rules speak of members; put the condition into a segment and name that in both places",
	}
}

func unknownParam(name string, params []string) problem {
	return problem{"E206", fmt.Sprintf("unknown param \"$%s\"", name), meantOr(name, "the params are", params)}
}

func nameShadows(name, what string) problem {
	return problem{"E207", fmt.Sprintf("the name %q is taken by %s", name, what), "give the definition another name"}
}

func needsItself(name string, path []string) problem {
	if len(path) > 12 {
		path = slices.Concat(path[:8], []string{"…"}, path[len(path)-3:])
	}
	return problem{
		"E208", fmt.Sprintf("%q needs itself: %s", name, strings.Join(path, " -> ")),
		"a value can be computed only from others; break the circle at one of these places",
	}
}

func unusableColumn(name, reason string) problem {
	return problem{"E209", fmt.Sprintf("the column %q cannot be used as it is", name), reason}
}

func customerInStream() problem {
	return problem{"E265", "the where of a stream speaks of its rows alone", "test the customer in the segment, or in the where of an aggregate"}
}

func orderInStream(name string) problem {
	return problem{
		"E266", fmt.Sprintf("%s counts the rows of the stream, so that the stream itself cannot depend on it", name),
		"use it in the where of an aggregate",
	}
}

func columnAsOf() problem {
	return problem{"E267", "columns of rows have no history", "`as of` is for fields, traits, segments and partitions of the customer"}
}

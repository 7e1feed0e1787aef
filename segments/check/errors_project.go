package check

import (
	"fmt"
	"strings"

	"strata/segments/catalog"
	"strata/segments/source"
)

func noSchema(sources []string) problem {
	what, pronoun := "the source", "its"
	if len(sources) > 1 {
		what, pronoun = "the sources", "their"
	}
	return problem{
		"E210", fmt.Sprintf("the columns of %s %s are not known", what, source.Enumerate(sources)),
		fmt.Sprintf("run `strata doctor --write-schema`: it looks at the warehouse and writes %s columns to strata.schema.yaml", pronoun),
	}
}

func unknownColumn(name, src string, columns []string) problem {
	return problem{
		"E211", fmt.Sprintf("%s has no column %q", src, name),
		meantOr(name, "its columns are", columns),
	}
}

func roleType(role, want string, f *catalog.Field) problem {
	return problem{
		"E212", fmt.Sprintf("%s must be %s, but %q is %s", role, want, f.Column, f.Physical),
		"map another column, or cast it in a `query:` source",
	}
}

func roleTaken(role, column, src string) problem {
	return problem{
		"E213", fmt.Sprintf("%s maps %q to %q, but has another column named %q", src, column, role, role),
		fmt.Sprintf("give that column another name: `fields: {my_%s: {column: %s}}`", role, role),
	}
}

func reservedColumn(name, src string) problem {
	return problem{
		"E214", fmt.Sprintf("%s has a column %q, which means something else in rules", src, name),
		fmt.Sprintf("give it another name: `fields: {my_%s: {column: %s}}`", strings.ToLower(name), name),
	}
}

func fieldTaken(name, src string) problem {
	return problem{"E215", fmt.Sprintf("%s has a column %q already", src, name), "give the field another name"}
}

func noParts(column, physical string) problem {
	return problem{
		"E216", fmt.Sprintf("%q has no parts: it is %s", column, physical),
		"a path leads into a JSON or STRUCT column",
	}
}

func unknownPart(part, column string, parts []string) problem {
	return problem{"E216", fmt.Sprintf("%q has no part %q", column, part), meantOr(part, "its parts are", parts)}
}

func unknownType(name string, types []string) problem {
	return problem{"E217", fmt.Sprintf("unknown type %q", name), meantOr(name, "the types are", types)}
}

func otherType(want string, f *catalog.Field) problem {
	return problem{
		"E217", fmt.Sprintf("%q is %s, not a %s", f.Column, f.Physical, want),
		"leave the type out; only parts of JSON need one",
	}
}

func unknownSource(name string, sources []string) problem {
	return problem{"E218", fmt.Sprintf("unknown source %q", name), meantOr(name, "the sources are", sources)}
}

func streamOfCustomers() problem {
	return problem{
		"E218", "a stream is read from rows with a time, not from the customers",
		"fields of the customers are used by their bare names",
	}
}

func typeNotMapped(src string) problem {
	return problem{
		"E219", fmt.Sprintf("%s maps no type column", src),
		"map it, as in `type: event_type`, or use `where:`",
	}
}

func keysDiffer(customer, key catalog.Type) problem {
	return problem{
		"E221", fmt.Sprintf("customer is %s here, but the key of the customers is %s", article(customer), article(key)),
		"cast one of them in a `query:` source",
	}
}

func mixedParam(name string, t, u catalog.Type) problem {
	return problem{
		"E222", fmt.Sprintf("the values of $%s are of different types: %s and %s", name, article(t), article(u)),
		"put quotes around the values that are text",
	}
}

func listParam(name string) problem {
	return problem{"E223", fmt.Sprintf("$%s is a list", name), fmt.Sprintf("a list stands behind in: `x in $%s`", name)}
}

// Package queries holds the SQL whose shape never depends on anybody's definitions, one statement per embedded .sql file.
// In comes a file's name and the values of its named parameters; out come text and arguments as warehouse takes them.
//
// A file names a value $name, so that a reader need not count question marks. Where a statement reads a relation whose
// name is known at run time only, the file names it by a quoted identifier such as "run_members", which is valid SQL as it
// stands; With puts the real relation in its place.
package queries

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// all holds the statements; the first folder is the topic.
//
//go:embed */*.sql
var all embed.FS

// Values are the parameters of a statement by name, without the dollar sign.
type Values map[string]any

// Relations are the real, quoted relations by the bare name that stands for them in a statement.
type Relations map[string]string

// Names returns the names of all statements, sorted, such as "commit/difference".
func Names() []string {
	paths, err := fs.Glob(all, "*/*.sql")
	if err != nil {
		return nil
	}
	names := make([]string, len(paths))
	for i, path := range paths {
		names[i] = strings.TrimSuffix(path, ".sql")
	}
	slices.Sort(names)
	return names
}

// Text returns a statement as it stands in its file. The names are constants of this program: one that does not exist is
// a mistake in the program and panics.
func Text(name string) string {
	text, err := all.ReadFile(name + ".sql")
	if err != nil {
		panic("queries: there is no statement " + name)
	}
	return strings.TrimSuffix(strings.TrimSpace(string(text)), ";")
}

// Fill returns a statement with ? for every parameter, and the arguments in order. It is an error when a parameter has no
// value or a value no parameter.
func Fill(name string, values Values) (string, []any, error) {
	text := Text(name)
	var out strings.Builder
	var args []any
	unused := maps.Clone(values)
	from := 0
	for _, p := range parameters(text) {
		value, known := values[text[p.from+1:p.to]]
		if !known {
			return "", nil, fmt.Errorf("fill statement %s: no value for %s", name, text[p.from:p.to])
		}
		delete(unused, text[p.from+1:p.to])
		out.WriteString(text[from:p.from] + "?")
		args = append(args, value)
		from = p.to
	}
	if len(unused) > 0 {
		return "", nil, fmt.Errorf("fill statement %s: no parameter $%s", name, slices.Sorted(maps.Keys(unused))[0])
	}
	out.WriteString(text[from:])
	return out.String(), args, nil
}

// Parameters returns the names of a statement's parameters, sorted, each once.
func Parameters(name string) []string {
	text := Text(name)
	var names []string
	for _, p := range parameters(text) {
		names = append(names, text[p.from+1:p.to])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// With returns the text with the relations in the place of the quoted names that stand for them.
func With(text string, relations Relations) string {
	pairs := make([]string, 0, 2*len(relations))
	for _, name := range slices.Sorted(maps.Keys(relations)) {
		pairs = append(pairs, `"`+name+`"`, relations[name])
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

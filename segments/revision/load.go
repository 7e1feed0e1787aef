package revision

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/evaluate"
	"strata/segments/source"
	"strata/sql/warehouse"
)

// Load reads and checks the definitions of a version. The program is nil where
// the list has errors. dir is the project's folder on disk.
func Load(files fs.FS, dir string) (*check.Program, source.List) {
	set, problems := definition.Load(files, dir)
	if problems.HasErrors() {
		return nil, problems
	}
	program, more := check.Check(set)
	problems.Add(more...)
	problems.Sort()
	return program, problems
}

// Fit makes sure that a committed version can read the present warehouse. Where
// its own strata.schema.yaml describes other tables than there are now, that of
// the working files takes its place, if the version is right with it; replaced
// says so. The error is that of evaluate.Preflight on the version's own files.
func Fit(ctx context.Context, db *warehouse.DB, committed *Tree, before, after *check.Program) (fitting *check.Program, replaced bool, err error) {
	_, err = evaluate.New(db, before).Preflight(ctx)
	if _, other := errors.AsType[*evaluate.MappingError](err); !other {
		return before, false, err
	}
	for _, f := range after.Set.Files {
		if f.Name != columnsFile {
			continue
		}
		committed.Replace(columnsFile, f.Text)
		program, _ := Load(committed, after.Set.Project.Dir)
		if program == nil {
			break
		}
		if _, again := evaluate.New(db, program).Preflight(ctx); again == nil {
			return program, true, nil
		}
	}
	return nil, false, err
}

// Orphan is a definition that the working files do not have any more while
// others of them name it.
type Orphan struct {
	Kind, Name string
	// Now is the name of the definition that says was: about it, "" for none.
	Now   string
	Users []User
}

// User is a definition that names another one, and where.
type User struct {
	Name string
	At   source.Span
}

// Orphans finds, among what is wrong in the working files, the names that the
// version before defines, by name.
func Orphans(before, after *definition.Set, problems source.List) []Orphan {
	old, now := namesOf(before), namesOf(after)
	var list []Orphan
	for _, problem := range problems {
		name := strings.TrimPrefix(problem.Span.Text(), "$")
		d, had := old[name]
		if _, has := now[name]; !had || has || problem.Severity == source.Warning {
			continue
		}
		i := slices.IndexFunc(list, func(o Orphan) bool { return o.Name == name })
		if i < 0 {
			list = append(list, Orphan{Kind: d.kind, Name: name})
			i = len(list) - 1
		}
		for other, x := range now {
			if x.about.Was.Name == name {
				list[i].Now = other
			}
		}
		list[i].Users = append(list[i].Users, User{Name: userAt(now, problem.Span), At: problem.Span})
	}
	slices.SortFunc(list, func(a, b Orphan) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// named is what a name of a version defines.
type named struct {
	kind  string
	about definition.About
}

func namesOf(set *definition.Set) map[string]named {
	all := map[string]named{}
	for _, d := range set.Segments {
		all[d.Name.Name] = named{"segment", d.About}
	}
	for _, d := range set.Partitions {
		all[d.Name.Name] = named{"partition", d.About}
	}
	for _, d := range set.Traits {
		all[d.Name.Name] = named{"trait", d.About}
	}
	for _, d := range set.Lists {
		all[d.Name.Name] = named{"list", d.About}
	}
	for _, d := range set.Gates {
		all[d.Name.Name] = named{"gate", d.About}
	}
	for _, d := range set.Params {
		all[d.Name.Name] = named{"param", d.About}
	}
	if set.Project != nil {
		for _, s := range set.Project.Streams {
			all[s.Name.Name] = named{"stream", definition.About{Name: s.Name}}
		}
	}
	return all
}

// userAt is the definition that a place lies in, or the file.
func userAt(names map[string]named, at source.Span) string {
	for name, d := range names {
		if in := d.about.At; in.File != nil && in.File == at.File && in.Start <= at.Start && at.Start < in.End {
			return name
		}
	}
	return at.File.Name
}

// Error says who still uses the definition.
func (o Orphan) Error() string {
	users := make([]string, len(o.Users))
	for i, u := range o.Users {
		p := u.At.File.Position(u.At.Start)
		users[i] = fmt.Sprintf("%s (%s:%d:%d)", u.Name, u.At.File.Name, p.Line, p.Column)
	}
	return fmt.Sprintf("%s %s is gone and still used by %s", o.Kind, o.Name, strings.Join(users, ", "))
}

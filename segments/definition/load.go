package definition

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"strata/segments/source"
)

// The names that a project's files have.
const (
	projectFile      = "strata.yaml"
	columnsFile      = "strata.schema.yaml"
	definitionFolder = "segments"
	defaultStore     = "strata.duckdb"
)

// Load reads the project whose strata.yaml lies at the root of fsys. dir is
// where that root is on disk; it is kept in Project.Dir and tells which
// absolute links stay inside. Every problem of every file is in the list,
// sorted by file and place; the set holds whatever could be read, so that a
// caller can go on to report more.
func Load(fsys fs.FS, dir string) (*Set, source.List) {
	r := &reader{files: files{fsys: fsys, dir: dir}, set: &Set{}, names: map[string]taken{}}
	r.project()
	r.columns()
	for _, name := range r.definitionFiles() {
		if f := r.file(name); f != nil {
			r.set.Files = append(r.set.Files, f)
			r.definitions(f)
		}
	}
	r.list.Sort()
	return r.set, r.list
}

// reader collects what the files define and what is wrong with them.
type reader struct {
	files files
	set   *Set
	list  source.List
	names map[string]taken
}

// file reads a file of the project; nil where it cannot be used, which is
// then reported.
func (r *reader) file(name string) *source.File {
	f, problem := r.files.text(name)
	if problem != nil {
		r.list.Add(*problem)
	}
	return f
}

// yaml reads the tree of a file and checks it against a shape.
func (r *reader) yaml(f *source.File, s *shape) *node {
	root, list := readYAML(f)
	r.list.Add(list...)
	if root == nil {
		if !list.HasErrors() && !s.empty {
			r.list.Add(diagEmpty(source.Span{File: f}, s.name))
		}
		return nil
	}
	v := &validator{}
	v.check(root, s, s.name)
	r.list.Add(v.list...)
	if root.kind != mapNode {
		return nil
	}
	return root
}

// project reads strata.yaml. The project is there even where the file is not,
// so that callers need not ask.
func (r *reader) project() {
	r.set.Project = &Project{Dir: r.files.dir, Store: made(defaultStore)}
	if !r.files.exists(projectFile) {
		r.list.Add(diagNoProject())
		return
	}
	f := r.file(projectFile)
	if f == nil {
		return
	}
	r.set.Files = append(r.set.Files, f)
	if root := r.yaml(f, projectShape()); root != nil {
		r.readProject(root)
	}
}

// columns reads strata.schema.yaml, which need not be there.
func (r *reader) columns() {
	if !r.files.exists(columnsFile) {
		return
	}
	f := r.file(columnsFile)
	if f == nil {
		return
	}
	r.set.Files = append(r.set.Files, f)
	r.set.Schema = &Schema{Sources: map[string][]Column{}}
	root := r.yaml(f, columnsShape())
	for _, p := range root.get("sources").entries() {
		for _, column := range p.value.entries() {
			r.set.Schema.Sources[p.name()] = append(r.set.Schema.Sources[p.name()],
				Column{Name: column.name(), Type: scalarOf(column.value).Value})
		}
	}
}

// definitionFiles returns the paths of all definition files, sorted.
func (r *reader) definitionFiles() []string {
	var found []string
	if !r.files.exists(definitionFolder) {
		return nil
	}
	err := fs.WalkDir(r.files.fsys, definitionFolder, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			r.list.Add(diagFile(name, err))
			return nil
		case entry.Type()&fs.ModeSymlink != 0 && r.files.isFolder(name):
			r.list.Add(diagLinkedFolder(name))
		case !entry.IsDir() && isYAML(name):
			found = append(found, name)
		}
		return nil
	})
	if err != nil {
		r.list.Add(diagFile(definitionFolder, err))
	}
	slices.Sort(found)
	return found
}

func isYAML(name string) bool {
	extension := strings.ToLower(path.Ext(name))
	return extension == ".yaml" || extension == ".yml"
}

package revision

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// The files of a project that are read of every version.
const (
	projectFile      = "strata.yaml"
	columnsFile      = "strata.schema.yaml"
	definitionFolder = "segments"
)

// Tree is a folder of a commit as a file system. Links are shown as links, so
// that the rules for links of the working files hold for those of a commit.
type Tree struct {
	entries  map[string]*entry
	contents map[string][]byte
	// read returns contents by id.
	read func(ids []string) ([][]byte, error)
}

// entry is a file, a link or a folder.
type entry struct {
	name string
	mode fs.FileMode
	// size is the number of bytes, 0 until they are read.
	size int64
	// id is git's name of the contents, "" for a folder.
	id string
	// children are the entries of a folder, by name.
	children []*entry
}

// linkMode is git's mode of a symbolic link, and blobKind its word for what has
// contents.
const (
	linkMode = "120000"
	blobKind = "blob"
)

// newTree reads what "git ls-tree -r -z" lists: mode, type and id, a tab, and the
// path inside the folder. Sizes are not asked for, since a clone that has left
// contents out would fetch them all.
func newTree(listed []byte) (*Tree, error) {
	t := &Tree{entries: map[string]*entry{".": {name: ".", mode: fs.ModeDir | 0o755}}, contents: map[string][]byte{}}
	for line := range bytes.SplitSeq(listed, []byte{0}) {
		if len(line) == 0 {
			continue
		}
		facts, name, ok := strings.Cut(string(line), "\t")
		fields := strings.Fields(facts)
		if !ok || len(fields) != 3 {
			return nil, fmt.Errorf("git ls-tree said %q", line)
		}
		if fields[1] != blobKind || !fs.ValidPath(name) {
			continue // Another repository is no part of this one, and a name that is not UTF-8 none of ours.
		}
		e := &entry{name: path.Base(name), mode: 0o644, id: fields[2]}
		if fields[0] == linkMode {
			e.mode = fs.ModeSymlink | 0o777
		}
		t.add(name, e)
	}
	return t, nil
}

// add puts an entry into its folder, which is made where it is missing.
func (t *Tree) add(name string, e *entry) {
	t.entries[name] = e
	folder := path.Dir(name)
	parent, ok := t.entries[folder]
	if !ok {
		parent = &entry{name: path.Base(folder), mode: fs.ModeDir | 0o755}
		t.add(folder, parent)
	}
	parent.children = append(parent.children, e)
}

// Replace puts another content in the place of a file's, or adds the file.
func (t *Tree) Replace(name, text string) {
	e, ok := t.entries[name]
	if !ok {
		e = &entry{name: path.Base(name), mode: 0o644}
		t.add(name, e)
	}
	e.mode, e.size, e.id = 0o644, int64(len(text)), "replaced "+name
	t.contents[e.id] = []byte(text)
}

// fetch reads at once what every version is asked for.
func (t *Tree) fetch() error {
	var known []*entry
	for name, e := range t.entries {
		asked := name == projectFile || name == columnsFile || strings.HasPrefix(name, definitionFolder+"/")
		if asked && e.id != "" {
			known = append(known, e)
		}
	}
	slices.SortFunc(known, func(a, b *entry) int { return strings.Compare(a.id, b.id) })
	return t.load(known)
}

// load reads the contents of some entries.
func (t *Tree) load(entries []*entry) error {
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = e.id
	}
	contents, err := t.read(ids)
	if err != nil {
		return err
	}
	for i, e := range entries {
		t.contents[e.id], e.size = contents[i], int64(len(contents[i]))
	}
	return nil
}

// content returns the bytes of a file or the target of a link.
func (t *Tree) content(e *entry) ([]byte, error) {
	if _, ok := t.contents[e.id]; !ok {
		if err := t.load([]*entry{e}); err != nil {
			return nil, err
		}
	}
	text := t.contents[e.id]
	e.size = int64(len(text))
	return text, nil
}

func (t *Tree) find(op, name string) (*entry, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	e, ok := t.entries[name]
	if !ok {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
	}
	return e, nil
}

// Open opens a file or a folder. A link is not followed.
func (t *Tree) Open(name string) (fs.File, error) {
	e, err := t.find("open", name)
	if err != nil {
		return nil, err
	}
	if e.mode.IsDir() {
		return &openFolder{e: e, rest: t.sorted(e)}, nil
	}
	text, err := t.content(e)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return &openFile{Reader: bytes.NewReader(text), e: e}, nil
}

// Lstat describes an entry; a link describes itself.
func (t *Tree) Lstat(name string) (fs.FileInfo, error) {
	e, err := t.find("lstat", name)
	if err != nil {
		return nil, err
	}
	return info{e}, nil
}

// ReadLink returns where a link leads to.
func (t *Tree) ReadLink(name string) (string, error) {
	e, err := t.find("readlink", name)
	if err != nil {
		return "", err
	}
	if e.mode.Type() != fs.ModeSymlink {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrInvalid}
	}
	target, err := t.content(e)
	return string(target), err
}

// sorted are the entries of a folder in order of their names.
func (t *Tree) sorted(folder *entry) []fs.DirEntry {
	list := make([]fs.DirEntry, 0, len(folder.children))
	for _, e := range folder.children {
		list = append(list, fs.FileInfoToDirEntry(info{e}))
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list
}

// info describes an entry.
type info struct{ e *entry }

// Name is the last part of the path.
func (i info) Name() string { return i.e.name }

// Size is the number of bytes.
func (i info) Size() int64 { return i.e.size }

// Mode tells files, links and folders apart.
func (i info) Mode() fs.FileMode { return i.e.mode }

// ModTime is not known: git keeps none.
func (i info) ModTime() time.Time { return time.Time{} }

// IsDir reports whether it is a folder.
func (i info) IsDir() bool { return i.e.mode.IsDir() }

// Sys has nothing to say.
func (i info) Sys() any { return nil }

// openFile is a file that is being read.
type openFile struct {
	*bytes.Reader
	e *entry
}

// Stat describes the file.
func (f *openFile) Stat() (fs.FileInfo, error) { return info{f.e}, nil }

// Close does nothing: all was read at once.
func (f *openFile) Close() error { return nil }

// openFolder is a folder that is being listed.
type openFolder struct {
	e    *entry
	rest []fs.DirEntry
}

// Stat describes the folder.
func (f *openFolder) Stat() (fs.FileInfo, error) { return info{f.e}, nil }

// Read fails: a folder has no bytes.
func (f *openFolder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.e.name, Err: fs.ErrInvalid}
}

// Close does nothing.
func (f *openFolder) Close() error { return nil }

// ReadDir lists the next n entries, or all that are left.
func (f *openFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 {
		rest := f.rest
		f.rest = nil
		return rest, nil
	}
	if len(f.rest) == 0 {
		return nil, io.EOF
	}
	next := f.rest[:min(n, len(f.rest))]
	f.rest = f.rest[len(next):]
	return next, nil
}

package cmd

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// edited is a folder in which one file has another text, or is there though it
// is not yet on the disk.
type edited struct {
	base       fs.FS
	name, text string
}

// Open opens the edited file, or one of the folder.
func (e edited) Open(name string) (fs.File, error) {
	if name == e.name {
		return &editedFile{Reader: strings.NewReader(e.text), info: e.info()}, nil
	}
	return e.base.Open(name)
}

// ReadDir lists a folder with the edited file in it.
func (e edited) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(e.base, name)
	if err != nil || name != path.Dir(e.name) {
		return entries, err
	}
	entries = slices.DeleteFunc(entries, func(entry fs.DirEntry) bool { return entry.Name() == path.Base(e.name) })
	return append(entries, fs.FileInfoToDirEntry(e.info())), nil
}

// Stat describes a file, following links.
func (e edited) Stat(name string) (fs.FileInfo, error) {
	if name == e.name {
		return e.info(), nil
	}
	return fs.Stat(e.base, name)
}

// Lstat describes a file or link.
func (e edited) Lstat(name string) (fs.FileInfo, error) {
	if name == e.name {
		return e.info(), nil
	}
	return fs.Lstat(e.base, name)
}

// ReadLink returns where a link leads.
func (e edited) ReadLink(name string) (string, error) { return fs.ReadLink(e.base, name) }

func (e edited) info() editedInfo {
	return editedInfo{name: path.Base(e.name), size: int64(len(e.text))}
}

// editedFile is the edited file, open.
type editedFile struct {
	*strings.Reader

	info editedInfo
}

// Stat describes the file.
func (f *editedFile) Stat() (fs.FileInfo, error) { return f.info, nil }

// Close does nothing.
func (f *editedFile) Close() error { return nil }

// editedInfo is a regular file.
type editedInfo struct {
	name string
	size int64
}

// Name is the last part of its path.
func (i editedInfo) Name() string { return i.name }

// Size is its length in bytes.
func (i editedInfo) Size() int64 { return i.size }

// Mode is that of a regular file.
func (i editedInfo) Mode() fs.FileMode { return 0o644 } //nolint:mnd // As files are.

// ModTime is not known.
func (i editedInfo) ModTime() time.Time { return time.Time{} }

// IsDir is false.
func (i editedInfo) IsDir() bool { return false }

// Sys is nothing.
func (i editedInfo) Sys() any { return nil }

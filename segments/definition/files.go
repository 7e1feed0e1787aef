package definition

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"strata/segments/source"
)

// maxFileSize is the most bytes that a definition file may have.
const maxFileSize = 4 << 20

// maxLinks is how many symbolic links a path may lead through before it is
// taken for a circle.
const maxLinks = 40

// byteOrderMark may stand before the text of a file and is no part of it.
const byteOrderMark = "\ufeff"

var (
	errOutside = errors.New("leads out of the project")
	errLinks   = errors.New("leads through too many links")
)

// files are the files of a project. Nothing outside of its folder is read.
type files struct {
	fsys fs.FS
	// dir is the project's folder on disk, or "" where it has none.
	dir string
}

func (fl files) exists(name string) bool {
	_, err := fs.Lstat(fl.fsys, name)
	return !errors.Is(err, fs.ErrNotExist)
}

// isFolder reports whether a name, its links followed, is a folder inside the
// project.
func (fl files) isFolder(name string) bool {
	target, err := fl.resolve(name)
	if err != nil {
		return false
	}
	info, err := fs.Stat(fl.fsys, target)
	return err == nil && info.IsDir()
}

// text reads a file as text, or returns what is wrong with it.
func (fl files) text(name string) (*source.File, *source.Diagnostic) {
	broken := func(d source.Diagnostic) (*source.File, *source.Diagnostic) { return nil, &d }
	file, err := fl.open(name)
	if errors.Is(err, errOutside) {
		return broken(diagOutside(name))
	}
	if err != nil {
		return broken(diagFile(name, err))
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return broken(diagFile(name, err))
	}
	if info.IsDir() {
		return broken(diagFile(name, errors.New("it is a folder")))
	}
	data, err := io.ReadAll(io.LimitReader(file, maxFileSize+1))
	if err != nil {
		return broken(diagFile(name, err))
	}
	if len(data) > maxFileSize {
		return broken(diagTooLarge(name, max(info.Size(), int64(len(data)))))
	}
	text := strings.TrimPrefix(string(data), byteOrderMark)
	if at := invalidAt(text); at >= 0 {
		f := source.NewFile(name, strings.ToValidUTF8(text, string(utf8.RuneError)))
		return broken(diagUTF8(source.Span{File: f, Start: at, End: at + len(string(utf8.RuneError))}))
	}
	return source.NewFile(name, text), nil
}

// invalidAt returns the offset of the first byte that is not UTF-8, or -1.
func invalidAt(text string) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// open opens a file whose path, after every link, lies inside the project.
func (fl files) open(name string) (fs.File, error) {
	target, err := fl.resolve(name)
	if err != nil {
		return nil, err
	}
	file, err := fl.fsys.Open(target)
	if err != nil {
		return nil, reason(err)
	}
	return file, nil
}

// reason drops the path from a file error, since the diagnostic names it.
func reason(err error) error {
	if broken, ok := errors.AsType[*fs.PathError](err); ok {
		return broken.Err
	}
	return err
}

// resolve follows the links of a path part by part and returns the path they
// lead to. The error is errOutside when that is not in the project.
func (fl files) resolve(name string) (string, error) {
	links, ok := fl.fsys.(fs.ReadLinkFS)
	if !ok {
		return name, nil
	}
	done, rest := ".", name
	for followed := 0; rest != ""; {
		part, tail, _ := strings.Cut(rest, "/")
		next := path.Join(done, part)
		if !fs.ValidPath(next) {
			return "", errOutside
		}
		info, err := links.Lstat(next)
		if err != nil {
			return "", reason(err)
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			done, rest = next, tail
			continue
		}
		if followed++; followed > maxLinks {
			return "", errLinks
		}
		target, err := links.ReadLink(next)
		if err != nil {
			return "", reason(err)
		}
		if done, target, err = fl.jump(done, target); err != nil {
			return "", err
		}
		rest = strings.TrimSuffix(target+"/"+tail, "/")
	}
	return done, nil
}

// jump returns where to go on from a link in folder from.
func (fl files) jump(from, target string) (folder, rest string, err error) {
	if !filepath.IsAbs(target) {
		return from, filepath.ToSlash(target), nil
	}
	inside, err := filepath.Rel(fl.dir, target)
	if err != nil || fl.dir == "" || !filepath.IsLocal(inside) {
		return "", "", fmt.Errorf("follow %s: %w", target, errOutside)
	}
	return ".", filepath.ToSlash(inside), nil
}

package definition

import (
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

func (r *reader) keyList(p pair) *List {
	l := &List{About: r.about(p), File: scalarOf(p.value.get("file")), Column: scalarOf(p.value.get("column"))}
	if l.File.Value != "" && l.Column.Value != "" {
		r.readKeys(l)
	}
	return l
}

// readKeys fills a list from its file.
func (r *reader) readKeys(l *List) {
	name := path.Clean(strings.ReplaceAll(l.File.Value, `\`, "/"))
	if !fs.ValidPath(name) {
		r.list.Add(diagListFile(l.File.At(), l.File.Value, errOutside.Error()))
		return
	}
	file, err := r.files.open(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		r.list.Add(diagListFile(l.File.At(), l.File.Value, "does not exist"))
		return
	case errors.Is(err, errOutside):
		r.list.Add(diagListFile(l.File.At(), l.File.Value, errOutside.Error()))
		return
	case err != nil:
		r.list.Add(diagListFile(l.File.At(), l.File.Value, "cannot be read: "+err.Error()))
		return
	}
	defer func() { _ = file.Close() }()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		r.list.Add(diagListFile(l.File.At(), l.File.Value, "is a folder"))
		return
	}
	r.readCSV(l, csv.NewReader(file))
}

func (r *reader) readCSV(l *List, rows *csv.Reader) {
	rows.ReuseRecord = true
	header, err := rows.Read()
	if err != nil {
		r.list.Add(diagCSV(l.File.At(), l.File.Value, emptyFile(err)))
		return
	}
	names := slices.Clone(header)
	names[0] = strings.TrimPrefix(names[0], byteOrderMark)
	column := slices.Index(names, l.Column.Value)
	if column < 0 {
		r.list.Add(diagListColumn(l.Column.At(), l.Column.Value, l.File.Value, names))
		return
	}
	seen := map[string]bool{}
	l.Keys = []string{}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err == nil && !utf8.ValidString(row[column]) {
			err = errors.New("a key is not UTF-8 text")
		}
		if err != nil {
			r.list.Add(diagCSV(l.File.At(), l.File.Value, err))
			return
		}
		if key := row[column]; strings.TrimSpace(key) != "" && !seen[key] {
			seen[key] = true
			l.Keys = append(l.Keys, strings.Clone(key))
		}
	}
}

// emptyFile says in words that a file without a first line has no header.
func emptyFile(err error) error {
	if errors.Is(err, io.EOF) {
		return errors.New("it is empty")
	}
	return err
}

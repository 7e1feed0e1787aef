package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/source"
	"strata/tui/ask"
)

// Save writes a rule into the file of its definition. The edited project is
// checked as a whole before a byte is written.
func (d *desk) Save(ctx context.Context, edit ask.Edit) (ask.Saved, error) {
	return byItself(ctx, d, func() (ask.Saved, error) {
		dir, err := d.folder()
		if err != nil {
			return ask.Saved{}, fmt.Errorf("save %s: %w", edit.Name, err)
		}
		if edit.Base == "" {
			return saveNew(dir, edit)
		}
		return saveRule(dir, edit)
	})
}

// saveRule replaces the rule of a segment that is there.
func saveRule(dir string, edit ask.Edit) (ask.Saved, error) {
	set, problems := definition.Load(os.DirFS(dir), dir)
	theirs, err := definition.RuleText(set, edit.Name)
	switch {
	case errors.Is(err, definition.ErrNoSegment) && problems.HasErrors():
		return ask.Saved{}, &invalid{list: problems}
	case errors.Is(err, definition.ErrNoSegment):
		return ask.Saved{}, notFound("%w", err).advise("save the rule under a new name")
	case err != nil:
		return ask.Saved{}, unsaved(err)
	}
	name := fileOfSegment(set, edit.Name).Name
	if theirs != edit.Base {
		return ask.Saved{}, &ask.ConflictError{File: name, Theirs: theirs}
	}
	place := filepath.Join(dir, filepath.FromSlash(name))
	before, err := os.ReadFile(place)
	if err != nil {
		return ask.Saved{}, environment("read %s: %w", name, err)
	}
	after, err := definition.ReplaceRule(source.NewFile(name, string(before)), edit.Name, edit.Text)
	if err != nil {
		return ask.Saved{}, unsaved(err)
	}
	saved, err := tried(dir, name, after, edit.Name)
	if err != nil {
		return saved, err
	}
	if err := replaceFile(place, string(before), after); err != nil {
		return ask.Saved{}, environment("write %s: %w", name, err)
	}
	return saved, nil
}

// saveNew adds a segment to a file, which need not be there.
func saveNew(dir string, edit ask.Edit) (ask.Saved, error) {
	set, _ := definition.Load(os.DirFS(dir), dir)
	if taken := fileOfSegment(set, edit.Name); taken != nil {
		return ask.Saved{}, refused("%s is there already, in %s", edit.Name, taken.Name).advise("choose another name")
	}
	name, err := newFileName(edit)
	if err != nil {
		return ask.Saved{}, err
	}
	place := filepath.Join(dir, filepath.FromSlash(name))
	before, err := os.ReadFile(place)
	there := err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return ask.Saved{}, environment("read %s: %w", name, err)
	}
	after, err := definition.AddSegment(source.NewFile(name, string(before)), edit.Name, edit.Text, "")
	if err != nil {
		return ask.Saved{}, unsaved(err)
	}
	if err := os.MkdirAll(filepath.Dir(place), 0o755); err != nil { //nolint:mnd // As folders are.
		return ask.Saved{}, environment("make the folder of %s: %w", name, err)
	}
	saved, err := tried(dir, name, after, edit.Name)
	if err != nil {
		return saved, err
	}
	if there {
		err = replaceFile(place, string(before), after)
	} else {
		err = createFile(place, after)
	}
	if err != nil {
		return ask.Saved{}, environment("write %s: %w", name, err)
	}
	return saved, nil
}

// newFileName is where a new segment goes, inside the folder of definitions.
func newFileName(edit ask.Edit) (string, error) {
	name := edit.File
	if name == "" {
		name = "segments/" + edit.Name + ".yaml"
	}
	name = path.Clean(filepath.ToSlash(name))
	extension := path.Ext(name)
	if !filepath.IsLocal(name) || !strings.HasPrefix(name, "segments/") || extension != ".yaml" && extension != ".yml" {
		return "", usage("%s is no file of definitions", name).advise("name one such as segments/%s.yaml", edit.Name)
	}
	return name, nil
}

// unsaved gives the reasons why a rule cannot be written their words.
func unsaved(err error) error {
	var list source.List
	switch {
	case errors.As(err, &list):
		return &invalid{list: list}
	case errors.Is(err, definition.ErrBadName), errors.Is(err, definition.ErrTaken):
		return usage("%w", err).advise("choose another name")
	}
	return refused("%w", err)
}

// fileOfSegment is the file that defines a segment, nil where none does.
func fileOfSegment(set *definition.Set, name string) *source.File {
	for _, s := range set.Segments {
		if s.Name.Name == name {
			return s.At.File
		}
	}
	return nil
}

// tried checks the project as it would be with another text of one file, and says
// where the rule of a segment stands in it.
func tried(dir, name, text, segment string) (ask.Saved, error) {
	set, problems := definition.Load(edited{base: os.DirFS(dir), name: name, text: text}, dir)
	if !problems.HasErrors() {
		_, more := check.Check(set)
		problems.Add(more...)
		problems.Sort()
	}
	if problems.HasErrors() {
		return ask.Saved{}, &invalid{list: problems}
	}
	for _, s := range set.Segments {
		if s.Name.Name == segment && s.Where != nil {
			at := s.Where.At
			return ask.Saved{File: name, Line: at.File.Position(at.Start).Line}, nil
		}
	}
	return ask.Saved{}, refused("%s is not what was written", segment)
}

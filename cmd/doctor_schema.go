package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"strata/segments/definition"
	"strata/segments/propose"
	"strata/sql/warehouse"
)

// writeSchema writes strata.schema.yaml from the warehouse, and lets the
// project be read again.
func (f *factory) writeSchema(ctx context.Context, set *definition.Set, config warehouse.Config) (err error) {
	config.Store = ""
	db, err := warehouse.Open(ctx, config)
	if err != nil {
		return fmt.Errorf("open the warehouse: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	text, notes, err := propose.Schema(ctx, db, set.Project)
	if err != nil {
		return fmt.Errorf("look at the columns of the sources: %w", err)
	}
	for _, note := range notes {
		f.say("%s", note)
	}
	changed, err := f.putSchema(set.Project.Dir, text)
	if err != nil {
		return fmt.Errorf("write strata.schema.yaml: %w", err)
	}
	if changed {
		f.say("wrote strata.schema.yaml")
		f.project, f.program = once(f.loadProject), once(f.checkProgram)
	} else {
		f.say("strata.schema.yaml is as the warehouse has it already")
	}
	return nil
}

// putSchema gives the file its text in one step, and reports whether that is
// another one than before.
func (f *factory) putSchema(dir, text string) (changed bool, err error) {
	path := filepath.Join(dir, "strata.schema.yaml")
	before, err := os.ReadFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return true, createFile(path, text)
	case err != nil:
		return false, err
	case string(before) == text:
		return false, nil
	}
	return true, replaceFile(path, string(before), text)
}

package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/source"
	"strata/sql/warehouse"
)

// factory makes what commands share, each thing when it is first asked for and
// once. A command that asks for nothing opens nothing.
type factory struct {
	env   Env
	flags globalFlags
	// format, fields and header are what -o, --json and --header came to.
	// They are set before a command runs; an empty format leaves the choice to
	// the command.
	format string
	fields []string
	header *bool

	// project reads the files and program checks them; neither is an error
	// when definitions are wrong, for check and list of files go on then.
	project func() (*definition.Set, source.List, error)
	program func() (*check.Program, source.List, error)

	opening sync.Mutex
	db      *warehouse.DB
	closers []func() error
	// written counts what was written: the rows of the tables that came first, and
	// the tables below them.
	written struct{ rows, tables, below int }
}

func newFactory(env Env) *factory {
	f := &factory{env: env}
	f.project = once(f.loadProject)
	f.program = once(f.checkProgram)
	return f
}

// once makes a function of two results and an error that does its work on the
// first call only.
func once[A, B any](work func() (A, B, error)) func() (A, B, error) {
	var (
		first  sync.Once
		a      A
		b      B
		failed error
	)
	return func() (A, B, error) {
		first.Do(func() { a, b, failed = work() })
		return a, b, failed
	}
}

func (f *factory) loadProject() (*definition.Set, source.List, error) {
	dir, err := definition.Find(f.start())
	if err != nil {
		return nil, nil, err
	}
	set, problems := definition.Load(os.DirFS(dir), dir)
	return set, problems, nil
}

// checkProgram adds what the checker says to what the files said. Wrong files
// are checked as well as they can be, so that one run reports everything.
func (f *factory) checkProgram() (*check.Program, source.List, error) {
	set, problems, err := f.project()
	if err != nil {
		return nil, nil, err
	}
	if brokenProject(problems) {
		// Without its streams and fields every rule would be wrong as well.
		return nil, problems, nil
	}
	program, more := check.Check(set)
	all := append(source.List{}, problems...)
	for _, p := range more {
		if !unread(problems) || !slices.Contains(unknownNames, p.Code) {
			all.Add(p)
		}
	}
	all.Sort()
	if all.HasErrors() {
		return nil, all, nil
	}
	return program, all, nil
}

// unknownNames are the codes of names that nothing defines. Where a file could
// not be read they say nothing: it may define them.
var unknownNames = []source.Code{"E200", "E206", "E330"}

// unread reports whether a definition file could not be read at all.
func unread(problems source.List) bool {
	return slices.ContainsFunc(problems, func(p source.Diagnostic) bool {
		return p.Code >= "E001" && p.Code <= "E008"
	})
}

// brokenProject reports whether strata.yaml itself has an error.
func brokenProject(problems source.List) bool {
	for _, p := range problems {
		if p.Severity != source.Warning && p.Span.File != nil && p.Span.File.Name == "strata.yaml" {
			return true
		}
	}
	return false
}

// Project returns the definitions as they stand in the files, whether or not
// they are right.
func (f *factory) Project() (*definition.Set, error) {
	set, _, err := f.project()
	return set, err
}

// Program returns the checked definitions. Where any of them is wrong the
// error shows all that is.
func (f *factory) Program() (*check.Program, error) {
	program, problems, err := f.program()
	switch {
	case err != nil:
		return nil, err
	case problems.HasErrors():
		return nil, &invalid{list: problems}
	}
	return program, nil
}

// Select returns the checked definitions that selectors ask for, all segments
// and partitions without selectors.
func (f *factory) Select(selectors []string) ([]check.Definition, error) {
	program, err := f.Program()
	if err != nil {
		return nil, err
	}
	chosen, err := program.Select(selectors)
	if err != nil {
		return nil, notFound("%w", err).advise("'strata help selectors' explains them, 'strata list --all' shows what there is")
	}
	return chosen, nil
}

// Warehouse opens the project's database. It is closed when the command ends.
func (f *factory) Warehouse(ctx context.Context) (*warehouse.DB, error) {
	f.opening.Lock()
	defer f.opening.Unlock()
	if f.db != nil {
		return f.db, nil
	}
	program, err := f.Program()
	if err != nil {
		return nil, err
	}
	project := program.Set.Project
	db, err := warehouse.Open(ctx, warehouse.Config{
		Warehouse:   within(project.Dir, project.Warehouse.Value),
		Store:       within(project.Dir, project.Store.Value),
		Threads:     f.flags.threads,
		MemoryLimit: f.flags.memoryLimit,
		Wait:        f.flags.wait,
	})
	if err != nil {
		return nil, fmt.Errorf("open the warehouse: %w", err)
	}
	f.db = db
	f.onClose(db.Close)
	return db, nil
}

// within resolves a path of strata.yaml, which is relative to its folder.
func within(dir, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, filepath.FromSlash(path))
}

// onClose adds something to do when the command has ended.
func (f *factory) onClose(fn func() error) { f.closers = append(f.closers, fn) }

// close undoes what was opened, the last thing first.
func (f *factory) close() error {
	var failed []error
	for _, undo := range slices.Backward(f.closers) {
		failed = append(failed, undo())
	}
	f.closers = nil
	return errors.Join(failed...)
}

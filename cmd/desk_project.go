package cmd

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/source"
	"strata/tui/ask"
)

// Project reads the files anew. Questions go on with the last program that was
// right.
func (d *desk) Project(ctx context.Context) (*ask.Project, error) {
	return guarded(ctx, d, func() (*ask.Project, error) {
		if err := d.lock(ctx); err != nil {
			return nil, err
		}
		defer d.unlock()
		if err := d.reread(); err != nil {
			return nil, err
		}
		p := &ask.Project{Dir: d.dir, Program: d.program, Problems: d.problems}
		if d.program != nil {
			p.Warehouse = d.program.Set.Project.Warehouse.Value
		}
		p.Stamp = d.stamps()
		p.Stamp.Files = d.stamp
		return p, nil
	})
}

// folder is where the project is. Once there was one it stays: while its
// strata.yaml is away, none of a folder further up takes its place.
func (d *desk) folder() (string, error) {
	if program := d.seen.Load(); program != nil {
		return program.Set.Project.Dir, nil
	}
	dir, err := definition.Find(d.cli.start())
	if err != nil {
		return "", fmt.Errorf("read the project: %w", err)
	}
	return dir, nil
}

// reread reads and checks the files.
func (d *desk) reread() error {
	dir, err := d.folder()
	if err != nil {
		return err
	}
	before := filesStamp(dir, d.seen.Load())
	if d.read && before == d.stamp && dir == d.dir && d.program != nil && !d.problems.HasErrors() {
		return nil // The same program stays, and all that was evaluated for it.
	}
	f := d.factory()
	f.project = func() (*definition.Set, source.List, error) {
		set, problems := definition.Load(os.DirFS(dir), dir)
		return set, problems, nil
	}
	program, problems, err := f.program()
	if err != nil {
		return err
	}
	changed := before != filesStamp(dir, d.seen.Load())
	d.read, d.dir, d.problems = true, dir, problems
	if program != nil && !problems.HasErrors() {
		d.program = program
		d.seen.Store(program)
	}
	d.stamp = filesStamp(dir, d.program)
	if changed { // While they were read: the next look must see it.
		d.stamp = ""
	}
	return nil
}

// Stamp looks at the files without opening any.
func (d *desk) Stamp(ctx context.Context) (ask.Stamp, error) {
	if err := ctx.Err(); err != nil {
		return ask.Stamp{}, err
	}
	return d.stamps(), nil
}

// stamps are those of all files, as they are now. Before a project was read there
// is no data.
func (d *desk) stamps() ask.Stamp {
	dir, err := d.folder()
	if err != nil {
		return ask.Stamp{}
	}
	program := d.seen.Load()
	s := ask.Stamp{Files: filesStamp(dir, program)}
	if program != nil {
		where := whereabouts(program)
		s.Warehouse, s.Store = where.stamp, dataStamp(where.store)
	}
	return s
}

// filesStamp stands for strata.yaml, the schema file, all that lies below the
// folder of definitions, and the files of keys that a program names.
func filesStamp(dir string, program *check.Program) string {
	paths := []string{filepath.Join(dir, "strata.yaml"), filepath.Join(dir, "strata.schema.yaml"), filepath.Join(dir, "segments")}
	if program != nil {
		for _, list := range program.Set.Lists {
			paths = append(paths, within(dir, list.File.Value))
		}
	}
	return stampOf(paths...)
}

// dataStamp stands for a database file and its log, or for a folder of data.
func dataStamp(path string) string {
	if path == "" {
		return ""
	}
	return stampOf(path, path+".wal")
}

// stampOf stands for what the file system says of files and folders.
func stampOf(paths ...string) string {
	var list strings.Builder
	eachFile(func(path string, info os.FileInfo) {
		if info == nil {
			fmt.Fprintln(&list, path, "-")
			return
		}
		fmt.Fprintln(&list, path, info.Size(), info.ModTime().UnixNano())
	}, paths...)
	sum := sha256.Sum256([]byte(list.String()))
	return hex.EncodeToString(sum[:8])
}

// eachFile looks at files and at all files below folders, without opening any.
// What is not there is nil; what cannot be looked at is said by who reads it.
func eachFile(look func(path string, info os.FileInfo), paths ...string) {
	for _, path := range paths {
		info, err := os.Stat(path) // A link is what it leads to.
		switch {
		case err != nil:
			look(path, nil)
		case !info.IsDir():
			look(path, info)
		default:
			_ = filepath.WalkDir(path, func(path string, entry fs.DirEntry, err error) error {
				if err == nil && !entry.IsDir() {
					if info, err := os.Stat(path); err == nil {
						look(path, info)
					}
				}
				return nil
			})
		}
	}
}

// Moment reads a moment as --at takes it. Only the newest row and a run need the
// database.
func (d *desk) Moment(ctx context.Context, text string, from time.Time) (time.Time, error) {
	return guarded(ctx, d, func() (time.Time, error) {
		program, err := d.current(ctx)
		if err != nil {
			return time.Time{}, err
		}
		asked, err := parseMoment(strings.TrimSpace(text))
		if err != nil {
			return time.Time{}, err
		}
		if asked.kind == momentOffset && !from.IsZero() {
			return inCalendar(calendar.Step(from, asked.offset, program.Zone).In(program.Zone))
		}
		f := d.factory()
		f.program = checked(program)
		at, err := f.instant(ctx, d.lookups(), strings.TrimSpace(text))
		if err != nil {
			return time.Time{}, err
		}
		return inCalendar(at.In(program.Zone))
	})
}

// lookups answer what a moment can ask of the data.
func (d *desk) lookups() lookups {
	return lookups{
		latest: func(ctx context.Context) (time.Time, error) {
			return again(ctx, d, time.Time{}, func(ctx context.Context, s *standing) (time.Time, error) { return s.lookups().latest(ctx) })
		},
		run: func(ctx context.Context, id int64) (time.Time, error) {
			return again(ctx, d, time.Time{}, func(ctx context.Context, s *standing) (time.Time, error) { return s.runAsOf(ctx, id) })
		},
	}
}

// current is the program that questions use.
func (d *desk) current(ctx context.Context) (*check.Program, error) {
	if err := d.lock(ctx); err != nil {
		return nil, err
	}
	defer d.unlock()
	if err := d.ready(); err != nil {
		return nil, err
	}
	return d.program, nil
}

// ready reads the files if nobody has, and reports whether there is a program.
func (d *desk) ready() error {
	if d.closed {
		return errClosed
	}
	if !d.read {
		if err := d.reread(); err != nil {
			return err
		}
	}
	if d.program == nil {
		return &invalid{list: d.problems}
	}
	return nil
}

// Progress is that of the query that started last.
func (d *desk) Progress() (ask.Progress, bool) {
	stand := d.asked.Load()
	if stand == nil {
		return ask.Progress{}, false
	}
	p, ok := stand.db.Progress()
	return ask.Progress{Percent: p.Percent, Done: p.Done, Total: p.Total}, ok
}

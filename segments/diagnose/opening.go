package diagnose

import (
	"context"
	"errors"
	"fmt"
	"os"

	"strata/sql/warehouse"
)

// open opens the warehouse together with the store, or the store alone where
// the warehouse cannot be opened.
func (e *examination) open(ctx context.Context) {
	if e.Engine.Warehouse == "" {
		e.add(Finding{
			Check: Opening, Code: "opened", Status: Error, Detail: "strata.yaml names no warehouse",
			Hint: "add a line such as 'warehouse: warehouse.duckdb'",
		})
	} else {
		e.doing("opening the warehouse")
		db, err := e.DB, error(nil)
		if db == nil {
			db, err = warehouse.Open(ctx, e.Engine)
		}
		if err == nil {
			e.db, e.opened = db, true
			e.warehouse(ctx)
			return
		}
		e.fail(ctx, unopened(err).about(e.Engine.Warehouse))
	}
	alone := e.Engine
	alone.Warehouse = ""
	// The store is looked at by itself; where that fails as well, its own check
	// says why.
	if db, err := warehouse.Open(ctx, alone); err == nil {
		e.db = db
	}
}

// unopened says why the warehouse cannot be opened, and who holds it where that
// is the reason.
func unopened(err error) Finding {
	f := failed(Opening, "opened", err)
	if database, ok := errors.AsType[*warehouse.Error](err); ok && database.Kind == warehouse.Locked {
		f.Code = "locked"
	}
	return f
}

// close lets go of the files. An answer is not worse for that failing.
func (e *examination) close() {
	if e.db != nil && e.db != e.DB {
		_ = e.db.Close()
	}
}

// warehouse describes the open warehouse.
func (e *examination) warehouse(ctx context.Context) {
	var version string
	if err := e.db.Row(ctx, []any{&version}, "SELECT version()"); err != nil {
		e.fail(ctx, failed(Opening, "version", err))
	}
	tables, err := e.db.Tables(ctx)
	if err != nil {
		e.fail(ctx, failed(Opening, "tables", err))
	}
	e.tables = tables
	views := 0
	for _, table := range tables {
		if table.View {
			views++
		}
	}
	kind, how := "file", "opened read only, nobody is writing to it"
	holds := some(int64(len(tables)-views), "table") + ", " + some(int64(views), "view")
	if info, err := os.Stat(e.Engine.Warehouse); err == nil && info.IsDir() {
		kind, how, holds = "folder", "its files are only read", some(int64(len(tables)), "table")
	}
	e.add(Finding{
		Check: Opening, Code: "opened", Status: OK, Subject: e.Engine.Warehouse,
		Detail: fmt.Sprintf("%s %s: %s, %s, DuckDB %s; %s",
			kind, e.Engine.Warehouse, size(fileSize(e.Engine.Warehouse)), holds, version, how),
	})
	e.add(unfinished(Opening, e.Engine.Warehouse)...)
	e.views(ctx)
}

// unfinished tells of a log beside a database whose last writer did not close
// it.
func unfinished(check, path string) []Finding {
	log := path + ".wal"
	info, err := os.Stat(log)
	if err != nil || info.IsDir() {
		return nil
	}
	return []Finding{{
		Check: check, Code: "log", Status: Note, Subject: log,
		Detail: fmt.Sprintf("%s (%s) holds changes that are not in the file yet: its writer is at work, or ended without closing it", log, size(info.Size())),
		Hint:   "keep the two files together; the next program that writes puts them together",
	}}
}

// views looks for views whose rows depend on more than the warehouse.
func (e *examination) views(ctx context.Context) {
	views, err := e.db.ImpureViews(ctx)
	if err != nil {
		e.fail(ctx, failed(Opening, "views", err))
	}
	for _, view := range views {
		e.add(Finding{
			Check: Opening, Code: "view", Status: Warning, Subject: view.Schema + "." + view.Name,
			Detail: fmt.Sprintf("the rows of the view %s.%s depend on more than the warehouse: %s", view.Schema, view.Name, view.Reason),
			Hint:   "numbers that read it cannot be repeated: make a table of it",
		})
	}
}

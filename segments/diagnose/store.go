package diagnose

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"strata/segments/snapshot"
	"strata/sql/queries"
	"strata/sql/warehouse"
)

// store looks at the file of snapshots.
func (e *examination) store(ctx context.Context) {
	path := e.Engine.Store
	e.doing("looking at the store")
	info, err := os.Stat(path)
	switch {
	case path == "":
		return
	case errors.Is(err, os.ErrNotExist):
		e.add(Finding{
			Check: Store, Code: "store", Status: Note, Subject: path,
			Detail: "there is no store " + path + " yet", Hint: "'strata run' makes the first snapshot",
		})
		return
	case err != nil:
		e.fail(ctx, failed(Store, "store", err).about(path))
		return
	case e.db == nil:
		e.fail(ctx, Finding{
			Check: Store, Code: "store", Status: Error, Subject: path,
			Detail: fmt.Sprintf("the store %s (%s) cannot be opened", path, size(info.Size())),
		})
		return
	}
	e.add(unfinished(Store, path)...)
	version, err := e.storeVersion(ctx)
	var runs []snapshot.Run
	if err == nil {
		runs, err = snapshot.List(ctx, e.db, snapshot.Filter{})
	}
	if err != nil {
		e.fail(ctx, unread(err).about(path))
		return
	}
	e.add(Finding{
		Check: Store, Code: "store", Status: OK, Subject: path,
		Detail: fmt.Sprintf("%s: %s, version %d, %s; nobody is writing to it", path, size(info.Size()), version, some(int64(len(runs)), "run")),
	}.counted(int64(len(runs))))
	e.lastRun(runs)
	if e.Deep {
		e.verify(ctx)
	}
}

// storeVersion reads the version without bringing an older store up to date,
// which is for a run to do.
func (e *examination) storeVersion(ctx context.Context) (version int, err error) {
	err = e.db.Store(ctx, warehouse.ReadStore, func(ctx context.Context, tx warehouse.Session) error {
		var tables int
		if err := tx.Row(ctx, []any{&tables}, queries.Text("schema/exists")); err != nil || tables == 0 {
			return err
		}
		return tx.Row(ctx, []any{&version}, queries.Text("schema/version"))
	})
	return version, err
}

// unread says why the store cannot be read.
func unread(err error) Finding {
	f := failed(Store, "store", err)
	if database, ok := errors.AsType[*warehouse.Error](err); ok && database.Kind == warehouse.Locked {
		f.Code, f.Status = "locked", Warning
	}
	return f
}

// lastRun says when a snapshot was made last, and of which moment.
func (e *examination) lastRun(runs []snapshot.Run) {
	if len(runs) == 0 {
		e.add(Finding{
			Check: Store, Code: "last_run", Status: Note,
			Detail: "the store holds no run yet", Hint: "'strata run' makes the first snapshot",
		})
		return
	}
	last := slices.MaxFunc(runs, func(a, b snapshot.Run) int { return a.TakenAt.Compare(b.TakenAt) })
	f := Finding{
		Check: Store, Code: "last_run", Status: OK,
		Detail: fmt.Sprintf("the last run, %d, was made %s, as of %s; it took %s",
			last.ID, ago(last.TakenAt, e.Clock), moment(last.AsOf, e.zone), last.Duration.Round(time.Millisecond)),
	}
	if last.Zone != e.Set.Project.Zone.Value {
		f.Status = Warning
		f.Hint = fmt.Sprintf("it was made in the zone %s: days of its history have other bounds", last.Zone)
	}
	e.add(f)
}

// verify reads all of the store.
func (e *examination) verify(ctx context.Context) {
	e.doing("verifying the store")
	verified, err := snapshot.Verify(ctx, e.db)
	if err != nil {
		e.fail(ctx, failed(Store, "verified", err))
		return
	}
	problems := verified.Problems()
	if len(problems) == 0 {
		e.add(Finding{Check: Store, Code: "verified", Status: OK, Detail: "the store agrees with itself"})
		return
	}
	n := int64(len(problems))
	first := problems[0]
	e.add(Finding{
		Check: Store, Code: "verified", Status: Error,
		Detail: fmt.Sprintf("the store contradicts itself in %s, the first: run %d, %s: %s", some(n, "place"), first.Run, first.Unit, first.Text),
		Hint:   "'strata runs verify' shows all of them; restore a copy of the store, or begin a new one",
	}.counted(n))
}

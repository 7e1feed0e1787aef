package warehouse

import (
	"context"
	"errors"
	"os"
	"time"

	"strata/sql/dialect"
)

// attachWarehouse attaches the customer's data: a file read only, a folder as views, nothing as an empty catalog.
func (db *DB) attachWarehouse(ctx context.Context) error {
	if db.cfg.isFile() {
		return db.attach(ctx, db.cfg.Warehouse, " AS warehouse (READ_ONLY)")
	}
	if err := db.manage(ctx, "ATTACH ':memory:' AS warehouse", ""); err != nil {
		return err
	}
	if db.cfg.Warehouse == "" {
		return nil
	}
	var err error
	if db.folder, err = readFolder(db.cfg.Warehouse); err != nil {
		return err
	}
	for _, r := range db.folder.relations {
		if err := db.manage(ctx, r.view(), r.path); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) detachWarehouse(ctx context.Context) error {
	return db.manage(ctx, "DETACH warehouse", db.cfg.Warehouse)
}

// retryEvery is how often an attach is tried while another program holds the file.
const retryEvery = 100 * time.Millisecond

// attach attaches a file and keeps trying while it is locked, as long as the configuration says.
func (db *DB) attach(ctx context.Context, path, how string) error {
	return db.whileLocked(ctx, func() error { return db.attachOnce(ctx, path, how) })
}

// attachOnce attaches a file, or says who holds it.
func (db *DB) attachOnce(ctx context.Context, path, how string) error {
	literal, err := dialect.Literal(path)
	if err != nil {
		return err
	}
	return db.manage(ctx, "ATTACH "+literal+how, path)
}

// whileLocked tries again and again while a file is locked, as long as the configuration says.
func (db *DB) whileLocked(ctx context.Context, try func() error) error {
	enough, again := time.NewTimer(db.cfg.Wait), time.NewTicker(retryEvery)
	defer enough.Stop()
	defer again.Stop()
	for {
		err := try()
		var e *Error
		if !errors.As(err, &e) || e.Kind != Locked {
			return err
		}
		select {
		case <-ctx.Done():
			return cancelled(ctx)
		case <-enough.C:
			return err
		case <-again.C:
		}
	}
}

// manage runs a statement of ours on a connection outside of the pool. path is the file that it is about.
func (db *DB) manage(ctx context.Context, statement, path string) error {
	_, err := db.admin.ExecContext(ctx, statement)
	return translate(ctx, err, path)
}

// exists reports whether a file is there; one that cannot be looked at counts as there, so that opening it says why.
func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, os.ErrNotExist)
}

package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
)

// Mode says what a store session may do.
type Mode int

// The modes of a session.
const (
	ReadStore  Mode = iota // Only read: several at once, beside other programs that read.
	WriteStore             // Read and write in one transaction: nobody else may have the file open.
)

// Session is one connection on which the store is attached as catalog store. It is valid only inside the function that
// got it.
type Session struct{ conn *sql.Conn }

// Query runs one statement that returns rows.
func (s Session) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return statements{s.conn}.query(ctx, query, args)
}

// Exec runs one statement and returns how many rows it changed.
func (s Session) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	return statements{s.conn}.exec(ctx, query, args)
}

// Row runs a query and scans its first row into dest. Without a row the error is sql.ErrNoRows.
func (s Session) Row(ctx context.Context, dest []any, query string, args ...any) error {
	return statements{s.conn}.row(ctx, dest, query, args)
}

// Store attaches the store, runs fn on one connection and lets go of the file again. With WriteStore the file is created
// when it is missing and fn runs in a transaction, which is rolled back when fn fails or ctx is cancelled. With ReadStore a
// missing file is an *Error of kind Missing. A locked file is retried for Config.Wait. Sessions do not nest: a writer
// inside another session would wait for itself.
func (db *DB) Store(ctx context.Context, mode Mode, fn func(ctx context.Context, tx Session) error) error {
	if db.cfg.Store == "" {
		return &Error{Kind: Missing, Message: "no store is configured"}
	}
	release, err := db.warehouse.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	if mode == WriteStore {
		return db.store.alone(ctx, func() error { return db.writeStore(ctx, fn) })
	}
	done, err := db.store.acquire(ctx)
	if err != nil {
		return err
	}
	err = db.session(ctx, func(s Session) error { return fn(ctx, s) })
	done()
	return errors.Join(err, db.store.letGo(context.WithoutCancel(ctx)))
}

// writeStore attaches the store for writing, runs fn in a transaction and detaches.
func (db *DB) writeStore(ctx context.Context, fn func(ctx context.Context, tx Session) error) error {
	if hollow(db.cfg.Store) {
		if err := os.Remove(db.cfg.Store); err != nil {
			return &Error{Kind: Unreadable, Path: db.cfg.Store, Message: "cannot replace the empty store file", Err: err}
		}
	}
	if err := db.attach(ctx, db.cfg.Store, " AS store"); err != nil {
		return err
	}
	err := db.session(ctx, func(s Session) error { return s.transaction(ctx, fn) })
	let := db.detachStore(context.WithoutCancel(ctx))
	if err == nil && let != nil && strings.Contains(let.Error(), checkpointFailed) {
		return nil // What was committed stands in the log beside the file, and the next writer takes it in.
	}
	return errors.Join(err, let)
}

// checkpointFailed is what DuckDB says when a file was let go, but its log could not be taken into it, on a full disk say.
const checkpointFailed = "CHECKPOINT during DETACH failed"

// session runs fn with a connection of its own.
func (db *DB) session(ctx context.Context, fn func(Session) error) (err error) {
	c, err := db.pool.Conn(ctx)
	if err != nil {
		return translate(ctx, err, db.cfg.Store)
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	return fn(Session{conn: c})
}

// transaction commits what fn did, or nothing of it. The rollback must happen even when ctx has ended: only then is the
// connection good again.
func (s Session) transaction(ctx context.Context, fn func(ctx context.Context, tx Session) error) error {
	if _, err := s.Exec(ctx, "BEGIN TRANSACTION"); err != nil {
		return err
	}
	finished := false
	defer func() {
		if !finished {
			_, _ = s.Exec(context.WithoutCancel(ctx), "ROLLBACK")
		}
	}()
	if err := fn(ctx, s); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return cancelled(ctx)
	}
	// A commit is not interrupted half way: it is short, and the caller must know whether it happened.
	if _, err := s.Exec(context.WithoutCancel(ctx), "COMMIT"); err != nil {
		return fmt.Errorf("commit to the store: %w", err)
	}
	finished = true
	return nil
}

func (db *DB) attachStoreReading(ctx context.Context) error {
	if !exists(db.cfg.Store) || hollow(db.cfg.Store) {
		return &Error{
			Kind: Missing, Path: db.cfg.Store,
			Message: "there is no store " + db.cfg.Store + " yet", Hint: "strata run makes the first snapshot",
		}
	}
	return db.attach(ctx, db.cfg.Store, " AS store (READ_ONLY)")
}

// hollow reports whether a file is there without a byte in it: what a full disk left of a first write.
func hollow(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Size() == 0
}

func (db *DB) detachStore(ctx context.Context) error {
	return db.manage(ctx, "DETACH store", db.cfg.Store)
}

package warehouse

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// Mode says what a store session may do.
type Mode int

// The modes of a session.
const (
	ReadStore  Mode = iota // Only read: several at once, beside other programs that read.
	WriteStore             // Read and write in one transaction: nobody else may have the file open.
)

// Step is what is being done to the store.
type Step string

// The steps. A transaction is followed by a checkpoint; a new file is filled, read back and put in the place of the old one.
const (
	StepTransaction Step = "transaction"
	StepCheckpoint  Step = "checkpoint"
	StepFill        Step = "fill"
	StepCheck       Step = "check"
	StepReplace     Step = "replace"
)

// notice tells whoever asked that a step begins.
func (db *DB) notice(step Step) {
	if db.cfg.Notice != nil {
		db.cfg.Notice(step)
	}
}

// logSuffix ends the name of the file in which DuckDB keeps what was committed and is not worked into the store yet.
const logSuffix = ".wal"

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

// writeStore attaches the store for writing, runs fn in a transaction and detaches. What is committed is in the log beside
// the file. It is worked into the file while the lock is held, for only then is it known whose blocks were copied.
func (db *DB) writeStore(ctx context.Context, fn func(ctx context.Context, tx Session) error) error {
	if err := db.attachStore(ctx, " AS store"); err != nil {
		return err
	}
	always := context.WithoutCancel(ctx)
	db.notice(StepTransaction)
	saved, err := db.saveUndo(always)
	if err == nil {
		err = db.session(ctx, func(s Session) error { return s.transaction(ctx, fn) })
		err = db.settle(always, saved, err)
	}
	err = errors.Join(err, db.detachStore(always))
	saved.close()
	return err
}

// settle works the log into the file. Where that fails, on a full disk say, the log and the copied blocks stay for the next
// writer; what happened to the transaction does not depend on it.
func (db *DB) settle(ctx context.Context, saved *undo, outcome error) error {
	db.notice(StepCheckpoint)
	if err := db.manage(ctx, "CHECKPOINT store", db.cfg.Store); err != nil {
		return outcome
	}
	return errors.Join(outcome, saved.forget())
}

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
		return db.noStore()
	}
	return db.attachStore(ctx, " AS store (READ_ONLY)")
}

// noStore says that the file is not there yet.
func (db *DB) noStore() error {
	return &Error{
		Kind: Missing, Path: db.cfg.Store,
		Message: "there is no store " + db.cfg.Store + " yet", Hint: "strata run makes the first snapshot",
	}
}

// attachStore attaches the store once it is whole. Each try begins anew: who holds the file may be about to replace it.
func (db *DB) attachStore(ctx context.Context, how string) error {
	path := db.cfg.Store
	return db.whileLocked(ctx, func() error {
		if err := errors.Join(discardHollow(path), repair(path)); err != nil {
			return err
		}
		before, err := os.Stat(path)
		made := err != nil
		if err := db.attachOnce(ctx, path, how); err != nil || made {
			return err
		}
		if now, err := os.Stat(path); err == nil && os.SameFile(before, now) {
			return nil
		}
		// Another file has been put in its place by whoever had the lock until now. What is written to this one is lost.
		e := &Error{Kind: Locked, Path: path, Message: "another program has just replaced " + path, Hint: waitForIt}
		return errors.Join(db.detachStore(context.WithoutCancel(ctx)), e)
	})
}

// hollow reports whether a file is there that ends within its headers: what a killed process or a full disk left of a first
// write. DuckDB would not open it, and it never held anything. A short file of any other kind is somebody's.
func hollow(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() >= headerSize {
		return false
	}
	if info.Size() == 0 {
		return true
	}
	start, err := os.ReadFile(path)
	return err == nil && len(start) > magicAt && bytes.HasPrefix(start[magicAt:], []byte("DUCK"))
}

// magicAt is where a DuckDB file says that it is one.
const magicAt = 8

// hollowFor is how long a hollow file must have been left alone before it counts as abandoned: whoever makes a file takes
// its lock a moment after the file is there.
const hollowFor = time.Second

// discardHollow removes a hollow file that nobody is filling.
func discardHollow(path string) error {
	if !hollow(path) {
		return nil
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return fileError(path, "replace the empty store file", err)
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil || info.Size() >= headerSize {
		return nil //nolint:nilerr // It was filled or removed in the meantime.
	}
	if time.Since(info.ModTime()) < hollowFor || !lockWhole(file) {
		return &Error{Kind: Locked, Path: path, Message: "another program is making " + path, Hint: waitForIt}
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fileError(path, "replace the empty store file", err)
	}
	return nil
}

func (db *DB) detachStore(ctx context.Context) error {
	return db.manage(ctx, "DETACH store", db.cfg.Store)
}

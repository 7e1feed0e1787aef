package warehouse

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// compactSuffix ends the name of the file that is to take the place of the store. One that is there already was left by a
// process that died, and nothing is lost with it.
const compactSuffix = ".compact"

// Rewriting is how the store is written anew. Both functions run on a connection with the old file as catalog store and the
// new one as catalog fresh.
type Rewriting struct {
	// Fill writes the new file, in one transaction.
	Fill func(ctx context.Context, tx Session) error
	// Check returns an error where the new file, as it reads back from the disk, is not what it should be.
	Check func(ctx context.Context, tx Session) error
}

// RewriteStore makes a new file beside the store and puts it in the place of the old one, since a file that DuckDB has once
// made large never gets small again. It returns the sizes of both in bytes. Until the new file has taken its place, which is
// one step, the old one stands as it was; after an error it still does. Others cannot open the store in the meantime. The
// errors are *Error: Locked while somebody else has the store open, Missing where there is none, Refused where it is a link.
func (db *DB) RewriteStore(ctx context.Context, with Rewriting) (before, after int64, err error) {
	if db.cfg.Store == "" {
		return 0, 0, &Error{Kind: Missing, Message: "no store is configured"}
	}
	release, err := db.warehouse.acquire(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer release()
	err = db.store.alone(ctx, func() error {
		before, after, err = db.rewriteStore(ctx, with)
		return err
	})
	return before, after, err
}

// rewriteStore does it while nobody else of this process uses the store.
func (db *DB) rewriteStore(ctx context.Context, with Rewriting) (before, after int64, err error) {
	path := db.cfg.Store
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return 0, 0, &Error{
			Kind: Refused, Path: path, Message: path + " is a link, and a new file would take the place of the link",
			Hint: "name the file itself as store: in strata.yaml",
		}
	}
	if !exists(path) || hollow(path) {
		return 0, 0, db.noStore()
	}
	if err := db.attachStore(ctx, " AS store"); err != nil {
		return 0, 0, err
	}
	always := context.WithoutCancel(ctx)
	saved, err := db.saveUndo(always)
	defer func() {
		err = errors.Join(err, db.detachStore(always))
		saved.close()
	}()
	if err == nil {
		err = db.takeInLog(always, saved)
	}
	if err != nil {
		return 0, 0, err
	}
	fresh := path + compactSuffix
	defer func() { err = errors.Join(err, discard(fresh)) }()
	if err := errors.Join(discard(fresh), db.makeFresh(ctx, fresh, with)); err != nil {
		return 0, 0, err
	}
	return db.replaceStore(ctx, fresh)
}

// takeInLog works a log that was left beside the attached store into it, since a log must not meet another file.
func (db *DB) takeInLog(ctx context.Context, saved *undo) error {
	if err := db.manage(ctx, "CHECKPOINT store", db.cfg.Store); err != nil {
		return err
	}
	if log := db.cfg.Store + logSuffix; exists(log) {
		return &Error{Kind: Unreadable, Path: log, Message: "cannot take " + log + " into the store"}
	}
	return saved.forget()
}

// makeFresh makes the new file and reads it back.
func (db *DB) makeFresh(ctx context.Context, fresh string, with Rewriting) error {
	db.notice(StepFill)
	err := db.attached(ctx, fresh, " AS fresh", func(s Session) error {
		if err := s.transaction(ctx, with.Fill); err != nil {
			return err
		}
		return db.manage(context.WithoutCancel(ctx), "CHECKPOINT fresh", fresh)
	})
	if err != nil {
		return err
	}
	if log := fresh + logSuffix; exists(log) {
		return &Error{Kind: Unreadable, Path: log, Message: "the new store is not complete without " + log}
	}
	db.notice(StepCheck)
	return db.attached(ctx, fresh, " AS fresh (READ_ONLY)", func(s Session) error { return with.Check(ctx, s) })
}

// attached runs fn while the new file is attached.
func (db *DB) attached(ctx context.Context, fresh, how string, fn func(Session) error) error {
	if err := db.attachOnce(ctx, fresh, how); err != nil {
		return err
	}
	err := db.session(ctx, fn)
	return errors.Join(err, db.manage(context.WithoutCancel(ctx), "DETACH fresh", fresh))
}

// replaceStore puts the new file in the place of the old one, which stays locked until it is done.
func (db *DB) replaceStore(ctx context.Context, fresh string) (before, after int64, err error) {
	path := db.cfg.Store
	old, err := os.Stat(path)
	if err != nil {
		return 0, 0, fileError(path, "read", err)
	}
	made, err := os.Stat(fresh)
	if err != nil {
		return 0, 0, fileError(fresh, "read", err)
	}
	if ctx.Err() != nil {
		return 0, 0, cancelled(ctx)
	}
	db.notice(StepReplace)
	if err := errors.Join(os.Chmod(fresh, old.Mode()), syncFile(fresh), os.Rename(fresh, path)); err != nil {
		return 0, 0, fileError(path, "replace", err)
	}
	return old.Size(), made.Size(), syncFolder(filepath.Dir(path))
}

// discard removes a new file that did not take its place, and its log.
func discard(fresh string) error {
	for _, file := range []string{fresh, fresh + logSuffix} {
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fileError(file, "remove", err)
		}
	}
	return nil
}

// syncFile returns when a file has reached the disk.
func syncFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// fileError words an error of the file system.
func fileError(path, verb string, err error) error {
	return &Error{Kind: Unreadable, Path: path, Message: "cannot " + verb + " " + path + ": " + err.Error(), Hint: hintFor(err.Error()), Err: err}
}

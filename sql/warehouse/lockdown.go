package warehouse

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"strata/sql/dialect"
)

// spillPrefix begins the name of every spill folder; the process id follows.
const spillPrefix = "strata-"

// makeSpill makes the private folder for data that does not fit in memory, and removes those of processes that died.
// DuckDB's own default would be a .tmp in the current folder, which may be the customer's.
func (db *DB) makeSpill() error {
	sweepSpill(db.cfg.TempDir)
	dir, err := os.MkdirTemp(db.cfg.TempDir, spillPrefix+strconv.Itoa(os.Getpid())+"-")
	if err != nil {
		return &Error{Kind: Unreadable, Path: db.cfg.TempDir, Message: "cannot make a folder for temporary data in " + db.cfg.TempDir, Err: err}
	}
	db.spill = dir
	return nil
}

func (db *DB) removeSpill() error {
	if db.spill == "" {
		return nil
	}
	if err := os.RemoveAll(db.spill); err != nil {
		return fmt.Errorf("remove temporary data: %w", err)
	}
	return nil
}

// sweepSpill removes the spill folders of dead processes. It is a courtesy: what cannot be removed stays.
func sweepSpill(parent string) {
	for _, dir := range Abandoned(parent) {
		_ = os.RemoveAll(dir)
	}
}

// Abandoned lists the folders below Config.TempDir, "" being os.TempDir(), in which queries of processes that are gone left
// data. Open removes them.
func Abandoned(tempDir string) []string {
	if tempDir == "" {
		tempDir = os.TempDir()
	}
	entries, err := os.ReadDir(tempDir)
	if err != nil {
		return nil
	}
	var dirs []string
	for _, entry := range entries {
		rest, ours := strings.CutPrefix(entry.Name(), spillPrefix)
		digits, _, named := strings.Cut(rest, "-")
		pid, err := strconv.Atoi(digits)
		if entry.IsDir() && ours && named && err == nil && pid > 0 && !alive(pid) {
			dirs = append(dirs, filepath.Join(tempDir, entry.Name()))
		}
	}
	return dirs
}

// alive reports whether a process of that id runs; when in doubt, it does.
func alive(pid int) bool {
	process, err := os.FindProcess(pid)
	if err != nil {
		return true
	}
	err = process.Signal(syscall.Signal(0))
	return !errors.Is(err, os.ErrProcessDone) && !errors.Is(err, syscall.ESRCH)
}

// lockDown takes away what no statement of ours needs. The order matters: after the last line nothing can be changed.
func (db *DB) lockDown(ctx context.Context) error {
	// A checkpoint happens where the store asks for one, with a copy of what it may write over, and never by the way.
	if err := db.manage(ctx, "PRAGMA disable_checkpoint_on_shutdown", ""); err != nil {
		return fmt.Errorf("set checkpoints: %w", err)
	}
	settings := []struct {
		name  string
		value any
	}{
		{"temp_directory", db.spill},
		{"autoinstall_known_extensions", false},
		{"autoload_known_extensions", false},
		{"TimeZone", "UTC"},
		// No statement relies on the order of stored rows, and keeping it halves the speed of writing tables.
		{"preserve_insertion_order", false},
		{"memory_limit", db.cfg.MemoryLimit},
		{"threads", db.cfg.Threads},
		{"allowed_directories", db.allowed()},
		{"enable_external_access", false},
		{"lock_configuration", true},
	}
	for _, s := range settings {
		if s.value == "" || s.value == 0 { // Not set: DuckDB's own default holds.
			continue
		}
		literal, err := dialect.Literal(s.value)
		if err != nil {
			return err
		}
		if err := db.manage(ctx, "SET GLOBAL "+s.name+" = "+literal, ""); err != nil {
			return fmt.Errorf("set %s: %w", s.name, err)
		}
	}
	return nil
}

// allowed lists the folders that DuckDB may touch: a store needs its folder, for it keeps a log beside itself.
func (db *DB) allowed() []string {
	dirs := []string{db.spill}
	if db.cfg.Store != "" {
		dirs = append(dirs, filepath.Dir(db.cfg.Store))
	}
	switch {
	case db.cfg.isFile():
		dirs = append(dirs, filepath.Dir(db.cfg.Warehouse))
	case db.cfg.Warehouse != "":
		// Patterns of files are compared as they are written, so their way of writing the folder is allowed too.
		dirs = append(dirs, db.cfg.Warehouse, globEscape(db.cfg.Warehouse))
	}
	for i, dir := range dirs {
		dirs[i] = strings.TrimSuffix(dir, "/") + "/"
	}
	return dirs
}

package warehouse

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"strata/segments/source"
)

// resolved checks that the files can be there and makes their paths absolute, since DuckDB compares them as text with the
// allowed directories.
func (c Config) resolved() (Config, error) {
	if c.Warehouse != "" {
		path, err := existing(c.Warehouse)
		if err != nil {
			return c, err
		}
		c.Warehouse = path
	}
	if c.Store != "" {
		folder, err := existing(filepath.Dir(c.Store))
		if missing, ok := errors.AsType[*Error](err); ok {
			missing.Message = "the folder for the store cannot be used: " + missing.Message
		}
		if err != nil {
			return c, err
		}
		c.Store = filepath.Join(folder, filepath.Base(c.Store))
		if err := c.apart(); err != nil {
			return c, err
		}
	}
	if c.TempDir == "" {
		c.TempDir = os.TempDir()
	}
	return c, nil
}

// apart refuses a store that is the warehouse, by whatever name or link: the warehouse is only read.
func (c Config) apart() error {
	store, err := os.Stat(c.Store)
	if err != nil {
		return nil //nolint:nilerr // What is not there yet, or cannot be looked at, is no warehouse.
	}
	if warehouse, err := os.Stat(c.Warehouse); err == nil && c.Warehouse != "" && os.SameFile(store, warehouse) {
		return &Error{
			Kind: Refused, Path: c.Store, Message: "the store is the warehouse itself, which is only read",
			Hint: "name another file as store: in strata.yaml",
		}
	}
	return nil
}

// existing returns the absolute path without links, or an error that names what is nearest to it.
func existing(path string) (string, error) {
	absolute, err := filepath.Abs(path)
	if err == nil {
		absolute, err = filepath.EvalSymlinks(absolute)
	}
	switch {
	case err == nil:
		return absolute, nil
	case errors.Is(err, fs.ErrNotExist):
		hint := nearestFile(path)
		if hint == "" {
			hint = "put it back, or name another one as warehouse: in strata.yaml"
		}
		return "", &Error{Kind: Missing, Path: path, Message: "there is no " + path, Hint: hint, Err: err}
	}
	return "", &Error{Kind: Unreadable, Path: path, Message: "cannot open " + path, Err: err}
}

// nearestFile looks beside the missing path, or beside the first of its folders that is missing.
func nearestFile(path string) string {
	folder := filepath.Dir(path)
	entries, err := os.ReadDir(folder)
	if err != nil {
		if folder == path || folder == "." {
			return ""
		}
		return nearestFile(folder)
	}
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = entry.Name()
	}
	if near, ok := source.Nearest(filepath.Base(path), names); ok {
		return "did you mean " + filepath.Join(folder, near) + "?"
	}
	return ""
}

// idle is how long the warehouse file may stay attached unused. Only a file can be in somebody's way: what is in memory or
// read file by file is never let go.
func (c Config) idle() time.Duration {
	if c.isFile() {
		return c.Idle
	}
	return 0
}

func (c Config) isFile() bool {
	if c.Warehouse == "" {
		return false
	}
	info, err := os.Stat(c.Warehouse)
	return err == nil && !info.IsDir()
}

package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"strata/sql/dialect"

	"github.com/duckdb/duckdb-go/v2"
)

// Build makes a new DuckDB file from statements. It writes beside path and renames at the end, so path is whole or not
// there; an existing file is replaced. The statements are ours or a test's, never a user's: they may read files.
func Build(ctx context.Context, path string, statements []string) (err error) {
	folder, err := existing(filepath.Dir(path))
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp(folder, filepath.Base(path)+".tmp-")
	if err != nil {
		return &Error{Kind: Unreadable, Path: folder, Message: "cannot write in " + folder, Err: err}
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	made := filepath.Join(work, "new.duckdb")
	if err := runBuild(ctx, made, statements); err != nil {
		return err
	}
	if err := os.Rename(made, filepath.Join(folder, filepath.Base(path))); err != nil {
		return fmt.Errorf("build %s: %w", path, err)
	}
	return nil
}

// runBuild runs the statements on one connection whose default catalog is the new file, under the name warehouse as
// everywhere.
func runBuild(ctx context.Context, path string, statements []string) (err error) {
	instance, err := duckdb.NewConnector("", nil)
	if err != nil {
		return translate(ctx, err, path)
	}
	pool := sql.OpenDB(&connector{inner: instance, running: &running{}})
	defer func() { err = errors.Join(err, pool.Close(), instance.Close()) }()
	pool.SetMaxOpenConns(1)
	file, err := dialect.Literal(path)
	if err != nil {
		return err
	}
	temp, err := dialect.Literal(filepath.Dir(path))
	if err != nil {
		return err
	}
	all := append([]string{
		"SET temp_directory = " + temp,
		"SET autoinstall_known_extensions = false",
		"SET TimeZone = 'UTC'",
		"ATTACH " + file + " AS warehouse",
		"USE warehouse.main",
	}, statements...)
	for _, statement := range append(all, "USE memory.main", "DETACH warehouse") {
		if _, err := pool.ExecContext(ctx, statement); err != nil {
			return translate(ctx, err, path)
		}
	}
	return nil
}

package warehouse_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"strata/sql/warehouse"

	"github.com/stretchr/testify/require"
)

// actAs tells a copy of the test program to be the other program that uses a file: DuckDB's locks are between
// processes.
const actAs = "STRATA_TEST_STATEMENTS_ON"

func TestMain(m *testing.M) {
	if path := os.Getenv(actAs); path != "" {
		otherProgram(path)
		return
	}
	os.Exit(m.Run())
}

// otherProgram opens the file for writing, runs the statements that it was given as arguments, says so and holds the file
// until its input ends.
func otherProgram(path string) {
	ctx := context.Background()
	db, err := warehouse.Open(ctx, warehouse.Config{Store: path})
	if err == nil {
		err = db.Store(ctx, warehouse.WriteStore, func(ctx context.Context, tx warehouse.Session) error {
			for _, statement := range os.Args[1:] {
				if _, err := tx.Exec(ctx, statement); err != nil {
					return err
				}
			}
			if len(os.Args) == 1 {
				fmt.Println("holding")
				_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
			}
			return nil
		})
	}
	fmt.Println("done", err)
}

// hold lets another process hold the file for writing until release is called. It returns that process's id.
func hold(t *testing.T, path string) (pid int, release func()) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), actAs+"="+path)
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "holding\n", line)
	return cmd.Process.Pid, func() {
		require.NoError(t, in.Close())
		_ = cmd.Wait()
	}
}

// otherWrites lets another process run statements on the file, in which it is attached as store, and returns what it said.
func otherWrites(t *testing.T, path string, statements ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], statements...)
	cmd.Env = append(os.Environ(), actAs+"="+path)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err)
	return string(out)
}

// shop builds a small warehouse file in a folder of its own and returns its path.
func shop(t *testing.T, more ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "shop.duckdb")
	require.NoError(t, warehouse.Build(t.Context(), path, append([]string{
		`CREATE TABLE customers (customer_id BIGINT PRIMARY KEY, email TEXT, created_at TIMESTAMPTZ NOT NULL)`,
		`INSERT INTO customers SELECT range, 'c' || range || '@example.com', TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_days(CAST(range AS INTEGER)) FROM range(10)`,
		`CREATE SCHEMA crm`,
		`CREATE TABLE crm.orders (order_id BIGINT, customer_id BIGINT, amount DECIMAL(18,2), paid_at TIMESTAMPTZ)`,
		`INSERT INTO crm.orders VALUES (1, 1, 5000.00, TIMESTAMPTZ '2026-02-01 12:00:00+00'), (2, 1, 0.10, TIMESTAMPTZ '2026-02-02 12:00:00+00')`,
		`CREATE TABLE secret (salary INTEGER)`,
	}, more...)))
	return path
}

// open opens a database that is closed with the test.
func open(t *testing.T, cfg warehouse.Config) *warehouse.DB {
	t.Helper()
	if cfg.TempDir == "" {
		cfg.TempDir = t.TempDir()
	}
	db, err := warehouse.Open(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// one returns the first value of a query.
func one(t *testing.T, db *warehouse.DB, query string, args ...any) any {
	t.Helper()
	var v any
	require.NoError(t, db.Row(t.Context(), []any{&v}, query, args...))
	return warehouse.Plain(v)
}

// queryError runs a query that returns rows and returns its error.
func queryError(ctx context.Context, db *warehouse.DB, query string) (err error) {
	rows, err := db.Query(ctx, query)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		// Only the error is asked for.
	}
	return rows.Err()
}

// fingerprint describes everything in a folder: names, sizes, times of change and contents.
func fingerprint(t *testing.T, folder string) []string {
	t.Helper()
	var out []string
	require.NoError(t, filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := os.Lstat(path)
		if err != nil {
			return err
		}
		sum := ""
		if entry.Type().IsRegular() {
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			hash := sha256.Sum256(content)
			sum = hex.EncodeToString(hash[:])
		}
		out = append(out, fmt.Sprint(path, entry.Type(), info.Size(), info.ModTime().UnixNano(), sum))
		return nil
	}))
	return out
}

package warehouse_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"strata/fixtures/process"
	"strata/sql/warehouse"

	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { process.Main(m) }

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

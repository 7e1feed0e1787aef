// Package warehouse runs SQL on DuckDB and is the only package that imports its driver. In come statements with ?
// placeholders, the path of the customer's data and the path of our store; out come rows, table descriptions, progress
// and errors that say what to do. The customer's data is attached read only, always.
package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"strata/sql/dialect"

	"github.com/duckdb/duckdb-go/v2"
)

// Config says what to open and how. The zero value opens an empty warehouse in memory that may be written.
type Config struct {
	Warehouse   string        // A DuckDB file, or a folder of Parquet, CSV or TSV files; "" is an empty writable one in memory.
	Store       string        // The store file, or "" for none. It need not exist yet, its folder must.
	Threads     int           // How many threads a query may use; 0 is all.
	MemoryLimit string        // Such as "4GB"; "" is DuckDB's default, 80% of the machine.
	TempDir     string        // Parent of the private spill folder; "" is os.TempDir().
	Wait        time.Duration // How long an attach is retried while another program holds the file.
	Idle        time.Duration // The warehouse file is let go after this long without a query; 0 is never.
	Notice      func(Step)    // Called when a step of writing the store begins; nil is nobody. It must not use the DB.
}

// DB is one in-memory DuckDB instance (catalog memory) with the customer's data attached as catalog warehouse, which is the
// default of every connection. It is safe for use by several goroutines; up to eight statements run at a time.
type DB struct {
	*Parser
	cfg       Config
	folder    *folder // Where the warehouse is a folder of files.
	instance  *duckdb.Connector
	admin     *sql.DB // Connections that attach, detach and parse; their default catalog is memory.
	pool      *sql.DB // Connections that run statements.
	warehouse *attachment
	store     *attachment
	running   *running
	spill     string
	closing   sync.Once
	numbers   atomic.Int64
}

// Number returns a number that no other call on this DB returns, for the names of tables in catalog memory.
func (db *DB) Number() int64 { return db.numbers.Add(1) }

// poolSize is how many statements run at a time. All connections are made before the instance is locked down, since a
// locked instance refuses the settings that progress needs.
const poolSize = 8

// sessionSettings are what each connection of the pool needs.
var sessionSettings = []string{
	"SET enable_progress_bar = true",
	"SET enable_progress_bar_print = false",
	"SET progress_bar_time = 0",
	"USE warehouse.main",
}

// Open starts an instance, attaches the warehouse and locks the instance down. The errors are *Error.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	cfg, err := cfg.resolved()
	if err != nil {
		return nil, err
	}
	instance, err := duckdb.NewConnector("", nil)
	if err != nil {
		return nil, translate(ctx, err, "")
	}
	db := &DB{cfg: cfg, instance: instance, running: &running{}}
	db.admin = sql.OpenDB(&connector{inner: instance, running: db.running})
	db.Parser = &Parser{db: db.admin}
	if err := db.start(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// start does what Open promises, in the order that keeps each step possible.
func (db *DB) start(ctx context.Context) error {
	db.warehouse = newAttachment(db.attachWarehouse, db.detachWarehouse, db.cfg.idle())
	db.store = newAttachment(db.attachStoreReading, db.detachStore, 0)
	db.pool = sql.OpenDB(&connector{inner: db.instance, prepare: sessionSettings, files: db.warehouse, running: db.running})
	db.pool.SetMaxOpenConns(poolSize)
	db.pool.SetMaxIdleConns(poolSize)
	release, err := db.warehouse.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	if err := db.fillPool(ctx); err != nil {
		return err
	}
	if err := db.makeSpill(); err != nil {
		return err
	}
	return db.lockDown(ctx)
}

// fillPool opens all connections at once and hands them back.
func (db *DB) fillPool(ctx context.Context) error {
	for range poolSize {
		c, err := db.pool.Conn(ctx)
		if err != nil {
			return translate(ctx, err, db.cfg.Warehouse)
		}
		defer func() { _ = c.Close() }()
	}
	return nil
}

// Scratch opens an empty writable warehouse in memory: tables made with Exec land in warehouse.main.
func Scratch(ctx context.Context) (*DB, error) { return Open(ctx, Config{}) }

// Close stops running queries, lets go of all files and removes the spill folder. Later calls do nothing.
func (db *DB) Close() (err error) {
	db.closing.Do(func() {
		if db.warehouse != nil {
			db.warehouse.close()
			db.store.close()
		}
		db.running.stop()
		if db.pool != nil {
			err = db.pool.Close()
		}
		// DuckDB keeps the instance until its last connection is closed, so rows that are still open stay readable.
		err = errors.Join(err, db.admin.Close(), db.instance.Close(), db.removeSpill())
	})
	return err
}

// Query runs one statement that returns rows. The warehouse stays attached until the rows are closed.
func (db *DB) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return statements{db.pool}.query(ctx, query, args)
}

// Each runs a query and hands every row to a function, as plain values. It ends with the first error of either.
func (db *DB) Each(ctx context.Context, each func(row []any) error, query string, args ...any) (err error) {
	rows, err := db.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		row, err := PlainRow(rows)
		if err != nil {
			return err
		}
		if err := each(row); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Exec runs one statement and returns how many rows it changed.
func (db *DB) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	return statements{db.pool}.exec(ctx, query, args)
}

// Row runs a query and scans its first row into dest. Without a row the error is sql.ErrNoRows.
func (db *DB) Row(ctx context.Context, dest []any, query string, args ...any) error {
	return statements{db.pool}.row(ctx, dest, query, args)
}

// statements runs statements on a pool or on a single connection.
type statements struct{ runner }

// runner is what a pool and a single connection have in common.
type runner interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func (s statements) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	query, args, err := dialect.Bind(query, args)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, translate(ctx, err, "")
	}
	return rows, nil
}

func (s statements) exec(ctx context.Context, query string, args []any) (int64, error) {
	query, args, err := dialect.Bind(query, args)
	if err != nil {
		return 0, err
	}
	result, err := s.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, translate(ctx, err, "")
	}
	return result.RowsAffected()
}

func (s statements) row(ctx context.Context, dest []any, query string, args []any) (err error) {
	rows, err := s.query(ctx, query, args)
	if err != nil {
		return err
	}
	defer func() { err = firstError(err, rows.Close()) }()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return translate(ctx, err, "")
		}
		return sql.ErrNoRows
	}
	if err := rows.Scan(dest...); err != nil {
		return fmt.Errorf("read row: %w", err)
	}
	return nil
}

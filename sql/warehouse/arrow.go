package warehouse

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/duckdb/duckdb-go/v2"

	"strata/sql/dialect"
)

// Batches runs one statement and hands its rows on as Arrow batches, which are valid only during the call. It is for
// millions of rows: a batch costs no conversion of single values.
func (db *DB) Batches(ctx context.Context, each func(arrow.RecordBatch) error, query string, args ...any) error {
	query, args, err := dialect.Bind(query, args)
	if err != nil {
		return err
	}
	return onConn(ctx, db.pool, func(c *conn) error { return c.batches(ctx, each, query, args) })
}

// Fill makes a table of catalog memory, in place of one that is there, from Arrow batches. The name is qualified and
// quoted. The reader is read to its end.
func (db *DB) Fill(ctx context.Context, table string, reader array.RecordReader) error {
	return onConn(ctx, db.admin, func(c *conn) error {
		view := fmt.Sprintf("strata batches %d", db.Number())
		bridge, err := duckdb.NewArrowFromConn(c.Conn)
		if err != nil {
			return fmt.Errorf("read batches: %w", err)
		}
		release, err := bridge.RegisterView(reader, view)
		if err != nil {
			return fmt.Errorf("read batches: %w", err)
		}
		defer release()
		exec := func(query string) error {
			_, err := c.ExecContext(ctx, query, nil)
			return translate(ctx, err, "")
		}
		err = exec("CREATE OR REPLACE TABLE " + table + " AS SELECT * FROM " + dialect.Ident(view))
		return firstError(err, exec("DROP VIEW "+dialect.Ident(view)))
	})
}

// onConn lends out a connection of a pool as the driver's.
func onConn(ctx context.Context, pool *sql.DB, fn func(*conn) error) (err error) {
	lent, err := pool.Conn(ctx)
	if err != nil {
		return translate(ctx, err, "")
	}
	defer func() { err = firstError(err, lent.Close()) }()
	return lent.Raw(func(raw any) error {
		c, ok := raw.(*conn)
		if !ok {
			return errors.New("the connection is not the driver's")
		}
		return fn(c)
	})
}

// batches runs a statement; the files stay attached until its last batch is read.
func (c *conn) batches(ctx context.Context, each func(arrow.RecordBatch) error, query string, args []any) error {
	release, err := c.files.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	err = c.run(ctx, func(inner context.Context) (err error) {
		bridge, err := duckdb.NewArrowFromConn(c.Conn)
		if err != nil {
			return fmt.Errorf("read batches: %w", err)
		}
		values := make([]any, len(args))
		for i, arg := range args {
			if values[i], err = driver.DefaultParameterConverter.ConvertValue(arg); err != nil {
				return fmt.Errorf("value %d: %w", i+1, err)
			}
		}
		reader, err := bridge.QueryContext(inner, query, values...)
		if err != nil {
			return err
		}
		defer reader.Release()
		for reader.Next() {
			if err := ctx.Err(); err != nil {
				return cancelled(ctx)
			}
			if err := each(reader.RecordBatch()); err != nil {
				return err
			}
		}
		return reader.Err()
	})
	var own *Error
	if errors.As(err, &own) || err == nil {
		return err
	}
	return translate(ctx, err, "")
}

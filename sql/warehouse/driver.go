package warehouse

import (
	"context"
	"database/sql/driver"
	"fmt"
	"reflect"
	"time"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/duckdb/duckdb-go/v2/mapping"
)

// connector stands between database/sql and the driver: it prepares each connection, keeps the warehouse attached while
// rows are open, and makes cancelling quick.
type connector struct {
	inner   *duckdb.Connector
	prepare []string    // Statements for each new connection.
	files   *attachment // What must be attached while a statement runs; nil for none.
	running *running
}

// Connect opens a connection. Statements that prepare it are best effort: a locked configuration refuses settings that it
// already has as defaults.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	raw, err := c.inner.Connect(ctx)
	if err != nil {
		return nil, fmt.Errorf("open connection: %w", err)
	}
	inner := raw.(*duckdb.Conn)
	for _, statement := range c.prepare {
		if _, err := inner.ExecContext(ctx, statement, nil); err != nil && !refusedSetting(err) {
			return nil, fmt.Errorf("prepare connection: %w", firstError(err, inner.Close()))
		}
	}
	handle, quick := handleOf(inner)
	return &conn{Conn: inner, handle: handle, quick: quick, files: c.files, running: c.running}, nil
}

// Driver is part of driver.Connector.
func (c *connector) Driver() driver.Driver { return c.inner.Driver() }

// conn is one connection. database/sql uses it from one goroutine at a time.
type conn struct {
	*duckdb.Conn
	handle  mapping.Connection
	quick   bool // The handle is known, so cancelling and progress go through it.
	files   *attachment
	running *running
}

// QueryContext runs a statement; the files stay attached until the rows are closed.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	release, err := c.files.acquire(ctx)
	if err != nil {
		return nil, err
	}
	var inner driver.Rows
	err = c.run(ctx, func(ctx context.Context) error {
		inner, err = c.Conn.QueryContext(ctx, query, args)
		return err
	})
	if err != nil {
		release()
		return nil, err
	}
	return newRows(inner, release), nil
}

// ExecContext runs a statement to its end.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	release, err := c.files.acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	var result driver.Result
	err = c.run(ctx, func(ctx context.Context) error {
		result, err = c.Conn.ExecContext(ctx, query, args)
		return err
	})
	return result, err
}

// interruptEvery is how often a cancelled query is told again: DuckDB forgets an interrupt that arrives between two
// phases of a statement.
const interruptEvery = 2 * time.Millisecond

// run calls fn and interrupts it when ctx ends. The driver itself does not see the cancelling, since it would hold the
// connection for half a second.
func (c *conn) run(ctx context.Context, fn func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return cancelled(ctx)
	}
	if !c.quick {
		return endOf(ctx, fn(ctx))
	}
	c.running.add(c.handle)
	defer c.running.remove(c.handle)
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		interruptWhenDone(ctx, done, c.handle)
	}()
	err := fn(context.WithoutCancel(ctx))
	close(done)
	// The next statement on this connection must not meet an interrupt that was meant for this one.
	<-stopped
	return endOf(ctx, err)
}

// interruptWhenDone interrupts the handle again and again from the end of ctx until done is closed.
func interruptWhenDone(ctx context.Context, done <-chan struct{}, handle mapping.Connection) {
	select {
	case <-done:
		return
	case <-ctx.Done():
	}
	again := time.NewTicker(interruptEvery)
	defer again.Stop()
	for {
		mapping.Interrupt(handle)
		select {
		case <-done:
			return
		case <-again.C:
		}
	}
}

// endOf tells an interrupted statement's error from one of its own.
func endOf(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return cancelled(ctx)
	}
	return err
}

// rows hands values on and lets go of the files at the end.
type rows struct {
	driver.Rows
	types   []string
	release func()
}

// typed is what the driver's rows can say of their columns.
type typed interface {
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeScanType
}

func newRows(inner driver.Rows, release func()) *rows {
	r := &rows{Rows: inner, release: release, types: make([]string, len(inner.Columns()))}
	if t, ok := inner.(typed); ok {
		for i := range r.types {
			r.types[i] = t.ColumnTypeDatabaseTypeName(i)
		}
	}
	return r
}

// Next reads the next row. A UUID comes as its text, for the driver's 16 bytes look like any other BLOB.
func (r *rows) Next(dest []driver.Value) error {
	if err := r.Rows.Next(dest); err != nil {
		return err
	}
	for i, kind := range r.types {
		if b, ok := dest[i].([]byte); ok && kind == "UUID" {
			dest[i] = uuidText(b)
		}
	}
	return nil
}

// Close ends the rows once; later calls are harmless.
func (r *rows) Close() error {
	if r.release == nil {
		return nil
	}
	err := r.Rows.Close()
	r.release()
	r.release = nil
	return err
}

// ColumnTypeDatabaseTypeName returns DuckDB's name of a column's type.
func (r *rows) ColumnTypeDatabaseTypeName(i int) string { return r.types[i] }

// ColumnTypeScanType returns the Go type of a column's values.
func (r *rows) ColumnTypeScanType(i int) reflect.Type {
	if t, ok := r.Rows.(typed); ok && r.types[i] != "UUID" {
		return t.ColumnTypeScanType(i)
	}
	return reflect.TypeFor[string]()
}

func uuidText(b []byte) string {
	var id duckdb.UUID
	if id.Scan(b) != nil {
		return string(b)
	}
	return id.String()
}

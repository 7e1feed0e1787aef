package warehouse_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"path/filepath"

	"strata/sql/warehouse"
)

func TestProbe(t *testing.T) {
	path := shop(t, `CREATE SCHEMA warehouse`, `CREATE SCHEMA store`, `CREATE SCHEMA memory`, `CREATE TABLE warehouse.warehouse.t AS SELECT 1 AS a`, `CREATE TABLE warehouse.store.t AS SELECT 2 AS a`,
	`CREATE TABLE warehouse.memory.t AS SELECT 3 AS a`, `CREATE TABLE warehouse.main.warehouse AS SELECT 4 AS a`, `CREATE TABLE warehouse.main.store AS SELECT 5 AS a`)
	db := open(t, warehouse.Config{Warehouse: path, Store: filepath.Join(t.TempDir(), "s.strata")})
	tables, err := db.Tables(t.Context())
	fmt.Println(tables, err)
	run := func(ctx context.Context, tx warehouse.Session) error {
	for _, q := range []string{
		`SELECT a FROM "warehouse"."t"`,
		`SELECT a FROM "store"."t"`,
		`SELECT a FROM "memory"."t"`,
		`SELECT a FROM "main"."warehouse"`,
		`SELECT a FROM warehouse`,
		`SELECT a FROM store`,
		`SELECT a FROM "main"."store"`,
		`SELECT a FROM warehouse.warehouse.t`,
		`SELECT a FROM warehouse.store.t`,
		`CREATE TABLE store.main.x (a INTEGER)`,
		`INSERT INTO store.main.x SELECT a FROM warehouse.store.t`,
		`INSERT INTO store.x SELECT a FROM warehouse.store.t`,
	} {
		var v any
		err := tx.Row(ctx, []any{&v}, q)
		fmt.Fprintln(os.Stderr, q, "->", v, err)
	}
	return nil
	}
	fmt.Println(db.Store(t.Context(), warehouse.WriteStore, run))
	for _, q := range []string{`SELECT a FROM "warehouse"."t"`,`SELECT a FROM "store"."t"`, `SELECT a FROM "memory"."t"`} {
		var v any
		err := db.Row(t.Context(), []any{&v}, q)
		fmt.Fprintln(os.Stderr, q, "->", v, err)
	}
	for _, q := range []string{`SELECT a FROM warehouse.t`,`SELECT a FROM store.t`, `SELECT a FROM warehouse`, `SELECT warehouse.a FROM warehouse`, `SELECT t.a FROM warehouse.t`,  `SELECT warehouse.t.a FROM warehouse.t`,`SELECT store.t.a FROM store.t`} {
		c, err := db.Guard(t.Context(), q, warehouse.Allowed{Tables: map[string]string{"warehouse.t": "warehouse.t", "store.t":"store.t", "warehouse": "main.warehouse"}})
		fmt.Println(q, c.SQL, "|", c.Shell, err)
		if err == nil {
		var v any
		err := db.Row(t.Context(), []any{&v}, c.SQL)
		fmt.Println( "->", v, err)
		}
	}
}

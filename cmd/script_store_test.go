package cmd_test

import (
	"context"

	"github.com/rogpeppe/go-internal/testscript"

	"strata/sql/warehouse"
)

// damageStore changes a store as no command of ours would.
func damageStore(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: damage STORE STATEMENT")
	}
	ctx := context.Background()
	db, err := warehouse.Open(ctx, warehouse.Config{Store: ts.MkAbs(args[0])})
	ts.Check(err)
	ts.Check(db.Store(ctx, warehouse.WriteStore, func(ctx context.Context, tx warehouse.Session) error {
		_, err := tx.Exec(ctx, args[1])
		return err
	}))
	ts.Check(db.Close())
}

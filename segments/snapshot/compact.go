package snapshot

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"strata/sql/dialect"
	"strata/sql/queries"
	"strata/sql/warehouse"
)

// Compacted says how large the store's file was before and is after, in bytes.
type Compacted struct {
	Before, After int64
}

// Compact writes the store anew, without the room that removed rows have left in it. The new file is made beside the old
// one, read back and compared with it table by table, and then takes its place in one step. Until then the old one stands,
// and after an error it still does. ErrEmpty says that there is no store; other errors are *VersionError and
// *warehouse.Error, of kind Locked while somebody else has the store open.
func Compact(ctx context.Context, db *warehouse.DB) (Compacted, error) {
	// An older store is brought up to date first.
	if err := View(ctx, db, func(context.Context, warehouse.Session) error { return nil }); err != nil {
		return Compacted{}, fmt.Errorf("compact the store: %w", err)
	}
	var c compaction
	before, after, err := db.RewriteStore(ctx, warehouse.Rewriting{Fill: c.fill, Check: c.check})
	if failure := (*warehouse.Error)(nil); errors.As(err, &failure) && failure.Kind == warehouse.Missing && failure.Path != "" {
		err = ErrEmpty
	}
	if err != nil {
		return Compacted{}, fmt.Errorf("compact the store: %w", err)
	}
	return Compacted{Before: before, After: after}, nil
}

// compaction is the tables on their way into the new file.
type compaction struct {
	tables []string
}

// sortedTables are those with a row for each member, whose order decides how large they are.
var sortedTables = []string{"customer", "membership", "membership_base", "membership_change"}

// fill copies all tables.
func (c *compaction) fill(ctx context.Context, tx warehouse.Session) error {
	s := session{tx: tx}
	if _, err := versionOf(ctx, s, len(upgrades())); err != nil {
		return err
	}
	err := s.each(ctx, "compact/tables", nil, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		c.tables = append(c.tables, name)
		return err
	})
	if err != nil {
		return err
	}
	if err := s.exec(ctx, "compact/schema", nil); err != nil {
		return err
	}
	for _, table := range c.tables {
		name := "compact/copy"
		if slices.Contains(sortedTables, table) {
			name = "compact/copy_sorted"
		}
		if err := inBoth(s, table).exec(ctx, name, nil); err != nil {
			return fmt.Errorf("copy %s: %w", table, err)
		}
	}
	return nil
}

// check compares the new file with the old one.
func (c *compaction) check(ctx context.Context, tx warehouse.Session) error {
	s := session{tx: tx}
	var differing []string
	err := s.each(ctx, "compact/differing", nil, func(rows *sql.Rows) error {
		var part string
		err := rows.Scan(&part)
		differing = append(differing, part)
		return err
	})
	if err != nil {
		return err
	}
	for _, table := range c.tables {
		var same bool
		if err := inBoth(s, table).row(ctx, []any{&same}, "compact/same", nil); err != nil {
			return fmt.Errorf("compare %s: %w", table, err)
		}
		if !same {
			differing = append(differing, table)
		}
	}
	if len(differing) > 0 {
		return fmt.Errorf("the new file differs from the store in %d places, the first: %s; the store stays as it was",
			len(differing), differing[0])
	}
	return nil
}

// inBoth gives statements a table of the store and that of the same name in the new file.
func inBoth(s session, table string) session {
	s.relations = queries.Relations{
		"store_table": dialect.Qualified("store", "main", table), "fresh_table": dialect.Qualified("fresh", "main", table),
	}
	return s
}

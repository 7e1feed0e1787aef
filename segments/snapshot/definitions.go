package snapshot

import (
	"context"
	"database/sql"
	"fmt"

	"strata/sql/queries"
	"strata/sql/warehouse"
)

// Definitions returns the canonical texts of what the units of a run meant, by hash. ErrNotFound says that there is no such
// run.
func Definitions(ctx context.Context, db *warehouse.DB, run int64) (map[string]string, error) {
	texts := map[string]string{}
	err := View(ctx, db, func(ctx context.Context, tx warehouse.Session) error {
		s := session{tx: tx}
		if _, err := readRun(ctx, s, run); err != nil {
			return err
		}
		return s.each(ctx, "read/definitions", queries.Values{"run": run}, func(rows *sql.Rows) error {
			var hash, canonical string
			err := rows.Scan(&hash, &canonical)
			texts[hash] = canonical
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("read the definitions of run %d: %w", run, notThere(err))
	}
	return texts, nil
}

package snapshot

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"strata/sql/queries"
	"strata/sql/warehouse"
)

// Verify looks for contradictions: a log that does not replay to the present members, sizes and hashes that differ from
// the members, chains out of order, customers without a key. It reads all of the store. An empty list is good news.
func Verify(ctx context.Context, db *warehouse.DB) ([]Problem, error) {
	var problems []Problem
	err := View(ctx, db, func(ctx context.Context, tx warehouse.Session) error {
		for _, name := range queries.Names() {
			if !strings.HasPrefix(name, "verify/") {
				continue
			}
			err := session{tx: tx}.each(ctx, name, nil, func(rows *sql.Rows) error {
				var p Problem
				var run sql.NullInt64
				err := rows.Scan(&run, &p.Unit, &p.Text)
				p.Run = run.Int64
				problems = append(problems, p)
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, ErrEmpty) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("verify the store: %w", err)
	}
	return problems, nil
}

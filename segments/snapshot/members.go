package snapshot

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"strata/sql/dialect"
	"strata/sql/queries"
	"strata/sql/warehouse"
)

// Members copies the members of a unit at a run into a table of (key), sorted, in the in-memory database, where they can
// be joined with the customers' data after the store is let go. An empty unit name means the whole population. The same
// question replaces its table. ErrNotFound says that the run or the unit in it does not exist.
func Members(ctx context.Context, db *warehouse.DB, run int64, unit string) (Relation, error) {
	c := copying{run: run, unit: unit, what: "members"}
	return c.make(ctx, db, func(ctx context.Context, s session, segment int64) error {
		return s.scratch(ctx, []string{"picked"}, func() error {
			if err := pick(ctx, s, run, segment); err != nil {
				return err
			}
			return s.exec(ctx, "read/members", nil)
		})
	})
}

// Changes copies the difference of a unit at a run from its previous run into a table of (key, entered BOOLEAN, removed
// BOOLEAN), sorted by key, in the in-memory database. Removed are those of the others that are no customers any more. It
// is empty on a first run. An empty unit name means the whole population.
func Changes(ctx context.Context, db *warehouse.DB, run int64, unit string) (Relation, error) {
	c := copying{run: run, unit: unit, what: "changes"}
	return c.make(ctx, db, func(ctx context.Context, s session, segment int64) error {
		return s.exec(ctx, "read/changes", queries.Values{"run": run, "segment": segment})
	})
}

// Drop removes the table from memory.
func (r Relation) Drop(ctx context.Context, db *warehouse.DB) error {
	text := queries.With(queries.Text("read/drop"), queries.Relations{"relation": r.Name})
	if _, err := db.Exec(ctx, text); err != nil {
		return fmt.Errorf("drop %s: %w", r.Name, err)
	}
	return nil
}

// copying is a table in memory about a unit at a run.
type copying struct {
	run        int64
	unit, what string
}

// make lets fill make the table, which its statements call "relation".
func (c copying) make(
	ctx context.Context, db *warehouse.DB, fill func(ctx context.Context, s session, segment int64) error,
) (Relation, error) {
	title := fmt.Sprintf("run %d %s of %s", c.run, c.what, c.unit)
	r := Relation{Name: dialect.Qualified("memory", "main", title)}
	err := View(ctx, db, func(ctx context.Context, tx warehouse.Session) error {
		s := session{tx: tx, relations: queries.Relations{"relation": r.Name}}
		segment, err := c.segment(ctx, s)
		if err != nil {
			return err
		}
		if err := fill(ctx, s, segment); err != nil {
			return err
		}
		return s.row(ctx, []any{&r.Rows}, "read/rows", nil)
	})
	if err != nil {
		return Relation{}, fmt.Errorf("read %s of %s at run %d: %w", c.what, cmp.Or(c.unit, population), c.run, notThere(err))
	}
	return r, nil
}

// segment returns the unit's id; it must have been part of the run.
func (c copying) segment(ctx context.Context, s session) (id int64, err error) {
	if c.unit != "" {
		if id, err = segmentID(ctx, s, c.unit); err != nil {
			return 0, err
		}
	}
	err = s.row(ctx, []any{new(int64)}, "read/holds", queries.Values{"run": c.run, "segment": id})
	if errors.Is(err, sql.ErrNoRows) {
		return 0, ErrNotFound
	}
	return id, err
}

// pick makes the temporary table picked of the members of a segment at a run that holds it.
func pick(ctx context.Context, s session, run, segment int64) error {
	c, err := readChain(ctx, s, segment)
	if err != nil {
		return err
	}
	from := c.nearest(run)
	values := queries.Values{"segment": segment, "base": nil, "steps": from.steps}
	if from.base != 0 {
		values["base"] = from.base
	}
	return s.exec(ctx, "read/picked", values)
}

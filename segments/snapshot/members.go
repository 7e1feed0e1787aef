package snapshot

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"strata/sql/dialect"
	"strata/sql/queries"
	"strata/sql/warehouse"
)

// Members copies the members of a unit at a run into a table of (key), sorted, in the in-memory database, where they can
// be joined with the customers' data after the store is let go. An empty unit name means the whole population. The same
// question replaces its table. ErrNotFound says that the run or the unit in it does not exist.
func Members(ctx context.Context, db *warehouse.DB, run int64, unit string) (Relation, error) {
	r, err := materialize(ctx, db, "members of "+unit, run, unit, func(ctx context.Context, s session, id int64) error {
		if err := pick(ctx, s, run, id); err != nil {
			return err
		}
		_, err := s.exec(ctx, "read/members", nil)
		return errors.Join(err, s.drop(context.WithoutCancel(ctx), "picked"))
	})
	if err != nil {
		return Relation{}, fmt.Errorf("read members of %s at run %d: %w", unit, run, err)
	}
	return r, nil
}

// Changes copies the difference of a unit at a run from its previous run into a table of (key, entered BOOLEAN, removed
// BOOLEAN), sorted by key, in the in-memory database. Removed are those of the others that are no customers any more. It
// is empty on a first run. An empty unit name means the whole population.
func Changes(ctx context.Context, db *warehouse.DB, run int64, unit string) (Relation, error) {
	r, err := materialize(ctx, db, "changes of "+unit, run, unit, func(ctx context.Context, s session, id int64) error {
		_, err := s.exec(ctx, "read/changes", queries.Values{"run": run, "segment": id})
		return err
	})
	if err != nil {
		return Relation{}, fmt.Errorf("read changes of %s at run %d: %w", unit, run, err)
	}
	return r, nil
}

// Drop removes the table from memory.
func (r Relation) Drop(ctx context.Context, db *warehouse.DB) error {
	text := queries.With(queries.Text("read/drop"), queries.Relations{"relation": r.Name})
	if _, err := db.Exec(ctx, text); err != nil {
		return fmt.Errorf("drop %s: %w", r.Name, err)
	}
	return nil
}

// materialize lets fill make the table "relation" for a unit that the run holds.
func materialize(
	ctx context.Context, db *warehouse.DB, title string, run int64, unit string,
	fill func(ctx context.Context, s session, segment int64) error,
) (Relation, error) {
	r := Relation{Name: dialect.Qualified("memory", "main", "run "+strconv.FormatInt(run, 10)+" "+title)}
	err := View(ctx, db, func(ctx context.Context, tx warehouse.Session) error {
		s := session{tx: tx, relations: queries.Relations{"relation": r.Name}}
		var id int64
		if unit != "" {
			var err error
			if id, err = segmentID(ctx, s, unit); err != nil {
				return err
			}
		}
		if err := s.row(ctx, []any{new(int64)}, "read/holds", queries.Values{"run": run, "segment": id}); err != nil {
			if errors.Is(err, sql.ErrNoRows) {
				return ErrNotFound
			}
			return err
		}
		if err := fill(ctx, s, id); err != nil {
			return err
		}
		return s.row(ctx, []any{&r.Rows}, "read/rows", nil)
	})
	return r, notThere(err)
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
	_, err = s.exec(ctx, "read/picked", values)
	return err
}
